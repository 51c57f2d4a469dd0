"""The first characters of a mail's own text, for its salutation alone: only where the user asked for that.

What is read here must go nowhere but to `salutations.find_salutation`.
"""

from email import message_from_bytes
from email.message import Message
from html.parser import HTMLParser
from typing import Final

from connectors.mime.salutations import BEGINNING

_READ: Final = 65_536
"""Bytes of a message that are looked at: the text stands before what is attached."""
_MARKUP: Final = 16_384  # characters of HTML before which a first sentence begins
_UNSEEN: Final = frozenset({"head", "style", "script", "title"})


def read_beginning(data: bytes) -> str:
    """Return the first characters of the first text part of the message `data`, ``""`` if there is none.

    Never raises: whatever is wrong with a message, it has no beginning then.
    """
    try:
        message = message_from_bytes(data[:_READ])
        parts = [part for part in message.walk() if part.get_content_disposition() != "attachment"]
        for kind in ("text/plain", "text/html"):
            part = next((one for one in parts if one.get_content_type() == kind), None)
            if part is not None:
                text = _decode(part)
                return text[:BEGINNING] if kind == "text/plain" else _text_of(text[:_MARKUP])
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        pass  # what the email package makes of hostile bytes
    return ""


def _decode(part: "Message[str, str]") -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace").lstrip()
    except LookupError:
        return content.decode("latin-1").lstrip()


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self._unseen += tag in _UNSEEN
        self.text += " "

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0

    def handle_data(self, data: str) -> None:
        if not self._unseen and len(self.text) < 2 * BEGINNING:
            self.text += data


def _text_of(markup: str) -> str:
    reader = _Text()
    reader.feed(markup)
    return " ".join(reader.text.split())[:BEGINNING]
