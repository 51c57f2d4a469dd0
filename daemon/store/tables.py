"""The tables in memory, in TinyDB. Nothing here touches a file.

TinyDB rewrites a whole table with each of its operations and writes into the dicts its storage hands it. So all edits
of a commit to one table are one operation, and the storage hands out a fresh outer dict each time: the tables as they
were stay as they were, and undoing a commit that could not be stored is putting them back.
"""

from collections.abc import Mapping
from typing import Any, Final

from tinydb import TinyDB
from tinydb.storages import Storage
from tinydb.table import Table

Document = dict[str, Any]
"""One document. Never changed once it is in a table."""

Raw = dict[str, dict[str, Document]]
"""All tables as TinyDB keeps them: table name, id as text, document."""

Edits = dict[str, dict[int, Document | None]]
"""What a commit does, by table and id; None removes."""

META: Final = "_meta"
_COUNTERS: Final = 1


class _Memory(Storage):
    """A storage of TinyDB that only keeps; the durable write is the commit's."""

    def __init__(self, raw: Raw) -> None:
        self.raw = raw

    def read(self) -> Raw:
        return dict(self.raw)

    def write(self, data: Raw) -> None:
        self.raw = data


class _Table(Table):
    """A table that takes all edits in one operation."""

    def edit(self, edits: Mapping[int, Document | None]) -> None:
        def update(documents: dict[int, Any]) -> None:
            for number, document in edits.items():
                if document is None:
                    documents.pop(number, None)
                else:
                    documents[number] = document

        self._update_table(update)


class _Database(TinyDB):
    table_class = _Table


class Tables:
    """Documents by table and id."""

    def __init__(self, raw: Raw) -> None:
        self._memory = _Memory(raw)
        self._database = _Database(storage=lambda: self._memory)

    @property
    def raw(self) -> Raw:
        """All tables as they are now. Not to be changed; setting it puts others in their place."""
        return self._memory.raw

    @raw.setter
    def raw(self, raw: Raw) -> None:
        self._memory.raw = raw

    def apply(self, edits: Edits) -> None:
        """Carry out `edits`."""
        for name, documents in edits.items():
            table = self._database.table(name)
            assert isinstance(table, _Table)
            table.edit(documents)

    def documents(self, table: str) -> list[tuple[int, Document]]:
        """Return all documents of a table by ascending id, each in a copy of its outer level."""
        return sorted(
            ((one.doc_id, one) for one in self._database.table(table)),
            key=lambda pair: pair[0],
        )

    def get(self, table: str, number: int) -> Document | None:
        """Return one document, None if there is none of that id."""
        return self.raw.get(table, {}).get(str(number))

    def last_ids(self) -> dict[str, int]:
        """Return the highest id ever given in each table that had a document."""
        return dict((self.get(META, _COUNTERS) or {}).get("last_ids", {}))

    def highest_id(self, table: str) -> int:
        """Return the highest id in a table as it is, 0 if it is empty."""
        return max(map(int, self.raw.get(table, ())), default=0)


def count_ids(last_ids: Mapping[str, int]) -> dict[int, Document | None]:
    """Return the edit of `META` that keeps the highest ids given."""
    return {_COUNTERS: {"last_ids": dict(last_ids)}}
