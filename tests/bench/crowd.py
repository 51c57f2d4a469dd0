"""A crowd of addresses as a long life of mail leaves it, and how long it takes to tell which are one person.

Run as `python -m tests.bench.crowd COUNT`, each time in a process of its own, for names once read are remembered. It
prints one JSON object: `seconds`; how many `persons` came out, and how many there are in `truth`; as `namesakes` the
share of addresses whose name is another person's too.
"""

import json
import random
import sys
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from daemon.people import AddressFacts, group, match_key
from tests.bench.mailbox_maker import FIRST, LAST, PREFIXES

_ENDINGS: Final = ("", "", "a", "o", "ine", "is", "ka", "el", "io", "ana")
_ADDRESSES: Final = (1,) * 72 + (2,) * 18 + (3,) * 7 + (5,) * 3
"""How many addresses each of a hundred people has."""
_NOBODYS_NAME: Final = 60  # addresses that go by a name which is nobody's own
_DOMAINS: Final = 900


@dataclass(frozen=True, slots=True)
class Crowd:
    """Addresses, whose each is, and in which threads each wrote."""

    facts: list[AddressFacts]
    owners: list[int]
    threads: list[frozenset[int]]

    def together(self, one: int, other: int) -> bool:
        """Say whether two wrote in one thread."""
        return not self.threads[one].isdisjoint(self.threads[other])


def make_crowd(count: int, *, seed: int = 11) -> Crowd:
    """Return so many addresses: every fourth person has several; a few names are common, most are rare."""
    rng = random.Random(seed)
    firsts = _Names(rng, [first + ending for ending in _ENDINGS for first in FIRST], 5)
    lasts = _Names(rng, [*LAST, *(prefix + last.lower() for prefix in PREFIXES for last in LAST)], 40)
    known: dict[str, AddressFacts] = {}
    owners = list(range(_NOBODYS_NAME))
    for number in owners:
        email = f"user{number}@club.example"
        known[email] = AddressFacts(email, ("Test User",))
    person = _NOBODYS_NAME
    while len(known) < count:
        first, last = firsts.one(), lasts.one()
        for _ in range(rng.choice(_ADDRESSES)):
            fact = _address(rng, first, last)
            if fact.email not in known and len(known) < count:
                known[fact.email] = fact
                owners.append(person)
        person += 1
    threads = [
        frozenset(rng.randrange(20 * count) for _ in range(min(500, int(rng.paretovariate(0.8))))) for _ in owners
    ]
    return Crowd(list(known.values()), owners, threads)


class _Names:
    """Names of which the first are common and the last are rare."""

    def __init__(self, rng: random.Random, names: list[str], flat: float) -> None:
        self._rng = rng
        self._names = rng.sample(names, len(names))
        self._weights = list(accumulate(1 / (place + flat) for place in range(len(names))))

    def one(self) -> str:
        return self._rng.choices(self._names, cum_weights=self._weights)[0]


def _address(rng: random.Random, first: str, last: str) -> AddressFacts:
    plain, family = (text.encode("ascii", "ignore").decode().lower() for text in (first, last))
    style, domain = rng.random(), f"d{int(rng.paretovariate(0.5)) % _DOMAINS}.example"
    if style < 0.45:
        local = f"{plain}.{family}"
    elif style < 0.55:
        local = plain + family
    elif style < 0.7:
        local = plain[:1] + family
    elif style < 0.75:
        local = plain
    else:
        local = f"{rng.choice(FIRST).encode('ascii', 'ignore').decode().lower()}{rng.randrange(10_000)}"
    if rng.random() < 0.1:
        domain = rng.choice(("gmail.com", "googlemail.com"))
    if rng.random() < 0.02:
        local += f"+{rng.choice(('news', 'shop', 'list'))}"
    names = tuple(_spell(rng, first, last) for _ in range(1 if rng.random() < 0.8 else 2))
    told = rng.random()
    if told < 0.6:
        return AddressFacts(f"{local}@{domain}", own=names)
    return AddressFacts(f"{local}@{domain}", given=names if told < 0.85 else ())


def _spell(rng: random.Random, first: str, last: str) -> str:
    """Return one of the ways in which people write a name."""
    style = rng.random()
    if style < 0.7:
        return f"{first} {last}"
    if style < 0.8:
        return f"{last}, {first}"
    if style < 0.85:
        return f"Dr. {first} {rng.choice('ABEKMR')}. {last}"
    if style < 0.9:
        return f"{first} {last} (Sales)"
    return first if style < 0.95 else first + last


def _namesakes(crowd: Crowd) -> float:
    """Return the share of addresses whose full name is also another person's."""
    bearers: defaultdict[tuple[str, ...], set[int]] = defaultdict(set)
    keys = [{key for name in (*fact.own, *fact.given) if (key := match_key(name))} for fact in crowd.facts]
    for owner, found in zip(crowd.owners, keys, strict=True):
        for key in found:
            bearers[key].add(owner)
    return sum(any(len(bearers[key]) > 1 for key in found) for found in keys) / len(keys)


def main() -> None:
    """Group as many addresses as the argument says."""
    crowd = make_crowd(int(sys.argv[1]))
    start = time.perf_counter()
    grouping = group(crowd.facts, wrote_together=crowd.together)
    seconds = time.perf_counter() - start
    told = {"seconds": seconds, "persons": len(set(grouping.groups)), "truth": len(set(crowd.owners))}
    print(json.dumps({**told, "namesakes": _namesakes(crowd)}))


if __name__ == "__main__":
    main()
