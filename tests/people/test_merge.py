"""Rules "One person, several addresses": A, B, D, the user's word, and what keeps addresses apart."""

import random
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime

import pytest

from daemon.model import Join
from daemon.people import AddressFacts, Grouping, Reason, group
from daemon.settings import Listed

AT = datetime(2024, 5, 1, tzinfo=UTC)
Facts = AddressFacts | str | tuple[str, str]


def _facts(given: Sequence[Facts]) -> list[AddressFacts]:
    """Make facts of addresses: alone, or with the name they wrote under."""
    return [
        AddressFacts(one)
        if isinstance(one, str)
        else AddressFacts(one[0], (one[1],))
        if isinstance(one, tuple)
        else one
        for one in given
    ]


def _group(
    *given: Facts,
    people: Sequence[Listed] = (),
    joins: Sequence[Join] = (),
    threads: Collection[frozenset[str]] = (),
) -> Grouping:
    facts = _facts(given)
    return group(
        facts,
        people=people,
        joins=joins,
        wrote_together=lambda one, other: any({facts[one].email, facts[other].email} <= thread for thread in threads),
    )


def _persons(*given: Facts, **how: object) -> set[frozenset[str]]:
    """Return the persons, each as its addresses without the domain."""
    facts = _facts(given)
    grouping = _group(*given, **how)  # type: ignore[arg-type]
    persons: dict[int, set[str]] = {}
    for fact, number in zip(facts, grouping.groups, strict=True):
        persons.setdefault(number, set()).add(fact.email.partition("@")[0])
    return {frozenset(person) for person in persons.values()}


def _sets(*persons: str) -> set[frozenset[str]]:
    return {frozenset(person.split()) for person in persons}


def _join(number: int, *emails: str, apart: bool = False) -> Join:
    return Join(number, emails, apart, AT)


def _thread(*emails: str) -> list[frozenset[str]]:
    return [frozenset(emails)]


# -- A -----------------------------------------------------------------------------------------------------------------


def test_rule_a_merges_the_same_canonical_address() -> None:
    assert _persons("lee@example.com", "lee+shop@example.com", "l.ee@example.com") == _sets("lee lee+shop", "l.ee")
    assert _persons("l.ee@gmail.com", "lee@googlemail.com", "lee@example.com") == {
        frozenset({"l.ee", "lee"}),
        frozenset({"lee"}),
    }


def test_rule_a_is_not_stopped_by_a_common_thread() -> None:
    both = ("lee@example.com", "lee+x@example.com")
    assert _persons(*both, threads=_thread(*both)) == _sets("lee lee+x")


# -- B -----------------------------------------------------------------------------------------------------------------


def test_rule_b_merges_the_same_name() -> None:
    assert _persons(
        ("a@example.com", "Lakshmi Hutchinson"),
        ("b@example.org", "HUTCHINSON, Lakshmi (HR)"),
        ("c@example.net", "Bob Hutchinson"),
    ) == _sets("a b", "c")


def test_rule_b_looks_at_every_name_an_address_ever_wrote_under() -> None:
    changed = AddressFacts("a@example.com", ("Lakshmi Hutchinson", "Lakshmi Rao-Menon"))
    assert _persons(changed, ("b@example.com", "Lakshmi Rao Menon"), ("c@example.com", "Lakshmi Hutchinson")) == _sets(
        "a b c"
    )


def test_rule_b_names_given_by_others_count_only_where_there_is_no_own() -> None:
    own = AddressFacts("a@example.com", ("Bob Miller-Jones",), ("Lakshmi Hutchinson",))
    given = AddressFacts("b@example.com", (), ("Lakshmi Hutchinson",))
    silent = AddressFacts("d@example.com", ("", "d@example.com"), ("Lakshmi Hutchinson",))
    assert _persons(own, given, silent, ("c@example.com", "Lakshmi Hutchinson")) == _sets("a", "b c d")


def test_rule_b_does_not_merge_namesakes_who_wrote_in_one_thread() -> None:
    given = (("a@example.com", "John Smithson"), ("b@example.com", "John Smithson"))
    assert _persons(*given, threads=_thread("a@example.com", "b@example.com")) == _sets("a", "b")


def test_rule_b_a_third_of_the_name_does_not_join_two_namesakes() -> None:
    given = tuple((f"{local}@example.com", "John Smithson") for local in "abcd")
    threads = _thread("a@example.com", "b@example.com")
    assert _persons(*given, threads=threads) == _sets("a", "b", "c d")


