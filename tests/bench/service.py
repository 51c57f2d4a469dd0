"""Figures of the service: what it weighs while it waits, how often it wakes up, how fast it ends."""

import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from tests.bench.figures import Figure
from tests.bench.processes import AULD

_LONG: Final = 190.0
"""Seconds of idling: at least two of the longest sleeps."""
_ROUNDS: Final = 25
_CONFIG: Final = """\
[me]
name = "Robin Park"
emails = ["robin@example.com"]

[[accounts]]
name = "archive"
kind = "files"
sent = "Sent"

[service]
notify = false
"""


def measure_service() -> Iterator[Figure]:
    """Measure a service over an empty archive: what a round weighs is measured elsewhere, and gone after it."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        for part in ("cur", "new", "tmp"):
            (home / "Sent" / part).mkdir(parents=True)
        (home / "config.toml").write_text(_CONFIG, "utf-8")
        asked = ("--config", str(home / "config.toml"), "--state", str(home / "state"))
        with subprocess.Popen((*AULD, *asked, "run"), stderr=subprocess.PIPE, text=True) as process:
            assert process.stderr is not None
            _until(process.stderr.readline, "Nothing new")
            before = _count(process.pid, "voluntary_ctxt_switches"), time.monotonic()
            time.sleep(_LONG)
            woken = _count(process.pid, "voluntary_ctxt_switches") - before[0]
            passed = time.monotonic() - before[1]
            first = _count(process.pid, "VmRSS")
            yield Figure("auld run, waiting: resident memory", first / 1000, 40, "MB")
            yield Figure("  wake-ups a day", woken * 86400 / passed, 2000, "")
            for _ in range(_ROUNDS):
                process.send_signal(signal.SIGUSR1)
                _until(process.stderr.readline, "Nothing new")
            grown = _count(process.pid, "VmRSS") - first
            yield Figure(f"  memory after {_ROUNDS} more rounds, against before", grown / 1000, 1, "MB")
            switches = _count(process.pid, "voluntary_ctxt_switches")
            process.send_signal(signal.SIGUSR1)
            _until(process.stderr.readline, "Nothing new")
            yield Figure("  wake-ups a round", _count(process.pid, "voluntary_ctxt_switches") - switches, 20, "")
            began = time.monotonic()
            process.send_signal(signal.SIGTERM)
            process.wait()
            yield Figure("  seconds to end", time.monotonic() - began, 5, "s")


def _until(line: Callable[[], str], word: str) -> None:
    while word not in (text := line()):
        assert text, "the service ended"


def _count(process: int, name: str) -> int:
    text = Path(f"/proc/{process}/status").read_text("ascii")
    return int(re.findall(rf"^{name}:\s+(\d+)", text, re.MULTILINE)[0])
