"""Whether the times that a folder's file names or From_ lines give are when mail arrived, or when it was put there.

A delivery writes the time of the delivery. But some programs that copy a mailbox to this disk write the time of the
copy, and a whole life's mail would seem to be of that day. One odd mail proves nothing; most of a folder's do.
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

from connectors.mime.dates import parse_date
from connectors.mime.fields import Header

SAMPLE: Final = 60
"""How many messages of a folder are looked at."""

_FEWEST: Final = 3
_LATE: Final = 86_400
_EARLIEST: Final = 631_152_000  # 1990: what is before is no Date to judge by

T = TypeVar("T")


def spread(items: Sequence[T]) -> Sequence[T]:
    """Return some of `items` from all over it, at most `SAMPLE`."""
    return items[:: -(-len(items) // SAMPLE)] if items else items


def is_filed_late(samples: Iterable[tuple[Header, int | None]]) -> bool:
    """Say whether most of the messages were put there more than a day after their Date.

    Judged are those without a Received field, for only of them the time of their place is asked.
    """
    judged = late = 0
    for header, put_at in samples:
        date = parse_date(header.fields.get("date", ""))
        if put_at is None or "received" in header.fields or date is None or date < _EARLIEST:
            continue
        judged += 1
        late += put_at - date > _LATE
    return judged >= _FEWEST and 2 * late > judged


def arrival(header: Header, put_at: int | None) -> int | None:
    """Return what `put_at` tells of the arrival where mail was filed late: nothing, unless the Date is unbelievable."""
    date = parse_date(header.fields.get("date", ""))
    if put_at is None or date is None or date < _EARLIEST or date > put_at + _LATE:
        return put_at
    return None
