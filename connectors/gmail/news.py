"""What came since: Gmail's history of a mailbox, and which of it is got.

Everything that was sent, that came into a thread with mail of mine, or into the inbox outside its tabs without personal
mail. A thread in which I write for the first time is got whole, as a first read would have it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final, NamedTuple

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
    Reader,
    page_after,
    read_labels,
    read_note,
    rows,
    text,
)
from connectors.gmail.faults import Gone, Missing, Rejected
from connectors.gmail.firstread import letters_of
from connectors.packing import hash_word
from connectors.types import Batch, Mail

_PAGE: Final = 20
_COVERING: Final = LEFT_OUT.union(CATEGORIES)
"""Labels that keep a mail from being read: when one is taken off, it is as if the mail had come just then."""


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
    records, latest = _history(position.history, calls, gmail)
    wanted = list(_choose(records, position, gmail))
    done = 0
    for page in _pages(wanted):
        documents = calls.read_all([one.call for one in page])
        letters = [letter for one in documents if one is not None for letter in letters_of(one, reader)]
        done += len(page)
        # A record may want more than one call: its number stands only once all of them are through.
        position.history = page[-1].record
        # Nor are threads known before: what a read that goes on from here needs to get whole is told by that.
        position.known.update(one.mine for one in page if one.mine is not None)
        mails = [one.mail for one in letters if one.mail is not None and (since is None or one.at >= since)]
        if done < len(wanted):
            yield Batch(mails, position.write(), (), done, len(wanted))
        else:
            position.history = latest
            yield Batch(mails, position.write(), (), done, done)
    if position.history != latest:
        position.history = latest
        yield Batch((), position.write())


def _history(start: str, calls: Calls, gmail: Gmail) -> tuple[list[Mapping[str, Any]], str]:
    """Return the records after `start`, oldest first, and where the history stands now."""
    records: list[Mapping[str, Any]] = []
    page: str | None = None
    while True:
        try:
            document = calls.read(gmail.history(start, page))
        except (Missing, Gone, Rejected) as err:
            raise CursorExpired(
                "Gmail's history does not go back that far any more; the mailbox is read anew."
            ) from err
        records += rows(document, "history")
        page = page_after(document, page)
        if page is None:
            return records, text(document, "historyId")


def _choose(records: list[Mapping[str, Any]], position: Position, gmail: Gmail) -> Iterator[_Wanted]:
    # The labels may be those of now: what was put away since it came stood in the inbox all the same.
    archived = {note.id for record in records for note, labels in _changes(record, "labelsRemoved") if INBOX in labels}
    chosen: set[str] = set()
    mine: set[int] = set()
    for record in records:
        number = text(record, "id")
        told = [note for note, _ in _changes(record, "messagesAdded")]
        told += [note for note, labels in _changes(record, "labelsAdded") if labels & {SENT, INBOX}]
        # Out of the spam folder, the bin or a tab without personal mail, or a draft that was sent under its own id.
        uncovered = [pair for pair in _changes(record, "labelsRemoved") if not pair[1].isdisjoint(_COVERING)]
        told += [replace(note, labels=note.labels - labels) for note, labels in uncovered]
        for note in told:
            thread = hash_word(note.thread)
            known = thread in position.known or thread in mine
            call = None if note.id in chosen else _call_for(note, gmail, known=known, archived=note.id in archived)
            if call is not None:
                chosen.add(note.id)
                if SENT in note.labels:
                    mine.add(thread)
                yield _Wanted(number, call, thread if SENT in note.labels else None)


def _changes(record: Mapping[str, Any], key: str) -> Iterator[tuple[Note, frozenset[str]]]:
    for change in rows(record, key):
        yield read_note(change.get("message") or {}), read_labels(change)


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
