"""Damage to the files: what is lost is little, is said, and is never overwritten."""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from unittest.mock import patch

import orjson
import pytest

from daemon.store import StateError, Store, quarantined, recovery, schema, snapshots
from tests.store.stand import Clock, abandon, add, reader, state, writer

DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "halved": lambda data: data[: len(data) // 2],
    "empty": lambda _: b"",
    "without its last byte": lambda data: data[:-1],
    "zeros": lambda data: b"\0" * len(data),
    "zeros at its end": lambda data: data[:-20] + b"\0" * 20,
    "zeros in its middle": lambda data: data[:-40] + b"\0" * 8 + data[-32:],
    "one bit": lambda data: data[:-9] + bytes([data[-9] ^ 1]) + data[-8:],
    "another generation": lambda data: data.replace(b'"generation":5', b'"generation":6'),
    "foreign JSON": lambda _: b'{"_default": {"1": {"name": "Robin"}}}',
    "foreign JSON lines": lambda _: b'[1]\n{"notes": {}}\n',
    "header alone": lambda data: data.splitlines(keepends=True)[0],
    "appended": lambda data: data + data,
    "binary": lambda _: bytes(range(256)) * 20,
    "header with nonsense": lambda _: b'{"auld":"ledger","schema":1,"generation":null}\n{}\n',
    "schema of a wrong type": lambda _: b'{"auld":"ledger","schema":"1"}\n{}\n',
}


def fill(folder: Path, clock: Clock, commits: int = 5) -> None:
    with writer(folder, clock) as store:
        for value in range(commits):
            add(store, value=value)
            clock.forward(60)


def values(store: Store) -> list[int]:
    return [one["value"] for _, one in store.documents("notes")]


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_ledger_costs_at_most_the_last_commit_and_is_kept(folder: Path, clock: Clock, damage: str) -> None:
    fill(folder, clock)
    ledger = folder / "ledger.json"
    broken = DAMAGES[damage](ledger.read_bytes())
    ledger.write_bytes(broken)
    with reader(folder, clock) as store:
        assert values(store) == [0, 1, 2, 3]
        assert "set it aside" in store.notices[0]
        assert ledger.read_bytes() == broken
    with writer(folder, clock) as store:
        assert values(store) == [0, 1, 2, 3]
        assert not store.fresh
        notice = " ".join(store.notices)
        (kept,) = quarantined(folder)
        assert kept.read_bytes() == broken
        assert kept.name == "ledger-20261001T120500Z.json"
        for word in (str(ledger), str(kept), "ledger.1.json", "2026-10-01 12:03 UTC", "auld sync", "told again"):
            assert word in notice
        assert values(reader(folder, clock)) == [0, 1, 2, 3]
        add(store, value=9)
    with writer(folder, clock) as store:
        assert store.notices == ()
        assert values(store) == [0, 1, 2, 3, 9]


