"""The mailbox's diary: what happened to which message, until it is forgotten."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from tests.google.answers import Json
from tests.google.messages import Message

Kind = Literal["messageAdded", "messageDeleted", "labelAdded", "labelRemoved"]

KEYS = {
    "messageAdded": "messagesAdded",
    "messageDeleted": "messagesDeleted",
    "labelAdded": "labelsAdded",
    "labelRemoved": "labelsRemoved",
}
STEP = 3  # ids grow, but not by one


@dataclass(frozen=True, slots=True)
class Record:
    """One entry; `labels` are the message's at that time, `changed` those put on or taken off."""

    id: int
    kind: Kind
    message: str
    thread: str
    labels: tuple[str, ...]
    changed: tuple[str, ...] = ()

    def told(self, labels: Iterable[str]) -> Json:
        """Return the resource, the message under `labels`."""
        short = {"id": self.message, "threadId": self.thread}
        names = sorted(labels)
        inner: Json = {"message": short | ({"labelIds": names} if names else {})}
        if self.changed:
            inner["labelIds"] = list(self.changed)
        return {"id": str(self.id), "messages": [short], KEYS[self.kind]: [inner]}


class History:
    """Records in order. `now` is the newest id; what is older than `floor` is forgotten."""

    def __init__(self) -> None:
        self.records: list[Record] = []
        self.now = self.floor = 10_000

    def note(self, kind: Kind, message: Message, changed: Iterable[str] = ()) -> None:
        """Write down what happened to `message`."""
        self.now += STEP
        message.history = self.now
        labels, names = tuple(sorted(message.labels)), tuple(sorted(changed))
        self.records.append(Record(self.now, kind, message.id, message.thread, labels, names))

    def after(self, start: int) -> list[Record]:
        """Return what came after the id `start`."""
        return self.records[bisect_right(self.records, start, key=lambda one: one.id) :]

    def forget(self) -> None:
        """Forget all there is: only the newest id is still known."""
        self.now += STEP
        self.records.clear()
        self.floor = self.now
