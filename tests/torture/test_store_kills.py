"""Real processes, really killed: what a store acknowledged is there, whatever the moment."""

import random
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon.store import Store

WRITE = """
import random, sys
from datetime import UTC, datetime
from pathlib import Path
from daemon.store import Store
dice = random.Random(int(sys.argv[2]))
with Store.open(Path(sys.argv[1]), write=True, clock=lambda: datetime.now(UTC)) as store:
    print("open", *store.notices, flush=True)
    value = max((one["value"] for _, one in store.documents("pages")), default=0)
    while True:
        value += 1
        with store.commit(bulk=dice.random() < 0.7) as change:
            change.insert("pages", {"value": value, "filling": "x" * dice.choice((10, 60_000))})
            change.insert("halves", {"value": value})
            change.remove("pages", [number for number, one in store.documents("pages")[:-20]])
        print(value, flush=True)
"""


def now() -> datetime:
    return datetime.now(UTC)


def values(store: Store, table: str) -> list[int]:
    return [one["value"] for _, one in store.documents(table)]


def kill_and_look(folder: Path, seed: int) -> int:
    """Let a writer run and kill it; return the last value kept, having seen that nothing acknowledged is missing."""
    dice = random.Random(seed)
    with subprocess.Popen(
        [sys.executable, "-c", WRITE, str(folder), str(seed)], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        for _ in range(dice.randrange(30)):
            process.stdout.readline()
            if dice.random() < 0.2:
                with Store.open(folder, write=False, clock=now) as store:
                    assert store.notices == ()
                    assert values(store, "pages") == values(store, "halves")[-len(values(store, "pages")) :]
        time.sleep(dice.random() / 50)  # the moment is the matter here
        process.send_signal(signal.SIGKILL)
        acknowledged = [int(line) for line in process.stdout.read().splitlines() if line]
    with Store.open(folder, write=False, clock=now) as store:
        assert store.notices == ()
        kept = values(store, "halves")
        assert kept == list(range(1, len(kept) + 1))
        assert values(store, "pages") == kept[-len(values(store, "pages")) :]
        assert len(kept) - max(acknowledged, default=0) in ((0, 1) if acknowledged else range(len(kept) + 1))
        return len(kept)


def run(folder: Path, kills: int, seed: int) -> None:
    last = 0
    for turn in range(kills):
        kept = kill_and_look(folder, seed + turn)
        assert kept >= last
        last = kept
    assert last > kills


def test_a_sample_of_kills_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    run(tmp_path / "state", 8, seed=1)


@pytest.mark.torture
def test_two_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    run(tmp_path / "state", 200, seed=random.randrange(10**9))
