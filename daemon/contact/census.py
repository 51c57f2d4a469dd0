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
from daemon.contact.tally import Tally, find_bulk_only, find_roles, find_used_as_lists
from daemon.contact.threads import Threads
from daemon.ledger import Ledger, MeetingFact
from daemon.model import Join
from daemon.people import (
    AddressFacts,
    Conflict,
    Grouping,
    count_people,
    group,
    hard_no,
    human_name,
    is_relay,
    via_list,
)
from daemon.settings import Listed

_ROUNDS: Final = 8
_EACH_WAY: Final = 2
_CROWD: Final = 4  # so many people's names at one address are no family's
_THRONG: Final = 6  # and so many are nobody's, whatever went to and fro: one answers tickets, too

NOBODY_ROBOT = "robot address"
NOBODY_LIST = "mailing list"
NOBODY_RESOURCE = "room or resource"
NOBODY_BULK = "all their mail is bulk or automatic"
NOBODY_ROLE = "role address"
NOBODY_REPLY_TO = "only ever stood in a Reply-To"
NOBODY_RELAY = "address of a service that writes in people's names"
NOBODY_SHARED = "many people's names write from it"
NOBODY_USED_AS_LIST = "mail of many to it reached you, though you are not on it: a list, or an address of yours"


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


def take_census(
    ledger: Ledger,
    mails: Mails,
    meetings: Sequence[MeetingFact],
    mine: Collection[int],
    rules: Rules,
    now: int,
) -> Census:
    """Return who is a person, given all facts; `now` in seconds since 1970."""
    emails = list(ledger.addresses)
    listed = _add_listed(rules.people, emails)
    threads = Threads(mails)
    by_itself = _rule_out(ledger, emails, mails, meetings, listed)
    for number in find_used_as_lists(mails, ledger.groups, mine) - listed.keys():
        by_itself.setdefault(number, NOBODY_USED_AS_LIST)
    bulk_only, soft = find_bulk_only(mails), _find_soft(ledger, emails)
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


def _rule_out(
    ledger: Ledger, emails: Sequence[str], mails: Mails, meetings: Sequence[MeetingFact], listed: Collection[int]
) -> dict[int, str]:
    """Return the addresses that can be judged by themselves, with the reason."""
    nobody = dict.fromkeys(_find_asides(ledger, mails), NOBODY_REPLY_TO)
    for fact in meetings:
        for one in fact.invited:
            if one.resource:
                nobody[one.address] = NOBODY_RESOURCE
    for number in find_lists(ledger):
        nobody[number] = NOBODY_LIST
    for number, names in ledger.own_names.items():
        if len(names) >= _THRONG and count_people(names) >= _THRONG:
            nobody[number] = NOBODY_SHARED
    for number, email in enumerate(emails):
        if hard_no(email):
            nobody[number] = NOBODY_ROBOT
    return {number: reason for number, reason in nobody.items() if number not in listed}


def _find_asides(ledger: Ledger, mails: Mails) -> set[int]:
    """Return who is known only as a possible author behind another's From: newsletters make a Reply-To a mail."""
    asides = set(ledger.authors.values()).difference(mails.sender, ledger.mails.sender, *ledger.groups)
    for fact in ledger.meetings.values():
        asides.difference_update((fact.organizer, fact.creator), (one.address for one in fact.invited))
    return asides


def find_lists(ledger: Ledger) -> set[int]:
    """Return the mailing lists' addresses: those some mail says are one, and those that write as "Name via List"."""
    rewriting = {number for number, names in ledger.own_names.items() if any(via_list(name) for name in names)}
    return ledger.lists | rewriting


def _find_soft(ledger: Ledger, emails: Sequence[str]) -> dict[int, str]:
    """Return the addresses that are nobody's unless the counts say otherwise, with the reason."""
    soft = {number: NOBODY_ROLE for number in find_roles(emails) if not _human(ledger, number, emails[number])}
    soft |= {number: NOBODY_RELAY for number, email in enumerate(emails) if is_relay(email)}
    many = (number for number, names in ledger.own_names.items() if len(names) >= _CROWD)
    return soft | {number: NOBODY_SHARED for number in many if count_people(ledger.own_names[number]) >= _CROWD}


def _human(ledger: Ledger, number: int, email: str) -> bool:
    """Say whether an address, named after a role, is called like one human being."""
    names = ledger.own_names.get(number) or ledger.given_names.get(number) or {}
    return any(human_name(name, email) for name in names) and count_people(names) <= 1


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
