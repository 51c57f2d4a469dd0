"""Files that survive a kill and a power cut: written aside, flushed, put in place. Knows nothing of what is in them.

All writing of the store goes through here, so that tests can let every single call to the system fail. Errors are
plain OSError; whoever calls knows what it was about. Files are 0600 and folders 0700 whatever the umask.
"""

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from errno import EMLINK, ENOSYS, ENOTSUP, EOPNOTSUPP, EPERM
from pathlib import Path
from typing import Final

_NO_LINKS: Final = {EPERM, EMLINK, ENOSYS, ENOTSUP, EOPNOTSUPP}  # link(2): FAT, some FUSE and network file systems


def make_folder(folder: Path) -> None:
    """Create `folder` and what is missing above it, each 0700. One that exists keeps its mode."""
    missing = [one for one in (folder, *folder.parents) if not one.exists()]
    for one in reversed(missing):
        with suppress(FileExistsError):
            os.mkdir(one, 0o700)  # noqa: PTH102 -- all system calls of this module go through `os`
            os.chmod(one, 0o700)  # noqa: PTH101
            sync(one.parent)


def read(path: Path, limit: int = -1) -> bytes | None:
    """Return the content of `path` (its first `limit` bytes), None if there is no such file."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)  # a named pipe must not hang us
    except FileNotFoundError:
        return None
    try:
        stream = os.fdopen(file, "rb")
    except OSError:  # a folder
        os.close(file)
        raise
    with stream:
        return stream.read(limit)


def open_to_others(path: Path) -> int:
    """Return the mode of what its group or others can read or change, 0 if that is nothing, or it is gone."""
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
    except FileNotFoundError:  # gone meanwhile, or a link to nothing
        return 0
    return mode if mode & 0o077 else 0


def create(path: Path) -> int:
    """Create an empty file in place of whatever was at `path`; return its descriptor, open for writing."""
    remove(path)
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(file, 0o600)
    except BaseException:
        os.close(file)
        discard(path)
        raise
    return file


def write_at(file: int, parts: Iterable[bytes], offset: int) -> int:
    """Write all `parts` one after the other from `offset` on and flush to the disk; return the offset after them."""
    for part in parts:
        rest = memoryview(part)
        while rest:
            written = os.pwrite(file, rest, offset)
            offset += written
            rest = rest[written:]
    os.fsync(file)
    return offset


def truncate(file: int, length: int) -> None:
    """Cut an open file to `length` bytes and flush."""
    os.ftruncate(file, length)
    os.fsync(file)


def reopen(path: Path) -> int:
    """Open an existing file for writing; return its descriptor."""
    return os.open(path, os.O_WRONLY | os.O_NOFOLLOW | os.O_CLOEXEC)


def close(file: int) -> None:
    """Close a descriptor."""
    os.close(file)


def stage(path: Path, parts: Iterable[bytes]) -> Path:
    """Write `parts` beside `path`, flushed; return where. `path` itself is not touched. On failure nothing is left."""
    aside = staged(path)
    file = create(aside)
    try:
        try:
            write_at(file, parts, 0)
        finally:
            os.close(file)
    except BaseException:
        discard(aside)
        raise
    return aside


def staged(path: Path) -> Path:
    """Return where `stage` writes what is meant for `path`."""
    return path.with_name(f"{path.name}.tmp")


def put(path: Path, parts: Iterable[bytes]) -> None:
    """Replace the content of `path` at one stroke, durably."""
    aside = stage(path, parts)
    try:
        move(aside, path)
    except BaseException:
        discard(aside)
        raise
    sync(path.parent)


def put_lightly(path: Path, data: bytes) -> None:
    """Replace the content of `path` at one stroke, but do not wait for the disk: a power cut may lose or empty it."""
    aside = staged(path)
    file = create(aside)
    try:
        try:
            os.write(file, data)
        finally:
            os.close(file)
        move(aside, path)
    except BaseException:
        discard(aside)
        raise


def move(source: Path, target: Path) -> None:
    """Give a file another name, in place of what had that name."""
    os.replace(source, target)  # noqa: PTH105


def double(source: Path, target: Path) -> None:
    """Give a file a second name. Where the file system has no second names, the first one goes."""
    try:
        os.link(source, target)
    except OSError as err:
        if err.errno not in _NO_LINKS:
            raise
        move(source, target)


def remove(path: Path) -> None:
    """Remove a file; no error if there is none."""
    with suppress(FileNotFoundError):
        os.unlink(path)  # noqa: PTH108


def discard(path: Path) -> None:
    """Remove a file if that is possible; it is only litter."""
    with suppress(OSError):
        remove(path)


def sync(folder: Path) -> None:
    """Flush a folder's list of names, without which a new name may be gone after a power cut."""
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
