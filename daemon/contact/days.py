"""Local days of instants, fast: each quarter of an hour is looked up once (no zone changes its offset within one)."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

_QUARTER: Final = 900


class LocalDays:
    """The calendar of one zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._days: dict[int, int] = {}

    def days(self, moments: Iterable[int]) -> set[int]:
        """Return the local days (ordinals) of `moments`, seconds since 1970 UTC."""
        known = self._days
        return {known.get(quarter) or self._look_up(quarter) for quarter in {at // _QUARTER for at in moments}}

    def _look_up(self, quarter: int) -> int:
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
