"""Calendars for tests, written line by line, and what is read of them."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime

from connectors.ical.reading import Reading
from connectors.types import Meeting

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)

BERLIN = """BEGIN:VTIMEZONE
TZID:Our own zone
BEGIN:DAYLIGHT
DTSTART:19810329T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE"""


def event(*lines: str, uid: str = "one@example.org") -> str:
    """Return a VEVENT."""
    named = [f"UID:{uid}"] if uid else []
    return "\r\n".join(["BEGIN:VEVENT", *named, *lines, "END:VEVENT"])


def calendar(*parts: str, method: str = "") -> bytes:
    """Return a VCALENDAR."""
    head = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example.org//test//EN"]
    if method:
        head.append(f"METHOD:{method}")
    return ("\r\n".join([*head, *parts, "END:VCALENDAR"]) + "\r\n").replace("\r\n", "\n").replace("\n", "\r\n").encode()


def read(*streams: bytes, since: datetime | None = None, now: datetime = NOW) -> list[Meeting]:
    """Return the meetings of the streams, read as one calendar, by start."""
    return read_all(streams, since, now)[0]


def read_all(
    streams: Sequence[bytes], since: datetime | None = None, now: datetime = NOW
) -> tuple[list[Meeting], list[str]]:
    """Return meetings and problems."""
    reading = Reading()
    for number, stream in enumerate(streams):
        reading.add(io.BytesIO(stream), f"file {number}")
    told = list(reading.meetings(since, now))
    meetings = [meeting for one in told for _, meeting in one.meetings]
    meetings.sort(key=lambda one: one.start.replace(tzinfo=one.start.tzinfo or UTC))
    return meetings, [problem for one in told for problem in one.problems]


def starts(meetings: Sequence[Meeting]) -> list[str]:
    """Return the starts as text, without seconds."""
    return [one.start.isoformat(" ", "minutes").removesuffix("+00:00") for one in meetings]
