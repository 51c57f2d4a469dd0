"""Which addresses are the user's own (rules: "Me")."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from daemon.contact.copies import Mails
from daemon.ledger import Ledger
from daemon.people import all_differ, canonical, human_name, is_role

_SURE: Final = 3  # mails in Sent: who puts away a friend's mail wrongly does it once or twice


@dataclass(frozen=True, slots=True)
class Mine:
    """Numbers of addresses: all of mine, those among them that were learned, and those that only look like mine.

    `doubted` wrote mail that lies in a Sent folder, but under somebody else's name or mostly to me.
    """

    all: frozenset[int]
    learned: frozenset[int]
    doubted: frozenset[int]


def find_mine(
    ledger: Ledger, mails: Mails, given: Iterable[str], listed: Collection[str], names: Sequence[str] = ()
) -> Mine:
    """Return which addresses are mine: those `given`, and those learned from Sent folders.

    Learned is the From of mail in a Sent folder, unless mail from that address (with another Message-ID) also lies
    outside Sent, or it is in ``[[people]]`` (`listed`), or it stands on To/Cc of more Sent mails than it is the From
    of. A friend's mail that was put into Sent makes nobody me: neither is learned whose mail there is mostly to me,
    nor who wrote there under a name that can only be another's than mine (`names`); a role address that never writes to
    me is learned from its third mail on all the same.
    Whatever equals an address of mine but for a plus-tag (or Gmail's dots) is mine too.
    """
    known = {canonical(email) for email in given}
    listed_forms = {canonical(email) for email in listed}
    forms = [canonical(email) for email in ledger.addresses]
    certain = {number for number, form in enumerate(forms) if form in known}
    written: Counter[int] = Counter(
        sender for sender, in_sent in zip(mails.sender, mails.in_sent, strict=True) if in_sent
    )
    candidates = {
        number for number in written if number >= 0 and number not in certain and forms[number] not in listed_forms
    }
    if candidates:
        candidates -= {
            sender
            for sender, in_sent, outside in zip(mails.sender, mails.in_sent, mails.outside, strict=True)
            if outside and not in_sent and sender in candidates
        }
    doubted: set[int] = set()
    if candidates:
        received, to_me = _look_at_recipients(ledger, mails, candidates, certain)
        candidates = {number for number in candidates if received[number] <= written[number]}
        mine = [*names, *(name for number in certain for name in ledger.own_names.get(number, ()))]
        doubted = {
            number
            for number in candidates
            if 2 * to_me[number] > written[number]
            or (
                (written[number] < _SURE or to_me[number] or not is_role(ledger.addresses[number]))
                and all_differ(filter(human_name, ledger.own_names.get(number, ())), mine)
            )
        }
        candidates -= doubted
    known |= {forms[number] for number in candidates}
    everything = frozenset(number for number, form in enumerate(forms) if form in known)
    return Mine(everything, frozenset(candidates), frozenset(doubted - everything))


def _look_at_recipients(
    ledger: Ledger, mails: Mails, candidates: Collection[int], certain: Collection[int]
) -> tuple[Counter[int], Counter[int]]:
    """Return on how many mails in Sent each candidate stands, and how many that it wrote there are to me."""
    received: Counter[int] = Counter()
    to_me: Counter[int] = Counter()
    pairs = Counter(
        (sender, group)
        for sender, group, in_sent in zip(mails.sender, mails.group, mails.in_sent, strict=True)
        if in_sent
    )
    for (sender, group), count in pairs.items():
        members = ledger.groups[group]
        for number in members:
            if number in candidates:
                received[number] += count
        if sender in candidates and not set(members).isdisjoint(certain):
            to_me[sender] += count
    return received, to_me
