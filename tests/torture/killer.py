"""Kills auld at a chosen system call or moment, from outside: product code is as it always is.

As a program it waits with everything imported and bears a process for each order it reads: `words` is the command
line, `at` the writing call at which it sends itself SIGKILL, `delay` the seconds after which it is sent one, `tally`
where the calls are to be counted, `said` where its stderr goes. In a test's own process, `dying` raises `Killed`
instead.
"""

import json
import os
import signal
import stat
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

WRITING = ("open", "mkdir", "write", "pwrite", "fsync", "ftruncate", "link", "replace", "rename", "unlink", "rmdir")
_WARM = (
    "daemon.cli.app",
    "daemon.cli.reading",
    "daemon.cli.drafting",
    "daemon.cli.choices",
    "daemon.round",
    "connectors.files.account",
)
_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Killed(BaseException):
    """The process is no more: nothing may catch this, and nothing may be written after it."""


class Tap:
    """Stands between auld and the system where it writes: counts the calls and strikes just before number `at`.

    A write struck is done by half, and so is what an unflushed file holds. After a strike every call is struck.
    """

    def __init__(self, strike: Callable[[], None], at: int | None = None) -> None:
        self.calls: list[str] = []
        self._strike = strike
        self._at = at
        self._number = count(1)
        self._placed: set[int] = set()  # descriptors written at places: only what is being written is cut there

    @contextmanager
    def installed(self) -> Iterator["Tap"]:
        real = {name: getattr(os, name) for name in WRITING}
        for name in WRITING:
            setattr(os, name, self._wrap(name, real))
        try:
            yield self
        finally:
            for name in WRITING:
                setattr(os, name, real[name])

    def _wrap(self, name: str, real: dict[str, Callable[..., Any]]) -> Callable[..., Any]:
        def call(*args: Any, **keywords: Any) -> Any:
            if name == "open" and not (args[1] if len(args) > 1 else keywords["flags"]) & _TO_WRITE:
                return real[name](*args, **keywords)
            number = next(self._number)
            self.calls.append(name)
            if self._at is not None and number >= self._at:
                if number == self._at:
                    self._half(name, real, args)
                self._strike()
            if name == "pwrite":
                self._placed.add(args[0])
            return real[name](*args, **keywords)

        return call

    def _half(self, name: str, real: dict[str, Callable[..., Any]], args: tuple[Any, ...]) -> None:
        if name in {"write", "pwrite"}:
            data = bytes(args[1])
            real[name](args[0], data[: len(data) // 2], *args[2:])
        elif name == "fsync" and args[0] not in self._placed:
            status = os.fstat(args[0])
            if stat.S_ISREG(status.st_mode):
                real["ftruncate"](args[0], status.st_size // 2)


def _raise() -> None:
    raise Killed


@contextmanager
def dying(at: int | None) -> Iterator[Tap]:
    """Let the code inside die at its call number `at` (None: it lives, and its calls are counted)."""
    tap = Tap(_raise, at)
    with tap.installed():
        try:
            yield tap
        except Killed:
            assert at is not None
            assert at <= len(tap.calls)


def _live(order: dict[str, Any]) -> int:
    """Run auld in this process, as ordered; return its exit code."""
    from daemon.cli import main

    at, tally = order.get("at"), order.get("tally")
    tap = Tap(lambda: os.kill(os.getpid(), signal.SIGKILL), at)
    code: object = 0
    try:
        with tap.installed():
            main(order["words"])
    except SystemExit as end:
        code = end.code
    if tally:
        Path(tally).write_text(str(len(tap.calls)), encoding="utf-8")
    return code if isinstance(code, int) else 0


def _bear(order: dict[str, Any]) -> NoReturn:
    """Be the child: a process of its own from here on, to its end."""
    code = 70
    try:
        said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream, file in enumerate((nothing, nothing, said)):
            os.dup2(file, stream)
        code = _live(order)
    except BaseException:  # noqa: BLE001 -- told, and then the child must end, whatever it was
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _serve() -> None:
    """Take orders, a line each, and answer each with how it went."""
    for name in _WARM:
        import_module(name)
    for line in sys.stdin:
        order = json.loads(line)
        began = time.monotonic()
        child = os.fork()
        if child == 0:
            _bear(order)
        if order.get("delay") is not None:
            time.sleep(order["delay"])  # the moment is the matter here
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        answer = {"code": os.waitstatus_to_exitcode(status), "seconds": time.monotonic() - began}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    _serve()
