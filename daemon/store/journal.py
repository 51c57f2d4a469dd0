"""The journal continues one snapshot, commit by commit, so that those of a first read need not each rewrite all.

A line is a checksum and the JSON of one commit: the base of the snapshot it continues, its generation, its edits. Lines
count up from the snapshot's generation without a gap; whatever else stands there is not part of the state. When a
snapshot takes over, the journal is kept as `journal.1.jsonl`, the company of `ledger.1.json`: together they are the
state just before.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import orjson

from daemon.store import disk
from daemon.store.snapshots import Snapshot
from daemon.store.tables import Document, Edits


@dataclass(frozen=True, slots=True)
class Replay:
    """What a journal adds to a snapshot.

    `length` is where its good lines end and `lines` how many they are; `edits` is all of them in one. `lost` is set
    if good lines of the same snapshot follow one that cannot be read: a kill cuts off the last line only.
    """

    edits: Edits
    generation: int
    lines: int = 0
    length: int = 0
    lost: bool = False


def places(folder: Path) -> tuple[Path, Path]:
    """Return where the journal lies, and the one before it."""
    return folder / "journal.jsonl", folder / "journal.1.jsonl"


@dataclass(frozen=True, slots=True)
class _Commit:
    base: str
    generation: int
    edits: dict[str, dict[str, Document | None]]


def encode(base: str, generation: int, edits: Edits) -> bytes:
    """Return the line of one commit."""
    commit = {"base": base, "generation": generation, "edits": edits}
    body = orjson.dumps(commit, option=orjson.OPT_NON_STR_KEYS)
    return b"%08x %s\n" % (crc32(body), body)


def replay(data: bytes, snapshot: Snapshot) -> Replay:
    """Read a journal as far as it continues `snapshot`. One of another snapshot adds nothing."""
    edits: Edits = {}
    generation, lines, length = snapshot.generation, 0, 0
    commits = ((_decode(line), len(line)) for line in _lines(data))
    for commit, size in commits:
        if commit is None or commit.base != snapshot.base or commit.generation != generation + 1:
            break
        for table, documents in commit.edits.items():
            edits.setdefault(table, {}).update({int(number): document for number, document in documents.items()})
        generation, lines, length = generation + 1, lines + 1, length + size
    lost = any(commit is not None and commit.base == snapshot.base for commit, _ in commits)
    return Replay(edits, generation, lines, length, lost)


def _lines(data: bytes) -> Iterator[bytes]:
    start = 0
    while end := data.find(b"\n", start) + 1:
        yield data[start:end]
        start = end


def _decode(line: bytes) -> _Commit | None:
    checksum, _, body = line[:-1].partition(b" ")
    if checksum != b"%08x" % crc32(body):
        return None
    try:
        fields = orjson.loads(body)
        return _Commit(fields["base"], fields["generation"], fields["edits"])
    except (ValueError, TypeError, LookupError):
        return None


class Journal:
    """The journal of the newest snapshot, open for writing.

    `lines` counts its commits. `torn`: a line could be neither written nor taken back, so what lies there is unknown.
    """

    def __init__(self, folder: Path) -> None:
        self._path, self._older = places(folder)
        self._file: int | None = None
        self._length = 0
        self.lines = 0
        self.torn = False

    def resume(self, lines: int, length: int) -> None:
        """Go on after what `replay` accepted; what lies after that is cut off. For the current journal only.

        Raises:
            OSError: it cannot be opened or cut.
        """
        self._file = disk.reopen(self._path)
        self.lines, self._length = lines, length
        disk.truncate(self._file, length)

    def append(self, line: bytes) -> None:
        """Add one commit, durably.

        Raises:
            OSError: it could not be done.
        """
        if self._file is None:
            self._file = disk.create(self._path)
            self._length = 0
            disk.sync(self._path.parent)
        try:
            length = disk.write_at(self._file, [line], self._length)
        except BaseException:
            self.torn = True
            with suppress(OSError):
                disk.truncate(self._file, self._length)
                self.torn = False
            raise
        self.lines, self._length = self.lines + 1, length

    def retire(self) -> None:
        """A snapshot has taken over: keep what was written with the snapshot before it, and start afresh.

        Raises:
            OSError: harmless, for a journal of another snapshot is not read and the next one takes its place.
        """
        written = self.lines > 0
        self.close()
        if written:
            disk.move(self._path, self._older)
        else:
            disk.remove(self._path)
            disk.remove(self._older)

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            disk.close(self._file)
        self._file, self.lines = None, 0
