"""`auld status` of a service: whether it runs, when the next round is, and how long a failure lasts."""

from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.service.standing import Standing, take_post
from daemon.store import AccountHealth, read_side, write_side
from tests.cli.archive import NOW, Home
from tests.cli.conftest import _no_waiting_for_the_disk

__all__ = ["_no_waiting_for_the_disk"]

HOUR = timedelta(hours=1)


@pytest.fixture
def home(home: Home) -> Home:
    """A home where a round was done an hour ago."""
    home.friend()
    home.run("once", now=NOW - HOUR)
    return home


def test_none_that_runs_is_said_and_what_to_do(home: Home) -> None:
    out = home.run("status").out
    assert "service      not running: auld service install, or auld run\n" in out
    assert "last round   24 Nov 2026 10:00\n" in out
    assert "next round" not in out
    assert home.ask("status")["running"] is None


def test_one_that_runs_tells_its_next_round(home: Home) -> None:
    post = take_post(home.state)
    Standing(next_round_at=NOW + timedelta(minutes=7)).write(home.state)
    out, told = home.run("status").out, home.ask("status")
    assert "service      process " in out
    assert "next round   24 Nov 2026 11:07\n" in out
    assert told["running"].startswith("process ")
    assert told["next_round"] == "2026-11-24T10:07:00Z"
    Standing(round_since=NOW).write(home.state)
    assert "next round   under way since 24 Nov 2026 11:00\n" in home.run("status").out
    post.release()
    assert home.ask("status")["round_since"] is None, "it was killed: none is under way"


def test_a_round_that_fails_is_told_with_its_reason_and_since_when(home: Home) -> None:
    Standing(trouble="It hung.", trouble_since=NOW - HOUR / 2, rounds_failed=2).write(home.state)
    ran = home.run("status", code=1)
    assert ran.out.startswith("something needs you\n  no round since 24 Nov 2026 10:30: It hung.\n")
    told = home.ask("status", code=1)
    assert (told["healthy"], told["trouble"], told["trouble_since"]) == (False, "It hung.", "2026-11-24T09:30:00Z")
    home.run("once")
    told = home.ask("status")
    assert (told["healthy"], told["trouble"]) == (True, None), "a round was done by hand meanwhile"


def test_how_long_an_account_fails_is_told(home: Home) -> None:
    side = read_side(home.state)
    assert side is not None
    ill = AccountHealth("archive", "unavailable", "Not now.", NOW - HOUR, NOW, failing_since=NOW - HOUR, failures=4)
    write_side(home.state, replace(side, accounts=(ill,)))
    assert "unavailable since 24 Nov 2026 10:00, read 24 Nov 2026 10:00\n" in home.run("status", code=1).out
    assert home.ask("status", code=1)["accounts"][0]["failing_since"] == "2026-11-24T09:00:00Z"


@pytest.mark.parametrize("text", ["", "{", "[]", '{"next_round_at": 3}', '{"trouble_since": "2026-11-24"}', "\0"])
def test_a_broken_file_of_the_service_is_like_none(home: Home, text: str) -> None:
    (home.state / "service.json").write_text(text, encoding="utf-8")
    assert home.ask("status")["trouble"] is None
