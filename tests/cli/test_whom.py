"""Whom a command means: found under any of their names, never guessed; who is unknown is told what to do."""

import pytest

from tests.cli.archive import ANA, BELA, Home, listed

_MARRIED = "Ana Souza <ana@example.org>"


@pytest.fixture
def town(home: Home) -> Home:
    """A home with Ana Souza who was Lima, two Paulas, Jörg, and Bela whose address others call "the boss"."""
    home.friend(ANA, silent=300)
    home.friend(_MARRIED, silent=100)
    for place, who in enumerate(
        ("Paula Elmier <pe@example.org>", "Paula <paula@example.net>", "Jörg Köppe <jk@x.example>")
    ):
        home.friend(who, silent=110 + place)
    home.friend(BELA, silent=200)
    home.run("sync")
    return home


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("lima ana", "Ana Souza"),
        ("SOUZA", "Ana Souza"),
        ("koeppe jorg", "Jörg Köppe"),
        ("Kovács, Béla", "Bela Kovacs"),
        ("paula@example.net", "Paula"),
        ("Paula Elmier", "Paula Elmier"),
        ("Somebody <pe@example.org>", "Paula Elmier"),
    ],
)
def test_a_person_is_found_by_any_words_of_any_name(town: Home, typed: str, name: str) -> None:
    assert town.ask("why", typed)["person"]["name"] == name
    if "<" not in typed:
        assert [one["name"] for one in town.ask("people", "--all", *typed.split())] == [name]


def test_people_merged_by_hand_are_found_under_the_names_of_both(town: Home) -> None:
    town.run("people", "--merge", "ana", "bela")
    assert town.ask("why", "kovacs")["person"]["emails"] == town.ask("why", "lima")["person"]["emails"]


def test_a_first_name_that_is_somebodys_whole_name_is_asked_about_if_others_bear_it(town: Home) -> None:
    kept = town.kept()
    for words in (["why"], ["mute"], ["forget"]):
        said = town.run(*words, "Paula", code=2).err
        assert '"Paula" fits 2 people' in said
        assert "Paula Elmier <pe@example.org>" in said
    assert town.kept() == kept


def test_the_name_that_fits_is_told_where_another_is_shown(town: Home) -> None:
    town.friend("Bea Lima <bea@example.org>", silent=50)
    town.run("sync")
    said = town.run("why", "lima", code=2).err
    assert 'Ana Souza <ana@example.org>, also "Ana Lima"' in said


def test_a_slip_is_answered_with_who_is_like_it_and_never_by_a_domain(town: Home) -> None:
    said = town.run("why", "Bella Kovacz", code=2).err
    assert "did you mean Bela Kovacs <bela@example.net>?" in said
    assert "Paula" not in said
    assert "did you mean" not in town.run("why", "zzqx@example.net", code=2).err


@pytest.mark.parametrize(
    "words", [["met"], ["note", "Hello!"], ["mute"], ["snooze", "3 months"]], ids=lambda one: one[0]
)
def test_who_is_not_known_is_told_to_be_named_in_the_config(town: Home, words: list[str]) -> None:
    command, *rest = words
    assert 'name in [[people]] of the config: name = "Zed Quill"' in town.run(command, "Zed Quill", *rest, code=2).err
    said = town.run(command, "zed@example.org", *rest, code=2).err
    assert 'emails = ["zed@example.org"]' in said
    town.configure(listed("Zed Quill"))
    assert town.run(command, "zed@example.org", *rest).code == 0, "and that does it"
