"""Addresses that may well be one person and are not merged: only suggested, in `auld check`."""

from collections.abc import Sequence
from itertools import combinations
from typing import Final

from daemon.model import Join
from daemon.people.addresses import canonical, local_letters
from daemon.people.facts import AddressFacts
from daemon.people.roles import is_role

_FEWEST_LETTERS: Final = 7
_MOST_BEARERS: Final = 3  # what more than a few write before their @ distinguishes nobody
_MOST: Final = 20


def find_suspects(
    facts: Sequence[AddressFacts], groups: Sequence[int], *, joins: Sequence[Join] = (), most: int = _MOST
) -> tuple[tuple[str, str], ...]:
    """Return pairs of addresses with the same distinctive local part at two domains that are not one person.

    Distinctive: seven letters or more, no role, borne by at most three persons. At most `most` pairs, sorted.
    What the user split by hand (`joins`) is not suggested again.
    """
    bearers: dict[str, dict[int, str]] = {}
    for fact, person in zip(facts, groups, strict=True):
        if len(local_letters(fact.email)) >= _FEWEST_LETTERS and not is_role(fact.email):
            local = canonical(fact.email).rpartition("@")[0].replace(".", "")
            known = bearers.setdefault(local, {})
            known[person] = min(known.get(person, fact.email), fact.email)
    apart = {frozenset((join.emails[0], other)) for join in joins if join.apart for other in join.emails[1:]}
    pairs = {
        (min(one, other), max(one, other))
        for persons in bearers.values()
        if 1 < len(persons) <= _MOST_BEARERS
        for one, other in combinations(persons.values(), 2)
        if _domain(one) != _domain(other) and frozenset((one, other)) not in apart
    }
    return tuple(sorted(pairs)[:most])


def _domain(email: str) -> str:
    return canonical(email).rpartition("@")[2]
