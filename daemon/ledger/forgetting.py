"""Facts without some people: as if nobody had ever heard of them."""

from collections.abc import Collection

from daemon.ledger.facts import Facts
from daemon.ledger.meetings import Invited, MeetingFact


def copy_without(source: Facts, emails: Collection[str], target: Facts) -> None:
    """Fill the empty `target` with all of `source` but `emails`: their mails and names, and they are on nobody's mail.

    Titles of mails and meetings they were on are left out too.
    """
    gone = {number for email in emails if (number := source.number(email)) is not None and number >= 0}
    renumbered = {-1: -1}
    for number, email in enumerate(source.addresses):
        if number not in gone:
            renumbered[number] = target.append_address(email)
    lost = _copy_mails(source, target, gone, renumbered) | _copy_meetings(source, target, gone, renumbered)
    for names, copy in ((source.own_names, target.own_names), (source.given_names, target.given_names)):
        copy.update({renumbered[number]: kept for number, kept in names.items() if number not in gone})
    for number, (word, at, sender) in source.greeted.items():
        if not gone.intersection((number, sender)):
            target.note_greeting(renumbered[number], word, at, renumbered[sender])
    target.lists.update(renumbered[number] for number in source.lists if number not in gone)
    lowered = {email.lower() for email in emails}
    for at, failure in source.failures:
        if lowered.isdisjoint((failure.original.lower(), failure.final.lower())):
            target.note_failure(at, failure)
    target.details.update({key: detail for key, detail in source.details.items() if key[1] not in lost})


def _copy_mails(source: Facts, target: Facts, gone: set[int], renumbered: dict[int, int]) -> set[int]:
    """Copy the mails that none of `gone` wrote; return the keys of those that any of them wrote or got."""
    for account in source.accounts:
        target.intern_account(account)
    groups = [
        target.intern_group(tuple(renumbered[one] for one in group if one not in gone)) for group in source.groups
    ]
    table, lost = source.mails, set()
    for row in range(len(table)):
        if table.sender[row] in gone:
            lost.add(table.key[row])
            continue
        author = source.authors.get(row, -1)
        if author >= 0 and author not in gone:
            target.authors[len(target.mails)] = renumbered[author]
        if not gone.isdisjoint(source.groups[table.group[row]]):
            lost.add(table.key[row])
        target.mails.append(
            table.at[row], renumbered[table.sender[row]], groups[table.group[row]], table.marks[row],
            table.flags[row], table.account[row], table.key[row], table.thread[row],
        )  # fmt: skip
    return lost


def _copy_meetings(source: Facts, target: Facts, gone: set[int], renumbered: dict[int, int]) -> set[int]:
    """Copy the meetings, without those of `gone`; return the identities of those that any of them was part of."""
    lost = set()
    for place, fact in source.meetings.items():
        if not {fact.organizer, fact.creator, *(one.address for one in fact.invited)}.isdisjoint(gone):
            lost.add(fact.identity)
        target.meetings[place] = MeetingFact(
            fact.account, fact.key, fact.identity, fact.start, fact.end, fact.flags,
            renumbered.get(fact.organizer, -1), renumbered.get(fact.creator, -1),
            tuple(
                Invited(renumbered[one.address], one.answer, one.resource)
                for one in fact.invited
                if one.address not in gone
            ),
            fact.sequence, fact.updated,
        )  # fmt: skip
    return lost
