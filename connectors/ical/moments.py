"""Dates, times and durations (RFC 5545, 3.3.4 to 3.3.6), and how an instant is written as `original_start`.

A moment is a `date` (all day), a naive `datetime` (floating) or an aware one in its own zone, as the calendar gave it.
Must not choose a zone for floating times: that is the user's, and not known here.
"""

import re
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from connectors.ical.lines import Property

if TYPE_CHECKING:  # its library is slow to import, and web calendars need no zones of their own
    from connectors.ical.zones import Zones

Moment = date | datetime

_STAMP: Final = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:[Tt ](\d\d):?(\d\d):?(\d\d)?(?:\.\d+)?([Zz]?))?", re.ASCII)
_DURATION: Final = re.compile(r"([+-]?)P(?=.)(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?", re.ASCII)
_YEARS: Final = range(1600, 9000)
_DIGITS: Final = 9
_LONGEST: Final = timedelta(days=3660)


def read_moment(value: str, parameters: Property, zones: "Zones") -> Moment:
    """Return the moment that `value` is, with the VALUE and TZID of `parameters`.

    Raises:
        ValueError: it is none, or lies outside the years 1600 to 9000.
    """
    found = _STAMP.fullmatch(value.strip())
    if found is None or int(found[1]) not in _YEARS:
        raise ValueError(f"{value[:40]!r} is no date")
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    if found[4] is None or parameters.parameter("VALUE").upper() == "DATE":
        return date(year, month, day)
    second = min(int(found[6] or 0), 59)  # a leap second
    moment = datetime(year, month, day, int(found[4]), int(found[5]), second)
    if found[7]:
        return moment.replace(tzinfo=UTC)
    name = parameters.parameter("TZID")
    return moment.replace(tzinfo=zones.find(name)) if name else moment


def read_moments(lines: Property, zones: "Zones") -> list[Moment]:
    """Return the moments of an RDATE or EXDATE; of a period its start. What cannot be read is left out."""
    moments: list[Moment] = []
    for value in lines.value.split(","):
        try:
            moments.append(read_moment(value.partition("/")[0], lines, zones))
        except ValueError:
            continue
    return moments


def read_duration(value: str) -> timedelta:
    """Return a duration, at most ten years; a negative one as zero.

    Raises:
        ValueError: it is none.
    """
    found = _DURATION.fullmatch(value.strip().upper())
    if found is None or any(part is not None and len(part) > _DIGITS for part in found.groups()[1:]):
        raise ValueError(f"{value[:40]!r} is no duration")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    duration = timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds)
    return timedelta() if found[1] == "-" else min(duration, _LONGEST)


def fit(moment: Moment, like: Moment) -> Moment:
    """Return `moment` as the same kind of moment as `like`, so that the two can be compared.

    Calendars mix them: an UNTIL in UTC for a floating series, a RECURRENCE-ID without a time for a timed one.
    """
    if not isinstance(like, datetime):
        return moment.date() if isinstance(moment, datetime) else moment
    if not isinstance(moment, datetime):
        return datetime.combine(moment, like.time(), like.tzinfo)
    if (moment.tzinfo is None) is (like.tzinfo is None):
        return moment
    return moment.replace(tzinfo=like.tzinfo)


def settle(moment: Moment) -> datetime:
    """Return `moment` as a fact has it: aware in UTC, or naive for a floating time or the midnight of a day.

    Raises:
        OverflowError: it is at the very end of time.
    """
    if not isinstance(moment, datetime):
        return datetime(moment.year, moment.month, moment.day)
    return moment if moment.tzinfo is None else moment.astimezone(UTC)


def write_original(moment: Moment) -> str:
    """Return `moment` as `Meeting.original_start` has it: "2026-03-01T09:00:00Z", the same without Z, or a day."""
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return settle(moment).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    return moment.isoformat()
