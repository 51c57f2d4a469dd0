"""The secrets of one account: files that only the user can read, encrypted when there is a key.

Several processes may have one account open: a command beside the service. Who reads a secret and writes it anew does so
`alone`, and so is every single write.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from shlex import quote as quoted
from threading import RLock
from urllib.parse import quote

from connectors.base import MAILBOX
from connectors.errors import ConnectorError
from daemon.secrets.errors import SecretsError, SignInLost
from daemon.secrets.keys import Keys, shared_keys
from daemon.secrets.locking import locked
from daemon.secrets.memory import keep_out_of_dumps
from daemon.secrets.sealing import DamagedError, Key, read_head, seal, unseal
from daemon.store import disk


class FileSecrets:
    """One folder (0700) of the account's name, one file (0600) a secret; written whole or not at all."""

    def __init__(self, folder: Path, keys: Keys | None = None, *, anew: bool = False) -> None:
        """`anew`: for somebody who is about to sign in or out, to whom a secret that is lost is as none."""
        self._folder = folder
        self._keys = keys or shared_keys(keyring=True)
        self._anew = anew
        self._threads = RLock()
        self._depth = 0

    def _path(self, name: str) -> Path:
        # Without a dot: what a killed process left half-written, and the folder above, have names with one.
        return self._folder / quote(name, safe="").replace(".", "%2E")

    def get(self, name: str) -> str | None:
        """Return the secret, None if there is none.

        If another key encrypts by now than it was written with, or none did, it is written anew.

        Raises:
            SecretsError: it cannot be read.
            KeyMissing: its key is not at hand.
            SignInLost: its key is gone, or it is damaged.
        """
        keep_out_of_dumps()
        path = self._path(name)
        kept = _read(path)
        if kept is None:
            return None
        try:
            value, key_id = self._unsealed(kept, path)
        except SignInLost:
            if self._anew:
                return None
            raise
        with suppress(ConnectorError):  # it was read; to protect it better can wait
            self._protect(path, kept, value, key_id)
        return value

    def put(self, name: str, value: str) -> None:
        """Keep the secret, durably.

        Raises:
            SecretsError: it cannot be written.
            KeyMissing: the key that is to encrypt it cannot be read.
        """
        keep_out_of_dumps()
        path = self._path(name)
        with _told("kept", path):
            # Also the state folder itself: the first sign-in comes before the first read.
            disk.make_folder(self._folder)
            with self.alone():
                self._write(path, value)

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
        with self._threads, nullcontext() if self._depth else locked(self._folder):
            self._depth += 1
            try:
                yield
            finally:
                self._depth -= 1

    def _unsealed(self, kept: bytes, path: Path) -> tuple[str, str]:
        """Return what a file says, and the id of the key that it was encrypted with, ``""`` if with none."""
        try:
            head = read_head(kept)
            key = self._keys.opening(head, self._folder) if head is not None else None
            return unseal(kept, head, key, _place(path)), key.id if key is not None else ""
        except DamagedError as err:
            raise SignInLost(f"is damaged ({path})", f"auld login {quoted(self._folder.name)}") from err

    def _protect(self, path: Path, kept: bytes, value: str, key_id: str) -> None:
        """Write anew what was read, if another key encrypts now."""
        key = self._key(path)
        if (key.id if key is not None else "") == key_id:
            return
        with _told("kept", path), self.alone():
            if _read(path) == kept:  # else another process has, or signed in or out meanwhile
                self._write(path, value)

    def _write(self, path: Path, value: str) -> None:
        disk.put(path, [seal(value, self._key(path), _place(path))])

    def _key(self, path: Path) -> Key | None:
        # Which mailbox an account is, is no secret, and must be known even when the key is lost.
        return None if path.name == MAILBOX else self._keys.writing(self._folder.parent)


def _place(path: Path) -> str:
    """Return what a file is bound to: whose it is and what it is, wherever the state lies."""
    return f"{path.parent.name}/{path.name}"


def _read(path: Path) -> bytes | None:
    with _told("read", path):
        return disk.read(path)


@contextmanager
def _told(doing: str, path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as err:
        raise SecretsError(err, doing, path) from err
