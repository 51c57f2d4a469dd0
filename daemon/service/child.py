"""A round in a process of its own, as the service sees it: started, watched, and ended if it hangs.

It may be killed at any instant: what it committed stays, and the next round goes on from there.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Final, Literal

from daemon.service.clock import Clock
from daemon.service.ears import Ears
from daemon.service.manager import VARIABLES
from daemon.service.orders import LIFE, Answer, Order

End = Literal["done", "stopped", "silent", "endless"]

_OS: Final = 71
WORK: Final = (sys.executable, "-P", "-m", "daemon.service.work")


@dataclass(frozen=True, slots=True)
class Ended:
    """How it ended: `code` is its exit code (negative: the signal it died of); `answer` is None if it gave none.

    `end` is "done" if it ended by itself, "stopped" if the service was to stop, else which limit it broke.
    """

    code: int
    answer: Answer | None
    end: End = "done"


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, while the machine is awake.

    `silence`: without a sign of life; longer than any pause that a provider can make it take. `whole`: of it all; a
    first read may take hours, and goes on in the next round. `grace`: to end when told to, before it is killed.
    """

    silence: float = 30 * 60
    whole: float = 6 * 3600
    grace: float = 3


class Child:
    """Starts the process that does a round, and waits for it."""

    def __init__(
        self, clock: Clock, ears: Ears, beat: Callable[[], float], limits: Limits, command: tuple[str, ...] = WORK
    ) -> None:
        """`beat` is called all along, and says within how many seconds again."""
        self._clock = clock
        self._ears = ears
        self._beat = beat
        self._limits = limits
        self._command = command

    def __call__(self, order: Order) -> Ended:
        """Let `order` be carried out; nothing is raised."""
        try:
            with self._started(order) as (process, told):
                end = self._watch(process, told)
                if end != "done":
                    self._end(process)
                code = process.wait()
                told.listen()
        except OSError as err:  # too many files or processes, or no memory for one more
            return Ended(_OS, Answer(trouble=f"No process could be started for it ({err.strerror})."))
        return Ended(code, Answer.load(bytes(told.data)), end)

    @contextmanager
    def _started(self, order: Order) -> "Iterator[tuple[subprocess.Popen[bytes], _Told]]":
        reading, writing = os.pipe()
        os.set_blocking(reading, False)
        try:
            try:
                # A session of its own: Ctrl-C reaches the service alone, and what it started can be ended with it.
                process = subprocess.Popen(  # noqa: S603 -- our own program
                    (*self._command, str(writing)),
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    pass_fds=(writing,),
                    start_new_session=True,
                    env={name: value for name, value in os.environ.items() if name not in VARIABLES},
                )  # fmt: skip
            finally:
                os.close(writing)
            assert process.stdin is not None
            with process.stdin:  # open as long as the service lives: the process ends when it does not any more
                with suppress(BrokenPipeError):
                    process.stdin.write(order.dump() + b"\n")
                    process.stdin.flush()
                yield process, _Told(reading)
        finally:
            os.close(reading)

    def _watch(self, process: "subprocess.Popen[bytes]", told: "_Told") -> End:
        """Wait until the process ends, or should be ended."""
        began = heard = self._clock.awake()
        while process.poll() is None:
            if self._ears.heard.stop:
                return "stopped"
            now = self._clock.awake()
            if told.listen():
                heard = now
            if now - began >= self._limits.whole:
                return "endless"
            if now - heard >= self._limits.silence:
                return "silent"
            left = min(self._limits.whole - (now - began), self._limits.silence - (now - heard))
            self._ears.wait(min(self._beat(), left), None if told.over else told.file)
        return "done"

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        """Tell the process to end; if it does not, kill it and all that it started."""
        process.send_signal(signal.SIGTERM)
        until = self._clock.awake() + self._limits.grace
        while process.poll() is None:
            if (left := until - self._clock.awake()) <= 0:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                return
            self._ears.wait(left)


class _Told:
    """What the process tells through its pipe."""

    def __init__(self, file: int) -> None:
        self.file = file
        self.data = bytearray()
        self.over = False

    def listen(self) -> bool:
        """Take in what came; say whether anything did."""
        came = False
        while not self.over:
            try:
                piece = os.read(self.file, 65536)
            except BlockingIOError:
                return came
            self.over, came = not piece, came or bool(piece)
            self.data += piece.lstrip(LIFE) if not self.data else piece
        return came
