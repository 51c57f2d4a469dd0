"""What became of each draft (rules: "Lifecycle"). Pure: what was seen in Drafts and what happened since, records out.

planned -> open -> edited | sent | deleted | withdrawn. A draft that the user touched is never changed or removed.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from connectors.types import DraftRef
from daemon.model import UNSENT, DraftRecord, Note, Status, Wish

_TWO_LOOKS: Final = timedelta(minutes=10)
_STALE: Final = timedelta(days=60)
_TOLD_NOTHING: Final = frozenset({Status.DELETED, Status.WITHDRAWN})
_BESIDE: Final = frozenset({Wish.NOTE, Wish.NEWS})
_CLOCKS_DIFFER: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of one draft of ours: `ref` as it lies there, None when it is gone.

    `late`: one that was planned and is not there may still appear (`DraftBox.creates_late`). `unread`: my mail could
    not be read since, so that nobody knows whether one that is gone was sent.
    """

    ref: DraftRef | None
    late: bool = False
    unread: bool = False


@dataclass(frozen=True, slots=True)
class Since:
    """What happened with the person of a draft.

    `contact_at` is their last contact, `written_at` my newest mail to them, `key_sent` says that a mail with the
    draft's key was sent, `unwanted` that the user muted or snoozed them.
    """

    contact_at: datetime | None
    written_at: datetime | None
    key_sent: bool
    unwanted: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """The record as it now is.

    `withdraw` asks the caller to keep it, then to take the draft out of Drafts, then to `mark_withdrawn`.
    """

    record: DraftRecord
    withdraw: bool = False


def judge(record: DraftRecord, look: Look, since: Since, others: Sequence[DraftRef], now: datetime) -> Verdict:
    """Return what became of an unsent draft; `others` are drafts in the folder that no record of ours holds."""
    if record.status not in UNSENT:
        return Verdict(record)
    if look.ref is None:
        return Verdict(_gone(record, look, since, others, now))
    if look.ref.sent or since.key_sent:
        # If it is by its key, what lies there is another one, which it was taken for while its copy in Sent was late.
        return Verdict(mark_sent(record, now, look.ref.key if look.ref.sent else ""))
    if record.status is Status.PLANNED:
        record = recover(record, look.ref, now)
    if record.missing_at is not None or record.withdrawing:
        record = replace(record, missing_at=None, withdrawing=False, by_age=False)
    if look.ref.revision != record.revision or record.status is Status.EDITED:
        if look.ref.revision != record.revision:
            record = _follow(record, look.ref, now)
        if since.written_at is not None and since.written_at >= (record.seen_at or record.created_at):
            record = replace(record, seen_at=now)
        return Verdict(record)
    reason = _reason(record, since, now)
    if reason is not None:
        return Verdict(mark_withdrawing(record, by_age=reason == "age"), withdraw=True)
    return Verdict(record)


def judge_unreachable(record: DraftRecord, now: datetime, *, key_sent: bool) -> DraftRecord:
    """Return what became of a draft in an account that takes no drafts any more, so that nobody can look at it.

    It waits on, as if it lay there untouched: the account may be switched off for a week. At the age at which it would
    be withdrawn it is done with; it stays where it lies, so nobody left it aside, and no back-off follows.
    """
    if key_sent:
        return mark_sent(record, now)
    return let_go(record, now) if now - record.created_at >= _STALE else record


def is_lost(record: DraftRecord) -> bool:
    """Say whether a planned draft was never made and will not appear any more: it may be made again, under its key."""
    return record.status is Status.PLANNED and record.lost


def mark_lost(record: DraftRecord, now: datetime) -> DraftRecord:
    """Return a planned record as that of a draft that was certainly not made."""
    return replace(record, missing_at=record.missing_at or now, lost=True)


def note_missing(record: DraftRecord, now: datetime, *, late: bool) -> DraftRecord:
    """Return a planned record after a look that did not find its draft.

    Where a draft may come `late`, one look proves nothing: the provider may still be at work on it, and a second one
    made meanwhile would be one too many. It is lost when a look ten minutes after the first finds nothing either.
    """
    first = record.missing_at or now
    return mark_lost(record, now) if not late or now - first >= _TWO_LOOKS else replace(record, missing_at=first)


def adopt(record: DraftRecord, ref: DraftRef, now: datetime) -> DraftRecord:
    """Return a planned record as the open one that was just made, and lies at `ref`."""
    return replace(
        record,
        status=Status.OPEN,
        changed_at=now,
        ref_id=ref.id,
        ref_key=ref.key,
        revision=ref.revision,
        missing_at=None,
        lost=False,
    )


def recover(record: DraftRecord, ref: DraftRef, now: datetime) -> DraftRecord:
    """Return a planned record as that of the draft that was found for it, some time after it was made.

    Nobody kept what it was like then. So it is one that the user touched, unless all tells that they did not.
    """
    found = adopt(record, ref, now)
    as_made = (
        ref.as_made
        and (not ref.dated or ref.written_at == record.created_at.replace(microsecond=0))
        and ref.subject == record.subject
        and [address.lower() for address in ref.to] == [record.email.lower()]
    )
    return found if as_made else _follow(found, ref, now)


def _follow(record: DraftRecord, ref: DraftRef, now: datetime) -> DraftRecord:
    """Return a record as that of an edited draft, which lies at `ref`."""
    return replace(
        record, status=Status.EDITED, edited=True, changed_at=now, ref_id=ref.id, ref_key=ref.key, revision=ref.revision
    )


