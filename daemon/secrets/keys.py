"""Which key encrypts, and which one a file was encrypted with."""

import base64
import os
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from shlex import quote
from threading import RLock
from typing import Final

from connectors.pages import page
from daemon.secrets import ring
from daemon.secrets.errors import KeyMissing, SignInLost
from daemon.secrets.locking import locked
from daemon.secrets.sealing import Head, Key

CREDENTIAL: Final = "auld-key"
_FOLDER: Final = "CREDENTIALS_DIRECTORY"
_PAGE: Final = "docs/config.md, [secrets]"
_CREDENTIAL: Final = f"is encrypted with the systemd credential {CREDENTIAL}"
_RING: Final = "is encrypted with a key in the desktop keyring"


class Keys:
    """The keys that this process can have. Each source is asked when it is first needed, and once if that will do."""

    def __init__(
        self,
        environ: Mapping[str, str] = os.environ,
        ask: Callable[[str | None], ring.Answer] = ring.ask,
        *,
        keyring: bool = True,
    ) -> None:
        """`ask` is how the desktop's keyring is asked; without `keyring` it encrypts nothing, but opens what it did."""
        self._environ = environ
        self._ask = ask
        self._keyring = keyring
        self._lock = RLock()
        self._given: Key | None = None
        self._answer: ring.Answer | None = None

    def writing(self, place: Path) -> Key | None:
        """Return the key that encrypts from now on, None if there is none: the credential, else that of the keyring.

        The keyring gets one if it has none; other processes that work at `place`, a folder, then wait.

        Raises:
            KeyMissing: the credential cannot be read.
        """
        if (given := self._credential()) is not None:
            return given
        if not self._keyring:
            return None
        with self._lock:
            if self._ring().state == "open" and self._ring().held is None:
                with locked(place):
                    self._answer = self._ask(base64.b64encode(os.urandom(32)).decode())
            return self._held()

    def opening(self, head: Head, folder: Path) -> Key:
        """Return the key that a file was encrypted with; `folder` is its account's.

        Raises:
            KeyMissing: it is not at hand.
            SignInLost: it is gone.
        """
        key = self._credential() if head.where == "credential" else self._in_ring(head)
        if key is not None and key.id == head.key_id:
            return key
        sign_in = f"auld login {quote(folder.name)}"
        if head.where == "credential":
            if key is None:
                raise KeyMissing(f"{_CREDENTIAL}, which is not given here", _elsewhere("let the service do it", folder))
            raise SignInLost(
                f"was encrypted with another {CREDENTIAL} than the one given here", f"give that again, or {sign_in}"
            )
        state = self._ring().state
        if state == "open":
            raise SignInLost("was encrypted with a key that the desktop keyring does not hold any more", sign_in)
        if state == "locked":
            raise KeyMissing(f"{_RING}, which is locked", _elsewhere("unlock it, then try again", folder))
        if state == "silent":
            raise KeyMissing(f"{_RING}, which gives no answer", _elsewhere("look whether it waits for you", folder))
        raise KeyMissing(
            f"{_RING}, which cannot be reached from here", _elsewhere("run it in your desktop session", folder)
        )

    @property
    def ring_state(self) -> ring.State:
        """How the desktop's keyring stands."""
        return self._ring().state

    @property
    def uses_ring(self) -> bool:
        """Whether the keyring may encrypt."""
        return self._keyring

    def _credential(self) -> Key | None:
        """Return the key that systemd gave, None if it gave none."""
        folder = self._environ.get(_FOLDER)
        if self._given is None and folder:
            path = Path(folder) / CREDENTIAL
            try:
                material = path.read_bytes()
            except FileNotFoundError:
                return None
            except OSError as err:
                raise KeyMissing(
                    f"needs the systemd credential {CREDENTIAL}, which cannot be read ({err.strerror})", f"mend {path}"
                ) from err
            if not material.strip():
                raise KeyMissing(f"needs the systemd credential {CREDENTIAL}, which is empty", "make it anew")
            self._given = Key.made_of("credential", material)
        return self._given

    def _ring(self) -> ring.Answer:
        with self._lock:
            if self._answer is None:
                self._answer = self._ask(None)
            return self._answer

    def _held(self) -> Key | None:
        held = self._ring().held
        return Key.made_of("keyring", held.encode()) if held else None

    def _in_ring(self, head: Head) -> Key | None:
        with self._lock:
            key = self._held()
            if self._ring().state == "open" and (key is None or key.id != head.key_id):
                self._answer = self._ask(None)  # another process may have made it since
                key = self._held()
            return key


def _elsewhere(fix: str, folder: Path) -> str:
    gone = f"if the key is gone for good, rm -r {quote(str(folder.absolute()))} and sign in again"
    return f"{fix}, or see {page(_PAGE)}; {gone}"


@cache
def shared_keys(*, keyring: bool) -> Keys:
    """Return the keys of this process, so that all accounts ask for them but once."""
    return Keys(keyring=keyring)
