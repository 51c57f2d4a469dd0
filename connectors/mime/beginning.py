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
_KINDS: Final = ("text/plain", "text/html")
_MARKUP: Final = 16_384  # characters of HTML before which a first sentence begins
_UNSEEN: Final = frozenset({"head", "style", "script", "title", "blockquote"})  # a quotation is somebody else's
_LINES: Final = frozenset({"p", "div", "br", "tr", "li", "h1", "h2", "h3", "table", "ul", "ol", "hr"})


def read_beginning(data: bytes) -> str:
    """Return the first characters of the first text part of the message `data`, ``""`` if there is none.

    Never raises: whatever is wrong with a message, it has no beginning then.
    """
    try:
        part = _own_text(message_from_bytes(data[:_READ]))
        if part is not None:
            text = _decode(part)
            return text[:BEGINNING] if part.get_content_type() == "text/plain" else _text_of(text[:_MARKUP])
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError):
        pass  # what the email package makes of hostile bytes
    return ""


def _own_text(message: "Message[str, str]") -> "Message[str, str] | None":
    """Return the part that a mail program shows first, None if that is no text; an attached mail is somebody else's."""
    parts = message.get_payload()
    if not isinstance(parts, list):
        shown = message.get_content_disposition() != "attachment" and message.get_filename() is None
        return message if shown and message.get_content_type() in _KINDS else None
    if message.get_content_maintype() != "multipart":
        return None
    found = [one for part in parts if isinstance(part, Message) and (one := _own_text(part)) is not None]
    if message.get_content_subtype() == "alternative":
        found.sort(key=lambda one: _KINDS.index(one.get_content_type()))
    return found[0] if found else None


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
        self.text += "\n" if tag in _LINES else " " if tag == "img" else ""

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in _UNSEEN and self._unseen > 0
        self.text += "\n" if tag in _LINES else ""

    def handle_data(self, data: str) -> None:
        if not self._unseen and len(self.text) < 2 * BEGINNING:
            self.text += " ".join(data.split("\n"))


def _text_of(markup: str) -> str:
    reader = _Text()
    reader.feed(markup)
    lines = (" ".join(line.split()) for line in reader.text.split("\n"))
    return "\n".join(line for line in lines if line)[:BEGINNING]
