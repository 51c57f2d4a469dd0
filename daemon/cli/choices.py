"""What the user says by hand: snooze, mute, pause, note, forget. Kept in the state, undoable."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from shlex import quote

from daemon.cli.options import DONE, NEEDS_USER, UsageError, read_number
from daemon.cli.output import count, day, plain, print_json, print_table, say
from daemon.cli.session import Session, pick
from daemon.cli.when import later
from daemon.due.selection import is_muted
from daemon.model import Decision, Note, Person, Wish
from daemon.overview import Row
from daemon.reconcile import is_told
from daemon.state import State


def named(person: Person) -> str:
    """Return how a person is named to the user."""
    return plain(person.name) or plain(person.emails[0] if person.emails else "somebody")


def handle(row: Row) -> str:
    """Return how a person is named on the command line, fit to be pasted into a shell."""
    person = row.standing.person
    return quote(plain(person.emails[0] if person.emails else person.name))


def decide(state: State, row: Row, now: datetime, change: Callable[[Decision], Decision]) -> Decision:
    """Keep what the user said of a person; return that."""
    person = row.standing.person
    old = row.decision or Decision(person.emails, person.name)
    new = _dated(replace(change(old), emails=person.emails or old.emails, name=person.name, at=now), old)
    with state.commit() as commit:
        state.decisions.put(commit, new, lambda one: one == row.decision)
    return new


def _dated(new: Decision, old: Decision) -> Decision:
    """Return a decision that tells when each part of it was said: now, where it differs from the one before."""

    def said(now: object, before: object, at: datetime | None) -> datetime | None:
        return None if not now else at if now == before else new.at

    return replace(
        new,
        muted_at=said(new.muted, old.muted, old.muted_at),
        snoozed_at=said(new.snoozed_until, old.snoozed_until, old.snoozed_at),
        kept_at=said(new.kept and (True, new.circle), old.kept and (True, old.circle), old.kept_at),
        address_at=said(new.address, old.address, old.address_at),
    )


def restore(state: State, said: Decision, before: Decision | None) -> None:
    """Put what the user had said of a person in the place of what they said since; None: nothing."""
    with state.commit() as commit:
        if before is None:
            state.decisions.remove(commit, lambda one: one == said)
        else:
            state.decisions.put(commit, before, lambda one: one == said)


def snooze(session: Session, who: str, when: str) -> int:
    """Hold drafts to a person back until a moment."""
    with session.state(write=True) as state:
        row = pick(session.overview(state), who)
        until = later(when, session.now, session.zone)
        decide(state, row, session.now, lambda one: replace(one, snoozed_until=until))
    name, on = named(row.standing.person), day(until, session.zone)
    if is_muted(row.standing.person, row.decision):
        say(f"{name}: snoozed until {on}, but they stay muted after that, too. auld unmute {handle(row)} lifts both.")
    else:
        say(f"{name}: no draft before {on}. Undo: auld unmute {handle(row)}")
    return DONE


def mute(session: Session, who: str) -> int:
    """Never write to a person."""
    with session.state(write=True) as state:
        row = pick(session.overview(state), who)
        decide(state, row, session.now, lambda one: replace(one, muted=True, snoozed_until=None))
    say(f"{named(row.standing.person)}: no drafts any more. Undo: auld unmute {handle(row)}")
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


_DRAFTS = {Wish.PROMOTED: "congratulations", Wish.REFERENCE: "a heads-up before a reference"}  # due or not


def note(session: Session, who: str, text: str, wish: Wish) -> int:
    """Keep a fact for the next draft to a person."""
    if not text.strip():
        raise UsageError(
            'say what the next draft is to tell them, as you would write it: auld note "Ana Lima" "Congratulations on '
            'your book!"'
        )
    from daemon.compose.facts import NEWS_LONGEST  # noqa: PLC0415 -- loads all that writes
    from daemon.compose.plain import clean  # noqa: PLC0415

    line = clean(plain(text, 8 * NEWS_LONGEST), 8 * NEWS_LONGEST)
    if not any(char.isalnum() for char in line):
        raise UsageError("a note needs words that can be seen")
    if len(line) > NEWS_LONGEST:
        raise UsageError(
            f"a note has at most {NEWS_LONGEST} characters, and this one has more: a draft would cut it off"
        )
    if sum(map(line.count, "?\uff1f\u061f")) > 1:
        raise UsageError("a draft asks one question at most, and this note asks more: keep the one that matters")
    with session.state(write=True) as state:
        person = pick(session.overview(state), who).standing.person
        number = state.next_number(state.notes)
        with state.commit() as change:
            state.notes.add(change, Note(number, person.emails, person.name, line, wish, session.now))
    if wish in _DRAFTS:
        say(f"Noted: {named(person)} gets {_DRAFTS[wish]} as one of the next drafts.")
    else:
        say(f"Noted for the next draft to {named(person)}.")
    say(f"It is number {number}. Undo: auld note --remove {number}")
    return DONE


def list_notes(session: Session, *, as_json: bool) -> int:
    """Show all notes."""
    with session.state() as state:
        notes = sorted(state.notes, key=lambda one: one.id)
        drafts = {record.key: record for record in state.drafts}
    if as_json:
        print_json([
            {
                "id": one.id, "person": one.name, "kind": str(one.wish), "text": one.text, "at": one.at,
                "used": is_told(one, drafts),
            }
            for one in notes
        ])  # fmt: skip
    elif notes:
        print_table(
            ["#", "person", "kind", "text", "told"],
            [
                [str(one.id), one.name, str(one.wish), one.text, "yes" if is_told(one, drafts) else "not yet"]
                for one in notes
            ],
            wide={3: 30},
        )
    else:
        say("No notes.")
    return DONE


def remove_note(session: Session, typed: str) -> int:
    """Take a note back."""
    number = read_number(typed, "auld note --list")
    with session.state(write=True) as state, state.commit() as change:
        gone = state.notes.remove(change, lambda one: one.id == number)
    if not gone:
        raise UsageError(f"there is no note {number}; see auld note --list")
    say(f"Note {number} is removed.")
    return DONE


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
