"""What is in the calendars of an account: which there are, and the entries of each within a time.

What cannot be understood is left out and told, and never keeps the rest from being read.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

from connectors.outlook import api
from connectors.outlook.call import Call
from connectors.outlook.calls import Calls
from connectors.outlook.events import begins_at, read_meeting
from connectors.outlook.facts import link, pair, text
from connectors.outlook.faults import Rejected, TooSlow, odd
from connectors.text import clean
from connectors.types import Meeting

LONGEST: Final = timedelta(days=1825)
"""How long a time Graph tells the entries of at once."""
BEGINNING: Final = datetime(1990, 1, 1, tzinfo=UTC)
"""Nothing earlier is told."""

_SHORTEST: Final = timedelta(days=14)  # that is asked for where the server is slow
_MARGIN: Final = timedelta(days=31)  # an occurrence may have been moved to before its series began


class Calendar(NamedTuple):
    """A calendar of the user's own; `owner` is their address as it is told there, in lower case, or ``""``."""

    id: str
    name: str
    owner: str


class Page(NamedTuple):
    """Some entries, and a sentence for each kind of trouble with others."""

    meetings: Sequence[Meeting]
    problems: Sequence[str]


def list_calendars(calls: Calls, mine: Sequence[str]) -> list[Calendar]:
    """Return the calendars that the user, who has the addresses `mine` (in lower case), owns.

    The main one is always theirs, though it may tell an owner's address that nothing else does.

    Raises:
        Lost: what there is cannot be understood.
        Internal, ConnectorError: as `Calls.read`.
    """
    found: list[tuple[Calendar, bool]] = []
    strange = 0
    for document in _documents(calls, api.calendars()):
        for row in _listed(document):
            told: Mapping[str, Any] = row if isinstance(row, Mapping) else {}
            try:
                number = text(told, "id")
            except ValueError:
                strange += 1
                continue
            name = told.get("name")
            owner = pair({"emailAddress": told.get("owner")})
            shown = clean(name, 80) if isinstance(name, str) else ""
            calendar = Calendar(number, shown or number, "" if owner is None else owner[0].lower())
            found.append((calendar, told.get("isDefaultCalendar") is True))
    if strange and not found:
        raise odd()  # or all meetings would be taken for gone
    own = {"", *mine, *(calendar.owner for calendar, main in found if main)}
    return [calendar for calendar, _ in found if calendar.owner in own]


def pages(calls: Calls, calendar: str, low: datetime, high: datetime, mine: Sequence[str]) -> Iterator[Page]:
    """Yield what is in a calendar between two moments, each recurring entry as its occurrences.

    Raises:
        Internal, ConnectorError: as `Calls.read`.
    """
    try:
        for document in _documents(calls, api.events(calendar, low, high)):
            yield _read(calendar, document, mine)
    except TooSlow:
        if high - low <= _SHORTEST:
            raise
        middle = low + (high - low) / 2
        yield from pages(calls, calendar, middle, high, mine)
        yield from pages(calls, calendar, low, middle, mine)


def earliest(calls: Calls, calendar: str) -> datetime | None:
    """Return a moment before all that is in a calendar, None if nothing is.

    Raises:
        Internal, ConnectorError: as `Calls.read`.
    """
    try:
        first = next(iter(_listed(calls.read(api.first_event(calendar)))), None)
    except (Rejected, TooSlow):
        return BEGINNING
    if first is None:
        return None
    try:
        return max(BEGINNING, begins_at(first if isinstance(first, Mapping) else {}) - _MARGIN)
    except ValueError:
        return BEGINNING


def _documents(calls: Calls, call: Call) -> Iterator[Mapping[str, Any]]:
    """Yield the pages of a list."""
    been: set[str] = set()
    while True:
        document = calls.read(call)
        yield document
        onward = link(document, "nextLink")
        if onward is None:
            return
        if onward in been:
            raise odd()  # it would go on without end
        been.add(onward)
        call = api.events_on(onward)


def _listed(document: Mapping[str, Any]) -> list[Any]:
    listed = document.get("value")
    if not isinstance(listed, list):
        raise odd()
    return listed


def _read(calendar: str, document: Mapping[str, Any], mine: Sequence[str]) -> Page:
    meetings: list[Meeting] = []
    problems: dict[str, None] = {}
    for row in _listed(document):
        try:
            meetings.append(read_meeting(calendar, row if isinstance(row, Mapping) else {}, mine))
        except (ValueError, OverflowError) as err:
            problems[f"A calendar entry was left out: {clean(str(err), 100)}"] = None
    return Page(meetings, tuple(problems))
