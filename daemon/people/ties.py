"""Why the addresses of a person were taken for one: the evidence that `auld why` tells. It merges nothing itself."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations

from daemon.model import Join
from daemon.people.alike import pair_addresses, pair_locals, pair_names, read_names
from daemon.people.clusters import Clusters
from daemon.people.display import clean_name
from daemon.people.facts import AddressFacts
from daemon.people.names import read_spellings


class TieRule(StrEnum):
    """By what an address belongs to a person, the strongest first."""

    LISTED = "listed"
    BY_HAND = "by-hand"
    ADDRESS = "address"
    NAME = "name"
    LOCAL_PART = "local-part"


@dataclass(frozen=True, slots=True)
class Tie:
    """`email` is the same person's as `other`, by `rule`; `name` is what both write under (`NAME`), else ""."""

    email: str
    other: str
    rule: TieRule
    name: str = ""


def find_ties(
    facts: Sequence[AddressFacts], *, listed: Iterable[str] = (), name: str = "", joins: Iterable[Join] = ()
) -> tuple[Tie, ...]:
    """Return one tie for each address of a person but the first, as far as one can be told.

    Args:
        facts: all addresses of the person.
        listed: the emails of their ``[[people]]`` entry, and
        name: its name.
        joins: merges by hand.
    """
    numbers = {fact.email: number for number, fact in enumerate(facts)}
    named = frozenset(listed)
    names = [read_names(fact, name if fact.email in named else "") for fact in facts]
    alone = Clusters(len(facts))
    links: list[tuple[TieRule, Iterable[tuple[int, int]]]] = [
        (TieRule.LISTED, _all_pairs(numbers[email] for email in named if email in numbers)),
        (
            TieRule.BY_HAND,
            [
                pair
                for join in joins
                if not join.apart
                for pair in _all_pairs(numbers[email] for email in join.emails if email in numbers)
            ],
        ),
        (TieRule.ADDRESS, pair_addresses(facts, alone, ())),
        (TieRule.NAME, pair_names(facts, names, alone)[0]),
        (TieRule.LOCAL_PART, pair_locals(facts, names, alone)[0]),
    ]
    graph = [(rule, one, other) for rule, pairs in links for one, other in pairs]
    tied, found = {0}, []
    while edge := next((edge for edge in graph if (edge[1] in tied) != (edge[2] in tied)), None):
        rule, one, other = edge
        new, old = (other, one) if one in tied else (one, other)
        tied.add(new)
        shared = _shared_name(facts[new], facts[old]) if rule is TieRule.NAME else ""
        found.append(Tie(facts[new].email, facts[old].email, rule, shared))
    return tuple(found)


def _all_pairs(numbers: Iterable[int]) -> list[tuple[int, int]]:
    return list(combinations(sorted(set(numbers)), 2))


def _shared_name(one: AddressFacts, other: AddressFacts) -> str:
    """Return a name that `one` writes under and `other` as well, as `one` writes it; "" if others only gave it."""
    theirs = {reading.key for name in (*other.own, *other.given) for reading in read_spellings(name)} - {None}
    for name in (*one.own, *one.given):
        if any(reading.key in theirs for reading in read_spellings(name)):
            return clean_name(name)
    return ""
