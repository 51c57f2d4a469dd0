"""One message as Gmail tells it into the facts of one mail.

Only headers and labels are there: what stands in parts of a message (a calendar's invitation, a delivery report's
fields) is told by the top headers or not at all. Whether a mail counts is not decided here.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any, Final, TypeGuard

from connectors.gmail.faults import odd
from connectors.mime.fields import make_header
from connectors.mime.reading import MailMaker, read_message
from connectors.mime.salutations import BEGINNING, find_salutation
from connectors.types import Mail, Mark

SENT: Final = "SENT"
INBOX: Final = "INBOX"
LEFT_OUT: Final = frozenset({"DRAFT", "SPAM", "TRASH", "CHAT"})
CATEGORIES: Final = ("CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_FORUMS")
"""The tabs of the inbox that hold no personal mail."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST: Final = 64
_NAME: Final = re.compile(r"(?!(?:\.{1,2}|send|import)\Z)[^ /]+")  # what it leaves out leads elsewhere in an address


@dataclass(frozen=True, slots=True)
class Note:
    """What is told of a message without asking for it: its id, its thread's, and its labels."""

    id: str
    thread: str
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Letter:
    """A message: what is told of it, when Gmail got it, and its facts (None: it is no mail, or not any more).

    `at` is None where Gmail tells no time that can be one; its mail then has a Date.
    """

    note: Note
    at: datetime | None
    mail: Mail | None

    def is_older(self, since: datetime | None) -> bool:
        """Say whether it is from before `since` (None: no limit), as far as is known."""
        at = self.at if self.at is not None or self.mail is None else self.mail.dated_at
        return since is not None and at is not None and at < since


def read_letter(document: object, maker: MailMaker) -> Letter:
    """Return the message that a document (format "metadata") tells of. A single odd header costs no other fact.

    Raises:
        Lost: it is no such document, or tells no time at all.
    """
    note = read_note(document)
    told = document if isinstance(document, Mapping) else {}
    at, headers = moment(told.get("internalDate")), _headers(told.get("payload"))
    if not note.labels.isdisjoint(LEFT_OUT):
        return Letter(note, at, None)
    row = read_message(b"", make_header(headers), received=None if at is None else int(at.timestamp() // 1))
    if row is None:
        return Letter(note, at, None)
    mail = maker.to_mail(row, SENT in note.labels)
    if SENT in note.labels and len(mail.recipients) == 1 and isinstance(snippet := told.get("snippet"), str):
        mail = replace(mail, salutation=find_salutation(unescape(snippet[: 8 * BEGINNING]), mail.recipients[0]))
    if at is None and mail.dated_at is None:
        raise odd()
    marks = mail.marks | (int(Mark.CALENDAR) if _is_calendar(mail.message_id, headers) else 0)
    return Letter(note, at, replace(mail, thread=note.thread, marks=marks))


def read_note(document: object) -> Note:
    """Return a message's ids and labels.

    Raises:
        Lost: the document has none.
    """
    if not isinstance(document, Mapping):
        raise odd()
    return Note(text(document, "id"), text(document, "threadId"), read_labels(document))


def read_labels(document: Mapping[str, Any]) -> frozenset[str]:
    """Return a document's labels.

    Raises:
        Lost: they are no list of texts.
    """
    labels = document.get("labelIds") or ()
    if not isinstance(labels, list | tuple) or not all(isinstance(label, str) for label in labels):
        raise odd()
    return frozenset(labels)


def text(document: Mapping[str, Any], key: str) -> str:
    """Return a text that must be there, one that may stand in an address.

    Raises:
        Lost: it is not there, or is no such text.
    """
    value = document.get(key)
    if not is_name(value, _LONGEST):
        raise odd()
    return value


def is_name(value: object, longest: int) -> TypeGuard[str]:
    """Say whether something may stand in the path of an address as one thing's name, and in a cursor among others."""
    return (
        isinstance(value, str)
        and 0 < len(value) <= longest
        and value.isprintable()  # which lone surrogates are not
        and _NAME.fullmatch(value) is not None
    )


def listed(document: Mapping[str, Any], key: str) -> list[object]:
    """Return a list; where there is nothing to tell, Google leaves it out.

    Raises:
        Lost: it is no list.
    """
    found = document.get(key)
    if not isinstance(found, list | type(None)):
        raise odd()
    return found or []


def rows(document: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """Yield the documents of a list.

    Raises:
        Lost: it is no list of documents.
    """
    for one in listed(document, key):
        if not isinstance(one, Mapping):
            raise odd()
        yield one


def page_after(document: Mapping[str, Any], *before: str | None) -> str | None:
    """Return the token of the page after those `before`, None on the last one.

    Raises:
        Lost: it is no text, or leads to one of those pages again, and so on without end.
    """
    token = document.get("nextPageToken")
    if not token and isinstance(token, str | None):
        return None
    if not isinstance(token, str) or not token.isprintable() or token in before:
        raise odd()
    return token


def moment(told: object) -> datetime | None:
    """Return an internalDate, None if it is none: no number, none at all, or beyond all calendars."""
    if not isinstance(told, str | int) or isinstance(told, bool):
        return None
    try:
        milliseconds = int(told)
        return _EPOCH + timedelta(milliseconds=milliseconds) if milliseconds > 0 else None
    except (ValueError, OverflowError):
        return None


def _headers(payload: object) -> list[tuple[str, str]]:
    if payload is None:
        return []
    if not isinstance(payload, Mapping):
        raise odd()
    told = [(one.get("name"), one.get("value")) for one in listed(payload, "headers") if isinstance(one, Mapping)]
    return [(name, value) for name, value in told if isinstance(name, str) and isinstance(value, str)]


def _is_calendar(message_id: str, headers: list[tuple[str, str]]) -> bool:
    if message_id.lower().startswith("calendar-") and message_id.lower().endswith("@google.com"):
        return True
    told = {name.lower(): value.lower() for name, value in headers}
    return "calendar-notification@google.com" in told.get("sender", "") or "calendarmessage" in told.get(
        "content-class", ""
    )
