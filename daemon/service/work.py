"""The process that does a round for the service: `python -m daemon.service.work FD`; the order is a line on stdin.

Its signs of life and its answer go to the file descriptor FD. SIGTERM ends it as Ctrl-C ends a command, and so does the
end of stdin: then the service is gone, and another one may be waiting for the state.
"""

import gc
import logging
import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from errno import EDQUOT, ENOSPC, EROFS
from hashlib import blake2b
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Final

from connectors.errors import ConnectorError, SettingsError
from daemon import notices
from daemon.accounts import Accounts, open_accounts
from daemon.config import ConfigError, find_config, find_state, read, understand
from daemon.resting import rests
from daemon.round import run_round
from daemon.service.diary import open_diary
from daemon.service.orders import LIFE, Answer, Order
from daemon.service.words import status_of, words_of
from daemon.settings import Settings, zone
from daemon.state import State
from daemon.turn import Turn

log = logging.getLogger(__name__)

_DISK: Final = {ENOSPC, EROFS, EDQUOT}
_CONFIG: Final = 78
_STATE: Final = 74
_INTERRUPTED: Final = 130
_GRACE: Final = 3.0  # seconds to end at a safe point, when the service is gone
_PULSE: Final = 10.0  # seconds between two signs of life, at least


class Worker:
    """Carries out one order. `answer` grows as it goes, so that it says what is known when something fails."""

    def __init__(self, order: Order, pulse: Callable[[], None] = lambda: None) -> None:
        self.answer = Answer(kept=order.kept, refused=order.refused)
        self._order = order
        self._pulse = pulse

    def carry_out(self) -> int:
        """Do it; return the exit code. Only what ends the process is raised."""
        try:
            self._carry_out()
        except Exception as err:
            log.debug("there was no round", exc_info=True)
            trouble, code = _explain(err)
            self.answer = replace(self.answer, trouble=trouble)
            return code
        return 0

    def clock(self) -> datetime:
        """Return now."""
        return self._order.now or datetime.now(UTC)

    def _carry_out(self) -> None:
        settings = self._accept(find_config(self._order.config, os.environ))
        folder = find_state(self._order.state, settings, os.environ)
        now, here = self.clock(), zone(settings)
        every = (settings.service.every.after(now, here) - now).total_seconds()
        self.answer = replace(self.answer, folder=str(folder), every=every)
        accounts = open_accounts(settings, folder, self.clock)
        with State.open(folder, write=not self._order.look, clock=self.clock) as state:
            self._say(logging.WARNING, *state.store.notices)
            if not self._order.look:
                self._round(Turn(state, settings, accounts, now, here, self._resting(state, accounts, now)))
            self.answer = replace(self.answer, last_round_at=state.side().last_round_at)

    def _round(self, turn: Turn) -> None:
        before = {one.name: one for one in turn.state.side().accounts}
        report = run_round(turn, lambda *_: self._pulse())
        side = turn.state.side()
        self.answer = replace(self.answer, done=True, status=status_of(side))
        for level, text in words_of(report, before, side, turn):
            self._say(level, text)
        notices.tell(turn)

    def _resting(self, state: State, accounts: Accounts, now: datetime) -> frozenset[str]:
        """Return the names of the accounts that are left alone this time; none if the config changed."""
        if self._order.everyone or self.answer.kept != self._order.kept:
            return frozenset()
        health = {one.name: one for one in state.side().accounts}
        return frozenset(one.name for one in accounts.all if rests(health.get(one.name), now, state.store.folder))

    def _accept(self, path: Path) -> Settings:
        """Return the config as it is now; if that is broken, as it last was good.

        Raises:
            ConfigError: it is broken, and there is none before it.
        """
        text = ""
        try:
            text = read(path)
            settings = self._understand(text, path)
        except (ConfigError, SettingsError) as err:
            if self._order.kept is None:
                raise
            refused = blake2b(f"{text}\0{err}".encode("utf-8", "replace"), digest_size=8).hexdigest()
            if refused != self._order.refused:
                self._say(logging.ERROR, f"The config has a fault now and is refused; the one before stays.\n{err}")
            self.answer = replace(self.answer, refused=refused)
            return understand(self._order.kept, path)
        if self._order.kept is not None and text != self._order.kept:
            self._say(logging.INFO, "The config changed; from now on it counts as it is now.")
        elif self._order.refused:
            self._say(logging.INFO, "The config is in order again.")
        self.answer = replace(self.answer, kept=text, refused="")
        return settings

    def _understand(self, text: str, path: Path) -> Settings:
        """Return what a config says that can work."""
        settings = understand(text, path)
        if not settings.accounts:
            raise SettingsError(
                f"{path} has no [[accounts]] yet: auld init writes a config, or see config.example.toml."
            )
        open_accounts(settings, find_state(self._order.state, settings, os.environ), self.clock)
        return settings

    def _say(self, level: int, *texts: str) -> None:
        self.answer = replace(self.answer, words=(*self.answer.words, *((level, text) for text in texts)))


def _explain(err: Exception) -> tuple[str, int]:
    """Return what went wrong as a sentence, and the code."""
    code = getattr(err, "exit_code", None)
    if isinstance(code, int):
        return str(err), code
    if isinstance(err, ConnectorError):
        return str(err), _CONFIG if isinstance(err, SettingsError) else 1
    if isinstance(err, OSError):
        place = f" ({err.filename})" if err.filename else ""
        return f"{err.strerror or err}{place}.", _STATE if err.errno in _DISK else 1
    return (
        f"Something went wrong that should not have ({type(err).__name__}). Nothing was lost. Run auld once -v and "
        "report what it prints."
    ), 1


class _Pulse:
    """Signs of life, not more than one in a while."""

    def __init__(self, file: int) -> None:
        self._file = file
        self._at = 0.0

    def __call__(self) -> None:
        now = monotonic()
        if now - self._at >= _PULSE:
            self._at = now
            _write(self._file, LIFE)


def _read_line() -> bytes:
    line = b""
    while not line.endswith(b"\n") and (piece := os.read(0, 65536)):
        line += piece
    return line


def _end_with_service() -> None:
    """Wait until the service is gone, if it goes first."""
    with suppress(OSError):
        while os.read(0, 512):
            pass
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(_GRACE)
    os._exit(_INTERRUPTED)


def _write(file: int, data: bytes) -> None:
    rest = memoryview(data)
    try:
        while rest:
            rest = rest[os.write(file, rest) :]
    except OSError:  # the service is gone: the round is done all the same
        log.debug("nobody hears of this round")


def main() -> None:
    """Read the order, carry it out, answer; ends the process."""
    for number in (signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, signal.SIG_IGN)  # meant for the service, sent to all of it
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.umask(0o077)
    gc.set_threshold(100_000, 20, 100)  # facts are many, live to the end and form no rings
    file = int(sys.argv[1])
    os.set_inheritable(file, False)
    order = Order.load(_read_line())
    Thread(target=_end_with_service, daemon=True).start()
    logging.basicConfig(stream=sys.stderr, level=logging.ERROR)
    open_diary(sys.stderr, os.environ, verbose=order.verbose)
    worker = Worker(order, _Pulse(file))
    try:
        code = worker.carry_out()
    except KeyboardInterrupt:
        code = _INTERRUPTED
    _write(file, worker.answer.dump())
    gc.freeze()
    sys.exit(code)


if __name__ == "__main__":
    main()
