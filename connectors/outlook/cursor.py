"""How far the mail of an account is read, as the text of a cursor.

First Sent is listed, then what was received, from both ends; from then on both are asked what is new.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

from connectors.errors import CursorExpired
from connectors.outlook.api import SENT, is_part
from connectors.packing import pack_hashes, squeeze, unpack_hashes, unsqueeze

_VERSION: Final = "outlook mail, 1"


@dataclass(slots=True, eq=False)
class Gap:
    """A time of which what was received is still to be read: from `low` on and before `high` (None: no end)."""

    low: datetime
    high: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Say whether a moment lies in it."""
        return self.low <= at and (self.high is None or at < self.high)

    @property
    def closed(self) -> bool:
        """Whether nothing is left of it."""
        return self.high is not None and self.low >= self.high


@dataclass(slots=True)
class Position:
    """Where the reading stands.

    `folders` are the ids of well-known folders by name. `sent` is where the list of Sent goes on: the next page, or
    once `listed` what changed since. Received mail is read but for what came in the `gaps`, which stand in order of
    time. `newest` is when the newest mail that was seen came, `recent` what came shortly before it (hash -> seconds
    since 1970). `waiting` are ids of mails that were seen and are still to be got. `known` are hashes of those who were
    ever written to. `since` (ISO 8601 or ``""``) is what the first read went back to. `done` of `total` mails are read;
    `moved_at` (ISO 8601 or ``""``) is when `sent` last moved on. `greetings` says that the list of Sent tells
    beginnings of texts.
    """

    folders: dict[str, str]
    gaps: list[Gap]
    since: str = ""
    sent: str = ""
    listed: bool = False
    newest: datetime | None = None
    recent: dict[int, int] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    known: set[int] = field(default_factory=set)
    done: int = 0
    total: int = 0
    moved_at: str = ""
    greetings: bool = False

    @property
    def through(self) -> bool:
        """Whether received mail was read once."""
        return not self.gaps

    def write(self) -> str:
        """Return the position as text."""
        fields: dict[str, Any] = {
            "folders": self.folders,
            "since": self.since,
            "sent": self.sent,
            "listed": self.listed,
            "gaps": [[one.low.isoformat(), None if one.high is None else one.high.isoformat()] for one in self.gaps],
            "newest": None if self.newest is None else self.newest.isoformat(),
            "recent": squeeze(f"{number:x}:{at}" for number, at in sorted(self.recent.items())),
            "waiting": self.waiting,
            "known": pack_hashes(self.known),
            "done": self.done,
            "total": self.total,
            "moved_at": self.moved_at,
            "greetings": self.greetings,
        }
        return json.dumps({_VERSION: fields}, separators=(",", ":"))

    @classmethod
    def read(cls, cursor: str) -> "Position":
        """Return the position that `write` wrote.

        Raises:
            CursorExpired: the text is not one of this version.
        """
        try:
            told = json.loads(cursor)[_VERSION]
            folders = {str(name): _name(number) for name, number in told["folders"].items()}
            _name(folders[SENT])
            position = cls(
                folders,
                [Gap(_moment(low), None if high is None else _moment(high)) for low, high in told["gaps"]],
                _text(told["since"]) and _moment(told["since"]).isoformat(),
                _text(told["sent"]),
                bool(told["listed"]),
                None if told["newest"] is None else _moment(told["newest"]),
                dict(_recent(word) for word in unsqueeze(told["recent"])),
                [_name(number) for number in told["waiting"]],
                set(unpack_hashes(told["known"])),
                _count(told["done"]),
                _count(told["total"]),
                _text(told["moved_at"]),
                bool(told.get("greetings")),
            )
            if position.listed:
                _moment(position.moved_at)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError, OverflowError) as err:
            raise CursorExpired(
                "Where the reading of the mailbox stood is not known any more; it is read anew."
            ) from err
        return position


def _recent(word: str) -> tuple[int, int]:
    number, at = word.split(":")
    return int(number, 16), int(at)


def _moment(value: str) -> datetime:
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is None:
        raise ValueError("a moment of no certain zone")
    return moment.astimezone(UTC)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    return value


def _name(value: object) -> str:
    if not is_part(_text(value)):
        raise ValueError("no name of anything")
    return _text(value)


def _count(value: object) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("no count")
    return value
