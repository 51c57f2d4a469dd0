"""Each account has its own patience: who was asked in vain is asked less often, who must sign in hardly at all."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from daemon.resting import after_failure, rests
from daemon.secrets import FileSecrets
from daemon.store import AccountHealth, Health

NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def failed(
    folder: Path, times: int, health: Health = "unavailable", wish: timedelta | None = None, now: datetime = NOW
) -> AccountHealth:
    """Return how an account stands that has failed so often, the last time at `now`, each quarter of an hour."""
    last: AccountHealth | None = None
    for number in range(times):
        at = now - (times - 1 - number) * 15 * MINUTE
        last = after_failure(AccountHealth("home", health, "Not now.", read_at=at), last, wish, folder)
    assert last is not None
    return last


def test_an_account_that_is_well_is_always_asked(tmp_path: Path) -> None:
    well = after_failure(AccountHealth("home", "ok", read_at=NOW), failed(tmp_path, 9), None, tmp_path)
    assert (well.failures, well.failing_since, well.again_at) == (0, None, None)
    assert not rests(well, NOW, tmp_path)
    assert not rests(None, NOW, tmp_path)


@pytest.mark.parametrize(("times", "pause"), [(1, 0), (3, 0), (4, 30), (5, 60), (6, 60), (500, 60)], ids=str)
def test_one_that_cannot_be_reached_is_asked_at_each_round_at_first_then_each_hour(
    tmp_path: Path, times: int, pause: int
) -> None:
    last = failed(tmp_path, times)
    assert last.failures == times
    assert last.failing_since == NOW - (times - 1) * 15 * MINUTE
    assert rests(last, NOW + (pause - 1) * MINUTE, tmp_path) is (pause > 0)
    assert not rests(last, NOW + pause * MINUTE, tmp_path)


@pytest.mark.parametrize(("wish", "pause"), [(40 * MINUTE, 40 * MINUTE), (timedelta(days=90), timedelta(days=1))])
def test_what_the_provider_wishes_is_kept_to_but_not_for_ever(
    tmp_path: Path, wish: timedelta, pause: timedelta
) -> None:
    last = failed(tmp_path, 1, wish=wish)
    assert rests(last, NOW + pause - MINUTE, tmp_path)
    assert not rests(last, NOW + pause, tmp_path)


def test_a_dead_sign_in_is_tried_seldom_and_a_new_one_at_once(tmp_path: Path) -> None:
    secrets = FileSecrets(tmp_path / "secrets" / "home")
    secrets.put("token", "old")
    last = failed(tmp_path, 1, "needs-login")
    assert rests(last, NOW + 5 * HOUR, tmp_path)
    assert not rests(last, NOW + 6 * HOUR, tmp_path)
    secrets.put("token", "new")
    assert not rests(last, NOW + 15 * MINUTE, tmp_path)


@pytest.mark.parametrize("back", [timedelta(days=1), timedelta(days=4000)])
def test_a_clock_that_was_set_back_lets_no_account_rest_for_days(tmp_path: Path, back: timedelta) -> None:
    last = failed(tmp_path, 9, "needs-login")
    assert not rests(last, NOW - back, tmp_path)


def test_another_trouble_is_the_same_spell(tmp_path: Path) -> None:
    last = failed(tmp_path, 2)
    later = after_failure(replace(last, health="needs-login", read_at=NOW + HOUR), last, None, tmp_path)
    assert (later.failures, later.failing_since) == (3, last.failing_since)
