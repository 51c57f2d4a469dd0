"""Which addresses are one person.

What the user said comes first, then rule A (the same address), B (the same name), D (a local part that is a name), each
over all that the former made one. Merging is transitive; what must be kept apart is kept apart on every path. The result
does not depend on the order in which addresses are given.
"""

from collections.abc import Mapping, Sequence

from daemon.model import Join
from daemon.people.alike import pair_addresses, pair_locals, pair_names, read_names
from daemon.people.byhand import settle
from daemon.people.clusters import Clusters, Together
from daemon.people.facts import AddressFacts, Conflict, Grouping, Reason
from daemon.people.names import Reading, match_key
from daemon.people.stages import run_stage
from daemon.people.text import plain
from daemon.settings import Listed


def group(
    facts: Sequence[AddressFacts],
    *,
    people: Sequence[Listed] = (),
    joins: Sequence[Join] = (),
    wrote_together: Together,
) -> Grouping:
    """Group addresses into persons.

    Args:
        facts: the addresses behind which a person may be, each once.
        people: the ``[[people]]`` entries; addresses of theirs that are not in `facts` are passed over.
        joins: merges and splits by hand.
        wrote_together: says of two positions in `facts` whether both wrote in one thread. Asked only of addresses that
            are alike by B or D, of at most `daemon.people.stages.MOST` at a time.
    """
    emails = [fact.email for fact in facts]
    names = [read_names(fact) for fact in facts]
    numbers: dict[str, int] = {}
    for number, email in enumerate(emails):
        numbers.setdefault(email.lower(), number)
    clusters = Clusters(len(facts))
    apart, notes = settle(clusters, numbers, people, joins)
    notes += run_stage(clusters, pair_addresses(facts, clusters, apart), apart, None, emails)
    pairs, common = pair_names(facts, names, clusters)
    notes += common
    notes += run_stage(clusters, pairs, apart, wrote_together, emails)
    notes += run_stage(clusters, pair_locals(facts, names, clusters), apart, wrote_together, emails)
    notes += _fit_names(clusters, facts, names, people)
    return _number(clusters, notes)


def _fit_names(
    clusters: Clusters, facts: Sequence[AddressFacts], names: Sequence[Sequence[Reading]], people: Sequence[Listed]
) -> list[Conflict]:
    """Give each entry without emails the one person whose name fits."""
    nameless = [(index, listed.name) for index, listed in enumerate(people) if listed.name and not listed.emails]
    if not nameless:
        return []
    by_name = _persons_by_name(clusters, facts, names)
    fitting: dict[int, list[int]] = {}
    notes: list[Conflict] = []
    for index, name in nameless:
        found = by_name.get(_form(name), set())
        emails = tuple(sorted(facts[member].email for root in found for member in clusters.members(root)))
        if len(found) > 1:
            notes.append(Conflict(Reason.SEVERAL_FIT, emails, (index,)))
        for root in found if len(found) == 1 else ():
            if root in clusters.entry:
                notes.append(Conflict(Reason.TAKEN, emails, (index, clusters.entry[root])))
            else:
                fitting.setdefault(root, []).append(index)
    for root, indexes in fitting.items():
        if len(indexes) == 1:
            clusters.entry[root] = indexes[0]
        else:
            emails = tuple(sorted(facts[member].email for member in clusters.members(root)))
            notes.append(Conflict(Reason.TWO_ENTRIES, emails, tuple(indexes)))
    return notes


def _persons_by_name(
    clusters: Clusters, facts: Sequence[AddressFacts], names: Sequence[Sequence[Reading]]
) -> Mapping[tuple[str, ...], set[int]]:
    found: dict[tuple[str, ...], set[int]] = {}
    for number, (fact, readings) in enumerate(zip(facts, names, strict=True)):
        if readings:
            own = fact.own if any(map(plain, fact.own)) else fact.given
            for name in own:
                found.setdefault(_form(name), set()).add(clusters.root(number))
    return found


def _form(name: str) -> tuple[str, ...]:
    """Return what two spellings of one name share; for a name too short to merge by ("Mum", "Li Wei"), its letters."""
    return match_key(name) or (plain(name).casefold(),)


def _number(clusters: Clusters, notes: list[Conflict]) -> Grouping:
    labels: dict[int, int] = {}
    groups = tuple(labels.setdefault(clusters.root(number), len(labels)) for number in range(clusters.count))
    entries = {labels[root]: entry for root, entry in clusters.entry.items()}
    return Grouping(groups, entries, tuple(sorted(set(notes))))
