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
    """What is kept of a mail or meeting beyond the facts: its title, and what a reply needs (as `Mail` tells it)."""

    title: str
    message_id: str = ""
    references: tuple[str, ...] = ()
    thread: str = ""


class Newest:
    """For each address its newest few titles; tells whether one more is among them, and which ones it drives out."""

    def __init__(self) -> None:
        self._titles: dict[int, list[tuple[int, int]]] = {}  # address -> (moment, key), ascending
        self._holders: dict[int, int] = {}  # key -> how many addresses keep it
        self.driven_out: list[int] = []  # keys that no address keeps any more; the caller empties it

    def admit(self, addresses: tuple[int, ...], at: int, key: int) -> bool:
        """Note a title of `at` shared with `addresses`; False when all of them have enough newer ones."""
        title = (at, key)
        admitted = 0
        for address in addresses:
            titles = self._titles.get(address)
            if titles is None:
                self._titles[address] = [title]
            elif len(titles) < _NEWEST:
                insort(titles, title)
            elif title > titles[0]:
                self._release(titles[0][1])
                del titles[0]
                insort(titles, title)
            else:
                continue
            admitted += 1
        if admitted:
            self._holders[key] = self._holders.get(key, 0) + admitted
        return admitted > 0

    def _release(self, key: int) -> None:
        left = self._holders[key] - 1
        if left:
            self._holders[key] = left
        else:
            del self._holders[key]
            self.driven_out.append(key)
