"""One message's bytes as the facts of one mail."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mime.reading import MailMaker, read_message
from connectors.text import clean
from connectors.types import RECIPIENTS_KEPT, Address, Failure, Mail, Mark


def told(content: bytes, received: int | None = None) -> Mail:
    row = read_message(content, received=received)
    assert row is not None
    return MailMaker().to_mail(row)


def header(*lines: str) -> bytes:
    return ("\n".join(lines) + "\n\nbody\n").encode("utf-8")


@given(st.binary(max_size=400))
def test_no_bytes_make_it_raise(content: bytes) -> None:
    read_message(content)


@given(st.lists(st.sampled_from([
    b"From: ", b"To: ", b"Date: ", b"Content-Type: multipart/report; boundary=x", b"\n", b"\r\n", b"\n\n", b"\n--x\n",
    b" ", b"<a@example.org>", b"(", b'"', b"=?utf-8?b?", b"?=", b"text/calendar; method=x",
    b"message/delivery-status",
    b"Final-Recipient: rfc822; ", b"\x00", b"\xff", b":;", b",", b"References: ", b"X-Failed-Recipients: ",
    b"List-Post: ",
]), max_size=40).map(b"".join))  # fmt: skip
def test_no_mixture_of_mail_makes_it_raise(content: bytes) -> None:
    row = read_message(content)
    if row is not None:
        MailMaker().to_mail(row)


@pytest.mark.parametrize(
    "start",
    [
        b"To: a",
        b"To: <a@b>",
        b"To: <a@b>,",
        b'To: "a"',
        b"Message-ID: <",
        b"References: <a",
        b"List-Id: <",
        b"Date: ",
        b"X: ",
    ],
)
@pytest.mark.parametrize("filler", [b" ", b"a.", b"\n ", b"To: a@b\n"])
def test_megabytes_of_filler_take_no_time_to_speak_of(start: bytes, filler: bytes) -> None:
    """Were any pattern's cost to grow with the square of the length, this would not end."""
    read_message(start + filler * 600_000 + b"x\n\n")


@given(
    st.text(st.characters(codec="utf-8", categories=["L", "N"]), min_size=1, max_size=40),
    st.lists(st.sampled_from(["anna", "bea", "carl", "dora"]), min_size=1, max_size=4, unique=True),
    st.sampled_from(["\n", "\r\n"]),
)
def test_a_well_formed_mail_is_read_as_the_standard_library_reads_it(subject: str, people: list[str], end: str) -> None:
    message = EmailMessage(policy=policy.SMTP.clone(linesep=end))
    message["From"] = "Robin Park <robin@example.com>"
    message["To"] = ", ".join(f"{one.title()} <{one}@example.org>" for one in people)
    message["Subject"] = subject
    message["Date"] = datetime(2024, 5, 1, 10, tzinfo=UTC)
    message["Message-ID"] = "<1@example.com>"
    message.set_content("Hello")
    content = message.as_bytes()
    mail = told(content)
    other = message_from_bytes(content, policy=policy.default)
    assert mail.sender == Address("robin@example.com", "Robin Park")
    assert mail.subject == clean(str(other["Subject"]))
    assert [one.email for one in mail.recipients] == [one.addr_spec for one in other["To"].addresses]
    assert mail.dated_at == other["Date"].datetime
    assert (mail.message_id, mail.thread) == ("1@example.com", "1@example.com")


def test_missing_everything_is_still_a_mail() -> None:
    assert told(b"X-Other: 1\n\n") == Mail("", None, None, None, (), "", "")


def test_to_and_cc_are_told_once_each_in_order() -> None:
    mail = told(
        header("To: a@example.org, B <b@example.org>", "Cc: A@EXAMPLE.org", "To: c@example.org", "Cc: d@example.org")
    )
    assert [one.email for one in mail.recipients] == [
        "a@example.org",
        "b@example.org",
        "c@example.org",
        "d@example.org",
    ]


def test_of_a_field_given_twice_the_first_that_says_something_is_told() -> None:
    mail = told(header("Subject:", "Subject: one", "Subject: two", "From: a@example.org", "From: b@example.org"))
    assert (mail.subject, mail.sender) == ("one", Address("a@example.org"))


