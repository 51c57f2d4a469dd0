"""Local days of instants, fast: each quarter of an hour is looked up once (no zone changes its offset within one)."""

from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

_QUARTER: Final = 900


class LocalDays:
    """The calendar of one zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._days: dict[int, int] = {}

    def day(self, at: int) -> int:
        """Return the local day (ordinal) of `at`, seconds since 1970 UTC."""
        quarter = at // _QUARTER
        day = self._days.get(quarter)
        if day is None:
            day = self._days[quarter] = datetime.fromtimestamp(quarter * _QUARTER, self._zone).toordinal()
        return day

    def localize(self, floating: int) -> int:
        """Return the instant at which clocks of the zone show `floating` (seconds since 1970, read as UTC)."""
        naive = datetime.fromtimestamp(floating, UTC).replace(tzinfo=self._zone)
        return int(naive.timestamp())

    def midnight(self, day: int) -> datetime:
        """Return the instant a local day begins, as aware UTC."""
        start = datetime.combine(date.fromordinal(day), datetime.min.time(), self._zone)
        return start.astimezone(UTC)
