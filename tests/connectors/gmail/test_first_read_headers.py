"""What of a message's headers a first read of Gmail makes facts."""

from datetime import UTC, datetime, timedelta

import pytest

from connectors.gmail.api import PROGRAMS
from connectors.types import Address, Failure, Mark
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import INBOX, before, entry, got, ids, letter, name, wrote


@pytest.mark.parametrize("how", ["raw", "decoded"])
def test_names_and_subjects_are_read_whether_gmail_decodes_them_or_not(home: Home, how: str) -> None:
    google = home.google
    google.mailbox.headers = how  # type: ignore[assignment]
    got(
        google, 1, 1, sender="=?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <juergen@example.org>",
        subject="=?utf-8?b?R3LDvMOfZSBhdXMgS8O2bG4=?=",
        more="Cc: =?iso-8859-1?q?Zo=EB?= <zoe@example.net>, =?utf-8?b?5p2O?= <li@example.net>\r\n",
    )  # fmt: skip
    (mail,) = (one for batch in home.read() for one in batch.items)
    assert mail.sender is not None
    assert (mail.sender.name, mail.subject) == ("Jürgen Müller", "Grüße aus Köln")
    assert [one.name for one in mail.recipients] == ["Robin Park", "Zoë", "李"]


def test_the_moments_marks_and_ids_of_a_mail_are_its_facts(home: Home) -> None:
    google = home.google
    source = letter(
        1, 3, more="List-Id: <tea.example.org>\r\nReply-To: tea@example.org\r\nSender: list@example.org\r\n"
    )
    number = google.mailbox.deliver(source, INBOX, datetime(2026, 9, 28, 12, 0, 0, 999_000, tzinfo=UTC))
    (mail,) = (one for batch in home.read() for one in batch.items)
    assert (mail.message_id, mail.thread, mail.in_sent) == (name(1), number, False)
    assert mail.dated_at == before(3)
    assert mail.received_at == datetime(2026, 9, 28, 12, tzinfo=UTC)
    assert mail.marks == Mark.LIST_ID
    assert mail.reply_to is not None


@pytest.mark.parametrize(
    "more",
    [
        "Sender: Google Calendar <calendar-notification@google.com>\r\n",
        "Content-Class: urn:content-classes:calendarmessage\r\n",
        'Content-Type: text/calendar; method=REQUEST; charset="utf-8"\r\n',
    ],
)
def test_calendar_mail_is_told_by_its_top_headers(home: Home, more: str) -> None:
    got(home.google, 1, 1, more=more)
    got(home.google, 2, 2, subject="No calendar", more="Sender: anna@example.org\r\n")
    one, two = (one for batch in home.read() for one in batch.items)
    assert (bool(one.marks & Mark.CALENDAR), bool(two.marks & Mark.CALENDAR)) == (True, False)


@pytest.mark.parametrize("header", [*PROGRAMS, "x-jira-fingerprint"])
def test_mail_of_a_program_is_told_by_each_header_that_is_asked_for(home: Home, header: str) -> None:
    got(home.google, 1, 1, more=f"{header}: 1\r\n")
    (mail,) = (one for batch in home.read() for one in batch.items)
    assert mail.marks == Mark.MACHINE


def test_an_automatic_reply_is_told_by_its_subject_the_users_own_too(home: Home) -> None:
    got(home.google, 1, 1, subject="=?utf-8?q?R=C3=A9ponse_automatique_=3A_Th=C3=A9?=")
    wrote(home.google, 2, 2, subject="Automatic reply: Tea")
    wrote(home.google, 3, 3, subject="Re: Automatic reply: Tea")
    marks = {mail.message_id: mail.marks for batch in home.read() for mail in batch.items}
    assert marks == {name(1): Mark.AUTOREPLY, name(2): Mark.AUTOREPLY, name(3): 0}


def test_a_report_names_whom_it_is_about_unless_the_mail_is_still_tried(home: Home) -> None:
    for number, outcome in enumerate(("Failure", "Delay"), start=1):
        got(
            home.google, number, number, sender="Mail Delivery Subsystem <mailer-daemon@googlemail.com>",
            subject=f"Delivery Status Notification ({outcome})",
            more="X-Failed-Recipients: eve@example.net\r\nContent-Type: multipart/report; boundary=b\r\n",
        )  # fmt: skip
    one, two = (mail for batch in home.read() for mail in batch.items)
    assert one.marks == two.marks == Mark.FAILED_RECIPIENTS | Mark.REPORT
    assert one.failures == (Failure("eve@example.net", "eve@example.net", "", permanent=False),)
    assert two.failures == ()


HOSTILE = [
    ("Subject", "Tea\r\nBcc: eve@example.net\x00\x1b[2J\u202e"),
    ("From", "(" * 3000 + "x"),
    ("From", ""),
    ("To", ", ".join(f"p{one}@example.net" for one in range(5000))),
    ("Date", "99 Foo 99999 99:99:99 +9999"),
    ("References", "<" * 9000),
    ("Message-ID", "<\u202e>" * 900),
    ("Subject", "\ud7ff\uffff\U0010ffff" * 30_000),
    ("X-Failed-Recipients", "@" * 5000),
    ("Content-Type", "multipart/report;" * 4000),
    ("List-Post", "<mailto:" + "%41" * 5000),
]


@pytest.mark.parametrize(("header", "value"), HOSTILE, ids=[f"{one}-{two[:9]!a}" for one, two in HOSTILE])
def test_one_hostile_header_costs_no_other_fact_nor_other_mail(home: Home, header: str, value: str) -> None:
    google = home.google
    google.mailbox.bulk([entry(1, 3, INBOX, **{header: value}), entry(2, 4, INBOX)])
    told = [one for batch in home.read() for one in batch.items]
    assert len(told) == 2
    assert told[1].message_id == name(2)
    mail = told[0]
    if header != "Subject":
        assert mail.subject == "Letter 1"
    assert not any(char in mail.subject for char in "\r\n\x00\x1b\u202e")
    if header != "Date":
        assert mail.dated_at is not None
        assert mail.dated_at - before(3) < timedelta(seconds=1)
    if header not in {"From", "Subject", "Date"}:
        assert mail.sender == Address("anna@example.org", "Anna Adler")


def test_a_mail_without_any_header_is_no_reason_to_stop(home: Home) -> None:
    google = home.google
    google.mailbox.deliver(b"\r\nHello\r\n", INBOX)
    got(google, 1, 1)
    assert sorted(ids(home.read())) == ["", "1"]
