"""Local days: which one an instant lies on, when one begins, and how one is written in a sentence."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAY: Final = timedelta(days=1)
_MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LAST: Final = date.max - 2 * DAY  # so that no zone's offset leaves the calendar


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """Return the local day of an aware instant; at the very ends of the calendar that of its own offset."""
    try:
        return at.astimezone(zone).date()
    except OverflowError:
        return at.date()


def midnight(day: int, zone: ZoneInfo) -> datetime:
    """Return the first instant of a local day (ordinal, at most the calendar's end), as aware UTC.

    Where clocks skip midnight, the day begins with the hour they jump to; where they skip the day, with the next one.
    """
    start = datetime.combine(min(date.fromordinal(min(day, _LAST.toordinal())), _LAST), time(), zone)
    after = start.astimezone(UTC)
    before = start.replace(fold=1).astimezone(UTC)
    if before >= after:  # midnight exists, or does twice: then the first one counts (PEP 495)
        return after
    while after - before > timedelta(seconds=1):
        middle = (before + (after - before) / 2).replace(microsecond=0)
        if middle.astimezone(zone).date() < start.date():
            before = middle
        else:
            after = middle
    return after


def write_silence(days: int, away: int) -> str:
    """Return how long a silence is, all of its days and those on which the user was away: "9 days, 3 of them away"."""
    return f"{days:,} {'day' if days == 1 else 'days'}" + (f", {away:,} of them away" if away else "")


def write_date(at: datetime, zone: ZoneInfo) -> str:
    """Return the local day of an instant as "2 Mar 2026", whatever the process's locale is."""
    day = local_date(at, zone)
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
