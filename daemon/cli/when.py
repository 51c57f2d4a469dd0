"""WHEN on the command line: a span from now ("3 months", "3 months ago"), a date, a time, or a few plain words."""

from datetime import date, datetime, timedelta
from datetime import time as clock_time
from zoneinfo import ZoneInfo

from daemon.cli.options import FIRST_YEAR, LAST_YEAR, UsageError
from daemon.cli.output import plain
from daemon.spans import Span

_DAYS = {"today": 0, "tomorrow": 1, "yesterday": -1}


def later(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment after now that `text` means: a span from now, or a date (its local midnight) or time.

    Raises:
        UsageError: it means nothing, or a moment that is past.
    """
    moment = _within_reach(text, _read(text, now, zone, past=False))
    if moment <= now:
        raise UsageError(f'"{plain(text)}" is past; say a span like "3 months" or a date to come')
    return moment


def earlier(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment up to now that `text` means: a span ago, or a date (its local noon) or time.

    Raises:
        UsageError: it means nothing, or a moment still to come.
    """
    moment = _within_reach(text, _read(text, now, zone, past=True))
    if moment > now:
        raise UsageError(f'"{plain(text)}" is still to come; say a date that is past, or a span like "3 days"')
    return moment


def _read(text: str, now: datetime, zone: ZoneInfo, *, past: bool) -> datetime:
    words = text.strip().lower()
    if words in _DAYS:
        day = now.astimezone(zone).date() + timedelta(days=_DAYS[words])
        return _on(day, now, zone, past=past)
    try:
        span = Span.parse(words.removesuffix(" ago").removeprefix("in "))
        return span.before(now, zone) if past else span.after(now, zone)
    except ValueError:
        pass
    try:
        return _on(date.fromisoformat(words), now, zone, past=past)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        raise UsageError(
            f'"{plain(text)}" is no time; write a span like "3 months" or a date like 2026-11-23'
        ) from None


def _within_reach(text: str, moment: datetime) -> datetime:
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise UsageError(f'"{plain(text)}" is out of reach; name a year from {FIRST_YEAR} to {LAST_YEAR}')
    return moment


def _on(day: date, now: datetime, zone: ZoneInfo, *, past: bool) -> datetime:
    """Return a moment on a local day: its start if it is to come, its noon if it is past (but never after now)."""
    moment = datetime.combine(day, clock_time(12) if past else clock_time(0), zone).astimezone(now.tzinfo)
    if past and day == now.astimezone(zone).date():
        return min(moment, now)
    return moment
