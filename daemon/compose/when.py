"""A past moment in the words people use: "last month", "in March", "in 2023", never "127 days ago".

Months and years only. Seasons would be shorter at times, but spring in Leeds is autumn in Sydney.
"""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

_MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_YEAR: Final = 12  # months


def when_words(at: datetime, now: datetime, zone: ZoneInfo) -> str:
    """Return English words for when `at` was, seen from `now`; both aware, compared on the calendar of `zone`.

    The words fit behind a verb and between commas. A moment later than `now` is taken as now.
    """
    then, today = min(at, now).astimezone(zone), now.astimezone(zone)
    month = _MONTHS[then.month - 1]
    apart = _YEAR * (today.year - then.year) + today.month - then.month
    if apart <= 1:
        return "last month" if apart else "earlier this month"
    if apart < _YEAR:
        return f"in {month}" if then.year == today.year else f"last {month}"
    if apart == _YEAR:
        return "a year ago"
    return f"in {month} last year" if then.year == today.year - 1 else f"in {then.year}"
