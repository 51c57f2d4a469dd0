"""When the next round is. `schedule` plans it, in local wall time; here it is kept in step with seconds that pass.

The wall clock jumps: when summer time begins or ends, when somebody sets it, when a machine without a clock of its own
learns the time. The plan moves with it, so that a jump neither brings a round nearer nor puts it off. A suspend is no
jump: what became overdue in it is made up for, once.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from schedule import Job, Scheduler

from daemon.service.clock import Clock

_SPREAD: Final = 20  # 1/20 of the time between two rounds, either way: nobody asks providers on the stroke of the hour
_JUMP: Final = 2.0  # seconds that the clocks may part between two looks without a jump
_SLEPT: Final = 60.0  # seconds of a suspend after which the network needs a moment
_MOMENT: Final = 30.0


class Plan:
    """One job, again and again; `look` does it when it is due. Times are seconds."""

    def __init__(self, clock: Clock, job: Callable[[], None]) -> None:
        self._clock = clock
        self._job = job
        self._scheduler = Scheduler()
        self._seen = self._clocks()
        self._every = 0.0

    def repeat(self, every: float, first: float | None = None) -> None:
        """Do the job every so many seconds, give or take; the first time in `first` seconds, if given."""
        if every != self._every:
            self._every = every
            self._scheduler.clear()
            spread = every / _SPREAD
            self._scheduler.every(round(every - spread)).to(round(every + spread)).seconds.do(self._do)
        if first is not None:
            self._next.next_run = self._clock.local() + timedelta(seconds=first)

    def look(self) -> None:
        """Do the job if it is due. To be called at least every few minutes."""
        self._keep_step()
        self._scheduler.run_pending()

    def idle(self) -> float:
        """Return how long there is nothing to do."""
        assert self._next.next_run is not None, "a job that repeats always has a next time"
        return max(0.0, (self._next.next_run - self._clock.local()).total_seconds())

    @property
    def _next(self) -> Job:
        return self._scheduler.jobs[0]

    def _do(self) -> None:
        self._job()
        self._seen = self._clocks()  # the next time is reckoned from here: a jump in the meantime is no matter any more

    def _keep_step(self) -> None:
        """Move the plan with the wall clock, if that jumped since the last look."""
        wall, boot, awake = self._clocks()
        passed = boot - self._seen[1]
        slept = passed - (awake - self._seen[2])
        jump = (wall - self._seen[0]).total_seconds() - passed
        self._seen = wall, boot, awake
        job = self._next
        assert job.next_run is not None, "a job that repeats always has a next time"
        if abs(jump) > _JUMP:
            job.next_run += timedelta(seconds=jump)
        if slept > _SLEPT:
            job.next_run = max(job.next_run, wall + timedelta(seconds=_MOMENT))

    def _clocks(self) -> tuple[datetime, float, float]:
        return self._clock.local(), self._clock.boot(), self._clock.awake()
