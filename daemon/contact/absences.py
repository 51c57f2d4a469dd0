"""On which days the user was away: no silence of those days is anybody's fault.

Told by the calendar (out-of-office entries of the user's own), and concluded where somebody who writes to many nearly
every day wrote nothing for a week or more, and then again. An absence that still lasts is known from the calendar only:
mail that stopped may also mean an archive that nobody keeps any more.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from daemon.contact.attendance import meeting_times
from daemon.contact.copies import Mails
from daemon.contact.days import LocalDays
from daemon.ledger import MeetingFact
from daemon.ledger.meetings import AWAY, CANCELLED

_FEWEST: Final = 7  # days without a mail of mine
_MOST: Final = 180  # what is longer is no holiday but mail that is not there
_WINDOW: Final = 91  # days before it, by which it is judged
_LEAST_ACTIVE: Final = 25  # days of these on which I wrote
_LEAST_CIRCLES: Final = 5  # different sets of people I wrote to in them: one silent friend is not me
_CHANCE: Final = 0.001  # that somebody who writes as I do is silent for so long without being away
_HALF_A_DAY: Final = 6 * 3_600
_DAY: Final = 86_400


def find_absences(
    mails: Mails, meetings: Sequence[MeetingFact], mine: Collection[int], days: LocalDays
) -> tuple[int, ...]:
    """Return the local days (ordinals, ascending) on which I was away and wrote to nobody."""
    written: dict[int, set[int]] = {}
    for at, sender, group, marks in zip(mails.at, mails.sender, mails.group, mails.marks, strict=True):
        if sender in mine and not marks:
            written.setdefault(days.day(at), set()).add(group)
    told = (day for fact in meetings for day in _told(fact, mine, days))
    return tuple(sorted(set(told).union(_concluded(written)).difference(written)))


def _told(fact: MeetingFact, mine: Collection[int], days: LocalDays) -> Iterator[int]:
    """Yield the days of which an entry says that I am out of office, half a working day at least."""
    if not fact.flags & AWAY or fact.flags & CANCELLED or not (fact.organizer in mine or fact.organizer < 0):
        return
    start, end = meeting_times(fact, days.localize)
    if end - start > _MOST * _DAY:
        return
    for day in range(days.day(start), days.day(max(start, end - 1)) + 1):
        opens = max(start, days.midnight(day))
        closes = min(end, days.midnight(day + 1))
        if closes - opens >= _HALF_A_DAY:
            yield day


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
