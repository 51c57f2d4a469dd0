"""Calendar files on disk as a source of meetings: what is new, changed or gone since the last look.

Decides by content which files must be read again, which of them belong together, and what counts as gone. Must not
understand iCalendar (``connectors.ical``). Whatever looks like an accident (a path that is not there, a calendar that
is suddenly empty, a file cut in half) takes nothing away from what is known.
"""

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from connectors.base import Finding
from connectors.errors import CursorExpired, Unavailable
from connectors.files.listing import Fault, Listing, Print, list_files, no_calendar, open_file, take_print, unreadable
from connectors.files.told import Book, FileTold, clusters
from connectors.ical.stream import NotCalendarError, probe
from connectors.types import Batch, Meeting

if TYPE_CHECKING:
    from connectors.ical.reading import Reading

log = logging.getLogger(__name__)

_BATCH: Final = 500
_AGAIN: Final = timedelta(days=360)
"""How long a file with a series may lie unread: its meetings are known 730 days ahead, and 370 must remain."""
_ACCIDENT: Final = 10
"""A calendar that had so many meetings is not believed to have none."""
_PROBLEMS: Final = 20


class CalendarSource:
    """The meetings in .ics files and in folders of them, as a `connectors.base.Source`."""

    def __init__(self, paths: Sequence[Path], now: Callable[[], datetime]) -> None:
        self._paths = tuple(paths)
        self._now = now

    def changes(self, cursor: str | None, since: datetime | None) -> Iterator[Batch[Meeting]]:
        """Yield the meetings of all files that changed after `cursor`; see `connectors.base.Source`.

        A file that changed is told as a whole. `done` and `total` count events of the files that are read.

        Raises:
            CursorExpired: the cursor is damaged.
            Unavailable: some path cannot be read, or looks damaged; the others have been read by then.
        """
        try:
            book = Book(since) if cursor is None else Book.read(cursor)
        except ValueError as err:
            raise CursorExpired("what was known of the calendar files is damaged; they are read again") from err
        look = _Look(book, list_files(self._paths), since, self._now())
        yield from look.batches()
        if look.lost:
            raise Unavailable("; ".join(str(fault) for fault in look.lost.values()))

    def check(self) -> Iterator[Finding]:
        """Yield a line for each path; reads no more than each file's beginning."""
        for path in self._paths:
            yield _check(path)


def _check(path: Path) -> Finding:
    name = f"calendar {path}"
    listing = list_files([path])
    faults = list(listing.lost.values())
    for label, file in listing.files.items():
        try:
            with open_file(file) as stream:
                probe(stream)
        except NotCalendarError as err:
            faults.append(no_calendar(label, err))
        except OSError as err:
            faults.append(unreadable(label, err))
    count = len(listing.files)
    if faults and len(faults) >= count:
        return Finding(name, "fail", faults[0].detail, faults[0].fix)
    if faults:
        return Finding(name, "warn", f"{len(faults)} of {count} files are left out; {faults[0].detail}", faults[0].fix)
    if not count:
        return Finding(name, "warn", "it holds no .ics file", "name the file or folder that holds your calendar")
    return Finding(name, "ok", "1 calendar file" if count == 1 else f"{count} calendar files")


