"""A snapshot is the whole state in one file; the newest four are kept. Decides what a good snapshot is.

Line 1 is a small JSON header, line 2 the tables as JSON. The checksum covers the body and what the header says of it,
so that a file cut short, zero-filled or written by anything else is never taken for good. `ledger.json` is the newest,
`ledger.1.json` to `ledger.3.json` the ones before it. The older ones get their names before the newest is replaced,
and it is replaced at one stroke: at every instant a good newest one lies there.
"""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Self
from zlib import crc32

import orjson

from daemon.store import disk
from daemon.store.tables import Raw

_OLDER: Final = 3
_HEADER: Final = 1024  # a header is shorter


class Damaged(Exception):
    """Not a good snapshot. The message says how one can tell, as the rest of a sentence that starts with the file."""


class Newer(Exception):
    """Written by a later auld."""


@dataclass(frozen=True, slots=True)
class _Header:
    schema: int
    generation: int
    length: int
    checksum: str
    saved_at: datetime

    @property
    def base(self) -> str:
        return f"{self.schema}.{self.generation}.{self.checksum}"

    @classmethod
    def read(cls, data: bytes, known: int) -> Self:
        """Read line 1 of `data`; see `decode` for the errors."""
        try:
            fields = orjson.loads(data[: max(data.find(b"\n", 0, _HEADER), 0)])
            if fields["auld"] != "ledger":
                raise Damaged("is not a ledger of auld")
            if fields["schema"] > known:
                raise Newer
            return cls(
                schema=int(fields["schema"]),
                generation=int(fields["generation"]),
                length=int(fields["length"]),
                checksum=str(fields["crc32"]),
                saved_at=datetime.fromisoformat(fields["saved_at"]),
            )
        except (ValueError, TypeError, LookupError) as err:
            raise Damaged("is not a ledger of auld (it has no header)") from err


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A good one. `base` names it among all others: a journal continues just one snapshot. `saved_at` is for people."""

    raw: Raw
    schema: int
    generation: int
    base: str
    saved_at: datetime


def slots(folder: Path) -> tuple[Path, ...]:
    """Return where the snapshots lie, the newest first."""
    return (folder / "ledger.json", *(folder / f"ledger.{number}.json" for number in range(1, _OLDER + 1)))


def encode(raw: Raw, schema: int, generation: int, saved_at: datetime) -> tuple[list[bytes], str]:
    """Return the parts of a snapshot's file, and its base."""
    body = orjson.dumps(raw)
    header = _Header(schema, generation, len(body), _checksum(body, schema, generation), saved_at.astimezone(UTC))
    line = orjson.dumps(
        {
            "auld": "ledger",
            "schema": header.schema,
            "generation": header.generation,
            "crc32": header.checksum,
            "length": header.length,
            "saved_at": header.saved_at.isoformat(),
        },
        option=orjson.OPT_APPEND_NEWLINE,
    )
    return [line, body, b"\n"], header.base


def decode(data: bytes, known: int) -> Snapshot:
    """Read a snapshot's file; `known` is the newest schema we can read.

    Raises:
        Damaged: it is none, or not whole.
        Newer: its schema is beyond `known`. Said before anything else is looked at: nothing of it is ours to judge.
    """
    header = _Header.read(data, known)
    body = memoryview(data)[data.index(b"\n") + 1 :]
    if len(body) < header.length + 1:
        raise Damaged(f"ends after {len(body)} of {header.length + 1} bytes")
    if len(body) > header.length + 1:
        raise Damaged("goes on after its end")
    body = body[: header.length]
    if _checksum(body, header.schema, header.generation) != header.checksum:
        raise Damaged("does not hold what was written (its checksum differs)")
    try:
        raw = orjson.loads(body)
    except orjson.JSONDecodeError as err:
        raise Damaged("is no JSON") from err
    return Snapshot(raw, header.schema, header.generation, header.base, header.saved_at)


def newest(folder: Path, known: int) -> str | None:
    """Return the base of the newest snapshot by its header alone, None if there is none of ours.

    Raises:
        OSError: it cannot be read.
    """
    data = disk.read(slots(folder)[0], _HEADER)
    if data is None:
        return None
    try:
        return _Header.read(data, known).base
    except (Damaged, Newer):
        return None


def write(folder: Path, parts: list[bytes]) -> None:
    """Make `parts` the newest snapshot, durably; the oldest goes.

    Raises:
        OSError: it could not be done. `newest` tells whether the new one is in place all the same.
    """
    current = slots(folder)[0]
    aside = disk.stage(current, parts)
    try:
        _shift(folder)
        disk.move(aside, current)
    except BaseException:
        disk.discard(aside)
        raise
    disk.sync(folder)


def _shift(folder: Path) -> None:
    """Give each snapshot the next older name. Only as far as needed: a try that failed must not push good ones out."""
    ring = slots(folder)
    if not ring[0].exists():
        return
    if ring[1].exists() and ring[0].samefile(ring[1]):
        return  # a kill cut the last try off here; rename(2) between two names of one file would do nothing
    free = next((place for place, path in enumerate(ring) if place and not path.exists()), _OLDER)
    for place in range(free, 1, -1):
        disk.move(ring[place - 1], ring[place])
    disk.double(ring[0], ring[1])


def _checksum(body: bytes | memoryview, schema: int, generation: int) -> str:
    return f"{crc32(body, crc32(f'{schema} {generation}'.encode())):08x}"
