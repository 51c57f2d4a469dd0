"""Local days of instants, fast.

No zone changes its offset twice within one day of UTC. So where a day begins and ends with the same offset, it has that
offset throughout, and only on the few others each instant has to be looked up.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from typing import Final
from zoneinfo import ZoneInfo

_DAY: Final = 86_400
_EPOCH: Final = date(1970, 1, 1).toordinal()


class LocalDays:
    """The calendar of one zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        self._zone = zone
        self._offsets: dict[int, int | None] = {}  # by day of UTC since 1970; None: it changes that day

    def days(self, moments: Iterable[int]) -> set[int]:
        """Return the local days (ordinals) of `moments`, seconds since 1970 UTC."""
        return {self.day(at) for at in moments}

    def day(self, at: int) -> int:
        """Return the local day (ordinal) of `at`, seconds since 1970 UTC."""
        day = at // _DAY
        if day not in self._offsets:
            first, last = self._offset(day * _DAY), self._offset(day * _DAY + _DAY - 1)
            self._offsets[day] = first if first == last else None
        offset = self._offsets[day]
        if offset is None:
            offset = self._offset(at)
        return (at + offset) // _DAY + _EPOCH

    def _offset(self, at: int) -> int:
        """Return the seconds by which the zone is ahead of UTC at `at`."""
        local = datetime.fromtimestamp(at, self._zone)
        return int(local.replace(tzinfo=UTC).timestamp()) - at

    def midnight(self, day: int) -> int:
        """Return the instant at which clocks of the zone show midnight of a local day (ordinal)."""
        return self.localize((day - _EPOCH) * _DAY)

    def localize(self, floating: int) -> int:
        """Return the instant at which clocks of the zone show `floating` (seconds since 1970, read as UTC)."""
        naive = datetime.fromtimestamp(floating, UTC).replace(tzinfo=self._zone)
        return int(naive.timestamp())
