"""Reads what Gmail tells item by item: one that cannot be understood is left out and told, and stops no other."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from connectors.gmail.facts import Letter, Note, is_name, listed, read_letter, read_note
from connectors.gmail.faults import Lost, odd
from connectors.gmail.problems import Problems
from connectors.mime.reading import MailMaker

T = TypeVar("T")

_MANY: Final = 10
"""So many items in a row, and none of them understood: then it is not they that are odd, but all that Gmail tells."""


class Reader:
    """Reads the documents of one account during one read; `problems` are of those that were left out."""

    def __init__(self) -> None:
        self.problems = Problems("messages")
        self._maker = MailMaker()
        self._odd_in_a_row = 0

    def notes(self, document: Mapping[str, Any]) -> list[Note]:
        """Return the messages of a list.

        Raises:
            Lost: it is no list of messages.
        """
        return self.each(listed(document, "messages"), read_note)

    def letters(self, documents: Iterable[Mapping[str, Any] | None]) -> list[Letter]:
        """Return the messages of some documents, be they threads or messages; None is one that is not there.

        Raises:
            Lost: a thread is no list of messages, or too many messages are none.
        """
        told: list[object] = []
        for document in documents:
            if document is not None:
                told += listed(document, "messages") if "messages" in document else [document]
        return self.each(told, lambda one: read_letter(one, self._maker))

    def each(self, told: Sequence[object], read: Callable[[object], T]) -> list[T]:
        """Return what `read` makes of each of `told`, less those of which it raises `Lost`.

        Raises:
            Lost: of too many in a row.
        """
        found: list[T] = []
        for one in told:
            try:
                found.append(read(one))
            except Lost:
                number = one.get("id") if isinstance(one, Mapping) else None
                named = is_name(number, 64) and number.isascii()
                self.leave_out(f"the message {number}" if named else "a message")
            else:
                self._odd_in_a_row = 0
        return found

    def leave_out(self, which: str) -> None:
        """Note an item that cannot be understood.

        Raises:
            Lost: it is one of too many in a row.
        """
        self._odd_in_a_row += 1
        if self._odd_in_a_row >= _MANY:
            raise odd()
        self.problems.add(f"What Gmail tells of {which} cannot be understood; it was left out.")
