"""Secrets of an account (tokens) as files of the state folder that only the user can read.

Several processes may have one account open: a command beside the service. Who reads a secret and writes it anew does so
`alone`, and so is every single write.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EDQUOT, EISDIR, ELOOP, ENOSPC, ENOTDIR, EPERM, EROFS
from pathlib import Path
from threading import RLock
from typing import Final
from urllib.parse import quote

from connectors.errors import Refused
from daemon.store import StateError, disk

_FIXES: Final = {
    EACCES: "let it be yours, with mode 700 for the folder and 600 for the file",
    EPERM: "let it be yours, with mode 700 for the folder and 600 for the file",
    EROFS: "mount it writable, or use another folder (--state)",
    ENOSPC: "make room, then try again",
    EDQUOT: "make room, then try again",
    EISDIR: "move away what lies there, then sign in again",
    ENOTDIR: "move away what lies there, then sign in again",
    ELOOP: "move away what lies there, then sign in again",
}
_DISK: Final = {EROFS, ENOSPC, EDQUOT}


class SecretsError(Refused):
    """A secret cannot be read or written: one account's trouble. The message says where, why, and what to do."""

    def __init__(self, err: OSError, doing: str, path: Path) -> None:
        fix = _FIXES.get(err.errno or 0, "look whether the disk is sound")
        super().__init__(f"Its sign-in cannot be {doing} at {path} ({err.strerror or type(err).__name__}): {fix}.")
        if err.errno in _DISK:
            self.exit_code = StateError.exit_code


class FileSecrets:
    """One folder (0700), one file (0600) a secret; written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._threads = RLock()
        self._depth = 0

    def _path(self, name: str) -> Path:
        # Without a dot: what a killed process left half-written, and the folder above, have names with one.
        return self._folder / quote(name, safe="").replace(".", "%2E")

    def get(self, name: str) -> str | None:
        """Return the secret, None if there is none.

        Raises:
            SecretsError: it cannot be read.
        """
        with _told("read", self._path(name)):
            kept = disk.read(self._path(name))
        return None if kept is None else kept.decode("utf-8", "replace")

    def put(self, name: str, value: str) -> None:
        """Keep the secret, durably.

        Raises:
            SecretsError: it cannot be written.
        """
        with _told("kept", self._path(name)):
            # Also the state folder itself: the first sign-in comes before the first read.
            disk.make_folder(self._folder)
            with self.alone():
                disk.put(self._path(name), [value.encode("utf-8", "replace")])

    def drop(self, name: str) -> None:
        """Delete the secret, if there is one.

        Raises:
            SecretsError: it cannot be deleted.
        """
        with _told("deleted", self._path(name)), self.alone():
            disk.remove(disk.staged(self._path(name)))
            disk.remove(self._path(name))

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let no other process, and no other thread, write any of them meanwhile. May be entered within itself.

        Without a folder there is nothing to be alone with yet; and where the file system has no locks, all goes on
        without: what is at stake is one more sign-in.
        """
        with self._threads:
            folder = -1
            if not self._depth:
                with suppress(OSError):
                    folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
                    fcntl.flock(folder, fcntl.LOCK_EX)
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1
                if folder >= 0:
                    os.close(folder)


@contextmanager
def _told(doing: str, path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as err:
        raise SecretsError(err, doing, path) from err
