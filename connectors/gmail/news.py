"""What came since: Gmail's history of a mailbox, and which of it is got.

Everything that was sent, that came into a thread with mail of mine, or into the inbox outside its tabs without personal
mail. A thread in which I write for the first time is got whole, as a first read would have it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Final, NamedTuple

from connectors.errors import CursorExpired
from connectors.gmail.api import Gmail
from connectors.gmail.calls import Call, Calls
from connectors.gmail.cursor import Position
from connectors.gmail.facts import (
    CATEGORIES,
    INBOX,
    LEFT_OUT,
    SENT,
    Note,
    is_name,
    listed,
    page_after,
    read_labels,
    read_note,
    text,
)
from connectors.gmail.faults import Gone, Lost, Missing, Rejected, odd
from connectors.gmail.reader import Reader
from connectors.packing import hash_word
from connectors.types import Batch, Mail

_PAGE: Final = 20
_STARTS: Final = 3  # of the history, when Gmail does not know its own page tokens any more
_COVERING: Final = LEFT_OUT.union(CATEGORIES)
"""Labels that keep a mail from being read: when one is taken off, it is as if the mail had come just then."""

_Change = tuple[Note, frozenset[str]]


class _Record(NamedTuple):
    """What one record of the history tells: its number, and messages with the labels that were put on or taken off."""

    number: str
    added: list[_Change]
    labelled: list[_Change]
    unlabelled: list[_Change]


class _Wanted(NamedTuple):
    """A call to be made, and the record of the history that says so."""

    record: str
    call: Call
    mine: int | None  # the thread (its hash), if the message is one of mine


def read_news(
    position: Position, calls: Calls, gmail: Gmail, reader: Reader, since: datetime | None
) -> Iterator[Batch[Mail]]:
    """Yield what came since `position`, which moves on; nothing if nothing did.

    Raises:
        CursorExpired: Gmail does not know that point of its history any more (it keeps a week or so).
    """
    records, latest = _history(position.history, calls, gmail, reader)
    wanted = list(_choose(records, position, gmail))
    done = 0
    for page in _pages(wanted):
        letters = reader.letters(calls.read_all([one.call for one in page]))
        done += len(page)
        # A record may want more than one call: its number stands only once all of them are through.
        position.history = page[-1].record
        # Nor are threads known before: what a read that goes on from here needs to get whole is told by that.
        position.known.update(one.mine for one in page if one.mine is not None)
        mails = [one.mail for one in letters if one.mail is not None and not one.is_older(since)]
        if done == len(wanted):
            position.history = latest
        yield Batch(mails, position.write(), (), done, len(wanted), reader.problems.take())
    problems = reader.problems.take()
    if position.history != latest or problems:
        position.history = latest
        yield Batch((), position.write(), problems=problems)


def _history(start: str, calls: Calls, gmail: Gmail, reader: Reader) -> tuple[list[_Record], str]:
    """Return the records after `start`, oldest first, and where the history stands now."""
    records: list[_Record] = []
    pages: list[str | None] = [None]
    starts = 1
    while True:
        try:
            document = calls.read(gmail.history(start, pages[-1]))
        except (Missing, Gone, Rejected) as err:
            if not isinstance(err, Rejected) or pages == [None]:
                raise CursorExpired(
                    "Gmail's history does not go back that far any more; the mailbox is read anew."
                ) from err
            if starts >= _STARTS:
                raise
            starts += 1
            records, pages = [], [None]  # Gmail does not know the page any more
            continue
        for told in listed(document, "history"):
            try:
                records.append(_read_record(told, records[-1].number if records else start, reader))
            except Lost:
                reader.leave_out("a record of the mailbox's history")
        page = page_after(document, *pages)
        if page is None:
            return records, text(document, "historyId")
        pages.append(page)


def _read_record(record: object, before: str, reader: Reader) -> _Record:
    """Return what a record tells; where its number is odd, that of the one `before` stands for it.

    Raises:
        Lost: it is no record.
    """
    if not isinstance(record, Mapping):
        raise odd()
    added, labelled, unlabelled = (
        reader.each(listed(record, key), _read_change) for key in ("messagesAdded", "labelsAdded", "labelsRemoved")
    )
    number = record.get("id")
    return _Record(number if is_name(number, 64) else before, added, labelled, unlabelled)


def _read_change(change: object) -> _Change:
    if not isinstance(change, Mapping):
        raise odd()
    return read_note(change.get("message")), read_labels(change)


def _choose(records: Iterable[_Record], position: Position, gmail: Gmail) -> Iterator[_Wanted]:
    # The labels may be those of now: what was put away since it came stood in the inbox all the same.
    archived = {note.id for record in records for note, labels in record.unlabelled if INBOX in labels}
    chosen: set[str] = set()
    mine: set[int] = set()
    for record in records:
        told = [note for note, _ in record.added]
        told += [note for note, labels in record.labelled if labels & {SENT, INBOX}]
        # Out of the spam folder, the bin or a tab without personal mail, or a draft that was sent under its own id.
        uncovered = [pair for pair in record.unlabelled if not pair[1].isdisjoint(_COVERING)]
        told += [replace(note, labels=note.labels - labels) for note, labels in uncovered]
        for note in told:
            thread = hash_word(note.thread)
            known = thread in position.known or thread in mine
            call = None if note.id in chosen else _call_for(note, gmail, known=known, archived=note.id in archived)
            if call is not None:
                chosen.add(note.id)
                if SENT in note.labels:
                    mine.add(thread)
                yield _Wanted(record.number, call, thread if SENT in note.labels else None)


def _call_for(note: Note, gmail: Gmail, *, known: bool, archived: bool) -> Call | None:
    """Return the call that gets a message that is new, None if it is none of ours."""
    if not note.labels.isdisjoint(LEFT_OUT):
        return None
    if SENT in note.labels:
        return gmail.message(note.id) if known or note.id == note.thread else gmail.thread(note.thread)
    personal = (INBOX in note.labels or archived) and note.labels.isdisjoint(CATEGORIES)
    return gmail.message(note.id) if known or personal else None


def _pages(wanted: list[_Wanted]) -> Iterator[list[_Wanted]]:
    """Cut into pages at the ends of records, so that the number of the last one can stand for all before it."""
    page: list[_Wanted] = []
    for _, group in groupby(wanted, key=lambda one: one.record):
        page += group
        if len(page) >= _PAGE:
            yield page
            page = []
    if page:
        yield page
