"""A machine whose clocks the tests turn: it sleeps at once, is suspended, is set, and has summer time."""

import datetime as dt
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

from daemon.service.child import Ended
from daemon.service.ears import Heard
from daemon.service.loop import Service
from daemon.service.manager import Manager
from daemon.service.orders import Answer, Order

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


class Sky:
    """Clock and ears in one. `then` are things that happen at a moment of real time (`boot`), in order.

    `wakes` counts how often the service woke up.
    """

    def __init__(self, start: datetime) -> None:
        self.heard = Heard()
        self.wakes = 0
        self._start = start
        self._boot = 0.0
        self._asleep = 0.0
        self._set_by = timedelta()
        self._then: list[tuple[float, Callable[[], None]]] = []

    # -- the clock -------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._boot) + self._set_by

    def told(self) -> datetime | None:
        return self.now()

    def local(self) -> datetime:
        return self.now().astimezone(AMSTERDAM).replace(tzinfo=None)

    def boot(self) -> float:
        return self._boot

    def awake(self) -> float:
        return self._boot - self._asleep

    # -- what happens ----------------------------------------------------------------------------------------------

    def at(self, hours: float, what: Callable[[], None]) -> None:
        """Let something happen so many hours of real time after the start."""
        self._then.append((hours * 3600, what))
        self._then.sort(key=lambda one: one[0])

    def set_clock(self, by: timedelta) -> None:
        self._set_by += by

    def suspend(self, hours: float) -> None:
        self._boot += hours * 3600
        self._asleep += hours * 3600

    def stop(self) -> None:
        self.heard.stop = True

    def pass_(self, seconds: float) -> None:
        """Let time go by while the machine is awake, and what happens in it."""
        until = self.awake() + seconds
        while self._then and self._then[0][0] <= self._boot + until - self.awake():
            self._happen()
        self._boot += max(0.0, until - self.awake())

    # -- the ears --------------------------------------------------------------------------------------------------

    def wait(self, seconds: float, file: int | None = None) -> None:
        """Sleep: so many seconds while the machine is awake, as a sleep does; a signal ends it."""
        assert file is None
        self.wakes += 1
        before, until = replace(self.heard), self.awake() + seconds
        while self._then and self._then[0][0] <= self._boot + until - self.awake() and self.heard == before:
            self._happen()
        if self.heard == before:
            self._boot += max(0.0, until - self.awake())

    def _happen(self) -> None:
        at, what = self._then.pop(0)
        self._boot = max(self._boot, at)
        what()


@dataclass
class Rounds:
    """Carries out orders: notes when, and answers as `answers` says, or that all went well. `takes`: seconds."""

    sky: Sky
    folder: Path
    every: float = 900.0
    takes: float = 2.0
    orders: list[Order] = field(default_factory=list)
    at: list[float] = field(default_factory=list)
    last: datetime | None = None
    how: Callable[[Order], Ended | None] = lambda _: None

    def __call__(self, order: Order) -> Ended:
        order = Order.load(order.dump())
        self.orders.append(order)
        if not order.look:
            self.at.append(self.sky.boot())
            self.sky.pass_(self.takes)
        if (ended := self.how(order)) is not None:
            return ended
        if self.sky.heard.stop:
            return Ended(130, None, "stopped")
        if not order.look:
            self.last = self.sky.now()
        return Ended(0, self.answer(done=not order.look))

    def answer(self, **more: Any) -> Answer:
        kept = {"kept": "good", "every": self.every, "folder": str(self.folder), "last_round_at": self.last}
        answer = Answer.load(Answer(**{**kept, **more}).dump())
        assert answer is not None
        return answer

    @property
    def pauses(self) -> list[float]:
        """Real seconds from one round to the next."""
        return [later - earlier for earlier, later in zip(self.at, self.at[1:], strict=False)]


@contextmanager
def library_under(sky: Sky) -> Iterator[None]:
    """Let the library that plans read this sky's wall clock, as it reads the machine's: naive and local."""

    class Told(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:  # type: ignore[override]
            assert tz is None
            return sky.local()

    stand_in = SimpleNamespace(**{name: getattr(dt, name) for name in ("timedelta", "time", "date")}, datetime=Told)
    with patch("schedule.datetime", stand_in):
        yield


def serve(sky: Sky, rounds: Callable[[Order], Ended], hours: float, order: Order | None = None) -> int:
    """Let the service run for so many hours of real time."""
    sky.at(sky.boot() / 3600 + hours, sky.stop)
    logging.getLogger("daemon.service").setLevel(logging.INFO)
    with library_under(sky):
        return Service(sky, sky, Manager({}), rounds, order or Order()).serve()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
