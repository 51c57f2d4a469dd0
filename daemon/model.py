"""The daemon's own words: people, contacts, standings, drafts, and what the user said by hand.

Plain frozen shapes, no decisions. Instants are aware UTC datetimes; `day` fields are local days as proleptic
ordinals (`date.toordinal`), because the rhythm counts in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from daemon.settings import Language, Listed, Occasion


class Kind(StrEnum):
    """How a contact happened."""

    SENT = "sent"
    RECEIVED = "received"
    MEETING = "meeting"
    MET = "met"


class State(StrEnum):
    """Where a person stands; the first that fits, in this order."""

    MUTED = "muted"
    SNOOZED = "snoozed"
    DRAFTED = "drafted"
    LISTED = "listed"
    SUGGESTED = "suggested"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True)
class Contact:
    """One counted contact with a person.

    `email` is the person's address it went through; `people` the number of other people it was shared with, the person
    included; `title` the subject or meeting title where it is still kept, else None.
    """

    at: datetime
    kind: Kind
    account: str
    email: str
    title: str | None
    people: int


@dataclass(frozen=True, slots=True)
class Person:
    """One human being.

    `emails` are lower-cased, the one last in use first. `listed` is the ``[[people]]`` entry, if there is one.
    """

    name: str
    emails: tuple[str, ...]
    listed: Listed | None = None

    @property
    def key(self) -> str:
        """Return a text that names the person within one run: the first address, or the name of one without any."""
        return self.emails[0] if self.emails else f"name:{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class Move:
    """What shows that a person is at a new organisation.

    `old` was last used by them at `silent_since`; `new` has been since `since`, so many times (`uses`).
    """

    old: str
    new: str
    silent_since: datetime
    since: datetime
    uses: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What the ledger says of a person, as of one instant.

    `days` are the contact days, ascending, without repeats. `sent`/`received` count counted mails each way.
    `sign_of_life`: a counted mail from them or a meeting they accepted or organised. `unanswered_at`: the moment of
    their newest mail if it is newer than any mail of mine to them and any meeting, else None. `answered_at`: their
    newest counted mail or meeting. `owed`: what is unanswered opened its thread, or is the second in a row.
    `next_meeting_at`: the start of the first meeting ahead within 365 days. `dead`:
    those of their addresses that are known to bounce. `usable_email`: where a draft would go, None if every address is
    dead: what the user chose (`chosen_email`), else where they `moved` to, else the one last in contact.
    """

    person: Person
    days: Sequence[int]
    last: Contact | None
    first_at: datetime | None
    sent: int
    received: int
    sign_of_life: bool
    unanswered_at: datetime | None
    answered_at: datetime | None
    next_meeting_at: datetime | None
    dead: frozenset[str]
    usable_email: str | None
    last_sent_at: datetime | None = None
    moved: Move | None = None
    chosen_email: str = ""
    owed: bool = False


class Status(StrEnum):
    """What became of a draft."""

    PLANNED = "planned"
    OPEN = "open"
    EDITED = "edited"
    SENT = "sent"
    DELETED = "deleted"
    WITHDRAWN = "withdrawn"


UNSENT = frozenset({Status.PLANNED, Status.OPEN, Status.EDITED})


@dataclass(frozen=True, slots=True)
class DraftRecord:
    """One draft of ours and what became of it.

    `key` is the Message-ID it was born with. `emails` are all addresses of the person when it was planned, so that the
    record finds its person again after a merge. `email` is the address it goes to. `variant` names the wording used
    (template and choice). `news` are the texts of the user's news it tells. `ref_id`, `ref_key` and `revision` are
    where it lies and as it was when we last looked without an edit. `seen_at` is when it was last seen in Drafts,
    `missing_at` when it was first found gone. `lost` says that a planned one was not made, and will not appear any
    more: it may be made again. `typed` is set for `auld draft PERSON`, which is outside goal and spread.
    `by_age` is set if it was withdrawn for its age. `withdrawing` is kept before it is taken out of Drafts, so that a
    crash in between does not make it one that the user deleted. `former_key` is the `ref_key` it had before another
    draft was taken for it: if it was sent after all, this tells. `edited`: the user changed it, whatever became of it.
    `let_go`: it was taken back at the user's word, so that all it was to tell waits again.
    """

    key: str
    person: str
    emails: tuple[str, ...]
    email: str
    account: str
    occasion: Occasion | Literal["look-back"]
    language: Language
    subject: str
    status: Status
    created_at: datetime
    changed_at: datetime
    variant: str = ""
    news: tuple[str, ...] = ()
    ref_id: str = ""
    ref_key: str = ""
    revision: str = ""
    seen_at: datetime | None = None
    missing_at: datetime | None = None
    typed: bool = False
    by_age: bool = False
    withdrawing: bool = False
    in_reply_to: str = ""
    lost: bool = False
    former_key: str = ""
    edited: bool = False
    let_go: bool = False


class Wish(StrEnum):
    """What a note of the user is for."""

    NOTE = "note"
    NEWS = "news"
    PROMOTED = "promoted"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True)
class Note:
    """A fact that the user gave for the next draft to a person."""

    id: int
    emails: tuple[str, ...]
    name: str
    text: str
    wish: Wish
    at: datetime
    used_by: str = ""  # key of the draft that told it


@dataclass(frozen=True, slots=True)
class Met:
    """A contact told by hand."""

    id: int
    emails: tuple[str, ...]
    name: str
    at: datetime
    how: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What the user said of one person: muted, snoozed till a moment, kept or left aside in review.

    `at` is when they last said anything of it: that lifts what auld had concluded before (drafts deleted in a row).
    `address` is where drafts are to go, "" for where auld thinks best. `muted_at` and its like are when each was said,
    None where that is not known.
    """

    emails: tuple[str, ...]
    name: str
    muted: bool = False
    snoozed_until: datetime | None = None
    kept: bool = False  # `auld review`: listed, by their own rhythm or the circle
    circle: str = ""
    reviewed: bool = False
    at: datetime | None = None
    address: str = ""
    muted_at: datetime | None = None
    snoozed_at: datetime | None = None
    kept_at: datetime | None = None
    address_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Join:
    """A merge or split by hand. `apart` False: all `emails` are one person. True: `emails[0]` is not the others'."""

    id: int
    emails: tuple[str, ...]
    apart: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Rate:
    """A person's rhythm, as of one instant.

    `due_at` is the instant from which they are due, None if nothing can be said (no contact and not listed).
    `days` is the rhythm in days, None if unknown; `overdue_probability` is P(gap > t) by their own rhythm, also where
    another rule decides, and None where there was no contact. `days_over` counts from `due_at` to now, never below 0.
    `rule` is one sentence. `away` is how many days of the silence the user was away: they do not count.
    """

    due_at: datetime | None
    due: bool
    days: float | None
    overdue_probability: float | None
    days_over: float
    rule: str
    away: int = 0


@dataclass(frozen=True, slots=True)
class Due:
    """One person who is due and not held, with what the draft will be."""

    standing: Standing
    rate: Rate
    occasion: Occasion
    account: str
    reason: str