def test_a_halved_ledger_costs_no_bulk_commit(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        add(store, value=0)
        for value in range(1, 6):
            add(store, bulk=True, value=value)
        add(store, value=6)
        add(store, bulk=True, value=7)
        abandon(store)
    ledger = folder / "ledger.json"
    ledger.write_bytes(DAMAGES["halved"](ledger.read_bytes()))
    assert values(reader(folder, clock)) == [0, 1, 2, 3, 4, 5]
    with writer(folder, clock) as store:
        assert values(store) == [0, 1, 2, 3, 4, 5]
        add(store, bulk=True, value=8)
        abandon(store)
    with writer(folder, clock) as store:
        assert values(store) == [0, 1, 2, 3, 4, 5, 8]


def test_generations_of_a_lost_commit_are_not_given_again(folder: Path, clock: Clock) -> None:
    fill(folder, clock)
    (folder / "ledger.json").write_bytes(b"")
    with writer(folder, clock) as store:
        add(store, value=9)
        assert store.generation > 5


def test_the_newest_good_one_of_several_is_taken(folder: Path, clock: Clock) -> None:
    fill(folder, clock)
    (folder / "ledger.json").write_bytes(b"torn")
    (folder / "ledger.1.json").write_bytes(b"")
    (folder / "ledger.2.json").unlink()
    with writer(folder, clock) as store:
        assert values(store) == [0, 1]
        assert len(store.notices) == 3
    assert sorted(path.read_bytes() for path in quarantined(folder)) == [b"", b"torn"]


def test_a_first_ledger_cut_in_half_loses_nothing(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        add(store, value=0)
        add(store, bulk=True, value=1)
        abandon(store)
    ledger = folder / "ledger.json"
    ledger.write_bytes(DAMAGES["halved"](ledger.read_bytes()))
    with writer(folder, clock) as store:
        assert values(store) == [0, 1]


def test_a_missing_ledger_is_replaced_by_the_one_before_with_a_word(folder: Path, clock: Clock) -> None:
    fill(folder, clock)
    (folder / "ledger.json").unlink()
    for store in (reader(folder, clock), writer(folder, clock)):
        with store:
            assert values(store) == [0, 1, 2, 3]
            assert len(store.notices) == 1
            assert "is missing" in store.notices[0]
    with writer(folder, clock) as store:
        assert store.notices == ()
        assert values(store) == [0, 1, 2, 3]


def test_no_snapshot_at_all_is_a_fresh_state(folder: Path, clock: Clock) -> None:
    store = reader(folder, clock)
    assert store.fresh
    assert store.documents("notes") == []
    assert not folder.exists()
    with writer(folder, clock) as store:
        assert store.fresh
    assert [path.name for path in folder.iterdir()] == ["lock"]


@pytest.mark.parametrize("write", [False, True])
def test_if_all_are_damaged_nothing_is_touched_and_one_is_told_what_to_do(
    folder: Path, clock: Clock, *, write: bool
) -> None:
    fill(folder, clock)
    for path in snapshots.slots(folder):
        path.write_bytes(b"torn")
    before = {path.name for path in folder.iterdir()}
    with pytest.raises(StateError, match=r"ledger\.3\.json is not a ledger.*auld sync.*start over") as caught:
        Store.open(folder, write=write, clock=clock)
    assert caught.value.exit_code == 74
    assert {path.name for path in folder.iterdir()} == before
    assert all(path.read_bytes() == b"torn" for path in snapshots.slots(folder))


@pytest.mark.parametrize("write", [False, True])
@pytest.mark.parametrize("place", [0, 1])
def test_a_newer_schema_is_refused_and_nothing_older_is_taken(
    folder: Path, clock: Clock, *, write: bool, place: int
) -> None:
    fill(folder, clock)
    newer = b'{"auld":"ledger","schema":2,"shape":"quite another"}\n...'
    for number, path in enumerate(snapshots.slots(folder)[: place + 1]):
        path.write_bytes(newer if number == place else b"torn")
    with pytest.raises(StateError, match="newer version of auld") as caught:
        Store.open(folder, write=write, clock=clock)
    assert caught.value.exit_code == 74
    assert snapshots.slots(folder)[place].read_bytes() == newer
    assert quarantined(folder) == ()


def _rename_notes(raw: dict[str, dict[str, dict[str, object]]]) -> dict[str, dict[str, dict[str, object]]]:
    return {("words" if name == "notes" else name): documents for name, documents in raw.items()}


def test_an_older_schema_is_migrated_step_by_step(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        add(store, value=0)
        add(store, bulk=True, value=1)
        abandon(store)
    steps = {1: _rename_notes, 2: lambda raw: raw | {"marks": {"1": {"seen": True}}}}
    with patch.object(schema, "SCHEMA", 3), patch.object(schema, "MIGRATIONS", steps):
        before = (folder / "ledger.json").read_bytes()
        expected = {"words": [(1, {"value": 0}), (2, {"value": 1})], "marks": [(1, {"seen": True})], "notes": []}
        assert state(reader(folder, clock), *expected) == expected
        assert (folder / "ledger.json").read_bytes() == before
        store = writer(folder, clock)
        assert state(store, *expected) == expected
        assert orjson.loads((folder / "ledger.json").read_bytes().splitlines()[0])["schema"] == 3
        assert (folder / "ledger.1.json").read_bytes() == before
        add(store, "words", bulk=True, value=2)
        abandon(store)
        assert len(reader(folder, clock).documents("words")) == 3
    with pytest.raises(StateError, match="newer version"):
        reader(folder, clock)


def test_a_schema_without_a_way_is_refused(folder: Path, clock: Clock) -> None:
    fill(folder, clock)
    before = (folder / "ledger.json").read_bytes()
    with patch.object(schema, "SCHEMA", 2), pytest.raises(StateError, match="too old"):
        writer(folder, clock)
    assert (folder / "ledger.json").read_bytes() == before


def journal_of_four(folder: Path, clock: Clock) -> Path:
    store = writer(folder, clock)
    for value in range(5):
        add(store, bulk=True, value=value)
    abandon(store)
    return folder / "journal.jsonl"


def test_a_torn_tail_of_the_journal_is_dropped_wherever_it_is_torn(folder: Path, clock: Clock) -> None:
    journal = journal_of_four(folder, clock)
    whole = journal.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for cut in range(last, len(whole)):
        for tail in (b"", b"\0" * (len(whole) - cut), b"\0" * (len(whole) - cut - 1) + b"\n"):
            journal.write_bytes(whole[:cut] + tail)
            store = reader(folder, clock)
            assert values(store) == [0, 1, 2, 3] if whole[:cut] + tail != whole else [0, 1, 2, 3, 4]
            assert store.notices == ()
    journal.write_bytes(whole[:-7])
    store = writer(folder, clock)
    add(store, bulk=True, value=9)
    abandon(store)
    assert values(reader(folder, clock)) == [0, 1, 2, 3, 9]


def test_damage_in_the_middle_of_the_journal_is_said_and_a_copy_kept(folder: Path, clock: Clock) -> None:
    journal = journal_of_four(folder, clock)
    lines = journal.read_bytes().splitlines(keepends=True)
    broken = lines[0] + lines[1].replace(b'"value":2', b'"value":7') + lines[2] + lines[3]
    journal.write_bytes(broken)
    store = writer(folder, clock)
    assert values(store) == [0, 1]
    assert "damaged in the middle" in store.notices[0]
    (copy,) = quarantined(folder)
    assert copy.read_bytes() == broken
    add(store, bulk=True, value=9)
    abandon(store)
    with writer(folder, clock) as store:
        assert values(store) == [0, 1, 9]
        assert store.notices == ()


@pytest.mark.parametrize("first", [b"", b"garbage\n"])
def test_the_journal_of_another_snapshot_adds_nothing(folder: Path, clock: Clock, first: bytes) -> None:
    stale = journal_of_four(folder, clock).read_bytes()
    with writer(folder, clock) as store:
        add(store, value=5)
    (folder / "journal.jsonl").write_bytes(first + stale)
    store = writer(folder, clock)
    assert values(store) == [0, 1, 2, 3, 4, 5]
    add(store, bulk=True, value=6)
    abandon(store)
    with writer(folder, clock) as store:
        assert values(store) == [0, 1, 2, 3, 4, 5, 6]
        assert store.notices == ()


def test_the_journal_of_a_snapshot_of_the_same_generation_adds_nothing(tmp_path: Path, clock: Clock) -> None:
    journal = journal_of_four(tmp_path / "one", clock)
    with writer(tmp_path / "other", clock) as store:
        add(store, value=7)
    (tmp_path / "other" / "journal.jsonl").write_bytes(journal.read_bytes())
    assert values(reader(tmp_path / "one", clock)) == [0, 1, 2, 3, 4]
    assert values(reader(tmp_path / "other", clock)) == [7]


def test_an_older_ledger_put_back_by_hand_goes_on_safely(folder: Path, clock: Clock) -> None:
    journal_of_four(folder, clock)
    with writer(folder, clock) as store:
        add(store, value=5)
    (folder / "ledger.json").write_bytes((folder / "ledger.2.json").read_bytes())
    with writer(folder, clock) as store:
        before = values(store)
        add(store, bulk=True, value=6)
        abandon(store)
    assert before == [0, 1, 2, 3, 4]
    assert values(reader(folder, clock)) == [*before, 6]


def test_what_may_not_be_read_is_an_error_and_not_a_reason_to_take_an_older_one(folder: Path, clock: Clock) -> None:
    fill(folder, clock)
    real = os.open

    def refuse(path: Path, *rest: int) -> int:
        if str(path).endswith("ledger.json"):
            raise PermissionError(errno.EACCES, "Permission denied")
        return real(path, *rest)

    for write in (False, True):
        with patch.object(os, "open", refuse), pytest.raises(StateError, match=r"ledger\.json.*permission denied"):
            Store.open(folder, write=write, clock=clock)
    assert quarantined(folder) == ()


def test_a_folder_that_is_a_file_is_said(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "file").write_text("")
    for write in (False, True):
        with pytest.raises(StateError, match="a file lies where a folder should"):
            Store.open(tmp_path / "file" / "state", write=write, clock=clock)


def test_a_reader_looks_again_when_a_snapshot_is_put_in_place_meanwhile(folder: Path, clock: Clock) -> None:
    store = writer(folder, clock)
    add(store, value=0)
    add(store, bulk=True, value=1)
    real, turns = recovery.find, iter(range(2, 5))

    def find(place: Path) -> recovery.Found:
        found = real(place)
        for value in turns:
            add(store, value=value)
            break
        return found

    with patch.object(recovery, "find", find):
        assert values(reader(folder, clock)) == [0, 1, 2, 3, 4]
    store.close()


def test_two_files_quarantined_in_one_second_both_stay(folder: Path, clock: Clock) -> None:
    fill(folder, clock)
    for word in (b"one", b"two"):
        (folder / "ledger.json").write_bytes(word)
        writer(folder, clock).close()
    assert sorted(path.read_bytes() for path in quarantined(folder)) == [b"one", b"two"]


def test_litter_of_a_killed_writer_is_cleared(folder: Path, clock: Clock) -> None:
    fill(folder, clock)
    (folder / "ledger.json.tmp").write_bytes(b"half")
    reader(folder, clock)
    assert (folder / "ledger.json.tmp").exists()
    writer(folder, clock).close()
    assert not (folder / "ledger.json.tmp").exists()
