"""Which addresses are known to bounce (rules: "Dead address")."""

from collections.abc import Collection, Mapping
from typing import Final

from connectors.types import Failure
from daemon.contact.copies import Mails
from daemon.contact.counting import DAY
from daemon.ledger import Ledger

_BLAMES_SENDER: Final = {"5.1.7", "5.1.8"}


def is_permanent(failure: Failure) -> bool:
    """Say whether a delivery report means that the address does not exist.

    5.1.x of RFC 3463 says so, but for 5.1.7 and 5.1.8, which blame the sender; 5.0.0 with "user unknown" is one too.
    Full mailboxes, blocked content and 4.x never are.
    """
    if not failure.permanent:
        return False
    if failure.status.startswith("5.1."):
        return failure.status not in _BLAMES_SENDER
    return failure.status == "5.0.0" and failure.unknown_user


def find_dead(ledger: Ledger, mails: Mails, written: Collection[int], now: int) -> dict[int, int]:
    """Return the dead addresses and since when; `written` are those I ever wrote to, `now` in seconds.

    Where only the report's headers could be read (no status), it takes two reports at least 24 h apart. Mail from the
    address since then proves it alive.
    """
    dead: dict[int, int] = {}
    hints: dict[int, list[int]] = {}
    for at, failure in ledger.failures:
        number = _blamed(ledger, failure, written)
        if number is None or at > now + DAY:
            continue
        if is_permanent(failure):
            dead[number] = max(at, dead.get(number, at))
        elif not failure.status:
            hints.setdefault(number, []).append(at)
    for number, moments in hints.items():
        if max(moments) - min(moments) >= DAY:
            dead[number] = max(*moments, dead.get(number, 0))
    if dead:
        _drop_living(dead, mails)
    return dead


def _blamed(ledger: Ledger, failure: Failure, written: Collection[int]) -> int | None:
    original = ledger.number(failure.original) if failure.original else None
    if original is not None and original in written:
        return original
    return ledger.number(failure.final) if failure.final else None


def _drop_living(dead: dict[int, int], mails: Mails) -> None:
    last: Mapping[int, int] = {
        sender: at
        for at, sender in sorted(
            (at, sender) for at, sender in zip(mails.at, mails.sender, strict=True) if sender in dead
        )
    }
    for number, at in last.items():
        if at > dead[number]:
            del dead[number]
