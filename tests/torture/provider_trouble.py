"""What goes wrong in a round at a provider: a seeded handful of troubles, each at some call of some kind.

A trouble is a fault, once or for a while; an expiry, as it comes over time; or the end of the process while the
provider serves it. Left out are answers that would be lies of the provider's, which nobody could see through.
"""

import os
import random
import signal
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, ClassVar

from tests.google.calls import Call
from tests.google.faults import Fault, meant, reset


@dataclass(slots=True)
class Trouble:
    """Happens to calls meant by `method` after `skip` of them, `left` times. `strike` does it, and may tell a fault."""

    name: str
    method: str
    skip: int
    left: int
    strike: Callable[[Call], Fault | None]

    def meet(self, call: Call) -> Fault | None:
        if self.left <= 0 or not meant(call, self.method):
            return None
        if self.skip > 0:
            self.skip -= 1
            return None
        self.left -= 1
        return self.strike(call)


@dataclass(slots=True)
class Round:
    """One disturbed round: its troubles at the provider, and when the process is killed besides (`at` or `delay`).

    `creates` says of a call whether it is made to make a draft, `lasting` are the faults by which that is refused.
    """

    troubles: list[Trouble]
    how: dict[str, Any]
    creates: Callable[[Call], bool]
    lasting: Sequence[Fault]
    _refused: Fault | None = None

    def __str__(self) -> str:
        return "; ".join([*(one.name for one in self.troubles), *(f"{key} {value}" for key, value in self.how.items())])

    def plan(self, call: Call) -> Fault | None:
        """Return what happens to a call.

        Who may not create one draft may not create the next: else auld would rightly go on to the next person.
        """
        creates = self.creates(call)
        if self._refused is not None and creates:
            return self._refused
        for one in self.troubles:
            fault = one.meet(call)
            if fault is not None:
                if creates and fault in self.lasting:
                    self._refused = fault
                return fault
        return None


@dataclass(slots=True)
class Mischief(ABC):
    """Makes up troubles, by the dice. `fresh` is as the `Teller` of the provider's stories has it.

    `reads` and `drafts` are the calls meant, `lasting` the faults by which a draft is refused.
    """

    dice: random.Random
    fresh: bool
    reads: ClassVar[Sequence[str]]
    drafts: ClassVar[Sequence[str]]
    lasting: ClassVar[Sequence[Fault]]

    def rounds(self) -> int:
        """Return how many rounds of a step are disturbed, at most."""
        return self.dice.choice((0, 1, 1, 1, 2, 2, 3))

    def round(self, born: "Future[int]", late: Callable[[], None], *, night: bool) -> Round:
        """Return a disturbed round of the process that is `born`; what `late` does happens while it reads."""
        dice, how = self.dice, dict[str, Any]()
        if dice.random() < 0.3:
            self.expire_access()
        methods = (self.reads, self.reads if night else self.drafts)
        troubles = [
            self.trouble(born, dice.choice(dice.choice(methods))) for _ in range(dice.choice((1, 1, 1, 2, 2, 3, 5)))
        ]
        if dice.random() < 0.5:
            troubles.append(Trouble("mail comes", "", dice.randrange(25), 1, lambda _: late()))
        if dice.random() < 0.25:
            how = {"at": int(2 ** dice.uniform(0, 7))} if dice.random() < 0.6 else {"delay": dice.uniform(0.005, 0.25)}
        return Round(troubles, how, self.creates, self.lasting)

    def trouble(self, born: "Future[int]", method: str) -> Trouble:
        """Return a trouble of a call."""
        dice = self.dice
        skip = dice.choice((0, 0, 1, dice.randrange(4), dice.randrange(30 if not method else 4)))
        if dice.random() < 0.15:
            return Trouble(f"kill at {method} + {skip}", method, skip, 1, lambda _: _kill(born))
        if dice.random() < 0.2:
            name, expire = dice.choice(self.expiries())
            return Trouble(f"{name} at {method} + {skip}", method, skip, 1, lambda _: expire())
        return self.fault(method, skip)

    def of(self, fault: Fault, method: str, skip: int, times: int) -> Trouble:
        """Return the trouble that a fault is."""
        return Trouble(f"{fault.name} at {method} + {skip}, {times} times", method, skip, times, lambda _: fault)

    @abstractmethod
    def creates(self, call: Call) -> bool:
        """Say whether a call is made to make a draft."""

    @abstractmethod
    def expire_access(self) -> None:
        """Let the access tokens of now end."""

    @abstractmethod
    def expiries(self) -> Sequence[tuple[str, Callable[[], None]]]:
        """Return what may end over time, by name."""

    @abstractmethod
    def fault(self, method: str, skip: int) -> Trouble:
        """Return a fault at a call, after `skip` of the same."""


def _kill(born: "Future[int]") -> Fault:
    os.kill(born.result(10), signal.SIGKILL)
    return reset("after")
