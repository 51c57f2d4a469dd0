"""How many drafts may be written, and when (rules: "The budget"): few, spread over the month, never a heap.

It says of each draft whether it may be written and, if not, which limit stops it. It chooses nobody.
"""

from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import Enum, auto
from typing import Final, Self
from zoneinfo import ZoneInfo

from daemon.due.days import local_date
from daemon.due.workdays import is_working_day, public_holiday
from daemon.model import UNSENT, DraftRecord, Status
from daemon.settings import WEEKDAYS, Occasion, Rhythm

A_DAY: Final = 2
GREETINGS_A_DAY: Final = 3
_OUTSIDE_GOAL: Final[frozenset[str]] = frozenset({"birthday", "new-year", "look-back"})


class Asker(Enum):
    """Who wants a draft: the service (and ``auld once``), ``auld draft``, or ``auld draft PERSON``."""

    SERVICE = auto()
    TYPED = auto()
    NAMED = auto()


@dataclass(frozen=True, slots=True)
class Budget:
    """What is left, as of one instant.

    `today`, `month` count drafts within the goal, withdrawn ones left out; `greetings` today's new-year ones; `unsent`
    those that wait, of every kind. `by_today` is how many of the goal the month's spread allows by now. `closed` is a
    sentence if the service writes nothing at this time, else "".
    """

    goal: int
    open: int
    today: int
    month: int
    greetings: int
    unsent: int
    by_today: int
    closed: str

    @classmethod
    def count(
        cls,
        records: Iterable[DraftRecord],
        rhythm: Rhythm,
        now: datetime,
        zone: ZoneInfo,
        first_synced_at: datetime | None,
        country: str = "",
    ) -> Self:
        """Count all drafts there ever were.

        `first_synced_at` is when the first sync of the first account was through, None if none is yet: then the
        service writes nothing. Public holidays of `country` are no working days.
        """
        here = local_date(now, zone)
        today = month = greetings = unsent = 0
        for record in records:
            if record.occasion == "look-back":
                continue  # to the user themself
            unsent += record.status in UNSENT
            if record.status is Status.WITHDRAWN:
                continue
            day = local_date(record.created_at, zone)
            greetings += record.occasion == "new-year" and day == here
            if is_within_goal(record):
                today += day == here
                month += (day.year, day.month) == (here.year, here.month)
        first = local_date(first_synced_at, zone) if first_synced_at else here
        so_far, whole = _working_days(rhythm, country, here, first)
        by_today = -(-rhythm.goal * so_far // whole) if whole else 0
        closed = _closed(rhythm, country, now, zone) if first_synced_at is not None else "the first sync is not through"
        return cls(rhythm.goal, rhythm.open, today, month, greetings, unsent, by_today, closed)

    def stops(self, occasion: Occasion, asker: Asker) -> str:
        """Return the limit that stops one more draft, as a sentence, or "" if it may be written."""
        limits = [
            (asker is Asker.SERVICE and bool(self.closed), self.closed),
            (self.unsent >= self.open, _write_open(self.unsent, self.open)),
        ]
        if occasion == "new-year" and asker is not Asker.NAMED:
            limits.append((self.greetings >= GREETINGS_A_DAY, f"{GREETINGS_A_DAY} new-year greetings a day at most"))
        if asker is not Asker.NAMED and occasion not in _OUTSIDE_GOAL:
            limits.append((self.month >= self.goal, f"this month's goal of {self.goal} is reached"))
            if asker is Asker.SERVICE:
                limits.append((self.today >= A_DAY, f"{A_DAY} drafts a day at most"))
                limits.append((self.month >= self.by_today, self._write_spread()))
        return next((text for applies, text in limits if applies), "")

    def spend(self, occasion: Occasion, asker: Asker) -> Self:
        """Return what is left after one more draft."""
        within = asker is not Asker.NAMED and occasion not in _OUTSIDE_GOAL
        return replace(
            self,
            today=self.today + within,
            month=self.month + within,
            greetings=self.greetings + (occasion == "new-year"),
            unsent=self.unsent + 1,
        )

    def allot(self, occasions: Sequence[Occasion], asker: Asker) -> tuple[str, ...]:
        """Go through drafts in the order of writing: "" for each that may be written, else the limit that stops it."""
        left, answers = self, []
        for occasion in occasions:
            stopped = left.stops(occasion, asker)
            answers.append(stopped)
            if not stopped:
                left = left.spend(occasion, asker)
        return tuple(answers)

    def may_write_today(self, asker: Asker = Asker.SERVICE) -> int:
        """Return how many drafts within the goal may be written now.

        The service: min(2 - today's, ceil(goal k / K) - this month's, open - unsent), in its days and hours;
        ``auld draft``: min(goal - this month's, open - unsent).
        """
        left, count = self, 0
        while not left.stops("catch-up", asker):
            left, count = left.spend("catch-up", asker), count + 1
        return count

    def _write_spread(self) -> str:
        spread = f"this month's {self.goal} are spread over its working days"
        if not self.by_today:
            return f"{spread}, and none falls before tomorrow"
        return f"{spread}: {self.by_today} by today, and {self.month} are written"


def is_within_goal(record: DraftRecord) -> bool:
    """Say whether a draft is one of the month's goal: not one asked for by name, no birthday, no new-year greeting."""
    return not record.typed and record.occasion not in _OUTSIDE_GOAL


def _working_days(rhythm: Rhythm, country: str, today: date, first_synced: date) -> tuple[int, int]:
    """Return k and K: this month's working days so far, today included, and all; from the day after the first sync."""
    month = (today.replace(day=number) for number in range(1, monthrange(today.year, today.month)[1] + 1))
    working = [day for day in month if day > first_synced and is_working_day(day, rhythm, country)]
    return sum(day <= today for day in working), len(working)


def _closed(rhythm: Rhythm, country: str, now: datetime, zone: ZoneInfo) -> str:
    local = now.astimezone(zone)
    start, end = rhythm.hours
    if WEEKDAYS[local.weekday()] not in rhythm.days:
        return f"outside your days {', '.join(rhythm.days)}" if rhythm.days else "rhythm.days names no day"
    if holiday := public_holiday(local.date(), country):
        return f"a public holiday: {holiday}"
    if not start <= local.time() < end:
        return f"outside your hours {start:%H:%M}-{end:%H:%M}"
    return ""


def _write_open(unsent: int, limit: int) -> str:
    if not limit:
        return "rhythm.open is 0: no drafts at all"
    return "1 draft waits unsent" if unsent == 1 else f"{unsent} drafts wait unsent"
