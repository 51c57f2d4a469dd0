"""Mail facts as columns: eight numbers a mail, so that 200,000 mails fit in a few megabytes and load in an instant."""

from array import array
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from daemon.ledger.packing import pack, unpack

# Typecodes: q 8-byte signed, i 4-byte signed, H 2-byte, B 1-byte, Q 8-byte unsigned.
_COLUMNS: Final = {
    "at": "q",
    "sender": "i",
    "group": "i",
    "marks": "H",
    "flags": "B",
    "account": "H",
    "key": "Q",
    "thread": "Q",
}

IN_SENT: Final = 1  # the copy lies in a folder of sent mail
OUTSIDE_SENT: Final = 2  # the copy lies in another folder (neither: the provider cannot tell)
TRUNCATED: Final = 4  # it has more recipients than a connector tells


def _column(typecode: str) -> "array[int]":
    return array(typecode)


@dataclass(slots=True)
class MailTable:
    """Parallel columns, a row a copy of a mail.

    `at` is its moment (seconds since 1970 UTC), `sender` and the members of `group` are address numbers (-1: none),
    `group` numbers the set of recipients, `marks` are `connectors.types.Mark`, `flags` the constants above, `key` and
    `thread` 64-bit hashes of Message-ID and thread id.
    """

    at: "array[int]" = field(default_factory=lambda: _column("q"))
    sender: "array[int]" = field(default_factory=lambda: _column("i"))
    group: "array[int]" = field(default_factory=lambda: _column("i"))
    marks: "array[int]" = field(default_factory=lambda: _column("H"))
    flags: "array[int]" = field(default_factory=lambda: _column("B"))
    account: "array[int]" = field(default_factory=lambda: _column("H"))
    key: "array[int]" = field(default_factory=lambda: _column("Q"))
    thread: "array[int]" = field(default_factory=lambda: _column("Q"))

    def __len__(self) -> int:
        return len(self.at)

    def append(
        self, at: int, sender: int, group: int, marks: int, flags: int, account: int, key: int, thread: int
    ) -> None:
        """Add one row."""
        self.at.append(at)
        self.sender.append(sender)
        self.group.append(group)
        self.marks.append(marks)
        self.flags.append(flags)
        self.account.append(account)
        self.key.append(key)
        self.thread.append(thread)

    def encode(self, start: int = 0, stop: int | None = None) -> dict[str, str]:
        """Return rows `start` to `stop` as texts by column."""
        return {name: pack(getattr(self, name)[start:stop]) for name in _COLUMNS}

    def extend(self, page: Mapping[str, Any]) -> None:
        """Add the rows of an encoded page.

        Raises:
            ValueError: the columns are damaged or differ in length; nothing was added.
        """
        columns = {name: unpack(code, page[name]) for name, code in _COLUMNS.items()}
        if len({len(column) for column in columns.values()}) != 1:
            raise ValueError("the columns of a page differ in length")
        for name, column in columns.items():
            getattr(self, name).extend(column)
