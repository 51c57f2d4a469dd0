"""Reading: sync, once, status."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from time import monotonic
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from daemon.cli.options import CONFIG, DONE, NEEDS_LOGIN, NEEDS_USER, UNAVAILABLE, UsageError
from daemon.cli.output import count, day, plain, print_json, say
from daemon.cli.session import Session
from daemon.model import UNSENT, DraftRecord, Status
from daemon.service.standing import Standing, holder
from daemon.state import State
from daemon.sync import Outcome, Part, Progress
from daemon.unread import unread

if TYPE_CHECKING:
    from daemon.drafting import Unwritten

ACCOUNT_NEEDS = (
    'one needs a name, and kind = "gmail" with client_secret, kind = "outlook" with client_id, or kind = "files" with '
    "sent, received, mail or calendar"
)

_EVERY = 5000  # items between two plain progress lines,
_SILENCE = 60.0  # or seconds: a web account is slow
_PROBLEMS = 10
_PEOPLE = 5  # named in one line


@contextmanager
def progress_shown() -> Iterator[Progress]:
    """Show how far a read has come: a bar with rate and time left on a terminal, plain lines otherwise."""
    if not sys.stderr.isatty():
        told: dict[tuple[str, str], tuple[int, float]] = {}

        def tell(account: str, part: Part, done: int, total: int) -> None:
            step, now = done // _EVERY, monotonic()
            last, at = told.setdefault((account, part), (0, now))
            if step > last or (now - at >= _SILENCE and done < total):
                told[account, part] = step, now
                say(f"{account}: {done:,} of {total:,} {_items(part)} read" if total else f"{account}: {done:,} read")

        yield tell
        return
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn  # noqa: PLC0415
    from rich.progress import Progress as Bars  # noqa: PLC0415

    from daemon.cli.output import console  # noqa: PLC0415

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
    )
    with Bars(*columns, console=console(stderr=True), transient=True) as bars:
        tasks: dict[tuple[str, str], Any] = {}

        def show(account: str, part: Part, done: int, total: int) -> None:
            task = tasks.get((account, part))
            if task is None:
                task = tasks[account, part] = bars.add_task(f"{account} {part}", total=None, rate="")
            speed = bars.tasks[task].speed
            rate = f"{speed:,.0f}/s" if speed else ""
            bars.update(task, completed=done, total=total or None, rate=rate)

        yield show


def _items(part: Part) -> str:
    return "mails" if part == "mail" else "events"


def check_names(session: Session, names: Sequence[str]) -> None:
    """Refuse account names that the config does not have.

    Raises:
        UsageError: there is no such account, or none at all.
    """
    known = [one.name for one in session.settings.accounts]
    if not known:
        raise UsageError(f"{session.config_path} has no [[accounts]] yet; {ACCOUNT_NEEDS}")
    for name in names:
        if name not in known:
            raise UsageError(f'there is no account "{plain(name)}"; the config has {", ".join(known)}')
        if not next(one for one in session.settings.accounts if one.name == name).enabled:
            raise UsageError(f'account "{name}" has enabled = false in the config')


def exit_code(outcomes: Sequence[Outcome]) -> int:
    """Return what the accounts' health means for the shell."""
    healths = {outcome.health for outcome in outcomes}
    if not outcomes or healths == {"ok"}:
        return DONE
    if healths == {"unavailable"}:
        return UNAVAILABLE
    if healths == {"needs-login"}:
        return NEEDS_LOGIN
    return CONFIG if all(outcome.config for outcome in outcomes) else NEEDS_USER


def tell_outcomes(outcomes: Sequence[Outcome]) -> None:
    """Tell how reading each account went."""
    for one in outcomes:
        news = " and ".join(
            count(number, what) for number, what in ((one.mails, "new mail"), (one.meetings, "meeting")) if number
        )
        trouble = "" if one.health == "ok" else f"; {one.health}: {plain(one.detail, 600)}"
        say(f"{one.account}: {news or 'nothing new'}{trouble}")
        for problem in one.problems[:_PROBLEMS]:
            say(f"  {plain(problem, 400)}")
        if len(one.problems) > _PROBLEMS:
            say(f"  and {len(one.problems) - _PROBLEMS} more of the kind")


