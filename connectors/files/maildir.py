"""A Maildir: which messages it holds, and reading them.

Read-only: nothing is moved from new/ to cur/. Flags are part of a file's name, so a message is known by the part
before them, its base name. See https://cr.yp.to/proto/maildir.html.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Final, TypeAlias

from connectors.files.filing import arrival, is_filed_late, spread
from connectors.mime.fields import HEADER_LIMIT, Header, header_complete, read_header
from connectors.mime.parts import BODY_LIMIT
from connectors.mime.reading import Row, needs_body, read_message

FIRST_READ: Final = 16_384
"""Bytes read of a file at first: most messages are shorter, and most headers much so."""

_EARLIEST: Final = 631_152_000  # 1990: a smaller number at the start of a name is no time
_LATEST: Final = 4_102_444_800  # 2100

Outcome: TypeAlias = tuple[str, str]
"""("", "") fine, ("gone", "") vanished, ("failed", sentence) not readable now, ("odd", sentence) no message at all."""

FINE: Final[Outcome] = ("", "")
GONE: Final[Outcome] = ("gone", "")


def is_maildir(folder: str) -> bool:
    """Return whether `folder` has cur/ and new/ (one is enough where a copy lost an empty one, given tmp/)."""
    has = [os.path.isdir(os.path.join(folder, name)) for name in ("cur", "new", "tmp")]  # noqa: PTH112, PTH118 -- speed
    return sum(has) > 1


def list_messages(folder: str) -> list[str]:
    """Return the paths below a Maildir of its messages, in no order; those with flag T or D are left out.

    A message that moves from new/ to cur/ meanwhile may be listed twice.

    Raises:
        OSError: neither cur/ nor new/ can be listed.
    """
    found: list[str] = []
    missing = 0
    for part in ("new/", "cur/"):  # this order meets a message that moves to cur/ in between once more there
        try:
            names = os.listdir(f"{folder}/{part}")  # noqa: PTH208 -- five times faster than Path.iterdir
        except FileNotFoundError:
            missing += 1
            if missing > 1:
                raise
            continue
        found += [part + name for name in names if name[0] != "." and _wanted(name)]
    return found


def base_name(path: str) -> str:
    """Return what stays of a message's path ("cur/…", "new/…") when its flags change."""
    return path[4:].partition(":")[0]


def _wanted(name: str) -> bool:
    flags = name.partition(":")[2]
    return not flags or ("T" not in flags and "D" not in flags)


def read_files(
    folder: str, paths: Sequence[str], *, filed_late: bool = False, sent: bool | None = False
) -> list[tuple[Row | None, Outcome]]:
    """Read the messages at `paths` below `folder`; what goes wrong with one is told in its outcome.

    `filed_late`: the times in the names are not when mail arrived (see `filing`). `sent`: see `read_message`.
    """
    reader = _Reader(folder, filed_late, sent)
    return [reader.read(path) for path in paths]


def names_tell_filing(folder: str, paths: Sequence[str]) -> bool:
    """Say whether the names of the messages at `paths` tell when they were put there instead of when they arrived."""
    reader = _Reader(folder, filed_late=False)
    return is_filed_late(reader.sample(spread(paths)))


def time_in_name(name: str) -> int | None:
    """Return the delivery time (seconds since 1970) that a message's file name begins with, None if it has none."""
    digits = name.partition(".")[0]
    if digits.isdecimal() and digits.isascii() and len(digits) <= 10:  # noqa: PLR2004 -- seconds till the year 2286
        seconds = int(digits)
        if _EARLIEST <= seconds < _LATEST:
            return seconds
    return None


class _Reader:
    def __init__(self, folder: str, filed_late: bool, sent: bool | None = False) -> None:
        self._folder = folder
        self._filed_late = filed_late
        self._sent = sent
        self._now_at: dict[str, str] | None = None  # base name -> path, listed at the first file that is gone

    def read(self, path: str) -> tuple[Row | None, Outcome]:
        try:
            try:
                data = self._load(path)
            except FileNotFoundError:
                moved = self._find_again(path)
                if moved is None:
                    return None, GONE
                data = self._load(moved)
        except FileNotFoundError:
            return None, GONE
        except IsADirectoryError:
            return None, FINE  # no message, and none of our business
        except OSError as err:
            return None, ("failed", f"{self._folder}/{path} could not be read ({err.strerror}); the rest was read.")
        header = read_header(data)
        if not header.seen:
            return None, ("odd", f"{self._folder}/{path} is no mail message; it was left out.")
        put_at = time_in_name(path[4:])
        at = arrival(header, put_at) if self._filed_late else put_at
        return read_message(data, header, at, sent=self._sent), FINE

    def sample(self, paths: Sequence[str]) -> Iterator[tuple[Header, int | None]]:
        for path in paths:
            with suppress(OSError):  # it will be told when it is read
                yield read_header(self._load(path)), time_in_name(path[4:])

    def _load(self, path: str) -> bytes:
        """Return as much of the file as facts can stand in."""
        # Without O_NONBLOCK a named pipe put there would hang the read.
        handle = os.open(f"{self._folder}/{path}", os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            data = os.read(handle, FIRST_READ)
            if len(data) == FIRST_READ:
                data = _load_rest(handle, data)
        finally:
            os.close(handle)
        return data

    def _find_again(self, path: str) -> str | None:
        """Return where a message went whose flags changed since it was listed."""
        if self._now_at is None:
            self._now_at = {base_name(one): one for one in list_messages(self._folder)}
        return self._now_at.get(base_name(path))


def _load_rest(handle: int, data: bytes) -> bytes:
    if not header_complete(data):
        data += os.read(handle, HEADER_LIMIT)
    if not header_complete(data) or needs_body(read_header(data)):
        while len(data) < BODY_LIMIT and (more := os.read(handle, BODY_LIMIT - len(data))):
            data += more
    return data
