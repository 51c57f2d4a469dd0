"""What must hold of any grouping, whatever the addresses, names, entries, merges and splits are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from daemon.model import Join
from daemon.people import AddressFacts, Grouping, group
from daemon.settings import Listed

AT = datetime(2024, 5, 1, tzinfo=UTC)
LOCALS = ["anna", "anna+x", "anna+y", "annakowalska", "kowalska.anna", "p", "q", "r", "s"]
NAMES = ["Anna Kowalska", "Kowalska, Anna", "Anna Nowakowa", "AnnaKowalska", "Anna", "Piotr Kowalski", "", "?\u202e("]
EMAILS = [f"{local}@{domain}" for local in LOCALS for domain in ("example.com", "example.org")]


@dataclass(frozen=True, slots=True)
class Case:
    facts: tuple[AddressFacts, ...]
    people: tuple[Listed, ...]
    joins: tuple[Join, ...]
    threads: frozenset[frozenset[str]]

    def group(self, facts: Sequence[AddressFacts]) -> Grouping:
        def wrote_together(one: int, other: int) -> bool:
            return frozenset({facts[one].email, facts[other].email}) in self.threads

        return group(facts, people=self.people, joins=self.joins, wrote_together=wrote_together)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    emails = draw(st.lists(st.sampled_from(EMAILS), unique=True, min_size=1, max_size=12))
    names = st.lists(st.sampled_from(NAMES), max_size=2).map(tuple)
    facts = tuple(AddressFacts(email, draw(names), draw(names)) for email in emails)
    owned = draw(st.lists(st.lists(st.sampled_from(EMAILS), min_size=0, max_size=2, unique=True), max_size=3))
    people = tuple(Listed(name=draw(st.sampled_from(NAMES[:5])), emails=tuple(own)) for own in owned)
    few = st.lists(st.sampled_from(EMAILS), min_size=2, max_size=3, unique=True)
    joins = tuple(Join(n, tuple(draw(few)), draw(st.booleans()), AT) for n in range(draw(st.integers(0, 3))))
    pairs = st.lists(st.sampled_from(EMAILS), min_size=2, max_size=2, unique=True).map(frozenset)
    return Case(facts, people, joins, frozenset(draw(st.lists(pairs, max_size=4))))


def _persons(facts: Sequence[AddressFacts], grouping: Grouping) -> set[frozenset[str]]:
    persons: dict[int, set[str]] = {}
    for fact, number in zip(facts, grouping.groups, strict=True):
        persons.setdefault(number, set()).add(fact.email)
    return {frozenset(person) for person in persons.values()}


@given(cases())
def test_every_address_is_in_one_person_numbered_by_first_appearance(case: Case) -> None:
    groups = case.group(case.facts).groups
    assert len(groups) == len(case.facts)
    assert list(dict.fromkeys(groups)) == list(range(len(set(groups))))


@given(cases(), st.randoms(use_true_random=False))
def test_the_grouping_does_not_depend_on_the_order(case: Case, random: object) -> None:
    turned = list(case.facts)
    random.shuffle(turned)  # type: ignore[attr-defined]
    first, second = case.group(case.facts), case.group(turned)
    assert _persons(case.facts, first) == _persons(turned, second)
    assert first.notes == second.notes
    owners = [
        {(fact.email, it.entries.get(number)) for fact, number in zip(facts, it.groups, strict=True)}
        for facts, it in ((case.facts, first), (turned, second))
    ]
    assert owners[0] == owners[1]


@given(cases())
def test_two_entries_are_never_merged(case: Case) -> None:
    grouping = case.group(case.facts)
    entry_of = {fact.email: grouping.entries.get(n) for fact, n in zip(case.facts, grouping.groups, strict=True)}
    claimed: set[str] = set()
    for index, listed in enumerate(case.people):
        own = [email for email in listed.emails if email not in claimed and email in entry_of]
        claimed.update(listed.emails)
        assert {entry_of[email] for email in own} <= {index}
    assert len(set(grouping.entries.values())) == len(grouping.entries)


@given(cases())
def test_the_last_split_by_hand_holds_on_every_path(case: Case) -> None:
    if not case.joins or not case.joins[-1].apart:
        return
    one, *others = case.joins[-1].emails
    known = {email: index for index, listed in reversed(list(enumerate(case.people))) for email in listed.emails}
    person_of = {fact.email: n for fact, n in zip(case.facts, case.group(case.facts).groups, strict=True)}
    for other in others:
        if {one, other} <= person_of.keys() and not (one in known and known[one] == known.get(other)):
            assert person_of[one] != person_of[other]


@given(cases())
def test_two_who_wrote_in_one_thread_are_one_only_by_address_or_by_hand(case: Case) -> None:
    if case.joins or case.people:
        return
    person_of = {fact.email: n for fact, n in zip(case.facts, case.group(case.facts).groups, strict=True)}
    for thread in case.threads:
        one, other = thread
        bases = {(email.partition("+")[0].partition("@")[0], email.partition("@")[2]) for email in thread}
        if thread <= person_of.keys() and len(bases) == 2:
            assert person_of[one] != person_of[other]
