"""The status of each recipient of a delivery report (RFC 3464), as far as it can be known."""

import pytest

from connectors.mime.reading import MailMaker, read_message
from connectors.types import Failure


def read(*lines: str) -> Failure:
    text = "\n".join((
        "From: MAILER-DAEMON@mail.example.com", 'Content-Type: multipart/report; boundary="b"', "", "--b",
        "Content-Type: message/delivery-status", "", "Reporting-MTA: dns; mail.example.com", "",
        "Final-Recipient: rfc822; eve@example.net", *lines, "", "--b--", "",
    ))  # fmt: skip
    row = read_message(text.encode())
    assert row is not None
    (failure,) = MailMaker().to_mail(row).failures
    return failure


@pytest.mark.parametrize(
    ("field", "diagnostic", "status"),
    [
        ("5.1.1", "smtp; 550 5.7.1 blocked", "5.1.1"),
        ("5.2.2", "smtp; 552 5.1.1 over quota", "5.2.2"),
        # RFC 3463, section 3.1: X.0.0 says nothing but how bad it is.
        ("5.0.0", "smtp; 550 5.1.1 <eve@example.net>: no", "5.1.1"),
        ("5.0.0", "smtp; 550-5.1.1 The account does not exist", "5.1.1"),
        ("5.0.0 (permanent failure)", "smtp; 550 #5.1.0 Address rejected.", "5.1.0"),
        ("5.0.0", "X-Postfix; host mx.example.net[192.0.2.4] said: 550\n    5.7.1 <eve@example.net>... no", "5.7.1"),
        ("5.0.0", "smtp; 552 5.2.2 mailbox full, user unknown to us", "5.2.2"),
        ("5.0.0", "smtp; 550 5.1.8 Sender rejected", "5.1.8"),
        ("5.0.0", "smtp; 550 5.1.10 RESOLVER.ADR.RecipientNotFound", "5.1.10"),
        ("5.0.0", "smtp; 550 5.0.0 then 5.1.1.", "5.1.1"),
        ("5.0.0", "smtp; 550 No such user", "5.0.0"),
        ("5.0.0", "smtp; 550 host mx.example.net [5.1.1.7] says no", "5.0.0"),
        ("5.0.0", "smtp; 550 host mx.example.net [192.5.1.1] says no", "5.0.0"),
        ("5.0.0", "smtp; 450 4.2.2 mailbox full", "5.0.0"),
        ("4.0.0", "smtp; 450 4.2.2 mailbox full, then 550 5.1.1", "4.2.2"),
        ("4.4.7", "smtp; 550 5.1.1 User unknown", "4.4.7"),
        (None, "smtp; 550 5.1.1 User unknown", "5.1.1"),
        (None, "smtp; 452 4.2.2 mailbox full", "4.2.2"),
        (None, "smtp; 550 User unknown", ""),
        ("gone", None, ""),
        ("5.0.0", None, "5.0.0"),
    ],
)
def test_the_status_is_the_fields_or_if_that_is_vague_what_the_server_answered(
    field: str | None, diagnostic: str | None, status: str
) -> None:
    lines = ["Action: failed"]
    lines += [] if field is None else [f"Status: {field}"]
    lines += [] if diagnostic is None else [f"Diagnostic-Code: {diagnostic}"]
    failure = read(*lines)
    assert (failure.final, failure.status, failure.permanent) == ("eve@example.net", status, True)


def test_megabytes_of_codes_take_no_time_to_speak_of() -> None:
    """Were any pattern's cost to grow with the square of the length, this would not end."""
    assert read("Action: failed", "Status: 5.0.0", "Diagnostic-Code: smtp; " + "5.1.1." * 200_000).status == "5.0.0"
    assert read("Action: failed", "Status: " + "5.1.1." * 200_000 + "5").status == ""
    assert read("Action: failed", "Status: " + "5.1.1..... " * 100_000).status == "5.1.1"
