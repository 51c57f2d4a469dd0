"""One stage of merging: given which clusters are alike, which become one.

A pair that quarrels (a split by hand, namesakes in one thread, two entries) is not merged, and neither is it merged by
way of others. Where some that are alike quarrel, nobody can say to whom the rest belong: only those that quarrel with
exactly the same others are merged. That choice depends on no order. An entry draws what is like it, but no path leads
through it: what would fit two entries stays by itself, for good.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from daemon.people.clusters import Clusters, Quarrels, Together
from daemon.people.facts import Conflict, Reason

MOST: Final = 32
"""How many addresses may hang together by names. More share a name that is nobody's own ("Test User"), and are not
merged by it; the bound also holds down how often anyone must ask who wrote in one thread."""

Links = Mapping[int, set[int]]


def run_stage(
    clusters: Clusters,
    pairs: Iterable[tuple[int, int]],
    apart: Mapping[int, set[int]],
    together: Together | None,
    emails: Sequence[str],
) -> list[Conflict]:
    """Unite in `clusters` what `pairs` of addresses say is alike; `together` None where nothing bounds the merging.

    Returns what could not be merged and would surprise the user.
    """
    quarrels = Quarrels(clusters, apart, together)
    links = _link(clusters, pairs, quarrels)
    notes: list[Conflict] = []
    wanted: dict[int, list[int]] = {}
    for component in _components(clusters, links):
        if together is not None and _size(clusters, component) > MOST:
            notes.append(_note(Reason.COMMON_NAME, clusters, component, emails))
            continue
        for part in _refine(clusters, component, links, quarrels):
            drawn = {clusters.entry[other] for node in part for other in links.get(node, ()) if other in clusters.entry}
            root = clusters.unite(part) if len(part) > 1 else part[0]
            fits = clusters.fits.get(root, frozenset()) | drawn
            if fits:
                clusters.fits[root] = fits
            if len(fits) > 1:
                notes.append(_note(Reason.TWO_ENTRIES, clusters, [root], emails, fits))
            elif drawn:
                wanted.setdefault(next(iter(drawn)), []).append(root)
    notes.extend(_attach(clusters, wanted, Quarrels(clusters, apart, together), emails, bounded=together is not None))
    return notes


def _link(clusters: Clusters, pairs: Iterable[tuple[int, int]], quarrels: Quarrels) -> Links:
    links: dict[int, set[int]] = {}
    for one, other in pairs:
        first, second = clusters.root(one), clusters.root(other)
        if first == second or (first in clusters.entry and second in clusters.entry):
            continue
        if second in links.get(first, ()) or quarrels.between(first, second):
            continue
        links.setdefault(first, set()).add(second)
        links.setdefault(second, set()).add(first)
    return links


def _components(clusters: Clusters, links: Links) -> list[list[int]]:
    """Return the clusters without entry that hang together, without paths through entries."""
    free = {node for node in links if node not in clusters.entry}
    return _walk(free, links)


def _walk(nodes: Iterable[int], links: Links) -> list[list[int]]:
    left, found = set(nodes), []
    for start in sorted(left):
        if start not in left:
            continue
        left.discard(start)
        reached = [start]
        for node in reached:
            near = links.get(node, set()) & left
            left -= near
            reached.extend(sorted(near))
        found.append(reached)
    return found


def _refine(clusters: Clusters, component: list[int], links: Links, quarrels: Quarrels) -> list[list[int]]:
    """Divide a component so that no two of a part quarrel, nor any of a part with an entry that draws it."""
    if len(component) == 1:
        return [component]
    entries = {other for node in component for other in links[node] if other in clusters.entry}
    near = len(component) - 1
    if not entries and all(len(links[node]) == near for node in component):
        return [component]  # all are linked with all, so none quarrel
    known = quarrels.among([*component, *entries])
    if not known:
        return [component]
    alike: dict[frozenset[int], list[int]] = {}
    for node in component:
        alike.setdefault(known.get(node, frozenset()), []).append(node)
    return [part for nodes in alike.values() for part in _walk(nodes, links)]


def _attach(
    clusters: Clusters,
    wanted: Mapping[int, list[int]],
    quarrels: Quarrels,
    emails: Sequence[str],
    *,
    bounded: bool,
) -> list[Conflict]:
    """Give each entry the clusters it draws, but those that quarrel with one another."""
    notes = []
    home = {entry: root for root, entry in clusters.entry.items()}
    for entry, roots in sorted(wanted.items()):
        if bounded and _size(clusters, roots) > MOST:
            notes.append(_note(Reason.COMMON_NAME, clusters, roots, emails, [entry]))
            continue
        known = quarrels.among(roots)
        clusters.unite([home[entry], *(root for root in roots if root not in known)])
    return notes


def _size(clusters: Clusters, roots: Iterable[int]) -> int:
    return sum(len(clusters.members(root)) for root in roots)


def _note(
    reason: Reason, clusters: Clusters, roots: Iterable[int], emails: Sequence[str], entries: Iterable[int] = ()
) -> Conflict:
    named = sorted(emails[member] for root in roots for member in clusters.members(root))
    return Conflict(reason, tuple(named), tuple(sorted(entries)))
