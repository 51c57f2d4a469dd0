"""A stream of bytes cut into its VEVENT and VTIMEZONE components, in constant memory.

Decides what belongs to a component and which of its lines are of use; descriptions, locations and attachments are never
held. Must not understand any value. Tolerant: several calendars in one stream, mixed line ends, wrong encodings, lines
and components of any size, ends that are missing.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

CHUNK: Final = 1 << 18
PROBE: Final = 1 << 20
"""How far into a stream its first BEGIN:VCALENDAR may stand."""
SILENCE: Final = 500_000
"""After how many lines without a word of a calendar the rest is taken for garbage."""
BLOCK: Final = 1 << 20
"""How many bytes the useful lines of one component may have together."""

_LINE: Final = re.compile(
    rb"(?:(BEGIN|END|METHOD)|(ATTENDEE|DTEND|DTSTAMP|DTSTART|DURATION|EXDATE|LAST-MODIFIED|ORGANIZER|RDATE|RECURRENCE-ID"
    rb"|RRULE|SEQUENCE|STATUS|SUMMARY|UID|X-MICROSOFT-CDO-(?:ALLDAYEVENT|BUSYSTATUS)))[ \t]*[;:]",
    re.IGNORECASE,
)
_INITIALS: Final = frozenset(bytes([letter]) for letter in b"ABDELMORSUXabdelmorsux")
_EVENT: Final = "VEVENT"
_ZONE: Final = "VTIMEZONE"
_CALENDAR: Final = "VCALENDAR"


class NotCalendarError(ValueError):
    """The stream holds no calendar; the message ends a sentence that begins with its name."""


@dataclass(frozen=True, slots=True)
class Block:
    """One component: `text` is its useful lines, unfolded and decoded, with line feeds between them.

    `calendar` numbers the VCALENDAR it stands in and `method` is that one's METHOD, in capitals. `fault` says why it
    cannot be read, ``""`` if nothing speaks against it.
    """

    kind: str
    calendar: int
    method: str
    text: str
    fault: str = ""


class Splitter:
    """Iterate over the blocks of `stream`. Afterwards `whole` says whether every component was ended.

    Raises:
        NotCalendarError: no BEGIN:VCALENDAR in the first `PROBE` bytes.
        OSError: the stream's own.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self.whole = True
        self._stream = stream
        self._calendar = -1
        self._method = ""
        self._kind = ""
        self._lines: list[bytes] = []
        self._size = 0
        self._depth = 0
        self._keep = False

    def __iter__(self) -> Iterator[Block]:
        inside = False
        silent = 0
        for line in _lines(self._stream):
            if line[:1] in b" \t":  # the rest of a folded line (RFC 5545, 3.1), or an empty line
                if self._keep and self._size <= BLOCK:
                    self._lines[-1] += line[1:]
                    self._size += len(line)
                continue
            found = _LINE.match(line) if line[:1] in _INITIALS else None
            self._keep = False
            if found is None or found.lastindex is None:
                silent += 1
                if silent > SILENCE:
                    self.whole = False
                    break
                if self._kind == _ZONE:
                    self._take(line)
                continue
            silent = 0
            if found.lastindex > 1:
                if self._kind == _ZONE or (self._kind and not self._depth):
                    self._take(line)
                continue
            word = line[found.end() :].strip().upper().decode("ascii", "replace")
            verb = found[1].upper()
            if verb == b"METHOD":
                if not self._kind and inside:
                    self._method = word
            elif verb == b"BEGIN":
                inside = inside or word == _CALENDAR
                yield from self._begin(word, line)
            else:
                inside = inside and word != _CALENDAR
                yield from self._end(word, line)
        self.whole = self.whole and not inside
        yield from self._cut()

    def _take(self, line: bytes) -> None:
        if self._size <= BLOCK:
            self._keep = True
            self._lines.append(line)
            self._size += len(line)

    def _begin(self, word: str, line: bytes) -> Iterator[Block]:
        if word == _CALENDAR or (self._kind and word in {_EVENT, _ZONE}):
            yield from self._cut()
        if word == _CALENDAR:
            self._calendar += 1
            self._method = ""
        elif self._kind:
            self._depth += 1
            if self._kind == _ZONE:
                self._take(line)
                self._keep = False
        elif word in {_EVENT, _ZONE}:
            self._kind = word

    def _end(self, word: str, line: bytes) -> Iterator[Block]:
        if word == _CALENDAR:
            yield from self._cut()
        elif self._kind and word == self._kind:
            yield self._block("")
        elif self._kind:
            self._depth = max(0, self._depth - 1)
            if self._kind == _ZONE:
                self._take(line)
                self._keep = False

    def _cut(self) -> Iterator[Block]:
        """End a component whose END is missing."""
        if self._kind:
            self.whole = False
            yield self._block("it is cut off in the middle")

    def _block(self, fault: str) -> Block:
        if self._size > BLOCK:
            fault, self._lines = "it is too large", [line[:200] for line in self._lines[:20]]
        block = Block(self._kind, self._calendar, self._method, _decode(b"\n".join(self._lines)), fault)
        self._kind, self._lines, self._size, self._depth, self._keep = "", [], 0, 0, False
        return block


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")  # older Outlooks; what else it may be, names stay readable


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield lines without their ends; of a line longer than `BLOCK` its first bytes only.

    Raises:
        NotCalendarError: see `Splitter`.
    """
    chunks = _chunks(stream)
    head = _head(chunks)
    end = b"\n" if b"\n" in head else b"\r"  # a file of the first Macs has bare CRs
    tail: list[bytes] = []
    held = 0
    for chunk in _chain(head, chunks):
        pieces = chunk.split(end)
        if held <= BLOCK:
            tail.append(pieces[0])
            held += len(pieces[0])
        if len(pieces) == 1:
            continue
        yield b"".join(tail).rstrip(b"\r")
        for piece in pieces[1:-1]:
            yield piece.rstrip(b"\r")
        tail, held = [pieces[-1]], len(pieces[-1])
    yield b"".join(tail).rstrip(b"\r")


def probe(stream: BinaryIO) -> None:
    """Read as far as tells whether `stream` is a calendar.

    Raises:
        NotCalendarError: it is none.
        OSError: the stream's own.
    """
    _head(_chunks(stream))


def _head(chunks: Iterator[bytes]) -> bytes:
    """Return what stands up to the first calendar's beginning, and some more."""
    head = b""
    for chunk in chunks:
        head += chunk
        if b"BEGIN:VCALENDAR" in head[:PROBE].upper():
            return head
        if len(head) >= PROBE:
            raise NotCalendarError(f"is no calendar: no BEGIN:VCALENDAR in its first {PROBE >> 20} MB")
    raise NotCalendarError("is no calendar: no BEGIN:VCALENDAR in it" if head.strip() else "is empty")


def _chain(head: bytes, chunks: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from chunks


def _chunks(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the stream in pieces, UTF-16 told by its mark (or by every other byte being 0) turned into UTF-8."""
    first = stream.read(CHUNK)
    encoding = ""
    if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    elif first[:12:2] == b"BEGIN:" and first[1:12:2] == bytes(6):
        encoding = "utf-16-le"
    elif first[1:12:2] == b"BEGIN:" and first[:12:2] == bytes(6):
        encoding = "utf-16-be"
    elif first.startswith(codecs.BOM_UTF8):
        first = first[len(codecs.BOM_UTF8) :]
    decoder = codecs.getincrementaldecoder(encoding)("replace") if encoding else None
    while first:
        yield decoder.decode(first).encode("utf-8", "replace") if decoder else first
        first = stream.read(CHUNK)