class _Look:
    """One look at all files. `lost` tells what could not be read, by label."""

    def __init__(self, book: Book, listing: Listing, since: datetime | None, now: datetime) -> None:
        self.lost = dict(listing.lost)
        self._book = book
        self._listing = listing
        self._now = now
        # as time goes on `since` moves forward; what was told before stays told
        self._widened = book.since is not None and (since is None or since < book.since)
        if self._widened:
            book.since = since
        self._items: list[Meeting] = []
        self._removed: list[str] = []
        self._problems: list[str] = []
        self._faults = self._done = self._total = self._told = 0

    def batches(self) -> Iterator[Batch[Meeting]]:
        """Yield what is new, and at last an empty batch where there is nothing more to say."""
        prints = dict(self._prints())
        gone = self._gone()
        for group in self._stale(prints, gone):
            yield from self._read(group, prints)
        before = self._book.known(gone)
        for label in gone:
            del self._book.files[label]
        self._removed += sorted(before - self._book.known(self._book.files))
        yield self._flush()

    def _prints(self) -> Iterator[tuple[str, Print]]:
        for label, path in self._listing.files.items():
            try:
                taken = take_print(path)
            except OSError as err:
                self.lost[label] = unreadable(label, err)
                continue
            known = self._book.files.get(label)
            if not taken.fault:
                yield label, taken
            elif label in self._listing.roots or (known is not None and known.keys):
                self.lost[label] = no_calendar(label, taken.fault)
            elif known is None or known.digest != taken.digest:
                self._problem(f"{label} {taken.fault}; it was left out")
                self._book.files[label] = FileTold(taken.digest)

    def _gone(self) -> list[str]:
        """Return the files that the user removed: not those under a path that is lost or suddenly bare."""
        missing = [label for label in self._book.files if label not in self._listing.files]
        gone = [label for label in missing if not any(_under(label, root) for root in self._listing.lost)]
        for root in self._listing.roots:
            below = [label for label in gone if _under(label, root)]
            bare = not any(_under(label, root) for label in self._listing.files)
            if bare and len(self._book.known(below)) >= _ACCIDENT:
                self.lost[root] = Fault(
                    f"{root} is suddenly empty", "put the calendar back, or take it out of `calendar`"
                )
                gone = [label for label in gone if label not in below]
        return gone

    def _stale(self, prints: dict[str, Print], gone: Iterable[str]) -> list[tuple[str, ...]]:
        """Return the groups of files to read: changed ones, and those that share entries with one, now or before."""
        touched = {label for label, taken in prints.items() if self._changed(label, taken)}
        if not touched and not gone:
            return []
        for label in [*touched, *gone]:
            touched.update(self._mates(label))
        groups = clusters({label: taken.uids for label, taken in prints.items()})
        stale = [group for group in groups if touched.intersection(group)]
        self._total = sum(prints[label].events for group in stale for label in group)
        return stale

    def _changed(self, label: str, taken: Print) -> bool:
        known = self._book.files.get(label)
        again = known is not None and known.again_at is not None and known.again_at <= self._now
        return known is None or known.digest != taken.digest or again or self._widened

    def _read(self, group: tuple[str, ...], prints: dict[str, Print]) -> Iterator[Batch[Meeting]]:
        """Tell the files of `group` as one calendar."""
        from connectors.ical.reading import Reading  # noqa: PLC0415 - its libraries take long to import

        reading = Reading()
        added = [self._add(reading, label) for label in group]
        if None in added:
            return  # what is known of the whole group stays as it is
        before = self._book.known(group)
        keys: dict[str, set[str]] = {label: set() for label in group}
        endless: set[str] = set()
        for told in reading.meetings(self._book.since, self._now):
            for label, meeting in told.meetings:
                keys[label].add(meeting.key)
                self._items.append(meeting)
            endless |= told.endless
            self._done += told.events
            for problem in told.problems:
                self._problem(problem)
            # the cursor names every key, so its cost grows with them: steps that grow too keep the whole linear
            if len(self._items) >= max(_BATCH, self._told // 20):
                for label in group:
                    self._book.files[label] = FileTold("", self._known(label) | keys[label], mates=self._mates(label))
                yield self._flush()
        for label, whole in zip(group, added, strict=True):
            # of a file that was cut off nobody knows what it no longer holds
            left = frozenset() if whole else self._known(label)
            mates = tuple(mate for mate in group if mate != label)
            again_at = self._now + _AGAIN if label in endless else None
            self._book.files[label] = FileTold(prints[label].digest, left | keys[label], again_at, mates)
        self._removed += sorted(before - self._book.known(group))
        if len(self._items) + len(self._removed) >= _BATCH:
            yield self._flush()

    def _add(self, reading: "Reading", label: str) -> bool | None:
        """Take a file in; say whether it is whole, None where it must not be believed."""
        try:
            with open_file(self._listing.files[label]) as stream:
                contents = reading.add(stream, label)
        except OSError as err:
            self.lost[label] = unreadable(label, err)
            return None
        except NotCalendarError as err:
            self.lost[label] = no_calendar(label, err)
            return None
        if not contents.events and len(self._known(label)) >= _ACCIDENT:
            self.lost[label] = Fault(f"{label} suddenly holds no events", "export the calendar again, or name another")
            return None
        if not contents.whole:
            self._problem(f"{label} is cut off; what stands before the cut was read")
        return contents.whole

    def _known(self, label: str) -> frozenset[str]:
        return self._book.known([label])

    def _mates(self, label: str) -> tuple[str, ...]:
        known = self._book.files.get(label)
        return known.mates if known else ()

    def _problem(self, sentence: str) -> None:
        self._faults += 1
        if self._faults <= _PROBLEMS:
            self._problems.append(sentence)
        elif self._faults == _PROBLEMS + 1:
            self._problems.append("more in the calendar files could not be read; it was left out")

    def _flush(self) -> Batch[Meeting]:
        batch = Batch(
            items=tuple(self._items),
            cursor=self._book.write(),
            removed=tuple(self._removed),
            done=min(self._done, self._total),
            total=self._total,
            problems=tuple(self._problems),
        )
        self._told += len(self._items)
        self._items, self._removed, self._problems = [], [], []
        return batch


def _under(label: str, root: str) -> bool:
    return label == root or label.startswith(f"{root}/")
