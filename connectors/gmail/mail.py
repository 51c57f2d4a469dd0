"""Gmail's mail as a source: a first read in stages, then what its history tells.

Decides what is asked for and when a read is through; see `firstread` and `news` for how.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol

from connectors.errors import BadReply, CursorExpired
from connectors.faults import LATER
from connectors.gmail.api import Gmail
from connectors.gmail.calls import Calls
from connectors.gmail.cursor import Position, Stage
from connectors.gmail.facts import text
from connectors.gmail.faults import Absent, Internal, Lost, Missing
from connectors.gmail.firstread import FirstRead
from connectors.gmail.news import read_news
from connectors.gmail.reach import reaches_further, write_reach
from connectors.gmail.reader import Reader
from connectors.types import Batch, Mail


class Line(Protocol):
    """An account's line to Gmail."""

    @property
    def calls(self) -> Calls:
        """What asks. Raises LoginNeeded, SettingsError."""
        ...

    @property
    def gmail(self) -> Gmail:
        """What there is to ask."""
        ...


class MailSource:
    """The mail of one account."""

    def __init__(self, line: Line, now: Callable[[], datetime]) -> None:
        self._line = line
        self._now = now

    def changes(self, cursor: str | None, since: datetime | None) -> Iterator[Batch[Mail]]:
        """Yield mails that were not there at `cursor`; see `connectors.base.Source`.

        The first read is through when all threads with mail of the user's are read, and the inbox of the last weeks.
        Older mail of the inbox follows by the slice, in later calls.

        Raises:
            CursorExpired, LoginNeeded, Unavailable, Refused, BadReply, SettingsError: as they are named.
        """
        position = None if cursor is None else Position.read(cursor)
        if position is not None and not position.history:
            raise CursorExpired("The mailbox was empty and its history is not known; it is read anew.")
        if position is not None and reaches_further(position.reach, since):
            raise CursorExpired("`since` reaches further back than the mailbox was read; it is read anew.")
        try:
            yield from self._changes(position, since)
        except Lost as err:
            raise err.outward() from err
        except Internal as err:
            raise BadReply(f"Gmail refuses a call as wrong ({type(err).__name__}): {LATER}") from err

    def _changes(self, position: Position | None, since: datetime | None) -> Iterator[Batch[Mail]]:
        calls, gmail, reader = self._line.calls, self._line.gmail, Reader()
        if position is None:
            position = Position(self._history_now(calls, gmail, reader), reach=write_reach(since))
        else:
            if position.reach is None or (position.stage is not Stage.THROUGH and since is not None):
                position.reach = write_reach(since)  # what is left to read is read no further back than that
            yield from read_news(position, calls, gmail, reader, since)
        if position.stage is not Stage.THROUGH:
            yield from FirstRead(position, calls, gmail, reader, since, self._now()).batches()

    def _history_now(self, calls: Calls, gmail: Gmail, reader: Reader) -> str:
        """Return where the mailbox's history stands, ``""`` if that cannot be known."""
        try:
            return text(calls.read(gmail.profile()), "historyId")
        except (Missing, Absent):
            # A host that tells no profile: then the point at which the newest message last changed.
            newest = next(iter(reader.notes(calls.read(gmail.messages((), None)))), None)
            return "" if newest is None else text(calls.read(gmail.history_of(newest.id)), "historyId")
