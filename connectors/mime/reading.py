"""One message's bytes into the facts of one mail.

Facts cross processes as plain rows (`Row`), because those are many times cheaper to send than objects; `to_mail` makes
the `Mail` of one. Whether a mail counts is not decided here.
"""

import re
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final, TypeAlias

from connectors.mime.addresses import Pair, parse_addresses
from connectors.mime.dates import parse_date, to_datetime
from connectors.mime.fields import Header, read_header
from connectors.mime.marks import find_lists, find_marks, read_labels, type_marks
from connectors.mime.parts import FailureRow, find_failures, has_calendar_part
from connectors.mime.subjects import is_autoreply, is_delay
from connectors.mime.text import decode_text, restore
from connectors.types import RECIPIENTS_KEPT, Address, Failure, Mail, Mark

Row: TypeAlias = tuple[
    str,  # message_id
    int | None,  # dated_at, seconds since 1970
    int | None,  # received_at
    Pair | None,  # sender
    tuple[Pair, ...],  # recipients
    str,  # subject
    str,  # thread
    int,  # marks
    bool | None,  # in_sent
    bool,  # truncated
    tuple[str, ...],  # references
    Pair | None,  # reply_to
    Pair | None,  # original_from
    tuple[str, ...],  # lists
    tuple[FailureRow, ...],  # failures
    str,  # salutation
]
"""`connectors.types.Mail`, field by field."""

_ID: Final = re.compile(r"<([^<>]*)>")
_ID_LIMIT: Final = 998
_REFERENCES_LAST: Final = 8
_REPORT: Final = int(Mark.REPORT)
_CALENDAR: Final = int(Mark.CALENDAR)
_FAILED: Final = int(Mark.FAILED_RECIPIENTS)
_AUTOREPLY: Final = int(Mark.AUTOREPLY)
_MACHINE: Final = int(Mark.MACHINE)
_LISTED: Final = int(Mark.LIST_ID | Mark.LIST_POST)


def needs_body(header: Header) -> bool:
    """Return whether a fact may stand below the header, so that the whole message should be at hand."""
    return header.fields.get("content-type", "")[:10].lower() == "multipart/"


def read_message(
    data: bytes, header: Header | None = None, received: int | None = None, *, sent: bool | None = False
) -> Row | None:
    """Return the facts of the message `data` (its start, up to `parts.BODY_LIMIT`), None if it is to be left out.

    `received` is the instant its place on disk tells; a Received field goes before. Left out is what Gmail's labels
    call spam, trash or a draft, and what Thunderbird marked as deleted; `in_sent` is as the labels say, else None.
    The salutation is looked for where it is `sent` mail (None: where the labels say so).
    """
    header = header or read_header(data)
    fields = header.fields
    in_sent = None
    if (labels := fields.get("x-gmail-labels")) is not None:
        left_out, in_sent = read_labels(labels)
        if left_out:
            return None
    if _is_expunged(fields.get("x-mozilla-status", "")):
        return None
    marks = find_marks(fields)
    if header.by_program:
        marks |= _MACHINE
    subject = decode_text(fields.get("subject", ""))
    if is_autoreply(subject):
        marks |= _AUTOREPLY
    content_type = fields.get("content-type", "")
    if content_type[:10].lower() != "text/plain":
        marks |= type_marks(content_type)
    failures: tuple[FailureRow, ...] = ()
    if needs_body(header):
        if marks & _REPORT:
            failures = find_failures(data)
        if has_calendar_part(data):
            marks |= _CALENDAR
    if marks & _FAILED and not failures and not is_delay(subject):
        failures = name_failures(parse_addresses(fields["x-failed-recipients"]))
    message_id = _first_id(fields.get("message-id", ""))
    references = _references(fields.get("references", ""))
    thread = references[0] if references else _first_id(fields.get("in-reply-to", "")) or message_id
    recipients, truncated = _recipients(fields)
    date = fields.get("date")
    return (
        message_id,
        parse_date(date) if date is not None else None,
        _received(fields, received),
        _first_address(fields.get("from")),
        recipients,
        subject,
        thread,
        marks,
        in_sent,
        truncated,
        references,
        _first_address(fields.get("reply-to")),
        _first_address(fields.get("x-original-from")),
        find_lists(fields) if marks & _LISTED else (),
        failures,
        _salutation(data, recipients) if sent or (sent is None and in_sent) else "",
    )


