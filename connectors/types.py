"""The facts a provider tells, in the shapes every connector shares.

Facts only: who, when, and what the headers or the calendar entry say of themselves. What any of it means (who is a
person, what counts as contact) is decided in ``daemon`` and must not be decided here. No body text ever appears in a
fact. All instants are aware UTC datetimes unless a field says otherwise.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntFlag, StrEnum
from typing import Generic, TypeVar

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox. `email` is as written (one ``@``, no brackets, no controls); `name` is decoded or ``""``."""

    email: str
    name: str = ""


class Mark(IntFlag):
    """What a mail's own headers say of how it was made; each is one reason to take it for bulk or automatic mail.

    Carried in `Mail.marks` as a plain int, because flag arithmetic is too slow for a first read of 200,000 mails.
    """

    RETURN_PATH_EMPTY = 1 << 0
    FAILED_RECIPIENTS = 1 << 1  # X-Failed-Recipients
    AUTO_SUBMITTED = 1 << 2  # Auto-Submitted other than "no" and "auto-replied" (RFC 3834)
    PRECEDENCE = 1 << 3  # Precedence: bulk, list or junk
    LIST_ID = 1 << 4  # RFC 2919
    LIST_UNSUBSCRIBE = 1 << 5  # RFC 2369
    LIST_POST = 1 << 6  # RFC 2369
    REPORT = 1 << 7  # multipart/report (RFC 6522)
    RECEIPT = 1 << 8  # a read receipt (RFC 8098)
    CALENDAR = 1 << 9  # text/calendar with a method, at the top or in a part, or the provider says so
    AUTOREPLY = 1 << 10  # Auto-Submitted: auto-replied, Precedence: auto_reply, X-Autoreply …, or its subject says so
    MACHINE = 1 << 11  # a field that only a program writes in somebody's name: of a ticket, a review, a post


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient of a delivery report (RFC 3464).

    `status` is the enhanced status code ("5.1.1") or ``""``: that of the diagnostic text where the Status field has
    none, or only says how bad it is ("5.0.0"). `permanent` says that the report's action is "failed". `unknown_user`
    says that the diagnostic text speaks of an unknown user or mailbox. `original` and `final` are the addresses of
    Original-Recipient and Final-Recipient, ``""`` where missing. Where a report tells only whom it is about
    (X-Failed-Recipients), both are that address, and nothing else is known.
    """

    original: str
    final: str
    status: str
    permanent: bool
    unknown_user: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """One copy of one mail.

    `message_id` is without angle brackets, ``""`` if the mail has none. `dated_at` is the Date header, None if missing
    or unreadable; `received_at` is the provider's own time for it, None if it has none. `recipients` is To and Cc
    together, in order, each address once; when there are more than `RECIPIENTS_KEPT`, the rest is left out and
    `truncated` is set. `thread` is the provider's thread id, or else the first Message-ID of References, else that of
    In-Reply-To, else the mail's own. `references` is what a reply would need to know: the mail's References (first and
    last eight at most). `lists` are addresses that the mail itself says are a mailing list's (List-Post, the List-Id's
    mailbox). `in_sent` is True in a folder of sent mail, False in any other, None where the provider cannot tell.
    `salutation` is the word with which it greets its one recipient, told of sent mail only and where `Host.greetings`
    asks for it: one of those in ``connectors.mime.salutations``, ``""`` for none.
    """

    message_id: str
    dated_at: datetime | None
    received_at: datetime | None
    sender: Address | None
    recipients: tuple[Address, ...]
    subject: str
    thread: str
    marks: int = 0
    in_sent: bool | None = None
    truncated: bool = False
    references: tuple[str, ...] = ()
    reply_to: Address | None = None
    original_from: Address | None = None
    lists: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()
    salutation: str = ""


RECIPIENTS_KEPT = 64
"""How many recipients of one mail are told. No rule needs more: `contact.max_people` ends at 50."""


class Answer(StrEnum):
    """What an attendee answered (RFC 5545, PARTSTAT)."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    TENTATIVE = "tentative"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Attendee:
    """One invited mailbox. `resource` is set for rooms, equipment and groups (CUTYPE, ``resource: true``)."""

    address: Address
    answer: Answer = Answer.NONE
    resource: bool = False


@dataclass(frozen=True, slots=True)
class Meeting:
    """One occurrence of one calendar entry.

    `key` names it within its account and stays the same however often it is told again, moved or cancelled. `uid` is
    the iCalendar UID; `original_start` tells the occurrences of a series apart (the instant the rule gave it, as ISO
    8601, ``""`` for an entry that does not recur) and equals across calendars. `start` and `end` are aware, or naive
    where the calendar gave a floating time; an all-day entry has naive midnights. `ordinary` is False for
    out-of-office, focus time, working location, birthday, task, and where only free/busy is shared. `away` is True for
    out-of-office alone, all-day or not: the entry says that whose calendar it is cannot be reached. An entry whose
    attendee list the provider withheld has `attendees_known` False. `creator` is who made it where the organiser is a
    group's calendar. `updated_at` is its last change.
    """

    key: str
    uid: str
    original_start: str
    start: datetime
    end: datetime
    all_day: bool = False
    cancelled: bool = False
    ordinary: bool = True
    away: bool = False
    organizer: Address | None = None
    creator: Address | None = None
    attendees: tuple[Attendee, ...] = ()
    attendees_known: bool = True
    title: str = ""
    sequence: int = 0
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Batch(Generic[T_co]):
    """One step of a read: `items` that are new or changed, `removed` keys (meetings only), and where the read stands.

    `cursor` is opaque text, valid from the moment the batch is stored: a read that begins with it repeats nothing that
    matters and misses nothing. `done` of `total` measures the read under way (messages, or events), for a progress
    bar; `total` 0 means unknown. `problems` are sentences for the user about single items that could not be read.
    """

    items: Sequence[T_co]
    cursor: str
    removed: Sequence[str] = ()
    done: int = 0
    total: int = 0
    problems: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class NewDraft:
    """A draft to be put into the user's Drafts folder.

    `key` is its future Message-ID without angle brackets, of ordinary shape, and the name by which it is found again.
    `body` is plain text, a line a paragraph. `in_reply_to` (without brackets) and `references` are empty for a new
    thread; `thread` is the `Mail.thread` answered, for providers that thread by an id of their own.
    """

    key: str
    sender: Address
    to: Address
    subject: str
    body: str
    written_at: datetime
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    thread: str = ""


@dataclass(frozen=True, slots=True)
class DraftRef:
    """A draft that lies in the Drafts folder.

    `id` is the provider's own; `key` its Message-ID without brackets (``""`` if it has none); `revision` changes
    whenever its content does. `to` are the addresses on To, Cc and Bcc, `subject` its subject, `written_at` its Date
    (None: unreadable); where a provider keeps no Date of a draft, it is when the draft was made there, and `dated` is
    False. `sent`: it is a draft no more but a mail that was sent, as which it has its `key`; only where the provider
    can tell that, and only of one that was asked for by its `id`. `as_made`: one that `create` made lies there as it
    was made, for all that the provider tells beside the Date, which most programs write anew when they save a draft.
    """

    id: str
    key: str
    revision: str
    to: tuple[str, ...] = ()
    subject: str = ""
    written_at: datetime | None = None
    dated: bool = True
    sent: bool = False
    as_made: bool = False
