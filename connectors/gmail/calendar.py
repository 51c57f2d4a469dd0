"""Google Calendar as a source: every calendar that the user owns or may write to.

Each is read to its end once and then by its syncToken, one request a round. Recurring entries come as occurrences, and
those only for some time ahead, so after `_RENEWED` all is read anew. Which calendars there are is asked again when
something changed somewhere and a day has passed, or after a week: a round without news is to cost one request each.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from connectors.errors import BadReply, CursorExpired
from connectors.gmail.api import Calendar
from connectors.gmail.calls import Calls
from connectors.gmail.events import ended_before, event_id, meeting_key, read_meeting
from connectors.gmail.facts import page_after, rows
from connectors.gmail.faults import Gone, Internal, Lost, Missing, Rejected
from connectors.text import clean
from connectors.types import Batch, Meeting

log = logging.getLogger(__name__)

_VERSION: Final = "google calendars, 1"
_RENEWED: Final = timedelta(days=90)
_LISTED: Final = timedelta(days=7)
_LISTED_WITH_NEWS: Final = timedelta(days=1)
_TOKEN_KEPT: Final = timedelta(days=5)
_UNTRACKED: Final = "-"  # a calendar whose changes cannot be asked for: it is read anew each time
_PROBLEMS: Final = 20
_FORGOTTEN: Final = "Where the reading of the calendars stood is not known any more."


class Line(Protocol):
    """An account's line to Google Calendar."""

    @property
    def agenda_calls(self) -> Calls:
        """What asks. Raises LoginNeeded, SettingsError."""
        ...

    @property
    def agenda(self) -> Calendar:
        """What there is to ask."""
        ...


@dataclass(slots=True)
class _Position:
    """Where the reading stands: the syncToken of each calendar, and when (ISO 8601) what was last asked for."""

    tokens: dict[str, str] = field(default_factory=dict)
    begun_at: str = ""
    listed_at: str = ""
    moved_at: str = ""

    def write(self) -> str:
        return json.dumps({_VERSION: asdict(self)}, separators=(",", ":"), sort_keys=True)

    @classmethod
    def read(cls, cursor: str) -> "_Position":
        try:
            position = cls(**json.loads(cursor)[_VERSION])
            moments = map(datetime.fromisoformat, (position.begun_at, position.listed_at, position.moved_at))
            aware = all(moment.tzinfo is not None for moment in moments)
            position.tokens = {str(number): str(token) for number, token in position.tokens.items()}
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as err:
            raise CursorExpired(_FORGOTTEN) from err
        if not aware:
            raise CursorExpired(_FORGOTTEN)
        return position


