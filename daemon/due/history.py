"""What became of earlier drafts to one person, as far as it bears on the next one.

"In a row" is read like this. Deleted: the newest of those the user settled (sent or deleted); withdrawn drafts and
those still waiting neither count nor interrupt. Sent and unanswered: all sent since we last heard from them or met;
what never reached them (deleted, withdrawn) does not interrupt.
"""

from collections.abc import Iterable, Sequence
from itertools import takewhile

from daemon.model import UNSENT, Decision, DraftRecord, Standing, Status


def newest_first(records: Iterable[DraftRecord]) -> list[DraftRecord]:
    """Return drafts by when they were made, newest first."""
    return sorted(records, key=lambda record: (record.created_at, record.changed_at, record.key), reverse=True)


def find_unsent(records: Iterable[DraftRecord]) -> DraftRecord | None:
    """Return the newest draft that still waits (planned, open or edited), or None."""
    return next((record for record in newest_first(records) if record.status in UNSENT), None)


def find_refused(records: Iterable[DraftRecord]) -> DraftRecord | None:
    """Return the newest settled draft if the user did not want it: deleted unsent, or withdrawn for its age."""
    for record in newest_first(records):
        if record.status is Status.SENT:
            return None
        if record.status is Status.DELETED or (record.status is Status.WITHDRAWN and record.by_age):
            return record
    return None


def deleted_in_a_row(records: Iterable[DraftRecord], decision: Decision | None) -> int:
    """Count the drafts deleted in a row since the user last said anything of the person (`Decision.at`).

    Muting, unmuting, snoozing and keeping all are such a word: after it the count starts anew.
    """
    said_at = decision.at if decision is not None else None
    settled = (record for record in newest_first(records) if record.status in {Status.SENT, Status.DELETED})
    deleted = takewhile(lambda record: record.status is Status.DELETED, settled)
    return sum(said_at is None or record.changed_at > said_at for record in deleted)


def unanswered(standing: Standing, records: Iterable[DraftRecord]) -> Sequence[DraftRecord]:
    """Return the sent drafts that the person has not answered (by a counted mail, or a meeting), newest first.

    An answer is what came after the draft was last seen unsent: its `changed_at` is only when auld noticed that it was
    sent, and by then the answer may long be there.
    """
    answered_at = standing.answered_at
    return [
        record
        for record in newest_first(records)
        if record.status is Status.SENT
        and (answered_at is None or answered_at <= (record.seen_at or record.created_at))
    ]
