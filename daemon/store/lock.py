"""One writer at a time: an flock on a file that says who holds it. The kernel drops it when the process ends."""

import fcntl
import os
import shlex
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

from daemon.store.errors import Busy, explain

_LONGEST: Final = 300  # characters of a command line worth showing


class Lock:
    """The right to write in a state folder."""

    def __init__(self, file: int) -> None:
        self._file = file

    @classmethod
    def take(cls, path: Path, doing: str = "is writing in") -> Self:
        """Take the lock at `path` without waiting; `doing` is what its holder does with the folder, in words.

        Raises:
            Busy: another process holds it, or this one already does.
            StateError: the file cannot be made, or the file system has no locks.
        """
        try:
            file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        except OSError as err:
            raise explain(err, "write in the state folder", path.parent) from err
        try:
            os.fchmod(file, 0o600)
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _write_holder(file)
        except BlockingIOError as err:
            holder = _read_holder(file)
            os.close(file)
            raise Busy(f"Another auld {doing} {path.parent} ({holder}). Wait until it is done, or stop it.") from err
        except OSError as err:
            os.close(file)
            raise explain(err, "lock the state in", path.parent) from err
        except BaseException:
            os.close(file)
            raise
        return cls(file)

    @staticmethod
    def holder(path: Path) -> str:
        """Return who holds the lock at `path`, in words; "" if nobody does."""
        try:
            file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return ""
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _read_holder(file)
        except OSError:
            return ""
        else:
            return ""
        finally:
            os.close(file)

    def release(self) -> None:
        """Give the lock back. The file stays: removing it would let two processes lock two files of one name.

        What it says goes: a command line may name somebody who was just forgotten.
        """
        if self._file >= 0:
            try:
                with suppress(OSError):
                    os.ftruncate(self._file, 0)
            finally:
                os.close(self._file)
                self._file = -1


def _write_holder(file: int) -> None:
    os.ftruncate(file, 0)
    os.pwrite(file, f"{os.getpid()} {shlex.join(sys.argv)}\n".encode("utf-8", "replace"), 0)


def _read_holder(file: int) -> str:
    text = os.pread(file, 4 * _LONGEST, 0).decode("utf-8", "replace")
    number, _, command = "".join(one if one.isprintable() else " " for one in text).strip().partition(" ")
    if not number.isdecimal():
        return "it has not said who it is"
    return f"process {number}: {command[:_LONGEST]}" if command else f"process {number}"
