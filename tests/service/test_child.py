"""A round's process that hangs, dies or talks nonsense: it ends in time, and so does all that it started."""

import os
import select
import signal
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import monotonic

import pytest

from daemon.service.child import Child, Ended, Limits
from daemon.service.clock import MachineClock
from daemon.service.ears import Signals
from daemon.service.orders import Answer, Order

HEAD = "import os, signal, subprocess, sys, time; pipe = int(sys.argv[1])\n"
DEAF = HEAD + "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
PATIENT = Limits(silence=60, whole=60, grace=60)


@pytest.fixture
def ears() -> Iterator[Signals]:
    before = {one: signal.getsignal(one) for one in signal.Signals if one not in {signal.SIGKILL, signal.SIGSTOP}}
    yield Signals()
    signal.set_wakeup_fd(-1)
    for number, handler in before.items():
        with suppress(OSError, TypeError, ValueError):
            signal.signal(number, handler)


def carry_out(ears: Signals, code: str, limits: Limits = PATIENT, order: Order | None = None) -> tuple[Ended, float]:
    """Let a process run `code` in place of a round; return how it ended and how long that took."""
    child = Child(MachineClock(None), ears, lambda: 90.0, limits, (sys.executable, "-c", code))
    began = monotonic()
    return child(order or Order()), monotonic() - began


def test_the_order_goes_there_and_the_answer_comes_back(ears: Signals) -> None:
    code = HEAD + "line = sys.stdin.readline(); os.write(pipe, b'...' + line.encode()); sys.exit(1)"
    ended, _ = carry_out(ears, code, order=Order(kept="the text\nof a config"))
    assert ended == Ended(1, Answer(kept="the text\nof a config"))


def test_a_long_answer_comes_whole(ears: Signals) -> None:
    order = Order(kept="x" * 1_000_000)
    ended, _ = carry_out(ears, HEAD + "os.write(pipe, b'.'); data = sys.stdin.readline().encode()\n"
                         "while data: data = data[os.write(pipe, data):]", order=order)  # fmt: skip
    assert ended.answer is not None
    assert ended.answer.kept == order.kept


@pytest.mark.parametrize("said", ["", "...", "{", "[]", '{\\"words\\": 3}', "\\xff"])
def test_no_answer_or_nonsense_is_none(ears: Signals, said: str) -> None:
    ended, _ = carry_out(ears, HEAD + f'os.write(pipe, "{said}".encode("latin-1"))')
    assert ended == Ended(0, None)


def test_one_that_hangs_is_told_to_end_and_then_killed_with_all_it_started(ears: Signals, tmp_path: Path) -> None:
    code = DEAF + (
        "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(tmp_path / 'pid')!r}, 'w').write(str(other.pid)); os.write(pipe, b'.'); time.sleep(600)"
    )
    ended, took = carry_out(ears, code, Limits(silence=1.0, whole=60, grace=0.3))
    assert ended == Ended(-signal.SIGKILL, None, "silent")
    assert took < 6
    with suppress(ProcessLookupError):
        other = os.pidfd_open(int((tmp_path / "pid").read_text("ascii")))
        assert select.select([other], [], [], 10)[0], "what it started lives on"
        os.close(other)


def test_one_that_ends_at_a_safe_point_when_told_to_is_not_killed(ears: Signals) -> None:
    code = HEAD + "signal.signal(signal.SIGTERM, lambda *_: sys.exit(3)); time.sleep(600)"
    ended, took = carry_out(ears, code, Limits(silence=1.0, whole=60, grace=60))
    assert (ended.end, took < 10) == ("silent", True)
    assert ended.code in {3, -signal.SIGTERM}


def test_signs_of_life_keep_it_and_only_so_long(ears: Signals) -> None:
    alive = "for _ in range(%d): os.write(pipe, b'.'); time.sleep(0.05)"
    ended, took = carry_out(ears, HEAD + alive % 30, Limits(silence=1.0, whole=60, grace=1))
    assert (ended.end, ended.code) == ("done", 0)
    assert took > 1.4
    ended, took = carry_out(ears, HEAD + alive % 10_000, Limits(silence=60, whole=1.0, grace=1))
    assert (ended.end, ended.code) == ("endless", -signal.SIGTERM)
    assert took < 4


def test_told_to_stop_it_ends_the_round(ears: Signals) -> None:
    code = HEAD + f"os.kill({os.getpid()}, signal.SIGTERM); time.sleep(600)"
    ended, took = carry_out(ears, code)
    assert (ended.end, took < 5) == ("stopped", True)


def test_the_service_manager_is_for_the_service_alone(ears: Signals, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.setenv(name, "1")
    ended, _ = carry_out(ears, HEAD + "sys.exit(any(one in os.environ for one in ('NOTIFY_SOCKET', 'WATCHDOG_USEC')))")
    assert ended.code == 0


def test_waiting_for_it_takes_no_turns(ears: Signals) -> None:
    """It sleeps until the process says something or ends: neither is asked for again and again."""
    turns = 0

    def beat() -> float:
        nonlocal turns
        turns += 1
        return 90.0

    code = HEAD + "time.sleep(0.5); os.write(pipe, b'.'); time.sleep(0.5)"
    began = monotonic()
    Child(MachineClock(None), ears, beat, PATIENT, (sys.executable, "-c", code))(Order())
    assert turns <= 4
    assert monotonic() - began < 20, "it hears at once that it ended"


def test_where_no_process_can_be_started_it_says_so(ears: Signals) -> None:
    child = Child(MachineClock(None), ears, lambda: 90.0, PATIENT, ("/nowhere/python",))
    ended = child(Order())
    assert (ended.code, ended.end) == (71, "done")
    assert ended.answer is not None
    assert ended.answer.trouble == "No process could be started for it (No such file or directory)."
