"""Which calendar files there are, and a look at each that is far cheaper than reading it.

Decides what is a calendar file by its name, and tells a file that is gone from one that cannot be reached. Must not
read events.
"""

import os
import re
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import BinaryIO, Final

from connectors.ical.stream import CHUNK, PROBE, NotCalendarError, probe

_ENDINGS: Final = (".ics", ".ical")
_UID: Final = re.compile(rb"\nUID[^:\r\n]{0,200}:([^\r\n]*)")  # in capitals as everybody writes it: ten times as fast
_OVERLAP: Final = 1 << 10


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a path is not read: `detail` is a sentence that names it, `fix` what to do."""

    detail: str
    fix: str

    def __str__(self) -> str:
        return f"{self.detail}: {self.fix}"


@dataclass(frozen=True, slots=True)
class Listing:
    """`files` by label: the configured path, for a folder with the way below it.

    `lost` are the configured paths that cannot be read now, `roots` those that can.
    """

    files: dict[str, Path]
    lost: dict[str, Fault]
    roots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Print:
    """A file's `digest`, numbers for its UIDs, and how many events it seems to have. `fault`: it is no calendar."""

    digest: str
    uids: frozenset[int]
    events: int
    fault: str = ""


def list_files(paths: Sequence[Path]) -> Listing:
    """Return the calendar files under `paths`, each once. Hidden ones are a program's own, not the user's."""
    files: dict[str, Path] = {}
    lost: dict[str, Fault] = {}
    roots: list[str] = []
    seen: set[str] = set()
    for path in paths:
        label = str(path)
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
            found = dict(_walk(path)) if is_folder else {label: path}
        except OSError as err:
            lost[label] = unreadable(label, err)
            continue
        roots.append(label)
        for name, file in found.items():
            real = os.path.realpath(file)
            if real not in seen:
                seen.add(real)
                files[name] = file
    return Listing(files, lost, tuple(roots))


def _walk(folder: Path) -> list[tuple[str, Path]]:
    """Return label and path of each calendar file below `folder`.

    Raises:
        OSError: some folder cannot be listed, so nobody knows what is gone.
    """

    def fail(err: OSError) -> None:
        raise err

    found = []
    for top, folders, names in os.walk(folder, onerror=fail):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(top, name)
            if name.lower().endswith(_ENDINGS) and not name.startswith(".") and path.is_file():
                found.append((f"{folder}/{path.relative_to(folder).as_posix()}", path))
    return found


def unreadable(label: str, err: OSError) -> Fault:
    """Return the fault of a path that the system refuses to read."""
    reason = (err.strerror or type(err).__name__).lower()
    return Fault(
        f"{label} cannot be read ({reason})", "check the path and its permissions, or take it out of `calendar`"
    )


def no_calendar(label: str, reason: object) -> Fault:
    """Return the fault of a file that can be read and is no calendar; `reason` is a `NotCalendarError`'s."""
    return Fault(f"{label} {reason}", "export the calendar again, or take the file out of `calendar`")


def open_file(path: Path) -> BinaryIO:
    """Open a calendar file for reading; a pipe or a device in its place would have no end, or keep us waiting for one.

    Raises:
        OSError: it cannot be read, or is no ordinary file.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise OSError(None, "it is no ordinary file")
    return os.fdopen(handle, "rb")


def take_print(path: Path) -> Print:
    """Return the print of a file; of one that is no calendar after a look at its beginning.

    Raises:
        OSError: it cannot be read, or is a pipe or device.
    """
    with open_file(path) as stream:
        try:
            probe(stream)
        except NotCalendarError as err:
            stream.seek(0)
            size = os.fstat(stream.fileno()).st_size
            return Print(
                blake2b(stream.read(PROBE) + b"%d" % size, digest_size=12).hexdigest(), frozenset(), 0, str(err)
            )
        stream.seek(0)
        return _scan(stream)


def _scan(stream: BinaryIO) -> Print:
    digest = blake2b(digest_size=12)
    uids: set[int] = set()
    events = 0
    tail = b"\n"
    while chunk := stream.read(4 * CHUNK):
        digest.update(chunk)
        text = tail + (chunk.replace(b"\0", b"") if b"\0" in chunk else chunk)  # UTF-16 is ASCII between zeros
        end = max(text.rfind(b"\n"), text.rfind(b"\r"), len(text) - _OVERLAP, 0)  # a line is looked at when it is whole
        uids.update(hash(found[1].strip()) for found in _UID.finditer(text, 0, end))
        events += text.count(b"BEGIN:VEVENT", 0, end)
        tail = text[end:]
    return Print(digest.hexdigest(), frozenset(uids), events)
