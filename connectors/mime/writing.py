"""A draft as the bytes of a message: strict, ordinary, and with nothing in it that names the program.

Raises instead of writing a header that a name or subject could break out of.
"""

import re
from datetime import UTC, datetime
from email.errors import MessageError
from email.header import Header
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, quote
from typing import Final

from connectors.errors import Refused
from connectors.mime.text import TEXT_LIMIT
from connectors.text import clean
from connectors.types import Address, NewDraft

_BODY: Final = SMTP.clone(max_line_length=76)  # a line of quoted-printable ends there (RFC 2045, section 6.7)
_PLAIN: Final = 900  # of 998 that a line of a header may have (RFC 5322, section 2.1.1)
_ATOMS: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?: [\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_REFERENCES_LAST: Final = 8


def write_draft(draft: NewDraft, linesep: str = "\r\n") -> bytes:
    """Return the message (RFC 5322, MIME) of `draft`, its lines ended by `linesep`.

    Names and subject are cleaned of what is not seen; the body goes out as quoted-printable UTF-8, a line a paragraph.

    Raises:
        Refused: an address, the key or a Message-ID it answers cannot stand in a header.
    """
    references = draft.references
    if len(references) > _REFERENCES_LAST + 1:
        references = (references[0], *references[-_REFERENCES_LAST:])
    fields = {
        "From": _mailbox(draft.sender, linesep),
        "To": _mailbox(draft.to, linesep),
        "Subject": _words(clean(draft.subject, TEXT_LIMIT), "Subject", linesep),
        "Date": format_datetime(_aware(draft.written_at)),
        "Message-ID": _bracketed(draft.key),
        "In-Reply-To": _bracketed(draft.in_reply_to) if draft.in_reply_to else "",
        "References": " ".join(_bracketed(one) for one in references),
    }
    # The email package reads a value that it is given, and decodes what looks encoded in it: a subject that somebody
    # encoded twice would become a line of its own. So these lines are written here, and only the body there.
    head = "".join(f"{name}: {value}{linesep}" for name, value in fields.items() if value or name == "Subject")
    message = EmailMessage(policy=_BODY.clone(linesep=linesep))
    message.set_content(
        "\n".join(draft.body.splitlines()) + "\n", subtype="plain", charset="utf-8", cte="quoted-printable"
    )
    return head.encode("ascii") + message.as_bytes()


def _mailbox(address: Address, linesep: str) -> str:
    """Return an address as a header tells it (RFC 5322, section 3.4)."""
    email, name = _spotless(address.email), clean(address.name, TEXT_LIMIT)
    try:
        HeaderAddress(addr_spec=email)
    except (MessageError, ValueError, IndexError, AttributeError) as err:
        raise Refused(f'"{clean(email)}" cannot stand in a mail header: correct the address.') from err
    if not name:
        return email
    words = _words(name, "To", linesep)
    return f"{words if words != name or _ATOMS.fullmatch(name) else _quoted(name)} <{email}>"


def _quoted(name: str) -> str:
    return f'"{quote(name)}"'


def _words(text: str, name: str, linesep: str) -> str:
    """Return a text as it is where that is plain and short, else as encoded words (RFC 2047).

    One that looks encoded itself is encoded, so that nobody decodes more than was meant.
    """
    if text.isascii() and text.isprintable() and "=?" not in text and len(text) <= _PLAIN:
        return text
    return Header(text, "utf-8", header_name=name, maxlinelen=76).encode(linesep=linesep)


def _bracketed(message_id: str) -> str:
    return f"<{_spotless(message_id)}>"


def _spotless(text: str) -> str:
    """Return `text` if nothing in it could end a header or an address."""
    if not text or not text.isascii() or not text.isprintable() or any(char in " <>," for char in text):
        raise Refused(f'"{clean(text)}" cannot stand in a mail header: correct the address.')
    return text


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
