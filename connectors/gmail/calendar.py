"""Google Calendar as a source: every calendar that the user owns or may write to.

Decides when a read goes on and when all begins anew; see `agenda` for how calendars are read.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from connectors.errors import BadReply, CursorExpired
from connectors.faults import LATER
from connectors.gmail.agenda import Line, Position, Reading, list_calendars
from connectors.gmail.faults import Internal, Lost
from connectors.gmail.problems import Problems
from connectors.gmail.reach import reaches_further
from connectors.types import Batch, Meeting


class CalendarSource:
    """The calendars of one account."""

    def __init__(self, line: Line, now: Callable[[], datetime]) -> None:
        self._line = line
        self._now = now

    def changes(self, cursor: str | None, since: datetime | None) -> Iterator[Batch[Meeting]]:
        """Yield meetings that are new or changed since `cursor`; see `connectors.base.Source`.

        Raises:
            CursorExpired: a calendar's syncToken is no longer known, a calendar came or went, it is time to expand
                recurring entries anew, or `since` reaches further back than before.
            LoginNeeded, Unavailable, Refused, BadReply, SettingsError: as they are named.
        """
        position = None if cursor is None else Position.read(cursor)
        if position is not None and reaches_further(position.reach, since):
            raise CursorExpired("`since` reaches further back than the calendars were read; they are read anew.")
        reading = Reading(self._line, since, self._now())
        try:
            yield from reading.anew() if position is None else reading.news(position)
        except Lost as err:
            raise err.outward() from err
        except Internal as err:
            raise BadReply(f"Google Calendar refuses a call as wrong ({type(err).__name__}): {LATER}") from err

    def calendars(self) -> Iterator[tuple[str, str]]:
        """Yield id and name of each calendar that counts.

        Raises:
            Internal, ConnectorError: as `Calls.read`.
        """
        yield from list_calendars(self._line, Problems("calendars"))
