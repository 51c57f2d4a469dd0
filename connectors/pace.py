"""How fast an account may ask: a budget of units over any minute, learned from what the provider refuses.

A provider charges each call some units and allows so many a minute. How many is not always known: a project may have
more than the documented number, or share it with another program. So the pacer starts above the documented number and
takes a refusal for a measurement: what was accepted in the minute before it is what the provider allows, however it
counts (sliding windows, fixed ones, a bucket that refills). Then it keeps just below that and creeps up slowly, in case
more is allowed again.

Must not know any provider, nor what a call is for. Time is injected: seconds from `tick`, spent by `wait`.
"""

from collections import deque
from collections.abc import Callable, Sequence
from math import inf
from typing import Final

MINUTE: Final = 60.0
_CAUTION: Final = 0.98  # of what was measured
_DECREASE: Final = 0.97  # of the limit, at each further refusal
_LARGEST_STEP: Final = 0.8
_GROWTH: Final = 1.01  # a minute that was used up without a refusal
_FIRST_GROWTH: Final = 1.5  # the same, while no refusal was ever seen
_RECOVERY: Final = 1.1  # the same, below what is promised
_USED_UP: Final = 0.9
_SHORTEST: Final = 0.001  # seconds of a wait, or rounding could make it one that never ends
_BURST: Final = 5.0  # seconds that may be made up for after a slow answer
_PROBE: Final = 2
_EVEN: Final = 0.5  # the same, where the provider minds bursts
_PAUSE: Final = 5.0
_LONGEST_PAUSE: Final = 60.0
_LONG_ENOUGH: Final = 20.0  # seconds between two refusals that tell a rate,
_TOO_LONG: Final = 90.0  # and when they do not any more
_STANDSTILL: Final = 5.0  # seconds of waiting for the minute to pass after which two refusals tell no rate


