"""Where the reading of a mailbox stands, as the opaque text the daemon keeps.

A first read goes through stages. Two list ids: of sent mail, then of all mail, by which it is known how many messages
each thread with mail of mine has. Then those threads are read, newest first; then the rest of the inbox is listed, less
its tabs without personal mail, and read. `history` is where the mailbox stood before all that: what came since is told
by Gmail's history, in every later read.
"""

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from connectors.errors import CursorExpired
from connectors.gmail.facts import is_name
from connectors.gmail.reach import check_reach
from connectors.packing import pack_hashes, squeeze, unpack_hashes, unsqueeze

_VERSION: Final = "gmail, 1"


class Stage(StrEnum):
    """What is being done. Those before THREADS and MAILS list ids; the value names the label they list."""

    SENT = "SENT"
    ALL = "ALL"
    THREADS = "threads"
    INBOX = "INBOX"
    PROMOTIONS = "CATEGORY_PROMOTIONS"
    SOCIAL = "CATEGORY_SOCIAL"
    FORUMS = "CATEGORY_FORUMS"
    MAILS = "mails"
    THROUGH = "through"

    @property
    def after(self) -> "Stage":
        """Return the next stage."""
        stages = list(Stage)
        return stages[stages.index(self) + 1]


@dataclass(slots=True)
class Thread:
    """A thread with mail of mine that is to be read: how many messages it has, and the id of one of them."""

    id: str
    count: int
    message: str


@dataclass(slots=True)
class Position:
    """Where a read stands.

    `known` are hashes of all threads with mail of mine. `page` is the token of the page to go on with in a stage that
    lists. `threads` and `mails` (ids) are left to read, in this order; `done` of `total` messages are. `recent` says
    that all mail of the last weeks is read, so that the rest can wait. `reach` is how far back the first read goes.
    """

    history: str
    stage: Stage = Stage.SENT
    page: str | None = None
    threads: dict[str, Thread] = field(default_factory=dict)
    mails: list[str] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    done: int = 0
    total: int = 0
    recent: bool = False
    reach: str | None = None
    _known_text: tuple[int, str] = (-1, "")

    def write(self) -> str:
        """Return it as text; equal positions give equal text."""
        fields: dict[str, Any] = {"history": self.history, "stage": self.stage.value}
        if self.reach is not None:
            fields["reach"] = self.reach
        if self.known:
            if self._known_text[0] != len(self.known):
                self._known_text = (len(self.known), pack_hashes(self.known))
            fields["known"] = self._known_text[1]
        if self.stage is not Stage.THROUGH:
            fields |= {"page": self.page, "done": self.done, "total": self.total, "recent": self.recent}
            fields["threads"] = squeeze(map(_write_thread, self.threads.values()))
            fields["mails"] = squeeze(self.mails)
        return json.dumps({_VERSION: fields}, separators=(",", ":"))

    @classmethod
    def read(cls, cursor: str) -> "Position":
        """Return the position that `write` wrote.

        Raises:
            CursorExpired: the text is not one of this version.
        """
        try:
            fields = json.loads(cursor)[_VERSION]
            page = fields.get("page")
            threads = [_read_thread(word) for word in unsqueeze(fields["threads"])] if "threads" in fields else []
            mails = [_id(word) for word in unsqueeze(fields["mails"])] if "mails" in fields else []
            position = cls(
                _text(fields["history"]),
                Stage(fields["stage"]),
                None if page is None else _text(page),
                {one.id: one for one in threads},
                mails,
                set(unpack_hashes(fields.get("known", ""))),
                _count(fields.get("done", 0)),
                _count(fields.get("total", 0)),
                bool(fields.get("recent", False)),
                check_reach(fields.get("reach")),
            )
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as err:
            raise CursorExpired(
                "Where the reading of the mailbox stood is not known any more; it is read anew."
            ) from err
        return position


def _write_thread(thread: Thread) -> str:
    tail = "" if thread.message == thread.id else f"\t{thread.message}"
    return f"{thread.id}\t{thread.count}{tail}"


def _read_thread(word: str) -> Thread:
    number, count, *message = word.split("\t")
    return Thread(_id(number), int(count), _id(message[0] if message else number))


def _id(word: str) -> str:
    if not is_name(word, len(word)):
        raise ValueError("no id")
    return word


def _text(value: object) -> str:
    if not isinstance(value, str) or not value.isprintable():
        raise TypeError("no text")
    return value


def _count(value: object) -> int:
    if not isinstance(value, int) or value < 0:
        raise ValueError("no count")
    return value
