"""How the calendars of an account are read, and where that stands.

Each is read to its end once and then by its syncToken, one request a round. Recurring entries come as occurrences, and
those only for some time ahead, so after `_RENEWED` all is read anew. Which calendars there are is asked again when
something changed somewhere and a day has passed, or after a week: a round without news is to cost one request each.
Then those that are listed but could not be read are tried again, each by itself.
"""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from connectors.errors import CursorExpired, Refused
from connectors.gmail.api import Calendar
from connectors.gmail.calls import Calls
from connectors.gmail.events import ended_before, event_id, meeting_key, read_meeting
from connectors.gmail.facts import is_name, listed, page_after
from connectors.gmail.faults import Gone, Missing, Rejected, odd
from connectors.gmail.problems import Problems
from connectors.gmail.reach import check_reach, write_reach
from connectors.text import clean
from connectors.types import Batch, Meeting

_A_DAY: Final = timedelta(days=1)
_VERSION: Final = "google calendars, 1"
_RENEWED: Final = timedelta(days=90)
_LISTED: Final = timedelta(days=7)
_LISTED_WITH_NEWS: Final = timedelta(days=1)
_TOKEN_KEPT: Final = timedelta(days=5)
_UNTRACKED: Final = "-"  # a calendar whose changes cannot be asked for: it is read anew each time
_LONGEST: Final = 1024  # characters of a calendar's id
_ANEW: Final = "A calendar has to be read anew."
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
class Position:
    """Where the reading stands: the syncToken of each calendar, and when (ISO 8601) what was last asked for.

    `closed` are the calendars that are listed but could not be read, each with the syncToken it was left at, ``""`` if
    it was never read. `reach` is how far back all were read.
    """

    tokens: dict[str, str] = field(default_factory=dict)
    begun_at: str = ""
    listed_at: str = ""
    moved_at: str = ""
    closed: dict[str, str] = field(default_factory=dict)
    reach: str | None = None

    def write(self) -> str:
        """Return it as text."""
        return json.dumps({_VERSION: asdict(self)}, separators=(",", ":"), sort_keys=True)

    @classmethod
    def read(cls, cursor: str) -> "Position":
        """Return the position that `write` wrote.

        Raises:
            CursorExpired: the text is not one of this version.
        """
        try:
            position = cls(**json.loads(cursor)[_VERSION])
            moments = map(datetime.fromisoformat, (position.begun_at, position.listed_at, position.moved_at))
            aware = all(moment.tzinfo is not None for moment in moments)
            check_reach(position.reach)
            pairs = [*position.tokens.items(), *position.closed.items()]
            sound = all(is_name(number, _LONGEST) and str(token).isprintable() for number, token in pairs)
        except (ValueError, TypeError, LookupError, AttributeError, RecursionError) as err:
            raise CursorExpired(_FORGOTTEN) from err
        if not (aware and sound):
            raise CursorExpired(_FORGOTTEN)
        return position


def list_calendars(line: Line, problems: Problems) -> Iterator[tuple[str, str]]:
    """Yield id and name of each calendar that counts; `problems` tells of those that cannot be understood.

    Raises:
        Lost: all of them are such.
        Internal, ConnectorError: as `Calls.read`.
    """
    pages: list[str | None] = [None]
    odd_ones, understood = 0, 0
    while True:
        document = line.agenda_calls.read(line.agenda.calendars(pages[-1]))
        for row in listed(document, "items"):
            told: Mapping[str, Any] = row if isinstance(row, Mapping) else {}
            number = told.get("id")
            if not is_name(number, _LONGEST):
                odd_ones += 1
                problems.add("What Google tells of a calendar cannot be understood; it was left out.")
                continue
            understood += 1
            # The role is asked for too; a server that gives more is not believed.
            if str(told.get("accessRole")) in {"owner", "writer"}:
                yield number, clean(str(told.get("summaryOverride") or told.get("summary") or number), 80)
        page = page_after(document, *pages)
        if page is None:
            if odd_ones and not understood:
                raise odd()  # or all meetings would be taken for gone
            return
        pages.append(page)


