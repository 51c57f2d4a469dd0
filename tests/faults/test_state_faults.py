"""The state damaged, locked, unwritable or from the future: nothing is lost, nothing is done twice."""

import errno
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.test_bad_mail import obey_modes
from tests.faults.world import NOW, PROGRAM, World

_HOLD = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from daemon.state import State

with State.open(Path(sys.argv[1]), write=True, clock=lambda: datetime.now(UTC)):
    print("held", flush=True)
    sys.stdin.read()
"""
DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "cut in half": lambda whole: whole[: len(whole) // 2],
    "a byte short": lambda whole: whole[:-2],
    "zeros": lambda whole: bytes(len(whole)),
    "empty": lambda _: b"",
    "garbage": lambda whole: random.Random(1).randbytes(len(whole)),
    "other JSON": lambda _: b"{}\n{}\n",
    "one letter changed": lambda whole: whole.replace(b"Bo Berg", b"Bo Borg"),
}


@pytest.fixture
def decided(friends: World) -> World:
    """Return a world in which one person has a draft, and of the other much was said by hand."""
    friends.run("draft", "ana")
    friends.run("mute", "bo")
    friends.run("note", "bo", "Moved house.")
    friends.run("met", "bo", "2026-11-01", "tea")
    friends.run("pause", "1 month")
    friends.run("resume")  # what the last snapshot alone knows
    return friends


def told(world: World) -> tuple[object, ...]:
    """Return what must survive: drafts, decisions, notes, contacts."""
    people = world.people()
    return (
        [(one["key"], one["status"]) for one in world.run("drafts", "--json").json],
        {email: (one["state"], one["last_contact"], one["contact_days"]) for email, one in people.items()},
        world.run("note", "--list", "--json").json,
    )


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_ledger_costs_no_draft_no_decision_and_no_second_draft(decided: World, how: str) -> None:
    before = told(decided)
    ledger = decided.state / "ledger.json"
    damaged = DAMAGE[how](ledger.read_bytes())
    ledger.write_bytes(damaged)

    looked = decided.run("people")  # looking changes nothing, and says so
    assert "ledger.json" in looked.err
    assert "was loaded instead" in looked.err
    assert ledger.read_bytes() == damaged
    assert decided.run("check", "--json").json

    mended = decided.run("once")
    assert "quarantine" in mended.err
    assert [path.read_bytes() for path in (decided.state / "quarantine").iterdir()] == [damaged]
    assert told(decided) == before
    decided.run("draft")
    decided.run("draft", "ana", code=1)
    assert len(decided.messages()) == 1
    assert decided.run("people").err.count("auld:") == 0, "told once, not for ever"


def test_with_the_record_of_a_draft_lost_the_draft_still_holds_a_second_one_back(friends: World) -> None:
    """rules.md, "When is someone due": a draft of the user's own to them lies in the Drafts folder."""
    old = {path: path.read_bytes() for path in friends.state.glob("ledger*")}
    friends.run("draft")
    for path in friends.state.glob("ledger*"):
        path.unlink()
    for path, content in old.items():
        path.write_bytes(content)
    friends.run("draft")
    friends.run("draft", "ana", code=1)
    assert len(friends.messages()) == 2


def test_with_every_copy_damaged_nothing_is_touched_and_the_way_out_is_told(decided: World) -> None:
    for path in decided.state.glob("ledger*"):
        path.write_bytes(b"junk")
    for command in (["people"], ["sync"], ["once"], ["draft"], ["mute", "ana"], ["status"], ["drafts"]):
        assert "start over" in decided.run(*command, code=74).err
    decided.run("check", code=1)
    assert {path.read_bytes() for path in decided.state.glob("ledger*")} == {b"junk"}


