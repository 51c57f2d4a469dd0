"""Days on which the user was there. Those on which they were away are nobody's silence, and make nobody late."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence


class Presence:
    """Counts local days (ordinals) without those on which the user was away."""

    def __init__(self, away: Iterable[int] = ()) -> None:
        self._away = sorted(set(away))

    def count(self, day: int) -> int:
        """Return a number for `day`: the difference of two is the days of presence between them."""
        return day - bisect_right(self._away, day)

    def between(self, first: int, last: int) -> int:
        """Return the days of presence from `first` to `last`, at least 0."""
        return max(0, self.count(last) - self.count(first))

    def after(self, day: int, wait: int) -> int:
        """Return the first day by which `wait` days of presence have passed since `day`."""
        goal = self.count(day) + wait
        found = goal
        while (later := goal + bisect_right(self._away, found)) != found:
            found = later
        return found

    def days(self, days: Sequence[int]) -> list[int]:
        """Return the numbers of `days`, for gaps between them."""
        return [self.count(day) for day in days] if self._away else list(days)
