"""What the user said: ``[[people]]`` entries, and merges and splits by hand. Done first, and never undone by a rule.

The config wins over what was done by hand, and the later word by hand over the earlier.
"""

from collections.abc import Mapping, Sequence

from daemon.model import Join
from daemon.people.clusters import Clusters
from daemon.people.facts import Conflict, Reason
from daemon.settings import Listed


def settle(
    clusters: Clusters, numbers: Mapping[str, int], people: Sequence[Listed], joins: Sequence[Join]
) -> tuple[Mapping[int, set[int]], list[Conflict]]:
    """Unite in `clusters` what the user said is one; return which addresses are apart, both ways, and conflicts.

    `numbers` maps an address in lower case to its number; addresses not in it are passed over.
    """
    emails = {number: email for email, number in numbers.items()}
    notes = _settle_entries(clusters, numbers, people)
    unions, pairs = _last_words(numbers, joins)
    apart: dict[int, set[int]] = {}
    for one, other in sorted(pairs):
        if clusters.root(one) == clusters.root(other):
            notes.append(_conflict(Reason.CONFIG_WINS, emails, [one, other], [clusters.entry[clusters.root(one)]]))
            continue
        apart.setdefault(one, set()).add(other)
        apart.setdefault(other, set()).add(one)
    for union in unions:  # the newest first, so that it is an older one that has to give way
        named = {clusters.entry[root] for root in map(clusters.root, union) if root in clusters.entry}
        if len(named) > 1:
            notes.append(_conflict(Reason.CONFIG_WINS, emails, union, named))
            continue
        ordered = sorted(union, key=emails.__getitem__)
        for other in ordered[1:]:
            _join(clusters, apart, ordered[0], other)
    return apart, notes


def _settle_entries(clusters: Clusters, numbers: Mapping[str, int], people: Sequence[Listed]) -> list[Conflict]:
    notes: list[Conflict] = []
    owner: dict[int, int] = {}
    for index, listed in enumerate(people):
        named: list[int] = []
        for email in listed.emails:
            number = numbers.get(email.lower())
            if number is None:
                continue
            if owner.setdefault(number, index) == index:
                named.append(number)
            else:
                notes.append(Conflict(Reason.NAMED_TWICE, (email,), (owner[number], index)))
        if named:
            clusters.entry[clusters.unite(named)] = index
    return notes


def _last_words(numbers: Mapping[str, int], joins: Sequence[Join]) -> tuple[list[frozenset[int]], set[tuple[int, int]]]:
    """Return what is one (newest first) and which pairs are not, after later words have undone earlier ones."""
    unions: list[set[int]] = []
    apart: set[tuple[int, int]] = set()
    for join in sorted(joins, key=lambda join: (join.at, join.id)):
        known = [numbers.get(email.lower()) for email in join.emails]
        if join.apart:
            first, others = known[0] if known else None, {number for number in known[1:] if number is not None}
            if first is None:
                continue
            others.discard(first)
            for union in unions:
                if first in union and not union.isdisjoint(others):
                    union.discard(first)
            apart |= {(min(first, other), max(first, other)) for other in others}
        else:
            union = {number for number in known if number is not None}
            apart = {pair for pair in apart if not union.issuperset(pair)}
            unions.append(union)
    return [frozenset(union) for union in reversed(unions) if len(union) > 1], apart


def _join(clusters: Clusters, apart: Mapping[int, set[int]], one: int, other: int) -> None:
    """Unite two clusters unless a newer word keeps them apart, or they are of two entries."""
    one, other = clusters.root(one), clusters.root(other)
    if one == other or (one in clusters.entry and other in clusters.entry):
        return
    theirs = set(clusters.members(other))
    if any(not theirs.isdisjoint(apart.get(member, ())) for member in clusters.members(one)):
        return
    clusters.unite((one, other))


def _conflict(
    reason: Reason, emails: Mapping[int, str], who: Sequence[int] | frozenset[int], entries: Sequence[int] | set[int]
) -> Conflict:
    return Conflict(reason, tuple(sorted(emails[number] for number in who)), tuple(sorted(entries)))
