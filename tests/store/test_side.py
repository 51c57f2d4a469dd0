import errno
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.store import AccountHealth, Prospect, SideStatus, read_side, write_side
from tests.store.stand import Clock, Disk, on_disk, writer

AT = datetime(2026, 10, 1, 12, 0, 0, 250_000, tzinfo=UTC)
STATUS = SideStatus(
    last_round_at=AT,
    next_round_at=AT + timedelta(minutes=15),
    rounds=7,
    accounts=(
        AccountHealth("home", "ok", synced_at=AT, read_at=AT),
        AccountHealth("work", "needs-login", "Run auld login work.", done=3, total=None),
        AccountHealth("old", "unavailable", "No such folder.", None, AT, 5, 10),
    ),
    reached=("2026-10", 4, "12"),
    prospect=Prospect("12 0a1b", 3, 1, AT, taking=True),
)


def test_what_was_written_is_read(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        assert store.read_side() is None
        store.write_side(STATUS)
        assert store.read_side() == STATUS
        store.write_side(SideStatus())
    assert read_side(folder) == SideStatus()


def test_times_come_back_in_utc(tmp_path: Path) -> None:
    write_side(tmp_path, SideStatus(last_round_at=AT.astimezone(timezone(timedelta(hours=5)))))
    status = read_side(tmp_path)
    assert status is not None
    assert status.last_round_at == AT
    assert status.last_round_at.tzinfo is UTC


def test_the_ledger_is_not_touched_by_it(folder: Path, clock: Clock) -> None:
    with writer(folder, clock) as store:
        store.write_side(STATUS)
    assert {path.name for path in folder.iterdir()} == {"lock", "status.json"}


def test_long_details_are_cut_to_a_page(tmp_path: Path) -> None:
    long = replace(STATUS, accounts=tuple(AccountHealth(f"a{n}", "refused", "ü" * 5000) for n in range(12)))
    write_side(tmp_path, long)
    assert (tmp_path / "status.json").stat().st_size <= 4096
    status = read_side(tmp_path)
    assert status is not None
    assert [one.name for one in status.accounts] == [f"a{n}" for n in range(12)]
    assert status.accounts[0].detail.startswith("üü")


def test_half_a_character_in_a_detail_is_no_obstacle(tmp_path: Path) -> None:
    write_side(tmp_path, SideStatus(accounts=(AccountHealth("home", "refused", "no \udcff"),)))
    status = read_side(tmp_path)
    assert status is not None
    assert status.accounts[0].detail == "no ?"


def document(**other: object) -> str:
    fields: dict[str, object] = {
        "last_round_at": None,
        "next_round_at": None,
        "rounds": 1,
        "accounts": [],
        "reached": None,
    }
    return json.dumps(fields | other)


def account(**other: object) -> list[dict[str, object]]:
    times = {"synced_at": None, "read_at": None, "done": None, "total": None}
    return [{"name": "home", "health": "ok", "detail": "", **times} | other]


def test_the_documents_below_are_broken_by_one_field_alone(tmp_path: Path) -> None:
    (tmp_path / "status.json").write_text(document(accounts=account(done=3), last_round_at="2026-10-01T12:00:00Z"))
    assert read_side(tmp_path) is not None


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "null", "{}", '"x"', "\0" * 300),
        document(last_round_at="2026-10-01"),
        document(last_round_at=7),
        document(rounds="x"),
        document(accounts=[1]),
        document(accounts=None),
        document(reached=["2026-10"]),
        document(accounts=account(health="fine")),
        document(accounts=account(done="many")),
        document(accounts=account(read_at="yesterday")),
    ],
)
def test_a_broken_side_file_is_like_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "status.json").write_text(text)
    assert read_side(tmp_path) is None


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    (folder / "status.json").write_bytes(data)
    assert read_side(folder) is None


def test_a_side_file_that_cannot_be_written_is_no_failure(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    write_side(tmp_path, STATUS)
    for call in range(5):
        with on_disk(Disk(call, error=errno.ENOSPC)):
            write_side(tmp_path, SideStatus())
        assert read_side(tmp_path) in (STATUS, SideStatus())
    assert "cannot write" in caplog.text
    assert not list(tmp_path.glob("*.tmp"))