def test_rule_b_two_people_are_not_joined_by_an_address_that_both_write_from() -> None:
    both = AddressFacts("home@example.com", ("Anna Kowalska", "Piotr Kowalski"))
    given = (both, ("a@example.com", "Anna Kowalska"), ("p@example.com", "Piotr Kowalski"))
    assert _persons(*given) == _sets("home", "a", "p")
    assert [note.reason for note in _group(*given).notes] == [Reason.SEVERAL_WRITE]


def test_rule_d_tickets_from_one_address_in_many_names_join_nobody() -> None:
    tickets = AddressFacts("tracker@example.com", ("Anna Kowalska", "Robert Johansson"))
    given = (tickets, "annakowalska@example.org", "robertjohansson@example.org")
    assert _persons(*given) == _sets("tracker", "annakowalska", "robertjohansson")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Chris Smithson", "Christopher Smithson"),  # shortened
        ("Soren Nordvik", "Soeren Nordvik"),
        ("Mike Smithson", "Michael Smithson"),
        ("Saurab Johansson", "Saurabh Johansson"),  # misspelled
        ("Ana Lima Torres", "Ana Souza Torres"),  # married
        ("Robin Lukas Peterson", "Luke Peterson"),  # one of several first names
        ("Ilya Pchelintsev", "ILLIA PCHALINTSAU"),  # transliterated by another rule
    ],
)
def test_rule_b_two_spellings_from_one_address_are_one_person(first: str, second: str) -> None:
    both = AddressFacts("home@example.com", (first, second))
    assert _persons(both, ("a@example.com", first), ("b@example.com", second)) == _sets("home a b")


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("Ρένα Δράκου", "Rena Drakou"),
        ("Ευάγγελος Παπαδόπουλος", "Evaggelos Papadopoulos"),
        ("Αυγή Ναυπλιώτη", "Avgi Nafplioti"),
        ("Дмитрий Медведев", "Dmitry Medvedev"),
        ("Дмитрий Медведев", "Dmitriy Medvedev"),
        ("Мария Шарапова", "Maria Sharapova"),
        ("김민준 이서연", "gimminjun iseoyeon"),
    ],
)
def test_rule_b_a_name_is_equal_in_its_own_script_and_in_latin_letters(native: str, latin: str) -> None:
    assert _persons(("a@example.com", native), ("b@example.com", latin)) == _sets("a b")


@pytest.mark.parametrize(
    "titled",
    [
        "Dott.ssa Rosa Limberg",
        "Dr. med. Rosa Limberg",
        "Sig.ra Rosa Limberg",
        "Prof. Dr. rer. nat. Rosa Limberg",
        "MUDr. Rosa Limberg",
        "Dr. Rosa Limberg, Ph.D.",
    ],
)
def test_rule_b_titles_are_no_part_of_a_name(titled: str) -> None:
    assert _persons(("a@example.com", titled), ("b@example.com", "Rosa Limberg")) == _sets("a b")


def test_rule_b_a_couple_whose_first_names_begin_alike_are_two() -> None:
    both = AddressFacts("home@example.com", ("Rosa Limberg", "Robert Limberg"))
    assert _persons(both, ("a@example.com", "Rosa Limberg"), ("b@example.com", "Robert Limberg")) == _sets(
        "home", "a", "b"
    )


@pytest.mark.parametrize(
    ("email", "first", "second"),
    [
        ("home@example.com", "Paul Limberg", "Paula Limberg"),
        ("home@example.com", "Andrea Limberg", "Andreas Limberg"),
        ("home@example.com", "Ana Limberg", "Alex Lorenzen"),
        ("reception@example.com", "Michael Schmidtke", "Michael Webermann"),
    ],
)
def test_rule_b_who_shares_a_mailbox_is_not_made_one(email: str, first: str, second: str) -> None:
    both = AddressFacts(email, (first, second))
    local = email.partition("@")[0]
    assert _persons(both, ("a@example.org", first), ("b@example.org", second)) == _sets(local, "a", "b")


@pytest.mark.parametrize("spelled", ["Jürgen Köppe", "Jurgen Koppe", "Juergen Koeppe", "KOEPPE, Juergen"])
def test_rule_b_umlauts_may_be_spelled_out(spelled: str) -> None:
    assert _persons(("a@example.com", "Jürgen Köppe"), ("b@example.com", spelled)) == _sets("a b")


def test_a_name_that_too_many_share_merges_nobody_and_is_reported() -> None:
    given = tuple((f"u{n}@example.com", "Exempli Gratia") for n in range(33))
    grouping = _group(*given)
    assert len(set(grouping.groups)) == 33
    assert [note.reason for note in grouping.notes] == [Reason.COMMON_NAME]
    assert "u0@example.com" in grouping.notes[0].text
    assert len(set(_group(*given[:32]).groups)) == 1


