"""The Drafts folder of an account of kind "files": a Maildir. Puts drafts there, finds them, takes them back; no more.

A draft appears whole or not at all: written to tmp/, made durable, renamed to cur/ with the flag D. Its name in tmp/
follows from its key: what a kill left half written there is known again, and nobody else's file is ever touched. Its
name in cur/ holds a hash of what was written, so that an edit tells itself even if auld died before it kept that.
"""

import errno
import logging
import os
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from hashlib import blake2b
from itertools import count
from pathlib import Path
from typing import Final

from connectors.errors import Refused, Unavailable
from connectors.files.maildir import base_name, is_maildir
from connectors.mime.addresses import parse_addresses
from connectors.mime.dates import to_datetime
from connectors.mime.fields import read_header
from connectors.mime.reading import read_message
from connectors.types import DraftRef, NewDraft

log = logging.getLogger(__name__)

_PARTS: Final = ("cur", "new", "tmp")
_LONGEST_DRAFT: Final = 64 * 1024 * 1024
_FACTS_READ: Final = 1_048_576
_BCC: Final = re.compile(rb"^bcc[ \t]*:((?:.*)(?:\r?\n[ \t].*)*)", re.IGNORECASE | re.MULTILINE)
_NO_FILE: Final = frozenset({errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.ENODEV, errno.EOPNOTSUPP})
"""Errors of what lies there and can be no draft: a folder, a link to itself, a socket."""
_serial = count(1)


