"""The words of merging: what is known of an address, and what came of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


@dataclass(frozen=True, slots=True)
class AddressFacts:
    """One address.

    `own` are the names it wrote under itself (From, organiser), `given` those others gave it (To, Cc, attendee), which
    are looked at only where it has none of its own.
    """

    email: str
    own: tuple[str, ...] = ()
    given: tuple[str, ...] = ()


class Reason(StrEnum):
    """Why something was not merged as one might expect; the text is the sentence's end."""

    TWO_ENTRIES = "would fit two [[people]] entries and stays by itself; name it in one of them"
    NAMED_TWICE = "is named by two [[people]] entries; the first has it"
    CONFIG_WINS = "was merged or split by hand against [[people]]; [[people]] wins"
    COMMON_NAME = "and others share one name, too many for one person; none were merged by it"
    SEVERAL_WRITE = "is written from by several people who have addresses of their own; it was merged with none of them"
    SEVERAL_FIT = "and others fit the name of a [[people]] entry without emails; give it an address"
    TAKEN = "fits the name of a [[people]] entry without emails, but belongs to another entry; give it an address"


_SHOWN: Final = 3


@dataclass(frozen=True, slots=True, order=True)
class Conflict:
    """One such case, for `auld check`: the addresses, sorted, and the ``[[people]]`` entries by index."""

    reason: Reason
    emails: tuple[str, ...]
    entries: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        """Return one sentence for the user."""
        more = len(self.emails) - _SHOWN
        shown = ", ".join(self.emails[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
        return f"{shown} {self.reason.value}"


@dataclass(frozen=True, slots=True)
class Grouping:
    """Persons. `groups[i]` is the number of the person address i belongs to, in order of first appearance.

    `entries` maps such a number to the ``[[people]]`` entry (by index) the person is, `notes` is sorted.
    """

    groups: tuple[int, ...]
    entries: Mapping[int, int]
    notes: tuple[Conflict, ...]
