"""Figures of commands over large states: who is due, how long opening and keeping take, how fast help is there.

What addresses are one person is measured apart: it is where many people could cost more than they are.
"""

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import Final

from tests.bench.archives import NOW, archive, warm
from tests.bench.figures import Figure
from tests.bench.processes import AULD, peak_memory, run, typical
from tests.bench.reading import sync_command

_TIMES: Final = 5
_FEW: Final = 3


def measure_large() -> Iterator[Figure]:
    """Measure 200,000 mails of 5,000 people."""
    made = archive("mbox", 200_000, 5000)
    warm(made)
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        peak = peak_memory(sync_command(made, state))
        asked = ("--config", str(made.config), "--state", str(state), "--now", NOW)
        due = (*AULD, "due", *asked)
        yield Figure("auld due, 200,000 mails, 5,000 people", typical(_TIMES, lambda: run(due)), 2.5, "s")
        yield Figure("  its peak memory", peak_memory(due), 250, "MB")
        yield Figure("  peak memory of the first sync before it", peak, 250, "MB")
        status = (*AULD, "status", *asked)
        yield Figure("auld status, 200,000 mails", typical(_TIMES, lambda: run(status)), 0.3, "s")
        yield Figure("ledger file, 200,000 mails", (state / "ledger.json").stat().st_size / 1e6, 40, "MB")
        opened, kept = _inside(state)
        yield Figure("  opening it", opened, 1.5, "s")
        yield Figure("  a durable commit of a round's news", kept * 1000, 300, "ms")


def measure_huge() -> Iterator[Figure]:
    """Measure 1,000,000 mails of 20,000 addresses, read before by `auld sync`."""
    made = archive("mbox", 1_000_000, 20_000)
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        peak = peak_memory(sync_command(made, state))
        yield Figure("peak memory of a first sync, 1,000,000 mails", peak, None, "MB")
        asked = ("--config", str(made.config), "--state", str(state), "--now", NOW)
        for word in ("people", "due"):
            command = (*AULD, word, *asked)
            seconds = typical(_FEW, partial(run, command))
            yield Figure(f"auld {word}, 1,000,000 mails, 20,000 addresses", seconds, 15, "s")
            yield Figure("  its peak memory", peak_memory(command), 800, "MB")


def measure_crowd() -> Iterator[Figure]:
    """Measure telling which addresses are one person, and how that grows."""
    few, many = _group(5000), _group(20_000)
    note = f"{many['persons']:,} persons; {100 * many['namesakes']:.0f} % share a name with somebody else"
    yield Figure("which of 20,000 addresses are one person", many["seconds"], 3, "s", note=note)
    growth = many["seconds"] / few["seconds"] / 4
    yield Figure("  time per address, 20,000 against 5,000", growth, 2, "times")


def _group(count: int) -> Mapping[str, float]:
    """Return what the run in the middle told of grouping so many addresses."""
    command = (sys.executable, "-m", "tests.bench.crowd", str(count))
    told = [json.loads(run(command).output) for _ in range(_TIMES)]
    return dict(sorted(told, key=itemgetter("seconds"))[_TIMES // 2])


def measure_middling() -> Iterator[Figure]:
    """Measure a commit over 10,000 mails."""
    made = archive("mbox", 10_000, 1000)
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder) / "state"
        run(sync_command(made, state))
        _, kept = _inside(state)
    yield Figure("a durable commit of a round's news, 10,000 mails", kept * 1000, 40, "ms")


def _inside(state: Path) -> tuple[float, float]:
    """Return the seconds that opening the state and a commit take."""
    command = (sys.executable, "-m", "tests.bench.inside", str(state))
    opened = sorted(json.loads(run(command).output)["open"] for _ in range(_TIMES))[_TIMES // 2]
    return opened, json.loads(run((*command, "--commit")).output)["commit"]


def measure_start() -> Iterator[Figure]:
    """Measure the commands that should be there at once."""
    yield Figure("auld --help", typical(_TIMES, lambda: run((*AULD, "--help"))), 0.3, "s")