# -- D -----------------------------------------------------------------------------------------------------------------

NAMED = ("lh@example.com", "Lakshmi Hutchinson")


@pytest.mark.parametrize(
    "one",
    [
        "lakshmihutchinson@example.org",
        "lakshmi.hutchinson@example.org",
        "hutchinson_lakshmi77@example.org",
        "lakshmi.hutchinson+list@example.org",
        ("lakshmihutchinson@example.org", "Lucky"),
        ("lakshmihutchinson@example.org", "Lakshmi Rao"),
        ("lucky@example.org", "LakshmiHutchinson"),
        ("lucky@example.org", "hutchinsonlakshmi9"),
    ],
)
def test_rule_d_merges_a_local_part_or_one_word_that_is_the_others_name(one: Facts) -> None:
    assert len(set(_group(NAMED, one).groups)) == 1
    assert len(set(_group(one, NAMED).groups)) == 1


@pytest.mark.parametrize(
    "one",
    [
        "lakshmi@example.org",
        "lhutchinson@example.org",
        "lakshmihutchinsons@example.org",
        ("lakshmihutchinson@example.org", "Robert Miller"),
        AddressFacts("lakshmihutchinson@example.org", ("Lakshmi", "Robert Miller")),
        ("lucky@example.org", "Lakshmi Hutchinsonova"),
    ],
)
def test_rule_d_does_not_merge_what_only_resembles_or_speaks_against_it(one: Facts) -> None:
    assert len(set(_group(NAMED, one).groups)) == 2


def test_rule_d_wants_eight_letters() -> None:
    assert len(set(_group(("x@example.com", "Jon Kemp"), "jonkemp@example.org").groups)) == 2
    assert len(set(_group(("x@example.com", "Jack Kemp"), "jackkemp@example.org").groups)) == 1


def test_rule_d_takes_first_and_last_of_a_longer_name_with_its_particles() -> None:
    name = "Johanna Maria van der Berg"
    for local in ("johannaberg", "johannavanderberg", "vanderbergjohanna"):
        assert len(set(_group(("x@example.com", name), f"{local}@example.org").groups)) == 1
    assert len(set(_group(("x@example.com", name), "mariaberg@example.org").groups)) == 2


def test_rule_d_does_not_merge_two_who_wrote_in_one_thread() -> None:
    threads = _thread("lh@example.com", "lakshmihutchinson@example.org")
    assert len(set(_group(NAMED, "lakshmihutchinson@example.org", threads=threads).groups)) == 2


def test_rule_d_does_not_undo_what_b_merged() -> None:
    """The one by its local part wrote with b: it is a stranger, and a and b are still one."""
    given = (
        ("a@example.com", "Lakshmi Hutchinson"),
        ("b@example.com", "Lakshmi Hutchinson"),
        "lakshmihutchinson@example.org",
    )
    threads = _thread("b@example.com", "lakshmihutchinson@example.org")
    assert _persons(*given, threads=threads) == _sets("a b", "lakshmihutchinson")


def test_merging_is_transitive() -> None:
    assert _persons(
        "hutch+x@example.com",
        ("hutch@example.com", "Lakshmi Hutchinson"),
        ("lh@example.org", "Lakshmi Hutchinson"),
        "lakshmi.hutchinson@example.net",
    ) == _sets("hutch hutch+x lh lakshmi.hutchinson")


# -- the user's word ---------------------------------------------------------------------------------------------------


def test_an_entry_makes_its_addresses_one_person() -> None:
    people = [Listed(emails=("a@example.com", "b@example.com"))]
    threads = _thread("a@example.com", "b@example.com")
    grouping = _group("x@example.com", "a@example.com", "b@example.com", people=people, threads=threads)
    assert grouping.groups == (0, 1, 1)
    assert grouping.entries == {1: 0}


def test_an_entry_draws_what_is_like_its_addresses() -> None:
    people = [Listed(name="Lucky", emails=("lh@example.com",))]
    grouping = _group(NAMED, ("b@example.com", "Lakshmi Hutchinson"), people=people)
    assert grouping.groups == (0, 0)
    assert grouping.entries == {0: 0}


def test_an_entrys_name_stands_for_an_address_without_one() -> None:
    people = [Listed(name="Lakshmi Hutchinson", emails=("never-seen@example.com",))]
    assert _persons("never-seen@example.com", ("b@example.com", "Lakshmi Hutchinson"), people=people) == _sets(
        "never-seen b"
    )


