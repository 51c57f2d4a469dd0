"""Runs commands as a user would and measures the whole process: seconds, and memory of it and all its children."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Thread
from typing import Final

_EVERY: Final = 0.01  # seconds between two looks at the memory
_ROOT: Final = Path(__file__).parents[2]
AULD: Final = (sys.executable, "-c", "import sys; from daemon.cli import main; sys.exit(main())")


class Failed(Exception):
    """A measured command ended with an error; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds from start to end, and what it printed on stdout."""

    seconds: float
    output: str


def run(command: Sequence[str], *, cores: int = 2, environment: Mapping[str, str] | None = None) -> Run:
    """Run `command` on at most so many processors.

    Raises:
        Failed: it did not end with 0.
    """
    start = time.perf_counter()
    process = _start(command, cores, environment)
    output, errors = process.communicate()
    seconds = time.perf_counter() - start
    if process.returncode:
        raise Failed(f"{' '.join(command)}\n{errors[-2000:]}")
    return Run(seconds, output)


def typical(times: int, once: Callable[[], Run]) -> float:
    """Return the median seconds of so many runs."""
    return median(once().seconds for _ in range(times))


def peak_memory(command: Sequence[str], *, cores: int = 2) -> float:
    """Run `command`; return the peak memory of it and its children in MB (10^6 bytes).

    It is the sum of each process's own highest resident size, so never less than what was really held at one instant.

    Raises:
        Failed: it did not end with 0.
    """
    peaks: dict[int, int] = {}
    process = _start(command, cores, None)
    told = Thread(target=process.communicate)  # empties the pipes
    told.start()
    while told.is_alive():
        for number in _tree(process.pid):
            peaks[number] = max(peaks.get(number, 0), _highest(number))
        told.join(_EVERY)
    if process.returncode:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}")
    return sum(peaks.values()) / 1e6


def _start(command: Sequence[str], cores: int, environment: Mapping[str, str] | None) -> "subprocess.Popen[str]":
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(usable)[:cores])  # a child starts with ours
    try:
        return subprocess.Popen(
            command,
            cwd=_ROOT,
            env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
    finally:
        os.sched_setaffinity(0, usable)


def _tree(root: int) -> Iterator[int]:
    """Yield a process and all below it; those that end meanwhile are left out."""
    yield root
    try:
        for thread in Path(f"/proc/{root}/task").iterdir():
            for child in (thread / "children").read_text("ascii").split():
                yield from _tree(int(child))
    except OSError:
        return


def _highest(number: int) -> int:
    try:
        status = Path(f"/proc/{number}/status").read_text("utf-8")
    except OSError:
        return 0
    line = next((line for line in status.splitlines() if line.startswith("VmHWM:")), "VmHWM: 0 kB")
    return int(line.split()[1]) * 1024
