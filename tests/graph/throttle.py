"""How much one app may ask of one mailbox, and when it is too much."""

import math
from collections import Counter, deque
from dataclasses import dataclass, field

from tests.google.answers import Pairs, Reply
from tests.google.clock import Clock
from tests.graph.answers import error

WINDOW = 600.0


@dataclass
class Throttle:
    """Outlook's limits: `limit` calls in ten minutes, `at_once` at a time.

    Calls that were refused for their number count too. `patience` is the Retry-After of a call too many at once (None:
    no such header). `batch_queues`: Graph itself starts at most `at_once` parts of an unordered batch at a time, as its
    documentation has it; if not, all parts of a batch without dependsOn run side by side, as is reported.
    `mixed_batches`: whether a batch may be anything else than all parallel, one chain, or all after the same one.
    `calls` (by method) and `refused` count; `most` is how many ran at once.
    """

    clock: Clock
    limit: int = 10_000
    at_once: int = 4
    patience: int | None = 1
    batch_queues: bool = False
    mixed_batches: bool = True
    refused: int = 0
    most: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    running: int = 0
    _times: deque[float] = field(default_factory=deque)

    def count(self, method: str) -> Reply | None:
        """Count a call; return the refusal if it is one too many in ten minutes."""
        now = self.clock.tick()
        while self._times and self._times[0] <= now - WINDOW:
            self._times.popleft()
        over = len(self._times) - self.limit
        self._times.append(now)
        if over < 0:
            self.calls[method] += 1
            return None
        self.refused += 1
        # This one counts too: two places have to come free.
        wait = max(1, math.ceil(self._times[over + 1] + WINDOW - now))
        text = "Application is over its MailboxRequests limit."
        return error(429, "ApplicationThrottled", text, (("Retry-After", str(wait)),))

    def crowd(self, beside: int) -> Reply | None:
        """Return the refusal of a call that runs beside `beside` others, if they are too many."""
        self.most = max(self.most, min(beside + 1, self.at_once))
        if beside < self.at_once:
            return None
        self.refused += 1
        headers: Pairs = () if self.patience is None else (("Retry-After", str(self.patience)),)
        return error(429, "ApplicationThrottled", "Application is over its MailboxConcurrency limit.", headers)
