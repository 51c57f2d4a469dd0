"""Counting the mails of addresses in doubt, so that the rules about people can be asked cheaply.

Mails with the same sender and recipients are one entry with a count, and only those that an address in doubt wrote or
got are kept, so that repeating the count costs a fraction of reading all mails.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from connectors.types import Mark
from daemon.contact.copies import Mails
from daemon.contact.mailrules import MailRules
from daemon.people import is_role

_MEMBERS: Final = 3
_NO_PROOF: Final = int(Mark.AUTOREPLY | Mark.RECEIPT | Mark.CALENDAR)


def find_bulk_only(mails: Mails) -> set[int]:
    """Return the addresses that sent bulk or automatic mail and nothing else.

    A vacation reply, a read receipt or a calendar reply proves nothing about an address.
    """
    bulk: set[int] = set()
    personal: set[int] = set()
    for sender, marks in set(zip(mails.sender, mails.marks, strict=True)):
        if not marks:
            personal.add(sender)
        elif not marks & _NO_PROOF:
            bulk.add(sender)
    return bulk - personal


def find_roles(emails: Sequence[str]) -> set[int]:
    """Return the numbers of the addresses that are named after a role."""
    return {number for number, email in enumerate(emails) if is_role(email)}


def find_used_as_lists(
    mails: Mails, groups: Sequence[Collection[int]], mine: Collection[int], lists: Collection[int]
) -> set[int]:
    """Return the addresses through which mail of three people or more reached me, none of whose mails names me.

    That is a mailing list which does not say so in its headers (or an address of mine that nobody told of): it never
    writes itself. Where several stand on such a mail, the one that stands on most of them explains it; one of `lists`,
    known by other means, explains it at once.
    """
    mine, lists = frozenset(mine), frozenset(lists)
    aside: dict[int, set[int]] = {}
    for sender, group in {
        (sender, group)
        for sender, group, in_sent, marks in zip(mails.sender, mails.group, mails.in_sent, mails.marks, strict=True)
        if not marks and not in_sent and sender >= 0
    }:
        members = groups[group]
        if sender not in mine and mine.isdisjoint(members) and lists.isdisjoint(members):
            aside.setdefault(group, set()).add(sender)
    if not aside:
        return set()
    writers = set(mails.sender)
    through: dict[int, list[int]] = {}
    for group in aside:
        for number in groups[group]:
            if number not in writers:
                through.setdefault(number, []).append(group)
    found: set[int] = set()
    for number in sorted(through, key=lambda number: (-len(through[number]), number)):
        if len(set().union(*(aside.get(group, ()) for group in through[number]))) >= _MEMBERS:
            found.add(number)
            for group in through[number]:
                aside.pop(group, None)
    return found


@dataclass(frozen=True, slots=True)
class Counts:
    """Counted mails by address number: of mine to them, and of theirs to me."""

    sent: Counter[int]
    received: Counter[int]


class Tally:
    """The mails, without bulk or automatic ones, between me and addresses in doubt."""

    def __init__(
        self, mails: Mails, groups: Sequence[Collection[int]], mine: Collection[int], doubtful: Collection[int]
    ) -> None:
        mine, doubtful = frozenset(mine), frozenset(doubtful)
        theirs = {number for number, group in enumerate(groups) if not doubtful.isdisjoint(group)}
        self._mine = mine
        self._pairs: Mapping[tuple[int, int], int] = Counter(
            (sender, group)
            for sender, group, marks in zip(mails.sender, mails.group, mails.marks, strict=True)
            if not marks and (sender in doubtful or (group in theirs and sender in mine))
        )

    def count(self, rules: MailRules) -> Counts:
        """Count what counts, given who is a person."""
        sent: Counter[int] = Counter()
        received: Counter[int] = Counter()
        for (sender, group), count in self._pairs.items():
            target = sent if sender in self._mine else received
            for address in rules.judge(sender, group).people.values():
                target[address] += count
        return Counts(sent, received)
