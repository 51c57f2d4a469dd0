"""Rule "The name shown is the most recent non-empty one that looks like a name"."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.people import clean_name, display_name, looks_like_name

EMAILS = ["lhutch@example.com", "lakshmi.hutchinson@example.org"]


def test_the_most_recent_name_is_shown() -> None:
    own = [("Lakshmi H.", 10), ("Lakshmi Hutchinson", 30), ("Lakshmi Rao", 20)]
    assert display_name(own, [], EMAILS) == "Lakshmi Hutchinson"


def test_a_name_written_by_oneself_is_shown_before_a_later_one_of_others() -> None:
    assert display_name([("Lakshmi Rao", 10)], [("Lucky", 99)], EMAILS) == "Lakshmi Rao"
    assert display_name([("", 10)], [("Lucky", 99)], EMAILS) == "Lucky"


def test_without_a_name_nothing_is_shown() -> None:
    assert display_name([("", 1), ("lhutch", 2), ("lhutch@example.com", 3)], [], EMAILS) == ""


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "lhutch",
        "lhutch@example.com",
        "'lhutch@example.com'",
        "12345",
        "=",
        "unknown",
        "lhutch77",
        "l_hutch",
        "Lakshmi via Chess",
        "=?utf-8?q?x?=",
        "Customer Service",
        "https://example.com",
        "\u202e",
    ],
)
def test_what_is_no_name_is_passed_over(name: str) -> None:
    assert not looks_like_name(name, EMAILS)
    assert display_name([("Lakshmi", 1), (name, 2)], [], EMAILS) == "Lakshmi"


@pytest.mark.parametrize(
    "name", ["Lakshmi", "lakshmi", "LHUTCH", "田中太郎", "Robert Smith 3rd", "O'Brien, Siobhán", "Mum"]
)
def test_what_looks_like_a_name_is_one(name: str) -> None:
    assert looks_like_name(name, EMAILS)


def test_a_name_is_shown_without_quotes_breaks_and_direction_marks() -> None:
    assert clean_name("'\u202eLakshmi\r\n  Hutchinson\x07'") == "Lakshmi Hutchinson"
    assert clean_name("Siobhán O'Brien") == "Siobhán O'Brien"


@given(st.lists(st.tuples(st.text(max_size=30), st.integers(0, 3)), max_size=6))
def test_the_name_shown_does_not_depend_on_the_order(own: list[tuple[str, int]]) -> None:
    assert display_name(own, [], EMAILS) == display_name(own[::-1], [], EMAILS)


@pytest.mark.parametrize(
    ("newest", "known"),
    [
        ("LAKSHMI HUTCHINSON", "Lakshmi Hutchinson"),
        ("Lakshmi HUTCHINSON", "Lakshmi Hutchinson"),
        ("lakshmi hutchinson", "Lakshmi Hutchinson"),
        ("Lakshmi Hutchinson [EXT]", "Lakshmi Hutchinson"),
        ("Hutchinson, Lakshmi (Northlab)", "Lakshmi Hutchinson"),
        ("Prof. Dr. Lakshmi Hutchinson", "Lakshmi Hutchinson"),
        ("Lakshmi Hutchinson, PhD", "Lakshmi Hutchinson"),
        ("Lakshmi.Hutchinson", "Lakshmi Hutchinson"),
        ("LakshmiHutchinson", "Lakshmi Hutchinson"),
        ("Lakshmi", "Lakshmi Hutchinson"),
        ("L. Hutchinson", "Lakshmi Hutchinson"),
        ("van den berg, lakshmi", "Lakshmi van den Berg"),
        ("Lakshmi Hutchinson", "LAKSHMI HUTCHINSON"),
    ],
)
def test_of_one_name_the_form_is_shown_that_reads_like_a_name(newest: str, known: str) -> None:
    best = known if known != known.upper() else newest
    assert display_name([(known, 1), (newest, 2)], [], EMAILS) == best
    assert display_name([(newest, 2)], [(known, 1)], EMAILS) == best, "also where others wrote it"


@pytest.mark.parametrize(
    "newest", ["LAKSHMI RAO", "Rao, Lakshmi", "Dr. Lakshmi Rao", "Lucky", "rao"], ids=lambda name: name
)
def test_another_name_is_shown_however_it_is_written(newest: str) -> None:
    assert display_name([("Lakshmi Hutchinson", 1), (newest, 2)], [], EMAILS) == newest


def test_the_mark_of_a_mail_gateway_is_never_shown() -> None:
    assert display_name([("[EXT] Lakshmi Hutchinson", 1)], [], EMAILS) == "Lakshmi Hutchinson"
    assert display_name([("Lakshmi Hutchinson (External)", 1)], [], EMAILS) == "Lakshmi Hutchinson"
