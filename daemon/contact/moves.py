"""Who writes from a new organisation: concluded from two uses of the new address or more, and the old one's silence."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from daemon.contact.copies import Mails
from daemon.contact.counting import DAY, Touch
from daemon.ledger.moment import from_epoch
from daemon.model import Kind, Move

_SILENT: Final = 90 * DAY
_FEWEST_USES: Final = 2
_THEIRS: Final = (Kind.RECEIVED, Kind.MEETING)


def find_last_words(mails: Mails, addresses: Collection[int]) -> Mapping[int, int]:
    """Return when each of `addresses` last wrote a mail that no program made, counted or not, in seconds."""
    last: dict[int, int] = {}
    for at, sender, marks in zip(mails.at, mails.sender, mails.marks, strict=True):
        if sender in addresses and not marks and at > last.get(sender, 0):
            last[sender] = at
    return last


def find_move(
    touches: Sequence[Touch], members: Sequence[int], words: Mapping[int, int], emails: Sequence[str], now: int
) -> Move | None:
    """Return the move of a person with the addresses `members`, or None.

    `touches` are their contacts, oldest first, `words` when each address last wrote (see `find_last_words`). A use is
    a counted mail from an address, or a meeting that counts for them under it.
    """
    uses: dict[int, list[int]] = {}
    for touch in touches:
        if touch.kind in _THEIRS and touch.address in members:
            uses.setdefault(touch.address, []).append(touch.at)
    last = {number: max(words.get(number, 0), uses[number][-1] if number in uses else 0) for number in members}
    new = max(uses, key=lambda number: (last[number], emails[number]), default=None)
    if new is None:
        return None
    elsewhere = [number for number in members if last[number] and not _same_organisation(emails[number], emails[new])]
    old = max(elsewhere, key=lambda number: (last[number], emails[number]), default=None)
    if old is None or now - last[old] < _SILENT:
        return None
    since = [at for at in uses[new] if at > last[old]]
    if len(since) < _FEWEST_USES:
        return None
    return Move(emails[old], emails[new], from_epoch(last[old]), from_epoch(since[0]), len(since))


def _same_organisation(one: str, other: str) -> bool:
    """Say whether two addresses are of one domain, or one's domain lies in the other's."""
    first, second = (f".{email.rpartition('@')[2]}" for email in (one, other))
    return first.endswith(second) or second.endswith(first)
