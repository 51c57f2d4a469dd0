"""Delivery reports as Graph tells them: whom they are about, from what lists tell anyway.

Why a mail was not delivered stands in a part of the report, below texts of people: that is never asked for. Exchange
takes a report apart when it comes in, and keeps as its recipients those it is about: so they stand in `toRecipients`,
whoever it was addressed to (https://github.com/microsoftgraph/msgraph-sdk-java/issues/807).
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from connectors.mime.addresses import Pair
from connectors.mime.parts import FailureRow
from connectors.mime.reading import name_failures
from connectors.mime.subjects import is_failure
from connectors.types import Mark

NDR: Final = "x-ms-exchange-message-is-ndr"
"""What Exchange's own reports have in their header; it has no value."""

_EXCHANGE: Final = "microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@"  # in every tenant; shown as "Microsoft Outlook"
_SERVERS: Final = (_EXCHANGE, "postmaster@", "mailer-daemon@")
_REPORT: Final = int(Mark.REPORT)


def is_doubtful(sender: str, subject: str) -> bool:
    """Say whether a mail, of whose headers nothing is told, looks like a report that a mail could not be delivered."""
    return is_failure(subject) and sender.lower().startswith(_SERVERS)


def read_report(
    headers: Sequence[Any], marks: int, sender: Pair | None, subject: str, recipients: Sequence[Pair]
) -> tuple[int, tuple[FailureRow, ...]]:
    """Return a mail's marks, and whom it says could not be reached: nobody, where it is no such report.

    A report that mail is delayed, or was delivered, is about somebody too, but says so in its subject.
    """
    exchange = sender is not None and sender[0].lower().startswith(_EXCHANGE)
    ndr = any(isinstance(one, Mapping) and str(one.get("name")).strip().lower() == NDR for one in headers)
    if not ndr and not (is_failure(subject) and (marks & _REPORT or exchange)):
        return marks, ()
    return marks | _REPORT, name_failures(recipients)
