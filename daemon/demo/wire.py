"""How one message looks on disk: headers and body as bytes (RFC 5322), made quickly and without chance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr
from functools import lru_cache
from hashlib import blake2b
from typing import Final

from daemon.demo.cast import Mailbox

PLAIN: Final = "text/plain; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of the sample mailbox.

    `at` is its moment (UTC). `mine`: it lies in Sent. `references` are the Message-IDs of its thread so far, with
    brackets; the last is the one it answers. `headers` are further header lines. `labels` are what a Gmail export
    says of it beside Sent or Inbox. `trashed`: it was thrown away.
    """

    message_id: str
    at: datetime
    mine: bool
    sender: Mailbox
    to: tuple[Mailbox, ...]
    subject: str
    body: str
    cc: tuple[Mailbox, ...] = ()
    references: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    content_type: str = PLAIN
    label: str = ""
    trashed: bool = False


def roll(*names: object) -> bytes:
    """Return sixteen dice, always the same for the same names."""
    return blake2b("/".join(map(str, names)).encode(), digest_size=16).digest()


def message_id(sender: Mailbox, *names: object) -> str:
    """Return a Message-ID, with brackets, always the same for the same names."""
    return f"<{roll(sender.email, *names).hex()}@{sender.email.rpartition('@')[2]}>"


def render(letter: Letter) -> bytes:
    """Return the message with Unix line ends."""
    date = format_datetime(letter.at)
    lines = [] if letter.mine else [_received(letter.sender.email, date)]
    lines += [f"Date: {date}", f"From: {written(letter.sender)}", f"To: {_all(letter.to)}"]
    if letter.cc:
        lines.append(f"Cc: {_all(letter.cc)}")
    lines += [f"Subject: {_text(letter.subject)}", f"Message-ID: {letter.message_id}"]
    if letter.references:
        lines += [f"In-Reply-To: {letter.references[-1]}", "References: " + "\n ".join(letter.references)]
    lines += [*letter.headers, "MIME-Version: 1.0", f"Content-Type: {letter.content_type}"]
    if letter.content_type == PLAIN:
        lines.append("Content-Transfer-Encoding: 8bit")
    return ("\n".join(lines) + f"\n\n{letter.body}\n").encode()


@lru_cache(maxsize=512)
def written(mailbox: Mailbox) -> str:
    """Return the mailbox as it stands in a header, its name encoded (RFC 2047) where it must be."""
    return formataddr((mailbox.name, mailbox.email))


@lru_cache(maxsize=512)
def _text(subject: str) -> str:
    return subject if subject.isascii() else Header(subject, "utf-8").encode()


@lru_cache(maxsize=512)
def _all(mailboxes: Sequence[Mailbox]) -> str:
    return ",\n ".join(map(written, mailboxes))


def _received(email: str, date: str) -> str:
    host = f"mx.{email.rpartition('@')[2]}"
    return f"Received: from {host} ({host} [192.0.2.25])\n by mx.example.com with ESMTPS; {date}"
