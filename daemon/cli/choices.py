"""What the user says by hand: snooze, mute, pause, met, note, forget, merge, split. Kept in the state, undoable."""

import calendar
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from difflib import get_close_matches

from daemon.cli.options import DONE, NEEDS_USER, UsageError
from daemon.cli.output import count, day, plain, print_json, print_table, say
from daemon.cli.session import Session, pick
from daemon.cli.when import earlier, later
from daemon.model import Decision, Join, Met, Note, Person, Wish
from daemon.overview import Row
from daemon.state import State


def named(person: Person) -> str:
    """Return how a person is named to the user."""
    return plain(person.name) or plain(person.emails[0] if person.emails else "somebody")


def decide(state: State, row: Row, now: datetime, change: Callable[[Decision], Decision]) -> None:
    """Keep what the user said of a person."""
    person = row.standing.person
    old = row.decision or Decision(person.emails, person.name)
    new = replace(change(old), emails=person.emails or old.emails, name=person.name, at=now)
    with state.commit() as commit:
        state.decisions.put(commit, new, lambda one: one is row.decision or one == row.decision)


def snooze(session: Session, who: str, when: str) -> int:
    """Hold drafts to a person back until a moment."""
    with session.state(write=True) as state:
        row = pick(session.overview(state), who)
        until = later(when, session.now, session.zone)
        decide(state, row, session.now, lambda one: replace(one, snoozed_until=until))
    say(f"{named(row.standing.person)}: no draft before {day(until, session.zone)}. Undo: auld unmute {_handle(row)}")
    return DONE


def mute(session: Session, who: str) -> int:
    """Never write to a person."""
    with session.state(write=True) as state:
        row = pick(session.overview(state), who)
        decide(state, row, session.now, lambda one: replace(one, muted=True, snoozed_until=None))
    say(f"{named(row.standing.person)}: no drafts any more. Undo: auld unmute {_handle(row)}")
    return DONE


def unmute(session: Session, who: str) -> int:
    """Take back mute and snooze."""
    with session.state(write=True) as state:
        row = pick(session.overview(state), who)
        entry = row.standing.person.listed
        if entry is not None and entry.never:
            raise UsageError(f"{named(row.standing.person)} has never = true in the config; take it out there")
        decide(state, row, session.now, lambda one: replace(one, muted=False, snoozed_until=None))
    say(f"{named(row.standing.person)}: drafts as before.")
    return DONE


def pause(session: Session, until: str) -> int:
    """No drafts for anyone till then."""
    moment = later(until, session.now, session.zone)
    with session.state(write=True) as state, state.commit() as change:
        state.put_meta(change, replace(state.meta, paused_until=moment))
    say(f"Paused: no drafts before {day(moment, session.zone)}; reading goes on. Undo: auld resume")
    return DONE


def resume(session: Session) -> int:
    """Drafts again."""
    with session.state(write=True) as state:
        was = state.meta.paused_until
        with state.commit() as change:
            state.put_meta(change, replace(state.meta, paused_until=None))
    say("Drafts are written again." if was is not None and was > session.now else "It was not paused.")
    return DONE


def met(session: Session, who: str, when: str | None, how: str, *, undo: bool) -> int:
    """Tell a contact by hand, or take the last one told back."""
    with session.state(write=True) as state:
        row = pick(session.overview(state), who)
        person = row.standing.person
        if undo:
            return _unmet(state, row, session)
        at, how = _told(when, how, session)
        number = max((one.id for one in state.mets), default=0) + 1
        with state.commit() as change:
            state.mets.add(change, Met(number, person.emails, person.name, at, plain(how)))
    told = f' "{plain(how)}"' if how else ""
    say(f"{named(person)}: met on {day(at, session.zone)}{told}. Undo: auld met {_handle(row)} --undo")
    return DONE


def _told(when: str | None, how: str, session: Session) -> tuple[datetime, str]:
    """Return when and how; a single word that is no time says how."""
    if when is None:
        return session.now, how
    try:
        return earlier(when, session.now, session.zone), how
    except UsageError:
        if how or any(char.isdigit() for char in when) or _is_time(when):
            raise
        return session.now, when


def _is_time(word: str) -> bool:
    """Say whether a word is rather a wrong time than how one met: a day's name, or nearly a word that is read."""
    names = [*map(str.lower, (*calendar.day_name, *calendar.month_name[1:])), "yesterday", "today", "tomorrow", "ago"]
    return bool(get_close_matches(word.strip().lower(), names, 1, 0.85)) or word.lower().split()[-1:] == ["ago"]


def _unmet(state: State, row: Row, session: Session) -> int:
    theirs = [one for one in state.mets if _same(one.emails, one.name, row.standing.person)]
    if not theirs:
        say(f"{named(row.standing.person)}: nothing told by hand.")
        return NEEDS_USER
    last = max(theirs, key=lambda one: one.id)
    with state.commit() as change:
        state.mets.remove(change, lambda one: one.id == last.id)
    say(f"{named(row.standing.person)}: the contact of {day(last.at, session.zone)} is taken back.")
    return DONE


def _same(emails: tuple[str, ...], name: str, person: Person) -> bool:
    if emails or person.emails:
        return not set(emails).isdisjoint(person.emails)
    return name == person.name


