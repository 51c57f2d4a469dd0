"""What `auld check` says of files: whether others can read what is private, or change what auld obeys."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from shlex import quote

from connectors.base import Finding
from daemon.cli.session import Session
from daemon.store import disk

_FEW = 5


def config_found(session: Session) -> Iterator[Finding]:
    """Yield whether others can change the config, which may name commands, or read in it whom one writes to."""
    path = session.config_path
    told = path.stat()
    mode = stat.S_IMODE(told.st_mode)
    mine = told.st_uid == os.getuid()
    command = f"chmod 600 {quote(str(path.absolute()))}" if mine else f"sudo chmod go-w {quote(str(path.absolute()))}"
    if mode & 0o022:
        yield Finding(
            "config file", "warn", f"{path} can be changed by other users of this machine ({mode:o})", command
        )
    elif mode & 0o044 and mine:
        yield Finding("config file", "warn", f"{path} can be read by other users of this machine ({mode:o})", command)


def files_found(session: Session) -> Iterator[Finding]:
    """Yield which files of the state others can read, and how the sign-ins among them are protected.

    To be looked at after the accounts: a plain sign-in is encrypted when it is used.
    """
    from daemon.secrets import protection  # noqa: PLC0415

    folder = session.folder
    if not folder.exists():
        return
    if bits := disk.open_to_others(folder):
        fix = f"chmod 700 {quote(str(folder.absolute()))}"
        yield Finding("state folder", "warn", f"{folder} is open to others ({bits:o})", fix)
    yield from protection(folder, session.settings)
    rest = [path for path in sorted(folder.iterdir()) if path.name != "secrets"]
    yield from _several(folder, [path for path in rest if disk.open_to_others(path)])


def _several(folder: Path, paths: Iterable[Path]) -> Iterator[Finding]:
    """Yield one line for files of the state: mostly all are open at once (copied, or put back from a backup)."""
    names = [path.name for path in paths]
    if names:
        more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
        detail = f"{', '.join(names[:_FEW])}{more} in {folder} can be read by other users of this machine"
        yield Finding("state files", "warn", detail, f"chmod -R go= {quote(str(folder.absolute()))}")
