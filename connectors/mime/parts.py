"""The little that is read below the header: a calendar part's method, and the recipients of a delivery report.

Parts are found by searching bytes and then verified, because parsing every body would cost more than all the rest. Must
never hand on any text of a body but the fields of a report.
"""

import re
from typing import Final

from connectors.mime.addresses import clean_address
from connectors.mime.text import decode_text

BODY_LIMIT: Final = 2_097_152
"""How many bytes of one message are looked at."""

_FAILURES_KEPT: Final = 100
_TRIES: Final = 50  # places that look like a part header, before a hostile message is given up on
_PART_HEADER_LIMIT: Final = 8192
_LONGEST_TYPE: Final = 1000
_BLANK: Final = re.compile(rb"\n\r?\n")
_METHOD: Final = re.compile(rb"text/calendar\b.*;\s*method\*?\s*=", re.IGNORECASE)
_DELIVERY: Final = re.compile(rb"message/(?:global-)?delivery-status\b", re.IGNORECASE)
_STATUS: Final = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)")  # no part of an IP address
_VAGUE: Final = ".0.0"
_UNKNOWN: Final = re.compile(
    r"user(?: is)? unknown|unknown (?:user|recipient|mailbox|address|account)"
    r"|(?:recipient|mailbox|address|account|user)(?: \S{1,320})?(?: is)? (?:unknown|not found|does(?:n't| not) exist)"
    r"|no such (?:user|recipient|mailbox|address|account|person|local user)|no mailbox here"
    r"|invalid (?:recipient|mailbox|user)|not a (?:valid|known) (?:user|mailbox|recipient|address)"
    r"|unrouteable address|doesn't have an? \S+ account",
    re.IGNORECASE,
)

FailureRow = tuple[str, str, str, bool, bool]
"""`connectors.types.Failure`, field by field."""


def has_calendar_part(data: bytes) -> bool:
    """Return whether a part of the multipart message `data` is text/calendar with a method (RFC 6047)."""
    return any(
        _METHOD.match(content_type) is not None
        for needle in (b"/calendar", b"/CALENDAR", b"/Calendar")
        for content_type, _ in _parts_with(data, needle)
    )


def find_failures(data: bytes) -> tuple[FailureRow, ...]:
    """Return the recipients that the message/delivery-status part of `data` (RFC 3464) tells of."""
    for needle in (b"delivery-status", b"Delivery-Status", b"DELIVERY-STATUS", b"Delivery-status"):
        for content_type, start in _parts_with(data, needle):
            if _DELIVERY.match(content_type) is not None:
                return _read_report(data, start)
    return ()


def _parts_with(data: bytes, needle: bytes) -> list[tuple[bytes, int]]:
    """Return (Content-Type, start of the body) of the parts that have `needle` in their header."""
    found = []
    at = data.find(needle)
    for _ in range(_TRIES):
        if at < 0:
            break
        header, end = _part_header_around(data, at)
        if header:
            found.append((_content_type(header), end))
        at = data.find(needle, max(at + 1, end))
    return found


def _part_header_around(data: bytes, at: int) -> tuple[bytes, int]:
    """Return the part header that holds position `at` and its end, (b"", `at`) if `at` is not in one."""
    floor = max(0, at - _PART_HEADER_LIMIT)
    start = data.rfind(b"\n--", floor, at)
    if start < 0 or _BLANK.search(data, start + 1, at) is not None:
        return b"", at
    line_end = data.find(b"\n", start + 1)
    boundary = data[start + 3 : line_end].rstrip()
    # A boundary is one that a Content-Type before it declares; text that merely quotes a part has none.
    declared = data.rfind(boundary, 0, start) if boundary else -1
    if declared < 0 or b"boundary" not in data[max(0, declared - 20) : declared].lower():
        first = data.find(boundary, 0, start) if boundary else -1
        if first < 0 or b"boundary" not in data[max(0, first - 20) : first].lower():
            return b"", at
    blank = _BLANK.search(data, at, at + _PART_HEADER_LIMIT)
    end = blank.end() if blank else min(len(data), at + _PART_HEADER_LIMIT)
    return data[line_end + 1 : end], end


def _content_type(header: bytes) -> bytes:
    unfolded = header.replace(b"\r\n", b"\n").replace(b"\n ", b" ").replace(b"\n\t", b" ")
    for line in unfolded.split(b"\n"):
        name, _, value = line.partition(b":")
        if name.strip().lower() == b"content-type":
            return value.strip()[:_LONGEST_TYPE]
    return b""


def _read_report(data: bytes, start: int) -> tuple[FailureRow, ...]:
    stop = data.find(b"\n--", start)
    text = data[start : stop if stop >= 0 else start + BODY_LIMIT].decode("latin-1").replace("\r\n", "\n")
    failures: list[FailureRow] = []
    for group in text.split("\n\n"):
        fields: dict[str, str] = {}
        for line in group.replace("\n ", " ").replace("\n\t", " ").split("\n"):
            name, colon, value = line.partition(":")
            if colon:
                fields.setdefault(name.strip().lower(), value.strip())
        original, final = _mailbox(fields.get("original-recipient")), _mailbox(fields.get("final-recipient"))
        if not (original or final):
            continue  # the fields about the message, or nothing usable
        diagnostic = decode_text(fields.get("diagnostic-code", ""))
        status = _read_status(fields.get("status", ""), diagnostic)
        action = fields.get("action", "").lower()
        permanent = action.startswith("failed")
        if action and not permanent and not status:
            continue  # delayed, relayed, delivered: nothing failed
        failures.append((original, final, status, permanent, _UNKNOWN.search(diagnostic) is not None))
        if len(failures) == _FAILURES_KEPT:
            break
    return tuple(failures)


def _read_status(field: str, diagnostic: str) -> str:
    """Return the status code (RFC 3463): the field's, or if that says only how bad it is, the diagnostic text's."""
    told = _STATUS.search(field)
    status = told[1] if told else ""
    if status and not status.endswith(_VAGUE):
        return status
    answered = (one[1] for one in _STATUS.finditer(diagnostic))
    return next((one for one in answered if one.startswith(status[:1]) and not one.endswith(_VAGUE)), status)


def _mailbox(value: str | None) -> str:
    """Return the address in "rfc822; robin@example.org"."""
    if not value:
        return ""
    return clean_address(value.rpartition(";")[2].strip().strip("<>"))
