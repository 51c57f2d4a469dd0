"""`auld run` as it is started: signals, exit codes, what it weighs."""

import json
import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon.service.child import Limits
from tests.cli.archive import MAIN_ACCOUNT, NOW, Home, before, listed
from tests.cli.test_interrupt import connected
from tests.service.running import command, running, surroundings

SOON = 5.0  # seconds in which it must have ended
READ = r"(Read [^\n]+|Nothing new[^\n]*)\.\n"


@pytest.fixture
def silent() -> Iterator[socket.socket]:
    """A place that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(60)
        yield listening


@pytest.fixture
def friendly(home: Home) -> Home:
    """A home with a friend who is due, and first read long ago."""
    home.friend()
    home.configure(listed("Ana Lima"))
    home.run("sync", now=before(20))
    return home


def test_it_does_a_round_at_once_then_waits_and_ends_when_told_to(friendly: Home) -> None:
    with running(friendly, "--now", NOW.isoformat()) as auld:
        said = auld.until(READ)
        code, took = auld.end()
    assert (code, took < SOON) == (0, True)
    assert "auld is here. It looks every 15 minutes; what it knows is in " in said
    assert "Nothing new. Wrote 1 draft, in Drafts of archive.\n" in said
    assert "ana@" not in auld.said.lower()
    assert "auld was told to stop and ends here." in auld.said
    assert [one.to for one in friendly.lying()] == ["ana@example.org"]
    assert friendly.ask("status")["running"] is None


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda one: one.name)
def test_told_to_stop_in_the_midst_of_a_round_it_ends_within_five_seconds(
    friendly: Home, silent: socket.socket, number: signal.Signals
) -> None:
    friendly.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT + connected(friendly, silent, ["home", "work"]))
    with running(friendly) as auld:
        waiting = [silent.accept()[0] for _ in range(2)]
        assert friendly.ask("status")["round_since"] is not None
        code, took = auld.end(number)
        for one in waiting:
            one.close()
    assert (code, took < Limits().grace) == (0, True), auld.said  # it ended by itself
    friendly.configure(listed("Ana Lima"))
    friendly.run("once")
    assert friendly.person("ana@example.org")["contact_days"] == 6, "what was read before is there, and nothing is lost"


def test_a_signal_brings_a_round_now(friendly: Home) -> None:
    with running(friendly) as auld:
        auld.until(READ)
        friendly.got(at=1)
        auld.tell(signal.SIGUSR1)
        assert "Read 1 new mail." in auld.until(READ, times=2)


def test_a_broken_config_is_refused_the_one_before_stays_and_a_mended_one_counts(friendly: Home) -> None:
    good = friendly.config.read_text("utf-8")
    with running(friendly) as auld:
        auld.until(READ)
        friendly.config.write_text(good.replace("learn", "lern") + "\n[rythm]\n", encoding="utf-8")
        auld.tell(signal.SIGHUP)
        said = auld.until("is refused; the one before stays")
        assert "rhythm" in auld.until("rythm"), said
        auld.tell(signal.SIGUSR1)
        auld.until(READ, times=2)
        auld.tell(signal.SIGHUP)
        auld.until("is refused; the one before stays", times=2)
        friendly.config.write_text(good, encoding="utf-8")
        auld.tell(signal.SIGHUP)
        auld.until("The config was read again.")
        friendly.config.write_text(good + '\n[service]\nevery = "1 hour"\n', encoding="utf-8")
        auld.tell(signal.SIGHUP)
        auld.until("The config changed; from now on it counts as it is now.")
        assert auld.end()[0] == 0
    assert auld.said.count("is refused") == 2, "told at each SIGHUP, and not at each round"


def test_without_a_signal_a_changed_config_counts_from_the_next_round_on(friendly: Home) -> None:
    with running(friendly) as auld:
        auld.until(READ)
        friendly.configure(listed("Ana Lima") + "[rhythm]\ngoal = 3\n")
        auld.tell(signal.SIGUSR1)
        assert "The config changed" in auld.until(READ, times=2)
        friendly.config.unlink()
        auld.tell(signal.SIGUSR1)
        assert "there is no such file" in auld.until(READ, times=3)


def test_a_second_one_says_who_holds_the_state_and_exits_75(friendly: Home) -> None:
    with running(friendly) as auld:
        auld.until(READ)
        second = subprocess.run(
            command(friendly),
            cwd=friendly.path,
            env=surroundings({}),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert second.returncode == 75
        assert f"process {auld.process.pid}: " in second.stderr
        assert "Traceback" not in second.stderr
        assert friendly.ask("status")["running"].startswith(f"process {auld.process.pid}: ")
        friendly.run("mute", "ana@example.org")  # commands are welcome between rounds


def _make_newer(home: Home) -> None:
    home.run("sync")
    kept = home.state / "ledger.json"
    head, _, rest = kept.read_text("utf-8").partition("\n")
    fields = json.loads(head)
    kept.write_text(json.dumps({**fields, "schema": 10**6}) + "\n" + rest, encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "code", "word"),
    [
        (lambda home: home.config.unlink(), 78, "there is no such file"),
        (lambda home: home.config.write_text("[me]\nnme = 1\n", encoding="utf-8"), 78, "name"),
        (lambda home: home.configure(accounts=""), 78, "no [[accounts]]"),
        (_make_newer, 74, "newer"),
        (lambda home: home.state.write_text("", encoding="utf-8"), 74, "state"),
    ],
    ids=["no config", "wrong config", "no accounts", "newer state", "no folder"],
)
def test_what_is_wrong_at_the_start_ends_it_with_a_code_and_a_sentence(
    home: Home, spoil: Callable[[Home], object], code: int, word: str
) -> None:
    spoil(home)
    ran = subprocess.run(
        command(home), cwd=home.path, env=surroundings({}), capture_output=True, text=True, timeout=60, check=False
    )
    assert ran.returncode == code, ran.stderr
    assert word in ran.stderr
    assert "Traceback" not in ran.stderr


def test_idle_it_weighs_little_and_sleeps(friendly: Home) -> None:
    with running(friendly) as auld:
        auld.until(READ)
        friendly.ask("status")  # takes a while, in which it settles
        wakes = auld.proc("voluntary_ctxt_switches")
        for _ in range(3):
            friendly.ask("people")
        assert auld.proc("voluntary_ctxt_switches") - wakes <= 1
        assert auld.proc("VmRSS") <= 30_000, "kB; 40 MB is what was promised"
        assert auld.proc("Threads") == 1
        assert Path(f"/proc/{auld.process.pid}/task/{auld.process.pid}/children").read_text("ascii") == ""


def test_killed_in_the_midst_of_a_round_it_goes_on_where_it_was(friendly: Home, silent: socket.socket) -> None:
    friendly.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT + connected(friendly, silent, ["home"]))
    with running(friendly) as auld:
        waiting = silent.accept()[0]
        auld.end(signal.SIGKILL)
        waiting.close()
    friendly.configure(listed("Ana Lima"))
    with running(friendly, "--now", NOW.isoformat()) as auld:
        auld.until("Wrote 1 draft")
    assert friendly.person("ana@example.org")["contact_days"] == 6


def test_the_journal_gets_priorities(friendly: Home) -> None:
    with running(friendly) as plain:
        assert plain.until("auld is here")[0] == "2", "a date"
    reading, writing = os.pipe()
    status = os.fstat(writing)
    with subprocess.Popen(
        command(friendly), cwd=friendly.path, stderr=writing,
        env=surroundings({"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}),
    ) as process:  # fmt: skip
        os.close(writing)
        assert os.read(reading, 65536).startswith(b"<6>auld is here. ")
        process.kill()
    os.close(reading)
