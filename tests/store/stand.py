"""What the store's tests stand on: a clock that is set, a disk that fails, a state that can be compared."""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

from daemon.store import Store, disk

State = dict[str, list[tuple[int, dict[str, Any]]]]

WRITING = frozenset({"open", "pwrite", "write", "fsync", "ftruncate", "fchmod", "link", "replace", "unlink", "mkdir"})


class Killed(BaseException):
    """The process is no more."""


class Clock:
    def __init__(self) -> None:
        self.now = datetime(2026, 10, 1, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)


class Disk:
    """Stands in for `os` where the store writes. The call number `fails_at` fails, a write after half of its bytes.

    `error` None is a kill: every later call fails too. With `power_cut`, what was written but not flushed then turns
    to zeros. With an errno the call raises that; with `lasting`, so do all later writes.
    """

    def __init__(
        self, fails_at: int | None = None, *, error: int | None = None, power_cut: bool = False, lasting: bool = False
    ) -> None:
        self.calls = 0
        self.trace: list[str] = []  # names given to files, and folders flushed, in order
        self.failed: str | None = None
        self._fails_at = fails_at
        self._error = error
        self._power_cut = power_cut
        self._lasting = lasting
        self._unflushed: dict[int, list[tuple[int, int]]] = {}

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        if name not in WRITING:
            return real

        def call(*args: Any, **keywords: Any) -> Any:
            if self.failed is not None and (self._error is None or (self._lasting and name not in {"open", "unlink"})):
                raise self._failure()
            self.calls += 1
            if self.calls - 1 == self._fails_at:
                self.failed = name
                if name == "pwrite":
                    self._write(args[0], bytes(args[1])[: len(args[1]) // 2], args[2])
                if self._error is None and self._power_cut:
                    self._lose()
                raise self._failure()
            if name == "pwrite":
                return self._write(*args)
            if name == "fsync":
                self._unflushed.pop(args[0], None)
                if stat.S_ISDIR(os.fstat(args[0]).st_mode):
                    self.trace.append("folder flushed")
            elif name in {"open", "replace"}:
                self.trace.append(Path(args[1] if name == "replace" else args[0]).name)
            return real(*args, **keywords)

        return call

    def _write(self, file: int, data: bytes, offset: int) -> int:
        self._unflushed.setdefault(file, []).append((offset, len(data)))
        return os.pwrite(file, data, offset)

    def _lose(self) -> None:
        for file, places in self._unflushed.items():
            for offset, length in places:
                os.pwrite(file, b"\0" * length, offset)

    def _failure(self) -> BaseException:
        return Killed() if self._error is None else OSError(self._error, os.strerror(self._error))


@contextmanager
def on_disk(fake: Disk) -> Iterator[Disk]:
    with patch.object(disk, "os", fake):
        yield fake


def state(store: Store, *tables: str) -> State:
    return {table: [(number, dict(one)) for number, one in store.documents(table)] for table in tables}


def abandon(store: Store) -> None:
    """Do to a store what a kill does: nothing is written, the kernel drops the lock and the files."""
    assert store._lock is not None
    store._journal.close()
    store._lock.release()


def add(store: Store, table: str = "notes", *, bulk: bool = False, **document: object) -> int:
    with store.commit(bulk=bulk) as change:
        return change.insert(table, document)


def reader(folder: Path, clock: Callable[[], datetime]) -> Store:
    return Store.open(folder, write=False, clock=clock)


def writer(folder: Path, clock: Callable[[], datetime]) -> Store:
    return Store.open(folder, write=True, clock=clock)