def test_a_state_from_a_newer_version_is_left_as_it_is(decided: World) -> None:
    ledger = decided.state / "ledger.json"
    header, rest = ledger.read_bytes().split(b"\n", 1)
    fields = json.loads(header)
    newer = json.dumps({**fields, "schema": fields["schema"] + 1}).encode() + b"\n" + rest
    ledger.write_bytes(newer)
    before = {
        path.name: path.read_bytes() for path in decided.state.iterdir() if path.is_file() and path.name != "lock"
    }
    for command in (["people"], ["sync"], ["once"], ["draft", "ana"], ["unmute", "bo"], ["status"], ["forget", "bo"]):
        assert "newer version" in decided.run(*command, code=74).err
    after = {path.name: path.read_bytes() for path in decided.state.iterdir() if path.is_file() and path.name != "lock"}
    assert after == before


def test_whatever_lies_in_place_of_a_state_file_is_told_and_never_hangs(decided: World) -> None:
    ledger = decided.state / "ledger.json"
    whole = ledger.read_bytes()
    ledger.unlink()
    os.mkfifo(ledger)
    decided.run("people")
    decided.run("once")
    shutil.rmtree(decided.state / "quarantine")
    ledger.unlink()
    ledger.mkdir()
    decided.run("people", code=74)
    decided.run("once", code=74)
    ledger.rmdir()
    ledger.write_bytes(whole)
    for name in ("lock", "status.json"):
        (decided.state / name).unlink(missing_ok=True)
        (decided.state / name).mkdir()
        decided.run("status", code=(0, 1))
        decided.run("once", code=74 if name == "lock" else 0)
        (decided.state / name).rmdir()
    (decided.state / "status.json").write_bytes(b"\xff[[[[")
    decided.run("status", "--json")


def test_a_state_folder_that_is_a_file_or_cannot_be_made_is_a_clear_word(friends: World) -> None:
    shutil.rmtree(friends.state)
    friends.state.write_text("mine")
    for command in (["sync"], ["people"], ["once"], ["status"]):
        assert "a file lies where a folder should" in friends.run(*command, code=74).err
    friends.run("check", code=1)
    assert friends.state.read_text() == "mine"
    friends.run("sync", "--state", "/proc/nowhere", code=74)
    friends.run("sync", "--state", "/dev/null/x", code=74)


def test_two_at_once_the_second_says_who_holds_it(decided: World) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(decided.state), "\x1b[31m\u202eevil"],
        env=decided.environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        for command in (["sync"], ["once"], ["draft"], ["unmute", "bo"], ["forget", "ana", "--yes"], ["resume"]):
            assert f"process {holder.pid}" in decided.run(*command, code=75).err
        for command in (["people"], ["due"], ["why", "ana"], ["drafts"], ["status"], ["check"], ["draft", "--dry-run"]):
            decided.run(*command, code=(0, 1))  # looking needs no lock
        assert holder.stdin is not None
        holder.stdin.close()
    decided.run("sync")


