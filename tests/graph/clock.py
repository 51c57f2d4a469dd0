"""A clock that really goes, for a server that runs as its own process."""

import time
from datetime import UTC, datetime, timedelta

from tests.google.clock import START, Clock

__all__ = ["START", "Clock", "RealClock"]


class RealClock(Clock):
    """Seconds as they pass; `wait` sleeps."""

    def __init__(self, start: datetime = START) -> None:
        super().__init__(start)
        self._began = time.monotonic()

    def tick(self) -> float:
        return time.monotonic() - self._began

    def now(self) -> datetime:
        return (self.start + timedelta(seconds=self.tick())).astimezone(UTC)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)
