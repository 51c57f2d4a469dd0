"""What systemd is told, as sd_notify(3) says: datagrams to the socket that it named. Without one, nothing."""

import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

VARIABLES: Final = ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID")
"""What it reads of the environment. They are for this process alone."""


class Manager:
    """The service manager. `pause` is how many seconds it may go without a sign of life, None if it wants none."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        address = environ.get("NOTIFY_SOCKET", "")
        self._address = "\0" + address[1:] if address.startswith("@") else address
        told = environ.get("WATCHDOG_USEC", "")
        ours = environ.get("WATCHDOG_PID", str(os.getpid())) == str(os.getpid())
        self.pause = int(told) / 2_000_000 if told.isdecimal() and int(told) and ours and address else None

    def ready(self, status: str) -> None:
        """All is well, and so it stands."""
        self._tell("READY=1", f"STATUS={status}")

    def status(self, status: str) -> None:
        """So it stands, in words."""
        self._tell(f"STATUS={status}")

    def alive(self) -> None:
        """Give the sign of life. Only whoever does the work may: else a service that hangs would look alive."""
        if self.pause is not None:
            self._tell("WATCHDOG=1")

    def reloading(self) -> None:
        """The config is being read again; `ready` tells when that is over."""
        self._tell("RELOADING=1", f"MONOTONIC_USEC={time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000}")

    def stopping(self) -> None:
        """It is about to end."""
        self._tell("STOPPING=1", "STATUS=Stopping.")

    def _tell(self, *lines: str) -> None:
        if not self._address:
            return
        text = "\n".join(line.replace("\n", " ") for line in lines)
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as wire:
            wire.sendto(text.encode("utf-8", "replace"), self._address)