class Pacer:
    """The budget of one account; used by one thread at a time.

    `limit` is how many units a minute are taken as allowed now; `parts` how many calls may go side by side.
    """

    def __init__(
        self,
        tick: Callable[[], float],
        wait: Callable[[float], None],
        *,
        limit: int,
        promised: int,
        parts: int,
        most: float = inf,
    ) -> None:
        """Begin with a guess: `limit` units a minute (rather too many than too few), at most `parts` calls at once.

        `promised` is the least that the provider's documentation allows, `most` what it never allows more than.
        """
        self.limit = float(limit)
        self._most = most
        self._promised = promised
        self._burst = _BURST
        self.parts = parts
        self._most_parts = parts
        self._tick = tick
        self._wait = wait
        self._refused_at: float | None = None
        self._since_refusal = 0  # units accepted
        self._steady = False  # calls went on evenly since the last refusal
        self._accepted: deque[tuple[float, int]] = deque()  # when, how many units; of the last minute
        self._spent = 0
        self._credit = limit / MINUTE * _BURST  # units that may go now, as far as the steady rate is concerned
        self._credited_at = tick()
        self._grown_at = self._credited_at
        self._not_before = self._credited_at
        self._refusals = 0  # in a row

    @property
    def refusals(self) -> int:
        """How many times in a row the provider refused, without accepting anything in between."""
        return self._refusals

    def allow(self, costs: Sequence[int]) -> int:
        """Wait until the first of some calls may go; return how many of them may go together."""
        while (delay := self._delay(costs[0])) > 0:
            self._wait(max(delay, _SHORTEST))
        room, most = min(self._credit, self.limit - self._spent), min(len(costs), self.parts)
        if self._refused_at is None and self._spent > _USED_UP * self._promised:
            most = min(most, _PROBE)  # the first refusal is near, and may be of all that go together
        count, total = 1, costs[0]
        while count < most and total + costs[count] <= room:
            total += costs[count]
            count += 1
        return count

    def accepted(self, units: int) -> None:
        """Note that calls worth so many units were accepted."""
        self._accepted.append((self._tick(), units))
        self._spent += units
        self._since_refusal += units
        self._credit -= units
        self._refusals = 0

    def refused(self, retry_after: float | None = None) -> None:
        """Note that the budget was overdrawn: learn from it, and pause, for as long as the provider says if it does."""
        now = self._forget_old()
        if not self._refusals and self._spent:
            self._learn(now)
        pause = min(_LONGEST_PAUSE, _PAUSE * 2.0**self._refusals) if retry_after is None else retry_after
        self._steady = not self._refusals
        self._refusals += 1
        self._not_before = max(self._not_before, now + pause)
        self._grown_at = now
        # Nothing to make up for after the pause: go on one by one, at the steady rate.
        self._credit, self._credited_at = 0.0, self._not_before

    def hold(self, seconds: float) -> None:
        """Let no call go for so many seconds, for a reason that is not the budget."""
        self._not_before = max(self._not_before, self._tick() + seconds)

    def _learn(self, now: float) -> None:
        """Take a refusal for a measurement."""
        measured = self._spent * _CAUTION
        if measured < self._promised / 2:
            # Not the minute: too much at a stroke, or others who draw on the same budget. More evenly then, and slower.
            self._burst = _EVEN
            measured = self.limit / 2 if self.limit <= self._promised else max(self.limit / 2, self._promised)
        elif self._refused_at is not None:
            measured = min(measured, self.limit * _DECREASE)
            seconds = now - self._refused_at
            if self._steady and _LONG_ENOUGH <= seconds <= _TOO_LONG:
                # Between two moments at which a bucket was empty, just what it refilled by was accepted.
                measured = min(measured, max(self._since_refusal / seconds * MINUTE, _LARGEST_STEP * measured))
        self.limit = max(1.0, min(self.limit, measured))
        self._refused_at = now
        self._since_refusal = 0

    def crowded(self, retry_after: float | None = None) -> None:
        """Note that too many calls went side by side."""
        self.parts = max(1, self.parts // 2)
        self._refusals += 1
        self._not_before = max(self._not_before, self._tick() + (1.0 if retry_after is None else retry_after))

    def _delay(self, cost: int) -> float:
        """Return for how many seconds a call of that cost has to wait."""
        now = self._forget_old()
        self._grow(now)
        rate = self.limit / MINUTE
        self._credit = min(max(rate * self._burst, cost), self._credit + max(0.0, now - self._credited_at) * rate)
        self._credited_at = max(now, self._credited_at)
        delay = self._not_before - now
        if self._credit < min(cost, rate * self._burst):
            delay = max(delay, (cost - self._credit) / rate)
        over = self._spent + cost - self.limit
        if over > 0 and self._accepted:
            frees = self._frees_at(over) - now
            self._steady = self._steady and frees < _STANDSTILL
            delay = max(delay, frees)
        return delay

    def _frees_at(self, units: float) -> float:
        """Return when `units` more of the last minute's will be over a minute old."""
        freed = 0
        for at, some in self._accepted:
            freed += some
            if freed >= units:
                return at + MINUTE
        return self._accepted[-1][0] + MINUTE

    def _forget_old(self) -> float:
        now = self._tick()
        while self._accepted and self._accepted[0][0] + MINUTE <= now:
            self._spent -= self._accepted.popleft()[1]
        return now

    def _grow(self, now: float) -> None:
        minutes = int((now - self._grown_at) / MINUTE)
        if minutes > 0:
            # An idle minute proves nothing: only one that was nearly used up does.
            if self._spent >= _USED_UP * self.limit:
                below = self.limit < _LARGEST_STEP * self._promised
                grown = self.limit * (_FIRST_GROWTH if self._refused_at is None else _RECOVERY if below else _GROWTH)
                self.limit = max(self.limit, min(grown, self._most))
                self.parts = min(self._most_parts, self.parts + 1)
            self._grown_at += minutes * MINUTE


class Backoff:
    """Growing pauses between tries of a call that failed for a passing reason; `tries` of them before giving up."""

    def __init__(self, wait: Callable[[float], None], random: Callable[[], float], *, tries: int) -> None:
        self._wait = wait
        self._random = random
        self._tries = tries
        self._failed = 0

    def again(self, retry_after: float | None = None, *, tries: int = 1) -> bool:
        """Note a failure, which counts for some `tries`, and pause; False, without a pause, if there were too many."""
        self._failed += tries
        if self._failed >= self._tries:
            return False
        longest = min(32.0, 2.0 ** (self._failed - 1))
        self._wait(longest * (0.5 + self._random() / 2) if retry_after is None else retry_after)
        return True

    def worked(self) -> None:
        """Note that something came through: the count starts over."""
        self._failed = 0
