"""What became of each draft (rules: "Lifecycle"). Pure: what was seen in Drafts and what happened since, records out.

planned -> open -> edited | sent | deleted | withdrawn. A draft that the user touched is never changed or removed.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from connectors.types import DraftRef
from daemon.model import UNSENT, DraftRecord, Status

_TWO_LOOKS: Final = timedelta(minutes=10)
_STALE: Final = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Look:
    """What was seen of one draft of ours: `ref` as it lies there, None when it is gone."""

    ref: DraftRef | None


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
        return Verdict(_gone(record, since, others, now))
    if record.status is Status.PLANNED:
        record = adopt(record, look.ref, now)
    if record.missing_at is not None or record.withdrawing:
        record = replace(record, missing_at=None, withdrawing=False, by_age=False)
    if look.ref.revision != record.revision or record.status is Status.EDITED:
        if look.ref.revision != record.revision:
            record = replace(
                record, status=Status.EDITED, changed_at=now, revision=look.ref.revision, ref_id=look.ref.id,
                ref_key=look.ref.key,
            )  # fmt: skip
        if since.written_at is not None and since.written_at >= (record.seen_at or record.created_at):
            record = replace(record, seen_at=now)
        return Verdict(record)
    reason = _reason(record, since, now)
    if reason is not None:
        return Verdict(mark_withdrawing(record, by_age=reason == "age"), withdraw=True)
    return Verdict(record)


def is_lost(record: DraftRecord) -> bool:
    """Say whether a planned draft was looked for and never made: it may be made again, under its key."""
    return record.status is Status.PLANNED and record.missing_at is not None


def adopt(record: DraftRecord, ref: DraftRef, now: datetime) -> DraftRecord:
    """Return a planned record as the open one that lies at `ref`."""
    return replace(
        record,
        status=Status.OPEN,
        changed_at=now,
        ref_id=ref.id,
        ref_key=ref.key,
        revision=ref.revision,
        missing_at=None,
    )


def mark_withdrawing(record: DraftRecord, *, by_age: bool = False) -> DraftRecord:
    """Return an untouched draft as one that is about to be taken out of Drafts; to be kept before that is done."""
    return replace(record, withdrawing=True, by_age=by_age)


def mark_withdrawn(record: DraftRecord, now: datetime) -> DraftRecord:
    """Return a draft as one that was taken out of Drafts."""
    return replace(record, status=Status.WITHDRAWN, changed_at=now, missing_at=None, withdrawing=False)


def _reason(record: DraftRecord, since: Since, now: datetime) -> str | None:
    """Return why an untouched draft is to be withdrawn, None if it is not."""
    if since.contact_at is not None and since.contact_at > record.created_at:
        return "contact"
    if since.unwanted:
        return "unwanted"
    if now - record.created_at >= _STALE:
        return "age"
    return None


def _gone(record: DraftRecord, since: Since, others: Sequence[DraftRef], now: datetime) -> DraftRecord:
    planned = record.status is Status.PLANNED
    written = since.written_at is not None and since.written_at >= (record.seen_at or record.created_at)
    if since.key_sent or (written and not planned and not record.withdrawing):
        return replace(record, status=Status.SENT, changed_at=now, missing_at=None, withdrawing=False)
    if record.withdrawing:
        return mark_withdrawn(record, now)
    missing_at = record.missing_at or now
    if planned:
        return replace(record, missing_at=missing_at)
    follower = newest_to(record.emails, others, record.created_at)
    if follower is not None:
        return replace(
            record, status=Status.EDITED, changed_at=now, ref_id=follower.id, ref_key=follower.key,
            revision=follower.revision, missing_at=None,
        )  # fmt: skip
    if now - missing_at >= _TWO_LOOKS:
        return replace(record, status=Status.DELETED, changed_at=now, missing_at=None)
    return replace(record, missing_at=missing_at)


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
    """Return the draft that a planned record was made as, where the provider gave it another Message-ID.

    It is told by recipient, subject and our Date to the second, among `others`, which no record of ours holds.
    """
    wanted = record.created_at.replace(microsecond=0)
    return next(
        (
            ref
            for ref in others
            if ref.written_at == wanted
            and ref.subject == record.subject
            and [address.lower() for address in ref.to] == [record.email.lower()]
        ),
        None,
    )


def foreign(drafts: Sequence[DraftRef], records: Collection[DraftRecord]) -> list[DraftRef]:
    """Return those of `drafts` that are the user's own: held by no unsent record of ours.

    A key holds only a draft whose place is not known yet: elsewhere under our key lies one that a mail client rewrote.
    """
    held = {one.ref_id for one in records if one.status in UNSENT}
    keys = {one.key for one in records if one.status is Status.PLANNED}
    return [ref for ref in drafts if ref.id not in held and ref.key not in keys]
