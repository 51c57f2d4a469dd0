"""Addresses that may well be one person and are not merged: only suggested, in `auld check`."""

from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

from daemon.model import Join
from daemon.people.addresses import canonical, local_letters
from daemon.people.alike import read_names
from daemon.people.facts import AddressFacts
from daemon.people.names import count_people
from daemon.people.roles import is_role

_FEWEST_LETTERS: Final = 7
_MOST_BEARERS: Final = 3  # what more than a few write before their @ distinguishes nobody
_MOST: Final = 20


def find_suspects(
    facts: Sequence[AddressFacts],
    groups: Sequence[int],
    *,
    entries: Collection[int] = (),
    joins: Sequence[Join] = (),
    most: int = _MOST,
) -> tuple[tuple[str, str], ...]:
    """Return pairs of addresses of two persons that may be one person's.

    They have the same distinctive local part at two domains (seven letters or more, no role), or write under one name
    and were kept apart because both wrote in one thread; no more than three persons share either. At most `most` pairs,
    sorted. What the user split by hand (`joins`) is not suggested again, nor are two persons who both stand in
    ``[[people]]`` (`entries`): the user says already that they are two.
    """
    apart = {frozenset((join.emails[0], other)) for join in joins if join.apart for other in join.emails[1:]}
    pairs = {
        *((one, other) for one, other in _pairs(_by_local_part(facts, groups)) if _domain(one) != _domain(other)),
        *_pairs(_by_name(facts, groups)),
    }
    listed = {fact.email for fact, person in zip(facts, groups, strict=True) if person in entries}
    return tuple(sorted(pair for pair in pairs if frozenset(pair) not in apart and not listed.issuperset(pair))[:most])


def _pairs(bearers: Mapping[Hashable, Mapping[int, str]]) -> Iterator[tuple[str, str]]:
    for persons in bearers.values():
        if 1 < len(persons) <= _MOST_BEARERS:
            yield from combinations(sorted(persons.values()), 2)


def _domain(email: str) -> str:
    return canonical(email).rpartition("@")[2]


def _by_local_part(facts: Sequence[AddressFacts], groups: Sequence[int]) -> Mapping[Hashable, Mapping[int, str]]:
    """Return for each distinctive local part the persons who have it, with an address each."""
    bearers: dict[Hashable, dict[int, str]] = {}
    for fact, person in zip(facts, groups, strict=True):
        if len(local_letters(fact.email)) >= _FEWEST_LETTERS and not is_role(fact.email):
            local = canonical(fact.email).rpartition("@")[0].replace(".", "")
            _note(bearers.setdefault(local, {}), person, fact.email)
    return bearers


def _by_name(facts: Sequence[AddressFacts], groups: Sequence[int]) -> Mapping[Hashable, Mapping[int, str]]:
    """Return for each name the persons who write under it, with an address each."""
    bearers: dict[Hashable, dict[int, str]] = {}
    for fact, person in zip(facts, groups, strict=True):
        if count_people(fact.own) > 1:
            continue  # several people's address
        for key in {reading.key for reading in read_names(fact)}:
            if key is not None:
                _note(bearers.setdefault(key, {}), person, fact.email)
    return bearers


def _note(bearers: dict[int, str], person: int, email: str) -> None:
    bearers[person] = min(bearers.get(person, email), email)
