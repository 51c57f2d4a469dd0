"""Measures what was promised and prints it as a table: `python -m tests.bench [GROUP …]`; no group means all.

Machines are noisy: times are medians over several runs, and what is compared was run one after the other.
"""

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from tests.bench.answering import measure_crowd, measure_huge, measure_large, measure_middling, measure_start
from tests.bench.figures import Figure, head, line, missed
from tests.bench.google import measure_google
from tests.bench.outlook import measure_outlook
from tests.bench.reading import measure_first_sync, measure_growth, measure_second_sync
from tests.bench.service import measure_service

_GROUPS: Final[Mapping[str, Callable[[], Iterator[Figure]]]] = {
    "start": measure_start,
    "first": measure_first_sync,
    "second": measure_second_sync,
    "middling": measure_middling,
    "large": measure_large,
    "huge": measure_huge,
    "crowd": measure_crowd,
    "growth": measure_growth,
    "google": measure_google,
    "outlook": measure_outlook,
    "service": measure_service,
}


def main(names: list[str]) -> int:
    """Measure the groups of those names; return 1 if a figure is missed."""
    unknown = [name for name in names if name not in _GROUPS]
    if unknown:
        print(f"there is no group {', '.join(unknown)}; there are {', '.join(_GROUPS)}", file=sys.stderr)
        return 2
    figures = []
    print(f"{os.cpu_count()} processors; load when it began: {os.getloadavg()[0]:.1f}\n")
    print(head(), flush=True)
    for name in names or _GROUPS:
        for figure in _GROUPS[name]():
            print(line(figure), flush=True)
            figures.append(figure)
    bad = missed(figures)
    print(f"\n{len(figures)} figures, {len(bad)} missed" + "".join(f"\n  {figure.name.strip()}" for figure in bad))
    return 1 if bad else 0


sys.exit(main(sys.argv[1:]))