def test_folded_fields_obsolete_blanks_and_any_case_are_read() -> None:
    mail = told(b"SUBJECT : a\r\n b\r\n\tc\r\nfrom:\r\n Anna\r\n <anna@example.org>\r\n\r\n")
    assert (mail.subject, mail.sender) == ("a b c", Address("anna@example.org", "Anna"))


def test_many_recipients_are_cut_and_marked_and_cost_no_other_fact() -> None:
    many = ", ".join(f"p{number}@example.net" for number in range(50_000))
    mail = told(header(f"To: {many}", "From: eve@example.net", "Subject: all", "Message-ID: <m@example.net>"))
    assert (len(mail.recipients), mail.truncated) == (RECIPIENTS_KEPT, True)
    assert (mail.sender, mail.subject, mail.message_id) == (Address("eve@example.net"), "all", "m@example.net")


def test_few_recipients_are_not_marked() -> None:
    mail = told(header("To: " + ", ".join(f"p{number}@example.net" for number in range(RECIPIENTS_KEPT))))
    assert (len(mail.recipients), mail.truncated) == (RECIPIENTS_KEPT, False)


def test_the_thread_is_the_first_reference_else_what_is_answered_else_the_mail_itself() -> None:
    assert told(header("Message-ID: <c@x>", "In-Reply-To: <b@x>", "References: <a@x>\n <b@x>")).thread == "a@x"
    assert told(header("Message-ID: <c@x>", "In-Reply-To: <b@x>")).thread == "b@x"
    assert told(header("Message-ID: <c@x>")).thread == "c@x"


def test_long_references_keep_the_first_and_the_last_eight() -> None:
    mail = told(header("References: " + " ".join(f"<{number}@x>" for number in range(30))))
    assert mail.references == ("0@x", *(f"{number}@x" for number in range(22, 30)))


def test_the_topmost_received_goes_before_the_time_of_the_place() -> None:
    lines = (
        "Received: from a by b; Wed, 1 May 2024 10:00:00 +0000",
        "Received: from c by a; Tue, 30 Apr 2024 10:00:00 +0000",
    )
    assert told(header(*lines), received=5).received_at == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert told(header("Subject: x"), received=5).received_at == datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC)
    assert told(header("Received: nonsense"), received=5).received_at == datetime(1970, 1, 1, 0, 0, 5, tzinfo=UTC)
    assert told(header("Subject: x")).received_at is None


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("Return-Path: <>", Mark.RETURN_PATH_EMPTY),
        ("Return-Path: < >", Mark.RETURN_PATH_EMPTY),
        ("Return-Path: <a@example.org>", 0),
        ("X-Failed-Recipients: a@example.org", Mark.FAILED_RECIPIENTS),
        ("Auto-Submitted: auto-replied", Mark.AUTOREPLY),
        ("Auto-Submitted: No", 0),
        ("Auto-Submitted: no (a person wrote this)", 0),
        ("Precedence: Bulk", Mark.PRECEDENCE),
        ("Precedence: auto_reply", Mark.AUTOREPLY),
        ("Precedence: first-class", 0),
        ("List-Id: <knitting.example.org>", Mark.LIST_ID),
        ("List-Unsubscribe: <https://example.org/u>", Mark.LIST_UNSUBSCRIBE),
        ("List-Post: NO", Mark.LIST_POST),
        ("Content-Type: multipart/report; boundary=x", Mark.REPORT),
        (
            "Content-Type: multipart/report;\n report-type=disposition-notification; boundary=x",
            Mark.REPORT | Mark.RECEIPT,
        ),
        ("Content-Type: text/calendar; charset=utf-8; method=REPLY", Mark.CALENDAR),
        ("Content-Type: text/calendar; charset=utf-8", 0),
        ("Content-Type: text/plain; method=REPLY", 0),
        ("X-Autoreply: yes", Mark.AUTOREPLY),
        ("X-Autorespond: out", Mark.AUTOREPLY),
        ("Subject: Precedence: bulk", 0),
    ],
)
def test_the_rules_of_bulk_and_automatic_mail_are_told_as_marks(line: str, mark: int) -> None:
    assert told(header("From: a@example.org", line)).marks == mark


