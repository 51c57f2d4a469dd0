"""What goes back over the wire, and how Google words a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

Json = dict[str, Any]
Pairs = tuple[tuple[str, str], ...]

JSON = "application/json; charset=UTF-8"
HTML = "text/html; charset=UTF-8"
REASONS = {
    200: "OK",
    204: "No Content",
    302: "Found",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    410: "Gone",
    411: "Length Required",
    413: "Request Entity Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    501: "Not Implemented",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}
STATUSES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    501: "UNIMPLEMENTED",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
PAGE = (
    "<!DOCTYPE html>\n<html lang=en>\n  <meta charset=utf-8>\n  <title>Error {status} ({reason})!!1</title>\n"
    "  <p><b>{status}.</b> <ins>That's an error.</ins>\n  <p>{text} <ins>That's all we know.</ins>\n"
)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. `claimed` is what Content-Length says instead of the truth."""

    status: int
    body: bytes = b""
    kind: str = JSON
    headers: Pairs = ()
    claimed: int | None = None

    def head(self) -> str:
        """Return the lines after the status line."""
        size = len(self.body) if self.claimed is None else self.claimed
        lines = [f"{name}: {value}\r\n" for name, value in self.headers]
        if self.body:
            lines.append(f"Content-Type: {self.kind}\r\n")
        return "".join([*lines, f"Content-Length: {size}\r\n"])

    @property
    def reason(self) -> str:
        """Return the words of the status line."""
        return REASONS.get(self.status, "Unknown")


class Refusal(Exception):
    """A call that Google refuses, with the answer that says so."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status, reply.body)
        self.reply = reply


def json(value: object, status: int = 200, headers: Pairs = ()) -> Reply:
    """Return `value` as an answer."""
    return Reply(status, orjson.dumps(value), headers=headers)


def page(status: int, text: str = "The requested URL was not found on this server.") -> Reply:
    """Return an HTML error page as Google's front end shows it."""
    reason = REASONS.get(status, "Unknown")
    return Reply(status, PAGE.format(status=status, reason=reason, text=text).encode(), HTML)


def error(
    status: int,
    message: str,
    reason: str,
    *,
    domain: str = "global",
    headers: Pairs = (),
    details: Sequence[Json] = (),
    location: str = "",
) -> Reply:
    """Return an error as Google's APIs word it."""
    one: Json = {"message": message, "domain": domain, "reason": reason}
    if location:
        one |= {"location": location, "locationType": "parameter"}
    told: Json = {"code": status, "message": message, "errors": [one]}
    if status in STATUSES:
        told["status"] = STATUSES[status]
    if details:
        told["details"] = list(details)
    return json({"error": told}, status, headers)


def bad(message: str, reason: str = "invalidArgument", location: str = "") -> Refusal:
    """Return the refusal of an argument."""
    return Refusal(error(400, message, reason, location=location))


def missing(message: str = "Requested entity was not found.") -> Refusal:
    """Return the refusal of a name that nothing has."""
    return Refusal(error(404, message, "notFound"))


def forbidden(message: str, reason: str = "forbidden", headers: Pairs = (), details: Sequence[Json] = ()) -> Refusal:
    """Return the refusal of something not allowed."""
    return Refusal(error(403, message, reason, headers=headers, details=details))
