"""The service: when there is a round, what comes of it, and what is said of it. What a round is, it does not know."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Final

from daemon.service.child import Ended
from daemon.service.clock import Clock
from daemon.service.ears import Ears, Heard
from daemon.service.manager import Manager
from daemon.service.orders import Answer, Order
from daemon.service.plan import Plan
from daemon.service.standing import Standing, take_post

log = logging.getLogger(__name__)

TICK: Final = 90.0
"""Seconds of sleep at most: so late is it seen that a suspend is over or that the clock was set. 960 times a day."""
_BUSY: Final = 75
_SOON: Final = 60.0
"""Seconds after which a round is tried again that found the state held by a command; then twice as many, and so on."""
_SLACK: Final = timedelta(seconds=5)
_NOTHING: Final = Heard()


class NotStarted(Exception):
    """The service cannot start; the message says why and what to do."""

    def __init__(self, message: str, exit_code: int) -> None:
        super().__init__(message)
        self.exit_code = exit_code


class Service:
    """The loop."""

    def __init__(
        self, clock: Clock, ears: Ears, manager: Manager, carry_out: Callable[[Order], Ended], order: Order
    ) -> None:
        """`carry_out` does what an order says, in a process of its own, and never raises; `order` is how to begin."""
        self._clock = clock
        self._ears = ears
        self._manager = manager
        self._carry_out = carry_out
        self._order = order
        self._plan = Plan(clock, self._round)
        self._every = 0.0
        self._first: float | None = None  # seconds to the next round, where it is not the usual time
        self._folder = Path()
        self._standing = Standing()
        self._status = "Waiting for the first round."
        self._busy = 0

    def serve(self) -> int:
        """Serve until told to stop; return the exit code.

        Raises:
            NotStarted: the config is wrong, or the state cannot be read.
            Busy: there is a service over this state already.
            StateError: the state folder cannot be written to.
        """
        answer = self._look_first()
        self._folder = Path(answer.folder)
        post = take_post(self._folder)
        try:
            self._standing = replace(Standing.read(self._folder), next_round_at=None, round_since=None)
            self._order = replace(self._order, state=answer.folder, kept=answer.kept, everyone=True)
            self._every, self._first = answer.every, self._first_in(answer)
            log.info("auld is here. It looks every %s; what it knows is in %s.", span(answer.every), answer.folder)
            self._manager.ready(self._status)
            while not self._ears.heard.stop:
                self._turn()
            self._manager.stopping()
            log.info("auld was told to stop and ends here. What was done is kept.")
        finally:
            replace(self._standing, next_round_at=None, round_since=None).write(self._folder)
            post.release()
        return 0

    def _look_first(self) -> Answer:
        """See whether a round could be done at all."""
        ended = self._carry_out(replace(self._order, now=self._clock.told(), look=True))
        if ended.end == "stopped":
            raise NotStarted("It was told to stop before it began.", 0)
        if ended.code or ended.answer is None:
            raise NotStarted(_why(ended), ended.code if ended.code > 0 else 1)
        return ended.answer

    def _first_in(self, answer: Answer) -> float:
        """Return in how many seconds the first round is: at once if any was missed, and then one for all of them."""
        last, now = answer.last_round_at, self._clock.now()
        if last is None or last > now:  # the clock was set back, or was wrong then
            return 0.0
        return max(0.0, answer.every - (now - last).total_seconds())

    def _turn(self) -> None:
        """Do what there is to do, then sleep."""
        heard = self._ears.heard
        if heard.reload:
            heard.reload = False
            self._reload()
        if heard.round:
            heard.round = False
            self._order, self._first = replace(self._order, everyone=True), 0.0
        self._repeat()
        self._plan.look()
        self._repeat()  # a round may have changed it
        if heard == _NOTHING:  # what was heard in a round comes before any sleep
            self._show()
            self._ears.wait(min(beat(self._manager), self._plan.idle()))

    def _repeat(self) -> None:
        first, self._first = self._first, None
        self._plan.repeat(self._every, first)

    def _show(self) -> None:
        """Let `auld status` and the service manager know when the next round is."""
        following, told = self._clock.now() + timedelta(seconds=self._plan.idle()), self._standing.next_round_at
        if told is None or abs(following - told) > _SLACK:
            self._standing = replace(self._standing, next_round_at=following)
            self._standing.write(self._folder)
            self._manager.status(f"{self._status} Next round at {following.astimezone():%H:%M}.")

    def _reload(self) -> None:
        """Read the config again; a broken one is refused by who reads it, and the one before stays."""
        self._manager.reloading()
        ended = self._carry_out(replace(self._order, now=self._clock.told(), refused="", look=True))
        if ended.end == "done":
            if ended.answer is not None and not ended.code:
                self._take(ended.answer)
                if not ended.answer.words:
                    log.info("The config was read again.")
            else:
                log.error("The config was to be read again, but: %s", _why(ended))
            self._order = replace(self._order, everyone=True)
        self._manager.ready(self._status)

    # -- a round ---------------------------------------------------------------------------------------------------

    def _round(self) -> None:
        self._standing = replace(self._standing, round_since=self._clock.now(), next_round_at=None)
        self._standing.write(self._folder)
        self._manager.status("Reading what is new.")
        ended = self._carry_out(replace(self._order, now=self._clock.told()))
        self._standing = replace(self._standing, round_since=None)
        if ended.end == "stopped":
            return
        if ended.answer is not None:
            self._take(ended.answer)
        if ended.code == _BUSY:
            self._wait_for_others(_why(ended))
            return
        self._busy = 0
        if ended.answer is not None and ended.answer.done:
            self._order = replace(self._order, everyone=False)
            self._succeed()
        else:
            self._fail(_why(ended))

    def _take(self, answer: Answer) -> None:
        self._order = replace(self._order, kept=answer.kept or self._order.kept, refused=answer.refused)
        self._every = answer.every
        self._status = answer.status or self._status
        for level, text in answer.words:
            log.log(level, "%s", text)

    def _wait_for_others(self, why: str) -> None:
        if not self._busy:
            log.info("This round has to wait: %s", why)
        self._first = min(self._every, _SOON * 2 ** min(self._busy, 10))
        self._busy += 1

    def _succeed(self) -> None:
        before = self._standing
        if before.trouble:
            since = f" since {before.trouble_since.astimezone():%d %b %H:%M}" if before.trouble_since else ""
            log.info("Rounds work again; %d had failed%s.", before.rounds_failed, since)
        self._standing = Standing()

    def _fail(self, why: str) -> None:
        before = self._standing
        since = before.trouble_since or self._clock.now()
        if why != before.trouble:
            log.error("There was no round: %s It is tried again in %s.", why, span(self._every))
        else:
            log.info("Still no round, since %s: %s", f"{since.astimezone():%d %b %H:%M}", why)
        self._standing = replace(before, trouble=why, trouble_since=since, rounds_failed=before.rounds_failed + 1)
        self._status = f"No round since {since.astimezone():%d %b %H:%M}: {why}"


def beat(manager: Manager) -> float:
    """Give the sign of life that the service manager wants; return within how many seconds again."""
    manager.alive()
    return TICK if manager.pause is None else min(TICK, manager.pause)


def span(seconds: float) -> str:
    """Return a time in words, like "15 minutes"."""
    for unit, length in (("day", 86400), ("hour", 3600), ("minute", 60)):
        if seconds >= length:
            count = round(seconds / length)
            return f"{count} {unit}" + ("s" if count != 1 else "")
    return f"{round(seconds)} seconds"


def _why(ended: Ended) -> str:
    """Return why there was no round, as a sentence or a few."""
    if ended.end == "silent":
        return "It hung: nothing was heard of it for long, so it was ended. What it had read is kept."
    if ended.end == "endless":
        return "It took too long and was ended. What it had read is kept."
    if ended.answer is not None and ended.answer.trouble:
        return ended.answer.trouble
    if ended.code < 0:
        return f"The process that did it was killed (signal {-ended.code}); is there enough memory?"
    return f"The process that did it ended in a way it should not have (code {ended.code})."
