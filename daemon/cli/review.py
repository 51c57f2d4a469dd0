"""`auld review`: once through the suggested people, so that the first drafts are for the right ones."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import partial

from daemon.cli.choices import decide, named
from daemon.cli.options import DONE
from daemon.cli.output import count, day, plain, say
from daemon.cli.session import Session
from daemon.cli.when import later
from daemon.model import Decision, State
from daemon.overview import Row
from daemon.state import State as Store

_KEYS = "k keep · c circle · m never write · l not for 3 months · s skip · q quit"
_LATER = "3 months"


def review(session: Session) -> int:
    """Ask about each suggested person who was not reviewed yet; every answer is kept at once."""
    with session.state(write=True) as state:
        rows = unreviewed(session, state)
        if not rows:
            say("Nobody is left to review." if len(state.accounts) else "Nothing is read yet: auld sync")
            return DONE
        circles = [circle.name for circle in session.settings.circles]
        say(f"{count(len(rows), 'suggested person', 'suggested people')} to look at. {_KEYS}")
        done = 0
        for row in rows:
            _show(session, row)
            if not _ask(session, state, row, circles):
                break
            done += 1
        say(f"{done} of {len(rows)} reviewed." + ("" if done == len(rows) else " The rest waits: auld review"))
    return DONE


def unreviewed(session: Session, state: Store) -> list[Row]:
    """Return the suggested people who were not reviewed yet."""
    return [
        row
        for row in session.overview(state).table(everybody=False, word=None)
        if row.state is State.SUGGESTED and not (row.decision is not None and row.decision.reviewed)
    ]


def _show(session: Session, row: Row) -> None:
    standing = row.standing
    last = day(standing.last.at if standing.last else None, session.zone)
    rhythm = f", usually every {row.rate.days:.0f} days" if row.rate.days else ""
    print(f"\n{named(standing.person)} <{plain(', '.join(standing.person.emails[:3]))}>", file=sys.stderr)
    print(f"  last contact {last}, {count(len(standing.days), 'contact day')}{rhythm}", file=sys.stderr)


def _ask(session: Session, state: Store, row: Row, circles: list[str]) -> bool:
    """Ask until there is an answer; False when the user wants to stop."""
    while True:
        answer = _read("  [k/c/m/l/s/q] ")
        if answer is None or answer == "q":
            return False
        if answer == "s":
            return True
        if answer == "k":
            return _keep(session, state, row, lambda one: replace(one, kept=True, reviewed=True))
        if answer == "m":
            return _keep(session, state, row, lambda one: replace(one, muted=True, reviewed=True))
        if answer == "l":
            return _keep(session, state, row, partial(replace, snoozed_until=_snoozed(session), reviewed=True))
        if answer == "c":
            if circle := _circle(circles):
                return _keep(session, state, row, partial(replace, kept=True, circle=circle, reviewed=True))
            continue
        print(f"  {_KEYS}", file=sys.stderr)


def _snoozed(session: Session) -> datetime:
    return later(_LATER, session.now, session.zone)


def _keep(session: Session, state: Store, row: Row, change: Callable[[Decision], Decision]) -> bool:
    decide(state, row, session.now, change)
    return True


def _circle(circles: list[str]) -> str:
    if not circles:
        print("  the config has no [[circles]] yet; k keeps them by their own rhythm", file=sys.stderr)
        return ""
    for number, name in enumerate(circles, 1):
        print(f"    {number} {plain(name)}", file=sys.stderr)
    answer = _read("  circle: ") or ""
    if answer.isdigit() and 1 <= int(answer) <= len(circles):
        return circles[int(answer) - 1]
    found = next((name for name in circles if name.casefold() == answer), "")
    if answer and not found:
        print("  there is no such circle; nothing was changed", file=sys.stderr)
    return found


def _read(prompt: str) -> str | None:
    print(prompt, end="", file=sys.stderr, flush=True)
    line = sys.stdin.readline()
    return line.strip().casefold() if line else None
