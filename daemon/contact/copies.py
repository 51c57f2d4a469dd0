"""One mail out of its copies, one meeting out of its calendars (rules: "Moment and identity of a fact").

A mail seen in two folders or accounts is one: moment and account are those of the Sent copy, else of the earliest; it
counts if any copy counts. A meeting in two calendars is one: the organiser's copy wins, else the higher SEQUENCE, else
the later change; of each attendee a known answer beats none, of mine the later one, else "accepted".
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from connectors.types import Answer
from daemon.ledger import Ledger, MeetingFact
from daemon.ledger.mails import IN_SENT, OUTSIDE_SENT, TRUNCATED
from daemon.ledger.meetings import Invited
from daemon.people import hard_no

TRUNCATED_MARK: Final = 1 << 15  # beside connectors.types.Mark: more recipients than are told, so never personal


@dataclass(frozen=True, slots=True)
class Mails:
    """Parallel sequences, one entry a mail; `marks` 0 means that nothing says it is bulk or automatic."""

    at: Sequence[int]
    sender: Sequence[int]
    group: Sequence[int]
    marks: Sequence[int]
    account: Sequence[int]
    key: Sequence[int]
    thread: Sequence[int]
    in_sent: Sequence[int]  # 1: a copy lies in a Sent folder
    outside: Sequence[int]  # 1: a copy lies in another folder

    def __len__(self) -> int:
        return len(self.at)


def unite_mails(ledger: Ledger, lists: Collection[int]) -> Mails:
    """Return every mail of the ledger once.

    `lists` are mailing lists' addresses: who writes through one that rewrites the From is the author it names. Behind
    a robot's address ("Ana (via Google Docs)" at a no-reply) nobody wrote, whomever it names.
    """
    table = ledger.mails
    senders = table.sender
    rewritten = {
        row: author
        for row, author in ledger.authors.items()
        if senders[row] in lists and author not in lists and not hard_no(ledger.addresses[senders[row]])
    }
    if rewritten:
        senders = senders[:]
        for row, author in rewritten.items():
            senders[row] = author
    marks = table.marks
    if any(flags & TRUNCATED for flags in table.flags):
        marks = type(marks)(
            "H",
            (one | TRUNCATED_MARK if flags & TRUNCATED else one for one, flags in zip(marks, table.flags, strict=True)),
        )
    if len(set(table.key)) == len(table):
        in_sent = [flags & IN_SENT for flags in table.flags]
        outside = [flags & OUTSIDE_SENT for flags in table.flags]
        return Mails(table.at, senders, table.group, marks, table.account, table.key, table.thread, in_sent, outside)
    heads: dict[int, int] = {}  # key -> position in the united columns
    rows: list[int] = []  # position -> row of the copy that gives moment and account
    facts: list[int] = []  # position -> row of the copy that gives the rest
    in_sent = []
    outside = []
    for row, (key, flags) in enumerate(zip(table.key, table.flags, strict=True)):
        position = heads.setdefault(key, len(rows))
        if position == len(rows):
            rows.append(row)
            facts.append(row)
            in_sent.append(flags & IN_SENT)
            outside.append(flags & OUTSIDE_SENT)
            continue
        head = rows[position]
        if (flags & IN_SENT, -table.at[row]) > (in_sent[position], -table.at[head]):
            rows[position] = row
        if (marks[row] != 0, rows[position] != row) < (marks[facts[position]] != 0, rows[position] != facts[position]):
            facts[position] = row
        in_sent[position] |= flags & IN_SENT
        outside[position] |= flags & OUTSIDE_SENT
    return Mails(
        [table.at[row] for row in rows],
        [senders[row] for row in facts],
        [table.group[row] for row in facts],
        [marks[row] for row in facts],
        [table.account[row] for row in rows],
        [table.key[row] for row in rows],
        [table.thread[row] for row in facts],
        in_sent,
        outside,
    )


def unite_meetings(
    ledger: Ledger, mine: Collection[int], addresses: Mapping[str, Collection[str]]
) -> list[MeetingFact]:
    """Return every meeting of the ledger once; `addresses` are each account's own, to tell the organiser's copy."""
    copies: dict[int, list[MeetingFact]] = {}
    for fact in ledger.meetings.values():
        copies.setdefault(fact.identity, []).append(fact)
    return [
        facts[0]
        if len(facts) == 1
        else _unite(sorted(facts, key=lambda one: (one.account, one.key)), ledger, mine, addresses)
        for facts in copies.values()
    ]


def _unite(
    facts: list[MeetingFact], ledger: Ledger, mine: Collection[int], addresses: Mapping[str, Collection[str]]
) -> MeetingFact:
    def rank(fact: MeetingFact) -> tuple[bool, int, int]:
        organizer = ledger.addresses[fact.organizer] if fact.organizer >= 0 else ""
        return organizer in addresses.get(fact.account, ()), fact.sequence, fact.updated

    head = max(facts, key=rank)
    answers: dict[int, Invited] = {one.address: one for one in head.invited}
    for fact in sorted(facts, key=lambda one: one.updated):
        if fact is head:
            continue
        for one in fact.invited:
            known = answers.get(one.address)
            if known is None:
                continue  # the winning copy knows who is invited
            if known.answer is Answer.NONE:
                answers[one.address] = replace(known, answer=one.answer)
            elif one.address in mine and one.answer is not Answer.NONE and one.answer is not known.answer:
                answers[one.address] = replace(known, answer=_mine(known.answer, head, one.answer, fact))
    return replace(head, invited=tuple(answers.values()))


def _mine(first: Answer, one: MeetingFact, second: Answer, other: MeetingFact) -> Answer:
    """Return my answer out of two copies: the later one, else "accepted"."""
    if one.updated != other.updated:
        return first if one.updated > other.updated else second
    return Answer.ACCEPTED if Answer.ACCEPTED in {first, second} else first
