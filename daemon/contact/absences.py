"""On which days the user was away: no silence of those days is anybody's fault.

Told by the calendar (out-of-office entries of the user's own), and concluded where somebody who writes to many nearly
every day wrote nothing for a week or more, and then again. An absence that still lasts is known from the calendar only:
mail that stopped may also mean an archive that nobody keeps any more.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import time
from itertools import pairwise
from typing import Final

from daemon.contact.attendance import meeting_times
from daemon.contact.copies import Mails
from daemon.contact.days import LocalDays
from daemon.ledger import MeetingFact
from daemon.ledger.meetings import AWAY, CANCELLED
from daemon.settings import Rhythm

_FEWEST: Final = 7  # days without a mail of mine
_WEEKEND: Final = 4  # days between two that are of one absence
_MOST: Final = 180  # what is longer is no holiday but mail that is not there
_WINDOW: Final = 91  # days before it, by which it is judged
_LEAST_ACTIVE: Final = 25  # days of these on which I wrote
_LEAST_CIRCLES: Final = 5  # different sets of people I wrote to in them: one silent friend is not me
_CHANCE: Final = 0.001  # that somebody who writes as I do is silent for so long without being away
_DAY: Final = 86_400


def find_absences(
    mails: Mails, meetings: Sequence[MeetingFact], mine: Collection[int], days: LocalDays, rhythm: Rhythm
) -> tuple[int, ...]:
    """Return the local days (ordinals, ascending) on which I was away and wrote to nobody.

    An entry must say so for half of the hours of `rhythm`, at least. Who is never there by their calendar just uses it
    for something else: what it says for longer than half a year on end is left out.
    """
    written: dict[int, set[int]] = {}
    for at, sender, group, marks in zip(mails.at, mails.sender, mails.group, mails.marks, strict=True):
        if sender in mine and not marks:
            written.setdefault(days.day(at), set()).add(group)
    told = {day for fact in meetings for day in _told(fact, mine, days, rhythm)}
    return tuple(sorted(told.difference(_endless(told)).union(_concluded(written)).difference(written)))


def _endless(days: Collection[int]) -> Iterator[int]:
    """Yield the days of stretches that are too long for an absence; a weekend does not end one."""
    stretch: list[int] = []
    for day in (*sorted(days), None):
        if stretch and (day is None or day - stretch[-1] > _WEEKEND):
            if stretch[-1] - stretch[0] >= _MOST:
                yield from stretch
            stretch = []
        if day is not None:
            stretch.append(day)


def _told(fact: MeetingFact, mine: Collection[int], days: LocalDays, rhythm: Rhythm) -> Iterator[int]:
    """Yield the days of which an entry says that I am out of office, half of the working hours at least."""
    if not fact.flags & AWAY or fact.flags & CANCELLED or not (fact.organizer in mine or fact.organizer < 0):
        return
    start, end = meeting_times(fact, days.localize)
    if end - start > _MOST * _DAY:
        return
    for day in range(days.day(start), days.day(max(start, end - 1)) + 1):
        begin, close = (days.midnight(day) + _seconds(hour) for hour in rhythm.hours)
        if 2 * (min(end, close) - max(start, begin)) >= close - begin:
            yield day


def _seconds(hour: time) -> int:
    return 3_600 * hour.hour + 60 * hour.minute


def _concluded(written: Mapping[int, Collection[int]]) -> Iterator[int]:
    """Yield the days of silences that somebody who writes as often as I did before does not make by chance."""
    active = sorted(written)
    for before, after in pairwise(active):
        silent = after - before - 1
        if not _FEWEST <= silent <= _MOST:
            continue
        first, last = bisect_left(active, before - _WINDOW + 1), bisect_right(active, before)
        share = (last - first) / _WINDOW
        circles = {group for day in active[first:last] for group in written[day]}
        if last - first >= _LEAST_ACTIVE and len(circles) >= _LEAST_CIRCLES and (1 - share) ** silent < _CHANCE:
            yield from range(before + 1, after)
