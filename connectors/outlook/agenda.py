"""How far the calendars of an account are read, as the text of a cursor.

Graph cannot be asked for what changed in a calendar without its answers growing bodies, so what it told of the time
around now is remembered, by hashes, and compared.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

from connectors.errors import CursorExpired
from connectors.packing import hash_word, squeeze, unsqueeze
from connectors.types import Meeting

_VERSION: Final = "outlook calendars, 1"
_FORGOTTEN: Final = "Where the reading of the calendars stood is not known any more; they are read anew."


class Seen(NamedTuple):
    """What is remembered of one entry: a hash of all that is told of it, and when it ends (seconds since 1970)."""

    content: int
    end: int


@dataclass(slots=True)
class Agenda:
    """Where the reading stands.

    `mine` are the user's addresses here. Moments are ISO 8601, ``""`` for never: when what was long ago was told last,
    when calendars were listed last, when it was looked far ahead last. `since` is how far back was read, ``""`` for the
    beginning. `seen` is what was told of the time around now, by calendar and key; a calendar is in it once it was read
    whole. `closed` are calendars that are listed but could not be read.
    """

    mine: tuple[str, ...] = ()
    told_at: str = ""
    listed_at: str = ""
    far_at: str = ""
    since: str = ""
    seen: dict[str, dict[str, Seen]] = field(default_factory=dict)
    closed: set[str] = field(default_factory=set)

    def write(self) -> str:
        """Return it as text."""
        fields = {
            "mine": self.mine,
            "told_at": self.told_at,
            "listed_at": self.listed_at,
            "far_at": self.far_at,
            "since": self.since,
            "seen": {number: squeeze(_words(told)) for number, told in self.seen.items()},
            "closed": sorted(self.closed),
        }
        return json.dumps({_VERSION: fields}, separators=(",", ":"), sort_keys=True)

    @classmethod
    def read(cls, cursor: str) -> "Agenda":
        """Return what `write` wrote.

        Raises:
            CursorExpired: the text is not one of this version.
        """
        try:
            told = json.loads(cursor)[_VERSION]
            return cls(
                tuple(map(_text, told["mine"])),
                _moment(told["told_at"]),
                _moment(told["listed_at"]),
                _moment(told["far_at"]),
                _moment(told["since"]),
                {_text(number): dict(map(_read, unsqueeze(words))) for number, words in told["seen"].items()},
                set(map(_text, told["closed"])),
            )
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as err:
            raise CursorExpired(_FORGOTTEN) from err


def look_at(meeting: Meeting) -> Seen:
    """Return what is remembered of a meeting."""
    end = meeting.end if meeting.end.tzinfo is not None else meeting.end.replace(tzinfo=UTC)
    return Seen(hash_word(repr(meeting)), int(end.timestamp()))


def _words(seen: Mapping[str, Seen]) -> Iterable[str]:
    return (f"{key}:{one.content:x}:{one.end}" for key, one in sorted(seen.items()))


def _read(word: str) -> tuple[str, Seen]:
    key, content, end = word.split(":")
    return key, Seen(int(content, 16), int(end))


def _text(told: object) -> str:
    if not isinstance(told, str) or not told.isprintable():
        raise ValueError("no text")
    return told


def _moment(told: object) -> str:
    text = _text(told)
    if text and datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("no moment")
    return text
