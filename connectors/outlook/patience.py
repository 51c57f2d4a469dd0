"""How long an account waits, not to be throttled or because Graph asks it to, and when that ends the round instead.

A mailbox's limits hold for all calls together (https://learn.microsoft.com/graph/throttling-limits): so what slows down
one of several threads slows down all of them.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from math import inf
from random import random
from threading import Lock
from typing import Final, TypeVar

from connectors.base import Host
from connectors.errors import Unavailable
from connectors.outlook.batch import MOST
from connectors.outlook.faults import Lost, Throttled
from connectors.pace import Backoff, Pacer

log = logging.getLogger(__name__)

T = TypeVar("T", Throttled, Lost)

TRIES: Final = 6
"""How often in a row calls may be lost before the account is taken for unreachable; see also `Lost.tries`."""
_A_MINUTE: Final = 980
"""Calls. Graph allows 10,000 in ten minutes and counts refused ones too; some may be under way that are not counted."""
_LONGEST: Final = 300.0
"""Seconds that Graph may ask to wait; for longer, the round does better without it."""
_WORTH_A_WORD: Final = 20.0
"""Seconds of a pause from which on it is told that Graph asked for it."""
_REFUSALS: Final = 12
"""How often in a row calls may be throttled, with growing pauses, before the account is left for later."""


class Patience:
    """The patience of one account. May be used by several threads: while one waits for its turn, so do the others."""

    def __init__(self, host: Host) -> None:
        self._host = host
        self._pacer = Pacer(
            host.tick, host.wait, limit=_A_MINUTE, promised=_A_MINUTE, parts=MOST, most=_A_MINUTE
        )  # fmt: skip
        self._lock = Lock()
        self._refused_at = -inf

    def allow(self, count: int) -> float:
        """Wait until so many calls may go together; return the moment (`Host.tick`) at which they go."""
        with self._lock:
            self._pacer.allow([count])
            return self._host.tick()

    def accepted(self, count: int) -> None:
        """Note that so many calls were accepted."""
        with self._lock:
            self._pacer.accepted(count)

    def backoff(self) -> Backoff:
        """Return the pauses of one call, or of some that go together."""
        return Backoff(self._hold, random, tries=TRIES)

    def after_loss(self, several: Sequence[Lost], backoff: Backoff) -> None:
        """See to it that there is a pause before calls that were lost together are tried again.

        Raises:
            ConnectorError: calls were lost too often, or Graph asks for a longer pause than a round is worth.
        """
        lost = _longest(several)
        if lost.retry_after is not None and lost.retry_after > _LONGEST:
            raise lost.outward() from lost
        if not backoff.again(lost.retry_after, tries=lost.tries):
            raise lost.outward() from lost
        self._tell(lost.retry_after)

    def after_refusal(self, several: Sequence[Throttled], sent_at: float) -> None:
        """See to it that there is a pause after calls, made at `sent_at`, that were throttled together.

        Raises:
            Unavailable: they are throttled too often, or Graph asks for a longer pause than a round is worth.
        """
        refusal = _longest(several)
        if refusal.retry_after is not None and refusal.retry_after > _LONGEST:
            minutes = round(refusal.retry_after / 60)
            raise Unavailable(
                f"Microsoft throttles all calls for the next {minutes} minutes: later it will work.",
                timedelta(seconds=refusal.retry_after),
            ) from refusal
        self._tell(refusal.retry_after)
        with self._lock:
            if sent_at <= self._refused_at:  # it went side by side with the one before: one refusal, not two
                self._pacer.hold(refusal.retry_after or 0.0)
                return
            if self._pacer.refusals >= _REFUSALS:
                raise Unavailable("Microsoft throttles all calls for the moment: later it will work.") from refusal
            self._pacer.refused(refusal.retry_after)
            self._refused_at = self._host.tick()
            log.debug("throttled; from now on %d calls a minute", self._pacer.limit)

    def _hold(self, seconds: float) -> None:
        with self._lock:
            self._pacer.hold(seconds)

    def _tell(self, seconds: float | None) -> None:
        if seconds is not None and seconds > _WORTH_A_WORD:
            log.info("account %s: Microsoft asks to wait for %d seconds", self._host.name, seconds)


def _longest(several: Sequence[T]) -> T:
    """Return the trouble with the longest pause that Graph asked for, the first if none was."""
    return max(several, key=lambda one: -1.0 if one.retry_after is None else one.retry_after)
