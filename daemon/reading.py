"""Reading all accounts side by side, and what follows from it: everybody derived anew, the state tidied.

Decides nothing about people or drafts.
"""

from collections.abc import Callable, Collection, Sequence
from concurrent.futures import FIRST_EXCEPTION, Future, wait
from dataclasses import replace
from functools import partial
from threading import Event
from typing import Final

from connectors.ahead import begin
from daemon import resting
from daemon.accounts import OpenAccount, StoppedError
from daemon.overview import Overview
from daemon.prospects import look_ahead
from daemon.store import AccountHealth
from daemon.sync import Outcome, Part, Progress, sync_account
from daemon.turn import Turn, overview

_GRACE: Final = 0.5
"""Seconds that accounts have to end after a Ctrl-C; in the midst of a batch, that is time enough to store it."""


def read(turn: Turn, names: Collection[str], progress: Progress, *, full: bool = False) -> list[Outcome]:
    """Read what is new of the accounts named (none named: of all that do not rest), side by side; keeps their health.

    Raises:
        StateError: the state cannot be written.
    """
    chosen = [one for one in turn.accounts.all if (one.name in names if names else one.name not in turn.resting)]
    stop = turn.accounts.stop

    def tell(account: str, part: Part, done: int, total: int) -> None:
        if stop.is_set():
            raise StoppedError
        progress(account, part, done, total)

    def sync(one: OpenAccount) -> Outcome:
        since = one.settings.since.before(turn.now, turn.zone) if one.settings.since is not None else None
        return sync_account(turn.state, one, since, turn.now, tell, full=full)

    outcomes = [sync(chosen[0])] if len(chosen) == 1 else _side_by_side(sync, chosen, stop)
    _keep_health(turn, outcomes)
    return outcomes


def _side_by_side(sync: Callable[[OpenAccount], Outcome], chosen: Sequence[OpenAccount], stop: Event) -> list[Outcome]:
    """Read each account in a thread of its own, until all are read or one fails; return the outcomes in order.

    A Ctrl-C reaches only this thread. The others then end after the batch they are at; one that waits for the network
    may be long at it, and is left behind: it ends with the program, and a state that is closed takes nothing from it.
    """
    futures: list[Future[Outcome]] = []
    try:
        futures += [begin(partial(sync, one)) for one in chosen]
        done = wait(futures, return_when=FIRST_EXCEPTION).done
        for future in done:
            future.result()
        return [future.result() for future in futures]
    except BaseException:
        stop.set()
        wait(futures, _GRACE)
        raise


def _keep_health(turn: Turn, outcomes: Sequence[Outcome]) -> None:
    side = turn.state.side()
    known = {one.name: one for one in side.accounts}
    for outcome in outcomes:
        old = known.get(outcome.account)
        health = AccountHealth(
            outcome.account,
            outcome.health,
            outcome.detail,
            turn.now if outcome.health == "ok" else old.synced_at if old is not None else None,
            turn.now,
            *((outcome.done, outcome.total) if outcome.done < outcome.total else (None, None)),
        )
        known[outcome.account] = resting.after_failure(health, old, outcome.retry_after, turn.state.store.folder)
    names = [one.name for one in turn.settings.accounts]
    kept = tuple(known[name] for name in names if name in known)
    turn.state.store.write_side(replace(side, accounts=kept))


def look_around(turn: Turn) -> Overview:
    """Derive everybody anew and tidy what is kept: titles no rule keeps, many small pages."""
    view = overview(turn)
    with turn.state.commit() as change:
        turn.state.tidy(change, view.world.wanted_titles())
    if turn.state.first_read:
        # A first read keeps many a title until it is known who is who; older snapshots must not keep them on.
        turn.state.store.purge_history()
        turn.state.first_read = False
    return view


def keep_reached(turn: Turn, view: Overview) -> None:
    """Note in the side file what `auld status` need not work out again.

    That is how many people were reached this month and, while no draft was written yet, who is due.
    """
    month, reached = reached_this_month(turn, view)
    kept = (month, reached, str(turn.state.store.generation))
    prospect = look_ahead(view, turn.state)
    turn.state.store.write_side(replace(turn.state.side(), reached=kept, prospect=prospect))


def reached_this_month(turn: Turn, view: Overview) -> tuple[str, int]:
    """Return this month and how many people had a contact from me in it."""
    month = turn.now.astimezone(turn.zone).strftime("%Y-%m")
    start = turn.now.astimezone(turn.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    reached = sum(view.world.reached_since(row.number, start) for row in view.rows)
    return month, reached
