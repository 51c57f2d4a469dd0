"""The desktop's keyring with one key of ours in it: the Secret Service of Linux desktops, or the keychain of macOS.

Nobody is ever asked anything: a service in the background must not pop up a window. The library `keyring` would unlock
what is locked, and make what is missing, and both ask; so that is looked at before. And a keyring that does not answer
is given up: nothing below sets a time limit to an answer.
"""

import logging
import os
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Final, Literal

log = logging.getLogger(__name__)

State = Literal["open", "locked", "silent", "absent"]

BUS: Final = "DBUS_SESSION_BUS_ADDRESS"
_SERVICE: Final = "auld"
_NAME: Final = "tokens"
PATIENCE: Final = 10.0  # seconds; it answers at once, or starts in one or two


@dataclass(frozen=True, slots=True)
class Answer:
    """How the keyring stands, and the text that it holds for us, if any."""

    state: State
    held: str | None = field(default=None, repr=False)


def ask(new: str | None = None, patience: float = PATIENCE) -> Answer:
    """Ask the keyring for our text; if it has none, let it keep `new`. Nothing is raised."""
    if sys.platform != "darwin" and not os.environ.get(BUS):
        return Answer("absent")  # by far the most frequent, and the library is slow to import
    answers: SimpleQueue[Answer] = SimpleQueue()
    Thread(target=lambda: answers.put(_guarded(lambda: _ask(new))), daemon=True).start()
    try:
        return answers.get(timeout=patience)
    except Empty:
        log.info("the desktop keyring gave no answer in %.0f seconds", patience)
        return Answer("silent")


def _guarded(asking: Callable[[], Answer]) -> Answer:
    try:
        return asking()
    except Exception as err:  # noqa: BLE001 -- whatever a desktop does, it is one that has no keyring for us
        log.info("there is no desktop keyring for auld: %s", type(err).__name__)
        return Answer("absent")


def _ask(new: str | None) -> Answer:
    backend: Any
    if sys.platform == "darwin":
        from keyring.backends.macOS import Keyring as Keychain  # noqa: PLC0415 -- slow to import

        backend = Keychain()
    else:
        if _locked():
            return Answer("locked")
        from keyring.backends.SecretService import Keyring  # noqa: PLC0415 -- slow to import

        backend = Keyring()  # type: ignore[no-untyped-call]
    held = backend.get_password(_SERVICE, _NAME)
    if held is None and new is not None:
        backend.set_password(_SERVICE, _NAME, new)
        held = backend.get_password(_SERVICE, _NAME)
    return Answer("open", held)


def _locked() -> bool:
    """Tell whether the keyring that things go to is locked.

    Raises:
        SecretStorageException: there is none.
    """
    from secretstorage import Collection, dbus_init  # noqa: PLC0415 -- slow to import

    with closing(dbus_init()) as bus:
        return bool(Collection(bus).is_locked())
