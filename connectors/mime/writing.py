"""A draft as the bytes of a message: strict, ordinary, and with nothing in it that names the program.

Raises instead of writing a header that a name or subject could break out of.
"""

from datetime import UTC, datetime
from email.errors import MessageError
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final

from connectors.errors import Refused
from connectors.mime.text import TEXT_LIMIT
from connectors.text import clean
from connectors.types import Address, NewDraft

# Two limits: a header line has the longest there is, because an In-Reply-To that is folded becomes an encoded word and
# threading breaks; a line of quoted-printable ends at 76 (RFC 2045, section 6.7).
_HEADERS: Final = SMTP.clone(max_line_length=998)
_BODY: Final = SMTP.clone(max_line_length=76)
_REFERENCES_LAST: Final = 8


def write_draft(draft: NewDraft, linesep: str = "\r\n") -> bytes:
    """Return the message (RFC 5322, MIME) of `draft`, its lines ended by `linesep`.

    Names and subject are cleaned of what is not seen; the body goes out as quoted-printable UTF-8, a line a paragraph.

    Raises:
        Refused: an address, the key or a Message-ID it answers cannot stand in a header.
    """
    message = EmailMessage(policy=_BODY.clone(linesep=linesep))
    message["From"] = _header_address(draft.sender)
    message["To"] = _header_address(draft.to)
    message["Subject"] = clean(draft.subject, TEXT_LIMIT)
    message["Date"] = format_datetime(_aware(draft.written_at))
    message["Message-ID"] = _bracketed(draft.key)
    if draft.in_reply_to:
        message["In-Reply-To"] = _bracketed(draft.in_reply_to)
    references = draft.references
    if len(references) > _REFERENCES_LAST + 1:
        references = (references[0], *references[-_REFERENCES_LAST:])
    if references:
        message["References"] = " ".join(_bracketed(one) for one in references)
    message.set_content(
        "\n".join(draft.body.splitlines()) + "\n", subtype="plain", charset="utf-8", cte="quoted-printable"
    )
    return message.as_bytes(policy=_HEADERS.clone(linesep=linesep))


def _header_address(address: Address) -> HeaderAddress:
    try:
        return HeaderAddress(clean(address.name, TEXT_LIMIT), addr_spec=_spotless(address.email))
    except (MessageError, ValueError, IndexError, AttributeError) as err:
        raise Refused(f'"{clean(address.email)}" cannot stand in a mail header: correct the address.') from err


def _bracketed(message_id: str) -> str:
    return f"<{_spotless(message_id)}>"


def _spotless(text: str) -> str:
    """Return `text` if nothing in it could end a header or an address."""
    if not text or not text.isascii() or not text.isprintable() or any(char in " <>," for char in text):
        raise Refused(f'"{clean(text)}" cannot stand in a mail header: correct the address.')
    return text


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
