"""How many drafts a round writes and when, and what a typed command may beyond it (rules: "The budget")."""

import errno
import os
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.archive import NOW, Home, after, listed

_NAMES = (
    "Ana Lima", "Bela Kovacs", "Carl Weber", "Dora Novak", "Emil Braun", "Fred Olsen", "Gina Conti", "Hugo Moreau",
    "Ines Prado", "Jose Marti", "Kira Lund", "Luis Vega",
)  # fmt: skip
_FIRST_DAY = datetime(2026, 10, 30, 9, tzinfo=UTC)  # a Friday: the month that follows is whole


@pytest.fixture
def crowd(home: Home) -> Home:
    """A home where twelve people are listed and due; first read on 30 October."""
    for place, name in enumerate(_NAMES):
        home.friend(f"{name} <{name.split()[0].lower()}@example.org>", silent=120 + place, times=1)
    home.configure(listed(*_NAMES))
    home.run("sync", now=_FIRST_DAY)
    return home


def _written(home: Home) -> int:
    return len(home.lying())


def test_a_round_writes_at_most_two_a_day(crowd: Home) -> None:
    """Rules: the service may write today: min(2 - today's, ...)."""
    ran = crowd.run("once")
    assert _written(crowd) == 2
    assert "2 drafts a day at most" in ran.err
    crowd.run("once", now=after(minutes=120))
    assert _written(crowd) == 2


