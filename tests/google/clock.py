"""A clock that nobody waits for."""

import threading
from datetime import UTC, datetime, timedelta

START = datetime(2026, 10, 1, 9, 30, tzinfo=UTC)


class Clock:
    """Virtual time: `tick` is monotonic, `now` is the wall clock, `wait` lets time pass at once."""

    def __init__(self, start: datetime = START) -> None:
        self.start = start
        self._passed = 0.0
        self._lock = threading.Lock()

    def tick(self) -> float:
        """Return the seconds that have passed."""
        return self._passed

    def now(self) -> datetime:
        """Return the moment it is, in UTC."""
        return (self.start + timedelta(seconds=self._passed)).astimezone(UTC)

    def milliseconds(self) -> int:
        """Return the moment it is, as Gmail counts it."""
        return int(self.now().timestamp() * 1000)

    def wait(self, seconds: float) -> None:
        """Let `seconds` pass; nobody sleeps."""
        if seconds < 0:
            raise ValueError(f"time does not go back: {seconds}")
        with self._lock:
            self._passed += seconds
