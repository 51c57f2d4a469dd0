"""One message as Graph tells it into the facts of one mail.

Only what `api.MAIL` asks for is there; parts of a message are not. Whether a mail counts is not decided here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from connectors.mime.addresses import Pair, clean_address
from connectors.mime.fields import make_header
from connectors.mime.programs import is_of_program
from connectors.mime.reading import MailMaker, read_message
from connectors.mime.salutations import find_salutation
from connectors.outlook.api import is_part
from connectors.outlook.faults import odd
from connectors.outlook.reports import read_report
from connectors.text import clean
from connectors.types import RECIPIENTS_KEPT, Address, Mail, Mark

_SUBJECT: Final = 300
_LONGEST: Final = 1_000  # of an id
_SCANNED: Final = 1_000  # recipients of one mail
_YEARS: Final = (1900, 9000)
_CALENDAR: Final = int(Mark.CALENDAR)
# What only the headers of the wire tell, beside what programs write. The others Graph tells itself; labels of other
# programs say nothing here.
_HEADERS: Final = frozenset({
    "references", "in-reply-to", "return-path", "x-original-from", "auto-submitted", "precedence", "list-id",
    "list-unsubscribe", "list-post", "content-type", "x-failed-recipients", "x-autoreply", "x-autorespond",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, and what is told of it beside its facts.

    `headers` says whether Graph told the headers of the wire; without them it is not known whether the mail is bulk.
    `mail` is None for a draft.
    """

    id: str
    folder: str
    at: datetime
    headers: bool
    mail: Mail | None


class Reader:
    """Reads the documents of one account."""

    def __init__(self) -> None:
        self._maker = MailMaker()

    def letter(self, document: Mapping[str, Any], *, in_sent: bool) -> Letter:
        """Return the message that a document tells of.

        Raises:
            ValueError: it is no message.
        """
        number, at = text(document, "id"), moment(document.get("receivedDateTime"))
        if at is None:
            raise ValueError("a message without the time it was received")
        folder = document.get("parentFolderId")
        told = document.get("internetMessageHeaders")
        headers = told if isinstance(told, list) else []
        mail = None if document.get("isDraft") is True else self._mail(document, at, headers, in_sent)
        return Letter(number, folder if isinstance(folder, str) else "", at, bool(headers), mail)

    def _mail(self, document: Mapping[str, Any], at: datetime, headers: list[Any], in_sent: bool) -> Mail:
        told = document.get("subject")
        subject = clean(told, _SUBJECT) if isinstance(told, str) else ""
        row = read_message(b"", make_header((("Subject", subject), *_wanted(headers))))
        assert row is not None, "what would leave it out is not among them"
        dated = moment(document.get("sentDateTime"))
        recipients = _recipients(document)
        sender = pair(document.get("from")) or pair(document.get("sender"))
        replies = [pair(one) for one in _listed(document.get("replyTo"))]
        reply_to = next((one for one in replies if one is not None), None)
        message_id, thread = document.get("internetMessageId"), document.get("conversationId")
        marks = row[7]
        if "eventMessage" in str(document.get("@odata.type", "")):
            marks |= _CALENDAR
        marks, failures = (marks, row[14]) if row[14] else read_report(headers, marks, sender, subject, recipients)
        return self._maker.to_mail((
            clean(message_id, 998).strip("<>") if isinstance(message_id, str) else "",
            None if dated is None else int(dated.timestamp()),
            int(at.timestamp()),
            sender,
            tuple(recipients[:RECIPIENTS_KEPT]),
            subject,
            thread if isinstance(thread, str) and len(thread) <= _LONGEST and thread.isprintable() else "",
            marks,
            in_sent,
            len(recipients) > RECIPIENTS_KEPT,
            row[10],
            reply_to if reply_to != sender else None,
            row[12],
            row[13],
            failures,
            _salutation(document.get("bodyPreview"), recipients) if in_sent else "",
        ))  # fmt: skip


def _salutation(beginning: object, recipients: Sequence[Pair]) -> str:
    if not isinstance(beginning, str) or len(recipients) != 1:
        return ""
    return find_salutation(beginning, Address(*recipients[0]))


def text(document: Mapping[str, Any], key: str) -> str:
    """Return a text that must be there; an "id" is one that may stand in an address.

    Raises:
        ValueError: it is not there, or is no such text.
    """
    value = document.get(key)
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or not value.isprintable() or " " in value:
        raise ValueError(f"a document without {key}")
    if key == "id" and not is_part(value):
        raise ValueError("a document with an id that can be none")
    return value


def moment(told: object) -> datetime | None:
    """Return a moment that Graph tells, None if it is none; without an offset it is UTC, as is asked for."""
    try:
        told_at = datetime.fromisoformat(told) if isinstance(told, str) else None
        if told_at is None or not _YEARS[0] <= told_at.year <= _YEARS[1]:
            return None
        return told_at.replace(tzinfo=told_at.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def rows(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the documents of a list.

    Raises:
        Lost: it is no list of documents.
    """
    listed = document.get("value")
    if not isinstance(listed, list):
        raise odd()
    for one in listed:
        if not isinstance(one, Mapping):
            raise odd()
        yield one


def link(document: Mapping[str, Any], name: str, *before: str | None) -> str | None:
    """Return where a list goes on (`name`: "nextLink" or "deltaLink"), None if nowhere.

    Raises:
        Lost: that is no whole address, or one of those it came from (`before`), and so on without end.
    """
    value = document.get(f"@odata.{name}")
    if value is None:
        return None
    if not isinstance(value, str) or not value.isascii() or not value.isprintable() or value in before:
        raise odd()
    if value.startswith("/"):  # a path is a call of ours, and not for an answer to name
        raise odd()
    return value


def pair(told: object) -> Pair | None:
    """Return address and name of a recipient, None if it has no address (Exchange has some without)."""
    mailbox = told.get("emailAddress") if isinstance(told, Mapping) else None
    if not isinstance(mailbox, Mapping):
        return None
    address, name = mailbox.get("address"), mailbox.get("name")
    if not isinstance(address, str):
        return None
    email = address if address.isascii() else clean(address, 400).encode("utf-8").decode("latin-1")
    email = clean_address(email)
    if not email:
        return None
    shown = clean(name) if isinstance(name, str) else ""
    return email, "" if shown.lower() == email.lower() else shown


def _wanted(headers: list[Any]) -> Iterator[tuple[str, str]]:
    for one in headers:
        name, value = (one.get("name"), one.get("value")) if isinstance(one, Mapping) else (None, None)
        if not isinstance(name, str) or not isinstance(value, str):
            continue
        if name.strip().lower() in _HEADERS or is_of_program(name):
            yield name, value


def _recipients(document: Mapping[str, Any]) -> list[Pair]:
    found: dict[str, Pair] = {}
    for field in ("toRecipients", "ccRecipients"):
        for one in _listed(document.get(field)):
            if (told := pair(one)) is not None:
                found.setdefault(told[0].lower(), told)
    return list(found.values())


def _listed(told: object) -> list[Any]:
    return told[:_SCANNED] if isinstance(told, list) else []