INVITATION = """\
From: anna@example.org
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary=inner

--inner
Content-Type: text/plain

See you there
--inner
Content-Type: Text/Calendar; charset=utf-8;
\tmethod=REQUEST

BEGIN:VCALENDAR
--inner--
--outer--
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_calendar_part_with_a_method_marks_the_mail(end: str) -> None:
    assert told(INVITATION.replace("\n", end).encode()).marks == Mark.CALENDAR


def test_a_calendar_attached_without_a_method_is_no_calendar_mail() -> None:
    assert told(INVITATION.replace("method=REQUEST", "name=x.ics").encode()).marks == 0


def test_text_that_only_quotes_a_calendar_part_is_no_calendar_mail() -> None:
    quoted = INVITATION.replace("Text/Calendar", "text/x").replace(
        "See you there", "See:\n--other\nContent-Type: text/calendar; method=REQUEST\n\nand so on"
    )
    assert told(quoted.encode()).marks == 0


def test_a_list_tells_its_addresses() -> None:
    mail = told(
        header("List-Id: Knitting <Knitting.lists.example.org>", "List-Post: <mailto:knit%2Bing@example.org?subject=x>")
    )
    assert mail.lists == ("knit+ing@example.org", "knitting@lists.example.org")
    assert told(header("List-Id: nonsense", "List-Post: NO")).lists == ()


def test_reply_to_and_x_original_from_are_told() -> None:
    mail = told(header("Reply-To: Anna <anna@example.org>", "X-Original-From: Bea <bea@example.org>"))
    assert (mail.reply_to, mail.original_from) == (
        Address("anna@example.org", "Anna"),
        Address("bea@example.org", "Bea"),
    )


BOUNCE = """\
From: MAILER-DAEMON@mail.example.com
Return-Path: <>
Content-Type: multipart/report; report-type=delivery-status;
 boundary="b1"

--b1
Content-Type: text/plain

The mail could not be delivered; Final-Recipient: rfc822; liar@example.org
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com

Original-Recipient: rfc822;Anna@example.org
Final-Recipient: rfc822; anna.adler@host.example.org
Action: failed
Status: 5.1.1 (bad destination)
Diagnostic-Code: smtp; 550 5.1.1 <anna.adler@host.example.org>:
  User unknown in virtual table

Final-Recipient: rfc822; <bea@example.org>
Action: delayed
Status: 4.2.2
Diagnostic-Code: smtp; 452 mailbox full

--b1
Content-Type: message/rfc822

Final-Recipient: rfc822; no@example.org
--b1--
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_delivery_report_tells_each_recipient(end: str) -> None:
    assert told(BOUNCE.replace("\n", end).encode()).failures == (
        Failure("Anna@example.org", "anna.adler@host.example.org", "5.1.1", permanent=True, unknown_user=True),
        Failure("", "bea@example.org", "4.2.2", permanent=False),
    )


def test_failed_recipients_without_a_report_part_are_told_without_a_status() -> None:
    mail = told(header("X-Failed-Recipients: anna@example.org, bea@example.org"))
    assert mail.failures == (
        Failure("anna@example.org", "anna@example.org", "", permanent=False),
        Failure("bea@example.org", "bea@example.org", "", permanent=False),
    )


@pytest.mark.parametrize(
    ("labels", "sent"),
    [
        ("Sent,Opened", True), ("Inbox,Important", False), ("=?UTF-8?Q?Gesendet,Ge=C3=B6ffnet?=", True), ("", None),
        ("=?UTF-8?Q?Messages_envoy=C3=A9s?=", True), ('"Sent letters"', False),
    ],
)  # fmt: skip
def test_gmail_labels_tell_what_was_sent(labels: str, sent: bool | None) -> None:
    assert told(header("From: a@example.org", f"X-Gmail-Labels: {labels}")).in_sent is sent


@pytest.mark.parametrize(
    "labels", ["Spam", "Inbox,Trash", "Drafts", "=?utf-8?q?Entw=C3=BCrfe?=", "Papierkorb,Gesendet"]
)
def test_a_draft_or_a_mail_in_spam_or_trash_is_no_mail(labels: str) -> None:
    assert read_message(header(f"X-Gmail-Labels: {labels}")) is None


def test_a_mail_that_thunderbird_expunged_is_left_out() -> None:
    assert read_message(header("X-Mozilla-Status: 0009", "From: a@example.org")) is None
    assert read_message(header("X-Mozilla-Status: 0001", "From: a@example.org")) is not None
    assert read_message(header("X-Mozilla-Status: zz", "From: a@example.org")) is not None