def test_two_entries_are_never_merged_and_what_fits_both_stays_by_itself() -> None:
    people = [Listed(emails=("a@example.com",)), Listed(emails=("b@example.com",))]
    given = (
        ("a@example.com", "Lakshmi Hutchinson"),
        ("b@example.com", "Lakshmi Hutchinson"),
        ("c@example.com", "Lakshmi Hutchinson"),
    )
    assert _persons(*given, people=people) == _sets("a", "b", "c")
    notes = _group(*given, people=people).notes
    assert [(note.reason, note.emails, note.entries) for note in notes] == [
        (Reason.TWO_ENTRIES, ("c@example.com",), (0, 1))
    ]


def test_a_group_that_fits_two_entries_by_different_paths_stays_by_itself() -> None:
    people = [Listed(emails=("a@example.com",)), Listed(emails=("b@example.com",))]
    bridge = AddressFacts("c@example.com", ("Lakshmi Hutchinson", "Lucky Hutchinson"))
    given = (("a@example.com", "Lakshmi Hutchinson"), ("b@example.com", "Lucky Hutchinson"), bridge, "c+x@example.com")
    assert _persons(*given, people=people) == _sets("a", "b", "c c+x")


def test_what_fits_two_entries_is_not_given_to_one_by_a_later_rule() -> None:
    people = [Listed(emails=("lee@example.com",)), Listed(emails=("lee+x@example.com",))]
    given = (
        ("lee@example.com", "Lakshmi Hutchinson"),
        "lee+x@example.com",
        ("lee+y@example.com", "Lakshmi Hutchinson"),
    )
    assert _persons(*given, people=people) == _sets("lee", "lee+x", "lee+y")


def test_no_path_leads_through_an_entry() -> None:
    """An address that fits both entries does not cost either what fits it alone."""
    people = [Listed(emails=("a@example.com",)), Listed(emails=("b@example.com",))]
    given = (
        AddressFacts("a@example.com", ("Lakshmi Hutchinson", "Lakshmi Menonson")),
        ("b@example.com", "Lakshmi Hutchinson"),
        ("both@example.com", "Lakshmi Hutchinson"),
        ("one@example.com", "Lakshmi Menonson"),
    )
    assert _persons(*given, people=people) == _sets("a one", "b", "both")


def test_two_namesakes_in_one_thread_are_not_joined_by_an_entry() -> None:
    people = [Listed(emails=("a@example.com",))]
    given = tuple((f"{local}@example.com", "Lakshmi Hutchinson") for local in "abcd")
    assert _persons(*given, people=people, threads=_thread("b@example.com", "c@example.com")) == _sets("a d", "b", "c")


def test_an_address_named_twice_goes_to_the_first_entry() -> None:
    people = [Listed(emails=("a@example.com",)), Listed(emails=("b@example.com", "a@example.com"))]
    grouping = _group("a@example.com", "b@example.com", people=people)
    assert grouping.groups == (0, 1)
    assert grouping.entries == {0: 0, 1: 1}
    assert [note.reason for note in grouping.notes] == [Reason.NAMED_TWICE]


@pytest.mark.parametrize("name", ["Lakshmi Hutchinson", "Hutchinson, Lakshmi"])
def test_an_entry_without_emails_is_the_one_person_whose_name_fits(name: str) -> None:
    grouping = _group("x@example.com", NAMED, people=[Listed(name="Nobody Known"), Listed(name=name)])
    assert grouping.entries == {1: 1}
    assert grouping.notes == ()


def test_an_entry_without_emails_may_have_a_short_name() -> None:
    assert _group(("m@example.com", "Mum"), people=[Listed(name="mum")]).entries == {0: 0}
    assert _group(("w@example.com", "Li Wei"), people=[Listed(name="Wei Li")]).entries == {0: 0}


def test_an_entry_without_emails_that_fits_several_or_a_taken_person_is_reported() -> None:
    given = (("a@example.com", "John Smithson"), ("b@example.com", "John Smithson"))
    john = Listed(name="John Smithson")
    several = _group(*given, people=[john], threads=_thread("a@example.com", "b@example.com"))
    assert (several.entries, [note.reason for note in several.notes]) == ({}, [Reason.SEVERAL_FIT])
    taken = _group(*given, people=[john, Listed(emails=("a@example.com",))])
    assert (taken.entries, [note.reason for note in taken.notes]) == ({0: 1}, [Reason.TAKEN])
    twice = _group(*given, people=[john, john])
    assert (twice.entries, [note.reason for note in twice.notes]) == ({}, [Reason.TWO_ENTRIES])


