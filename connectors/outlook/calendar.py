"""Outlook's calendars as a source: every calendar that the user owns.

A calendar is read whole once. From then on the time around now is looked at in each round, with one request, and the
year ahead once a day; what is not as it was before is told. Every `_RENEWED` all that was longer ago is told again, in
case it changed. What took place stays told, though its entry or its whole calendar is deleted later.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from connectors.errors import BadReply, ConnectorError
from connectors.faults import LATER
from connectors.outlook import api
from connectors.outlook.agenda import Agenda, Seen, look_at
from connectors.outlook.calls import Calls
from connectors.outlook.entries import BEGINNING, LONGEST, earliest, list_calendars, pages
from connectors.outlook.events import is_over
from connectors.outlook.faults import Denied, Forbidden, Internal, Lost, Missing
from connectors.outlook.link import Link
from connectors.outlook.whose import read_addresses
from connectors.types import Batch, Meeting

BEHIND: Final = timedelta(days=31)
NEAR: Final = timedelta(days=62)
"""How long before and after now is looked at in each round: an answer that is no larger than need be."""
FAR: Final = timedelta(days=372)
"""How far ahead is looked at once a day: a year and a week."""

_FAR_LOOKS: Final = timedelta(days=1)
_RENEWED: Final = timedelta(days=90)
_LISTED: Final = timedelta(days=7)
_LISTED_WITH_NEWS: Final = timedelta(days=1)
_SLACK: Final = timedelta(days=2)  # a month before the 31st is no later than one before the 30th
_A_DAY: Final = timedelta(days=1)
_PROBLEMS: Final = 20


class CalendarSource:
    """The calendars of one account."""

    def __init__(self, link: Link, now: Callable[[], datetime]) -> None:
        self._link = link
        self._now = now

    def changes(self, cursor: str | None, since: datetime | None) -> Iterator[Batch[Meeting]]:
        """Yield meetings that are new or changed since `cursor`; see `connectors.base.Source`.

        Raises:
            CursorExpired: the cursor is none of these.
            LoginNeeded, Unavailable, Refused, BadReply, SettingsError: as they are named.
        """
        agenda = Agenda() if cursor is None else Agenda.read(cursor)
        try:
            yield from _Reading(self._link.calls, agenda, self._now(), since).go()
        except Lost as err:
            raise err.outward() from err
        except Internal as err:
            what = type(err).__name__
            raise BadReply(f"Microsoft refuses a call about calendars as wrong ({what}): {LATER}") from err

    def calendars(self, mine: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """Yield id and name of each calendar that counts. `mine` are the user's addresses there, in lower case.

        Raises:
            Internal, ConnectorError: as `Calls.read`.
        """
        yield from ((one.id, one.name) for one in list_calendars(self._link.calls, mine))


class _Look(NamedTuple):
    """What is not as it was in a calendar, and all that is remembered of it from now on."""

    changed: list[Meeting]
    removed: list[str]
    seen: dict[str, Seen]


class _Reading:
    """One read of all calendars, which moves `agenda` on."""

    def __init__(self, calls: Calls, agenda: Agenda, now: datetime, since: datetime | None) -> None:
        self._calls = calls
        self._agenda = agenda
        self._now = now
        today = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        monday = today - timedelta(days=today.weekday())
        # Both ends move on by weeks, so that they rarely bring news.
        self._low, self._near, self._far = monday - BEHIND, monday + NEAR, monday + FAR
        reach = datetime.fromisoformat(agenda.since) if agenda.since else None
        self._further = bool(agenda.told_at) and reach is not None and (since is None or reach - since > _SLACK)
        self._oldest = since if self._further or not agenda.told_at else reach
        self._done = 0
        self._told: set[str] = set()
        self._problems: list[str] = []

    def go(self) -> Iterator[Batch[Meeting]]:
        agenda, before = self._agenda, self._agenda.write()
        first, far = not agenda.told_at, self._age(agenda.far_at) >= _FAR_LOOKS
        news = False
        refusals: dict[str, Internal | ConnectorError] = {}
        for number in list(agenda.seen):
            # Closed ones each time too: it may have been a passing fault, and somebody you are about to meet must not
            # be written to.
            try:
                look = self._look(number, far=far or number in agenda.closed)
            except (Missing, Denied, Forbidden) as err:
                refusals[number] = err
            else:
                agenda.closed.discard(number)
                news = news or bool(look.changed or look.removed)
                yield from self._take(number, look)
        self._give_up(refusals, len(agenda.seen))
        if far:
            agenda.far_at = self._now.isoformat()
        if (
            refusals.keys() - agenda.closed
            or not agenda.seen
            or self._age(agenda.listed_at) >= (_LISTED_WITH_NEWS if news or agenda.closed else _LISTED)
        ):
            yield from self._look_at_list(refusals)
        if first or self._further or self._age(agenda.told_at) >= _RENEWED:
            if not first:
                yield from self._tell_again()
            agenda.told_at = self._now.isoformat()
            agenda.since = "" if self._oldest is None else self._oldest.isoformat()
        if (cursor := agenda.write()) != before or self._problems:
            yield Batch((), cursor, (), self._done, self._done, self._take_problems())

    # -- which calendars there are -------------------------------------------------------------------------------------

    def _look_at_list(self, refusals: Mapping[str, Internal | ConnectorError]) -> Iterator[Batch[Meeting]]:
        """See which calendars there are; read those that are new or could not be read before."""
        agenda = self._agenda
        mine = read_addresses(self._calls.read(api.me()))
        calendars = list_calendars(self._calls, mine)
        agenda.mine = tuple(dict.fromkeys((*mine, *filter(None, (one.owner for one in calendars)))))
        names = {one.id: one.name for one in calendars}
        for number in [one for one in agenda.seen if one not in names]:
            yield self._drop(number)
        agenda.closed &= names.keys()
        troubles = {number: err for number, err in refusals.items() if number in names}
        for number in [one for one in names if one not in agenda.seen]:
            try:
                yield from self._read_whole(number)
            except (Missing, Denied, Forbidden) as err:
                troubles[number] = err
        self._give_up(troubles, len(names))
        for number in troubles:
            self._tell(f'The calendar "{names[number]}" is listed but cannot be read.')
        agenda.closed = set(troubles)
        agenda.listed_at = self._now.isoformat()

    def _give_up(self, refusals: Mapping[str, Internal | ConnectorError], count: int) -> None:
        """Raise the refusal if all calendars were refused: that is hardly about a calendar."""
        denied = [err for err in refusals.values() if isinstance(err, ConnectorError)]
        if denied and len(denied) == count:
            raise denied[0]

    def _drop(self, number: str) -> Batch[Meeting]:
        """Forget a calendar that is gone, and what was ahead in it: what took place took place."""
        now = self._now.timestamp()
        removed = [key for key, one in self._agenda.seen.pop(number).items() if one.end > now]
        return self._batch((), removed)

    # -- what is in one ------------------------------------------------------------------------------------------------

    def _read_whole(self, number: str) -> Iterator[Batch[Meeting]]:
        seen: dict[str, Seen] = {}
        for meetings in self._pages(number, self._low, self._far, seen):
            yield self._batch(meetings)
        yield from self._read_past(number)
        self._agenda.seen[number] = seen

    def _read_past(self, number: str) -> Iterator[Batch[Meeting]]:
        """Yield what was before the time around now, the newest first."""
        high, lowest = self._low, earliest(self._calls, number)
        if lowest is None:
            return
        lowest = max(lowest, self._oldest or BEGINNING)
        while high > lowest:
            low = max(lowest, high - LONGEST)
            for meetings in self._pages(number, low, high, {}):
                yield self._batch(meetings)
            high = low

    def _tell_again(self) -> Iterator[Batch[Meeting]]:
        for number in [one for one in self._agenda.seen if one not in self._agenda.closed]:
            try:
                yield from self._read_past(number)
            except (Missing, Denied, Forbidden):
                continue  # it is found so when it is looked at next

    def _look(self, number: str, *, far: bool) -> _Look:
        """Look at the time around now of a calendar."""
        before, after = self._agenda.seen[number], dict[str, Seen]()
        high = self._far if far else self._near
        changed: list[Meeting] = []
        for meetings in self._pages(number, self._low, high, after, tell=far):
            changed += [one for one in meetings if before.get(one.key) != after[one.key]]
        # What ended before the time looked at, or comes after it, is out of sight and not gone.
        edge, end = (self._low + _A_DAY).timestamp(), high.timestamp()
        removed = [key for key, one in before.items() if key not in after and edge < one.end <= end]
        if removed and not far:
            return self._look(number, far=True)  # it may have been put off
        return _Look(changed, removed, {key: one for key, one in before.items() if one.end > end} | after)

    def _take(self, number: str, look: _Look) -> Iterator[Batch[Meeting]]:
        self._agenda.seen[number] = look.seen
        if look.changed or look.removed:
            yield self._batch(look.changed, look.removed)

    def _pages(
        self, number: str, low: datetime, high: datetime, seen: dict[str, Seen], *, tell: bool = True
    ) -> Iterator[list[Meeting]]:
        """Yield what is in a calendar in a time, and note it in `seen`; `tell` of what is odd."""
        for page in pages(self._calls, number, low, high, self._agenda.mine):
            meetings = [one for one in page.meetings if not is_over(one, self._oldest)]
            seen.update((one.key, look_at(one)) for one in meetings)
            for sentence in page.problems if tell else ():
                self._tell(sentence)
            yield meetings

    # -- what is told --------------------------------------------------------------------------------------------------

    def _batch(self, meetings: Sequence[Meeting], removed: Sequence[str] = ()) -> Batch[Meeting]:
        self._done += len(meetings)
        return Batch(meetings, self._agenda.write(), removed, self._done, 0, self._take_problems())

    def _tell(self, sentence: str) -> None:
        if sentence not in self._told and len(self._told) < _PROBLEMS:
            self._told.add(sentence)
            self._problems.append(sentence)

    def _take_problems(self) -> tuple[str, ...]:
        problems, self._problems = tuple(self._problems), []
        return problems

    def _age(self, moment: str) -> timedelta:
        """Return how long ago it was; what a clock that was ahead wrote down never was."""
        age = self._now - datetime.fromisoformat(moment) if moment else timedelta.max
        return age if age > -_A_DAY else timedelta.max
