"""Worlds measured, as a table, and what must hold of them."""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Final

from tests.quality.disk import write_world
from tests.quality.measure import Score, ask, score
from tests.quality.world import World
from tests.quality.worlds import large_world

_LAST: Final = 0.999
_PRECISION: Final = 0.995
_RECALL: Final = 0.95
_ROW: Final = "{:<10} {:>6} {:>8} {:>8} {:>8} {:>8} {:>8} {:>9} {:>7} {:>6} {:>5} {:>6} {:>6} {:>8}"


def measure(w: World, root: Path) -> Score:
    """Write a world into an empty folder, let auld read it, and compare."""
    return score(w.truth, ask(write_world(w, root)))


def measure_seeds(seeds: Iterable[int]) -> Iterator[tuple[int, Score]]:
    """Measure the large worlds of these seeds."""
    for seed in seeds:
        with tempfile.TemporaryDirectory() as folder:
            yield seed, measure(large_world(seed), Path(folder))


def head() -> str:
    """Return the head of the table: parts are in per cent of people, the rest are counts."""
    return _ROW.format(
        "world", "people", "last", "days", "state", "emails", "greeting", "precision", "recall", "robots", "lost",
        "dead", "alias", "taken me",
    )  # fmt: skip


def line(name: str, found: Score) -> str:
    """Return a world as a line of the table."""
    parts = (found.last, found.days, found.state, found.emails, found.greeting)
    return _ROW.format(
        name, found.people, *(f"{100 * part / max(1, found.people):.2f}" for part in parts),
        f"{found.precision:.4f}", f"{found.recall:.4f}", found.robots_suggested, found.lost, found.dead_wrong,
        found.aliases_missed, found.taken_for_me,
    )  # fmt: skip


def missed(found: Score) -> Sequence[str]:
    """Return what is not as good as it must be."""
    rules = (
        (found.last < _LAST * found.people, f"last contact is exact for {found.last} of {found.people} people"),
        (found.robots_suggested, f"{found.robots_suggested} addresses that nobody is behind are suggested"),
        (found.lost, f"{found.lost} people who should be suggested or listed are not"),
        (found.precision < _PRECISION, f"precision of grouping is {found.precision:.4f}"),
        (found.recall < _RECALL, f"recall of grouping is {found.recall:.4f}"),
        (found.taken_for_me, f"{found.taken_for_me} friends were taken for me"),
    )
    return [text for applies, text in rules if applies]
