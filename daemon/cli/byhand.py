"""What the user said of one person by hand: met, merged, split, kept, muted, snoozed, noted; and how each is undone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from daemon.cli.choices import handle, is_theirs
from daemon.cli.output import plain
from daemon.due.days import write_date
from daemon.model import Join, Met
from daemon.overview import Overview, Row
from daemon.state import State

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Said:
    """One thing the user said; `kind` is the word for it, `undo` the command that takes it back.

    `at` is when they said it (of a contact, when it was), None if that is not known.
    """

    kind: str
    at: datetime | None
    text: str
    undo: str


def said_of(state: State, view: Overview, row: Row) -> list[Said]:
    """Return what the user said of a person and what holds, newest first."""
    found = [*decided(view, row), *_mets(view, row), *_joins(view, row), *_notes(state, row)]
    return sorted(found, key=lambda one: one.at.timestamp() if one.at is not None else float("inf"), reverse=True)


def decided(view: Overview, row: Row) -> Iterator[Said]:
    """Yield what the user decided of a person, by a command or in review."""
    decision = row.decision
    if decision is None:
        return
    snoozed = decision.snoozed_until
    words = []
    if decision.muted:
        words.append(("muted", "no drafts to them any more", f"auld unmute {handle(row)}"))
    if snoozed is not None and snoozed > view.now:
        words.append(("snoozed", f"no draft before {write_date(snoozed, view.zone)}", f"auld unmute {handle(row)}"))
    if decision.kept:
        circle = f", in the circle {plain(decision.circle)}" if decision.circle else ""
        words.append(("kept", f"kept in review{circle}", f"auld review --undo {handle(row)}"))
    if decision.address in row.standing.person.emails:
        undo = f"auld people --write-to {handle(row)} auto"
        words.append(("address", f"drafts go to {plain(decision.address)}", undo))
    at = decision.at if len(words) == 1 else None  # of several only the last word's time is kept
    for kind, text, undo in words:
        yield Said(kind, at, text, undo)


def _mets(view: Overview, row: Row) -> Iterator[Said]:
    for met in mets_of(view, row):
        told = f"you told: {plain(met.how)}" if met.how else "you told a contact"
        yield Said("met", met.at, told, f"auld met --remove {met.id}")


def mets_of(view: Overview, row: Row) -> list[Met]:
    """Return the contacts told by hand that count for a person, in the order in which they were told."""
    return [met for met in view.world.by_hand.mets if view.world.find(met.emails, met.name) == row.number]


def _joins(view: Overview, row: Row) -> Iterator[Said]:
    for join in view.world.by_hand.joins:
        if not set(join.emails).isdisjoint(row.standing.person.emails) and is_in_force(view, join):
            yield Said("split" if join.apart else "merged", join.at, join_words(join), undo_join(join))


def _notes(state: State, row: Row) -> Iterator[Said]:
    for note in state.notes:
        if is_theirs(note.emails, note.name, row.standing.person):
            told = " (told in a draft)" if note.used_by else ""
            text = f'noted ({note.wish}): "{plain(note.text, _SHOWN)}"{told}'
            yield Said("note", note.at, text, f"auld note --remove {note.id}")


def join_words(join: Join) -> str:
    """Return a merge or split in words."""
    first, *others = map(plain, join.emails)
    if join.apart:
        return f"split by hand: {first}, from {', '.join(others)}"
    return f"merged by hand: {', '.join((first, *others))}"


def undo_join(join: Join) -> str:
    """Return the command that takes a merge or split back."""
    return f"auld people --undo-join {join.id}"


def is_in_force(view: Overview, join: Join) -> bool:
    """Say whether a merge or split holds: a later one, or the config, may say otherwise."""
    persons = [view.world.find((email,)) for email in join.emails]
    known = {person for person in persons if person is not None}
    if join.apart:
        return persons[0] is not None and bool(known - {persons[0]}) and persons[0] not in persons[1:]
    return len(known) == 1 and sum(person is not None for person in persons) > 1
