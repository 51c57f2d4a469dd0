"""The demo's calendar: its day, and moments told in days before it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from daemon.demo.cast import ZONE

_MORNING: Final = time(10)
_SATURDAY: Final = 5


def next_morning(now: datetime) -> datetime:
    """Return the first moment after `now` at which it is ten on a working day (Monday to Friday) in the demo's zone."""
    day = now.astimezone(ZONE).date()
    while True:
        morning = datetime.combine(day, _MORNING, ZONE).astimezone(UTC)
        if morning > now and day.weekday() < _SATURDAY:
            return morning
        day += timedelta(days=1)


def moment(today: date, ago: int, minute: int) -> datetime:
    """Return the instant `ago` days before `today` (negative: after), `minute` minutes into that local day."""
    wall = time(minute // 60, minute % 60)
    return datetime.combine(today - timedelta(days=ago), wall, ZONE).astimezone(UTC)


def weekday_before(today: date, ago: int) -> int:
    """Return `ago`, moved back to the Friday if that day is a weekend."""
    return ago + max(0, (today - timedelta(days=ago)).weekday() - _SATURDAY + 1)
