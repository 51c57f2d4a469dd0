"""Several reads in one HTTP request (https://developers.google.com/workspace/gmail/api/guides/batch).

Written here because the batches of google-api-python-client refresh the token behind everybody's back, ask again by
themselves, and fail as a whole on an answer that does not name the part it answers. Only GET: a batch never writes.
"""

import re
from collections.abc import Mapping, Sequence
from email.parser import BytesHeaderParser
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import urlsplit

from connectors.gmail.faults import Lost

if TYPE_CHECKING:  # accounts are opened far more often than Google is asked
    import httplib2

MOST: Final = 10
"""How many calls go into one batch: Google refuses parts of larger ones as too many side by side."""

_BOUNDARY: Final = "auld_parts"
_PART: Final = (
    rb"--auld_parts\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
    rb"Content-ID: <part-\d+>\r\n\r\nGET ([!-~]+) HTTP/1\.1\r\nAccept: application/json\r\n\r\n\r\n"
)
_LINE: Final = re.compile(_PART)
_WHOLE: Final = re.compile(rb"(?:" + _PART + rb")+--auld_parts--\r\n")
_NAME: Final = re.compile(r"response-part-(\d{1,9})", re.ASCII)
_STATUS: Final = re.compile(rb"\s*HTTP/\d(?:\.\d)? (\d{3})[^\n]*\n")


class Asked(Protocol):
    """What of a prepared request goes into a batch."""

    uri: str


def write_batch(requests: Sequence[Asked]) -> tuple[str, bytes]:
    """Return Content-Type and body of a batch of GETs."""
    parts = []
    for number, one in enumerate(requests):
        address = urlsplit(one.uri)
        line = f"{address.path}?{address.query}" if address.query else address.path
        parts.append(
            f"--{_BOUNDARY}\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
            f"Content-ID: <part-{number}>\r\n\r\nGET {line} HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n"
        )
    return f'multipart/mixed; boundary="{_BOUNDARY}"', ("".join(parts) + f"--{_BOUNDARY}--\r\n").encode()


def list_batch(body: bytes) -> list[str]:
    """Return the addresses (path and query) of a batch's GETs; none if it is not as `write_batch` writes it."""
    return [line.decode("latin-1") for line in _LINE.findall(body)] if _WHOLE.fullmatch(body) else []


def read_batch(headers: Mapping[str, str], content: bytes, count: int) -> list["tuple[httplib2.Response, bytes]"]:
    """Return the answers of a batch of `count` calls, in the order they were asked.

    Raises:
        Lost: the answer is none to such a batch.
    """
    from httplib2 import Response  # noqa: PLC0415

    boundary = _boundary(headers.get("content-type", ""))
    found: dict[int, tuple[Response, bytes]] = {}
    parts = content.split(b"--" + boundary)[1:] if boundary else []
    if len(parts) != count + 1 or not parts[-1].startswith(b"--"):
        raise Lost("Google's answer to a batch of calls is not whole.", bad=True)
    for place, part in enumerate(parts[:-1]):
        outer, _, inner = part.lstrip(b"\r\n").replace(b"\r\n", b"\n").partition(b"\n\n")
        status = _STATUS.match(inner)
        if status is None:
            raise Lost("A part of Google's answer to a batch of calls is none.", bad=True)
        head, _, body = inner[status.end() :].partition(b"\n\n")
        named = _NAME.search(_fields(outer).get("content-id", ""))
        fields = _fields(head)
        # Answers may come in any order, each with the name of its call; where none is named, in the order asked.
        found[int(named[1]) if named else place] = (
            Response(fields | {"status": status[1].decode()}),
            body.rstrip(b"\n"),
        )
    if set(found) != set(range(count)):
        raise Lost("Google's answer to a batch of calls answers others.", bad=True)
    return [found[number] for number in range(count)]


def _fields(head: bytes) -> dict[str, str]:
    # Fields with bytes that are no ASCII come as objects.
    return {name.lower(): str(value) for name, value in BytesHeaderParser().parsebytes(head + b"\n\n").items()}


def _boundary(content_type: str) -> bytes:
    kind, _, rest = content_type.partition(";")
    match = re.search(r"boundary=(?:\"([^\"]+)\"|([^\s;\"]+))", rest)
    if kind.strip().lower() != "multipart/mixed" or match is None:
        return b""
    return (match[1] or match[2]).encode()