def tell_unwritten(unwritten: "Sequence[Unwritten]") -> None:
    """Tell which drafts were not written: a line for each reason, with those it keeps waiting."""
    by_reason: dict[str, list[str]] = {}
    for one in unwritten:
        by_reason.setdefault(one.reason, []).append(plain(one.person))
    for reason, people in by_reason.items():
        more = f" and {len(people) - _PEOPLE} more" if len(people) > _PEOPLE else ""
        say(f"not written to {', '.join(people[:_PEOPLE])}{more}: {plain(reason, 400)}")


def sync(session: Session, names: Sequence[str], *, full: bool) -> int:
    """Read what is new."""
    from daemon.reading import keep_reached, look_around, read  # noqa: PLC0415

    check_names(session, names)
    with session.state(write=True) as state:
        turn = session.turn(state)
        generation = state.store.generation
        with progress_shown() as progress:
            outcomes = read(turn, names, progress, full=full)
        tell_outcomes(outcomes)
        if state.store.generation != generation:
            keep_reached(turn, look_around(turn))
        if not len(state.ledger.mails) and exit_code(outcomes) == DONE:
            say("No mail was found. Does the config name the right places? auld check")
    return exit_code(outcomes)


def once(session: Session) -> int:
    """Do one whole round."""
    from daemon import desktop, notices  # noqa: PLC0415
    from daemon.round import run_round  # noqa: PLC0415

    check_names(session, ())
    with session.state(write=True) as state:
        turn = session.turn(state)
        with progress_shown() as progress:
            report = run_round(turn, progress)
        # On a terminal the user reads it right below.
        notices.tell(turn, (lambda *_: True) if sys.stderr.isatty() else desktop.show)
        tell_outcomes(report.outcomes)
        for fault in report.faults:
            say(plain(fault, 600))
        for record in report.changed:
            say(f"{plain(record.person)}: the draft of {day(record.created_at, session.zone)} is now {record.status}")
        for one in report.drafted.written:
            say(f'draft to {plain(one.person)} <{one.record.email}>: "{plain(one.record.subject)}" in {one.account}')
        tell_unwritten(report.drafted.unwritten)
        if not report.drafted.written:
            say("No draft was written." if report.drafted.unwritten else "Nobody is due: no draft was written.")
    code = exit_code(report.outcomes)
    faulty = report.faults or any(one.fault for one in report.drafted.unwritten)
    return code or (NEEDS_USER if faulty else DONE)


def status(session: Session, *, as_json: bool) -> int:
    """Print how auld is doing."""
    with session.state() as state:
        document = status_json(session, state)
        sentences = unread(state, session.settings)
        paused = state.meta.paused_until
    if as_json:
        print_json(document)
        return DONE if document["healthy"] else NEEDS_USER
    zone = session.zone
    print("healthy" if document["healthy"] else "something needs you")
    if document["trouble"]:
        print(f"  no round since {_when(document['trouble_since'], zone)}: {plain(document['trouble'], 600)}")
    for sentence in sentences:
        print(f"  {plain(sentence, 600)}")
    last, following = document["last_round"], document["next_round"]
    running = document["running"]
    print(f"service      {plain(running) if running else 'not running: auld service install, or auld run'}")
    print(f"last round   {_when(last, zone)}" if last else "last round   none yet: auld once")
    if document["round_since"]:
        print(f"next round   under way since {_when(document['round_since'], zone)}")
    elif running and following:
        print(f"next round   {_when(following, zone)}")
    for one in document["accounts"]:
        synced = one["synced_at"]
        when = f"read {synced.astimezone(zone):%d %b %Y %H:%M}" if synced else "not read yet"
        under_way = one["backfill"]
        far = f"; {under_way['done']:,} of {under_way['total']:,} mails, older ones follow" if under_way else ""
        since = f" since {_when(one['failing_since'], zone)}" if one["failing_since"] else ""
        print(f"account      {plain(one['name'])} ({one['kind']}): {one['health']}{since}, {when}{far}")
    month = document["month"]
    print(f"drafts       {document['open_drafts']} wait in Drafts (at most {session.settings.rhythm.open})")
    print(
        f"this month   {month['written']} of {month['goal']} drafts written, {month['sent']} sent, "
        f"{count(month['reached'], 'person', 'people')} reached"
    )
    if paused is not None and paused > session.now:
        print(f"paused       no drafts before {day(paused, zone)} (auld resume)")
    return DONE if document["healthy"] else NEEDS_USER