def test_a_merge_by_hand_makes_one_person() -> None:
    joins = [_join(1, "a@example.com", "gone@example.com", "b@example.com")]
    assert _persons("a@example.com", "b@example.com", "c@example.com", joins=joins) == _sets("a b", "c")


def test_a_split_by_hand_wins_over_every_rule() -> None:
    given = ("lee@example.com", ("lee+x@example.com", "Lakshmi Hutchinson"), NAMED, "lakshmihutchinson@example.org")
    assert _persons(*given) == _sets("lee lee+x lh lakshmihutchinson")
    split = _join(
        1, "lee+x@example.com", "lee@example.com", "lh@example.com", "lakshmihutchinson@example.org", apart=True
    )
    assert _persons(*given, joins=[split]) == _sets("lee", "lee+x", "lh lakshmihutchinson")


def test_a_split_by_hand_holds_on_every_path() -> None:
    """The address found later is like both; it cannot bring them together again."""
    given = tuple((f"{local}@example.com", "Lakshmi Hutchinson") for local in "abc")
    split = _join(1, "a@example.com", "b@example.com", apart=True)
    assert _persons(*given, joins=[split]) == _sets("a", "b", "c")


def test_the_later_word_by_hand_wins() -> None:
    given = ("a@example.com", "b@example.com", "c@example.com")
    merge = _join(1, "a@example.com", "b@example.com", "c@example.com")
    split = _join(2, "b@example.com", "a@example.com", "c@example.com", apart=True)
    again = _join(3, "a@example.com", "b@example.com")
    assert _persons(*given, joins=[merge, split]) == _sets("a c", "b")
    assert _persons(*given, joins=[split, merge]) == _sets("a c", "b")
    assert _persons(*given, joins=[merge, split, again]) == _sets("a b", "c")


def test_the_config_wins_over_merges_and_splits_by_hand() -> None:
    people = [Listed(emails=("a@example.com", "b@example.com")), Listed(emails=("c@example.com",))]
    given = ("a@example.com", "b@example.com", "c@example.com", "d@example.com")
    joins = [
        _join(1, "a@example.com", "b@example.com", apart=True),
        _join(2, "b@example.com", "c@example.com", "d@example.com"),
    ]
    grouping = _group(*given, people=people, joins=joins)
    assert grouping.groups == (0, 0, 1, 2)
    assert {note.reason for note in grouping.notes} == {Reason.CONFIG_WINS}
    assert len(grouping.notes) == 2


def test_a_merge_by_hand_brings_an_address_into_an_entry() -> None:
    people = [Listed(emails=("a@example.com",))]
    grouping = _group(
        "a@example.com", "b@example.com", people=people, joins=[_join(1, "b@example.com", "a@example.com")]
    )
    assert grouping.groups == (0, 0)
    assert grouping.entries == {0: 0}


# -- cost --------------------------------------------------------------------------------------------------------------

SIZE = 4_000


def _random_names() -> list[AddressFacts]:
    source = random.Random(7)
    words = ["".join(source.choices("abcdefghijklmno", k=6)) for _ in range(200)]
    return [
        AddressFacts(f"{source.choice(words)}{n}@example.com", (" ".join(source.choices(words, k=2)),))
        for n in range(SIZE)
    ]


@pytest.mark.parametrize(
    "make",
    [
        _random_names,
        lambda: [AddressFacts(f"u{n}@example.com", ("John Smithson",)) for n in range(SIZE)],
        lambda: [
            AddressFacts(f"john.smithson@d{n}.example", ("John Smithson",) if n % 9 == 0 else ()) for n in range(SIZE)
        ],
        lambda: [AddressFacts(f"john+{n}@example.com", ("John Smithson",)) for n in range(SIZE)],
        lambda: [AddressFacts(f"u{n}@example.com", (f"Anna Kowal{n // 32 + 10**6:x}",)) for n in range(SIZE)],
    ],
    ids=["names", "one name", "one local part", "one address", "full buckets"],
)
def test_who_wrote_together_is_asked_a_bounded_number_of_times(make: Callable[[], list[AddressFacts]]) -> None:
    asked = 0

    def wrote_together(_one: int, _other: int) -> bool:
        nonlocal asked
        asked += 1
        return False

    group(make(), wrote_together=wrote_together)
    assert asked <= SIZE * 31 / 2


def test_no_address_no_person() -> None:
    assert _group() == Grouping((), {}, ())
