"""Which addresses are alike by the rules A, B and D; nothing fuzzier.

Pairs only. Whether a pair is merged is decided in `daemon.people.stages`.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations

from daemon.people.addresses import canonical, local_letters
from daemon.people.clusters import Clusters
from daemon.people.facts import AddressFacts, Conflict, Reason
from daemon.people.names import Reading, read
from daemon.people.stages import MOST

_FEWEST_LETTERS = 8


def read_names(facts: AddressFacts) -> tuple[Reading, ...]:
    """Return the names that count for an address: those it wrote under; only if there is none, those others gave it."""
    for names in (facts.own, facts.given):
        readings = tuple(dict.fromkeys(reading for reading in map(read, names) if reading.tokens))
        if readings:
            return readings
    return ()


def pair_addresses(
    facts: Sequence[AddressFacts], clusters: Clusters, apart: Iterable[int]
) -> Iterator[tuple[int, int]]:
    """Rule A: the same canonical address. `apart` are the addresses that the user split from others."""
    buckets: dict[str, list[int]] = {}
    for number, fact in enumerate(facts):
        buckets.setdefault(canonical(fact.email), []).append(number)
    special = {clusters.root(number) for number in apart}
    for numbers in buckets.values():
        if len(numbers) == 1:
            continue
        # All are alike. A chain says so as well as all pairs, if no link of it can break.
        firm = [n for n in numbers if clusters.root(n) not in special and clusters.root(n) not in clusters.entry]
        loose = [n for n in numbers if clusters.root(n) in special or clusters.root(n) in clusters.entry]
        yield from zip(firm, firm[1:], strict=False)
        yield from ((one, other) for one in firm[:1] for other in loose)
        yield from combinations(loose, 2)


def pair_names(
    facts: Sequence[AddressFacts], names: Sequence[Sequence[Reading]], clusters: Clusters
) -> tuple[list[tuple[int, int]], list[Conflict]]:
    """Rule B: the same name, whichever of all it wrote under. Names that too many share are left out, and reported."""
    buckets: dict[tuple[str, ...], set[int]] = {}
    for number, readings in enumerate(names):
        for reading in readings:
            if reading.key is not None:
                buckets.setdefault(reading.key, set()).add(clusters.root(number))
    pairs: list[tuple[int, int]] = []
    notes: list[Conflict] = []
    for roots in buckets.values():
        if len(roots) == 1:
            continue
        members = [member for root in roots for member in clusters.members(root)]
        if len(members) > MOST:
            notes.append(Conflict(Reason.COMMON_NAME, tuple(sorted(facts[member].email for member in members))))
        else:
            pairs.extend(combinations(sorted(roots), 2))
    return pairs, notes


def pair_locals(
    facts: Sequence[AddressFacts], names: Sequence[Sequence[Reading]], clusters: Clusters
) -> list[tuple[int, int]]:
    """Rule D: the local part of one, or its one-word name, is first+last of the other's name.

    The one's own names must not speak against it: each is a single word or shares one with the other's name.
    """
    joined: dict[str, list[tuple[int, Reading]]] = {}
    for number, readings in enumerate(names):
        for reading in readings:
            for text in reading.joined:
                joined.setdefault(text, []).append((number, reading))
    pairs: set[tuple[int, int]] = set()
    crowded = {text for text, named in joined.items() if len({clusters.root(n) for n, _ in named}) > MOST}
    for one, readings in enumerate(names):
        texts = {local_letters(facts[one].email), *(reading.word for reading in readings)}
        for text in texts:
            if len(text) < _FEWEST_LETTERS or text in crowded:
                continue
            pairs.update(
                (one, other) for other, name in joined.get(text, ()) if other != one and _may_be(readings, name)
            )
    return sorted(pairs)


def _may_be(own: Sequence[Reading], name: Reading) -> bool:
    shared = set(name.tokens)
    return all(len(reading.tokens) == 1 or not shared.isdisjoint(reading.tokens) for reading in own)
