"""The header of a message, cut into those fields that tell a fact.

Bytes in, text out (one character a byte, as Latin-1; `text.restore` gives its meaning). Must not interpret a field.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from connectors.mime.programs import BEGINNINGS, STARTS, is_of_program

HEADER_LIMIT: Final = 65_536
"""A header up to this size is read as it is; in a longer one each field is cut to half of it."""

_WANTED: Final = frozenset({
    "from", "to", "cc", "date", "subject", "message-id", "references", "in-reply-to", "received", "return-path",
    "reply-to", "x-original-from", "auto-submitted", "precedence", "list-id", "list-unsubscribe", "list-post",
    "content-type", "content-class", "x-failed-recipients", "x-autoreply", "x-autorespond", "x-gmail-labels",
    "x-mozilla-status",
})  # fmt: skip
_REPEATED: Final = frozenset({"to", "cc"})
_BLANKS: Final = " \t\n\r\x0b\x0c"  # of ASCII only: read as Latin-1, a letter may end in a byte that is a blank there
_LINE_ENDS: Final = re.compile(r"[\r\n]+")


@dataclass(frozen=True, slots=True)
class Header:
    """The wanted fields by lower-case name, unfolded, and where the body starts (the data's length if nowhere).

    Of a field given twice the first that is not empty is told, because servers write theirs on top; To and Cc are
    joined. `seen` counts the lines that are header fields, wanted or not: 0 means that this is no message. `by_program`
    says that one of them is such as only programs write.
    """

    fields: Mapping[str, str]
    body: int
    seen: int
    by_program: bool = False


def read_header(data: bytes) -> Header:
    """Cut the header at the start of `data` into fields (RFC 5322, 2.2), whatever its line ends."""
    end, body = _find_end(data)
    text = data[:end].decode("latin-1")
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n" if "\n" not in text else " ")
    text = text.replace("\n ", " ").replace("\n\t", " ")
    limit = None if end <= HEADER_LIMIT else HEADER_LIMIT // 2
    fields: dict[str, str] = {}
    seen, by_program = 0, False
    for line in text.split("\n"):
        name, colon, value = line.partition(":")
        name = name.lower()
        if name not in _WANTED:
            if not colon:
                continue
            if name[:5] in STARTS and name.startswith(BEGINNINGS):
                by_program = True
            if not name.endswith((" ", "\t")) or (name := name.rstrip()) not in _WANTED:
                seen += " " not in name
                continue
        if not colon:
            continue
        seen += 1
        _put(fields, name, value[:limit].strip(_BLANKS))
    return Header(fields, body, seen, by_program)


def make_header(pairs: Iterable[tuple[str, str]]) -> Header:
    """Return the header of a mail whose fields a provider tells one by one, as names and Unicode values."""
    fields: dict[str, str] = {}
    seen, by_program = 0, False
    for name, value in pairs:
        seen += 1
        by_program = by_program or is_of_program(name)
        if (name := name.strip().lower()) in _WANTED:
            flat = _LINE_ENDS.sub(" ", value[:HEADER_LIMIT])
            _put(fields, name, flat.encode("utf-8", "replace").decode("latin-1").strip(_BLANKS))
    return Header(fields, 0, seen, by_program)


def _put(fields: dict[str, str], name: str, value: str) -> None:
    if not value:
        return
    if name not in fields:
        fields[name] = value
    elif name in _REPEATED and len(fields[name]) < HEADER_LIMIT:
        fields[name] += "," + value


def header_complete(data: bytes) -> bool:
    """Return whether the whole header is in `data`."""
    return data.find(b"\n\n") >= 0 or data.find(b"\n\r\n") >= 0 or data[:1] == b"\n"


def _find_end(data: bytes) -> tuple[int, int]:
    """Return where the header ends and where the body starts."""
    if data[:1] == b"\n" or data[:2] == b"\r\n":
        return 0, 1 if data[:1] == b"\n" else 2
    bare = data.find(b"\n\n")
    crlf = data.find(b"\n\r\n", 0, bare if bare >= 0 else len(data))
    if crlf >= 0:
        return crlf, crlf + 3
    return (bare, bare + 2) if bare >= 0 else (len(data), len(data))
