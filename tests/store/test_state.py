import os
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from enum import StrEnum
from pathlib import Path

import orjson
import pytest

from daemon.store import SideStatus, Store
from tests.store.stand import Clock, abandon, add, reader, state, writer


def stamps(folder: Path) -> dict[str, tuple[int, int]]:
    return {
        path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in folder.iterdir() if path.name != "lock"
    }


def test_what_was_committed_is_there_after_reopening(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        assert store.fresh
        with store.commit() as change:
            first = change.insert("notes", {"text": "lunch"})
            second = change.insert("notes", {"text": "news"})
            change.insert("mets", {"how": "a call"})
        with store.commit() as change:
            change.replace("notes", first, {"text": "dinner"})
            change.remove("notes", [second, 99])
    with writer(folder, clock) as store:
        assert not store.fresh
        assert state(store, "notes", "mets", "none") == {
            "notes": [(1, {"text": "dinner"})],
            "mets": [(1, {"how": "a call"})],
            "none": [],
        }
        assert store.get("notes", 1) == {"text": "dinner"}
        assert store.get("notes", 2) is None
        assert store.notices == ()


def test_ids_grow_and_are_never_given_twice(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        assert [add(store), add(store)] == [1, 2]
        with store.commit() as change:
            change.remove("notes", [1, 2])
    with writer(folder, clock) as store:
        assert add(store) == 3
        assert add(store, "mets") == 1
        with store.commit() as change:
            change.remove("notes", [change.insert("notes", {})])
        assert add(store) == 5


def test_documents_come_by_ascending_id(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        for _ in range(12):
            add(store, bulk=True)
        with store.commit() as change:
            change.replace("notes", 2, {"new": True})
        assert [number for number, _ in store.documents("notes")] == list(range(1, 13))


def test_an_exception_in_a_commit_leaves_everything_as_it_was(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        add(store, text="kept")
        before = stamps(folder), store.generation
        with pytest.raises(ZeroDivisionError), store.commit() as change:  # noqa: PT012 -- it is about the whole block
            change.insert("notes", {"text": "lost"})
            change.remove("notes", [1])
            raise ZeroDivisionError
        assert state(store, "notes") == {"notes": [(1, {"text": "kept"})]}
        assert (stamps(folder), store.generation) == before
        assert add(store) == 2


@pytest.mark.parametrize("bulk", [False, True])
def test_a_commit_that_alters_nothing_writes_nothing(folder: Path, clock: Clock, *, bulk: bool) -> None:
    with writer(folder, clock) as store:
        add(store, text="same", rows=[1, 2])
        before = stamps(folder), store.generation
        with store.commit(bulk=bulk):
            pass
        with store.commit(bulk=bulk) as change:
            change.replace("notes", 1, {"text": "same", "rows": (1, 2)})
            change.remove("notes", [7])
        clock.forward(3600)
        assert (stamps(folder), store.generation) == before
    assert stamps(folder) == before[0]


def test_one_and_true_are_not_the_same(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        add(store, flag=1)
        with store.commit() as change:
            change.replace("notes", 1, {"flag": True})
        assert store.documents("notes")[0][1]["flag"] is True


def test_the_generation_counts_commits_of_both_sorts(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        assert store.generation == 0
        for bulk in (False, True, True, False, True):
            add(store, bulk=bulk)
        assert store.generation == 5
        assert reader(folder, clock).generation == 5
    assert reader(folder, clock).generation == 5


def test_readers_see_a_commit_after_its_block(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        with store.commit() as change:
            change.insert("notes", {})
            assert store.documents("notes") == []
        assert len(store.documents("notes")) == 1


def test_a_document_handed_out_or_in_cannot_reach_into_the_store(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        mine = {"rows": [1]}
        with store.commit() as change:
            change.insert("notes", mine)
        mine["rows"].append(2)
        with pytest.raises(TypeError):
            store.documents("notes")[0][1]["rows"] = []  # type: ignore[index]
        with pytest.raises(TypeError):
            store.get("notes", 1)["rows"] = []  # type: ignore[index]
        assert store.get("notes", 1) == {"rows": [1]}
        with store.commit() as change:
            change.insert("copies", store.documents("notes")[0][1])
        assert store.get("copies", 1) == {"rows": [1]}


def test_a_document_is_kept_as_json_reads_it_back(folder: Path, clock: Clock) -> None:
    class Colour(StrEnum):
        RED = "red"

    with writer(folder, clock) as store:
        add(store, pair=(1, 2), colour=Colour.RED, half="a\udcffb", nested=[{"k\udcff": "\ud800"}])
        now = state(store, "notes")
        assert now["notes"] == [(1, {"pair": [1, 2], "colour": "red", "half": "a?b", "nested": [{"k?": "?"}]})]
        assert type(now["notes"][0][1]["colour"]) is str
    assert state(reader(folder, clock), "notes") == now


def test_what_json_cannot_hold_is_refused(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        for thing in (object(), b"bytes", {1, 2}, 2**70):
            with pytest.raises(TypeError), store.commit() as change:
                change.insert("notes", {"thing": thing})
        assert store.generation == 0


def test_a_change_is_used_as_it_is_meant(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        with store.commit() as change, pytest.raises(KeyError):
            change.replace("notes", 1, {})
        with store.commit() as change, pytest.raises(ValueError, match="store's own"):
            change.insert("_meta", {})
        with pytest.raises(RuntimeError, match="over"):
            change.insert("notes", {})
        with pytest.raises(RuntimeError, match="inside a commit"), store.commit(), store.commit():
            pass
        add(store)
    with pytest.raises(RuntimeError, match="closed"):
        add(store)
    with pytest.raises(RuntimeError, match="reading only"):
        add(reader(folder, clock))


def test_within_one_change_the_last_word_counts(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        with store.commit() as change:
            number = change.insert("notes", {"v": 1})
            change.replace("notes", number, {"v": 2})
            gone = change.insert("notes", {"v": 3})
            change.remove("notes", [gone, gone])
            with pytest.raises(KeyError):
                change.replace("notes", gone, {})
        assert state(store, "notes") == {"notes": [(1, {"v": 2})]}


def test_three_older_snapshots_are_kept_and_each_is_whole(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        for value in range(6):
            add(store, value=value)
    held = []
    for name in ("ledger.json", "ledger.1.json", "ledger.2.json", "ledger.3.json"):
        header, body, end = (folder / name).read_bytes().split(b"\n")
        held.append((orjson.loads(header)["generation"], len(orjson.loads(body)["notes"]), end))
    assert held == [(6, 6, b""), (5, 5, b""), (4, 4, b""), (3, 3, b"")]
    assert not (folder / "ledger.4.json").exists()
    assert not list(folder.glob("*.tmp"))


def test_the_first_snapshot_has_a_second_copy(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        add(store)
    one, other = folder / "ledger.json", folder / "ledger.1.json"
    assert one.read_bytes() == other.read_bytes()
    assert one.stat().st_ino != other.stat().st_ino


def test_bulk_commits_go_to_the_journal_and_a_snapshot_follows_after_a_minute(folder: Path, clock: Clock) -> None:
    ledger, journal = folder / "ledger.json", folder / "journal.jsonl"
    with writer(folder, clock) as store:
        add(store, bulk=True)
        first = ledger.stat().st_ino
        for _ in range(3):
            clock.forward(19)
            add(store, bulk=True)
        assert ledger.stat().st_ino == first
        assert len(journal.read_bytes().splitlines()) == 3
        clock.forward(3)
        add(store, bulk=True)
        assert ledger.stat().st_ino != first
        assert not journal.exists()
        add(store, bulk=True)
        assert len(journal.read_bytes().splitlines()) == 1
        assert len(state(reader(folder, clock), "notes")["notes"]) == 6
    assert not journal.exists()


def test_a_clock_set_back_does_not_put_off_the_snapshot(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        add(store)
        clock.forward(-3600)
        add(store, bulk=True)
        assert not (folder / "journal.jsonl").exists()


def test_the_next_ordinary_commit_takes_the_journal_in(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        add(store)
        add(store, bulk=True)
        add(store)
        assert not (folder / "journal.jsonl").exists()
        assert orjson.loads((folder / "ledger.json").read_bytes().splitlines()[0])["generation"] == 3


def test_closing_takes_the_journal_in_and_the_generation_stays(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        add(store)
        add(store, bulk=True)
    assert not (folder / "journal.jsonl").exists()
    assert reader(folder, clock).generation == 2


def test_a_journal_goes_on_after_a_kill(folder: Path, clock: Clock) -> None:
    for round_ in range(4):
        store = writer(folder, clock)
        assert len(store.documents("notes")) == 2 * round_
        add(store, bulk=True, value=round_)
        add(store, bulk=True, value=round_)
        abandon(store)
    assert len((folder / "journal.jsonl").read_bytes().splitlines()) == 7
    with writer(folder, clock) as store:
        assert [one["value"] for _, one in store.documents("notes")] == [0, 0, 1, 1, 2, 2, 3, 3]


@pytest.fixture(params=[0o000, 0o022, 0o777])
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


@pytest.mark.usefixtures("umask")
def test_the_folder_is_0700_and_all_files_0600_whatever_the_umask(tmp_path: Path, clock: Clock) -> None:
    folder = tmp_path / "above" / "state"
    with writer(folder, clock) as store:
        for bulk in (False, True, False, True, False):
            add(store, bulk=bulk)
        store.write_side(SideStatus())
        add(store, bulk=True)
        (folder / "ledger.2.json").write_bytes((folder / "ledger.json").read_bytes())
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    modes.pop("ledger.2.json")
    assert {"ledger.json", "ledger.1.json", "journal.jsonl", "journal.1.jsonl", "lock", "status.json"} <= set(modes)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.parent.stat().st_mode) == 0o700


def test_threads_may_commit_side_by_side(folder: Path, clock: Clock) -> None:
    def work(store: Store, name: int) -> list[int]:
        return [add(store, bulk=bool(turn % 3), name=name, turn=turn) for turn in range(12)]

    with writer(folder, clock) as store, ThreadPoolExecutor(4) as pool:
        given = [number for ids in pool.map(lambda name: work(store, name), range(4)) for number in ids]
    assert sorted(given) == list(range(1, 49))
    kept = reader(folder, clock).documents("notes")
    for name in range(4):
        assert [one["turn"] for _, one in kept if one["name"] == name] == list(range(12))


def test_purging_leaves_nothing_of_what_was_forgotten(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        add(store, email="forgotten@example.com")
        add(store, email="kept@example.com")
    (folder / "ledger.json").write_text("forgotten@example.com, torn")
    with writer(folder, clock) as store:
        assert store.notices
        for bulk in (True, False, True):
            add(store, bulk=bulk, email="forgotten@example.com")
        with store.commit() as change:
            change.remove("notes", [n for n, one in store.documents("notes") if "forgotten" in one["email"]])
            change.insert("notes", {"email": "kept@example.com"})
        add(store, bulk=True, email="kept@example.com")
        before = state(store, "notes")
        store.purge_history()
        assert state(store, "notes") == before
        for path in folder.rglob("*"):
            assert path.is_dir() or b"forgotten" not in path.read_bytes(), path
        assert (folder / "ledger.1.json").read_bytes() == (folder / "ledger.json").read_bytes()
        assert add(store, bulk=True) == 7
    (folder / "ledger.json").unlink()
    with writer(folder, clock) as store:
        assert len(store.documents("notes")) == len(before["notes"]) + 1
