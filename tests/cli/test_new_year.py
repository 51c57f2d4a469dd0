"""New-year greetings: 27 December to 10 January, once each, for those listed or with contact in three years."""

from datetime import UTC, datetime

import pytest

from tests.cli.archive import ANA, Home, listed

_YEARLY = listed("Ana Lima", every="3 years")


@pytest.fixture
def winter(home: Home) -> Home:
    """A home where Ana is listed, and by her rhythm not due for long."""
    home.friend(ANA, silent=100)
    home.configure(_YEARLY)
    home.run("sync")
    return home


def _on(month: int, day: int, year: int = 2026) -> datetime:
    return datetime(year, month, day, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "turn"),
    [
        (datetime(2026, 12, 26, 22, 59, tzinfo=UTC), False),
        (datetime(2026, 12, 26, 23, tzinfo=UTC), True),
        (_on(12, 31), True),
        (datetime(2027, 1, 10, 22, 59, tzinfo=UTC), True),
        (datetime(2027, 1, 10, 23, tzinfo=UTC), False),
    ],
    ids=str,
)
def test_greetings_are_due_from_27_december_to_10_january_in_the_users_zone(
    winter: Home, now: datetime, turn: bool
) -> None:
    found = winter.ask("due", now=now)
    assert [(one["name"], one["occasion"]) for one in found] == ([("Ana Lima", "new-year")] if turn else [])


def test_a_greeting_is_written_once_each_winter_whatever_became_of_it(winter: Home) -> None:
    [draft] = winter.ask("draft", now=_on(12, 28))
    assert draft["occasion"] == "new-year"
    assert draft["in_reply_to"] is None
    assert "2027" in draft["subject"] + draft["body"] or "year" in (draft["subject"] + draft["body"]).lower()
    winter.run("drafts", "--withdraw", draft["key"], now=_on(12, 29))
    assert winter.ask("draft", now=_on(12, 30)) == []
    assert winter.ask("draft", now=_on(1, 5, 2027)) == []
    assert [one["occasion"] for one in winter.ask("draft", now=_on(12, 29, 2027))] == ["new-year"]


def test_a_greeting_is_outside_the_goal_and_its_spread_but_not_outside_open(winter: Home) -> None:
    """Rules: new-year is outside goal and spread, never outside `open`."""
    winter.configure(_YEARLY + "[rhythm]\ngoal = 0\n")
    winter.run("once", now=_on(12, 29))
    assert [one["occasion"] for one in winter.ask("drafts")] == ["new-year"]
    winter.configure(_YEARLY + "[rhythm]\nopen = 0\n")
    assert winter.ask("draft", "--dry-run", now=_on(12, 29, 2027)) == []


def test_at_most_three_greetings_a_day_after_those_due(home: Home) -> None:
    """Rules: new-year at most 3 a day, after those due."""
    names = ["Ana Lima", "Bela Kovacs", "Carl Weber", "Dora Novak", "Emil Braun"]
    for name in names:
        home.friend(f"{name} <{name.split()[0].lower()}@example.org>", silent=100, times=1)
    home.configure(
        listed(*names[:4], every="3 years")
        + listed(names[4], every="1 month")
        + '[[circles]]\nname = "x"\n[rhythm]\nopen = 50\n'
    )
    home.run("sync")
    occasions = [one["occasion"] for one in home.ask("due", now=_on(12, 29))]
    assert len(occasions) == 5
    written = home.ask("draft", now=_on(12, 29))
    assert written[0]["person"] == "Emil Braun"
    assert [one["occasion"] for one in written].count("new-year") == 3
    assert len(home.ask("draft", now=_on(12, 30))) >= 1


def test_greetings_can_be_switched_off(winter: Home) -> None:
    winter.configure(_YEARLY + "[greetings]\nnew_year = false\n")
    assert winter.due(_on(12, 29)) == []


def test_those_suggested_are_greeted_only_with_contact_in_three_years(home: Home) -> None:
    home.friend(ANA, silent=3 * 365, rhythm=400)
    home.run("sync")
    assert [one["state"] for one in home.ask("people", now=_on(12, 29))] == ["suggested"]
    assert "new-year" not in [one["occasion"] for one in home.ask("due", now=_on(12, 29))]


def test_a_hold_holds_a_greeting_too(winter: Home) -> None:
    winter.run("mute", "ana", now=_on(12, 1))
    assert winter.due(_on(12, 29)) == []


def test_a_greeting_asked_for_by_name_is_written_in_the_season_asked(winter: Home) -> None:
    [draft] = winter.ask("draft", "ana", "--occasion", "new-year", now=_on(12, 28))
    assert draft["occasion"] == "new-year"
    assert draft["to"] == "ana@example.org"
