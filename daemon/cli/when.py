"""WHEN on the command line: a span from now, a date as one writes it, a day's name, or a few plain words.

The same words are read everywhere; "friday" and "3 Mar" are the last ones where something was, the next where something
is to come.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from datetime import time as clock_time
from difflib import get_close_matches
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from daemon.cli.options import FIRST_YEAR, LAST_YEAR, UsageError
from daemon.cli.output import plain
from daemon.spans import Span

_PLAIN: Final[Mapping[str, int]] = MappingProxyType({"today": 0, "tomorrow": 1, "yesterday": -1})
_DAY_NAMES: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAYS: Final[Mapping[str, int]] = MappingProxyType(
    {part: number for number, name in enumerate(_DAY_NAMES) for part in (name, name[:3])}
)
_MONTH_NAMES: Final = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_MONTHS: Final[Mapping[str, int]] = MappingProxyType(
    {part: number for number, name in enumerate(_MONTH_NAMES, 1) for part in (name, name[:3], name[:4])}
)
_ONE: Final = re.compile(r"(?:an?|one|last|next) (?=[a-z]+)")
_DAY_MONTH: Final = re.compile(r"(\d{1,2})\.? ([a-z]{3,9})\.?(?:,? (\d{4}))?")
_MONTH_DAY: Final = re.compile(r"([a-z]{3,9})\.? (\d{1,2})(?:,? (\d{4}))?")
# Words by which a text tells when, not how: nobody met "last week". Those of the second sort do so only by themselves.
_OF_TIME: Final = frozenset(
    {*_PLAIN, *_DAY_NAMES, *_MONTH_NAMES, "last", "next", "this", "ago", "week", "recently", "tonight"}
    - {"march", "may"}
)
_MAYBE_OF_TIME: Final = frozenset({
    "a", "an", "the", "of", "on", "in", "at", "early", "late", "other", "one", "now", "minute", "hour", "day",
    "weekend", "month", "year", "morning", "noon", "afternoon", "evening", "night", "midnight", "march", "may",
})  # fmt: skip
_SEARCHED_YEARS: Final = 8  # 29 February comes again within so many


def later(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment after now that `text` means: a span from now, or a date (its local midnight) or time.

    Raises:
        UsageError: it means nothing, or a moment that is past.
    """
    moment = _read(text, now, zone, past=False)
    if moment <= now:
        raise UsageError(f'"{plain(text)}" is past; say {_example(now, zone, past=False)}')
    return moment


def earlier(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the moment up to now that `text` means: a span ago, or a date (its local noon) or time.

    Raises:
        UsageError: it means nothing, or a moment still to come.
    """
    moment = _read(text, now, zone, past=True)
    if moment > now:
        raise UsageError(f'"{plain(text)}" is still to come; say {_example(now, zone, past=True)}')
    return moment


def is_of_time(text: str) -> bool:
    """Say whether a text tells when rather than how, readable or not: "last week", "yesterday morning"."""
    words = [word.removesuffix("s") if word != "this" else word for word in re.findall(r"[^\W\d_]+", text.lower())]
    if any(map(str.isdigit, text)) or not _OF_TIME.isdisjoint(words) or (words and _MAYBE_OF_TIME.issuperset(words)):
        return True
    near = [*_DAY_NAMES, *_MONTH_NAMES, *_PLAIN]
    return len(words) == 1 and (
        words[0] in _WEEKDAYS or words[0] in _MONTHS or bool(get_close_matches(words[0], near, 1, 0.82))
    )


def _example(now: datetime, zone: ZoneInfo, *, past: bool) -> str:
    """Return what can be said in place of what cannot."""
    if past:
        return f'a span like "3 days", a day like "friday", or a date like {_day(now, zone) - timedelta(days=9)}'
    month = Span.parse("3 months").after(now, zone).astimezone(zone).date().replace(day=1)
    return f'a span like "3 months", a day like "friday", or a date like {month}'


def _read(text: str, now: datetime, zone: ZoneInfo, *, past: bool) -> datetime:
    words = " ".join(text.lower().split()).removeprefix("on ")
    day = _read_day(words, _day(now, zone), past=past)
    found = day or _read_span(words, now, zone, past=past) or _read_moment(text, now, zone)
    if found is None:
        raise UsageError(f'"{plain(text)}" is no time that auld knows; say {_example(now, zone, past=past)}')
    if not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise UsageError(f'"{plain(text)}" is out of reach; name a year from {FIRST_YEAR} to {LAST_YEAR}')
    return found if isinstance(found, datetime) else _on(found, now, zone, past=past)


def _read_span(words: str, now: datetime, zone: ZoneInfo, *, past: bool) -> datetime | None:
    """Return a moment by its distance; "last" and "next week" are a week from now."""
    if words.startswith(("next ", "in ")) if past else words.startswith("last ") or words.endswith(" ago"):
        return None  # the other way round
    try:
        span = Span.parse(_ONE.sub("1 ", words.removesuffix(" ago").removeprefix("in "), count=1))
    except ValueError:
        return None
    return span.before(now, zone) if past else span.after(now, zone)


def _read_day(words: str, today: date, *, past: bool) -> date | None:
    """Return a day by its name or date."""
    if words in _PLAIN:
        return today + timedelta(days=_PLAIN[words])
    name = words.removeprefix("last ") if past else words  # "next friday" may be this week's or the one after
    if name in _WEEKDAYS:
        ahead = (_WEEKDAYS[name] - today.weekday()) % 7
        return today + timedelta(days=(ahead or 7) if not past else ahead - 7)
    if found := _DAY_MONTH.fullmatch(words):
        return _on_date(found[1], found[2], found[3], today, past=past)
    if found := _MONTH_DAY.fullmatch(words):
        return _on_date(found[2], found[1], found[3], today, past=past)
    try:
        return date.fromisoformat(words)
    except ValueError:
        return None


def _on_date(day: str, month: str, year: str | None, today: date, *, past: bool) -> date | None:
    """Return the day of a month; without a year, the last one up to today, or the next one after it."""
    step = -1 if past else 1
    years = [int(year)] if year else [today.year + step * number for number in range(_SEARCHED_YEARS + 1)]
    for one in years:
        try:
            found = date(one, _MONTHS.get(month, 0), int(day))
        except ValueError:
            continue
        if year or (found <= today if past else found > today):
            return found
    return None


def _read_moment(text: str, now: datetime, zone: ZoneInfo) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(now.tzinfo)
    except (ValueError, OverflowError):
        return None


def _day(now: datetime, zone: ZoneInfo) -> date:
    return now.astimezone(zone).date()


def _on(day: date, now: datetime, zone: ZoneInfo, *, past: bool) -> datetime:
    """Return a moment on a local day: its start if it is to come, its noon if it is past (but never after now)."""
    moment = datetime.combine(day, clock_time(12) if past else clock_time(0), zone).astimezone(now.tzinfo)
    if past and day == _day(now, zone):
        return min(moment, now)
    return moment
