"""Many calls in one request: multipart/mixed in and out."""

import random
import re
from collections.abc import Callable
from email.message import Message as Mime
from email.parser import BytesParser
from typing import Literal
from urllib.parse import urlsplit

from tests.google.answers import Reply, bad
from tests.google.calls import Request

LIMIT = 100
BOUNDARY = "batch_fakeBoundaryOfTheAnswer"
PATHS = {"/batch": "/gmail/v1/", "/batch/gmail/v1": "/gmail/v1/", "/batch/calendar/v3": "/calendar/v3/"}

Order = Literal["asked", "reversed", "shuffled"]

_CONTENT_ID = re.compile(r"<[^<>]+>")


def parts(request: Request) -> list[tuple[str, Request]]:
    """Return the parts of a batch, each with its Content-ID (without brackets)."""
    kind = request.headers.get("content-type", "")
    if not kind.lower().startswith("multipart/mixed"):
        raise bad("Failed to parse batch request: expected multipart/mixed.", "badRequest")
    whole = BytesParser().parsebytes(f"Content-Type: {kind}\r\n\r\n".encode() + request.body)
    several = whole.get_payload()
    if not isinstance(several, list) or not several or whole.defects:
        raise bad("Failed to parse batch request: no parts.", "badRequest")
    if len(several) > LIMIT:
        raise bad(f"The batch request has {len(several)} calls, at most {LIMIT} are allowed.", "badRequest")
    read = [_part(one) for one in several if isinstance(one, Mime)]
    if len({name for name, _ in read}) < len(read):
        raise bad("Failed to parse batch request: a Content-ID is there twice.", "badRequest")
    return read


def _part(part: Mime) -> tuple[str, Request]:
    name = str(part.get("Content-ID", "")).strip()
    content = part.get_payload(decode=True)
    if part.get_content_type() != "application/http" or not _CONTENT_ID.fullmatch(name):
        raise bad("Failed to parse batch request: a part is no application/http with a Content-ID.", "badRequest")
    assert isinstance(content, bytes)
    line, _, rest = content.replace(b"\r\n", b"\n").partition(b"\n")
    head, _, body = rest.partition(b"\n\n")
    words = line.decode("ascii", "replace").split(" ")
    if len(words) not in {2, 3}:
        raise bad("Failed to parse batch request: a part has no request line.", "badRequest")
    where = urlsplit(words[1])
    pairs = (one.partition(":") for one in head.decode("utf-8", "replace").splitlines())
    headers = {key.strip().lower(): value.strip() for key, _, value in pairs}
    return name[1:-1], Request(words[0], where.path, where.query, headers, body.rstrip(b"\n"))


def answer(request: Request, each: Callable[[int, Request], Reply], order: Order, rng: random.Random) -> Reply:
    """Answer a batch, every part by `each`."""
    prefix = PATHS[request.path]
    asked = parts(request)
    for _, part in asked:
        if not part.path.startswith(prefix):
            raise bad(f"Batch requests to {prefix} cannot hold {part.path}", "badRequest")
    outer = {name: value for name, value in request.headers.items() if name == "authorization"}
    replies = []
    for number, (name, part) in enumerate(asked):
        whole = Request(part.verb, part.path, part.query, outer | part.headers, part.body)
        replies.append((name, each(number, whole)))
    if order == "reversed":
        replies.reverse()
    elif order == "shuffled":
        rng.shuffle(replies)
    pieces = []
    for name, reply in replies:
        pieces.append(
            f"--{BOUNDARY}\r\nContent-Type: application/http\r\nContent-ID: <response-{name}>\r\n\r\n"
            f"HTTP/1.1 {reply.status} {reply.reason}\r\n{reply.head()}\r\n".encode()
        )
        pieces += [reply.body, b"\r\n"]
    pieces.append(f"--{BOUNDARY}--\r\n".encode())
    return Reply(200, b"".join(pieces), f"multipart/mixed; boundary={BOUNDARY}")
