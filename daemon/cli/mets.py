"""Contacts told by hand, a call or a coffee: told, listed, taken back."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from daemon.cli.byhand import mets_of
from daemon.cli.choices import handle, named
from daemon.cli.options import DONE, NEEDS_USER, UsageError, read_number
from daemon.cli.output import day, plain, print_json, print_table, say
from daemon.cli.session import Session, pick
from daemon.cli.when import earlier, is_of_time
from daemon.due.days import local_date
from daemon.ledger.moment import from_epoch
from daemon.model import Kind, Met
from daemon.overview import Overview, Row
from daemon.state import State

_LONG_AGO: Final = 365  # days


def met(session: Session, who: str, when: str | None, how: str) -> int:
    """Keep a contact that no mail or calendar knows of."""
    with session.state(write=True) as state:
        view = session.overview(state)
        row = pick(view, who)
        person = row.standing.person
        at, how = _told(session, row, when, how)
        earlier_ones = mets_of(view, row)
        one = Met(state.next_number(state.mets), person.emails, person.name, at, plain(how))
        with state.commit() as change:
            state.mets.add(change, one)
    told = f' "{one.how}"' if one.how else ""
    say(f"{named(person)}: met on {day(at, session.zone)}{told}. Undo: auld met --remove {one.id}")
    for sentence in _remarks(session, view, row, one, earlier_ones):
        say(sentence)
    return DONE


def _remarks(session: Session, view: Overview, row: Row, one: Met, earlier_ones: Sequence[Met]) -> list[str]:
    """Return what the user may not have had in mind: another contact on that day, a moment long past."""
    zone, on = session.zone, local_date(one.at, session.zone)
    sentences = []
    same = [it for it in earlier_ones if local_date(it.at, zone) == on]
    if same:
        told = ", ".join(_shown(it) for it in same)
        sentences.append(f"You told of that day already: {told}. Both are kept; auld counts it as one day.")
    meetings = [touch for touch in view.world.touches(row.number).all if touch.kind is Kind.MEETING]
    if any(local_date(from_epoch(touch.at), zone) == on for touch in meetings):
        sentences.append("Your calendar has a meeting with them on that day, too.")
    ago = (local_date(session.now, zone) - on).days
    if ago >= _LONG_AGO:
        sentences.append(f"That is {ago:,} days ago.")
    last = row.standing.last
    if last is not None and one.at < last.at:
        sentences.append(f"Your last contact stays the one of {day(last.at, zone)}.")
    return sentences


def _told(session: Session, row: Row, when: str | None, how: str) -> tuple[datetime, str]:
    """Return when and how; a text that tells no time says how."""
    if when is None:
        return session.now, how
    try:
        return earlier(when, session.now, session.zone), how
    except UsageError as err:
        if how or when.strip().lower() == "tomorrow":
            raise
        if is_of_time(when):
            apart = f'if it says how you met, say when first: auld met {handle(row)} today "{plain(when)}"'
            raise UsageError(f"{err}; {apart}") from None
        return session.now, when


def undo(session: Session, who: str | None) -> int:
    """Take back the contact that was told last, with a person or with anybody."""
    with session.state(write=True) as state:
        theirs = list(state.mets) if who is None else _of(session, state, who)
        if not theirs:
            say("No contact is told by hand." if who is None else f"{plain(who)}: no contact is told by hand.")
            return NEEDS_USER
        last = max(theirs, key=lambda one: one.id)
        _remove(state, last)
    say(_taken_back(session, last))
    if who is not None:
        _tell_left(session, [one for one in theirs if one != last])
    return DONE


def remove(session: Session, typed: str) -> int:
    """Take back the contact of this number."""
    number = read_number(typed, "auld met --list")
    with session.state(write=True) as state:
        one = state.mets.first(lambda it: it.id == number)
        if one is None:
            raise UsageError(f"there is no contact {number}; see auld met --list")
        _remove(state, one)
    say(_taken_back(session, one))
    return DONE


def _taken_back(session: Session, one: Met) -> str:
    who = plain(one.name) or plain(", ".join(one.emails))
    how = f' "{plain(one.how)}"' if one.how else ""
    return f"{who}: the contact of {day(one.at, session.zone)}{how} is taken back."


def _remove(state: State, gone: Met) -> None:
    with state.commit() as change:
        state.mets.remove(change, lambda one: one.id == gone.id)


def _tell_left(session: Session, left: Sequence[Met]) -> None:
    if not left:
        say("No other is told of them.")
    else:
        newest = sorted(left, key=lambda one: (one.at, one.id), reverse=True)
        say("Still told: " + ", ".join(f"{day(one.at, session.zone)} ({_shown(one)})" for one in newest) + ".")


def list_mets(session: Session, who: str | None, *, as_json: bool) -> int:
    """Show the contacts told by hand, of one person or of all, newest first."""
    with session.state() as state:
        mets = list(state.mets) if who is None else _of(session, state, who)
    mets.sort(key=lambda one: (one.at, one.id), reverse=True)
    if as_json:
        print_json([
            {
                "id": one.id, "person": one.name, "emails": list(one.emails), "at": one.at, "how": one.how,
                "undo": f"auld met --remove {one.id}",
            }
            for one in mets
        ])  # fmt: skip
    elif mets:
        print_table(
            ["#", "person", "when", "how"],
            [[str(one.id), one.name or ", ".join(one.emails), day(one.at, session.zone), one.how] for one in mets],
            wide={1: 16, 3: 20},
        )
        say("Take one back: auld met --remove NUMBER")
    else:
        say("No contact is told by hand.")
    return DONE


def _of(session: Session, state: State, who: str) -> list[Met]:
    view = session.overview(state)
    return mets_of(view, pick(view, who))


def _shown(one: Met) -> str:
    return f'"{plain(one.how)}"' if one.how else "without a word"
