"""Mail as it lies on a disk: header lines, and the boxes they lie in. Knows nothing of who is who.

Kept lean, because a world has 20,000 mails: lines are put together by hand.
"""

import base64
import random
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from time import gmtime
from typing import Final

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_SPECIALS: Final = frozenset("()<>[]:;@\\,.\"'|")
_WIDTH: Final = 70
_BODY: Final = (
    "Hello,\n\nall is well here, and the garden is as it was.\nFrom here on it is summer: more when we meet.\n"
)
_VOCABULARY: Final = (
    "lunch draft garden visit train music paper week house river winter plan idea letter table window morning question "
    "answer story summer market bridge school dinner photo evening travel coffee number"
)
_WORDS: Final = _VOCABULARY.split()
TEXT: Final = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"

Box = str
"""A box of mail, by its path under the world's folder; Maildirs end in a slash, Takeout's boxes in ``.takeout``."""


def date_field(at: int, offset: int = 0) -> str:
    """Return a Date field's text in a zone `offset` minutes ahead of UTC."""
    year, month, day, hour, minute, second, weekday, _, _ = gmtime(at + offset * 60)
    sign, ahead = ("-", -offset) if offset < 0 else ("+", offset)
    return (
        f"{_DAYS[weekday]}, {day} {_MONTHS[month]} {year} {hour:02}:{minute:02}:{second:02} "
        f"{sign}{ahead // 60:02}{ahead % 60:02}"
    )


def _from_line(at: int) -> str:
    year, month, day, hour, minute, second, weekday, _, _ = gmtime(at)
    return f"{_DAYS[weekday]} {_MONTHS[month]} {day:2} {hour:02}:{minute:02}:{second:02} {year}"


@lru_cache(maxsize=8192)
def mailbox(name: str, email: str, way: int = 0) -> str:
    """Return a mailbox as a header writes it; `way` chooses among the ways to write what is not ASCII."""
    if not name:
        return email if way % 2 else f"<{email}>"
    return f"{_phrase(name, way)} <{email}>"


def _phrase(name: str, way: int) -> str:
    if name.isascii() and _SPECIALS.isdisjoint(name):
        return name
    if not name.isascii():
        if way % 4 == 3 and (legacy := _legacy(name)):
            return f"=?iso-8859-1?Q?{legacy}?="
        if way % 3 == 0:
            return f"=?utf-8?B?{base64.b64encode(name.encode()).decode()}?="
        if way % 3 == 1:
            return f"=?UTF-8?Q?{''.join(_quoted_printable(byte) for byte in name.encode())}?="
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _legacy(name: str) -> str:
    """Return a name in the encoding of Western Europe, "" if it does not fit."""
    try:
        return "".join(_quoted_printable(byte) for byte in name.encode("latin-1"))
    except UnicodeEncodeError:
        return ""


@cache
def _quoted_printable(byte: int) -> str:
    char = chr(byte)
    return char if char.isascii() and char.isalnum() else "_" if char == " " else f"={byte:02X}"


def _fold(mailboxes: str) -> str:
    """Return a long list of mailboxes on several lines; a comma within quotes may be folded after as well."""
    return mailboxes if len(mailboxes) < _WIDTH else mailboxes.replace(", ", ",\n\t")


class Post:
    """All mail of a world, box by box."""

    def __init__(self, dice: random.Random) -> None:
        self._dice = dice
        self._boxes: dict[Box, list[tuple[int, str, str]]] = {}
        self._flags: dict[int, str] = {}
        self._serial = 0
        self.count = 0

    def key(self) -> str:
        """Return a new Message-ID, without brackets."""
        self._serial += 1
        return f"{self._dice.getrandbits(48):012x}.{self._serial}@mail.example.net"

    def subject(self) -> str:
        """Return a subject."""
        return f"{self._dice.choice(_WORDS)} and {self._dice.choice(_WORDS)}"

    def put(
        self, box: Box, at: int, *, sender: str, to: str, cc: str = "", subject: str = "", key: str | None = None,
        refs: Sequence[str] = (), head: str = "", kind: str = TEXT, body: str = _BODY, date: str | None = None,
        offset: int = 60, received: int | None = 2, filed: int | None = 2, flags: str = "S",
    ) -> str:  # fmt: skip
        """Lay a mail into a box; return its Message-ID ("" if it has none).

        Args:
            box: where.
            at: when it was written; decides its Date, unless `date` is given ("" for no Date at all).
            sender: its From; likewise `to`, `cc`, and `head`, further whole header lines.
            subject: its subject; "" for one by chance.
            key: its Message-ID; None for a new one, "" for none.
            refs: the Message-IDs of its References.
            kind: the lines that tell the type of its body.
            body: its body.
            date: what stands in Date instead.
            offset: of the sender's zone, in minutes ahead of UTC.
            received: seconds after `at` that its top Received tells; None for mail without one.
            filed: seconds after `at` at which the From_ line or file name puts it there; None for one without a time.
            flags: of a Maildir.
        """
        key = self.key() if key is None else key
        lines = []
        if received is not None:
            stamp, older = date_field(at + received), date_field(at + received - 2)
            lines.append(
                f"Received: from mx.example.net (mx.example.net [192.0.2.7])\n\tby mail.example.com; {stamp} (UTC)\n"
                f"Received: from out.example.org by mx.example.net with ESMTP; {older}\n"
            )
        lines.append(head)
        date = date_field(at, offset) if date is None else date
        if date:
            lines.append(f"Date: {date}\n")
        lines.append(f"From: {sender}\n")
        if to:
            lines.append(f"To: {_fold(to)}\n")
        if cc:
            lines.append(f"Cc: {_fold(cc)}\n")
        lines.append(f"Subject: {subject or self.subject()}\n")
        if key:
            lines.append(f"Message-ID: <{key}>\n")
        if refs:
            lines.append(f"In-Reply-To: <{refs[-1]}>\nReferences: {' '.join(f'<{ref}>' for ref in refs)}\n")
        lines.append(f"{kind}\n{body}")
        when = at if filed is None else at + filed
        self._add(box, when, "" if filed is None else "timed", "".join(lines), flags)
        return key

    def copy(self, box: Box, source: Box, *, head: str = "", later: int = 0, flags: str = "S") -> None:
        """Lay the newest mail of `source` into `box` too, with `head` on top, put there so much later."""
        when, timed, text = self._boxes[source][-1]
        self._add(box, when + later, timed, head + text, flags)

    def _add(self, box: Box, when: int, timed: str, text: str, flags: str) -> None:
        self.count += 1
        if box.endswith("/"):
            timed = flags
        self._boxes.setdefault(box, []).append((when, timed, text))

    def write(self, root: Path) -> None:
        """Write all boxes below `root`, oldest mail first."""
        for box, mails in self._boxes.items():
            mails.sort()
            path = root / box
            if box.endswith("/"):
                _write_maildir(path, mails)
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            text = "".join(
                f"From writer@example.org {_from_line(when)}\n{mail}\n" if timed else f"From - \n{mail}\n"
                for when, timed, mail in mails
            )
            path.write_text(text, encoding="utf-8")


def _write_maildir(path: Path, mails: Sequence[tuple[int, str, str]]) -> None:
    for part in ("cur", "new", "tmp"):
        (path / part).mkdir(parents=True, exist_ok=True)
    for number, (when, flags, text) in enumerate(mails):
        (path / "cur" / f"{when}.M{number}P1.host.example:2,{flags}").write_text(text, encoding="utf-8")
