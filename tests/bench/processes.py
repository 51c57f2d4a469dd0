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

_EVERY: Final = 0.005  # seconds between two looks at the memory
_PAGE: Final = os.sysconf("SC_PAGE_SIZE")
_ROOT: Final = Path(__file__).parents[2]
# A user's second run finds the modules compiled.
_ENVIRONMENT: Final = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
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

    It is the highest sum of resident sizes seen; what two processes share counts for each.

    Raises:
        Failed: it did not end with 0.
    """
    peak = 0
    process = _start(command, cores, None)
    told = Thread(target=process.communicate)  # empties the pipes
    told.start()
    while told.is_alive():
        peak = max(peak, sum(map(_resident, _tree(process.pid))))
        told.join(_EVERY)
    if process.returncode:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}")
    return peak / 1e6


def _start(command: Sequence[str], cores: int, environment: Mapping[str, str] | None) -> "subprocess.Popen[str]":
    usable = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(usable)[:cores])  # a child starts with ours
    try:
        return subprocess.Popen(
            command,
            cwd=_ROOT,
            env={**_ENVIRONMENT, **(environment or {})},
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


def _resident(number: int) -> int:
    try:
        pages = Path(f"/proc/{number}/statm").read_text("ascii").split()[1]
    except (OSError, IndexError):  # it ended
        return 0
    return int(pages) * _PAGE
