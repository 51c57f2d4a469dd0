"""What can be wrong with a secret: one account's trouble, told in one sentence with what to do."""

from errno import EACCES, EDQUOT, EISDIR, ELOOP, ENOSPC, ENOTDIR, EPERM, EROFS
from pathlib import Path
from typing import Final

from connectors.errors import LoginNeeded, Refused
from daemon.store import StateError

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
    """A secret cannot be read or written. The message says where, why, and what to do."""

    def __init__(self, err: OSError, doing: str, path: Path) -> None:
        fix = _FIXES.get(err.errno or 0, "look whether the disk is sound")
        super().__init__(f"Its sign-in cannot be {doing} at {path} ({err.strerror or type(err).__name__}): {fix}.")
        if err.errno in _DISK:
            self.exit_code = StateError.exit_code


class KeyMissing(Refused):
    """The key of a secret is not at hand, here or now; elsewhere or later it may be. What is kept is left as it is."""

    exit_code = 1

    def __init__(self, detail: str, fix: str) -> None:
        super().__init__(f"Its sign-in {detail}: {fix}.")
        self.detail, self.fix = detail, fix


class SignInLost(LoginNeeded):
    """What is kept can be read no more: its key is gone, or it is damaged."""

    exit_code = 77

    def __init__(self, detail: str, fix: str) -> None:
        super().__init__(f"Its sign-in {detail}: {fix}")
        self.detail, self.fix = detail, fix