def test_a_round_spreads_the_goal_over_the_working_days(crowd: Home) -> None:
    """Rules: ceil(goal k / K) - this month's: 8 drafts on the 21 working days of November 2026."""
    crowd.configure(listed(*_NAMES) + "[rhythm]\nopen = 50\n")
    by_day = {}
    for day in range(1, 31):
        at = datetime(2026, 11, day, 9, tzinfo=UTC)
        crowd.run("once", now=at)
        by_day[day] = _written(crowd)
    assert by_day[1] == 0, "a Sunday"
    working = [day for day in range(1, 31) if datetime(2026, 11, day, tzinfo=UTC).weekday() < 5]
    for place, day in enumerate(working, 1):
        assert by_day[day] == -(-8 * place // len(working)), day
    assert by_day[30] == 8


def test_at_most_open_drafts_wait_at_a_time(crowd: Home) -> None:
    """Rules: open - unsent."""
    crowd.configure(listed(*_NAMES) + "[rhythm]\nopen = 3\n")
    assert len(crowd.ask("draft")) == 3
    ran = crowd.run("draft", "luis", code=1)
    assert "3 drafts wait unsent" in ran.err
    assert _written(crowd) == 3
    crowd.send(crowd.lying()[0], after(minutes=5))
    crowd.run("once", now=after(minutes=10))
    crowd.run("draft", "luis", now=after(minutes=15), code=(0, 1))
    assert _written(crowd) == 3


def test_a_typed_draft_keeps_the_goal_but_not_the_days_hours_and_two_a_day(crowd: Home) -> None:
    """Rules: a typed `auld draft` ignores days, hours, spread and two-a-day but keeps `goal` and `open`."""
    crowd.configure(listed(*_NAMES) + "[rhythm]\ngoal = 4\nopen = 50\n")
    sunday_night = datetime(2026, 11, 29, 3, tzinfo=UTC)
    assert len(crowd.ask("draft", now=sunday_night)) == 4
    ran = crowd.run("draft", now=sunday_night + timedelta(minutes=5))
    assert "this month's goal of 4 is reached" in ran.err
    assert _written(crowd) == 4


def test_a_draft_by_name_is_outside_the_goal_and_does_not_use_it_up(crowd: Home) -> None:
    """Rules: `auld draft PERSON` is outside goal and spread, never outside `open`."""
    crowd.configure(listed(*_NAMES) + "[rhythm]\ngoal = 1\nopen = 50\n")
    for who in ("ana", "bela", "carl"):
        crowd.run("draft", who)
    assert crowd.ask("status")["month"]["written"] == 0
    assert len(crowd.ask("draft")) == 1
    crowd.run("draft", "gina" if "gina@example.org" not in [one.to for one in crowd.lying()] else "ines")
    assert _written(crowd) == 5


def test_a_withdrawn_draft_does_not_count_and_a_deleted_one_does(crowd: Home) -> None:
    """Rules: counted is every draft but withdrawn ones."""
    crowd.configure(listed(*_NAMES) + "[rhythm]\ngoal = 3\nopen = 50\n")
    [first, *_] = crowd.ask("draft")
    crowd.run("drafts", "--withdraw", first["key"])
    assert len(crowd.ask("draft", now=after(minutes=5))) == 1
    crowd.lying()[0].path.unlink()
    crowd.run("sync", now=after(minutes=10))
    crowd.run("draft", now=after(minutes=10))
    ran = crowd.run("draft", now=after(minutes=30))
    assert "goal of 3 is reached" in ran.err
    assert Counter(crowd.statuses()) == {"open": 2, "withdrawn": 1, "deleted": 1}


@pytest.mark.parametrize(
    ("at", "word"),
    [
        (datetime(2026, 11, 22, 10, tzinfo=UTC), "outside your days"),
        (datetime(2026, 11, 24, 6, 59, tzinfo=UTC), "outside your hours 08:00-18:00"),
        (datetime(2026, 11, 24, 17, tzinfo=UTC), "outside your hours 08:00-18:00"),
    ],
    ids=["a Sunday", "one minute to eight in Amsterdam", "six o'clock in Amsterdam"],
)
def test_a_round_writes_only_on_days_and_in_hours_of_the_users_zone(crowd: Home, at: datetime, word: str) -> None:
    ran = crowd.run("once", now=at)
    assert _written(crowd) == 0
    assert word in ran.err
    assert crowd.ask("status", now=at)["last_round"] == f"{at:%Y-%m-%dT%H:%M:%SZ}", "reading goes on"


@pytest.mark.parametrize("at", [datetime(2026, 11, 24, 7, tzinfo=UTC), datetime(2026, 11, 24, 16, 59, tzinfo=UTC)])
def test_a_round_writes_from_the_first_to_the_last_minute_of_the_hours(crowd: Home, at: datetime) -> None:
    crowd.run("once", now=at)
    assert _written(crowd) > 0


def test_on_the_day_of_the_first_read_a_round_writes_nothing_but_draft_does(home: Home) -> None:
    """Rules: in the first month both start the day after the first sync."""
    for name in _NAMES[:3]:
        home.friend(f"{name} <{name.split()[0].lower()}@example.org>", times=1)
    home.configure(listed(*_NAMES[:3]))
    ran = home.run("once")
    assert "none falls before tomorrow" in ran.err
    home.run("once", now=after(minutes=60))
    assert _written(home) == 0
    assert len(home.ask("draft", now=after(minutes=70))) == 3


def test_the_day_after_the_first_read_a_round_writes(home: Home) -> None:
    for name in _NAMES[:3]:
        home.friend(f"{name} <{name.split()[0].lower()}@example.org>", times=1)
    home.configure(listed(*_NAMES[:3]))
    home.run("once")
    home.run("once", now=after(days=1))
    assert _written(home) == 2, "ceil(8 * 1 / 4) of the four working days left"


def test_two_rounds_and_a_typed_draft_never_write_twice_to_one_person(crowd: Home) -> None:
    for minutes in (0, 1, 2):
        crowd.run("once", now=after(minutes=minutes))
        crowd.run("draft", now=after(minutes=minutes), code=(0, 1))
    to = [one.to for one in crowd.lying()]
    assert len(to) == len(set(to)) == 5


def test_of_two_drafts_of_one_day_no_two_share_a_sentence(crowd: Home) -> None:
    """Rules, Occasions: of two drafts of one day no two share a sentence beside names, topic and news."""
    bodies = [one["body"] for one in crowd.ask("draft")]
    assert len(bodies) == 5
    sentences = [
        {sentence.strip() for line in body.splitlines()[1:-1] for sentence in line.split(".") if "sea" not in sentence}
        for body in bodies
    ]
    for place, one in enumerate(sentences):
        for other in sentences[place + 1 :]:
            assert not {text for text in one & other if len(text.split()) > 2}, one & other


# -- planned, and never made ---------------------------------------------------------------------------------------


def _block(home: Home) -> Path:
    """Let something lie where a draft is put together, so that none can be created; the folder can be looked at."""
    for part in ("cur", "new"):
        (home.drafts / part).mkdir(parents=True, exist_ok=True)
    block = home.drafts / "tmp"
    if block.exists():
        block.rmdir()
    block.write_text("no folder", encoding="utf-8")
    return block


def test_a_draft_that_could_not_be_made_is_made_again_under_the_same_key(crowd: Home) -> None:
    """Design, One round, 7: a `planned` that survives is looked up with `find` first, and only then made."""
    crowd.configure(listed(_NAMES[0]))
    block = _block(crowd)
    ran = crowd.run("once", code=1)
    assert _NAMES[0] in ran.err
    [planned] = crowd.ask("drafts")
    assert planned["status"] == "planned"
    crowd.run("once", now=after(minutes=5), code=1)
    crowd.run("draft", now=after(minutes=6), code=1)
    assert [one["key"] for one in crowd.ask("drafts")] == [planned["key"]]
    block.unlink()
    crowd.run("once", now=after(minutes=15))
    crowd.run("once", now=after(minutes=30))
    assert [(one["key"], one["status"]) for one in crowd.ask("drafts")] == [(planned["key"], "open")]
    assert [one.key for one in crowd.lying()] == [planned["key"]]


def test_a_draft_that_was_made_although_the_answer_was_lost_is_found_by_its_key(
    crowd: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    crowd.configure(listed(_NAMES[0]))
    sync = os.fsync

    def fail(handle: int) -> None:
        if Path(f"/proc/self/fd/{handle}").readlink() == crowd.drafts / "cur":
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        sync(handle)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        crowd.run("once", code=1)
    [planned] = crowd.ask("drafts")
    assert (planned["status"], [one.key for one in crowd.lying()]) == ("planned", [planned["key"]])
    crowd.run("once", now=after(minutes=15))
    assert [(one["key"], one["status"]) for one in crowd.ask("drafts")] == [(planned["key"], "open")]
    assert len(crowd.lying()) == 1


def test_while_the_drafts_folder_cannot_be_looked_at_no_draft_is_written(crowd: Home) -> None:
    """Rules, Holds: a draft of the user's own to them lies in the Drafts folder; there may be one to anybody."""
    crowd.configure(listed(_NAMES[0]))
    crowd.drafts.write_text("no folder", encoding="utf-8")
    ran = crowd.run("once", code=1)
    assert f"not written to {_NAMES[0]}" in ran.err
    assert "could not be looked at" in ran.err
    assert crowd.ask("drafts") == []
    crowd.drafts.unlink()
    crowd.run("once", now=after(minutes=15))
    assert len(crowd.lying()) == 1


def test_a_planned_draft_whose_person_is_not_due_any_more_is_never_made(crowd: Home) -> None:
    crowd.configure(listed(_NAMES[0]))
    block = _block(crowd)
    crowd.run("once", code=1)
    block.unlink()
    crowd.run("met", "ana", now=after(minutes=5))
    crowd.run("once", now=after(minutes=15))
    crowd.run("once", now=after(minutes=30))
    assert crowd.lying() == []
    assert [one["status"] for one in crowd.ask("drafts")] in ([], ["withdrawn"])


def test_now_is_the_date_of_a_draft(crowd: Home) -> None:
    crowd.run("draft", "ana")
    [lying] = crowd.lying()
    assert lying.message["Date"].datetime == NOW
