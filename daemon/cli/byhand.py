"""What the user said of one person by hand: met, merged, split, kept, muted, snoozed, noted; and how each is undone."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from daemon.cli.choices import handle
from daemon.cli.output import plain
from daemon.cli.telling import met_words
from daemon.due import file_notes
from daemon.due.days import write_date
from daemon.model import Join, Met
from daemon.overview import Overview, Row
from daemon.reconcile import is_told
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
    snoozed, who = decision.snoozed_until, handle(row)
    words = []
    if decision.muted:
        words.append(Said("muted", decision.muted_at, "no drafts to them any more", f"auld unmute {who}"))
    if snoozed is not None and snoozed > view.now:
        text = f"no draft before {write_date(snoozed, view.zone)}"
        words.append(Said("snoozed", decision.snoozed_at, text, f"auld unmute {who}"))
    if decision.kept:
        circle = f", in the circle {plain(decision.circle)}" if decision.circle else ""
        words.append(Said("kept", decision.kept_at, f"kept in review{circle}", f"auld review --undo {who}"))
    if decision.address in row.standing.person.emails:
        text, undo = f"drafts go to {plain(decision.address)}", f"auld people --write-to {who} auto"
        words.append(Said("address", decision.address_at, text, undo))
    if len(words) == 1 and words[0].at is None:  # an older auld kept only when the last word was said
        words = [replace(words[0], at=decision.at)]
    yield from words


def _mets(view: Overview, row: Row) -> Iterator[Said]:
    for met in mets_of(view, row):
        yield Said("met", met.at, met_words(met.how), f"auld met --remove {met.id}")


def mets_of(view: Overview, row: Row) -> list[Met]:
    """Return the contacts told by hand that count for a person, in the order in which they were told."""
    return [met for met in view.world.by_hand.mets if view.world.find(met.emails, met.name) == row.number]


def _joins(view: Overview, row: Row) -> Iterator[Said]:
    theirs = set(row.standing.person.emails)
    for join in view.world.by_hand.joins:
        force = force_of(view, join)
        if force is Force.NONE or len(theirs.intersection(join.emails)) < (1 if join.apart else 2):
            continue
        part = f" ({force_words(view, join)})" if force is Force.PART else ""
        yield Said("split" if join.apart else "merged", join.at, join_words(join) + part, undo_join(join))


def _notes(state: State, row: Row) -> Iterator[Said]:
    drafts = {record.key: record for record in state.drafts}
    for note in file_notes(state.notes).of(row.standing.person):
        told = " (told in a draft)" if is_told(note, drafts) else ""
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


class Force(StrEnum):
    """How far a merge or split holds."""

    WHOLE = "yes"
    PART = "in part"
    NONE = "no"


def force_of(view: Overview, join: Join) -> Force:
    """Say how far a merge or split holds: a later one, or the config, may say otherwise."""
    first, *others = (view.world.find((email,)) for email in join.emails)
    if join.apart:
        left = [person for person in others if person is not None and person != first]
        if first is None or not left:
            return Force.NONE
        return Force.PART if first in others else Force.WHOLE
    known = Counter(person for person in (first, *others) if person is not None)
    if max(known.values(), default=0) < 2:  # noqa: PLR2004 -- none is one with another
        return Force.NONE
    return Force.WHOLE if len(known) == 1 else Force.PART


def force_words(view: Overview, join: Join) -> str:
    """Return how far a merge or split holds, and what says otherwise: "in part: #2"."""
    force = force_of(view, join)
    if force is Force.WHOLE:
        return force.value
    against = ", ".join(f"#{one.id}" for one in undone_by(view, join)) or "the config"
    return f"{force.value}: {against}"


def undone_by(view: Overview, join: Join) -> list[Join]:
    """Return the later words that say something else of the addresses of a merge or split."""
    return [
        later
        for later in view.world.by_hand.joins
        if (later.at, later.id) > (join.at, join.id) and later.apart != join.apart and _contradict(join, later)
    ]


def _contradict(one: Join, other: Join) -> bool:
    split, merge = (one, other) if one.apart else (other, one)
    return split.emails[0] in merge.emails and not set(split.emails[1:]).isdisjoint(merge.emails)


def is_in_force(view: Overview, join: Join) -> bool:
    """Say whether a merge or split holds in full."""
    return force_of(view, join) is Force.WHOLE
