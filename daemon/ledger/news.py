"""What a batch brought to the ledger beside rows, addresses and groups, which its page can count off by itself."""

from dataclasses import dataclass, field

from connectors.types import Address, Failure
from daemon.ledger.facts import Facts, TitleKey
from daemon.ledger.titles import Detail

NameRow = tuple[int, str, int, bool]  # address, name, when (seconds), whether it wrote under it or was given it


@dataclass(slots=True)
class News:
    """News of one batch. `authors` alternates row (from the batch's first) and address; `lists` are addresses.

    `greeted` are rows of an address, the word it was greeted with, when, and by whom.
    """

    names: list[NameRow] = field(default_factory=list)
    greeted: list[tuple[int, str, int, int]] = field(default_factory=list)
    authors: list[int] = field(default_factory=list)
    lists: list[int] = field(default_factory=list)
    failures: list[tuple[int, Failure]] = field(default_factory=list)
    titles: dict[TitleKey, Detail] = field(default_factory=dict)


class Names:
    """The names in a batch. Each is noted once, at the end of the batch, with its last moment."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._last: dict[tuple[int, str, bool], int] = {}

    def number(self, address: Address | None, at: int, *, own: bool) -> int:
        """Return the number of an address, -1 for none or a forgotten one, and remember the name that stands by it."""
        if address is None:
            return -1
        number = self._facts.intern(address.email)
        if address.name and number >= 0:
            named = (number, address.name, own)
            if self._last.get(named, at - 1) < at:
                self._last[named] = at
        return number

    def note(self) -> list[NameRow]:
        """Note all names; return those that were news."""
        return [
            (number, name, at, own)
            for (number, name, own), at in self._last.items()
            if self._facts.note_name(number, name, at, own=own)
        ]
