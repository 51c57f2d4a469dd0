"""What a message's own headers say of how it was made: marks, list addresses, Gmail labels.

Facts as headers state them. Whether such a mail counts is policy and not decided here.
"""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote

from connectors.mime.addresses import clean_address
from connectors.mime.text import decode_text
from connectors.types import Mark

_BULK: Final = frozenset({"bulk", "list", "junk"})
_REPORT: Final = re.compile(r"multipart/report\b", re.IGNORECASE)
_RECEIPT: Final = re.compile(r"report-type\s*=\s*\"?disposition-notification\b", re.IGNORECASE)
_CALENDAR: Final = re.compile(r"text/calendar\b.*;\s*method\*?\s*=", re.IGNORECASE)
_MAILTO: Final = re.compile(r"<\s*mailto:([^>?\s]+)", re.IGNORECASE)
_LIST_NAME: Final = re.compile(r"<\s*([^<>\s@.]+)\.([^<>\s@]+\.[^<>\s@]+)\s*>")
_LONGEST: Final = 1000  # characters of such a field that are looked at
_PRESENCE: Final = {
    "x-failed-recipients": int(Mark.FAILED_RECIPIENTS),
    "list-id": int(Mark.LIST_ID),
    "list-unsubscribe": int(Mark.LIST_UNSUBSCRIBE),
    "list-post": int(Mark.LIST_POST),
    "x-autoreply": int(Mark.AUTOREPLY),
    "x-autorespond": int(Mark.AUTOREPLY),
}
_RETURN_PATH_EMPTY: Final = int(Mark.RETURN_PATH_EMPTY)
_AUTO_SUBMITTED: Final = int(Mark.AUTO_SUBMITTED)
_AUTOREPLY: Final = int(Mark.AUTOREPLY)
_PRECEDENCE: Final = int(Mark.PRECEDENCE)

# Takeout writes labels in the account's language; the seven the program speaks are known here.
_SENT: Final = frozenset(
    {"sent", "gesendet", "messages envoyés", "enviados", "enviadas", "verzonden", "inviati", "posta inviata"}
)
_LEFT_OUT: Final = frozenset({
    "spam", "trash", "drafts", "papierkorb", "entwürfe", "corbeille", "brouillons", "papelera", "borradores",
    "prullenbak", "concepten", "lixeira", "rascunhos", "cestino", "bozze",
})  # fmt: skip


def find_marks(fields: Mapping[str, str]) -> int:
    """Return the marks (`connectors.types.Mark`) that the header alone tells."""
    marks = 0
    for name, mark in _PRESENCE.items():
        if name in fields:
            marks |= mark
    if (path := fields.get("return-path")) is not None and path.replace(" ", "") == "<>":
        marks |= _RETURN_PATH_EMPTY
    if (auto := fields.get("auto-submitted")) is not None and (said := _first_token(auto)) != "no":
        marks |= _AUTOREPLY if said == "auto-replied" else _AUTO_SUBMITTED
    if "calendarmessage" in fields.get("content-class", "").lower():
        marks |= int(Mark.CALENDAR)  # Exchange hides the calendar part in winmail.dat
    if (precedence := fields.get("precedence")) is not None:
        said = _first_token(precedence)
        marks |= _PRECEDENCE if said in _BULK else _AUTOREPLY if said == "auto_reply" else 0
    return marks


def type_marks(content_type: str) -> int:
    """Return what a Content-Type says: a report (RFC 6522), a receipt (RFC 8098), a calendar mail (RFC 6047)."""
    content_type = content_type[:_LONGEST]
    if _REPORT.match(content_type):
        return int(Mark.REPORT | Mark.RECEIPT) if _RECEIPT.search(content_type) else int(Mark.REPORT)
    return int(Mark.CALENDAR) if _CALENDAR.match(content_type) else 0


def find_lists(fields: Mapping[str, str]) -> tuple[str, ...]:
    """Return the addresses, lower-case, that List-Post and List-Id give a mailing list.

    A List-Id (RFC 2919) "Name <knitting.lists.example.org>" is guessed to write as knitting@lists.example.org.
    """
    found = [unquote(match[1]) for match in _MAILTO.finditer(fields.get("list-post", "")[:_LONGEST])]
    if name := _LIST_NAME.search(fields.get("list-id", "")[-_LONGEST:]):
        found.append(f"{name[1]}@{name[2]}")
    return tuple(dict.fromkeys(filter(None, (clean_address(one).lower() for one in found))))


def read_labels(value: str) -> tuple[bool, bool]:
    """Return (left out, sent) as an X-Gmail-Labels field of Google Takeout says."""
    labels = {label.strip(' "').casefold() for label in decode_text(value).split(",")}
    return not labels.isdisjoint(_LEFT_OUT), not labels.isdisjoint(_SENT)


def _first_token(value: str) -> str:
    return value.partition(";")[0].partition("(")[0].strip().lower()
