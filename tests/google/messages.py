"""One message as Gmail keeps it and as Gmail tells it."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message as Mime
from email.utils import parsedate_to_datetime
from typing import Any

from tests.google.answers import Json

Fields = tuple[tuple[str, str], ...]

_BLANK = re.compile(rb"\r?\n\r?\n")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_MESSAGE_ID = re.compile(r"<[^<>\s]+>")
_PREFIX = re.compile(r"^\s*((re|fwd?|aw|sv|antw|wg|rv|tr)(\[\d+\])?:\s*)+", re.IGNORECASE)


def fields_of(source: bytes) -> Fields:
    """Return the header fields of a message as they stand there, unfolded."""
    found = _BLANK.search(source)
    head = source[: found.start()] if found else source
    text = _FOLD.sub("", head.decode("utf-8", "replace"))
    pairs = (line.partition(":") for line in re.split(r"\r?\n", text) if ":" in line)
    return tuple((name.strip(), value.strip(" \t")) for name, _, value in pairs)


def decoded(value: str) -> str:
    """Return `value` with its encoded words read."""
    if "=?" not in value:
        return value
    try:
        return str(make_header(decode_header(value)))
    except (ValueError, LookupError):
        return value


def subject_of(text: str) -> str:
    """Return a subject without what replies and forwards put before it."""
    return " ".join(_PREFIX.sub("", decoded(text)).split()).casefold()


class Message:
    """A message in the mailbox. `at` is internalDate in milliseconds; `history` the id of its last change."""

    __slots__ = ("_fields", "_source", "at", "history", "id", "labels", "thread")

    def __init__(self, name: str, thread: str, source: bytes | Fields, labels: Iterable[str], at: int) -> None:
        self.id = name
        self.thread = thread
        self.labels = set(labels)
        self.at = at
        self.history = 0
        self._source = source if isinstance(source, bytes) else None
        self._fields = None if isinstance(source, bytes) else source

    @property
    def source(self) -> bytes:
        """Return its bytes."""
        if self._source is None:
            lines = "".join(f"{name}: {value}\r\n" for name, value in self.fields)
            return f"{lines}\r\n".encode()
        return self._source

    @property
    def fields(self) -> Fields:
        """Return its header fields."""
        if self._fields is None:
            self._fields = fields_of(self.source)
        return self._fields

    def header(self, name: str) -> str:
        """Return the first field of that name, ``""`` if there is none."""
        return next((value for one, value in self.fields if one.lower() == name), "")

    @property
    def message_id(self) -> str:
        """Return its Message-ID in angle brackets, ``""`` if it has none."""
        found = _MESSAGE_ID.search(self.header("message-id"))
        return found[0] if found else ""

    @property
    def answers(self) -> list[str]:
        """Return the Message-IDs it refers to, the nearest first."""
        return _MESSAGE_ID.findall(f"{self.header('references')} {self.header('in-reply-to')}")[::-1]

    @property
    def subject(self) -> str:
        """Return its subject as Gmail compares it."""
        return subject_of(self.header("subject"))

    def short(self) -> Json:
        """Return its id and thread id."""
        return {"id": self.id, "threadId": self.thread}

    def brief(self) -> Json:
        """Return its id, thread id and labels."""
        return self.short() | ({"labelIds": sorted(self.labels)} if self.labels else {})

    def told(self, form: str, only: Iterable[str] | None, *, snippet: bool, plain: bool) -> Json:
        """Return the resource in a format; `only` names headers, `plain` leaves encoded words as they are."""
        told = self.brief() | {
            "historyId": str(self.history),
            "internalDate": str(self.at),
            "sizeEstimate": len(self._source) if self._source is not None else 2048,
        }
        if snippet:
            told["snippet"] = _snippet(self.source)
        if form == "raw":
            told["raw"] = urlsafe_b64encode(self.source).decode()
        elif form == "metadata":
            kind = self.header("content-type").partition(";")[0].strip().lower() or "text/plain"
            told["payload"] = {"mimeType": kind, "headers": _headers(self.fields, only, plain=plain)}
        elif form == "full":
            told["payload"] = _part(message_from_bytes(self.source), "", plain=plain)
        return told


def _headers(fields: Iterable[tuple[str, str]], only: Iterable[str] | None, *, plain: bool) -> list[Mapping[str, str]]:
    wanted = None if only is None else {name.lower() for name in only}
    return [
        {"name": name, "value": value if plain else decoded(value)}
        for name, value in fields
        if wanted is None or name.lower() in wanted
    ]


def _snippet(source: bytes) -> str:
    found = _BLANK.search(source)
    return " ".join(source[found.end() :].decode("utf-8", "replace").split())[:100] if found else ""


def _part(part: Mime, name: str, *, plain: bool) -> Json:
    fields = fields_of(part.as_bytes())
    told: Json = {
        "partId": name,
        "mimeType": part.get_content_type(),
        "filename": part.get_filename() or "",
        "headers": _headers(fields, None, plain=plain),
        "body": {"size": 0},
    }
    below: Any = part.get_payload()
    if part.is_multipart():
        told["parts"] = [
            _part(one, f"{name}.{number}" if name else str(number), plain=plain) for number, one in enumerate(below)
        ]
        return told
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    told["body"]["size"] = len(content)
    if told["filename"]:
        told["body"]["attachmentId"] = f"attachment-{name}"
    elif content:
        told["body"]["data"] = urlsafe_b64encode(content).decode()
    return told


def moment_of(source: bytes) -> int | None:
    """Return the Date of a message in milliseconds, None if it has none that can be read."""
    for name, value in fields_of(source):
        if name.lower() == "date":
            try:
                return int(parsedate_to_datetime(value).timestamp() * 1000)
            except (ValueError, OverflowError):
                return None
    return None
