"""What is answered in `auld review`: a key and what it does to what is known of a person; a circle, a time."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from daemon.cli.options import UsageError
from daemon.cli.output import fold, hanging, plain
from daemon.cli.session import Session
from daemon.cli.when import later
from daemon.due.days import write_date
from daemon.model import Decision
from daemon.settings import Circle

Change = Callable[[Decision], Decision]
_LATER: Final = "3 months"


class Quit(Exception):
    """The user, or the end of the input, ends it."""


class Back(Exception):
    """The question before this one is to be asked again."""


def tell(text: str) -> None:
    """Tell something beside a question, on stderr; what could do harm on a terminal is out of it already."""
    print(fold(text, hanging(text), stderr=True), file=sys.stderr)


def read(prompt: str) -> str:
    """Return what is typed in a line.

    Raises:
        Quit: the input ended.
    """
    print(prompt, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    if not line:
        print(file=sys.stderr)
        raise Quit
    return line.strip()


def read_key(prompt: str) -> str:
    """Return the key that is typed, in lower case.

    Raises:
        Quit, Back: that is what was typed.
    """
    answer = read(prompt).casefold()
    if answer == "q":
        raise Quit
    if answer == "b":
        raise Back
    return answer


def change_for(key: str, session: Session) -> Change | None:
    """Return what a key does, once the circle or the time is asked for; None if nothing came of that.

    Raises:
        Quit: the input ended.
    """
    if key == "k":
        return lambda one: _answered(one, kept=True)
    if key == "m":
        return lambda one: _answered(one, muted=True)
    return _ask_circle(session.settings.circles) if key == "c" else _ask_time(session)


def _answered(
    one: Decision, *, kept: bool = False, circle: str = "", muted: bool = False, snoozed_until: datetime | None = None
) -> Decision:
    """Return what was just answered, and nothing of what was answered before."""
    return replace(cleared(one), reviewed=True, kept=kept, circle=circle, muted=muted, snoozed_until=snoozed_until)


def cleared(one: Decision) -> Decision:
    """Return what is known of a person without what a review decides."""
    return replace(
        one, kept=False, circle="", muted=False, snoozed_until=None, reviewed=False, muted_at=None, snoozed_at=None,
        kept_at=None,
    )  # fmt: skip


def _ask_circle(circles: Sequence[Circle]) -> Change | None:
    if not circles:
        tell("  The config has no [[circles]] yet; k keeps them by their own rhythm.")
        return None
    for number, one in enumerate(circles, 1):
        every = f", every {str(one.every).removeprefix('1 ')}" if one.every is not None else ""
        tell(f"    {number} {plain(one.name)}{every}")
    answer = read("  circle: ")
    circle = _meant(circles, answer.casefold())
    if circle is None:
        if answer:
            tell("  There is no such circle; nothing was changed.")
        return None
    return lambda one: _answered(one, kept=True, circle=circle.name)


def _meant(circles: Sequence[Circle], answer: str) -> Circle | None:
    """Return the circle of that number or name, or the only one whose name begins so."""
    if answer.isascii() and answer.isdigit():
        return circles[int(answer) - 1] if 1 <= int(answer) <= len(circles) else None
    exact = [one for one in circles if one.name.casefold() == answer]
    found = exact or [one for one in circles if answer and one.name.casefold().startswith(answer)]
    return found[0] if len(found) == 1 else None


def _ask_time(session: Session) -> Change | None:
    try:
        until = later(read(f"  how long? [{_LATER}] ") or _LATER, session.now, session.zone)
    except UsageError as err:
        tell(f"  {err}; nothing was changed.")
        return None
    tell(f"  No draft before {write_date(until, session.zone)}.")
    return lambda one: _answered(one, snoozed_until=until)
