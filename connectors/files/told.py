"""The cursor of the calendar files: of each file its content, what was told of it, and when to look again.

Must not read calendars. Keys are 16 characters and stand in one text, so that 10,000 meetings take 160 KB.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Self

import orjson

_VERSION: Final = 1
_KEY: Final = 16


@dataclass(frozen=True, slots=True)
class FileTold:
    """One file: `digest` of its content, ``""`` while it is only told in part; `keys` of the meetings told.

    `again_at` is when its series must be followed further, None where nothing repeats. `mates` are the files it shares
    entries with.
    """

    digest: str
    keys: frozenset[str] = frozenset()
    again_at: datetime | None = None
    mates: tuple[str, ...] = ()


@dataclass(slots=True)
class Book:
    """What was told of all files, by label. `since` is how far back."""

    since: datetime | None = None
    files: dict[str, FileTold] = field(default_factory=dict)

    @classmethod
    def read(cls, cursor: str) -> Self:
        """Return the book that `write` wrote.

        Raises:
            ValueError: it is damaged, or from another version.
        """
        try:
            version, since, files = orjson.loads(cursor)
            book = cls(_instant(since), {label: _unpack(row) for label, row in files.items()})
        except (ValueError, TypeError, AttributeError) as err:
            raise ValueError("the calendar's cursor is damaged") from err
        if version != _VERSION:
            raise ValueError("the calendar's cursor is of another version")
        return book

    def write(self) -> str:
        """Return it as text; equal books give equal texts."""
        files = {
            label: [told.digest, "".join(sorted(told.keys)), _text(told.again_at), sorted(told.mates)]
            for label, told in sorted(self.files.items())
        }
        return orjson.dumps([_VERSION, _text(self.since), files]).decode()

    def known(self, labels: Iterable[str]) -> frozenset[str]:
        """Return the keys told of these files."""
        return frozenset().union(*(self.files[label].keys for label in labels if label in self.files))


def _unpack(row: list[object]) -> FileTold:
    digest, keys, again, mates = row
    if not (isinstance(digest, str) and isinstance(keys, str) and isinstance(mates, list)):
        raise TypeError("no file")
    whole = frozenset(keys[at : at + _KEY] for at in range(0, len(keys), _KEY))
    return FileTold(digest, whole, _instant(again), tuple(str(mate) for mate in mates))


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None


def _text(instant: datetime | None) -> str:
    return "" if instant is None else instant.isoformat()


def clusters(shared: Mapping[str, Iterable[int]]) -> list[tuple[str, ...]]:
    """Return the labels in groups: two that share a number stand in one, directly or through others."""
    parent = {label: label for label in shared}

    def root(label: str) -> str:
        while parent[label] != label:
            parent[label] = parent[parent[label]]
            label = parent[label]
        return label

    first: dict[int, str] = {}
    for label, numbers in shared.items():
        for number in numbers:
            parent[root(label)] = root(first.setdefault(number, label))
    groups: dict[str, list[str]] = {}
    for label in shared:
        groups.setdefault(root(label), []).append(label)
    return [tuple(group) for group in groups.values()]
