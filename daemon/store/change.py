"""What one commit is to do, gathered before any of it is done. Decides ids, and whether it alters anything."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from daemon.store.tables import META, Document, Edits, Tables, count_ids


class Change:
    """The edits of one commit. Good only inside its `with` block; seen by readers when that has ended."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._last_ids = tables.last_ids()
        self._edits: Edits = {}
        self._counted: set[str] = set()
        self._open = True

    def insert(self, table: str, document: Mapping[str, Any]) -> int:
        """Add a document; return its id, higher than any the table ever had.

        The document is kept as JSON reads it back: tuples are lists, enums their values, dates ISO 8601 text, and half
        a surrogate pair, which no file can hold, is a question mark.

        Raises:
            TypeError: it holds something that JSON cannot.
        """
        self._check(table)
        if table not in self._counted:  # nor may the counter be wrong: a migration may have brought documents
            self._counted.add(table)
            self._last_ids[table] = max(self._last_ids.get(table, 0), self._tables.highest_id(table))
        number = self._last_ids[table] + 1
        self._edits.setdefault(table, {})[number] = _as_read_back(document)
        self._last_ids[table] = number
        return number

    def replace(self, table: str, id: int, document: Mapping[str, Any]) -> None:  # noqa: A002 -- the word for it
        """Put another document in a document's place. An equal one is no change.

        Raises:
            KeyError: there is none of that id.
            TypeError: as for `insert`.
        """
        self._check(table)
        if self._now(table, id) is None:
            raise KeyError(f"{table} has no document {id}")
        self._edits.setdefault(table, {})[id] = _as_read_back(document)

    def remove(self, table: str, ids: Iterable[int]) -> None:
        """Remove documents. Ids of which there is none are passed over."""
        self._check(table)
        for number in ids:
            if self._now(table, number) is not None:
                self._edits.setdefault(table, {})[number] = None

    def close(self) -> Edits:
        """End the change; return what it really alters, nothing if it alters nothing."""
        self._open = False
        edits: Edits = {}
        for table, documents in self._edits.items():
            altered = {
                number: document
                for number, document in documents.items()
                if not _same(document, self._tables.get(table, number))
            }
            if altered:
                edits[table] = altered
        if self._counted:
            edits[META] = count_ids(self._last_ids)
        return edits

    def _now(self, table: str, number: int) -> Document | None:
        edits = self._edits.get(table, {})
        return edits[number] if number in edits else self._tables.get(table, number)

    def _check(self, table: str) -> None:
        if not self._open:
            raise RuntimeError("this change is over: a change is good inside its `with` block only")
        if table.startswith("_"):
            raise ValueError(f"{table!r}: names with an underscore in front are the store's own")


def _as_read_back(document: Mapping[str, Any]) -> Document:
    """Return a copy of its own, just as a later run will read it from the file."""
    plain = dict(document)
    try:
        data = orjson.dumps(plain, default=_plain)
    except TypeError:
        cleaned = _without_surrogates(plain)
        if cleaned == plain:
            raise
        data = orjson.dumps(cleaned, default=_plain)
    copy: Document = orjson.loads(data)
    return copy


def _plain(value: object) -> object:
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


def _without_surrogates(value: Any) -> Any:  # noqa: ANN401 -- whatever a document holds
    match value:
        case str():
            return value.encode("utf-8", "replace").decode("utf-8")
        case Mapping():
            return {_without_surrogates(key): _without_surrogates(one) for key, one in value.items()}
        case list() | tuple():
            return [_without_surrogates(one) for one in value]
        case _:
            return value


def _same(one: Document | None, other: Document | None) -> bool:
    # Not `==`, for which 1, 1.0 and True are the same.
    return one is other or (one is not None and other is not None and orjson.dumps(one) == orjson.dumps(other))
