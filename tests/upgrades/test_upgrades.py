"""The state of every released version opens, tells what it told, and goes on being written to."""

import json
import shutil
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import ConnectorError, CursorExpired
from daemon.accounts import open_accounts
from daemon.config import load
from daemon.state import State
from daemon.store.schema import SCHEMA
from tests.cli.archive import Home, make_maildir, run
from tests.cli.conftest import _own_environment
from tests.upgrades.make import told

__all__ = ["_own_environment"]

HERE = Path(__file__).parent
VERSIONS = sorted(path.name for path in HERE.iterdir() if (path / "expected.json").exists())
STATUSES = {"planned", "open", "edited", "sent", "deleted", "withdrawn"}


class Old:
    """A copy of what a version left, and today's auld over it."""

    def __init__(self, version: str, folder: Path) -> None:
        shutil.copytree(HERE / version, folder, dirs_exist_ok=True)
        for path in (folder, *folder.rglob("*")):
            path.chmod(0o700 if path.is_dir() else 0o600)
        self.expected: dict[str, Any] = json.loads((folder / "expected.json").read_text(encoding="utf-8"))
        self.now = datetime.fromisoformat(self.expected.pop("now"))
        self.home = Home(folder)

    def ask(self, *words: str, code: int | tuple[int, ...] = 0) -> Any:
        return self.home.run(*words, "--json", now=self.now, code=code).json


def _mail_folders(home: Home) -> None:
    """Make the folders of the archive, which are not kept: what is gone from them stays known."""
    for folder in (home.sent, home.inbox):
        make_maildir(folder)
    home.calendar.write_text("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nEND:VCALENDAR\r\n", "utf-8")


@pytest.fixture(params=VERSIONS)
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Old:
    return Old(request.param, tmp_path / "old")


def test_today_s_schema_has_its_fixture() -> None:
    """To make it: python -m tests.upgrades.make VERSION."""
    heads = [(HERE / one / "state" / "ledger.json").read_bytes().partition(b"\n")[0] for one in VERSIONS]
    assert SCHEMA in {json.loads(head)["schema"] for head in heads}


def test_a_fixture_holds_what_is_to_be_kept(old: Old) -> None:
    assert {one["status"] for one in old.expected["drafts"]} == STATUSES
    assert {one["state"] for one in old.expected["people"]} >= {"listed", "suggested", "muted", "snoozed", "drafted"}
    assert (old.home.state / "journal.jsonl").stat().st_size > 0
    with State.open(old.home.state, write=False, clock=lambda: old.now) as state:
        assert {one.name for one in state.accounts if one.mail_cursor and one.calendar_cursor} == {
            "archive", "home", "work",
        }  # fmt: skip
        assert all(len(shelf) for shelf in (state.decisions, state.notes, state.mets, state.joins, state.metas))
        assert {one.apart for one in state.joins} == {True, False}
        assert state.meta.forgotten


def test_an_older_state_tells_what_it_told(old: Old) -> None:
    now_told = told(old.ask)
    assert now_told == old.expected


def test_an_older_state_is_as_it_was_after_it_is_written_to(old: Old) -> None:
    """A commit writes all of it in today's shape; then what is told must still be told."""
    with State.open(old.home.state, write=True, clock=lambda: old.now) as state, state.commit() as change:
        state.put_meta(change, state.meta)
    old.home.run("resume", now=old.now)
    old.home.run("pause", "2027-02-01", now=old.now)
    assert told(old.ask) == old.expected
    head = (old.home.state / "ledger.json").read_bytes().partition(b"\n")[0]
    assert json.loads(head)["schema"] == SCHEMA


def test_an_older_state_goes_on(old: Old) -> None:
    home, at = old.home, (old.now + timedelta(hours=1))
    _mail_folders(home)
    days = home.person("fia@example.org", now=at)["contact_days"]
    home.wrote("Fia Lund <fia@example.org>", old.now + timedelta(minutes=50))
    home.run("sync", "archive", now=at)
    assert home.person("fia@example.org", now=at)["contact_days"] == days + 1
    home.run("met", "dora", now=at)
    home.run("unmute", "uk@example.net", now=at)
    home.run("forget", "bo@example.org", "--yes", now=at)
    assert home.person("dora@example.org", now=at)["last_contact"]["kind"] == "met"
    assert home.person("uk@example.net", now=at)["state"] == "suggested"
    assert home.person("bo@example.org", now=at)["contact_days"] == 0


def test_the_cursor_of_each_account_is_one_that_is_gone_on_from(old: Old) -> None:
    settings = load(old.home.config)
    accounts = open_accounts(settings, old.home.state, lambda: old.now)
    _mail_folders(old.home)
    with State.open(old.home.state, write=False, clock=lambda: old.now) as state:
        for one in accounts.all:
            kept = state.account(one.name)
            sources = ((one.account.mail, kept.mail_cursor), (one.account.calendar, kept.calendar_cursor))
            for source, cursor in sources:
                assert source is not None
                try:
                    with suppress(StopIteration):
                        next(iter(source.changes(cursor, None)))
                except CursorExpired as err:
                    pytest.fail(f"{one.name} starts anew: {err}")
                except ConnectorError:
                    pass  # nobody is signed in; that is found out after the cursor is read


def test_the_version_that_is_printed_tells_that_of_the_state_too() -> None:
    assert run("--version").out.startswith("auld ")
    assert f"state of version {SCHEMA}, Python 3." in run("-v", "--version").out
    assert "state" not in run("--version").out
