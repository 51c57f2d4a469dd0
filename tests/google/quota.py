"""What calls cost, and when they are too many."""

import itertools
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Literal, Protocol

from tests.google.answers import Reply, error
from tests.google.clock import Clock

NEW = {
    "getProfile": 1, "history.list": 2, "labels.list": 1, "labels.get": 1,
    "messages.list": 5, "messages.get": 20, "messages.attachments.get": 20, "messages.send": 100,
    "threads.list": 10, "threads.get": 40,
    "drafts.create": 10, "drafts.delete": 10, "drafts.update": 15, "drafts.list": 5, "drafts.get": 20,
    "drafts.send": 100,
}  # fmt: skip
OLD = NEW | {
    "messages.get": 5, "messages.attachments.get": 5, "threads.get": 10, "drafts.get": 5,
}  # fmt: skip
LIMITS = {"new": 6000, "old": 15000}
MINUTE = 60.0

Window = Literal["sliding", "fixed", "bucket"]


class Meter(Protocol):
    """One way of counting a minute."""

    def room(self, tick: float) -> float:
        """Return how many units are left at `tick`."""
        ...

    def spend(self, tick: float, units: int) -> None:
        """Take `units`."""
        ...

    def wait(self, tick: float, units: int) -> float:
        """Return after how many seconds there is room for `units`."""
        ...


class Sliding:
    """The sum of the last sixty seconds."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._spent: deque[tuple[float, int]] = deque()
        self._sum = 0

    def room(self, tick: float) -> float:
        while self._spent and self._spent[0][0] <= tick - MINUTE:
            self._sum -= self._spent.popleft()[1]
        return self.limit - self._sum

    def spend(self, tick: float, units: int) -> None:
        self._spent.append((tick, units))
        self._sum += units

    def wait(self, tick: float, units: int) -> float:
        room = self.room(tick)
        if room >= units:
            return 0.0
        for when, spent in self._spent:
            room += spent
            if room >= units:
                return when + MINUTE - tick
        return MINUTE


class Fixed:
    """Whole minutes; `offset` says how far into a minute the clock starts."""

    def __init__(self, limit: int, offset: float = 0.0) -> None:
        self.limit = limit
        self.offset = offset
        self._minute = -1
        self._sum = 0

    def room(self, tick: float) -> float:
        minute = int((tick + self.offset) // MINUTE)
        if minute != self._minute:
            self._minute, self._sum = minute, 0
        return self.limit - self._sum

    def spend(self, tick: float, units: int) -> None:
        self.room(tick)
        self._sum += units

    def wait(self, tick: float, units: int) -> float:
        return 0.0 if self.room(tick) >= units else MINUTE - (tick + self.offset) % MINUTE


class Bucket:
    """A bucket that holds a minute's units and fills at a steady rate."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._level = float(limit)
        self._at = 0.0

    def room(self, tick: float) -> float:
        self._level = min(self.limit, self._level + (tick - self._at) * self.limit / MINUTE)
        self._at = tick
        return self._level + 1e-6

    def spend(self, tick: float, units: int) -> None:
        self.room(tick)
        self._level -= units

    def wait(self, tick: float, units: int) -> float:
        return max(0.0, units - self.room(tick)) * MINUTE / self.limit


def meter(window: Window, limit: int, offset: float = 0.0) -> Meter:
    """Return the way of counting named `window`."""
    if window == "fixed":
        return Fixed(limit, offset)
    return Sliding(limit) if window == "sliding" else Bucket(limit)


@dataclass
class Quota:
    """The user's quota.

    `costs` is the table, "new" or "old"; `limit` the units a minute (None: 6000 or 15000, by the table). `status` is
    what a refusal comes as: 403, 429, or "alternating". `retry_after` adds that header to refusals: whole seconds, or
    "exact" for the seconds until there is room. `parts` is how many parts of a batch may run at once. Refused calls are
    not charged. `units` and `calls` count what was accepted, `refused` what was not.
    """

    clock: Clock
    costs: Literal["new", "old"] = "new"
    limit: int | None = None
    window: Window = "sliding"
    offset: float = 0.0
    calendar_limit: int = 600
    status: Literal[403, 429, "alternating"] = "alternating"
    retry_after: int | Literal["exact"] | None = None
    parts: int = 100
    units: int = 0
    refused: int = 0
    calls: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.reset()
        self._turns = itertools.cycle((403, 429))

    def reset(self) -> None:
        """Begin anew with the present settings: the window is empty."""
        limit = LIMITS[self.costs] if self.limit is None else self.limit
        self._meters = {
            "gmail": meter(self.window, limit, self.offset),
            "calendar": meter(self.window, self.calendar_limit, self.offset),
        }

    def cost(self, method: str) -> int:
        """Return the units of a method, by its id."""
        if method.startswith("calendar."):
            return 1
        return (NEW if self.costs == "new" else OLD).get(method.removeprefix("gmail.users."), 5)

    def charge(self, method: str) -> int | Reply:
        """Charge a call; return its units, or the refusal."""
        units, api = self.cost(method), method.split(".", 1)[0]
        tick, counted = self.clock.tick(), self._meters[api]
        if counted.room(tick) < units:
            self.refused += 1
            return self._refusal(api, counted.wait(tick, units))
        counted.spend(tick, units)
        self.units += units if api == "gmail" else 0
        self.calls[method] += 1
        return units

    def _refusal(self, api: str, seconds: float) -> Reply:
        status = next(self._turns) if self.status == "alternating" else self.status
        wait = -int(-seconds // 1) if self.retry_after == "exact" else self.retry_after
        headers = () if wait is None else (("Retry-After", str(max(1, wait))),)
        if status == 403:
            return error(
                403, "User Rate Limit Exceeded", "userRateLimitExceeded", domain="usageLimits", headers=headers
            )
        text = f"Quota exceeded for quota metric 'Queries' and limit 'Queries per minute per user' of service '{api}'."
        return error(429, text, "rateLimitExceeded", headers=headers)

    def crowded(self) -> Reply:
        """Return the refusal of a part too many at once."""
        self.refused += 1
        return error(429, "Too many concurrent requests for user.", "rateLimitExceeded", domain="usageLimits")