def mark_sent(record: DraftRecord, now: datetime, key: str = "") -> DraftRecord:
    """Return a draft as one that was sent, under the Message-ID `key` if that is known."""
    return replace(
        record, status=Status.SENT, changed_at=now, missing_at=None, withdrawing=False, lost=False,
        ref_key=key or record.ref_key,
    )  # fmt: skip


def mark_withdrawing(record: DraftRecord, *, by_age: bool = False) -> DraftRecord:
    """Return an untouched draft as one that is about to be taken out of Drafts; to be kept before that is done."""
    return replace(record, withdrawing=True, by_age=by_age)


def mark_withdrawn(record: DraftRecord, now: datetime) -> DraftRecord:
    """Return a draft as one that was taken out of Drafts."""
    return replace(record, status=Status.WITHDRAWN, changed_at=now, missing_at=None, withdrawing=False, lost=False)


def let_go(record: DraftRecord, now: datetime) -> DraftRecord:
    """Return a draft as one that counts no more, wherever it lies; there is no back-off after it."""
    return mark_withdrawn(replace(record, by_age=False), now)


def is_told(note: Note, records: Mapping[str, DraftRecord]) -> bool:
    """Say whether a draft told a note; `records` are all drafts by key.

    One that was deleted or withdrawn told nothing: what it was to tell beside its occasion waits for the next one, and
    so does its occasion if the user let go of it. If it turns out to have been sent after all, it told it.
    """
    record = records.get(note.used_by)
    if not note.used_by or record is None:
        return bool(note.used_by)
    if record.status not in _TOLD_NOTHING:
        return True
    return note.wish not in _BESIDE and not record.let_go


def _reason(record: DraftRecord, since: Since, now: datetime) -> str | None:
    """Return why an untouched draft is to be withdrawn, None if it is not."""
    if since.contact_at is not None and since.contact_at > record.created_at:
        return "contact"
    if since.unwanted:
        return "unwanted"
    if now - record.created_at >= _STALE:
        return "age"
    return None


def _gone(record: DraftRecord, look: Look, since: Since, others: Sequence[DraftRef], now: datetime) -> DraftRecord:
    planned = record.status is Status.PLANNED
    written = since.written_at is not None and since.written_at >= (record.seen_at or record.created_at)
    if since.key_sent or (written and not planned and not record.withdrawing):
        return mark_sent(record, now)
    missing_at = record.missing_at or now
    if look.unread:
        # Nor does it wait for ever: at the age at which it would be withdrawn it is done with.
        stale = now - record.created_at >= _STALE
        return let_go(record, now) if stale else replace(record, missing_at=missing_at)
    if record.withdrawing:
        return mark_withdrawn(record, now)
    if planned:
        return note_missing(record, now, late=look.late)
    follower = newest_to(record.emails, others, record.created_at)
    if follower is not None:
        return replace(_follow(record, follower, now), missing_at=None, former_key=record.ref_key)
    lasting = now - missing_at >= _TWO_LOOKS
    gone = replace(record, status=Status.DELETED, changed_at=now, missing_at=None)
    return gone if lasting else replace(record, missing_at=missing_at)


def newest_to(emails: Collection[str], drafts: Sequence[DraftRef], since: datetime) -> DraftRef | None:
    """Return the newest of `drafts` to one of `emails` that is not older than `since` (a mail client rewrote ours)."""
    wanted = set(emails)
    fitting = [
        (ref.written_at, ref.id, ref)
        for ref in drafts
        if ref.written_at is not None
        and ref.written_at >= since.replace(microsecond=0)
        and wanted.intersection(address.lower() for address in ref.to)
    ]
    return max(fitting)[2] if fitting else None


def find_rekeyed(record: DraftRecord, others: Sequence[DraftRef]) -> DraftRef | None:
    """Return the draft that a planned record was made as, where it does not carry its key.

    It is told by recipient, subject and our Date to the second, among `others`, which no record of ours holds. Where
    the provider dates drafts itself, it is the first one since the plan.
    """
    wanted = record.created_at.replace(microsecond=0)
    fitting = [
        (ref.written_at, ref.id, ref)
        for ref in others
        if ref.written_at is not None
        and (ref.written_at == wanted if ref.dated else ref.written_at >= wanted - _CLOCKS_DIFFER)
        and ref.subject == record.subject
        and [address.lower() for address in ref.to] == [record.email.lower()]
    ]
    return min(fitting)[2] if fitting else None


def foreign(drafts: Sequence[DraftRef], records: Collection[DraftRecord], gone: Collection[str] = ()) -> list[DraftRef]:
    """Return those of `drafts` that are the user's own: held by no unsent record of ours, by its place or its key.

    What lies elsewhere under our key is ours too, made twice in spite of all: it neither holds anybody nor counts. But
    where ours is `gone` from its place (given by key of the record), that is one which a mail client rewrote. It is
    never taken back: nobody can tell whether the user touched it.
    """
    unsent = [one for one in records if one.status in UNSENT]
    held = {one.ref_id for one in unsent}
    placed = [one for one in unsent if one.status is Status.PLANNED or one.key not in gone]
    keys = {key for one in placed for key in (one.key, one.ref_key) if key}
    return [ref for ref in drafts if ref.id not in held and ref.key not in keys]
