"""The pacer, against servers that count in different ways; and pauses between tries. No time passes but the clock's."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.pace import Backoff, Pacer


@dataclass(slots=True)
class Clock:
    now: float = 0.0
    waits: list[float] = field(default_factory=list)

    def tick(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds


class Sliding:
    """Allows so many units in any sixty seconds."""

    def __init__(self, quota: int) -> None:
        self.quota = quota
        self._taken: deque[tuple[float, int]] = deque()

    def take(self, now: float, cost: int) -> bool:
        while self._taken and self._taken[0][0] + 60 <= now:
            self._taken.popleft()
        if sum(units for _, units in self._taken) + cost > self.quota:
            return False
        self._taken.append((now, cost))
        return True


class Fixed:
    """Allows so many units in each minute of its own clock, which is some seconds off."""

    def __init__(self, quota: int, offset: float = 17.0) -> None:
        self.quota = quota
        self._offset = offset
        self._minute, self._taken = -1, 0

    def take(self, now: float, cost: int) -> bool:
        minute = int((now + self._offset) // 60)
        if minute != self._minute:
            self._minute, self._taken = minute, 0
        if self._taken + cost > self.quota:
            return False
        self._taken += cost
        return True


class Bucket:
    """Holds so many seconds' worth of units and refills steadily."""

    def __init__(self, quota: int, seconds: float = 60.0) -> None:
        self.quota = quota
        self._most = quota * seconds / 60
        self._level, self._at = self._most, 0.0

    def take(self, now: float, cost: int) -> bool:
        self._level = min(self._most, self._level + (now - self._at) * self.quota / 60)
        self._at = now
        if self._level < cost:
            return False
        self._level -= cost
        return True


Server = Sliding | Fixed | Bucket
SERVERS: dict[str, Callable[[int], Server]] = {
    "a sliding minute": Sliding,
    "fixed minutes": Fixed,
    "fixed minutes, late": lambda quota: Fixed(quota, 50.0),
    "a bucket": Bucket,
    "a small bucket": lambda quota: Bucket(quota, 2.0),
}


@dataclass(slots=True)
class Outcome:
    units: int = 0
    calls: int = 0
    refused: int = 0
    largest: int = 0


def new_pacer(clock: Clock) -> Pacer:
    return Pacer(clock.tick, clock.wait, limit=30_000, promised=6_000, parts=10)


def drive(pacer: Pacer, clock: Clock, server: Server, *, minutes: float, latency: float, cost: int = 40) -> Outcome:
    """Ask as fast as the pacer lets, for so many minutes."""
    outcome, end = Outcome(), clock.now + 60 * minutes
    while clock.now < end:
        count = pacer.allow([cost] * 10)
        clock.now += latency
        accepted = sum(server.take(clock.now, cost) for _ in range(count))
        outcome.calls += count
        outcome.largest = max(outcome.largest, count)
        if accepted:
            pacer.accepted(accepted * cost)
            outcome.units += accepted * cost
        if accepted < count:
            pacer.refused()
            outcome.refused += count - accepted
    return outcome


@pytest.mark.parametrize("latency", [0.0, 0.15])
@pytest.mark.parametrize("quota", [6_000, 15_000])
@pytest.mark.parametrize("server", SERVERS)
def test_it_finds_the_quota_and_keeps_to_it(server: str, quota: int, latency: float) -> None:
    clock = Clock()
    outcome = drive(new_pacer(clock), clock, SERVERS[server](quota), minutes=15, latency=latency)
    assert outcome.units >= 0.95 * quota * 15
    assert outcome.refused < 0.01 * outcome.calls
    assert outcome.largest <= 10


def test_it_goes_on_with_more_when_more_is_allowed_again() -> None:
    clock, server = Clock(), Bucket(2_000)
    pacer = new_pacer(clock)
    drive(pacer, clock, server, minutes=20, latency=0.1)
    assert pacer.limit < 3_500
    server.quota = 6_000
    drive(pacer, clock, server, minutes=40, latency=0.1)
    outcome = drive(pacer, clock, server, minutes=10, latency=0.1)
    assert outcome.units >= 0.9 * 6_000 * 10


