"""Letters for the tests of the kind "gmail", and what was asked of Google."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from connectors.base import Source
from connectors.types import Batch, Mail
from tests.google import START, Call, Fault, Google
from tests.google.answers import Reply
from tests.google.mailbox import Bulk

INBOX = ("INBOX", "UNREAD")
SENT = ("SENT",)
ARCHIVED = ()
ROBIN = "Robin Park <robin@example.com>"
ANNA = "Anna Adler <anna@example.org>"
UNUSABLE = [None, 7, "", "send", "import", ".", "..", "a/b", "a b", "\ud800", "x" * 5000]
"""What can be no id of anything."""


def before(days: float) -> datetime:
    """Return the moment so many days before the fake's beginning."""
    return START - timedelta(days=days)


def name(number: int | str) -> str:
    """Return the Message-ID of letter `number`, without brackets."""
    return f"m{number}@example.org"


def letter(
    number: int | str, days: float = 10, *, sender: str = ANNA, to: str = ROBIN, answers: int | str = "",
    subject: str = "Tea", more: str = "",
) -> bytes:  # fmt: skip
    """Return a mail; `answers` is the number of the mail it replies to."""
    reply = f"In-Reply-To: <{name(answers)}>\r\nReferences: <{name(answers)}>\r\n" if answers != "" else ""
    return (
        f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {before(days):%a, %d %b %Y %H:%M:%S +0000}\r\n"
        f"Message-ID: <{name(number)}>\r\n{reply}{more}\r\nHello\r\n"
    ).encode()


def got(google: Google, number: int | str, days: float = 10, labels: Iterable[str] = INBOX, **how: Any) -> str:
    """Let a mail of Anna's to Robin lie there; return its id."""
    return google.mailbox.deliver(letter(number, days, **how), labels)


def wrote(google: Google, number: int | str, days: float = 10, labels: Iterable[str] = SENT, **how: Any) -> str:
    """Let a mail of Robin's to Anna lie there; return its id."""
    return google.mailbox.deliver(letter(number, days, **({"sender": ROBIN, "to": ANNA} | how)), labels)


def entry(number: int | str, days: float, labels: Iterable[str], key: str | None = None, **headers: str) -> Bulk:
    """Return a mail for `Mailbox.bulk`; those of one `key` share a thread."""
    mine = "SENT" in labels
    fields: Mapping[str, str] = {
        "From": ROBIN if mine else ANNA,
        "To": ANNA if mine else ROBIN,
        "Subject": f"Letter {number}",
        "Date": f"{before(days):%a, %d %b %Y %H:%M:%S +0000}",
        "Message-ID": f"<{name(number)}>",
    } | headers
    return fields, labels, before(days), key


def ids(batches: Iterable[Batch[Mail]]) -> list[str]:
    """Return the numbers of the letters that were told, in order."""
    return [mail.message_id.removeprefix("m").partition("@")[0] for batch in batches for mail in batch.items]


def upto(
    source: Source[Mail], count: int, cursor: str | None = None, since: datetime | None = None
) -> list[Batch[Mail]]:
    """Return the first `count` batches of a read, which is then broken off."""
    batches = []
    for batch in source.changes(cursor, since):
        batches.append(batch)
        if len(batches) == count:
            break
    return batches


def calls(google: Google, method: str = "", start: int = 0) -> list[Call]:
    """Return the API calls (no batch as such, nothing of oauth) from the `start`th of the log on."""
    return [
        one
        for one in google.log[start:]
        if one.method.endswith(method) and one.method != "batch" and not one.method.startswith("oauth.")
    ]


def methods(several: Sequence[Call]) -> list[str]:
    """Return the methods of some calls, in order."""
    return [one.method.removeprefix("gmail.users.").removeprefix("calendar.") for one in several]


def changed(change: Callable[[Any], Any]) -> Fault:
    """Return a fault that is the true answer with its document put through `change`, where there is one."""

    def spoil(true: Reply) -> Reply:
        document = json.loads(true.body) if true.status == 200 else None
        return true if document is None else Reply(200, json.dumps(change(document)).encode(), true.kind)

    return Fault("changed after", "after", spoil=spoil)


def sentences(batches: Iterable[Batch[Any]]) -> list[str]:
    """Return all problems that were told, in order."""
    return [problem for batch in batches for problem in batch.problems]
