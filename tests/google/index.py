"""Every message by label and date, kept in order."""

from bisect import bisect_left, insort
from collections.abc import Iterable, Iterator

from tests.google.messages import Message

Key = tuple[int, str]

HIDDEN = frozenset({"SPAM", "TRASH"})


class Index:
    """Sorted lists of (internalDate, id), one a label and one of all; and each thread's messages."""

    def __init__(self) -> None:
        self.all: list[Key] = []
        self.labels: dict[str, list[Key]] = {}
        self.threads: dict[str, list[Key]] = {}

    def add(self, message: Message) -> None:
        """Put a message in."""
        key = (message.at, message.id)
        insort(self.all, key)
        insort(self.threads.setdefault(message.thread, []), key)
        self.label(message, message.labels)

    def load(self, messages: Iterable[Message]) -> None:
        """Put many in at once: sorts once."""
        touched: dict[int, list[Key]] = {id(self.all): self.all}
        for message in messages:
            key = (message.at, message.id)
            self.all.append(key)
            thread = self.threads.setdefault(message.thread, [])
            thread.append(key)
            touched[id(thread)] = thread
            for label in message.labels:
                several = self.labels.setdefault(label, [])
                several.append(key)
                touched[id(several)] = several
        for several in touched.values():
            several.sort()

    def drop(self, message: Message) -> None:
        """Take a message out."""
        key = (message.at, message.id)
        _take(self.all, key)
        _take(self.threads[message.thread], key)
        if not self.threads[message.thread]:
            del self.threads[message.thread]
        self.unlabel(message, message.labels)

    def label(self, message: Message, labels: Iterable[str]) -> None:
        """List a message under labels."""
        for label in labels:
            insort(self.labels.setdefault(label, []), (message.at, message.id))

    def unlabel(self, message: Message, labels: Iterable[str]) -> None:
        """List a message under labels no more."""
        for label in labels:
            _take(self.labels[label], (message.at, message.id))

    def newest(self, label: str | None, before: Key | None) -> Iterator[Key]:
        """Yield what is under `label` (None: everything) and older than `before`, the newest first."""
        several = self.all if label is None else self.labels.get(label, [])
        end = len(several) if before is None else bisect_left(several, before)
        for place in range(end - 1, -1, -1):
            yield several[place]

    def size(self, label: str | None) -> int:
        """Return how many there are under a label."""
        return len(self.all if label is None else self.labels.get(label, []))


def _take(several: list[Key], key: Key) -> None:
    place = bisect_left(several, key)
    assert several[place] == key
    del several[place]
