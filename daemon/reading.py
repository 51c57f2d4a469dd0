"""Reading all accounts side by side, and what follows from it: everybody derived anew, the state tidied.

Decides nothing about people or drafts.
"""

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from daemon.accounts import OpenAccount, StoppedError
from daemon.overview import Overview
from daemon.store import AccountHealth
from daemon.sync import Outcome, Part, Progress, sync_account
from daemon.turn import Turn, overview


def read(turn: Turn, names: Collection[str], progress: Progress, *, full: bool = False) -> list[Outcome]:
    """Read what is new of the accounts named (none named: of all), side by side; keeps their health.

    Raises:
        StateError: the state cannot be written.
    """
    chosen = [one for one in turn.accounts.all if not names or one.name in names]
    stop = turn.accounts.stop

    def tell(account: str, part: Part, done: int, total: int) -> None:
        if stop.is_set():
            raise StoppedError
        progress(account, part, done, total)

    def sync(one: OpenAccount) -> Outcome:
        since = one.settings.since.before(turn.now, turn.zone) if one.settings.since is not None else None
        return sync_account(turn.state, one, since, turn.now, tell, full=full)

    if len(chosen) == 1:
        outcomes = [sync(chosen[0])]
    else:
        with ThreadPoolExecutor(max_workers=max(1, len(chosen))) as pool:
            try:
                outcomes = list(pool.map(sync, chosen))
            except BaseException:
                stop.set()  # a Ctrl-C reaches only this thread; the others end after the batch they are at
                raise
    _keep_health(turn, outcomes)
    return outcomes


def _keep_health(turn: Turn, outcomes: Sequence[Outcome]) -> None:
    side = turn.state.side()
    known = {one.name: one for one in side.accounts}
    for outcome in outcomes:
        old = known.get(outcome.account)
        known[outcome.account] = AccountHealth(
            outcome.account,
            outcome.health,
            outcome.detail,
            turn.now if outcome.health == "ok" else old.synced_at if old is not None else None,
            turn.now,
            *((outcome.done, outcome.total) if outcome.done < outcome.total else (None, None)),
        )
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
    """Note in the side file how many people were reached this month, so that `auld status` need not count again."""
    month, reached = reached_this_month(turn, view)
    tag = str(turn.state.store.generation)
    turn.state.store.write_side(replace(turn.state.side(), reached=(month, reached, tag)))


def reached_this_month(turn: Turn, view: Overview) -> tuple[str, int]:
    """Return this month and how many people had a contact from me in it."""
    month = turn.now.astimezone(turn.zone).strftime("%Y-%m")
    start = turn.now.astimezone(turn.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    reached = sum(view.world.reached_since(row.number, start) for row in view.rows)
    return month, reached
