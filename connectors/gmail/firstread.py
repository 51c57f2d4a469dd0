"""The first read of a mailbox, by the cheapest way that is exact.

All ids are listed (500 for 5 units), so that it is known how many messages each thread with mail of mine has: one alone
is got by itself (20 units), more by their thread (40), both directions at once. Then what came in besides: the inbox,
less its tabs without personal mail. Newest first throughout, and told as it goes: after any batch the read can be
broken off, and goes on from there.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice
from typing import Final

from connectors.gmail.api import Gmail
from connectors.gmail.calls import Calls
from connectors.gmail.cursor import Position, Stage, Thread
from connectors.gmail.facts import CATEGORIES, INBOX, SENT, Letter, Note, page_after
from connectors.gmail.faults import Rejected
from connectors.gmail.reader import Reader
from connectors.packing import hash_word
from connectors.types import Batch, Mail

RECENT: Final = timedelta(days=60)
"""How far back the inbox is read before the first read counts as through."""

SLICE: Final = 100
"""How many older mails of the inbox one call reads besides."""

_PAGE: Final = 20
_FIRST_PAGE: Final = 10
_PAGES: Final = 500  # about so many batches at most: each writes the cursor anew
_STARTS: Final = 3  # of one list, when Gmail does not know its own page tokens any more
_WRITTEN_OFTEN: Final = 4_000  # threads; with more, the cursor is too long to be written after each page of ids

_LABELS: Final[Mapping[Stage, tuple[str, ...]]] = {
    Stage.SENT: (SENT,),
    Stage.ALL: (),
    Stage.INBOX: (INBOX,),
} | {Stage(category): (INBOX, category) for category in CATEGORIES}


class FirstRead:
    """One call's share of a first read; `position` moves on with it."""

    def __init__(
        self, position: Position, calls: Calls, gmail: Gmail, reader: Reader, since: datetime | None, now: datetime
    ) -> None:
        self._at = position
        self._calls = calls
        self._gmail = gmail
        self._reader = reader
        self._since = since
        self._recent = now - RECENT

    def batches(self) -> Iterator[Batch[Mail]]:
        """Yield what is read, until all is, or this call's share of older mail."""
        while self._at.stage in _LABELS:
            yield from self._list()
        if self._at.stage is Stage.THREADS:
            yield from self._read_threads()
            self._move_on()
            while self._at.stage in _LABELS:
                yield from self._list()
        yield from self._read_mails()

    def _batch(self, mails: list[Mail]) -> Batch[Mail]:
        problems = self._reader.problems.take()
        return Batch(mails, self._at.write(), (), self._at.done, self._at.total, problems)

    def _move_on(self) -> None:
        self._at.stage, self._at.page = self._at.stage.after, None

    # -- ids -------------------------------------------------------------------------------------------------------

    def _list(self) -> Iterator[Batch[Mail]]:
        """List one stage's ids."""
        at, stage, starts = self._at, self._at.stage, 1
        pages: list[str | None] = []
        while at.stage is stage:
            try:
                document = self._calls.read(self._gmail.messages(_LABELS[stage], at.page))
            except Rejected:
                if at.page is None or starts >= _STARTS:
                    raise
                starts += 1
                pages.clear()
                self._start_over(stage)  # Gmail does not know the page any more
                continue
            self._take(stage, self._reader.notes(document))
            pages.append(at.page)
            at.page = page_after(document, *pages)
            if at.page is None:
                self._finish(stage)
                self._move_on()
                if stage is Stage.INBOX and not at.mails:
                    at.stage = Stage.MAILS  # nothing to take the tabs' mail from
            if at.page is None or len(pages) % (1 + len(at.threads) // _WRITTEN_OFTEN) == 0:
                yield self._batch([])

    def _take(self, stage: Stage, notes: list[Note]) -> None:
        at = self._at
        if stage is Stage.SENT:
            for note in notes:
                at.threads.setdefault(note.thread, Thread(note.thread, 0, note.id))
            at.known.update(hash_word(note.thread) for note in notes)
        elif stage is Stage.ALL:
            for note in notes:
                if (thread := at.threads.get(note.thread)) is not None:
                    self._count(thread, note)
        elif stage is Stage.INBOX:
            at.mails += [note.id for note in notes if hash_word(note.thread) not in at.known]
        else:
            impersonal = {note.id for note in notes}
            at.mails = [one for one in at.mails if one not in impersonal]

    def _count(self, thread: Thread, note: Note) -> None:
        thread.count += 1
        thread.message = note.id
        if self._since is not None and thread.count == 1:
            # In the order of their newest messages, so that the first one that is too old ends the reading.
            self._at.threads[thread.id] = self._at.threads.pop(thread.id)

    def _start_over(self, stage: Stage) -> None:
        at = self._at
        at.page = None
        if stage is Stage.SENT:
            at.threads.clear()
        elif stage is Stage.ALL:
            for thread in at.threads.values():
                thread.count = 0
        elif stage is Stage.INBOX:
            at.mails.clear()

    def _finish(self, stage: Stage) -> None:
        at = self._at
        if stage is Stage.ALL:
            at.threads = {one.id: one for one in at.threads.values() if one.count}
            at.total = sum(one.count for one in at.threads.values())
        elif stage is Stage.FORUMS:
            at.total += len(at.mails)

    # -- mail ------------------------------------------------------------------------------------------------------

    def _read_threads(self) -> Iterator[Batch[Mail]]:
        at = self._at
        while at.threads:
            page = list(islice(at.threads.values(), self._page_size()))
            calls = [self._gmail.message(one.message) if one.count == 1 else self._gmail.thread(one.id) for one in page]
            mails: list[Mail] = []
            for thread, document in zip(page, self._calls.read_all(calls), strict=True):
                del at.threads[thread.id]
                at.done += thread.count
                letters = self._reader.letters([document])
                mails += self._young(letters)
                if letters and all(self._ends(letter) for letter in letters):
                    at.done += sum(one.count for one in at.threads.values())
                    at.threads.clear()
                    break
            yield self._batch(mails)

    def _page_size(self) -> int:
        """Return how many threads are read before that is told: few at first, more as there is more to lose them in."""
        read = len(self._at.known) - len(self._at.threads)
        return min(max(_FIRST_PAGE, read // 10), max(_PAGE, len(self._at.known) // _PAGES))

    def _read_mails(self) -> Iterator[Batch[Mail]]:
        at, left = self._at, SLICE
        while at.mails and not (at.recent and left <= 0):
            page = at.mails[:_PAGE]
            documents = self._calls.read_all([self._gmail.message(one) for one in page])
            letters = self._reader.letters(documents)
            at.done += len(page)
            left -= len(page) if at.recent else 0
            at.recent = at.recent or any(letter.at is not None and letter.at < self._recent for letter in letters)
            at.mails = at.mails[len(page) :]
            if any(self._ends(letter) for letter in letters):
                at.done += len(at.mails)
                at.mails = []
            if at.mails:
                yield self._batch(self._young(letters))
            else:
                self._move_on()
                yield self._batch(self._young(letters))
        if at.stage is Stage.MAILS and not at.mails:
            self._move_on()
            yield self._batch([])

    def _ends(self, letter: Letter) -> bool:
        """Say whether what follows is too old: all goes by Gmail's own time, so only that can tell."""
        return letter.at is not None and letter.is_older(self._since)

    def _young(self, letters: list[Letter]) -> list[Mail]:
        return [letter.mail for letter in letters if letter.mail is not None and not letter.is_older(self._since)]
