"""Reading: sync, once."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import TYPE_CHECKING, Any

from daemon.cli.options import CONFIG, DONE, NEEDS_LOGIN, NEEDS_USER, UNAVAILABLE, UsageError
from daemon.cli.output import count, day, plain, say
from daemon.cli.session import Session
from daemon.sync import Outcome, Part, Progress

if TYPE_CHECKING:
    from daemon.drafting import Drafted, Unwritten
    from daemon.state import State

ACCOUNT_NEEDS = (
    'one needs a name, and kind = "gmail" with client_secret, kind = "outlook" with client_id, or kind = "files" with '
    "sent, received, mail or calendar"
)

_EVERY = 5000  # items between two plain progress lines,
_SILENCE = 60.0  # or seconds: a web account is slow
_LONG = 5.0  # seconds without news, from which on it is told for how long
_PROBLEMS = 10
_PEOPLE = 5  # named in one line
_LIES = "; a look back at it lies in Drafts"


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
        under_way: dict[str, _Pulse] = {}

        def show(account: str, part: Part, done: int, total: int) -> None:
            task = tasks.get((account, part))
            if task is None:
                if account in under_way:
                    under_way[account].end()
                under_way[account] = _Pulse(monotonic)
                task = bars.add_task(f"{account} {part}", total=None, rate=under_way[account])
                tasks[account, part] = task
            under_way[account].beat(bars.tasks[task].speed, over=0 < total <= done)
            bars.update(task, completed=done, total=total or None)

        yield show


class _Pulse:
    """How fast a part of an account is read, or for how long nothing of it has come: as of when it is printed."""

    def __init__(self, tick: Callable[[], float]) -> None:
        self._tick = tick
        self._rate, self._at, self._over = "", tick(), False

    def beat(self, speed: float | None, *, over: bool) -> None:
        """Note that something came, at a speed in items a second; `over`: and that nothing more is to come."""
        self._rate = f"{speed:,.0f}/s" if speed else ""
        self._at, self._over = self._tick(), over

    def end(self) -> None:
        """Note that nothing more is to come."""
        self._over = True

    def __str__(self) -> str:
        waited = 0.0 if self._over else self._tick() - self._at
        return self._rate if waited < _LONG else f"waiting for {waited:.0f} s"


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


def none_written(session: Session, state: "State", drafted: "Drafted") -> str:
    """Return why no draft was written."""
    if drafted.unwritten or drafted.faults:
        return "No draft was written."
    until = state.meta.paused_until
    if until is not None and until > session.now:
        return f"All drafts are paused until {day(until, session.zone)}: none was written."
    if drafted.held:
        who = count(drafted.held, "person is", "people are")
        return f"{who} due and held back (auld due says why): no draft was written."
    return "Nobody is due: no draft was written."


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
        if report.look_back:
            say(f"{plain(report.look_back, 400)}{_LIES if session.settings.writing.look_back else ''}.")
        if not report.drafted.written:
            say(none_written(session, state, report.drafted))
    code = exit_code(report.outcomes)
    faulty = report.faults or any(one.fault for one in report.drafted.unwritten)
    return code or (NEEDS_USER if faulty else DONE)
