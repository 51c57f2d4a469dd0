"""Who is written much like a name or an address: a hint for the user, by which nobody is ever merged.

Texts are compared by the runs of three letters they share, which finds missing, doubled and swapped letters and another
order of names, and takes no longer for 20,000 people than one look at those that share such a run.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from anyascii import anyascii

_LEAST: Final = 0.5  # of the runs must be shared, as Dice counts it
_LONGEST: Final = 60
_OTHERS: Final = re.compile(r"[^a-z]+")


class Likeness:
    """Texts with whom they stand for; an address is read as the name in its local part."""

    def __init__(self, texts: Iterable[tuple[int, str]]) -> None:
        self._owner: list[int] = []
        self._size: list[int] = []
        self._holders: dict[str, list[int]] = {}
        for owner, text in texts:
            runs = set(_runs(text))
            for run in runs:
                self._holders.setdefault(run, []).append(len(self._owner))
            self._owner.append(owner)
            self._size.append(len(runs))

    def nearest(self, texts: Iterable[str], most: int) -> Sequence[int]:
        """Return those whose texts are most like any of `texts`, the likest first; none that are not alike."""
        best: dict[int, float] = {}
        for text in texts:
            runs = set(_runs(text))
            shared = Counter(place for run in runs for place in self._holders.get(run, ()))
            for place, number in shared.items():
                score = 2 * number / (len(runs) + self._size[place])
                if score >= _LEAST:
                    best[self._owner[place]] = max(score, best.get(self._owner[place], 0.0))
        return sorted(best, key=lambda owner: (-best[owner], owner))[:most]


def _runs(text: str) -> Iterator[str]:
    """Yield the runs of three letters of each word, its beginning and its end taken for a letter."""
    local = text.rpartition("@")[0] or text
    for word in _OTHERS.split(anyascii(local[:_LONGEST]).lower()):
        padded = f" {word} "
        yield from (padded[start : start + 3] for start in range(len(padded) - 2))
