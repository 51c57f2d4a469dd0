"""The errors that leave the store. Each message is for the user: what happened, to which file, and what to do.

Exception
├── StateError   the state cannot be read or written (exit 74)
└── Busy         another auld holds the state (exit 75)
"""

from errno import EACCES, EDQUOT, EFBIG, ENOSPC, ENOTDIR, EPERM, EROFS
from pathlib import Path
from typing import Final


class StateError(Exception):
    """The state is unreadable, from a newer version, or cannot be written. What is on disk is as it was."""

    exit_code: Final = 74


class Busy(Exception):
    """Another process holds the state for writing. The message says which."""

    exit_code: Final = 75


_CAUSES: Final = {
    ENOSPC: "the disk is full. Make room and try again",
    EDQUOT: "your disk quota is used up. Make room and try again",
    EROFS: "the file system is read-only. Use another folder (--state) or mount it writable",
    ENOTDIR: "a file lies where a folder should. Move it away, or use another folder (--state)",
    EFBIG: "the file would be larger than this shell allows (ulimit -f). Raise the limit and try again",
    EACCES: "permission denied. Check the owner and mode of that folder and its files",
    EPERM: "it is not permitted. Check the owner and mode of that folder and its files",
}


def explain(err: OSError, doing: str, path: Path) -> StateError:
    """Return the error for the user: `doing` is what could not be done ("read the state in"), to `path`."""
    cause = _CAUSES.get(err.errno or 0) or f"{(err.strerror or type(err).__name__).lower()}. Check the disk"
    return StateError(f"Cannot {doing} {path}: {cause}. What was kept before is untouched.")
