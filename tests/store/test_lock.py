import errno
import fcntl
import os
import signal
import subprocess
import sys
from pathlib import Path
from unittest.mock import patch

import pytest

from daemon.store import Busy, StateError
from tests.store.stand import Clock, add, reader, writer

HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from daemon.store import Store
with Store.open(Path(sys.argv[1]), write=True, clock=lambda: datetime.now(UTC)) as store:
    with store.commit() as change:
        change.insert("notes", {"value": 1})
    print("held", flush=True)
    sys.stdin.read()
"""


def hold(folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder), "a word\x1b[31m"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_process_is_told_who_writes_and_may_read(folder: Path, clock: Clock) -> None:
    with hold(folder) as process:
        with pytest.raises(Busy) as caught:
            writer(folder, clock)
        assert caught.value.exit_code == 75
        assert f"process {process.pid}: " in str(caught.value)
        assert str(folder) in str(caught.value)
        assert "\x1b" not in str(caught.value)
        assert len(reader(folder, clock).documents("notes")) == 1
        process.communicate()
    with writer(folder, clock) as store:
        assert len(store.documents("notes")) == 1


def test_a_killed_process_holds_nothing(folder: Path, clock: Clock) -> None:
    with hold(folder) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert process.stdin is not None
        with writer(folder, clock) as store:
            assert len(store.documents("notes")) == 1


def test_one_process_cannot_write_twice_either(folder: Path, clock: Clock) -> None:
    with writer(folder, clock), pytest.raises(Busy, match=f"process {os.getpid()}"):
        writer(folder, clock)
    writer(folder, clock).close()


def test_a_failed_opening_gives_the_lock_back(folder: Path, clock: Clock) -> None:
    folder.mkdir()
    for name in ("ledger.json", "ledger.1.json"):
        (folder / name).write_text("torn")
    for _ in range(2):
        with pytest.raises(StateError):
            writer(folder, clock)


@pytest.mark.parametrize("text", [b"", b"\xff\0nonsense", b"12x auld"])
def test_a_holder_that_does_not_say_who_it_is_is_busy_all_the_same(folder: Path, clock: Clock, text: bytes) -> None:
    with writer(folder, clock):
        (folder / "lock").write_bytes(text)
        with pytest.raises(Busy, match="has not said"):
            writer(folder, clock)


@pytest.mark.parametrize(("error", "word"), [(errno.ENOLCK, "no locks"), (errno.EROFS, "read-only")])
def test_where_no_lock_can_be_had_nothing_is_written(folder: Path, clock: Clock, error: int, word: str) -> None:
    failure = OSError(error, os.strerror(error))
    with patch.object(fcntl, "flock", side_effect=failure), pytest.raises(StateError, match=word):
        writer(folder, clock)


def test_closing_twice_is_harmless(folder: Path, clock: Clock) -> None:
    store = writer(folder, clock)
    add(store)
    store.close()
    store.close()
    reader(folder, clock).close()
