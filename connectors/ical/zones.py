"""The zone that a TZID means (RFC 5545, 3.2.19 and 3.6.5).

A TZID that names a zone of the IANA database, itself, at the end of a path or by its Windows name, is that zone: the
database knows every past change, a VTIMEZONE often only today's rule. Any other is what its VTIMEZONE says. A TZID that
is neither leaves its times floating and is remembered in `Zones.unknown`.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from typing import Final, Self
from zoneinfo import ZoneInfo

from icalendar.cal import Component, Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_UTC_NAMES: Final = frozenset(
    {"utc", "z", "gmt", "etc/utc", "zulu", "coordinated universal time", "tzone://microsoft/utc"}
)
_WINDOWS: Final = {name.casefold(): zone for name, zone in WINDOWS_TO_OLSON.items()}
_OFFSET: Final = re.compile(r"\(?(?:utc|gmt)?([+-])([01]\d|2[0-3]):?([0-5]\d)\)?", re.IGNORECASE | re.ASCII)
_YEARLY: Final = re.compile(r"^RRULE[^:\n]*:(.*)$", re.MULTILINE | re.IGNORECASE)
_ODD: Final = re.compile(
    r"FREQ=(?!YEARLY)|BY(?:HOUR|MINUTE|SECOND|SETPOS|WEEKNO|YEARDAY|EASTER)|INTERVAL=(?!1(?:\D|$))|^(?!.*FREQ=)"
    r"|BYDAY=[^;]*(?:[6-9]|\d\d)",
    re.IGNORECASE,
)
_DAYS: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_RULES: Final = 100
_LENGTH: Final = 100_000
_NAMES: Final = 500
ZONES_READ: Final = 50
"""How many VTIMEZONEs of one reading are read: each costs a walk through up to four centuries of its rules."""


@lru_cache(maxsize=512)
def named_zone(tzid: str) -> tzinfo | None:
    """Return the zone that `tzid` names, None if it names none."""
    name = tzid.strip().strip('"').strip("/").strip()
    if name.casefold() in _UTC_NAMES:
        return UTC
    parts = name.split("/")
    candidates = [name, _WINDOWS.get(name.casefold(), "")]
    # "/freeassociation.sourceforge.net/Tzfile/Europe/Berlin": the longest end that is a name
    candidates += ["/".join(parts[start:]) for start in range(max(1, len(parts) - 3), len(parts) - 1)]
    for candidate in candidates:
        zone = _database(candidate)
        if zone is not None:
            return zone
    offset = _OFFSET.fullmatch(name)
    if offset is not None:
        ahead = timedelta(hours=int(offset[2]), minutes=int(offset[3]))
        return timezone(ahead if offset[1] == "+" else -ahead)
    return None


def _database(name: str) -> ZoneInfo | None:
    if not re.fullmatch(r"[A-Za-z0-9_+/-]{2,64}", name):
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # a folder of the database, a path, no such zone
        return None


def _happens(rule: str) -> bool:
    """Whether a rule is one that zones have, and fits some day at all: else dateutil looks till the year 9999."""
    if _ODD.search(rule):
        return False
    months, days = (
        [int(number) for number in re.findall(r"\d+", found[1])]
        if (found := re.search(part, rule.upper()))
        else default
        for part, default in ((r"BYMONTH=([^;]*)", list(range(1, 13))), (r"BYMONTHDAY=([^;]*)", [1]))
    )
    return any(1 <= month <= len(_DAYS) and 1 <= day <= _DAYS[month - 1] for month in months for day in days)


class Zones:
    """The zones of one calendar; `definitions` are its VTIMEZONEs by TZID, as text. Reading one takes a turn."""

    def __init__(self, definitions: Mapping[str, str], turns: Iterator[int]) -> None:
        self.unknown: set[str] = set()
        self._definitions = definitions
        self._known: dict[str, tzinfo | None] = {}
        self._turns = turns

    def find(self, tzid: str) -> tzinfo | None:
        """Return the zone of `tzid`; None (and it is in `unknown`) where nothing tells it."""
        if tzid not in self._known:
            zone = named_zone(tzid) or self._defined(tzid)
            if zone is None and len(self.unknown) < _NAMES:
                self.unknown.add(tzid[:80])
            if len(self._known) >= _NAMES:
                return zone
            self._known[tzid] = zone
        return self._known[tzid]

    def _defined(self, tzid: str) -> tzinfo | None:
        text = self._definitions.get(tzid)
        if text is None or next(self._turns, None) is None:
            return None
        try:
            return Changes.read(text)
        except Exception:  # noqa: BLE001 - icalendar and dateutil raise whatever a hostile rule makes them stumble on
            return None


class Changes(tzinfo):
    """A zone told by a VTIMEZONE: a table of its changes up to 2038, the last of which holds for ever."""

    def __init__(self, at: list[datetime], offsets: list[timedelta]) -> None:
        """`at` are the changes in UTC (naive, ascending); `offsets` has one more: the offset before the first."""
        self._at = at
        self._offsets = offsets
        self._local = [change + max(offsets[i], offsets[i + 1]) for i, change in enumerate(at)]

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the zone that the lines of a VTIMEZONE tell.

        Raises:
            ValueError: it is damaged, or has rules no zone has (anything but a few yearly ones).
        """
        rules = _YEARLY.findall(text)
        if len(rules) > _RULES or len(text) > _LENGTH or not all(map(_happens, rules)):
            raise ValueError("rules that no zone has")
        component = Component.from_ical(f"BEGIN:VTIMEZONE\r\n{text}\r\nEND:VTIMEZONE\r\n")
        assert isinstance(component, Timezone)
        times, told = component.get_transitions()
        first = min(component.subcomponents, key=lambda change: change.DTSTART).TZOFFSETFROM
        return cls(times, [first, *(offset for offset, _, _ in told)])

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        """Return the offset at the local time `dt`."""
        if dt is None:
            return None
        return self._offsets[bisect_right(self._local, dt.replace(tzinfo=None))]

    def fromutc(self, dt: datetime) -> datetime:
        """Return the local time of `dt`, which is in UTC and carries this zone."""
        return dt + self._offsets[bisect_right(self._at, dt.replace(tzinfo=None))]

    def dst(self, dt: datetime | None) -> timedelta | None:  # noqa: ARG002 - the shape of tzinfo
        """Return None: what is summer time does not matter here."""
        return None

    def tzname(self, dt: datetime | None) -> str | None:  # noqa: ARG002 - the shape of tzinfo
        """Return None: the zone has no name that means anything elsewhere."""
        return None
