"""Where auld changes anything outside itself, counted; and a death just before one of these steps.

A death before a step is one after the step before it: in between nothing changes that outlives the process. So the
deaths before every step are all there are, but for those in the midst of writing a file, which tests/torture has.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from unittest.mock import patch

from requests.adapters import HTTPAdapter

import daemon.store.state
from daemon.secrets import FileSecrets
from daemon.store import journal, snapshots
from tests.torture.killer import Killed

Doing = tuple[object, str, Callable[..., str]]
"""An object, the name of what it does, and what a call of that is called: ``""`` if it changes nothing outside."""


def asked(_adapter: HTTPAdapter, request: Any, **_: Any) -> str:
    """Return what a request is called that may change something at its provider."""
    return "" if request.method == "GET" else f"{request.method} {request.path_url.partition('?')[0]}"


def on_disk(folder: Path) -> Sequence[Doing]:
    """Return what changes the files of a folder: beginning to write one, giving it another name, removing it."""

    def touched(path: Any, *_: Any, **__: Any) -> str:
        text = os.fspath(path)
        return f"file {text.removeprefix(str(folder))}" if text.startswith(f"{folder}{os.sep}") else ""

    def begun(path: Any, flags: int, *_: Any, **__: Any) -> str:
        return touched(path) if flags & os.O_CREAT else ""

    return ((os, "open", begun), (os, "rename", touched), (os, "unlink", touched))


def is_in_drafts(step: str) -> bool:
    """Say whether a step is one that changes what lies in the Drafts folder."""
    return step.startswith("file ") or "/messages" in step or "/drafts" in step


AT_PROVIDER: Sequence[Doing] = ((HTTPAdapter, "send", asked),)
_OWN: Sequence[Doing] = (
    (snapshots, "write", lambda *_: "snapshot"),
    (journal.Journal, "append", lambda *_: "journal"),
    (daemon.store.state, "write_side", lambda *_: "side file"),
    (FileSecrets, "put", lambda *_: "secret"),
)


class Steps:
    """The steps auld took, by name. It dies just before number `at` (0: not at all), and takes none after that."""

    def __init__(self, at: int = 0) -> None:
        self.taken: list[str] = []
        self.at = at
        self._number = count(1)

    @property
    def died(self) -> bool:
        """Whether it came to the step at which it died."""
        return 0 < self.at <= len(self.taken)

    @contextmanager
    def counted(self, doings: Sequence[Doing]) -> Iterator[None]:
        """Count what is done inside, beside auld's own files by `doings`; it ends where auld dies."""
        with ExitStack() as stack:
            for owner, name, called in (*_OWN, *doings):
                stack.enter_context(patch.object(owner, name, self._wrap(getattr(owner, name), called)))
            try:
                yield
            except Killed:
                assert self.died

    def _wrap(self, real: Callable[..., Any], called: Callable[..., str]) -> Callable[..., Any]:
        def do(*args: Any, **keywords: Any) -> Any:
            if name := called(*args, **keywords):
                number = next(self._number)
                self.taken.append(name)
                if 0 < self.at <= number:
                    raise Killed
            return real(*args, **keywords)

        return do
