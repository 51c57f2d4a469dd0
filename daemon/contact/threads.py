"""Which addresses wrote in which threads, worked out for those that are asked about."""

from functools import cached_property

from daemon.contact.copies import Mails

_DEEPEST = 100


class Threads:
    """Threads of the mails. A mail that names only its parent belongs to the thread of that parent, if it is known."""

    def __init__(self, mails: Mails) -> None:
        self._mails = mails
        self._written: dict[int, set[int]] = {}

    def shared(self, one: int, other: int) -> bool:
        """Say whether both addresses wrote in one thread."""
        return not self._of(one).isdisjoint(self._of(other))

    def _of(self, author: int) -> set[int]:
        """Return the threads in which an address wrote."""
        threads = self._written.get(author)
        if threads is None:
            threads = self._written[author] = {self._root(position) for position in self._positions.get(author, ())}
        return threads

    def _root(self, position: int) -> int:
        """Return the thread of the mail at `position`."""
        thread = self._mails.thread[position]
        for _ in range(_DEEPEST):
            parent = self._by_key.get(thread)
            if parent is None or self._mails.thread[parent] == thread:
                break
            thread = self._mails.thread[parent]
        return thread

    @cached_property
    def _by_key(self) -> dict[int, int]:
        return {key: position for position, key in enumerate(self._mails.key)}

    @cached_property
    def _positions(self) -> dict[int, list[int]]:
        """The mails of each address."""
        positions: dict[int, list[int]] = {}
        for position, sender in enumerate(self._mails.sender):
            positions.setdefault(sender, []).append(position)
        return positions
