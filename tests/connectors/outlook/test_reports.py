"""Delivery reports at Outlook: whom they are about is told, and why is not, for that stands below people's words."""

from typing import Any

import pytest

from connectors.types import Failure, Mail, Mark
from daemon.contact.copies import unite_mails
from daemon.contact.dead import find_dead
from tests.connectors.outlook.home import Home
from tests.connectors.outlook.scene import ANNA, OTHER, ROBIN, calls, got, wrote
from tests.facts import ledger_of
from tests.graph import Graph

EXCHANGE = "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@example.com>"
POSTMASTER = "postmaster@example.net"
EVE = "Eve <eve@example.net>"
REPORT = ("Content-Type", "multipart/report; report-type=delivery-status; boundary=b")
NDR = ("X-MS-Exchange-Message-Is-Ndr", "")
ABOUT_EVE = (Failure("eve@example.net", "eve@example.net", "", permanent=False),)


def reported(graph: Graph, number: int, days: float = 10, **how: Any) -> str:
    """Let a report about Eve lie in the Inbox: as its recipients Exchange keeps those it is about."""
    fields = {"sender": EXCHANGE, "to": [EVE], "subject": "Undeliverable: Tea", "headers": (REPORT, NDR)} | how
    return got(graph, number, days, **fields)


def read(home: Home) -> list[Mail]:
    return [mail for one in home.read() for mail in one.items]


@pytest.mark.parametrize(
    "how",
    [
        {}, {"subject": "Tea"}, {"subject": "Kunde inte levereras: Te"}, {"sender": POSTMASTER},
        {"headers": (REPORT,)}, {"headers": (REPORT,), "sender": POSTMASTER, "subject": "Unzustellbar: Tee"},
        {"headers": (REPORT,), "sender": ANNA, "subject": "Undelivered Mail Returned to Sender"}, {"headers": ()},
    ],
)  # fmt: skip
def test_a_report_that_a_mail_could_not_be_delivered_names_whom_it_is_about(home: Home, how: dict[str, Any]) -> None:
    reported(home.graph, 1, **how)
    (mail,) = read(home)
    assert mail.failures == ABOUT_EVE
    assert mail.marks & Mark.REPORT


@pytest.mark.parametrize(
    "how",
    [
        {"headers": (REPORT,), "subject": "Delivery delayed: Tea"}, {"headers": (REPORT,), "subject": "Relayed: Tea"},
        {"headers": (REPORT,), "subject": "Delivered: Tea", "sender": POSTMASTER},
        {"headers": (REPORT,), "subject": "Read: Tea", "sender": ANNA},
        {"headers": (REPORT, ("X-Failed-Recipients", "eve@example.net")),
         "subject": "Delivery Status Notification (Delay)", "sender": POSTMASTER},
        {"headers": (), "subject": "Undeliverable: Tea", "sender": ANNA},
        {"headers": (), "subject": "Undeliverable: Tea", "sender": POSTMASTER},
        {"headers": (), "subject": "RE: Undeliverable: Tea"},
    ],
)  # fmt: skip
def test_what_is_no_such_report_names_nobody(home: Home, how: dict[str, Any]) -> None:
    """Rule: 4.x never."""
    reported(home.graph, 1, **how)
    (mail,) = read(home)
    assert mail.failures == ()


def test_whom_a_header_names_goes_before_those_it_was_addressed_to(home: Home) -> None:
    reported(home.graph, 1, to=[ROBIN], headers=(REPORT, ("X-Failed-Recipients", "eve@example.net")))
    assert read(home)[0].failures == ABOUT_EVE


def test_the_headers_of_a_report_are_asked_for_where_lists_bring_none(home: Home) -> None:
    graph = home.graph
    graph.mail.headers_in_lists = False
    for number in range(25):
        reported(graph, number, number + 1, sender=POSTMASTER)
        got(graph, f"other{number}", number + 1, sender=OTHER, subject="Undeliverable: Tea")
        got(graph, f"post{number}", number + 1, sender=POSTMASTER, subject="Tea")
    assert sum(mail.failures == ABOUT_EVE for mail in read(home)) == 25
    asked = calls(graph, "messages.get")
    assert len(asked) == 25
    assert len({one.request for one in asked}) == 2


def test_an_address_is_dead_after_two_reports_a_day_apart(home: Home) -> None:
    """Rule: failure reports naming it for two mails at least 24 h apart, nothing from it since."""
    wrote(home.graph, "s", 20, to=[EVE])
    reported(home.graph, 1, 9)
    reported(home.graph, 2, 9 - 23 / 24)
    mails = read(home)
    assert dead(mails) == {}
    reported(home.graph, 3, 8)
    mails = read(home)
    (number,) = dead(mails)
    assert number == ledger_of(mails).number("eve@example.net")
    got(home.graph, 4, 7, sender=EVE)
    assert dead(read(home)) == {}


def dead(mails: list[Mail]) -> dict[int, int]:
    ledger = ledger_of(mails)
    written = {number for number, email in enumerate(ledger.addresses) if email == "eve@example.net"}
    return find_dead(ledger, unite_mails(ledger, ()), written, max(ledger.mails.at, default=0))
