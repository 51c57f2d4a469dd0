"""Secrets of an account (tokens) as files of the state folder that only the user can read."""

import os
from pathlib import Path
from urllib.parse import quote


class FileSecrets:
    """One folder (0700), one file (0600) a secret; written whole or not at all."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _path(self, name: str) -> Path:
        return self._folder / quote(name, safe="")

    def get(self, name: str) -> str | None:
        """Return the secret, None if there is none."""
        try:
            return self._path(name).read_text("utf-8")
        except FileNotFoundError:
            return None

    def put(self, name: str, value: str) -> None:
        """Keep the secret, durably."""
        # The first sign-in comes before the first read: the state folder itself may be made here.
        for one in reversed([one for one in (self._folder, *self._folder.parents) if not one.exists()]):
            one.mkdir(mode=0o700, exist_ok=True)
        path = self._path(name)
        temporary = path.with_suffix(".new")
        temporary.unlink(missing_ok=True)
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(value)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)

    def drop(self, name: str) -> None:
        """Delete the secret, if there is one."""
        self._path(name).unlink(missing_ok=True)
