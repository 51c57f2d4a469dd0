"""What time it is, by four clocks: rounds are judged by one, planned by another, and two tell when the first lies."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """The machine's clocks. All but `boot` and `awake` may jump, in both directions."""

    def now(self) -> datetime:
        """Return the instant that rounds take for now, aware UTC."""
        ...

    def told(self) -> datetime | None:
        """Return `now` where it is not the machine's, so that a round must be told it; else None."""
        ...

    def local(self) -> datetime:
        """Return what the wall clock shows: naive local time, as the library that plans reads it."""
        ...

    def boot(self) -> float:
        """Return seconds that really passed, those of a suspend too."""
        ...

    def awake(self) -> float:
        """Return seconds that really passed while the machine was awake."""
        ...


class MachineClock:
    """The machine's clocks. `start`, if given (``--now``), is its first `now`, and it goes on from there."""

    def __init__(self, start: datetime | None) -> None:
        self._start = start
        self._began = self.boot()

    def now(self) -> datetime:
        """Return now."""
        return self.told() or datetime.now(UTC)

    def told(self) -> datetime | None:
        """Return now, if it began with a moment that was given."""
        return None if self._start is None else self._start + timedelta(seconds=self.boot() - self._began)

    def local(self) -> datetime:
        """Return the wall clock."""
        return datetime.now()

    def boot(self) -> float:
        """Return CLOCK_BOOTTIME, where there is one (Linux)."""
        return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))

    def awake(self) -> float:
        """Return CLOCK_MONOTONIC, which stands still in a suspend."""
        return time.clock_gettime(time.CLOCK_MONOTONIC)
