"""Mail that servers and calendars write on someone's behalf: a failure report, a vacation reply, invitations.

It is tied to the letters of the cast: what came back, what was answered by a machine, who was invited.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Final

from daemon.demo.cast import CAST, ROBIN, Character, Ending, Mailbox, named
from daemon.demo.times import moment
from daemon.demo.wire import Letter, message_id, written

_SOON: Final = timedelta(seconds=40)
_BOUNDARY: Final = "=_report_1"
_REPORT_TYPE: Final = f'multipart/report; report-type=delivery-status; boundary="{_BOUNDARY}"'
_NOON: Final = 12 * 60


def automatic(today: date, letters: Sequence[Letter]) -> Iterator[Letter]:
    """Yield the mail that answers some of `letters` by itself, and the mail of calendars."""
    for who in CAST:
        if who.ending in {Ending.BOUNCED, Ending.AWAY}:
            last = max((one for one in letters if one.to[0].email == who.email), key=lambda one: one.at)
            yield _failure(who, last) if who.ending is Ending.BOUNCED else _vacation(who, last)
    mateo, lakshmi, tomas = (named(name).mailbox(0) for name in ("Mateo Rossi", "Lakshmi Hutchinson", "Tomás Ferreira"))
    yield _calendar_mail(today, 12, mateo, ROBIN, "REQUEST", "Invitation: Coffee and piano")
    yield _calendar_mail(today, 11, ROBIN, mateo, "REPLY", "Accepted: Coffee and piano")
    yield _calendar_mail(today, 50, lakshmi, ROBIN, "REQUEST", "Invitation: Build systems conference")
    for ago in (35, 70, 105):
        yield _calendar_mail(today, ago, tomas, ROBIN, "REPLY", "Accepted: Lunch with Tomás")


def _failure(who: Character, letter: Letter) -> Letter:
    """Return the report that `letter` could not be delivered, in the form of RFC 3464."""
    server = Mailbox("Mail Delivery System", "mailer-daemon@mail.example.net")
    body = f"""--{_BOUNDARY}
Content-Type: text/plain; charset=us-ascii

I am sorry: the message below could not be delivered, and there will be no further try.

<{who.email}>: host mx.example.net said: 550 5.1.1 User unknown

--{_BOUNDARY}
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.com

Original-Recipient: rfc822;{who.email}
Final-Recipient: rfc822;{who.email}
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 5.1.1 User unknown

--{_BOUNDARY}
Content-Type: text/rfc822-headers

From: {written(letter.sender)}
To: {written(letter.to[0])}
Subject: {letter.subject}
Message-ID: {letter.message_id}

--{_BOUNDARY}--"""
    return Letter(
        message_id=message_id(server, letter.message_id),
        at=letter.at + _SOON,
        mine=False,
        sender=server,
        to=(letter.sender,),
        subject="Undelivered Mail Returned to Sender",
        body=body,
        headers=("Return-Path: <>", "Auto-Submitted: auto-replied"),
        content_type=_REPORT_TYPE,
    )


def _vacation(who: Character, letter: Letter) -> Letter:
    """Return the reply of a machine to `letter` (RFC 3834)."""
    sender = who.mailbox(0)
    return Letter(
        message_id=message_id(sender, letter.message_id, "away"),
        at=letter.at + _SOON,
        mine=False,
        sender=sender,
        to=(letter.sender,),
        subject=f"Automatic reply: {letter.subject}",
        body="I am away and read no mail until I am back.",
        references=(letter.message_id,),
        headers=("Auto-Submitted: auto-replied", "X-Autoreply: yes"),
    )


def _calendar_mail(today: date, ago: int, sender: Mailbox, to: Mailbox, method: str, subject: str) -> Letter:
    """Return an invitation or its answer, as calendars send them (RFC 6047)."""
    at = moment(today, ago, _NOON)
    stamp = f"{at:%Y%m%dT%H%M%SZ}"
    body = "\n".join(
        [
            "BEGIN:VCALENDAR",
            "VERSION:2.0",
            "PRODID:-//Example//Calendar//EN",
            f"METHOD:{method}",
            "BEGIN:VEVENT",
            f"UID:{message_id(sender, subject)[1:-1]}",
            f"DTSTAMP:{stamp}",
            f"DTSTART:{stamp}",
            f"SUMMARY:{subject}",
            "END:VEVENT",
            "END:VCALENDAR",
        ]
    )
    return Letter(
        message_id=message_id(sender, subject, ago),
        at=at,
        mine=sender is ROBIN,
        sender=sender,
        to=(to,),
        subject=subject,
        body=body,
        content_type=f"text/calendar; charset=utf-8; method={method}",
    )