class MaildirDrafts:
    """Drafts in the Maildir `folder`, which is made (0700) when the first one is written."""

    creates_late = False  # the process that renames it does all the work

    def __init__(self, folder: Path, now: Callable[[], datetime]) -> None:
        self._folder = folder
        self._now = now

    def create(self, draft: NewDraft) -> DraftRef:
        """Write `draft` into the folder.

        Raises:
            Refused: the folder is no Maildir, or the draft cannot be written as a message.
            Unavailable: the disk is full, or the folder may not be written.
        """
        from connectors.mime.writing import write_draft  # noqa: PLC0415 -- slow to import, and most runs write nothing

        content = write_draft(draft, linesep="\n")
        self._prepare()
        base = _unique_name(self._now(), _revision(content))
        temporary, final = self._half_written(draft.key), self._folder / "cur" / f"{base}:2,D"
        try:
            temporary.unlink(missing_ok=True)
            _write_durably(temporary, content)
            temporary.rename(final)
            _sync_folder(final.parent)
        except OSError as err:
            # Renamed but not durable: it may stay or go, and `find` tells which. Only what is in tmp/ is swept up.
            temporary.unlink(missing_ok=True)
            raise _unavailable(self._folder, err) from err
        return _reference(base, content)

    def get(self, ref: DraftRef) -> DraftRef | None:
        """Return the draft as it lies there now, None if it is gone or has the flag T.

        Raises:
            Unavailable: the whole folder is gone (not mounted?), or cannot be read.
        """
        if not self._folder.exists():
            raise Unavailable(
                f"{self._folder} is not there any more: mount or restore it, or if it is gone for good, make an empty "
                "folder of that name."
            )
        path = self._find(ref.id)
        if path is None:
            return None
        content = self._read(path)
        return None if content is None else _reference(ref.id, content)

    def find(self, key: str) -> DraftRef | None:
        """Return the draft whose Message-ID is `key`, or None; what a kill left of it in tmp/ is swept up."""
        with suppress(OSError):  # litter
            self._half_written(key).unlink(missing_ok=True)
        return next((ref for ref in self.all() if ref.key == key), None)

    def withdraw(self, ref: DraftRef) -> bool:
        """Delete the draft if its content is that of `ref`; False, and nothing done, if not."""
        path = self._find(ref.id)
        content = None if path is None else self._read(path)
        if path is None or content is None or _revision(content) != ref.revision:
            return False
        try:
            path.unlink()
            _sync_folder(path.parent)
        except FileNotFoundError:
            return False
        except OSError as err:
            raise _unavailable(self._folder, err) from err
        return True

    def all(self) -> Iterator[DraftRef]:
        """Yield every draft in the folder, the user's own among them; a folder not yet made holds none."""
        for path in self._paths():
            content = self._read(path)
            if content and read_header(content).seen:
                yield _reference(_base(path), content)

    def _half_written(self, key: str) -> Path:
        """Return where the draft of that key is written before it is put in place."""
        return self._folder / "tmp" / blake2b(key.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()

    def _paths(self) -> list[Path]:
        """Return the files of the drafts that are not trashed."""
        self._refuse_if_foreign()
        found: dict[str, Path] = {}
        for part in ("new", "cur"):
            try:
                names = sorted(path.name for path in (self._folder / part).iterdir())
            except FileNotFoundError:
                continue
            except OSError as err:
                raise _unavailable(self._folder, err) from err
            for name in names:
                if not name.startswith("."):
                    found[_base(Path(name))] = self._folder / part / name
        return [path for path in found.values() if "T" not in path.name.partition(":")[2]]

    def _find(self, base: str) -> Path | None:
        return next((path for path in self._paths() if _base(path) == base), None)

    def _read(self, path: Path) -> bytes | None:
        """Return the content of a draft, wherever its flags have moved it; None if it is gone or no file."""
        for _ in range(2):
            try:
                handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
                with os.fdopen(handle, "rb") as file:
                    return file.read(_LONGEST_DRAFT)
            except FileNotFoundError:
                moved = self._find(_base(path))
                if moved is None:
                    return None
                path = moved
            except OSError as err:
                if err.errno in _NO_FILE:
                    return None
                raise _unavailable(self._folder, err) from err
        return None

    def _prepare(self) -> None:
        """Make the folder, if it is missing.

        Raises:
            Refused: something else is there.
            Unavailable: it cannot be made.
        """
        self._refuse_if_foreign()
        try:
            self._folder.parent.mkdir(parents=True, exist_ok=True)
            for folder in (self._folder, *(self._folder / part for part in _PARTS)):
                folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as err:
            raise _unavailable(self._folder, err) from err

    def _refuse_if_foreign(self) -> None:
        reason = why_no_drafts(self._folder)
        if reason:
            raise Refused(reason)


def why_no_drafts(folder: Path) -> str:
    """Return why `folder` can hold no drafts, as a sentence; "" if it is a Maildir, empty or not there yet."""
    try:
        if not folder.exists():
            return ""
        if not folder.is_dir():
            return f'{folder} is a file: under "drafts", name a Maildir, or a folder that does not exist yet.'
        if not is_maildir(str(folder)) and any(path.name not in _PARTS for path in folder.iterdir()):
            return f'{folder} holds other things: under "drafts", name a Maildir, or a folder that does not exist yet.'
    except OSError as err:
        return f"{folder} cannot be read ({err.strerror}): give yourself the right to read and write it."
    return ""


def _reference(base: str, content: bytes) -> DraftRef:
    start = content[:_FACTS_READ]
    header = read_header(start)
    key, dated, subject = "", None, ""
    emails: dict[str, None] = {}
    for name in ("to", "cc"):
        emails |= dict.fromkeys(email for email, _ in parse_addresses(header.fields.get(name, "")))
    for blind in _BCC.finditer(start[: header.body]):
        unfolded = b" ".join(blind[1].split()).decode("latin-1")
        emails |= dict.fromkeys(email for email, _ in parse_addresses(unfolded))
    row = read_message(start, header)
    if row is not None:
        key, dated, subject = row[0], row[1], row[5]
    revision = _revision(content)
    return DraftRef(
        base, key, revision, tuple(emails), subject, to_datetime(dated), as_made=f"R{revision}." in base
    )  # fmt: skip


def _revision(content: bytes) -> str:
    return blake2b(content, digest_size=16).hexdigest()


def _base(path: Path) -> str:
    """Return what of a file's name stays: mbsync adds ",U=7" to the name, offlineimap more, mail programs flags."""
    return base_name(f"cur/{path.name}").partition(",")[0]


def _unique_name(now: datetime, revision: str) -> str:
    """Return a base name as the Maildir specification makes them, with a hash for what is random in it."""
    host = socket.gethostname().replace("/", r"\057").replace(":", r"\072").replace(",", r"\054") or "localhost"
    unique = f"M{now.microsecond}P{os.getpid()}Q{next(_serial)}R{revision}"
    return f"{int(now.timestamp())}.{unique}.{host}"


def _write_durably(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _unavailable(folder: Path, err: OSError) -> Unavailable:
    if err.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Unavailable(f"There is no room left on the disk of {folder}: make some, then try again.")
    return Unavailable(f"{folder} cannot be used ({err.strerror}): give yourself the right to read and write it.")
