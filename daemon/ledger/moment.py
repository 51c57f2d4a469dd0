"""When a mail was: one instant from what its Date header and its provider say."""

from datetime import UTC, datetime, timedelta
from typing import Final

_OLDEST_YEAR: Final = 1990
_TOLERANCE: Final = timedelta(hours=24)


def mail_moment(dated_at: datetime | None, received_at: datetime | None) -> datetime | None:
    """Return the moment of a mail: its Date, else the provider's time, else None (the mail then does not count).

    The Date is not believed when it is missing, before 1990, or more than 24 hours away from the provider's own time.
    """
    if dated_at is not None and dated_at.year >= _OLDEST_YEAR:
        if received_at is None or abs(dated_at - received_at) <= _TOLERANCE:
            return dated_at
        return received_at
    return received_at


def to_epoch(moment: datetime) -> int:
    """Return whole seconds since 1970 UTC; a naive (floating) moment is read as if it were UTC."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return int(moment.timestamp() // 1)


def from_epoch(seconds: int) -> datetime:
    """Return the aware UTC datetime of `seconds`."""
    return datetime.fromtimestamp(seconds, UTC)
