"""One message as Gmail tells it into the facts of one mail.

Only headers and labels are there: what stands in parts of a message (a calendar's invitation, a delivery report's
fields) is told by the top headers or not at all. Whether a mail counts is not decided here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from connectors.gmail.faults import Lost
from connectors.mime.fields import make_header
from connectors.mime.reading import MailMaker, read_message
from connectors.types import Mail, Mark

SENT: Final = "SENT"
INBOX: Final = "INBOX"
LEFT_OUT: Final = frozenset({"DRAFT", "SPAM", "TRASH", "CHAT"})
CATEGORIES: Final = ("CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_FORUMS")
"""The tabs of the inbox that hold no personal mail."""

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST: Final = 64


@dataclass(frozen=True, slots=True)
class Note:
    """What is told of a message without asking for it: its id, its thread's, and its labels."""

    id: str
    thread: str
    labels: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Letter:
    """A message: what is told of it, when Gmail got it, and its facts (None: it is no mail, or not any more)."""

    note: Note
    at: datetime
    mail: Mail | None


class Reader:
    """Reads the documents of one account."""

    def __init__(self) -> None:
        self._maker = MailMaker()

    def letter(self, document: Mapping[str, Any]) -> Letter:
        """Return the message that a document (format "metadata") tells of.

        Raises:
            Lost: it is no such document.
        """
        note = read_note(document)
        try:
            at = _EPOCH + timedelta(milliseconds=int(document["internalDate"]))
            headers = [(one["name"], one["value"]) for one in (document.get("payload") or {}).get("headers") or ()]
            header = make_header(headers)
        except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as err:
            raise odd() from err
        if not note.labels.isdisjoint(LEFT_OUT):
            return Letter(note, at, None)
        row = read_message(b"", header, received=int(at.timestamp() // 1))
        if row is None:
            return Letter(note, at, None)
        mail = self._maker.to_mail(row, SENT in note.labels)
        marks = mail.marks | (int(Mark.CALENDAR) if _is_calendar(mail.message_id, headers) else 0)
        return Letter(note, at, replace(mail, thread=note.thread, marks=marks))


def read_note(document: Mapping[str, Any]) -> Note:
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
    if not isinstance(value, str) or not 0 < len(value) <= _LONGEST or not value.isprintable() or " " in value:
        raise odd()
    return value


def rows(document: Mapping[str, Any], key: str) -> Iterator[Mapping[str, Any]]:
    """Yield the documents of a list; where there is nothing to tell, Google leaves the list out.

    Raises:
        Lost: it is no list of documents.
    """
    listed = document.get(key)
    if not isinstance(listed, list | type(None)):
        raise odd()
    for one in listed or ():
        if not isinstance(one, Mapping):
            raise odd()
        yield one


def page_after(document: Mapping[str, Any], page: str | None) -> str | None:
    """Return the token of the page after `page`, None on the last one.

    Raises:
        Lost: it is no text, or leads to the same page again, and so on without end.
    """
    token = document.get("nextPageToken")
    if token is not None and (not isinstance(token, str) or token == page != ""):
        raise odd()
    return token or None


def odd() -> Lost:
    """Return the error of an answer that is of another shape than it should be."""
    return Lost("Google gave an answer of another shape than its documentation promises.", bad=True)


def _is_calendar(message_id: str, headers: list[tuple[str, str]]) -> bool:
    if message_id.lower().startswith("calendar-") and message_id.lower().endswith("@google.com"):
        return True
    told = {name.lower(): value.lower() for name, value in headers}
    return "calendar-notification@google.com" in told.get("sender", "") or "calendarmessage" in told.get(
        "content-class", ""
    )
