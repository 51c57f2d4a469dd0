"""WHEN: days, dates and spans as people write them, for what was and what is to come; no time is taken for HOW."""

import re

import pytest

from tests.cli.archive import Home


@pytest.mark.parametrize(
    ("when", "on"),
    [
        ("yesterday", "23 Nov 2026"),
        ("friday", "20 Nov 2026"),
        ("last friday", "20 Nov 2026"),
        ("on Tue", "17 Nov 2026"),  # today is a Tuesday
        ("last week", "17 Nov 2026"),
        ("a month ago", "24 Oct 2026"),
        ("12 Oct 2026", "12 Oct 2026"),
        ("3 Mar", "3 Mar 2026"),
        ("December 12", "12 Dec 2025"),
        ("29 Feb", "29 Feb 2024"),
        ("2026-11-01", "1 Nov 2026"),
    ],
)
def test_what_was_is_the_last_such_day(ana: Home, when: str, on: str) -> None:
    assert f"Ana Lima: met on {on}" in ana.run("met", "ana", when, "coffee").err


@pytest.mark.parametrize(
    ("when", "on"),
    [
        ("friday", "27 Nov 2026"),
        ("tuesday", "1 Dec 2026"),
        ("next week", "1 Dec 2026"),
        ("in a month", "24 Dec 2026"),
        ("3 Mar", "3 Mar 2027"),
        ("12 Dec", "12 Dec 2026"),
        ("Mar 3, 2028", "3 Mar 2028"),
        ("2027-03-01", "1 Mar 2027"),
    ],
)
def test_what_is_to_come_is_the_next_such_day(ana: Home, when: str, on: str) -> None:
    assert f"no draft before {on}" in ana.run("snooze", "ana", when).err
    assert f"no drafts before {on}" in ana.run("pause", when).err


@pytest.mark.parametrize(
    "when",
    [
        "last month or so", "this week", "yesterday morning", "last tuesday afternoon", "the other day", "03/04/2026",
        "12.10.2026", "sat 3", "weeks ago", "in may", "30 Feb", "tomorow", "evening", "next week",
    ],
)  # fmt: skip
def test_what_looks_like_a_time_is_never_taken_for_how_one_met(ana: Home, when: str) -> None:
    kept = ana.kept()
    said = ana.run("met", "ana", when, code=2).err
    assert "is no time that auld knows" in said
    assert f'say when first: auld met ana@example.org today "{when}"' in said
    assert ana.kept() == kept


@pytest.mark.parametrize(
    "how", ["coffee", "a day trip", "morning coffee", "lunch in the sun", "a match", "just a chat"]
)
def test_what_says_how_one_met_is_taken_for_today(ana: Home, how: str) -> None:
    assert f'met on 24 Nov 2026 "{how}"' in ana.run("met", "ana", how).err


@pytest.mark.parametrize(
    "words", [["snooze", "ana", "{}"], ["pause", "{}"], ["met", "ana", "{}", "tea"]], ids=lambda one: one[0]
)
@pytest.mark.parametrize("nonsense", ["blah", "0 days", "next friday", "2020-13-01"])
def test_the_example_in_an_error_works(ana: Home, words: list[str], nonsense: str) -> None:
    said = ana.run(*(word.format(nonsense) for word in words), code=2).err
    examples = [*re.findall(r'like "([^"]+)"', said), *re.findall(r"a date like (\d{4}-\d\d-\d\d)", said)]
    assert len(examples) == 3
    for example in examples:
        ana.run(*(word.format(example) for word in words))
