"""The state on disk: opened, read, changed in commits that are durable when they return.

Decides when a commit goes to the journal and when to a snapshot, and what memory holds after a failure: what the disk
holds, or nothing is done any more until it is opened again. Knows nothing of what the documents mean.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import RLock
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self

from daemon.store import disk, journal, recovery, schema, snapshots
from daemon.store.change import Change
from daemon.store.errors import StateError, explain
from daemon.store.journal import Journal
from daemon.store.lock import Lock
from daemon.store.side import SideStatus, read_side, write_side
from daemon.store.tables import Edits

log = logging.getLogger(__name__)

_EVERY: Final = timedelta(seconds=60)  # of bulk work, between two snapshots
_PURGING: Final = "purging"  # lies there while history is being removed
_SKIP: Final = 1_000_000  # generations; more than commits can have been lost with a damaged snapshot


class Store:
    """Documents by table and id, in a folder. A context manager; many threads may share one.

    `generation` counts the commits that altered something: as long as it is the same, so is the state. `fresh`: there
    was no state before. `notices` are sentences for the user about what was damaged and what was loaded in its place;
    empty when all is well.
    """

    def __init__(self, folder: Path, lock: Lock | None, clock: Callable[[], datetime], found: recovery.Found) -> None:
        self.folder = folder
        self.generation = found.generation
        self.fresh = found.snapshot is None
        self.notices: tuple[str, ...] = ()
        self._lock = lock
        self._clock = clock
        self._tables = found.tables()
        self._base = found.snapshot.base if found.snapshot is not None and not found.fell_back(folder) else None
        self._journal = Journal(folder)
        self._threads = RLock()
        self._committing = False
        self._sound = True  # memory is what the disk holds
        self._outdated = False  # the newest snapshot on disk cannot be continued by a journal
        self._snapshot_at = clock()

    @classmethod
    def open(cls, folder: Path, *, write: bool, clock: Callable[[], datetime]) -> Self:
        """Open the state in `folder`. To write, one must be alone, and the folder is created; to read, neither.

        Args:
            folder: the state folder.
            write: whether to commit. If not, what is read is the state as of now and does not follow a writer.
            clock: tells the time, aware.

        Raises:
            Busy: another process has it open for writing.
            StateError: it is unreadable, from a newer auld, or cannot be written to.
        """
        if not write:
            found = recovery.find_steadily(folder)
            store = cls(folder, None, clock, found)
            store.notices = recovery.tell(found, folder, {})
            return store
        try:
            disk.make_folder(folder)
        except OSError as err:
            raise explain(err, "create the state folder", folder) from err
        lock = Lock.take(folder / "lock")
        try:
            found = recovery.find(folder)
            store = cls(folder, lock, clock, found)
            store._settle(found)
        except BaseException:
            lock.release()
            raise
        return store

    def _settle(self, found: recovery.Found) -> None:
        """Make the folder such that commits can go on from what was found."""
        try:
            recovery.clear_litter(self.folder)
            moved = recovery.set_aside(found, self.folder, self._clock().astimezone(UTC))
            self.notices = recovery.tell(found, self.folder, moved)
            self._outdated = found.needs_snapshot(self.folder)
            if found.replay is not None and not self._outdated:
                self._journal.resume(found.replay.lines, found.replay.length)
        except OSError as err:
            raise explain(err, "repair the state in", self.folder) from err
        if self._outdated:
            self.generation += _SKIP
            self._renew()
        if (self.folder / _PURGING).exists():
            self.purge_history()

    # -- reading ---------------------------------------------------------------------------------------------------

    def documents(self, table: str) -> list[tuple[int, Mapping[str, Any]]]:
        """Return the documents of a table with their ids, ascending. What is inside them must not be changed."""
        with self._threads:
            return [(number, MappingProxyType(document)) for number, document in self._tables.documents(table)]

    def get(self, table: str, id: int) -> Mapping[str, Any] | None:  # noqa: A002 -- the word for it
        """Return one document, None if there is none of that id. What is inside it must not be changed."""
        with self._threads:
            document = self._tables.get(table, id)
            return None if document is None else MappingProxyType(document)

    def read_side(self) -> SideStatus | None:
        """Return what the side file says, None if there is none or it is broken."""
        return read_side(self.folder)

    def write_side(self, status: SideStatus) -> None:
        """Replace the side file; a failure is only logged."""
        self._check_open_to_write()
        write_side(self.folder, status)

    # -- writing ---------------------------------------------------------------------------------------------------

    @contextmanager
    def commit(self, *, bulk: bool = False) -> Iterator[Change]:
        """Gather edits in a `with` block; they are on the disk when it ends, and nothing is if it raises.

        Other threads wait meanwhile. Readers, this thread included, see the edits after the block. Edits that alter
        nothing write nothing. `bulk`: one of very many (a first read): it goes to the journal, which takes a few
        milliseconds whatever the size of the state.

        Raises:
            StateError: it could not be written. The state, here and on disk, is as it was before.
        """
        with self._threads:
            self._check_open_to_write()
            if self._committing:
                raise RuntimeError("a commit inside a commit")
            change = Change(self._tables)
            self._committing = True
            try:
                yield change
            finally:
                self._committing = False
                edits = change.close()
            if edits:
                self._store(edits, bulk=bulk)

    def announce_purge(self) -> None:
        """Make sure that history is removed, by the next opening at the latest, even if all ends before it is.

        To be called before the commit that deletes what nothing older may hold on to.

        Raises:
            StateError: it could not be noted.
        """
        with self._threads:
            self._check_open_to_write()
            try:
                disk.put(self.folder / _PURGING, [])
            except OSError as err:
                raise explain(err, "remove the history of the state in", self.folder) from err

    def purge_history(self) -> None:
        """Leave nothing of what the state no longer holds: older snapshots, journals and quarantine are removed.

        If it is cut off half-way, the next opening for writing finishes it.

        Raises:
            StateError: something could not be removed.
        """
        with self._threads:
            self.announce_purge()
            try:
                self._store({}, bulk=False)
                recovery.remove_history(self.folder)
                self._double()
                disk.remove(self.folder / _PURGING)
            except OSError as err:
                raise explain(err, "remove the history of the state in", self.folder) from err

    def close(self) -> None:
        """Fold the journal into a snapshot and let others write. Closing twice is harmless."""
        with self._threads:
            if self._lock is None:
                return
            try:
                if self._sound and (self._journal.lines or self._outdated):
                    self._renew()
            finally:
                self._journal.close()
                self._lock.release()
                self._lock = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _store(self, edits: Edits, *, bulk: bool) -> None:
        before, lines, generation, base = self._tables.raw, self._journal.lines, self.generation, self._base
        following = generation + 1 if edits else generation
        journaled = bulk and self._may_journal()
        self._sound = False
        try:
            self._tables.apply(edits)
            if journaled:
                self._journal.append(journal.encode(base or "", following, edits))
            else:
                self._base = self._write_snapshot(following)
            self.generation = following
            self._sound = True
        except BaseException as err:
            self._tables.raw, self.generation, self._base = before, generation, base
            self._sound = self._on_disk() == base and self._journal.lines == lines and not self._journal.torn
            if isinstance(err, OSError):
                raise explain(err, "write the state in", self.folder) from err
            raise
        if not journaled:
            self._tidy()

    def _may_journal(self) -> bool:
        elapsed = self._clock() - self._snapshot_at
        return self._base is not None and not self._outdated and timedelta(0) <= elapsed < _EVERY

    def _write_snapshot(self, generation: int) -> str:
        parts, base = snapshots.encode(self._tables.raw, schema.SCHEMA, generation, self._clock())
        snapshots.write(self.folder, parts)
        return base

    def _tidy(self) -> None:
        """After a snapshot. It is in place: nothing here can undo it, so nothing here may fail."""
        self._outdated = False
        self._snapshot_at = self._clock()
        try:
            self._journal.retire()
            if not snapshots.slots(self.folder)[1].exists():
                self._double()
        except OSError as err:
            log.warning("cannot tidy up in %s: %s", self.folder, err.strerror)

    def _double(self) -> None:
        """Let there be a second copy where there is no older snapshot to fall back on."""
        current, older, *_ = snapshots.slots(self.folder)
        disk.put(older, [disk.read(current) or b""])

    def _renew(self) -> None:
        """Write a snapshot for tidiness' sake; all of it is on disk in another form, so a failure can wait."""
        try:
            self._store({}, bulk=False)
        except StateError as err:
            log.warning("%s", err)

    def _on_disk(self) -> str | None:
        try:
            return snapshots.newest(self.folder, schema.SCHEMA)
        except OSError:
            return "unreadable"

    def _check_open_to_write(self) -> None:
        if self._lock is None:
            raise RuntimeError("the store is closed, or open for reading only")
        if not self._sound:
            raise StateError(
                f"Writing the state in {self.folder} was cut off, and it is not known how far it came. "
                "Nothing is lost; run the command again."
            )