def test_it_pauses_for_as_long_as_it_is_told() -> None:
    clock = Clock()
    pacer = new_pacer(clock)
    pacer.allow([5])
    pacer.accepted(5)
    pacer.refused(37.0)
    before = clock.now
    pacer.allow([5])
    assert clock.now - before == pytest.approx(37.0, abs=0.1)


def test_pauses_grow_while_nothing_is_accepted() -> None:
    clock = Clock()
    pacer = new_pacer(clock)
    pauses = []
    for _ in range(6):
        pacer.refused()
        before = clock.now
        pacer.allow([40])
        pauses.append(round(clock.now - before))
    assert pauses[:4] == [5, 10, 20, 40]
    assert max(pauses) <= 65
    assert pacer.refusals == 6
    pacer.accepted(40)
    assert pacer.refusals == 0


def test_too_many_side_by_side_makes_fewer_go_together() -> None:
    clock = Clock()
    pacer = new_pacer(clock)
    assert pacer.allow([20] * 20) == 10
    pacer.crowded()
    assert pacer.allow([20] * 20) == 5
    for _ in range(5):
        pacer.crowded()
    assert pacer.allow([20] * 20) == 1


def test_an_idle_minute_proves_nothing() -> None:
    clock = Clock()
    pacer = new_pacer(clock)
    pacer.allow([40])
    pacer.accepted(40)
    clock.now += 3600
    pacer.allow([40])
    assert pacer.limit == 30_000


@given(
    st.lists(
        st.tuples(st.integers(1, 100), st.sampled_from(["yes", "no", "no, wait", "crowded"]), st.floats(0, 100)),
        max_size=60,
    )
)
def test_it_never_waits_for_ever_nor_for_nothing(story: list[tuple[int, str, float]]) -> None:
    clock = Clock()
    pacer = new_pacer(clock)
    for cost, answer, seconds in story:
        before, waits = clock.now, len(clock.waits)
        count = pacer.allow([cost, cost, cost])
        assert 1 <= count <= 3
        assert clock.now - before <= 60 * cost + 200
        assert all(wait > 0 for wait in clock.waits)
        assert len(clock.waits) - waits < 200
        clock.now += seconds
        if answer == "yes":
            pacer.accepted(count * cost)
        elif answer == "crowded":
            pacer.crowded()
        else:
            pacer.refused(seconds if answer == "no, wait" else None)
        assert pacer.limit >= 1
        assert pacer.parts >= 1


def test_a_backoff_ends_and_starts_over_when_something_worked() -> None:
    clock = Clock()
    backoff = Backoff(clock.wait, lambda: 1.0, tries=4)
    assert [backoff.again() for _ in range(4)] == [True, True, True, False]
    assert clock.waits == [1.0, 2.0, 4.0]
    backoff.worked()
    assert backoff.again(7.5)
    assert clock.waits[-1] == 7.5


def test_a_failure_that_counts_for_several_ends_a_backoff_sooner() -> None:
    clock = Clock()
    backoff = Backoff(clock.wait, lambda: 1.0, tries=4)
    assert [backoff.again(), backoff.again(tries=2), backoff.again()] == [True, True, False]
    assert clock.waits == [1.0, 4.0]


def test_a_limit_that_is_known_for_certain_is_never_gone_beyond() -> None:
    now = [0.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    pacer = Pacer(lambda: now[0], wait, limit=600, promised=600, parts=20, most=600)
    for _ in range(6_000):
        pacer.allow([1])
        pacer.accepted(1)
    assert now[0] >= 9 * 60
    assert pacer.limit == 600


def test_a_hold_lets_no_call_go_for_its_time() -> None:
    now = [0.0]

    def wait(seconds: float) -> None:
        now[0] += seconds

    pacer = Pacer(lambda: now[0], wait, limit=600, promised=600, parts=20)
    pacer.hold(30)
    pacer.hold(5)
    pacer.allow([1])
    assert 30 <= now[0] < 31
