"""Who is a person, and which addresses are theirs: the point where the rules about people meet the counts.

Who is a person depends on what counts, and what counts depends on how many persons are on a mail. So: start with all
whom nothing rules out by itself, count, apply the rules that look at counts, and repeat until nothing changes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from daemon.contact.attendance import attend
from daemon.contact.copies import Mails
from daemon.contact.mailrules import MailRules
from daemon.contact.nobody import NOBODY_BULK, find_soft, rule_out
from daemon.contact.tally import Tally, find_bulk_only
from daemon.contact.threads import Threads
from daemon.ledger import Ledger, MeetingFact
from daemon.model import Join
from daemon.people import AddressFacts, Conflict, Grouping, group
from daemon.settings import Listed

_ROUNDS: Final = 8
_EACH_WAY: Final = 2


@dataclass(frozen=True, slots=True)
class Census:
    """Persons by number. `person_of[address]` is -1 where nobody is behind it; `nobody` says why.

    `members` are each person's address numbers; numbers past the ledger's own are addresses that only the config
    knows, named in `emails`. `entries` is each person's ``[[people]]`` entry, by index. `mine` is me.
    """

    emails: Sequence[str]
    mine: frozenset[int]
    person_of: Sequence[int]
    members: Sequence[tuple[int, ...]]
    entries: Mapping[int, int]
    nobody: Mapping[int, str]
    conflicts: tuple[Conflict, ...]

    def people_in(self, numbers: Iterable[int]) -> dict[int, int]:
        """Return the persons behind `numbers`, each with one address of theirs among them."""
        person_of = self.person_of  # nobody is behind an address of mine
        return {person_of[number]: number for number in numbers if person_of[number] >= 0}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the census needs of config and hand-made choices."""

    people: Sequence[Listed]
    max_people: int
    joins: Sequence[Join]
    me: str = ""  # the user's own name


def take_census(
    ledger: Ledger,
    mails: Mails,
    meetings: Sequence[MeetingFact],
    mine: Collection[int],
    lists: Collection[int],
    rules: Rules,
    now: int,
) -> Census:
    """Return who is a person, given all facts; `lists` are mailing lists, `now` is in seconds since 1970."""
    emails = list(ledger.addresses)
    listed = _add_listed(rules.people, emails)
    threads = Threads(mails)
    by_itself = rule_out(ledger, emails, mails, meetings, mine, lists, rules.me, listed)
    bulk_only, soft = find_bulk_only(mails), find_soft(ledger, emails)
    doubtful = (bulk_only | soft.keys()) - by_itself.keys() - listed.keys() - set(mine)
    tally = Tally(mails, ledger.groups, mine, doubtful)
    nobody = by_itself
    census = _group(ledger, emails, mine, nobody, rules, threads)
    for _ in range(_ROUNDS):
        counts = tally.count(MailRules(ledger.groups, census, rules.max_people))
        met = _met(meetings, census, rules.max_people, now, doubtful)
        judged = dict(by_itself)
        for number in doubtful:
            sent, received = counts.sent[number], counts.received[number]
            if number in bulk_only and not sent and number not in met:
                judged[number] = NOBODY_BULK
            elif number in soft and min(sent, received) < _EACH_WAY:
                judged[number] = soft[number]
        if judged == nobody:
            break
        nobody = judged
        census = _group(ledger, emails, mine, nobody, rules, threads)
    return census


def _met(
    meetings: Sequence[MeetingFact], census: Census, max_people: int, now: int, doubtful: Collection[int]
) -> set[int]:
    """Return those of the doubtful addresses with whom a meeting counts."""
    met: set[int] = set()
    for fact in meetings:
        if fact.end <= now and any(one.address in doubtful for one in fact.invited):
            met.update(attend(fact, census, max_people).counts.values())
    return met & set(doubtful)


def _add_listed(people: Sequence[Listed], emails: list[str]) -> dict[int, int]:
    """Return the entry each listed address belongs to; adds to `emails` those the ledger does not know."""
    listed: dict[int, int] = {}
    numbers = {email: number for number, email in enumerate(emails)}
    for index, entry in enumerate(people):
        for email in entry.emails:
            number = numbers.get(email)
            if number is None:
                number = numbers[email] = len(emails)
                emails.append(email)
            listed.setdefault(number, index)
    return listed


def address_facts(ledger: Ledger, emails: Sequence[str], number: int) -> AddressFacts:
    """Return what is known of an address for merging."""
    own, given = ledger.own_names.get(number, ()), ledger.given_names.get(number, ())
    return AddressFacts(emails[number], tuple(own), tuple(given))


def _group(
    ledger: Ledger,
    emails: Sequence[str],
    mine: Collection[int],
    nobody: Mapping[int, str],
    rules: Rules,
    threads: Threads,
) -> Census:
    living = [number for number in range(len(emails)) if number not in nobody and number not in mine]
    facts = [address_facts(ledger, emails, number) for number in living]
    grouping: Grouping = group(
        facts,
        people=rules.people,
        joins=rules.joins,
        wrote_together=lambda one, other: threads.shared(living[one], living[other]),
    )
    person_of = [-1] * len(emails)
    members: dict[int, list[int]] = {}
    for position, label in enumerate(grouping.groups):
        members.setdefault(label, []).append(living[position])
    entries: dict[int, int] = {}
    ordered = sorted(members.items(), key=lambda item: item[1][0])
    for person, (label, numbers) in enumerate(ordered):
        for number in numbers:
            person_of[number] = person
        entry = grouping.entries.get(label)
        if entry is not None:
            entries[person] = entry
    return Census(
        emails,
        frozenset(mine),
        person_of,
        tuple(tuple(numbers) for _, numbers in ordered),
        entries,
        nobody,
        grouping.notes,
    )
