"""Finds the state in a folder: the newest good snapshot and what its journal adds. Decides what to do with bad files.

A damaged file is never overwritten and never deleted: whoever writes moves it to `quarantine/`, whoever only reads
leaves it where it is. A file from a newer auld is not damaged, and nothing older is taken in its stead.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from daemon.store import disk, journal, schema, snapshots
from daemon.store.errors import StateError, explain
from daemon.store.journal import Replay
from daemon.store.snapshots import Damaged, Newer, Snapshot
from daemon.store.tables import Tables

log = logging.getLogger(__name__)

_TRIES: Final = 20
_RETURN: Final = (
    "Mail and meetings recorded since then come back with the next `auld sync`; what you told auld since then "
    "(people muted, notes, meetings by hand) has to be told again."
)


@dataclass(frozen=True, slots=True)
class Found:
    """What lies in the folder. `snapshot` and `source` are None if there is nothing at all.

    `damaged` are the newer snapshots that are no good, each with the reason. `replay` is what the journal at `journal`
    adds (None: there is no journal of this snapshot).
    """

    snapshot: Snapshot | None = None
    source: Path | None = None
    damaged: tuple[tuple[Path, str], ...] = ()
    replay: Replay | None = None
    journal: Path | None = None

    def tables(self) -> Tables:
        """Return the state, in today's shape.

        Raises:
            StateError: there is no way from the shape it has.
        """
        if self.snapshot is None:
            return Tables({})
        tables = Tables(self.snapshot.raw)
        if self.replay is not None:
            tables.apply(self.replay.edits)
        if self.migrates:
            try:
                tables = Tables(schema.migrate(tables.raw, self.snapshot.schema))
            except LookupError as err:
                raise StateError(
                    f"{self.source} was written by a version of auld too old to be read by this one "
                    f"(schema {self.snapshot.schema}). Open it with a version in between first."
                ) from err
        return tables

    @property
    def migrates(self) -> bool:
        """Whether it is of an older shape."""
        return self.snapshot is not None and self.snapshot.schema < schema.SCHEMA

    @property
    def generation(self) -> int:
        """How many commits led here."""
        if self.replay is not None:
            return self.replay.generation
        return self.snapshot.generation if self.snapshot is not None else 0

    def needs_snapshot(self, folder: Path) -> bool:
        """Whether no journal may continue it as it lies there: a snapshot has to be written first."""
        return self.migrates or self.fell_back(folder) or self.journal == journal.places(folder)[1]

    def fell_back(self, folder: Path) -> bool:
        """Whether an older snapshot had to do."""
        return self.source is not None and self.source != snapshots.slots(folder)[0]


def find(folder: Path) -> Found:
    """Find the state while nobody writes.

    Raises:
        StateError: every snapshot is damaged, one is from a newer auld, or a file may not be read.
    """
    damaged: list[tuple[Path, str]] = []
    for path in snapshots.slots(folder):
        try:
            data = disk.read(path)
            if data is None:
                continue
            snapshot = snapshots.decode(data, schema.SCHEMA)
            place, replay = _replay(folder, snapshot)
            return Found(snapshot, path, tuple(damaged), replay, place)
        except OSError as err:
            raise explain(err, "read", path) from err
        except Damaged as err:
            damaged.append((path, str(err)))
        except Newer as err:
            raise StateError(
                f"{path} was written by a newer version of auld, and this one cannot read it. "
                "Use that version again, or choose another folder with --state. Nothing was changed."
            ) from err
    if damaged:
        raise StateError(
            f"The state in {folder} cannot be read: "
            + "; ".join(f"{path.name} {reason}" for path, reason in damaged)
            + f". Nothing was changed. Put a backup of ledger.json there, or move the files away (mv {folder} "
            f"{folder}.broken) and run `auld sync` to start over."
        )
    return Found()


def find_steadily(folder: Path) -> Found:
    """Find the state while another process may write: again if a snapshot was put in place meanwhile.

    What is found is a state that was once true in any case; looking again makes it the newest.

    Raises:
        StateError: as for `find`.
    """
    for _ in range(_TRIES):
        before = _newest(folder)
        found = find(folder)
        if _newest(folder) == before:
            break
    return found


def _newest(folder: Path) -> str | None:
    try:
        return snapshots.newest(folder, schema.SCHEMA)
    except OSError as err:
        raise explain(err, "read", snapshots.slots(folder)[0]) from err


def _replay(folder: Path, snapshot: Snapshot) -> tuple[Path | None, Replay | None]:
    # In this order: a writer renames the one to the other, never back.
    for place in journal.places(folder):
        replay = journal.replay(disk.read(place) or b"", snapshot)
        if replay.lines or replay.lost:
            return place, replay
    return None, None


def tell(found: Found, folder: Path, moved: dict[Path, Path]) -> tuple[str, ...]:
    """Return the sentences for the user; `moved` says where damaged files were moved to."""
    notices = []
    for path, reason in found.damaged:
        where = f"it was moved to {moved[path]}" if path in moved else "the next command that writes will set it aside"
        notices.append(f"{path} {reason}; {where}.")
    if found.snapshot is not None and found.source is not None and found.fell_back(folder):
        missing = "" if found.damaged else f"{snapshots.slots(folder)[0]} is missing. "
        notices.append(
            f"{missing}The snapshot of {found.snapshot.saved_at:%Y-%m-%d %H:%M} UTC ({found.source.name}) was loaded "
            f"instead. {_RETURN}"
        )
    if found.replay is not None and found.replay.lost and found.journal is not None:
        copy = f" (a copy is {moved[found.journal]})" if found.journal in moved else ""
        notices.append(
            f"{found.journal} is damaged in the middle{copy}; what follows the damage was left out. {_RETURN}"
        )
    return tuple(notices)


def set_aside(found: Found, folder: Path, now: datetime) -> dict[Path, Path]:
    """Move damaged snapshots to quarantine, and copy a damaged journal there; return what went where.

    Raises:
        OSError: it could not be done.
    """
    moved: dict[Path, Path] = {}
    for path, _ in found.damaged:
        moved[path] = _quarantine(folder, path, now)
        disk.move(path, moved[path])
    if found.replay is not None and found.replay.lost and found.journal is not None:
        moved[found.journal] = _quarantine(folder, found.journal, now)
        disk.put(moved[found.journal], [disk.read(found.journal) or b""])
    return moved


def clear_litter(folder: Path) -> None:
    """Remove what a killed writer left half written. Only for whoever holds the lock."""
    for path in folder.glob("*.tmp"):
        disk.discard(path)


def remove_history(folder: Path) -> None:
    """Remove all but the newest snapshot.

    Raises:
        OSError: something could not be removed.
    """
    for path in (*snapshots.slots(folder)[1:], *journal.places(folder), *quarantined(folder)):
        disk.remove(path)
    disk.sync(folder)


def quarantined(folder: Path) -> tuple[Path, ...]:
    """Return the files in quarantine, by name."""
    place = folder / "quarantine"
    return tuple(sorted(path for path in place.iterdir() if path.is_file())) if place.is_dir() else ()


def _quarantine(folder: Path, path: Path, now: datetime) -> Path:
    place = folder / "quarantine"
    disk.make_folder(place)
    stem, number = f"{path.name.partition('.')[0]}-{now:%Y%m%dT%H%M%SZ}", 1
    target = place / f"{stem}{path.suffix}"
    while target.exists():
        number += 1
        target = place / f"{stem}-{number}{path.suffix}"
    return target
