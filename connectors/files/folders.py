"""Which mail folders the configured paths hold: Maildirs and mboxes, or folders of either.

Decides what is read and what is left out by its name (rules: "Moment and identity of a fact"). Must not read mail.
"""

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Final

from connectors.files.maildir import is_maildir
from connectors.files.mbox import is_mbox

_LEFT_OUT: Final = frozenset({
    "trash", "deleted", "deleted items", "deleted messages", "junk", "junk e-mail", "junk email", "spam", "drafts",
})  # fmt: skip
# Beside mboxes mail programs keep indexes, filters and settings: no mail, and no reason to complain.
_NOT_MAIL: Final = frozenset({
    ".msf", ".dat", ".ics", ".vcf", ".json", ".html", ".htm", ".txt", ".log", ".xml", ".ini", ".lock", ".sqlite", ".db",
    ".index", ".cache", ".cmeta", ".ev-summary", ".ibex", ".zip", ".gz",
})  # fmt: skip
_STORE_SUFFIX: Final = re.compile(r"\.(?:mbox|mbx|sbd|mozmsgs)$", re.IGNORECASE)
_DEEPEST: Final = 32
_START: Final = 2048


@dataclass(frozen=True, slots=True)
class Root:
    """A configured path: under which key, and whether what lies there was sent (None: mixed)."""

    key: str
    path: Path
    in_sent: bool | None


@dataclass(frozen=True, slots=True)
class Store:
    """A Maildir or (`box`) an mbox to be read. `name` stays the same from run to run, and tells its key and path."""

    path: str
    box: bool
    root: Root

    @property
    def name(self) -> str:
        """Return the name its state is kept under."""
        return f"{self.root.key}:{self.path}"


@dataclass(frozen=True, slots=True)
class Found:
    """What the roots hold. `errors` are sentences about roots that cannot be read; `problems` are about the rest."""

    stores: list[Store] = field(default_factory=list)
    errors: dict[Root, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def missing(self, name: str) -> bool:
        """Return whether the store of that name may lie where nothing could be read now."""
        places = [f"{root.key}:{root.path}" for root in self.errors]
        return any(name == place or name.startswith(place + os.sep) for place in places)


def find_stores(roots: Sequence[Root], left_out: Sequence[Path] = ()) -> Found:
    """Find the mail folders below `roots`, each once; what another root names, or `left_out`, is left to it."""
    found = Found()
    walk = _Walk(found, {_identity(path) for path in (*(root.path for root in roots), *left_out)})
    for root in roots:
        try:
            status = root.path.stat()
            if (status.st_dev, status.st_ino) in walk.seen:
                continue
            walk.seen.add((status.st_dev, status.st_ino))
            if S_ISDIR(status.st_mode):
                walk.enter(root, str(root.path), 0)
            elif not S_ISREG(status.st_mode) or not _starts_like_mbox(str(root.path)):
                found.errors[root] = _no_mail(root)
            else:
                found.stores.append(Store(str(root.path), box=True, root=root))
        except (FileNotFoundError, NotADirectoryError):
            found.errors[root] = (
                f'{root.path} does not exist: correct "{root.key}" in the config, or mount the disk it lies on.'
            )
        except OSError as err:
            found.errors[root] = f"{root.path} cannot be read ({err.strerror}): give yourself the right to read it."
    return found


class _Walk:
    """Goes down folders of folders."""

    def __init__(self, found: Found, elsewhere: set[tuple[int, int] | None]) -> None:
        self._found = found
        self._elsewhere = elsewhere
        self.seen: set[tuple[int, int]] = set()

    def enter(self, root: Root, folder: str, depth: int) -> None:
        """Take in a folder and what lies below.

        Raises:
            OSError: it cannot be listed.
        """
        maildir = is_maildir(folder)
        if maildir:
            self._found.stores.append(Store(folder, box=False, root=root))
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name)
        for entry in entries:
            if not is_left_out(entry.name) and not (maildir and entry.name in {"cur", "new", "tmp"}):
                try:
                    self._take(root, entry, depth, in_maildir=maildir)
                except OSError as err:
                    self._found.problems.append(f"{entry.path} cannot be read ({err.strerror}); it was left out.")

    def _take(self, root: Root, entry: "os.DirEntry[str]", depth: int, *, in_maildir: bool) -> None:
        status = entry.stat()
        identity = (status.st_dev, status.st_ino)
        if identity in self._elsewhere or identity in self.seen:
            return
        hidden = entry.name.startswith(".")
        if S_ISDIR(status.st_mode):
            if depth < _DEEPEST and (not hidden or is_maildir(entry.path)):  # .Sent of Maildir++, but no .git
                self.seen.add(identity)
                self.enter(root, entry.path, depth + 1)
        elif S_ISREG(status.st_mode) and not (in_maildir or hidden or _is_index(entry.name)):
            self.seen.add(identity)
            if _starts_like_mbox(entry.path):
                self._found.stores.append(Store(entry.path, box=True, root=root))
            else:
                self._found.problems.append(f"{entry.path} is no mbox; it was left out.")


def is_left_out(name: str) -> bool:
    """Return whether a folder of that name holds what is no mail: trash, junk, drafts (Maildir++ names too)."""
    stem = _STORE_SUFFIX.sub("", name).casefold()
    last = stem.rpartition(".")[2]
    parts = {stem, last, *(stem.split(".") if stem.startswith(".") else ())}
    return not _LEFT_OUT.isdisjoint(parts)


def _is_index(name: str) -> bool:
    return os.path.splitext(name)[1].casefold() in _NOT_MAIL  # noqa: PTH122 -- a name, no path


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _starts_like_mbox(path: str) -> bool:
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return is_mbox(os.read(handle, _START))
    finally:
        os.close(handle)


def _no_mail(root: Root) -> str:
    if root.path.suffix.casefold() in {".gz", ".zip", ".tgz", ".bz2", ".xz", ".7z"}:
        return f'{root.path} is packed: unpack it and name what was in it under "{root.key}".'
    if root.path.suffix.casefold() == ".ics":
        return f'{root.path} is a calendar: name it under "calendar", not under "{root.key}".'
    return f'{root.path} is neither an mbox nor a Maildir: correct it under "{root.key}" in the config.'
