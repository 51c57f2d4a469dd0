"""One table of small records: a frozen dataclass each, turned into plain documents at the border to the store."""

from collections.abc import Callable, Hashable, Iterator
from functools import cache
from typing import Any, Generic, TypeVar, cast

from pydantic import TypeAdapter

from daemon.store import Change, Store

R = TypeVar("R")


class Shelf(Generic[R]):
    """Records of one type, by document number, in memory and (through a `Change`) in the store."""

    def __init__(self, store: Store, table: str, record: type[R]) -> None:
        self._table = table
        self._adapter: TypeAdapter[R] = _adapter(cast(Hashable, record))
        self._records: dict[int, R] = {
            number: self._adapter.validate_python(dict(document)) for number, document in store.documents(table)
        }

    def __iter__(self) -> Iterator[R]:
        return iter(self._records.values())

    def __len__(self) -> int:
        return len(self._records)

    def items(self) -> list[tuple[int, R]]:
        """Return number and record of each."""
        return list(self._records.items())

    def first(self, wanted: Callable[[R], bool]) -> R | None:
        """Return the first record that is wanted, or None."""
        return next((record for record in self._records.values() if wanted(record)), None)

    def add(self, change: Change, record: R) -> int:
        """Add a record; return its number."""
        number = change.insert(self._table, self._document(record))
        self._records[number] = record
        return number

    def put(self, change: Change, record: R, same: Callable[[R], bool]) -> None:
        """Put `record` in the place of the one that is the same, or add it."""
        for number, old in self._records.items():
            if same(old):
                if old != record:
                    self.replace(change, number, record)
                return
        self.add(change, record)

    def replace(self, change: Change, number: int, record: R) -> None:
        """Put `record` in the place of the one of that number."""
        change.replace(self._table, number, self._document(record))
        self._records[number] = record

    def remove(self, change: Change, wanted: Callable[[R], bool]) -> list[R]:
        """Remove every record that is wanted; return them."""
        gone = {number: record for number, record in self._records.items() if wanted(record)}
        if gone:
            change.remove(self._table, gone)
            for number in gone:
                del self._records[number]
        return list(gone.values())

    def _document(self, record: R) -> dict[str, Any]:
        document = self._adapter.dump_python(record, mode="json")
        assert isinstance(document, dict)
        return document


@cache
def _adapter(record: Hashable) -> TypeAdapter[Any]:
    return TypeAdapter(cast(type[Any], record))
