"""Which addresses are alike by the rules A, B and D; nothing fuzzier.

Pairs only. Whether a pair is merged is decided in `daemon.people.stages`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from daemon.people.addresses import canonical, local_letters
from daemon.people.clusters import Clusters
from daemon.people.facts import AddressFacts, Conflict, Reason
from daemon.people.names import Reading, differ, read_spellings
from daemon.people.roles import is_role
from daemon.people.stages import MOST


def read_names(facts: AddressFacts, listed: str = "") -> tuple[Reading, ...]:
    """Return the names that count for an address: those it wrote under; only if there is none, those others gave it.

    `listed` is the name the user gives it in ``[[people]]``, one of the latter.
    """
    for names in (facts.own, (*facts.given, listed)):
        readings = tuple(dict.fromkeys(one for name in names for one in read_spellings(name) if one.tokens))
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
        roots = dict.fromkeys(map(clusters.root, numbers))
        firm = [root for root in roots if root not in special and root not in clusters.entry]
        loose = [root for root in roots if root in special or root in clusters.entry]
        yield from pairwise(firm)
        yield from ((one, other) for one in firm[:1] for other in loose)
        yield from combinations(loose, 2)


def pair_names(
    facts: Sequence[AddressFacts], names: Sequence[Sequence[Reading]], clusters: Clusters
) -> tuple[list[tuple[int, int]], list[Conflict]]:
    """Rule B: the same name, whichever of all it wrote under. Names that too many share are left out, and reported."""
    bearers: dict[tuple[str, ...], list[int]] = {}
    for number, readings in enumerate(names):
        for key in dict.fromkeys(reading.key for reading in readings):
            if key is not None:
                bearers.setdefault(key, []).append(number)
    shared = _find_shared(facts, names, clusters, bearers)
    pairs: list[tuple[int, int]] = []
    notes = [Conflict(Reason.SEVERAL_WRITE, (facts[number].email,)) for number in shared]
    for numbers in bearers.values():
        roots = {clusters.root(number) for number in numbers if number not in shared}
        if len(roots) < 2:  # noqa: PLR2004 -- nothing to merge
            continue
        members = [member for root in roots for member in clusters.members(root)]
        if len(members) > MOST:
            notes.append(Conflict(Reason.COMMON_NAME, tuple(sorted(facts[member].email for member in members))))
        else:
            pairs.extend(combinations(sorted(roots), 2))
    return pairs, notes


def _find_shared(
    facts: Sequence[AddressFacts],
    names: Sequence[Sequence[Reading]],
    clusters: Clusters,
    bearers: Mapping[tuple[str, ...], Sequence[int]],
) -> list[int]:
    """Return the addresses from which several people write who also have addresses of their own.

    To go by all of its names would make one person of them: of a couple, or of everybody whose tickets come from there.
    Several at a role address are colleagues, however alike their names are.
    """
    found = []
    for number, readings in enumerate(names):
        if len(readings) < 2:  # noqa: PLR2004 -- one name
            continue
        own = clusters.root(number)
        elsewhere = [
            reading
            for reading in readings
            if reading.key is not None and any(clusters.root(other) != own for other in bearers[reading.key])
        ]
        several = len(elsewhere) > 1 and is_role(facts[number].email)
        if several or any(differ(one, other) for one, other in combinations(elsewhere, 2)):
            found.append(number)
    return found


def pair_locals(
    facts: Sequence[AddressFacts], names: Sequence[Sequence[Reading]], clusters: Clusters
) -> tuple[list[tuple[int, int]], list[Conflict]]:
    """Rule D: the local part of one, or its one-word name, is first+last of the other's name.

    The one's own names must not speak against it: each is a single word or shares one with the other's name.
    """
    joined: dict[str, list[tuple[int, Reading]]] = {}
    for number, readings in enumerate(names):
        if any(differ(one, other) for one, other in combinations(readings, 2)):
            continue  # several people's names
        for reading in readings:
            for text in reading.joined:
                joined.setdefault(text, []).append((number, reading))
    written: dict[str, list[int]] = {}
    for number, readings in enumerate(names):
        for text in {local_letters(facts[number].email), *(reading.word for reading in readings)}:
            if text in joined:
                written.setdefault(text, []).append(number)
    pairs: set[tuple[int, int]] = set()
    notes: list[Conflict] = []
    for text, ones in written.items():
        named = joined[text]
        roots = {clusters.root(number) for number in (*ones, *(other for other, _ in named))}
        members = [member for root in roots for member in clusters.members(root)]
        if len(roots) > 1 and len(members) > MOST:
            notes.append(Conflict(Reason.COMMON_NAME, tuple(sorted(facts[member].email for member in members))))
        elif len(roots) > 1:
            pairs.update((one, other) for one in ones for other, name in named if _may_be(names[one], name))
    return sorted(pairs), notes


def _may_be(own: Sequence[Reading], name: Reading) -> bool:
    shared = set(name.tokens)
    return all(len(reading.tokens) == 1 or not shared.isdisjoint(reading.tokens) for reading in own)
