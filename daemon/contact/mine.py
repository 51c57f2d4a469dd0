"""Which addresses are the user's own (rules: "Me")."""

from collections import Counter
from collections.abc import Collection, Iterable

from daemon.contact.copies import Mails
from daemon.ledger import Ledger
from daemon.people import canonical


def find_mine(ledger: Ledger, mails: Mails, given: Iterable[str], listed: Collection[str]) -> tuple[set[int], set[int]]:
    """Return the numbers of all addresses of mine, and of those among them that were learned from Sent folders.

    Learned is the From of mail in a Sent folder, unless mail from that address (with another Message-ID) also lies
    outside Sent, or it is in ``[[people]]`` (`listed`), or it stands on To/Cc of more Sent mails than it is the From
    of.
    Whatever equals an address of mine but for a plus-tag (or Gmail's dots) is mine too.
    """
    known = {canonical(email) for email in given}
    listed_forms = {canonical(email) for email in listed}
    forms = [canonical(email) for email in ledger.addresses]
    written: Counter[int] = Counter()
    for sender, in_sent in zip(mails.sender, mails.in_sent, strict=True):
        if in_sent:
            written[sender] += 1
    candidates = {
        number for number in written if number >= 0 and forms[number] not in known and forms[number] not in listed_forms
    }
    if candidates:
        candidates -= {
            sender
            for sender, in_sent, outside in zip(mails.sender, mails.in_sent, mails.outside, strict=True)
            if outside and not in_sent and sender in candidates
        }
    if candidates:
        received: Counter[int] = Counter()
        for group, in_sent in zip(mails.group, mails.in_sent, strict=True):
            if in_sent:
                received.update(candidates.intersection(ledger.groups[group]))
        candidates = {number for number in candidates if received[number] <= written[number]}
    known |= {forms[number] for number in candidates}
    return {number for number, form in enumerate(forms) if form in known}, candidates
