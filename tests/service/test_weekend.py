"""72 hours with suspends, offline spells, summer time beginning or ending, a clock that is set back, a dead sign-in, a
full disk, a broken config and a SIGKILL each hour: state right at the end, no day missed, no wave of drafts, no second
draft, no busy loop, and a log that can be read.

A failure names its seed; ``AULD_TORTURE_SEED=…`` plays the same weekend again.
"""

import os
import random
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from tests.cli.archive import Home
from tests.cli.conftest import _no_waiting_for_the_disk
from tests.google import Google
from tests.service.sky import AMSTERDAM, Sky, utc
from tests.service.weekend import FAR, NEAR, Weekend, address

__all__ = ["_no_waiting_for_the_disk"]

Diary = list[tuple[str, str]]
SPRING, AUTUMN = "2027-03-26T12:00:00", "2026-10-23T12:00:00"  # Fridays before the clocks change


@contextmanager
def weekend(folder: Path, start: str) -> Iterator[Weekend]:
    seed = int(os.environ.get("AULD_TORTURE_SEED", random.randrange(10**6)))
    print(f"AULD_TORTURE_SEED={seed} plays this weekend again.")
    sky = Sky(utc(start))
    with Google(start=utc(start), limit=10**9) as google:
        google.quota.calendar_limit = 10**9
        found = Weekend(Home(folder).build(), google, sky, random.Random(seed))
        found.begin()
        yield found


def trouble(one: Weekend) -> None:
    """Plan all that goes wrong, and what else happens."""
    at, sky = one.sky.at, one.sky
    at(2.3, lambda: sky.suspend(1.5))
    at(8.1, lambda: sky.suspend(9))
    at(20, lambda: one.offline(yes=True))
    at(25.5, lambda: one.offline(yes=False))
    at(27, lambda: one.write(NEAR[3]))
    at(30, one.google.oauth.revoke_all)
    at(40, one.sign_in)
    at(44, lambda: sky.set_clock(timedelta(days=-1)))
    at(47, lambda: sky.set_clock(timedelta(days=1)))
    at(50, lambda: setattr(one, "full", True))
    at(50.2, one.get_mail)
    at(51.9, lambda: setattr(one, "full", False))
    at(55, one.break_config)
    at(55.1, lambda: one.hear("reload"))
    at(58, one.configure)
    at(58.1, lambda: one.hear("reload"))
    for hour in range(1, 72):
        if hour not in {55, 56, 57, 58}:  # with a broken config it does not start again, as it should be
            at(hour + one.dice.random() * 0.9, one.kill)
        if hour % 2:
            at(hour + one.dice.random() * 0.9, one.get_mail)


def hold(one: Weekend, hours: int, without: set[int]) -> list[str]:
    """Hold what must hold in the end; return the weekdays on which drafts were written.

    `without` are the hours that may be without a round.
    """
    fresh = str(one.home.path / "fresh")
    one.home.run("--state", fresh, "sync", "archive", now=one.sky.now())
    near = {address(name) for name in NEAR}
    known, should = one.people(str(one.home.state)), one.people(fresh)
    assert {email: known[email] for email in near} == {email: should[email] for email in near}, "state right at the end"
    assert {address(name) for name in FAR} <= known.keys()
    assert all(one.ask_health(name) == "ok" for name in ("archive", "web"))
    told = one.home.ask("drafts", now=one.sky.now())
    written = Counter(utc(draft["created_at"].rstrip("Z")).astimezone(AMSTERDAM).strftime("%a") for draft in told)
    assert max(written.values(), default=0) <= 2, "no wave of drafts"
    assert [len(keys) for keys in one.made.values()] == [1] * len(one.made), "no second draft"
    assert sum(written.values()) == len(one.made)
    assert one.sky.wakes <= 2000 * hours / 24, "no busy loop"
    assert len(one.asked) <= (4 * 1.06 + 1) * hours + one.deaths + 10
    missed = {hour for hour in range(hours) if not any(hour <= at / 3600 < hour + 1 for at in one.done)}
    assert missed <= without
    return sorted(written)


@pytest.mark.torture
@pytest.mark.parametrize("start", [AUTUMN, SPRING], ids=["autumn", "spring"])
def test_three_days_of_trouble(tmp_path: Path, diary: Diary, start: str) -> None:
    with weekend(tmp_path, start) as one:
        trouble(one)
        one.live(72.6)
        asleep = {2, 3, *range(8, 18)}
        assert hold(one, 72, asleep | {50, 51}) == ["Fri", "Mon"], "no day missed"
        assert one.kills > 55
        _hold_diary(diary)


def test_a_night_of_trouble(tmp_path: Path, diary: Diary) -> None:
    with weekend(tmp_path, "2026-10-24T22:00:00") as one:  # summer time ends in three hours
        at, sky = one.sky.at, one.sky
        at(0.7, lambda: one.offline(yes=True))
        at(1.1, lambda: sky.suspend(1.2))
        at(2.5, lambda: one.offline(yes=False))
        at(2.6, one.get_mail)
        at(2.7, one.kill)
        at(4, lambda: sky.set_clock(timedelta(days=-1)))
        at(4.5, one.kill)
        at(5, lambda: sky.set_clock(timedelta(days=1)))
        at(6, lambda: setattr(one, "full", True))
        at(6.1, one.get_mail)
        at(6.9, lambda: setattr(one, "full", False))
        at(7.3, one.kill)
        one.live(8)
        assert hold(one, 8, {1, 6}) == []
        assert any("There was no round: Cannot" in text for _, text in diary)
        assert any(text.startswith("Rounds work again") for _, text in diary)


def _hold_diary(diary: Diary) -> None:
    text = "\n".join(f"{level} {line}" for level, line in diary)
    print(text)
    assert sum("sign-in" in line or "auld login web" in line for level, line in diary if level == "WARNING") <= 2
    assert sum(level == "ERROR" for level, _ in diary) <= 8
    assert "@example" not in text, "nobody is named"
    assert not any(name in text for name in (*NEAR, *FAR))
    for word in ("Traceback", "should not", "quarantine", "damaged"):
        assert word not in text
    for words in ("Nothing new.", r"web cannot be read \(unavailable\)", "web cannot be reached since",
                  r"web needs you to sign in \(auld login web\) since", "web can be read again, after",
                  "There was no round: Cannot", "Rounds work again", "is refused; the one before stays",
                  "The config (was read|is in order) again"):  # fmt: skip
        assert re.search(words, text), words
