"""The look back at a month, in the first round of the next: a line in `auld status`, and a draft to the user."""

from datetime import UTC, datetime

from tests.cli.archive import ANA, BELA, Home, after

DECEMBER = datetime(2026, 12, 1, 9, tzinfo=UTC)
_ANA = '[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"]\nevery = "1 month"\n'
_LOOK_BACK = '[writing]\naccount = "archive"\nlook_back = true\n'


def november(home: Home, *, answered: bool = False) -> None:
    """Let a draft to Ana be sent in November, and Bela be written to."""
    home.friend(ANA)
    home.friend(BELA, silent=400)
    home.run("once")
    home.run("draft", "Ana")
    home.send(home.lying()[0], after(days=1))
    home.run("once", now=after(days=1, minutes=5))
    home.wrote(BELA, after(days=2))
    if answered:
        home.got(ANA, after(days=3))


def line(home: Home, now: datetime = DECEMBER) -> str:
    return str(home.run("status", "--json", now=now, code=(0, 1)).json["look_back"])


def test_the_first_round_of_a_month_looks_back_at_the_last(home: Home) -> None:
    home.configure(_ANA)
    november(home, answered=True)
    assert line(home) == "None"
    home.run("once", now=DECEMBER)
    assert line(home) == "November: 2 people reached; 1 of 1 you sent a draft to answered; 0 due now"
    assert "last month   November: 2 people reached" in home.run("status", now=DECEMBER, code=(0, 1)).out
    assert line(home, datetime(2027, 1, 2, tzinfo=UTC)) == "None"


def test_a_month_that_was_not_seen_whole_is_not_looked_back_at(home: Home) -> None:
    home.configure(_ANA)
    home.friend(ANA)
    home.run("once", now=DECEMBER)
    assert line(home) == "None"


def test_with_look_back_one_draft_to_the_user_says_who(home: Home) -> None:
    home.configure(_ANA + _LOOK_BACK)
    november(home)
    for minutes in (0, 5, 60):
        home.run("once", now=DECEMBER.replace(minute=minutes % 60, hour=9 + minutes // 60))
    mine = [draft for draft in home.lying() if draft.to == "robin@example.com"]
    assert len(mine) == 1
    assert str(mine[0].message["Subject"]) == "In touch in November"
    text = mine[0].message.get_content()
    assert "You were in touch with 2 people: " in text
    assert "Not answered yet: Ana Lima." in text
    records = [one for one in home.ask("drafts", now=DECEMBER) if one["occasion"] == "look-back"]
    assert [one["to"] for one in records] == ["robin@example.com"]


def test_a_look_back_takes_no_place_of_a_draft(home: Home) -> None:
    home.configure(_ANA + _LOOK_BACK + "[rhythm]\nopen = 1\n")
    november(home)
    home.run("once", now=DECEMBER)
    assert home.ask("draft", "Bela", now=DECEMBER)


def test_without_look_back_nothing_is_written_to_the_user(home: Home) -> None:
    home.configure(_ANA)
    november(home)
    home.run("once", now=DECEMBER)
    assert [draft for draft in home.lying() if draft.to == "robin@example.com"] == []


def test_a_clock_that_steps_back_over_the_end_of_a_month_brings_no_second_one(home: Home) -> None:
    home.configure(_ANA + _LOOK_BACK)
    november(home)
    home.run("once", now=DECEMBER)
    for now in (datetime(2027, 1, 4, 9, tzinfo=UTC), datetime(2026, 12, 28, 9, tzinfo=UTC)) * 2:
        home.run("once", now=now, code=(0, 1))
    looks = [one for one in home.ask("drafts") if one["occasion"] == "look-back"]
    assert sorted(one["subject"] for one in looks) == ["In touch in December", "In touch in November"]