def limited(size: int) -> Callable[[], None]:
    """Return what lets no file grow beyond `size`, as a full disk would: the write fails half-way."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    return limit


@pytest.mark.parametrize("size", [0, 1500])
def test_with_no_room_for_the_state_it_stays_as_it_was(decided: World, size: int) -> None:
    before = told(decided)
    for command in (["sync", "--full"], ["once"]):
        decided.spawn(*command, code=(0, 74), before=limited(size))
    assert "ulimit" in decided.spawn("unmute", "bo", code=74, before=limited(size)).err
    assert told(decided) == before
    assert not list(decided.state.glob("*.tmp"))
    decided.run("unmute", "bo")


def test_with_no_room_for_a_first_sync_the_next_one_reads_all(world: World) -> None:
    world.befriend("Ana Lima")
    for size in (0, 300):
        world.spawn("sync", code=74, before=limited(size))
    assert "3 new mails" in world.run("sync").err


def test_with_no_room_for_a_draft_none_is_half_written_and_it_is_made_later_once(
    friends: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    flush = os.fsync

    def full(file: int) -> None:
        if f"{friends.drafts}/" in str(Path(f"/proc/self/fd/{file}").readlink()):
            raise OSError(errno.ENOSPC, "No space left on device")
        flush(file)

    monkeypatch.setattr(os, "fsync", full)
    told = friends.run("draft", code=(0, 1)).err
    assert "Ana Lima" in told
    assert "no room left" in told
    assert not friends.messages()
    assert not list(friends.drafts.glob("tmp/*"))
    monkeypatch.undo()
    friends.run("draft")
    friends.run("draft")
    assert len(friends.messages()) == 2
    assert {one["status"] for one in friends.run("drafts", "--json").json} == {"open"}


def test_a_read_only_state_can_be_looked_at_and_is_not_written(decided: World) -> None:
    before = told(decided)
    for path in (*decided.state.iterdir(), decided.state):
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        decided.spawn("people", before=obey_modes)
        decided.spawn("check", before=obey_modes, code=1)
        for command in (["sync"], ["unmute", "bo"]):
            assert "ermission denied" in decided.spawn(*command, code=74, before=obey_modes).err
    finally:
        decided.state.chmod(0o700)
        for path in decided.state.iterdir():
            path.chmod(0o600)
    assert told(decided) == before


@pytest.mark.parametrize("now", ["1970-01-02T00:00:00Z", "2020-01-01T00:00:00Z", "2026-11-23T00:00:00+14:00"])
def test_a_clock_set_back_loses_nothing_and_writes_no_second_draft(decided: World, now: str) -> None:
    before = told(decided)
    for command in (["sync"], ["once"], ["draft"], ["people"], ["due"], ["why", "ana"], ["drafts"], ["status"]):
        decided.run(*command, now=now)
    assert told(decided) == before
    assert len(decided.messages()) == 1


@pytest.mark.parametrize("now", ["9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "x", ""])
def test_a_clock_out_of_all_reach_is_refused_before_it_can_harm(decided: World, now: str) -> None:
    before = told(decided)
    for command in (["once"], ["draft"], ["people"], ["snooze", "bo", "3 months"]):
        assert "--now" in decided.run(*command, now=now, code=2).err
    assert told(decided) == before


@pytest.mark.parametrize("when", ["9999-12-31", "9999-12-31T23:59:59Z", "8000 years", "9" * 400 + " years", "-1 days"])
def test_a_moment_out_of_all_reach_is_refused_before_it_can_harm(decided: World, when: str) -> None:
    for command in (["snooze", "bo", when], ["pause", when], ["met", "bo", "0001-01-01"], ["met", "bo", when]):
        decided.run(*command, code=2)
    told(decided)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Asia/Kathmandu", "America/St_Johns", "Pacific/Pago_Pago"])
def test_zones_with_odd_offsets_work_to_the_edge_of_time(decided: World, zone: str) -> None:
    decided.config.write_text(decided.config.read_text().replace("Europe/Amsterdam", zone))
    for now in ("1970-01-01T00:00:00Z", "8999-12-31T23:59:59Z", NOW.isoformat()):
        for command in (["people"], ["due"], ["drafts"], ["status"], ["why", "ana"], ["check"]):
            decided.run(*command, now=now, code=(0, 1))


def test_killed_at_any_moment_it_goes_on_where_it_was(world: World, tmp_path: Path) -> None:
    """A light one; `make torture` does this thoroughly."""
    world.befriend("Ana Lima", "Bo Berg")
    for delay in (0.2, 0.28, 0.4):
        for command in ("sync", "draft"):
            run = subprocess.Popen(
                [*PROGRAM, *world.words(command)], env=world.environment(), stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )  # fmt: skip
            try:
                run.wait(delay)
            except subprocess.TimeoutExpired:
                run.kill()
                run.wait()
    world.run("sync")
    world.run("draft")
    world.run("draft")
    assert len(world.messages()) == 2
    assert {one["state"] for one in world.people().values()} == {"drafted"}
