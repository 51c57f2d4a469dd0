"""What was received, wherever it lies: listed once from several ends, and from then on what came since.

Messages are asked for by when they were received. A list that goes on where the last page ended in time misses nothing
and skips nothing when mails come and go meanwhile, and can be gone on with at any time.
"""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from connectors.outlook import api
from connectors.outlook.cursor import Gap, Position
from connectors.outlook.facts import moment
from connectors.outlook.faults import odd
from connectors.outlook.listing import Lister, Page, second
from connectors.outlook.sieve import Sieve
from connectors.packing import hash_word
from connectors.types import Batch, Mail

OVERLAP: Final = timedelta(minutes=10)
"""How far before the newest mail that was seen the next read begins: mail may turn up a little late."""

_GRACE: Final = 1.0
_ENDS: Final = 3
"""How many pages are got at a time: a place is left for what else the user may run."""
_MUCH: Final = 20_000
"""Mails that are left at least, where a gap is made two: each gap costs up to two pages more."""
_SECOND: Final = timedelta(seconds=1)
_A_DAY: Final = timedelta(days=1)

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a gap: where it is read from."""

    gap: Gap
    newest_first: bool


class Arrivals:
    """Reads received mail; `at` moves on with it."""

    def __init__(self, at: Position, lister: Lister, sieve: Sieve, now: datetime) -> None:
        self._at = at
        self._lister = lister
        self._sieve = sieve
        self._now = now
        self._edges: dict[_End, frozenset[str]] = {}  # ids of the last second that was told

    def batches(self) -> Iterator[Batch[Mail]]:
        """Yield what was not told yet.

        Raises:
            Internal, ConnectorError: as from `Calls.read` and `Calls.read_all`.
        """
        return self._read_news() if self._at.through else self._list()

    # -- the first time ------------------------------------------------------------------------------------------------

    def _list(self) -> Iterator[Batch[Mail]]:
        """List all from both ends of each gap, side by side, until they meet; the newest first."""
        at = self._at
        failure: BaseException | None = None
        going: dict[Future[Page], _End] = {}
        while at.gaps and (failure is None or going):
            if failure is None:
                self._begin(going)
            done, _ = wait(going, return_when=FIRST_COMPLETED)
            coming = next(one for one in going if one in done)
            end = going.pop(coming)
            if end.gap not in at.gaps:
                continue  # the other end brought all of it
            if (err := coming.exception()) is not None:
                failure = failure or err  # what the others bring is told before
                continue
            page = coming.result()
            rows = self._untold(page, end)
            self._move(page, end)
            self._split(going)
            if failure is None:
                self._begin(going)
            at.done += len(rows)
            yield from self._sieve.received(rows, last=at.through)
        wait(going, _GRACE)  # so that nothing of it goes on when it is over
        if failure is not None and at.gaps:
            raise failure

    def _begin(self, going: "dict[Future[Page], _End]") -> None:
        """Begin to get the next pages, the newest's and the oldest's before others'."""
        at, busy = self._at, set(going.values())
        ends = [_End(gap, newest_first) for gap in reversed(at.gaps) for newest_first in (True, False)]
        for end in (*ends[:1], *ends[-1:], *ends[1:-1]):
            if len(going) < _ENDS and end not in busy:
                gap, without = end.gap, at.folders[api.SENT]
                going[self._lister.received(gap.low, gap.high, without, newest_first=end.newest_first)] = end

    def _untold(self, page: Page, end: "_End") -> Rows:
        """Return the rows of a page less those that were told: where it began, by the other end, and by Sent.

        Where a read goes on after a break, some may be told again.
        """
        gap, told = end.gap, frozenset[str]().union(*self._edges.values())
        within = [row for row in page.rows if (at := second(row)) is None or gap.holds(at)]
        self._edges[end] = frozenset(_id(row) for row in within if second(row) == page.last)
        return [row for row in within if _id(row) not in told and not self._sieve.is_sent(row)]

    def _move(self, page: Page, end: "_End") -> None:
        """Move an end to where a page reached, and close its gap if it met the other.

        Raises:
            Lost: it is not in order, so that nobody knows.
        """
        at, gap, last = self._at, end.gap, page.last
        if page.then is None or (end.newest_first and gap.high is None):
            self._note_recent(page.rows)  # the newest are among them
        if page.then is None or last is None:
            gap.high = gap.low
        elif end.newest_first:
            # Its second may have had more; times are told in whole seconds, but are finer inside.
            high = last + _SECOND
            if gap.high is not None and high >= gap.high:
                raise odd()
            gap.high = high
        else:
            if last <= gap.low:
                raise odd()
            gap.low = last
        at.gaps = [one for one in at.gaps if not one.closed]
        if not at.gaps:
            at.newest = at.newest or self._now - _A_DAY  # nothing is there; and clocks differ

    def _split(self, going: "dict[Future[Page], _End]") -> None:
        """Make two gaps of one, where much is left, so that there are ends for more pages at a time."""
        at = self._at
        if len(at.gaps) != 1 or at.total - at.done < _MUCH:
            return
        gap, old = at.gaps[0], _End(at.gaps[0], newest_first=False)
        if gap.high is None or gap.high - gap.low < _A_DAY or old not in self._edges:
            return  # or nobody knows when the first of it came, or the last
        middle = (gap.low + (gap.high - gap.low) / 2).replace(microsecond=0)
        older = Gap(gap.low, middle)
        gap.low, at.gaps = middle, [older, gap]
        new = _End(older, newest_first=False)
        self._edges[new] = self._edges.pop(old)
        for future, end in going.items():
            if end == old:
                going[future] = new

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