class Reading:
    """One read of all calendars."""

    def __init__(self, line: Line, since: datetime | None, now: datetime) -> None:
        self._line = line
        self._since = since
        self._now = now
        self._problems = Problems("calendar entries")

    def anew(self) -> Iterator[Batch[Meeting]]:
        """Yield everything."""
        now, names = self._now.isoformat(), dict(list_calendars(self._line, self._problems))
        # Until all are through, the cursor is one to begin anew with: how far a calendar was read is not in it.
        position = Position(dict.fromkeys(names, _UNTRACKED), now, now, now, reach=write_reach(self._since))
        refusal: Refused | None = None
        done = 0
        for number, name in names.items():
            try:
                for batch, token in self._pages(number, None):
                    done += len(batch.items)
                    position.tokens[number] = token or _UNTRACKED
                    yield replace(batch, cursor=position.write(), done=done)
            except (Missing, Refused) as err:
                if isinstance(err, Refused):
                    refusal = _alone(err)
                del position.tokens[number]
                position.closed[number] = ""
                self._tell_closed(name)
        if refusal is not None and not position.tokens:
            raise refusal  # of all there is, so hardly of a calendar
        yield Batch((), position.write(), (), done, done, self._problems.take())

    def news(self, position: Position) -> Iterator[Batch[Meeting]]:
        """Yield what changed since `position`, which moves on.

        Raises:
            CursorExpired: all has to be read anew.
        """
        if self._age(position.begun_at) >= _RENEWED or _UNTRACKED in position.tokens.values():
            raise CursorExpired("Recurring meetings are to be followed further; the calendars are read anew.")
        position.reach = write_reach(self._since) if position.reach is None else position.reach
        news, before = False, position.tokens.copy()
        refusals: dict[str, Refused] = {}
        for number, token in before.items():
            try:
                for batch, following in self._pages(number, token):
                    news = news or bool(batch.items or batch.removed)
                    # Old tokens are better replaced even where nothing changed.
                    if following and (news or self._age(position.moved_at) >= _TOKEN_KEPT):
                        position.tokens[number] = following
                    if batch.items or batch.removed or batch.problems:
                        yield replace(batch, cursor=position.write())
            except Refused as err:
                refusals[number] = _alone(err)
            except (Gone, Rejected, Missing) as err:
                raise CursorExpired(_ANEW) from err
        if refusals and len(refusals) == len(before):
            raise next(iter(refusals.values()))  # of all there is, so hardly of a calendar
        age = self._age(position.listed_at)
        listing = bool(refusals) or age >= _LISTED or (news and age >= _LISTED_WITH_NEWS)
        if listing:
            yield from self._look_at_list(position, refusals)
        else:
            # Each time: it may have been a passing fault, and somebody you are about to meet must not be written to.
            yield from self._try_closed(position)
        if listing or position.tokens != before:
            position.moved_at = self._now.isoformat()
        if listing or news or position.tokens != before:
            yield Batch((), position.write(), problems=self._problems.take())

    def _look_at_list(self, position: Position, refused: Collection[str]) -> Iterator[Batch[Meeting]]:
        """See which calendars there are, and whether those that were closed can be read now."""
        names = dict(list_calendars(self._line, self._problems))
        if set(names) != {*position.tokens, *position.closed}:
            raise CursorExpired("A calendar came or went; all are read anew.")
        yield from self._try_closed(position)
        for number in refused:
            position.closed[number] = position.tokens.pop(number)
        for number in position.closed:
            self._tell_closed(names[number])
        position.listed_at = self._now.isoformat()

    def _try_closed(self, position: Position) -> Iterator[Batch[Meeting]]:
        """See whether those that were closed can be read now."""
        for number, token in list(position.closed.items()):
            following = None
            try:
                for batch, following in self._pages(number, token or None):  # noqa: B007 -- the last one's is kept
                    yield replace(batch, cursor=position.write())
            except (Missing, Refused) as err:
                if isinstance(err, Refused):
                    _alone(err)
            except (Gone, Rejected) as err:
                raise CursorExpired(_ANEW) from err
            else:
                del position.closed[number]
                position.tokens[number] = following or _UNTRACKED

    def _tell_closed(self, name: str) -> None:
        self._problems.add(f'The calendar "{name}" is listed but cannot be read.')

    def _age(self, moment: str) -> timedelta:
        """Return how long ago it was; what a clock that was ahead wrote down never was."""
        age = self._now - datetime.fromisoformat(moment)
        return age if age > -_A_DAY else timedelta.max

    def _pages(self, number: str, token: str | None) -> Iterator[tuple[Batch[Meeting], str | None]]:
        """Yield a calendar's entries page by page, each with the new syncToken if it is the last one."""
        pages: list[str | None] = [None]
        start = None if self._since is None else self._since.astimezone(UTC).isoformat()
        while True:
            document = self._line.agenda_calls.read(
                self._line.agenda.events(number, since=start, sync=token, page=pages[-1])
            )
            page = page_after(document, *pages)
            following = document.get("nextSyncToken") or None
            if following is not None and not (isinstance(following, str) and following.isprintable()):
                raise odd()
            yield self._batch(number, document), following if page is None else None
            if page is None:
                return
            pages.append(page)

    def _batch(self, number: str, document: Mapping[str, Any]) -> Batch[Meeting]:
        meetings: list[Meeting] = []
        removed: list[str] = []
        for event in listed(document, "items"):
            try:
                told = event if isinstance(event, Mapping) else {}
                meeting = read_meeting(number, told)
                if meeting is None or ended_before(meeting, self._since):
                    removed.append(meeting_key(number, event_id(told)))
                else:
                    meetings.append(meeting)
            except (ValueError, OverflowError) as err:
                self._problems.add(f"A calendar entry was left out: {clean(str(err), 100)}")
        return Batch(meetings, "", removed, problems=self._problems.take())


def _alone(err: Refused) -> Refused:
    """Return a refusal of one calendar; one of the account is raised."""
    if not err.alone:
        raise err
    return err
