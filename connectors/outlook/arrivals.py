"""What was received, wherever it lies: listed once from both ends, and from then on what came since.

Messages are asked for by when they were received. A list that goes on where the last page ended in time misses nothing
and skips nothing when mails come and go meanwhile, and can be gone on with at any time.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from datetime import datetime, timedelta
from typing import Any, Final

from connectors.outlook import api
from connectors.outlook.cursor import Position
from connectors.outlook.facts import moment
from connectors.outlook.faults import odd
from connectors.outlook.listing import Lister, Page, second
from connectors.outlook.sieve import Sieve
from connectors.packing import hash_word
from connectors.types import Batch, Mail

OVERLAP: Final = timedelta(minutes=10)
"""How far before the newest mail that was seen the next read begins: mail may turn up a little late."""

_GRACE: Final = 1.0
_SECOND: Final = timedelta(seconds=1)
_A_DAY: Final = timedelta(days=1)

Rows = Sequence[Mapping[str, Any]]


class Arrivals:
    """Reads received mail; `at` moves on with it."""

    def __init__(self, at: Position, lister: Lister, sieve: Sieve, now: datetime) -> None:
        self._at = at
        self._lister = lister
        self._sieve = sieve
        self._now = now
        self._edges: dict[bool, frozenset[str]] = {}  # by direction: ids of the last second that was told

    def batches(self) -> Iterator[Batch[Mail]]:
        """Yield what was not told yet.

        Raises:
            Internal, ConnectorError: as from `Calls.read` and `Calls.read_all`.
        """
        return self._read_news() if self._at.through else self._list()

    # -- the first time ------------------------------------------------------------------------------------------------

    def _list(self) -> Iterator[Batch[Mail]]:
        """List all from both ends, side by side, until they meet: the newest first, and twice as fast as from one."""
        at = self._at
        failure: BaseException | None = None
        going = {self._begin(newest_first=one): one for one in (True, False)}
        while going and not at.through:
            done, _ = wait(going, return_when=FIRST_COMPLETED)
            coming = next(one for one in going if one in done)
            newest_first = going.pop(coming)
            if (err := coming.exception()) is not None:
                failure = failure or err  # what the other one brings is told before
                continue
            page = coming.result()
            rows = self._untold(page, newest_first=newest_first)
            met = self._move(page, newest_first=newest_first)
            if not met and failure is None:
                going[self._begin(newest_first=newest_first)] = newest_first
            at.done += len(rows)
            yield from self._sieve.received(rows, last=met)
        wait(going, _GRACE)  # so that nothing of it goes on when it is over
        if failure is not None and not at.through:
            raise failure

    def _begin(self, *, newest_first: bool) -> "Future[Page]":
        at = self._at
        return self._lister.received(at.low, at.high, at.folders[api.SENT], newest_first=newest_first)

    def _untold(self, page: Page, *, newest_first: bool) -> Rows:
        """Return the rows of a page less those that were told: where it began, by the other end, and by Sent.

        Where a read goes on after a break, some may be told again.
        """
        at, told = self._at, frozenset[str]().union(*self._edges.values())
        rows = []
        for row in page.rows:
            when = second(row)
            beyond = when is not None and (when < at.low or (at.high is not None and when >= at.high))
            if not beyond and _id(row) not in told and not self._sieve.is_sent(row):
                rows.append(row)
        self._edges[newest_first] = frozenset(_id(row) for row in page.rows if second(row) == page.last)
        return rows

    def _move(self, page: Page, *, newest_first: bool) -> bool:
        """Move one end to where a page reached; say whether it met the other.

        Raises:
            Lost: it is not in order, so that nobody knows.
        """
        at, last = self._at, page.last
        if page.then is None or (newest_first and at.high is None):
            self._note_recent(page.rows)  # the newest are among them
        if page.then is None or last is None:
            at.through = True
        elif newest_first:
            # Its second may have had more; times are told in whole seconds, but are finer inside.
            high = last + _SECOND
            if at.high is not None and high >= at.high:
                raise odd()
            at.high = high
        else:
            if last <= at.low:
                raise odd()
            at.low = last
        if at.high is not None and at.low >= at.high:
            at.through = True
        if at.through:
            at.newest = at.newest or self._now - _A_DAY  # nothing is there; and clocks differ
            at.low, at.high = at.newest, None
        return at.through

    # -- from then on --------------------------------------------------------------------------------------------------

    def _read_news(self) -> Iterator[Batch[Mail]]:
        """Read what was received since the newest that was seen, or turned up late a little before."""
        at = self._at
        low, long = ((at.newest or self._now) - OVERLAP).replace(microsecond=0), False
        while True:
            # Leaving out there what was sent would save nothing, and not every server may be able to.
            page = self._lister.received(low, None, "", newest_first=False).result()
            fresh = [row for row in page.rows if _name(row) not in at.recent]
            self._note_recent(fresh)
            rows = [row for row in fresh if not self._sieve.is_sent(row)]
            long = long or page.then is not None  # else what mine alone moves is as well found out again
            if rows or at.waiting or (fresh and long):
                yield from self._sieve.received(rows, last=page.then is None)
            if page.then is None:
                return
            if page.last is None or page.last <= low:
                raise odd()
            low = page.last

    def _note_recent(self, rows: Rows) -> None:
        """Note messages as seen, and which is the newest."""
        at = self._at
        for row in rows:
            if (received := moment(row.get("receivedDateTime"))) is not None:
                at.recent[_name(row)] = int(received.timestamp())
                # One from the future, which an import may bring, must not keep what comes till then from being read.
                received = min(received, self._now)
                at.newest = received if at.newest is None else max(at.newest, received)
        if at.newest is not None:
            oldest = int((at.newest - OVERLAP).timestamp())
            at.recent = {one: when for one, when in at.recent.items() if when >= oldest}


def _name(row: Mapping[str, Any]) -> int:
    """Return what a message is called among those that were seen: another when it was moved."""
    return hash_word(f"{row.get('id')} {row.get('parentFolderId')}")


def _id(row: Mapping[str, Any]) -> str:
    return str(row.get("id"))
