"""How long an account waits because Google asks it to, and when that ends the round instead."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Final, TypeVar

from connectors.base import Host
from connectors.errors import Unavailable
from connectors.gmail.faults import Lost, OverQuota
from connectors.pace import Backoff, Pacer

log = logging.getLogger(__name__)

T = TypeVar("T", OverQuota, Lost)

_LONGEST: Final = 300.0
"""Seconds that Google may ask to wait; for longer, the round does better without it."""
_WORTH_A_WORD: Final = 20.0
"""Seconds of a pause from which on it is told that Google asked for it."""
_REFUSALS: Final = 12
"""How often in a row the budget may be refused, with growing pauses, before the account is left for later."""


class Patience:
    """The patience of one account. Pauses for the budget are the pacer's: they come before the next call."""

    def __init__(self, pacer: Pacer, host: Host) -> None:
        self._pacer = pacer
        self._host = host

    def after_loss(self, several: Sequence[Lost], backoff: Backoff) -> None:
        """Pause before calls that were lost together are tried again.

        Raises:
            ConnectorError: calls were lost too often, or Google asks for a longer pause than a round is worth.
        """
        lost = _longest(several)
        if lost.retry_after is not None and lost.retry_after > _LONGEST:
            raise lost.outward() from lost
        self._tell(lost.retry_after)
        if not backoff.again(lost.retry_after, tries=lost.tries):
            raise lost.outward() from lost

    def after_refusal(self, several: Sequence[OverQuota]) -> None:
        """Let the pacer learn from calls that the budget refused together.

        Raises:
            Unavailable: it refuses too often, or Google asks for a longer pause than a round is worth.
        """
        refusal = _longest(several)
        if self._pacer.refusals >= _REFUSALS:
            raise Unavailable("Google refuses all calls for the moment (its quota): later it will work.") from refusal
        if refusal.retry_after is not None and refusal.retry_after > _LONGEST:
            minutes = round(refusal.retry_after / 60)
            raise Unavailable(
                f"Google refuses all calls for the next {minutes} minutes (its quota): later it will work.",
                timedelta(seconds=refusal.retry_after),
            ) from refusal
        self._tell(refusal.retry_after)
        if refusal.crowded:
            self._pacer.crowded(refusal.retry_after)
        else:
            self._pacer.refused(refusal.retry_after)
        log.debug("over quota; from now on %d units a minute", self._pacer.limit)

    def _tell(self, seconds: float | None) -> None:
        if seconds is not None and seconds > _WORTH_A_WORD:
            log.info("account %s: Google asks to wait for %d seconds", self._host.name, seconds)


def _longest(several: Sequence[T]) -> T:
    """Return the trouble with the longest pause that Google asked for, the first if none was."""
    return max(several, key=lambda one: -1.0 if one.retry_after is None else one.retry_after)