_COMING = {Wish.PROMOTED, Wish.REFERENCE}  # kept, but no template of this version tells them


def note(session: Session, who: str, text: str, wish: Wish) -> int:
    """Keep a fact for the next draft to a person."""
    if not text.strip():
        raise UsageError('say what to note, like: auld note "Ana Lima" "Her book is out."')
    with session.state(write=True) as state:
        person = pick(session.overview(state), who).standing.person
        number = max((one.id for one in state.notes), default=0) + 1
        with state.commit() as change:
            state.notes.add(change, Note(number, person.emails, person.name, plain(text, 300), wish, session.now))
    if wish in _COMING:
        say(f"Noted for {named(person)}, for a later version: this one has no drafts for it yet.")
    else:
        say(f"Noted for the next draft to {named(person)}.")
    say(f"It is number {number}. Undo: auld note --remove {number}")
    return DONE


def list_notes(session: Session, *, as_json: bool) -> int:
    """Show all notes."""
    with session.state() as state:
        notes = sorted(state.notes, key=lambda one: one.id)
    if as_json:
        print_json([
            {
                "id": one.id, "person": one.name, "kind": str(one.wish), "text": one.text, "at": one.at,
                "used": bool(one.used_by),
            }
            for one in notes
        ])  # fmt: skip
    elif notes:
        print_table(
            ["#", "person", "kind", "text", "told"],
            [[str(one.id), one.name, str(one.wish), one.text, "yes" if one.used_by else "not yet"] for one in notes],
            wide={3: 30},
        )
    else:
        say("No notes.")
    return DONE


def remove_note(session: Session, number: int) -> int:
    """Take a note back."""
    with session.state(write=True) as state, state.commit() as change:
        gone = state.notes.remove(change, lambda one: one.id == number)
    if not gone:
        raise UsageError(f"there is no note {number}; see auld note --list")
    say(f"Note {number} is removed.")
    return DONE


def merge(session: Session, first: str, second: str) -> int:
    """Say that two people are one."""
    with session.state(write=True) as state:
        view = session.overview(state)
        one, other = pick(view, first).standing.person, pick(view, second).standing.person
        if one is other or one.key == other.key:
            raise UsageError(f"{named(one)} is one person already")
        if one.listed is not None and other.listed is not None:
            raise UsageError("both are in [[people]] of the config; make them one entry there")
        _join(state, session.now, (*one.emails, *other.emails), apart=False)
    say(f"{named(one)} and {named(other)} are one person now. Undo: auld people --split {one.key} {other.key}")
    return DONE


def split(session: Session, who: str, email: str) -> int:
    """Say that an address is not this person's."""
    with session.state(write=True) as state:
        person = pick(session.overview(state), who).standing.person
        address = email.strip().lower()
        if address not in person.emails:
            known = ", ".join(person.emails) or "none"
            raise UsageError(f'{named(person)} has no address "{plain(email)}"; known are {plain(known)}')
        rest = tuple(one for one in person.emails if one != address)
        if not rest:
            raise UsageError(f"{address} is the only address of {named(person)}")
        _join(state, session.now, (address, *rest), apart=True)
    say(f"{address} is somebody else's now. Undo: auld people --merge {rest[0]} {address}")
    return DONE


def _join(state: State, now: datetime, emails: tuple[str, ...], *, apart: bool) -> None:
    """Keep a merge or split; the newest word about the same addresses takes the older one's place."""
    number = max((one.id for one in state.joins), default=0) + 1
    with state.commit() as change:
        if apart:
            state.joins.remove(
                change,
                lambda one: not one.apart and emails[0] in one.emails and not set(one.emails).isdisjoint(emails[1:]),
            )
        else:
            state.joins.remove(
                change, lambda one: one.apart and one.emails[0] in emails and not set(one.emails[1:]).isdisjoint(emails)
            )
        state.joins.add(change, Join(number, emails, apart, now))


def forget(session: Session, who: str, *, sure: bool) -> int:
    """Delete all that is kept about a person and never learn them again."""
    from daemon.drafts import withdraw_for  # noqa: PLC0415 -- opens accounts

    with session.state(write=True) as state:
        row = pick(session.overview(state), who)
        person = row.standing.person
        if not (
            sure or confirmed(f"Delete all that is kept about {named(person)} <{plain(', '.join(person.emails))}>?")
        ):
            say("Nothing was changed.")
            return NEEDS_USER
        withdrawn = withdraw_for(session.turn(state), person.emails)
        state.forget(person.emails, person.name)
    tail = f" {count(withdrawn, 'untouched draft')} withdrawn." if withdrawn else ""
    say(f"{named(person)} is forgotten and will not be learned again.{tail}")
    if person.listed is not None:
        say("They still stand in [[people]] of the config; take the entry out there too.")
    return DONE


def confirmed(question: str) -> bool:
    """Ask on a terminal; elsewhere the typed command is the answer."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return True
    print(f"{question} It cannot be undone. [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in {"y", "yes"}


def _handle(row: Row) -> str:
    person = row.standing.person
    return plain(person.emails[0]) if person.emails else f'"{plain(person.name)}"'