class CalendarSource:
    """The calendars of one account."""

    def __init__(self, line: Line, now: Callable[[], datetime]) -> None:
        self._line = line
        self._now = now

    def changes(self, cursor: str | None, since: datetime | None) -> Iterator[Batch[Meeting]]:
        """Yield meetings that are new or changed since `cursor`; see `connectors.base.Source`.

        Raises:
            CursorExpired: a calendar's syncToken is no longer known, a calendar came or went, or it is time to expand
                recurring entries anew.
            LoginNeeded, Unavailable, Refused, BadReply, SettingsError: as they are named.
        """
        try:
            if cursor is None:
                yield from self._read_anew(since)
            else:
                yield from self._read_news(_Position.read(cursor), since)
        except Lost as err:
            raise err.outward() from err
        except Internal as err:
            raise BadReply(f"Google Calendar refuses a call as wrong ({type(err).__name__}).") from err

    def calendars(self) -> Iterator[tuple[str, str]]:
        """Yield id and name of each calendar that counts.

        Raises:
            Internal, ConnectorError: as `Calls.read`.
        """
        page: str | None = None
        while True:
            document = self._line.agenda_calls.read(self._line.agenda.calendars(page))
            for row in rows(document, "items"):
                number = row.get("id")
                # The role is asked for too; a server that gives more is not believed.
                if isinstance(number, str) and number and str(row.get("accessRole")) in {"owner", "writer"}:
                    yield number, clean(str(row.get("summaryOverride") or row.get("summary") or number), 80)
            page = page_after(document, page)
            if page is None:
                return

    def _read_anew(self, since: datetime | None) -> Iterator[Batch[Meeting]]:
        now = self._now().isoformat()
        listed = list(self.calendars())
        # Until all are through, the cursor is one to begin anew with: how far a calendar was read is not in it.
        position = _Position({number: _UNTRACKED for number, _ in listed}, now, now, now)
        done = 0
        for number, name in listed:
            try:
                for batch, token in self._pages(number, since, None):
                    done += len(batch.items)
                    position.tokens[number] = token or _UNTRACKED
                    yield replace(batch, cursor=position.write(), done=done)
            except Missing:
                position.tokens.pop(number, None)
                yield Batch((), position.write(), problems=(f'The calendar "{name}" is listed but cannot be read.',))
        yield Batch((), position.write(), (), done, done)

    def _read_news(self, position: _Position, since: datetime | None) -> Iterator[Batch[Meeting]]:
        now = self._now()
        if now - datetime.fromisoformat(position.begun_at) >= _RENEWED or _UNTRACKED in position.tokens.values():
            raise CursorExpired("Recurring meetings are to be followed further; the calendars are read anew.")
        moved, news = False, False
        for number in list(position.tokens):
            try:
                for batch, token in self._pages(number, since, position.tokens[number]):
                    news = news or bool(batch.items or batch.removed)
                    if token and token != position.tokens[number] and (news or self._is_stale(position, now)):
                        position.tokens[number] = token
                        moved = True
                    if batch.items or batch.removed or batch.problems:
                        yield replace(batch, cursor=position.write())
            except (Gone, Rejected, Missing) as err:
                raise CursorExpired("A calendar has to be read anew.") from err
        listed = now - datetime.fromisoformat(position.listed_at)
        if listed >= _LISTED or (news and listed >= _LISTED_WITH_NEWS):
            if {number for number, _ in self.calendars()} != set(position.tokens):
                raise CursorExpired("A calendar came or went; all are read anew.")
            position.listed_at, moved = now.isoformat(), True
        if moved or news:
            position.moved_at = now.isoformat() if moved else position.moved_at
            yield Batch((), position.write())

    def _is_stale(self, position: _Position, now: datetime) -> bool:
        """Say whether tokens are so old that they are better replaced even where nothing changed."""
        return now - datetime.fromisoformat(position.moved_at) >= _TOKEN_KEPT

    def _pages(
        self, number: str, since: datetime | None, token: str | None
    ) -> Iterator[tuple[Batch[Meeting], str | None]]:
        """Yield a calendar's entries page by page, each with the new syncToken if it is the last one."""
        page: str | None = None
        start = None if since is None else since.astimezone(UTC).isoformat()
        while True:
            document = self._line.agenda_calls.read(
                self._line.agenda.events(number, since=start, sync=token, page=page)
            )
            page = page_after(document, page)
            following = document.get("nextSyncToken")
            yield self._batch(number, document, since), following if page is None and following else None
            if page is None:
                return

    def _batch(self, number: str, document: Mapping[str, Any], since: datetime | None) -> Batch[Meeting]:
        meetings: list[Meeting] = []
        removed: list[str] = []
        problems: list[str] = []
        for event in rows(document, "items"):
            try:
                meeting = read_meeting(number, event)
                if meeting is None or ended_before(meeting, since):
                    removed.append(meeting_key(number, event_id(event)))
                else:
                    meetings.append(meeting)
            except (ValueError, OverflowError) as err:
                problems.append(f"A calendar entry was left out: {clean(str(err), 100)}")
        if len(problems) > _PROBLEMS:
            problems = [*problems[:_PROBLEMS], f"{len(problems) - _PROBLEMS} more calendar entries were left out."]
        return Batch(meetings, "", removed, 0, 0, tuple(problems))