def _when(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%d %b %Y %H:%M}"


def status_json(session: Session, state: State) -> dict[str, Any]:
    """Return the status as interface keys."""
    side = state.side()
    health = {one.name: one for one in side.accounts}
    accounts = []
    for one in session.settings.accounts:
        last = health.get(one.name)
        backfill = {"done": last.done or 0, "total": last.total} if last is not None and last.total else None
        accounts.append({
            "name": one.name,
            "kind": one.kind,
            "health": last.health if last is not None else "ok",
            "detail": last.detail if last is not None else "" if one.enabled else "enabled = false",
            "synced_at": last.synced_at if last is not None else None,
            "failing_since": last.failing_since if last is not None and one.enabled else None,
            "backfill": backfill,
            "enabled": one.enabled,
        })  # fmt: skip
    records = list(state.drafts)
    local = session.now.astimezone(session.zone)
    month = [
        record
        for record in records
        if record.status is not Status.WITHDRAWN and _month(record, session) == (local.year, local.month)
    ]
    unhealthy = [one for one in accounts if one["enabled"] and one["health"] != "ok"]
    running, standing = holder(session.folder), Standing.read(session.folder)
    if not running:
        standing = replace(standing, next_round_at=None, round_since=None)
    if side.last_round_at and standing.trouble_since and side.last_round_at > standing.trouble_since:
        standing = replace(standing, trouble="", trouble_since=None)  # `auld once` did it meanwhile
    return {
        "healthy": not unhealthy and bool(accounts) and not standing.trouble,
        "running": running or None,
        "last_round": side.last_round_at,
        "next_round": standing.next_round_at or side.next_round_at,
        "round_since": standing.round_since,
        "trouble": standing.trouble or None,
        "trouble_since": standing.trouble_since,
        "accounts": accounts,
        "open_drafts": sum(record.status in UNSENT for record in records),
        "month": {
            "goal": session.settings.rhythm.goal,
            "written": sum(_counts(record) for record in month),
            "sent": sum(record.status is Status.SENT for record in month),
            "reached": _reached(session, state),
        },
    }


def _counts(record: DraftRecord) -> bool:
    from daemon.due import is_within_goal  # noqa: PLC0415

    return is_within_goal(record)


def _month(record: DraftRecord, session: Session) -> tuple[int, int]:
    local = record.created_at.astimezone(session.zone)
    return local.year, local.month


def _reached(session: Session, state: State) -> int:
    """Return how many people were reached this month: as the last round counted, if nothing changed since."""
    side = state.side()
    month = session.now.astimezone(session.zone).strftime("%Y-%m")
    if side.reached is not None and side.reached[0] == month and side.reached[2] == str(state.store.generation):
        return side.reached[1]
    if not len(state.ledger.mails) and not state.ledger.meetings and not len(state.mets):
        return 0
    from daemon.reading import reached_this_month  # noqa: PLC0415

    return reached_this_month(session.turn(state), session.overview(state))[1]
