"""Sets of addresses that are one person so far, and what keeps two of them apart.

A cluster knows the ``[[people]]`` entry it belongs to, and the entries it would fit. This module only keeps books;
which clusters are to be united is decided in `daemon.people.stages`.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

Together = Callable[[int, int], bool]


class Clusters:
    """Disjoint sets of the numbers 0 to n-1, each named by one of its members, its root."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._root = list(range(count))
        self._members: dict[int, list[int]] = {}
        self.entry: dict[int, int] = {}
        self.fits: dict[int, frozenset[int]] = {}

    def root(self, one: int) -> int:
        """Return the root of the cluster that `one` is in."""
        return self._root[one]

    def members(self, root: int) -> Sequence[int]:
        """Return the members of the cluster whose root is `root`."""
        return self._members.get(root) or (root,)

    def unite(self, roots: Iterable[int]) -> int:
        """Make one cluster of those with these roots, of which at most one has an entry; return its root."""
        ordered = sorted(set(roots), key=lambda root: (-len(self.members(root)), root))
        first = ordered[0]
        target = self._members.setdefault(first, [first])
        for root in ordered[1:]:
            for member in self.members(root):
                self._root[member] = first
                target.append(member)
            self._members.pop(root, None)
            self.fits[first] = self.fits.get(first, frozenset()) | self.fits.pop(root, frozenset())
            if root in self.entry:
                self.entry[first] = self.entry.pop(root)
        return first


class Quarrels:
    """Which clusters must not be one, asked once a pair: hand-made splits and, if `together` is given, namesakes.

    Roots must not change while an instance is in use. `apart` is of addresses and goes both ways.
    """

    def __init__(self, clusters: Clusters, apart: Mapping[int, set[int]], together: Together | None) -> None:
        self._clusters = clusters
        self._together = together
        self._asked: dict[tuple[int, int], bool] = {}
        self._apart: dict[int, set[int]] = {}
        for one, others in apart.items():
            self._apart.setdefault(clusters.root(one), set()).update(map(clusters.root, others))

    def between(self, one: int, other: int) -> bool:
        """Say whether these two clusters (roots) must not be one."""
        if other in self._apart.get(one, ()):
            return True
        together = self._together
        if together is None:
            return False
        pair = (one, other) if one < other else (other, one)
        known = self._asked.get(pair)
        if known is None:
            mine, theirs = self._clusters.members(one), self._clusters.members(other)
            known = self._asked[pair] = any(together(a, b) for a in mine for b in theirs)
        return known

    def among(self, roots: Iterable[int]) -> Mapping[int, frozenset[int]]:
        """Return for each of `roots` that quarrels with some of the others, with which."""
        nodes = sorted(roots)
        if self._together is None:
            if not self._apart:
                return {}
            known = set(nodes)
            found = {node: frozenset(self._apart.get(node, set()) & known) for node in nodes}
            return {node: others for node, others in found.items() if others}
        quarrels: dict[int, set[int]] = {}
        for place, one in enumerate(nodes):
            for other in nodes[place + 1 :]:
                if self.between(one, other):
                    quarrels.setdefault(one, set()).add(other)
                    quarrels.setdefault(other, set()).add(one)
        return {node: frozenset(others) for node, others in quarrels.items()}
