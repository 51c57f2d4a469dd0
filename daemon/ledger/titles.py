"""Which subjects and meeting titles are worth keeping while a read is under way.

Titles are kept for a person's newest five contacts only. Who is a person is known after the read, so meanwhile each
address keeps its newest few; `Ledger.keep_titles` then drops all that turned out not to be needed.
"""

from bisect import insort
from dataclasses import dataclass
from typing import Final

_NEWEST: Final = 8  # some of them may turn out not to count


@dataclass(frozen=True, slots=True)
class Detail:
    """What is kept of a mail or meeting beyond the facts: its title, and what a reply to it needs (as `Mail` tells it)."""

    title: str
    message_id: str = ""
    references: tuple[str, ...] = ()
    thread: str = ""


class Newest:
    """For each address the moments of its newest few titles; tells whether one more is among them."""

    def __init__(self) -> None:
        self._moments: dict[int, list[int]] = {}

    def admits(self, addresses: tuple[int, ...], at: int) -> bool:
        """Note a title of `at` shared with `addresses`; False when all of them have enough newer ones."""
        admitted = False
        for address in addresses:
            moments = self._moments.get(address)
            if moments is None:
                self._moments[address] = [at]
                admitted = True
            elif len(moments) < _NEWEST:
                insort(moments, at)
                admitted = True
            elif at > moments[0]:
                del moments[0]
                insort(moments, at)
                admitted = True
        return admitted
