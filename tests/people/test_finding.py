"""Who is meant: words in any order and spelling, over all names and addresses; near misses; never a silent guess."""

from time import process_time

import pytest

from daemon.people.finding import Called, Finder

PEOPLE = [
    Called(("Ana Lima", "Ana Souza", "Lima, Ana (EXT)"), ("ana@example.org", "ana.souza@example.com")),
    Called(("Ana Lima-Castro",), ("alc@example.org",)),
    Called(("Jörg Köppe",), ("jk17@example.net",)),
    Called(("Жанна Лимова",), ("zl@example.net",)),
    Called(("",), ("o.reilly@example.net",)),
    Called(("Dr. Siobhán O'Brien, PhD",), ("sob@example.org",)),
    Called(("Paula",), ("paula1@example.org",)),
    Called(("Paula Elmier",), ("pe@example.org",)),
    Called(("Bela Kovacs",), ("bela@example.org", "kov77@example.com")),
]


@pytest.fixture(scope="module")
def finder() -> Finder:
    return Finder(PEOPLE)


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("kovacs bela", [8]),
        ("KOVÁCS, Béla!", [8]),
        ("kov", [8]),
        ("Koppe", [2]),
        ("koeppe jörg", [2]),
        ("zhanna", [3]),
        ("жанна", [3]),
        ("obrien", [5]),
        ("Siobhan O\u2019Brien", [5]),
        ("Prof. Bela Kovacs", [8]),
        ("souza", [0]),
        ("o.reilly", [4]),
        ("kov77@example.com", [8]),
        ("KOV77@Example.com", [8]),
        ("Somebody <kov77@example.com>", [8]),
        ("bela@", [8]),
        ("paula", [6, 7]),
        ("ana lima", [0, 1]),
        ("example.net", [2, 3, 4]),
        ("bela lima", []),
        ("nobody@example.org", []),
        ("...", []),
    ],
)
def test_all_words_are_looked_for_in_all_names(finder: Finder, typed: str, places: list[int]) -> None:
    assert finder.meant(typed) == places


def test_a_whole_name_is_enough_where_nobody_elses_has_it_in_it(finder: Finder) -> None:
    assert finder.meant("Ana Lima Castro") == [1]
    namesakes = Finder([Called(("Ana Lima",), ("a@example.org",)), Called(("Diana Limas",), ("d@example.org",))])
    assert namesakes.meant("lima ana") == [0]
    assert namesakes.meant("ana") == [0, 1]
    twins = Finder([Called(("Ana Lima",), ("a@example.org",)), Called(("Ana M. Lima",), ("b@example.org",))])
    assert twins.meant("Ana Lima") == [0, 1], "an initial makes no other name"


def test_words_narrow_down_by_name_and_address_together(finder: Finder) -> None:
    assert finder.fitting("ana example.com") == [0]
    assert finder.fitting("lima") == [0, 1]
    assert finder.fitting("лимо") == [3]
    assert finder.fitting("") == list(range(len(PEOPLE)))


def test_the_name_by_which_somebody_fits_is_told_if_it_is_not_the_one_shown(finder: Finder) -> None:
    assert finder.also_called(0, "souza") == "Ana Souza"
    assert finder.also_called(0, "ana lima") == ""
    assert finder.also_called(8, "kov77@example.com") == ""


@pytest.mark.parametrize(
    ("typed", "places"),
    [
        ("Bella Kovac", [8]),
        ("Kovasc", [8]),
        ("Siobhan OBrian", [5]),
        ("Jorg Kopp", [2]),
        ("belaa@example.net", [8]),
        ("xyz@example.org", []),
        ("Qwerty", []),
        ("", []),
    ],
)
def test_near_misses_are_offered_and_never_a_domain_alone(finder: Finder, typed: str, places: list[int]) -> None:
    assert finder.nearest(typed, 1) == places


def test_no_name_however_hostile_shifts_another() -> None:
    odd = Finder([Called(("A\0B\nC", "\u202e\x1b[31m" * 500), ()), Called(("Bela Kovacs",), ("bela@example.org",))])
    assert odd.meant("bela") == [1]
    assert Finder([]).meant("bela") == []


def test_one_of_twenty_thousand_is_found_in_no_time() -> None:
    first = ["Ana", "Bela", "Carl", "Dmitri", "Ève", "Farid", "Greta", "Hugo", "Ines", "Jörg"]
    names = [f"{first[n % 10]} {chr(65 + n % 26)}{'aeiou'[n % 5]}{n % 97:02}son{n // 700}" for n in range(20_000)]
    people = [
        Called((name, f"{name.split()[1]}, {name.split()[0]}"), (f"p{n}@example.org",)) for n, name in enumerate(names)
    ]
    began = process_time()
    finder = Finder(people)
    assert finder.meant("p19999@example.org") == [19_999]
    assert len(finder.meant(names[700])) == 1
    assert finder.nearest("Gretta Wa97son", 3)
    assert process_time() - began < 3, "with slack for a busy machine: it takes about a quarter of a second"
