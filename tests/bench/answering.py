"""Figures of commands over a large state: who is due, how long opening and keeping take, how fast help is there."""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.bench.archives import NOW, archive, warm
from tests.bench.figures import Figure
from tests.bench.processes import AULD, peak_memory, run, typical
from tests.bench.reading import sync_command

_TIMES: Final = 5


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
