"""`auld run` as a process of its own, and what it says."""

import os
import re
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from tests.cli.archive import Home

ROOT = Path(__file__).parent.parent.parent
_PATIENCE = 60.0


class Running:
    """A service that runs."""

    def __init__(self, process: "subprocess.Popen[bytes]") -> None:
        self.process = process
        self.said = ""

    def until(self, text: str, times: int = 1) -> str:
        """Read the log until it holds `text` (a pattern) so many times; return all of it."""
        assert self.process.stderr is not None
        file, end = self.process.stderr.fileno(), monotonic() + _PATIENCE
        while len(re.findall(text, self.said)) < times:
            ready, _, _ = select.select([file], [], [], max(0.0, end - monotonic()))
            piece = os.read(file, 65536).decode() if ready else ""
            assert piece, f"it never said {text!r}, but:\n{self.said}"
            self.said += piece
        return self.said

    def tell(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM) -> tuple[int, float]:
        """Send a signal; return the exit code and how many seconds it took to end."""
        began = monotonic()
        self.process.send_signal(number)
        _, rest = self.process.communicate(timeout=_PATIENCE)
        self.said += rest.decode()
        return self.process.returncode, monotonic() - began

    def proc(self, name: str) -> int:
        """Return a number of /proc/PID/status."""
        text = Path(f"/proc/{self.process.pid}/status").read_text("ascii")
        return int(re.findall(rf"^{name}:\s+(\d+)", text, re.MULTILINE)[0])


@contextmanager
def running(home: Home, *words: str, **environment: str) -> Iterator[Running]:
    """Run the service over a home; it is killed at the end, if it still lives."""
    with subprocess.Popen(
        command(home, *words), cwd=home.path, env=surroundings(environment), stderr=subprocess.PIPE
    ) as process:
        try:
            yield Running(process)
        finally:
            process.kill()


def command(home: Home, *words: str) -> list[str]:
    return [sys.executable, "-c", "from daemon.cli import main; main()", "--config", str(home.config), "run", *words]


def surroundings(more: Mapping[str, str]) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    return {**kept, "PYTHONPATH": str(ROOT), **more}