def _salutation(data: bytes, recipients: tuple[Pair, ...]) -> str:
    if len(recipients) != 1:
        return ""
    from connectors.mime.beginning import read_beginning  # noqa: PLC0415 -- slow to import, and seldom asked for
    from connectors.mime.salutations import find_salutation  # noqa: PLC0415

    return find_salutation(read_beginning(data), Address(*recipients[0]))


def name_failures(failed: Iterable[Pair]) -> tuple[FailureRow, ...]:
    """Return what a report tells of the recipients that its header names: whom it is about, and not why."""
    return tuple((email, email, "", False, False) for email, _ in islice(failed, RECIPIENTS_KEPT))


class MailMaker:
    """Makes mails of rows; addresses that repeat are made once."""

    _KEPT: Final = 20_000

    def __init__(self) -> None:
        self._addresses: dict[Pair, Address] = {}

    def to_mail(self, row: Row, in_sent: bool | None = None) -> Mail:
        """Return the mail that `row` tells of; `in_sent`, where its folder tells it, goes before what the row says."""
        address = self._address
        (message_id, dated, received, sender, recipients, subject, thread, marks, labelled, truncated, references,
         reply_to, original_from, lists, failures, salutation) = row  # fmt: skip
        return Mail(
            message_id,
            to_datetime(dated),
            to_datetime(received),
            address(sender) if sender else None,
            tuple([address(one) for one in recipients]),
            subject,
            thread,
            marks,
            labelled if in_sent is None else in_sent,
            truncated,
            references,
            address(reply_to) if reply_to else None,
            address(original_from) if original_from else None,
            lists,
            tuple([Failure(*one) for one in failures]) if failures else (),
            salutation,
        )

    def _address(self, pair: Pair) -> Address:
        made = self._addresses.get(pair)
        if made is None:
            if len(self._addresses) >= self._KEPT:
                self._addresses.clear()
            made = self._addresses[pair] = Address(*pair)
        return made


def _is_expunged(status: str) -> bool:
    """Return whether Thunderbird's status has the bit of a message deleted but not yet compacted away."""
    try:
        return bool(status) and bool(int(status[:8], 16) & 0x0008)
    except ValueError:
        return False


def _received(fields: Mapping[str, str], otherwise: int | None) -> int | None:
    value = fields.get("received")
    if value is None:
        return otherwise
    at = parse_date(value.rpartition(";")[2])
    return otherwise if at is None else at


def _first_address(value: str | None) -> Pair | None:
    if value is None:
        return None
    found = parse_addresses(value)
    return found[0] if found else None


def _recipients(fields: Mapping[str, str]) -> tuple[tuple[Pair, ...], bool]:
    """Return To and Cc together, each address once, and whether there were more than are told."""
    to, cc = fields.get("to"), fields.get("cc")
    pairs = parse_addresses(to) if to is not None else ()
    if cc is not None:
        pairs += parse_addresses(cc)
    if len(pairs) > 1:
        by_email: dict[str, Pair] = {}
        for pair in pairs:
            by_email.setdefault(pair[0].lower(), pair)
        pairs = tuple(by_email.values())
    return (pairs[:RECIPIENTS_KEPT], True) if len(pairs) > RECIPIENTS_KEPT else (pairs, False)


def _first_id(value: str) -> str:
    """Return the first Message-ID of a field without its brackets (a bare one is taken as it stands)."""
    if not value:
        return ""
    match = _ID.search(value)
    found = match[1].strip() if match else (value.split(None, 1)[0].strip("<>") if value.strip() else "")
    return found if found.isascii() and found.isprintable() and len(found) <= _ID_LIMIT else _odd_id(found)


def _odd_id(found: str) -> str:
    return "".join(char for char in restore(found) if char.isprintable())[:_ID_LIMIT]


def _references(value: str) -> tuple[str, ...]:
    if not value:
        return ()
    found = [one.strip() for one in _ID.findall(value) if one.strip()] or value.split()
    if len(found) > _REFERENCES_LAST + 1:
        found = [found[0], *found[-_REFERENCES_LAST:]]
    return tuple(
        [one if one.isascii() and one.isprintable() and len(one) <= _ID_LIMIT else _odd_id(one) for one in found]
    )
