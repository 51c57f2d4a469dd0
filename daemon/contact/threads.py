"""Which addresses wrote in which threads, worked out when first asked."""

from daemon.contact.copies import Mails
from daemon.ledger import Ledger

_DEEPEST = 100


class Threads:
    """Threads of the ledger. A mail that names only its parent belongs to the thread of that parent, if it is known."""

    def __init__(self, ledger: Ledger, mails: Mails) -> None:
        self._mails = mails
        self._ledger = ledger
        self._by_author: dict[int, set[int]] | None = None
        self._by_key: dict[int, int] | None = None

    def root(self, position: int) -> int:
        """Return the thread of the mail at `position`."""
        if self._by_key is None:
            self._by_key = {key: place for place, key in enumerate(self._mails.key)}
        thread = self._mails.thread[position]
        for _ in range(_DEEPEST):
            parent = self._by_key.get(thread)
            if parent is None or self._mails.thread[parent] == thread:
                break
            thread = self._mails.thread[parent]
        return thread

    def shared(self, one: int, other: int) -> bool:
        """Say whether both addresses wrote in one thread."""
        authors = self._authors()
        return not authors.get(one, set()).isdisjoint(authors.get(other, ()))

    def _authors(self) -> dict[int, set[int]]:
        if self._by_author is None:
            self._by_author = {}
            for position, sender in enumerate(self._mails.sender):
                self._by_author.setdefault(sender, set()).add(self.root(position))
        return self._by_author
