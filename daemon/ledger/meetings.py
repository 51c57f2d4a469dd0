"""One occurrence of a meeting as the ledger keeps it: addresses as numbers, instants as seconds."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from connectors.types import Answer

_ANSWERS: Final = (Answer.NONE, Answer.ACCEPTED, Answer.TENTATIVE, Answer.DECLINED)

FLOATING: Final = 1  # start and end are local to me.timezone, whatever that is
ALL_DAY: Final = 2
CANCELLED: Final = 4
EXTRAORDINARY: Final = 8  # out-of-office, focus time, a birthday …
WITHHELD: Final = 16  # the provider told no attendee list
AWAY: Final = 32  # the calendar's owner is out of office


@dataclass(frozen=True, slots=True)
class Invited:
    """One attendee: an address number and what they answered."""

    address: int
    answer: Answer
    resource: bool


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """See `connectors.types.Meeting`. `uid` and `original_start` are one hash, `identity`; -1: no such address."""

    account: str
    key: str
    identity: int
    start: int
    end: int
    flags: int
    organizer: int
    creator: int
    invited: tuple[Invited, ...]
    sequence: int
    updated: int

    def encode(self) -> list[Any]:
        """Return it as a row of plain values; `decode` reads it."""
        people = [
            value
            for one in self.invited
            for value in (one.address, _ANSWERS.index(one.answer) | (8 if one.resource else 0))
        ]
        return [
            self.key, self.identity, self.start, self.end, self.flags, self.organizer, self.creator, self.sequence,
            self.updated, people,
        ]  # fmt: skip

    @classmethod
    def decode(cls, account: str, row: Sequence[Any]) -> "MeetingFact":
        """Return the fact that `encode` made `row` of.

        Raises:
            ValueError: the row is damaged.
        """
        key, identity, start, end, flags, organizer, creator, sequence, updated, people = row
        invited = tuple(
            Invited(address, _ANSWERS[code & 7], bool(code & 8))
            for address, code in zip(people[::2], people[1::2], strict=True)
        )
        return cls(account, key, identity, start, end, flags, organizer, creator, invited, sequence, updated)
