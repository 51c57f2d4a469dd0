"""Secrets of an account (tokens) as files of the state folder that only the user can read."""

from pathlib import Path
from urllib.parse import quote

from daemon.store import disk


class FileSecrets:
    """One folder (0700), one file (0600) a secret; written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, name: str) -> Path:
        return self._folder / quote(name, safe="")

    def get(self, name: str) -> str | None:
        """Return the secret, None if there is none."""
        kept = disk.read(self._path(name))
        return None if kept is None else kept.decode("utf-8", "replace")

    def put(self, name: str, value: str) -> None:
        """Keep the secret, durably."""
        disk.make_folder(self._folder)  # the first sign-in comes before the first read: also the state folder itself
        disk.put(self._path(name), [value.encode("utf-8", "replace")])

    def drop(self, name: str) -> None:
        """Delete the secret, if there is one."""
        disk.remove(self._path(name))
