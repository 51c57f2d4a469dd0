"""Spans of time as people write them: "6 weeks", "3 months", "90 days", "15 minutes".

Months and years are calendar months, so a span is not a timedelta: adding one month to 31 January gives 28 or 29
February, in the user's zone.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

_WRITTEN: Final = re.compile(r"\s*(\d{1,5})\s*(minute|hour|day|week|month|year)s?\s*", re.IGNORECASE)
_START: Final = datetime(1, 1, 1, tzinfo=UTC)
_END: Final = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_DAYS_A_MONTH: Final = 365.2425 / 12


@dataclass(frozen=True, slots=True)
class Span:
    """So many calendar months, days and minutes; `text` is how it was written."""

    months: int = 0
    days: int = 0
    minutes: int = 0

    @classmethod
    def parse(cls, text: str) -> "Span":
        """Read "6 weeks" and the like.

        Raises:
            ValueError: `text` is no span, or a span of nothing; the message says what one looks like.
        """
        match = _WRITTEN.fullmatch(text)
        if match is None or int(match[1]) == 0:
            raise ValueError(
                f'"{text}" is no span of time; write it like "6 weeks", "3 months", "90 days", "15 minutes"'
            )
        count, unit = int(match[1]), match[2].lower()
        if unit == "minute":
            return cls(minutes=count)
        if unit == "hour":
            return cls(minutes=60 * count)
        if unit in {"day", "week"}:
            return cls(days=count * (7 if unit == "week" else 1))
        return cls(months=count * (12 if unit == "year" else 1))

    def after(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return `moment` plus this span, counted on the calendar of `zone`, end-clamped; aware UTC in and out.

        A result past the year 9999 becomes that year's end.
        """
        return self._shift(moment, zone, 1)

    def before(self, moment: datetime, zone: ZoneInfo) -> datetime:
        """Return `moment` less this span, as `after` does; a result before the year 1 becomes its start."""
        return self._shift(moment, zone, -1)

    def in_days(self) -> float:
        """Return its length in days, months taken at their mean length."""
        return self.months * _DAYS_A_MONTH + self.days + self.minutes / 1440

    def __str__(self) -> str:
        """Return it as one would write it."""
        for count, unit in ((self.months, "month"), (self.days, "day"), (self.minutes, "minute")):
            if count:
                if unit == "month" and count % 12 == 0:
                    count, unit = count // 12, "year"  # noqa: PLW2901
                if unit == "day" and count % 7 == 0:
                    count, unit = count // 7, "week"  # noqa: PLW2901
                return f"{count} {unit}" + ("s" if count != 1 else "")
        return "0 days"

    def _shift(self, moment: datetime, zone: ZoneInfo, sign: int) -> datetime:
        if not self.months and not self.days:
            return moment + sign * timedelta(minutes=self.minutes)  # an hour that comes twice a year is no matter
        local = moment.astimezone(zone)
        month_index = local.year * 12 + local.month - 1 + sign * self.months
        year, month = divmod(month_index, 12)
        if not 1 <= year <= 9998:  # noqa: PLR2004
            return _END.replace(tzinfo=moment.tzinfo) if sign > 0 else _START.replace(tzinfo=moment.tzinfo)
        day = min(local.day, monthrange(year, month + 1)[1])
        local = local.replace(year=year, month=month + 1, day=day) + sign * timedelta(days=self.days)
        return local.astimezone(moment.tzinfo) + sign * timedelta(minutes=self.minutes)
