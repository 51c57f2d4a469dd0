"""`auld met`: what is told, listed and taken back, and what the user is told of it."""

import pytest

from tests.cli.archive import ANA, BELA, Home, before


@pytest.fixture
def pair(ana: Home) -> Home:
    """A home where Ana is listed and Bela suggested; last contacts are 200 and 300 days ago."""
    ana.friend(BELA, silent=300)
    ana.run("sync")
    return ana


def test_list_shows_all_or_one_persons_newest_first(pair: Home) -> None:
    assert "No contact is told by hand." in pair.run("met", "--list").err
    pair.run("met", "ana", "2026-10-01", "lunch")
    pair.run("met", "bela", "2026-10-03")
    pair.run("met", "ana", "2026-09-01", "a call")
    assert [(one["id"], one["person"], one["how"]) for one in pair.ask("met", "--list")] == [
        (2, "Bela Kovacs", ""), (1, "Ana Lima", "lunch"), (3, "Ana Lima", "a call"),
    ]  # fmt: skip
    assert [one["at"] for one in pair.ask("met", "ana", "--list")] == ["2026-10-01T10:00:00Z", "2026-09-01T10:00:00Z"]
    lines = pair.run("met", "--list", "ana").out.splitlines()
    assert [line.split()[0] for line in lines[2:]] == ["1", "3"]
    assert "Bela" not in "".join(lines)


def test_remove_takes_back_the_one_of_that_number(pair: Home) -> None:
    pair.run("met", "ana", "2026-10-01", "lunch")
    pair.run("met", "bela", "2026-10-03")
    assert 'Ana Lima: the contact of 1 Oct 2026 "lunch" is taken back.' in pair.run("met", "--remove", "1").err
    assert [one["id"] for one in pair.ask("met", "--list")] == [2]
    assert "auld met --list" in pair.run("met", "--remove", "1", code=2).err


def test_undo_says_what_is_left(pair: Home) -> None:
    for when, how in (("2026-10-01", "lunch"), ("2026-09-01", ""), ("2026-10-20", "tea")):
        pair.run("met", "ana", when, how)
    said = pair.run("met", "ana", "--undo").err
    assert 'Ana Lima: the contact of 20 Oct 2026 "tea" is taken back.' in said
    assert 'Still told: 1 Oct 2026 ("lunch"), 1 Sep 2026 (without a word).' in said
    assert pair.ask("met", "ana", "--undo")[0]["how"] == "lunch", "with --json, what is left"
    assert "No other is told of them." in pair.run("met", "ana", "--undo").err
    assert "no contact is told by hand" in pair.run("met", "ana", "--undo", code=1).err


def test_two_on_one_day_are_said_and_both_kept(pair: Home) -> None:
    pair.run("met", "ana", "2026-10-01", "lunch")
    assert "already" not in pair.run("met", "ana", "2026-10-02", "a walk").err
    assert "already" not in pair.run("met", "bela", "2026-10-01", "lunch").err
    said = pair.run("met", "ana", "2026-10-01", "a call").err
    assert 'You told of that day already: "lunch". Both are kept; auld counts it as one day.' in said
    assert len(pair.ask("met", "ana", "--list")) == 3
    assert pair.person("ana@example.org")["contact_days"] == 6 + 2


def test_a_meeting_of_that_day_in_the_calendar_is_said(pair: Home) -> None:
    pair.meet(ANA, before(30))
    pair.run("sync")
    assert "Your calendar has a meeting with them on that day, too." in pair.run("met", "ana", "2026-10-25").err
    assert "calendar" not in pair.run("met", "ana", "2026-10-26").err


def test_the_far_past_is_taken_and_said(pair: Home) -> None:
    said = pair.run("met", "ana", "2020-03-01", "the fair").err
    assert "That is 2,459 days ago." in said
    assert "Your last contact stays the one of 8 May 2026." in said
    assert pair.person("ana@example.org")["last_contact"]["at"] == "2026-05-08T10:00:00Z"
    pair.configure('[[people]]\nname = "Emil Braun"\n')
    assert "That is 2,459 days ago." in pair.run("met", "emil", "2020-03-01").err
    assert "ago" not in pair.run("met", "emil", "2026-11-01").err


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["ana", "tomorrow"],
        ["ana", "2026-11-25", "lunch"],
        ["ana", "--undo", "--list"],
        ["ana", "yesterday", "--undo"],
        ["--remove", "7"],
        ["--remove", "x"],
    ],
    ids=lambda one: " ".join(one) or "nothing",
)
def test_nonsense_is_refused_and_keeps_nothing(pair: Home, words: list[str]) -> None:
    kept = pair.kept()
    pair.run("met", *words, code=2)
    assert pair.kept() == kept


def test_undo_without_a_person_takes_the_last_one_back_and_says_which(pair: Home) -> None:
    assert "No contact is told by hand." in pair.run("met", "--undo", code=1).err
    pair.run("met", "ana", "2026-11-01", "lunch")
    pair.run("met", "bela", "2026-10-01")
    assert "Bela Kovacs: the contact of 1 Oct 2026 is taken back." in pair.run("met", "--undo").err
    assert 'Ana Lima: the contact of 1 Nov 2026 "lunch" is taken back.' in pair.run("met", "--undo").err
    assert pair.ask("met", "--list") == []


def test_the_undo_that_was_printed_never_hits_another(pair: Home) -> None:
    said = pair.run("met", "ana", "2026-10-01", "lunch").err
    assert "Undo: auld met --remove 1" in said
    pair.run("met", "--remove", "1")
    pair.run("met", "ana", "2026-10-02", "tea")
    pair.run("met", "--remove", "1", code=2)
    assert [(one["id"], one["how"]) for one in pair.ask("met", "--list")] == [(2, "tea")]
    pair.run("note", "ana", "Hello!")
    pair.run("note", "--remove", "1")
    assert "It is number 2." in pair.run("note", "bela", "Hello!").err
