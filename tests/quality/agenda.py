"""Calendar entries as they lie in .ics files. Knows nothing of who is who."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from tests.quality.truth import ZONE

_STAMP: Final = "20200101T080000Z"
_WIDTH: Final = 73  # RFC 5545, 3.1: lines of at most 75 bytes

NEW_YORK: Final = (
    "BEGIN:VTIMEZONE\r\nTZID:Company/East Coast\r\nBEGIN:STANDARD\r\nDTSTART:20071104T020000\r\n"
    "RRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=1SU\r\nTZOFFSETFROM:-0400\r\nTZOFFSETTO:-0500\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:20070311T020000\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=2SU\r\nTZOFFSETFROM:-0500\r\n"
    "TZOFFSETTO:-0400\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
)
"""A zone that no database knows by its name, with the rules of New York."""


def utc_stamp(at: int) -> str:
    """Return an instant as iCalendar writes it in UTC."""
    return f"{datetime.fromtimestamp(at, UTC):%Y%m%dT%H%M%SZ}"


def local_stamp(at: int) -> str:
    """Return an instant as the user's clock shows it, without a zone."""
    return f"{datetime.fromtimestamp(at, ZONE):%Y%m%dT%H%M%S}"


def zoned(name: str, at: int) -> str:
    """Return a property's ending with a time of the user's zone, as in ``DTSTART;TZID=Europe/Amsterdam:…``."""
    return f";TZID={name}:{local_stamp(at)}"


def day_stamp(at: int, days: int = 0) -> str:
    """Return the ending of an all-day property: the user's day of `at`, so many days later."""
    return f";VALUE=DATE:{datetime.fromtimestamp(at, ZONE) + timedelta(days=days):%Y%m%d}"


def invite(name: str, email: str, answer: str = "", *, more: str = "") -> str:
    """Return an ATTENDEE line; `answer` is a PARTSTAT, "" for none."""
    common = f';CN="{name}"' if name else ""
    return f"ATTENDEE{common}{f';PARTSTAT={answer}' if answer else ''}{more}:mailto:{email}"


def organiser(name: str, email: str) -> str:
    """Return an ORGANIZER line."""
    return f'ORGANIZER;CN="{name}":mailto:{email}' if name else f"ORGANIZER:mailto:{email}"


class Agenda:
    """All entries of a world, by calendar ("home", "work")."""

    def __init__(self) -> None:
        self._entries: dict[str, list[str]] = {}
        self._serial = 0

    def uid(self) -> str:
        """Return a new UID."""
        self._serial += 1
        return f"entry-{self._serial}@calendar.example.org"

    def put(self, calendar: str, uid: str, start: str, end: str, lines: Sequence[str], *, stamp: str = _STAMP) -> None:
        """Enter an event; `start` and `end` are endings of properties (":20260101T120000Z")."""
        entry = [
            "BEGIN:VEVENT",
            f"UID:{uid}",
            f"DTSTAMP:{stamp}",
            f"DTSTART{start}",
            f"DTEND{end}",
            *lines,
            "END:VEVENT",
        ]
        self._entries.setdefault(calendar, []).extend(part for line in entry for part in _fold(line))

    def write(self, root: Path) -> None:
        """Write each calendar to ``NAME.ics``; both are there, if need be without entries."""
        for calendar in ("home", "work"):
            lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Example//EN"]
            entries = self._entries.get(calendar, [])
            text = "\r\n".join([*lines, NEW_YORK + "\r\n".join([*entries, "END:VCALENDAR", ""])])
            (root / f"{calendar}.ics").write_bytes(text.encode())


def _fold(line: str) -> list[str]:
    if len(line.encode()) <= _WIDTH:
        return [line]
    step = _WIDTH if line.isascii() else _WIDTH // 4
    return [(" " if at else "") + line[at : at + step] for at in range(0, len(line), step)]
