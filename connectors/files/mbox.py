"""An mbox file: where its messages begin, and reading them, a stretch of the file at a time.

Knows mboxo, mboxrd and Thunderbird's boxes. A line "From ..." begins a message at the start of the file or of a line,
where it looks like one (a time and a year, or nothing but a dash as Thunderbird writes) and the next line looks like a
header field: bodies hold unescaped "From " too. Because that is decided on the spot, any stretch of a box can be read
by itself.
"""

import os
import re
from collections.abc import Iterator
from hashlib import blake2b
from itertools import pairwise
from typing import Final

from connectors.files.filing import arrival, is_filed_late, spread
from connectors.mime.dates import parse_unix_date
from connectors.mime.fields import header_complete, read_header
from connectors.mime.parts import BODY_LIMIT
from connectors.mime.reading import Row, needs_body, read_message

TAIL: Final = 4096
"""Bytes before a position that must be unchanged for a box to count as only grown."""

_LOOK_AHEAD: Final = 131_072  # bytes read beyond a stretch at first, for the rest of its last message
_SAMPLE: Final = 262_144
_TIME: Final = re.compile(rb"\b\d\d?:\d\d\b")
_YEAR: Final = re.compile(rb"\b(?:19|20)\d\d\b")
_FIELD: Final = re.compile(rb"[!-9;-~]{1,100}[ \t]*:|>From ")
_LONGEST_FROM_LINE: Final = 600
_FIRST_LINE: Final = re.compile(rb"(?:\xef\xbb\xbf)?(?:[ \t]*\r?\n){0,20}")
# Thunderbird rewrites these in place when a message is read or deleted.
_STATUS: Final = re.compile(rb"(?<=Status)(2?:[ \t]*)[0-9A-Fa-f]+")


def is_mbox(start: bytes) -> bool:
    """Return whether a file that begins with `start` is an mbox; an empty one is an empty box."""
    if not start:
        return True
    blank = _FIRST_LINE.match(start)
    return _is_from_line(start, blank.end() if blank else 0)


def read_stretch(
    path: str, start: int, end: int, *, filed_late: bool = False, sent: bool | None = False
) -> tuple[list[Row | None], int]:
    """Read the messages whose From_ line begins in [`start`, `end`), the last of them to its own end.

    `filed_late`: the times in the From_ lines are not when mail arrived (see `filing`). `sent`: see `read_message`.

    Returns:
        A row a message (None: to be left out), and where the last of them begins (`end` if there is none).

    Raises:
        OSError: the file cannot be read.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        # The byte before tells whether the first line is a whole one.
        before = min(start, 1)
        asked = end - start + before + _LOOK_AHEAD
        data = os.pread(handle, asked, start - before)
        begins = list(_find_messages(data, file_start=start == 0))
        stretch_end = end - start + before
        within = [at for at in begins if at < stretch_end]
        if not within:
            return [], end
        last = within[-1]
        rows = [_read_one(data[at:to], filed_late, sent) for at, to in pairwise(within)]
        message = data[last : begins[len(within)] if len(begins) > len(within) else None]
        if last + len(message) == asked:
            message = _load_rest(handle, message, start - before + last)
        rows.append(None if _is_cut_off(message) else _read_one(message, filed_late, sent))
        return rows, start - before + last
    finally:
        os.close(handle)


def hash_tail(path: str, end: int) -> str:
    """Return a hash of the bytes before position `end`, marks of reading left out.

    Raises:
        OSError: the file cannot be read.
    """
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        start = max(0, end - TAIL)
        tail = os.pread(handle, end - start, start)
    finally:
        os.close(handle)
    return blake2b(_STATUS.sub(rb"\1", tail), digest_size=8).hexdigest()


def estimate_message_size(path: str) -> int:
    """Return about how many bytes a message of the box takes, by its beginning.

    Raises:
        OSError: the file cannot be read.
    """
    data = _read_beginning(path)
    count = sum(1 for _ in _find_messages(data, file_start=True))
    return max(200, len(data) // max(1, count))


def lines_tell_filing(path: str) -> bool:
    """Say whether the From_ lines of a box tell when mail was put there instead of when it arrived, by its beginning.

    Raises:
        OSError: the file cannot be read.
    """
    data = _read_beginning(path)
    begins = list(_find_messages(data, file_start=True))
    messages = [data[at:to] for at, to in pairwise(begins)]
    return is_filed_late(
        (read_header(_skip_from(one)), parse_unix_date(one[: one.find(b"\n")].decode("latin-1")))
        for one in spread(messages)
    )


def _read_beginning(path: str) -> bytes:
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    try:
        return os.pread(handle, _SAMPLE, 0)
    finally:
        os.close(handle)


def _find_messages(data: bytes, *, file_start: bool) -> Iterator[int]:
    """Yield where From_ lines begin in `data`, whose first byte only tells what went before, if not `file_start`."""
    at = 0
    if file_start:
        blank = _FIRST_LINE.match(data)
        at = blank.end() if blank else 0
        if _is_from_line(data, at):
            yield at
    at = data.find(b"\nFrom ", at)
    while at >= 0:
        if _is_from_line(data, at + 1):
            yield at + 1
        at = data.find(b"\nFrom ", at + 1)


def _is_from_line(data: bytes, at: int) -> bool:
    if not data.startswith(b"From ", at):
        return False
    end = data.find(b"\n", at, at + _LONGEST_FROM_LINE)
    if end < 0 or _FIELD.match(data, end + 1) is None:
        return False
    rest = data[at + 5 : end].strip()
    return rest in {b"", b"-"} or (_TIME.search(rest) is not None and _YEAR.search(rest) is not None)


def _is_cut_off(message: bytes) -> bool:
    """Return whether the file ends within a header line: being written just now, half an address would be told."""
    return len(message) < BODY_LIMIT and not message.endswith(b"\n") and not header_complete(message)


def _load_rest(handle: int, message: bytes, at: int) -> bytes:
    """Return the message that begins at `at`, of which only the start was read, as far as facts can stand in it."""
    if header_complete(message) and not needs_body(read_header(_skip_from(message))):
        return message
    message = os.pread(handle, BODY_LIMIT, at)
    return message[: next(_find_messages(message, file_start=False), None)]


def _skip_from(message: bytes) -> bytes:
    return message[message.find(b"\n") + 1 :]


def _read_one(message: bytes, filed_late: bool, sent: bool | None) -> Row | None:
    line_end = message.find(b"\n")
    put_at = parse_unix_date(message[:line_end].decode("latin-1"))
    data = message[line_end + 1 : line_end + 1 + BODY_LIMIT]
    header = read_header(data)
    return read_message(data, header, arrival(header, put_at) if filed_late else put_at, sent=sent)
