"""Waiting, for time to pass or for a signal, whichever comes first. Nothing is polled: who waits does not wake up."""

import os
import select
import signal
from contextlib import suppress
from dataclasses import dataclass
from math import ceil
from types import FrameType
from typing import Final, Protocol


@dataclass(slots=True)
class Heard:
    """What the service was told to do and has not done yet."""

    stop: bool = False
    reload: bool = False
    round: bool = False


class Ears(Protocol):
    """What the service listens with."""

    heard: Heard

    def wait(self, seconds: float, file: int | None = None) -> None:
        """Wait so long, or until a signal comes or `file` can be read."""
        ...


class Signals:
    """SIGTERM and SIGINT stop, SIGHUP reloads, SIGUSR1 wants a round now, SIGCHLD only wakes up."""

    def __init__(self) -> None:
        self.heard = Heard()
        self._waking, told = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._handlers: Final = {
            signal.SIGTERM: "stop",
            signal.SIGINT: "stop",
            signal.SIGHUP: "reload",
            signal.SIGUSR1: "round",
            signal.SIGCHLD: "",
        }
        signal.set_wakeup_fd(told, warn_on_full_buffer=False)
        for number in self._handlers:
            signal.signal(number, self._hear)

    def wait(self, seconds: float, file: int | None = None) -> None:
        """Wait so long, or until a signal comes or `file` can be read."""
        poll = select.poll()
        poll.register(self._waking, select.POLLIN)
        if file is not None:
            poll.register(file, select.POLLIN)
        poll.poll(ceil(seconds * 1000))
        with suppress(BlockingIOError):
            os.read(self._waking, 512)

    def _hear(self, number: int, _frame: FrameType | None) -> None:
        if word := self._handlers[signal.Signals(number)]:
            setattr(self.heard, word, True)
