"""Date fields as seconds since 1970 UTC, exactly as told: whether a date is to be believed is not decided here."""

import re
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final

_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_USUAL: Final = re.compile(
    r"\s*(?:[A-Za-z]{3},?\s+)?(\d{1,2})\s+([A-Za-z]{3})\s+(\d{4})\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s*"
    r"(?:([+-])(\d\d)(\d\d)|GMT|UTC?|Z)?\s*(?:\([^()]*\)\s*)?"
)
_UNIX: Final = re.compile(
    r"([A-Za-z]{3})\s+(\d{1,2})\s+(\d{1,2}):(\d\d)(?::(\d\d))?\s+(?:([+-])(\d\d)(\d\d)\s+|[A-Z]{2,5}\s+)?(\d{4})"
    r"(?:\s+([+-])(\d\d)(\d\d))?"
)
_DATED: Final = re.compile(r"\b\d{1,2} [A-Za-z]{3} \d{4} \d\d:\d\d:\d\d(?: [+-]\d{4})?")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY: Final = date(1970, 1, 1).toordinal()
_FIRST: Final = int(datetime.min.replace(tzinfo=UTC).timestamp())
_LAST: Final = int(datetime.max.replace(tzinfo=UTC, microsecond=0).timestamp())
_LONGEST: Final = 200  # characters of a date that are looked at
_LARGEST_ZONE: Final = 24 * 3600


def parse_date(value: str) -> int | None:
    """Return the instant of a Date field (RFC 5322, obsolete forms included), None if it cannot be read.

    A date without a zone, or with one that is unknown, is taken as UTC.
    """
    match = _USUAL.fullmatch(value, 0, _LONGEST)
    if match is None:
        return _parse_other(value)
    day, month_name, year, hour, minute, second, sign, zone_hours, zone_minutes = match.groups()
    month = _MONTHS.get(month_name.lower())
    if month is None:
        return None
    zone = 0
    if sign:
        zone = int(zone_hours) * 3600 + int(zone_minutes) * 60
        zone = -zone if sign == "-" else zone
    return _instant(int(year), month, int(day), int(hour), int(minute), int(second or 0), zone)


def parse_unix_date(line: str) -> int | None:
    """Return the instant in an mbox From_ line ("From x Tue Mar  1 12:00:00 2022"), None if there is none.

    Its zone is taken as UTC where it names none by number: no mbox says which it is. Some programs (KMail) write a date
    there as a Date field has it.
    """
    match = _UNIX.search(line, 0, 2 * _LONGEST)
    if match is None:
        dated = _DATED.search(line, 0, 2 * _LONGEST)
        return parse_date(dated[0]) if dated else None
    month_name, day, hour, minute, second, *zones, year, sign_after, hours_after, minutes_after = match.groups()
    month = _MONTHS.get(month_name.lower())
    if month is None:
        return None
    sign, zone_hours, zone_minutes = (sign_after, hours_after, minutes_after) if sign_after else zones
    zone = int(zone_hours) * 3600 + int(zone_minutes) * 60 if sign else 0
    zone = -zone if sign == "-" else zone
    return _instant(int(year), month, int(day), int(hour), int(minute), int(second or 0), zone)


def to_datetime(seconds: int | None) -> datetime | None:
    """Return the aware UTC datetime of `seconds` since 1970, None for None."""
    return None if seconds is None else _EPOCH + timedelta(seconds=seconds)


@lru_cache(maxsize=512)
def _day_number(year: int, month: int, day: int) -> int | None:
    try:
        return date(year, month, day).toordinal() - _EPOCH_DAY
    except ValueError:
        return None


def _instant(year: int, month: int, day: int, hour: int, minute: int, second: int, zone: int) -> int | None:
    days = _day_number(year, month, day)
    # Second 60 is a leap second; it becomes the next minute's first.
    if days is None or hour > 23 or minute > 59 or second > 60 or abs(zone) >= _LARGEST_ZONE:  # noqa: PLR2004 -- a clock
        return None
    seconds = days * 86400 + hour * 3600 + minute * 60 + second - zone
    return seconds if _FIRST <= seconds <= _LAST else None


def _parse_other(value: str) -> int | None:
    from email.utils import parsedate_tz  # noqa: PLC0415 -- rare, and slow to import

    try:
        parts = parsedate_tz(value[:_LONGEST])
        if parts is None:
            return None
        year, month, day, hour, minute, second = parts[:6]
        return _instant(year, month, day, hour, minute, second, parts[9] or 0)
    except (ValueError, TypeError, IndexError, AttributeError, OverflowError):
        return None  # the standard parser has raised each of these on some odd date
