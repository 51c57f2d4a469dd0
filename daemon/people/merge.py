"""Which addresses are one person.

What the user said comes first, then rule A (the same address), B (the same name), D (a local part that is a name),
each over all that the former made one. Merging is transitive; what must be kept apart is kept apart on every path. The
result does not depend on the order in which addresses are given.
"""

from collections.abc import Iterable, Sequence

from daemon.model import Join
from daemon.people.alike import pair_addresses, pair_locals, pair_names, read_names
from daemon.people.byhand import settle
from daemon.people.clusters import Clusters, Together
from daemon.people.facts import AddressFacts, Conflict, Grouping, Reason
from daemon.people.names import Reading, read
from daemon.people.stages import run_stage
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
    numbers: dict[str, int] = {}
    for number, email in enumerate(emails):
        numbers.setdefault(email.lower(), number)
    called = {email.lower(): listed.name for listed in people if listed.name for email in listed.emails}
    names = [read_names(fact, called.get(fact.email.lower(), "")) for fact in facts]
    clusters = Clusters(len(facts))
    apart, notes = settle(clusters, numbers, people, joins)
    notes += run_stage(clusters, pair_addresses(facts, clusters, apart), apart, None, emails)
    for rule in (pair_names, pair_locals):
        pairs, common = rule(facts, names, clusters)
        notes += common
        notes += run_stage(clusters, pairs, apart, wrote_together, emails)
    notes += _fit_names(clusters, emails, names, people)
    return _number(clusters, notes)


def _fit_names(
    clusters: Clusters, emails: Sequence[str], names: Sequence[Sequence[Reading]], people: Sequence[Listed]
) -> list[Conflict]:
    """Give each entry without emails the one person whose name fits."""
    nameless = [(index, listed.name) for index, listed in enumerate(people) if listed.name and not listed.emails]
    if not nameless:
        return []
    persons: dict[tuple[str, ...], set[int]] = {}
    for number, readings in enumerate(names):
        for reading in readings:
            persons.setdefault(_form(reading), set()).add(clusters.root(number))
    fitting: dict[int, list[int]] = {}
    notes: list[Conflict] = []
    for index, name in nameless:
        found = persons.get(_form(read(name)), set())
        if len(found) > 1:
            notes.append(Conflict(Reason.SEVERAL_FIT, _members(clusters, found, emails), (index,)))
        for root in found if len(found) == 1 else ():
            fitting.setdefault(root, []).append(index)
    for root, indexes in fitting.items():
        if root in clusters.entry:
            entries = (*indexes, clusters.entry[root])
            notes.append(Conflict(Reason.TAKEN, _members(clusters, [root], emails), tuple(sorted(entries))))
        elif len(indexes) > 1:
            notes.append(Conflict(Reason.TWO_ENTRIES, _members(clusters, [root], emails), tuple(indexes)))
        else:
            clusters.entry[root] = indexes[0]
    return notes


def _form(reading: Reading) -> tuple[str, ...]:
    """Return what two spellings of one name share; of a name too short to merge by ("Mum", "Li Wei"), all its words."""
    return reading.key or tuple(sorted(reading.tokens))


def _members(clusters: Clusters, roots: Iterable[int], emails: Sequence[str]) -> tuple[str, ...]:
    return tuple(sorted(emails[member] for root in roots for member in clusters.members(root)))


def _number(clusters: Clusters, notes: list[Conflict]) -> Grouping:
    labels: dict[int, int] = {}
    groups = tuple(labels.setdefault(clusters.root(number), len(labels)) for number in range(clusters.count))
    entries = {labels[root]: entry for root, entry in clusters.entry.items()}
    return Grouping(groups, entries, tuple(sorted(set(notes))))
