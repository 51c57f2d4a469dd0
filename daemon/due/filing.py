"""Finding what was kept about a person: drafts and decisions, by any address in common.

Addresses come and go with merges and splits, so nothing is kept under a person's number or name. Who has no address is
found by name.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Final, Generic, TypeVar

from daemon.model import Decision, DraftRecord, Note, Person

T = TypeVar("T")
_BEFORE_ALL: Final = datetime.min.replace(tzinfo=UTC)


class Filing(Generic[T]):
    """Things filed under addresses, and those without one under a name; each person's come in the order given."""

    def __init__(
        self, things: Iterable[T], emails: Callable[[T], Iterable[str]], name: Callable[[T], str] = lambda _: ""
    ) -> None:
        self._things: list[T] = []
        self._by_email: dict[str, list[int]] = {}
        self._by_name: dict[str, list[int]] = {}
        for number, thing in enumerate(things):
            self._things.append(thing)
            found = tuple(emails(thing))
            for email in found:
                self._by_email.setdefault(email, []).append(number)
            if not found:
                self._by_name.setdefault(name(thing).casefold(), []).append(number)

    def of(self, person: Person) -> tuple[T, ...]:
        """Return what is filed under any address of a person, or the name of one without any."""
        if not self._things:
            return ()
        if person.emails:
            numbers = {number for email in person.emails for number in self._by_email.get(email, ())}
        else:
            numbers = set(self._by_name.get(person.name.casefold(), ()))
        return tuple(self._things[number] for number in sorted(numbers))


def file_records(records: Iterable[DraftRecord]) -> Filing[DraftRecord]:
    """File drafts by the addresses their person had when they were planned."""
    return Filing(records, lambda record: record.emails, lambda record: record.person)


def file_notes(notes: Iterable[Note]) -> Filing[Note]:
    """File the user's notes for people."""
    return Filing(notes, lambda note: note.emails, lambda note: note.name)


def file_decisions(decisions: Iterable[Decision]) -> Filing[Decision]:
    """File what the user said of people."""
    return Filing(decisions, lambda decision: decision.emails, lambda decision: decision.name)


def latest_decision(decisions: Sequence[Decision]) -> Decision | None:
    """Return the one that holds where a merge brought several together: the latest, of equals the stricter."""
    return max(
        decisions,
        key=lambda one: (one.at or _BEFORE_ALL, one.muted, one.snoozed_until or _BEFORE_ALL, one.kept),
        default=None,
    )
