"""Measures auld's inference on generated worlds: `python -m tests.quality [--worlds N] [--seed S]`."""

import argparse
import random
import sys

from tests.quality.measure import Score
from tests.quality.report import head, line, measure_seeds, missed


def main() -> int:
    """Print the table and who was not exact; return 1 if anything is not as good as it must be."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=__doc__)
    parser.add_argument("--worlds", type=int, default=5, help="how many worlds (5)")
    parser.add_argument("--seed", type=int, help="the first world's seed; the others' follow it (by chance)")
    told = parser.parse_args()
    first = told.seed if told.seed is not None else random.randrange(10**6)
    total = Score()
    print(head(), flush=True)
    for seed, found in measure_seeds(range(first, first + told.worlds)):
        print(line(str(seed), found), flush=True)
        found.wrong = [f"{seed}: {text}" for text in found.wrong]
        total.add(found)
    print(line("total", total), "", *total.wrong, "", sep="\n")
    for text in (bad := missed(total)):
        print(f"MISSED: {text}")
    return 1 if bad else 0


sys.exit(main())
