"""What goes wrong in a round: a seeded handful of troubles, each at some call of some kind.

A trouble is a fault of `tests.google.faults`, once or for a while; an expiry, as it comes over time; or the end of the
process while Google serves it. Left out are answers that would be lies of Google's, which nobody could see through:
that a message or a draft is not there (404) when it is.
"""

import os
import random
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Final

from tests.google import Call, Fault, Google
from tests.google.faults import HANGING, LASTING, PASSING, WRONG, meant, reset, status

_READS: Final = (
    "", "", "", "", "batch", "oauth.token", "getProfile", "messages.list", "messages.get", "threads.get",
    "history.list", "history.list", "calendarList.list", "events.list", "events.list", "drafts.get", "drafts.delete",
)  # fmt: skip
_DRAFTS: Final = ("drafts.create", "drafts.create", "drafts.list", "drafts.list", "drafts.get", "drafts.delete")
_EVERYWHERE: Final = tuple(fault for fault in LASTING if fault.reply != status(404).reply)
_WITHOUT_HISTORY: Final = frozenset({"events.list", "calendarList.list", "drafts.create", "drafts.get"})
_KINDS: Final[Sequence[tuple[int, Sequence[Fault]]]] = (
    (8, PASSING),
    (6, WRONG),
    (5, _EVERYWHERE),
    (1, HANGING),
)


@dataclass(slots=True)
class Trouble:
    """Happens to calls meant by `method` after `skip` of them, `left` times. `strike` does it, and may tell a fault."""

    name: str
    method: str
    skip: int
    left: int
    strike: Callable[[], Fault | None]

    def meet(self, call: Call) -> Fault | None:
        if self.left <= 0 or not meant(call, self.method):
            return None
        if self.skip > 0:
            self.skip -= 1
            return None
        self.left -= 1
        return self.strike()


@dataclass(slots=True)
class Round:
    """One disturbed round: its troubles at Google, and when the process is killed besides (`at` or `delay`)."""

    troubles: list[Trouble]
    how: dict[str, Any] = field(default_factory=dict)
    _refused: Fault | None = None

    def __str__(self) -> str:
        return "; ".join([*(one.name for one in self.troubles), *(f"{key} {value}" for key, value in self.how.items())])

    def plan(self, call: Call) -> Fault | None:
        """Return what happens to a call.

        Who may not create one draft may not create the next: else auld would rightly go on to the next person.
        """
        if self._refused is not None and meant(call, "drafts.create"):
            return self._refused
        for one in self.troubles:
            fault = one.meet(call)
            if fault is not None:
                if meant(call, "drafts.create") and fault in LASTING:
                    self._refused = fault
                return fault
        return None


class Mischief:
    """Makes up troubles, by the dice. `fresh`: the history must not expire. `late` is told what else may happen."""

    def __init__(self, google: Google, dice: random.Random, *, fresh: bool) -> None:
        self._google = google
        self._dice = dice
        self._fresh = fresh

    def rounds(self) -> int:
        """Return how many rounds of a step are disturbed, at most."""
        return self._dice.choice((0, 1, 1, 1, 2, 2, 3))

    def round(self, born: "Future[int]", late: Callable[[], None], *, night: bool) -> Round:
        """Return a disturbed round of the process that is `born`; what `late` does happens while it reads."""
        dice, how = self._dice, dict[str, Any]()
        if dice.random() < 0.3:
            self._google.oauth.expire_access()
        methods = (_READS, _READS if night else _DRAFTS)
        troubles = [
            self._trouble(born, dice.choice(dice.choice(methods))) for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5)))
        ]
        if dice.random() < 0.5:
            troubles.append(Trouble("mail comes", "", dice.randrange(25), 1, late))
        if dice.random() < 0.25:
            how = {"at": int(2 ** dice.uniform(0, 7))} if dice.random() < 0.6 else {"delay": dice.uniform(0.005, 0.25)}
        return Round(troubles, how)

    def _trouble(self, born: "Future[int]", method: str) -> Trouble:
        dice, google = self._dice, self._google
        skip = dice.choice((0, 0, 1, dice.randrange(4), dice.randrange(30 if not method else 4)))
        if dice.random() < 0.15:
            return Trouble(f"kill at {method} + {skip}", method, skip, 1, lambda: _kill(born))
        if dice.random() < 0.2:
            expiries: list[tuple[str, Callable[[], None]]] = [
                ("sync tokens expire", google.calendars.expire_sync),
                ("access expires", google.oauth.expire_access),
                ("access is revoked", google.oauth.revoke_all),
            ]
            expiries += [] if self._fresh else [("history expires", google.mailbox.expire_history)] * 2
            name, expire = dice.choice(expiries)
            return Trouble(f"{name} at {method} + {skip}", method, skip, 1, expire)
        if method == "history.list" and not self._fresh and dice.random() < 0.2:
            return self._of(status(404), method, 0, 1)
        kind = dice.choices([several for _, several in _KINDS], [weight for weight, _ in _KINDS])[0]
        gone = status(410).reply
        fault = dice.choice([one for one in kind if one.reply != gone or not self._fresh or method in _WITHOUT_HISTORY])
        times = 1 if fault.cut == "hang" else dice.choice((1, 1, 1, 2, 3, 7, 1000))
        return self._of(fault, method, skip, times)

    def _of(self, fault: Fault, method: str, skip: int, times: int) -> Trouble:
        return Trouble(f"{fault.name} at {method} + {skip}, {times} times", method, skip, times, lambda: fault)


def _kill(born: "Future[int]") -> Fault:
    os.kill(born.result(10), signal.SIGKILL)
    return reset("after")
