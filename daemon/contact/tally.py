"""Counting mails by kind: who wrote to whom, how often, so that the rules about people can be asked cheaply.

Mails with the same sender, recipients and marks are one entry with a count, so that repeating the count costs a
fraction of reading all mails.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from connectors.types import Mark
from daemon.contact.copies import Mails
from daemon.contact.mailrules import MailRules
from daemon.people import is_role

_NO_PROOF: Final = int(Mark.AUTOREPLY | Mark.RECEIPT | Mark.CALENDAR)


@dataclass(frozen=True, slots=True)
class Counts:
    """Counted mails by address number: of mine to them, and of theirs to me."""

    sent: Counter[int]
    received: Counter[int]


@dataclass(slots=True)
class Tally:
    """Mails by (sender, group, marks). `bulk_only`: addresses that sent bulk or automatic mail and nothing else."""

    entries: Mapping[tuple[int, int, int], int]
    bulk_only: set[int]
    roles: set[int] = field(default_factory=set)

    @classmethod
    def take(cls, mails: Mails, emails: Sequence[str]) -> "Tally":
        """Count `mails`. A vacation reply, a read receipt or a calendar reply proves nothing about an address."""
        entries = Counter(zip(mails.sender, mails.group, mails.marks, strict=True))
        bulk: set[int] = set()
        personal: set[int] = set()
        for sender, _, marks in entries:
            if not marks:
                personal.add(sender)
            elif not marks & _NO_PROOF:
                bulk.add(sender)
        roles = {number for number, email in enumerate(emails) if is_role(email)}
        return cls(entries, bulk - personal, roles)

    def count(self, rules: MailRules, mine: Collection[int]) -> Counts:
        """Count what counts, given who is a person."""
        sent: Counter[int] = Counter()
        received: Counter[int] = Counter()
        for (sender, group, marks), count in self.entries.items():
            if marks:
                continue
            target = sent if sender in mine else received
            for address in rules.judge(sender, group).people.values():
                target[address] += count
        return Counts(sent, received)
