"""The user's calendars, and what lies in them."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from tests.google.clock import Clock
from tests.graph import names
from tests.graph.events import Event, Response
from tests.graph.locks import locked
from tests.graph.messages import Person, person

FIRST_SERIAL = 0x40000000  # apart from the messages'
FIRST_CALENDAR = 0x100


@dataclass(slots=True, eq=False)
class Calendar:
    """A calendar: whose it is, and what the user may do there."""

    number: int
    name: str
    owner: Person
    can_edit: bool = True
    default: bool = False

    @property
    def id(self) -> str:
        return names.container(self.number)


class Calendars:
    """All calendars of a mailbox. Ids that go in and out here are immutable ones; moments have a zone."""

    def __init__(self, clock: Clock, address: str, lock: AbstractContextManager[object]) -> None:
        self.clock = clock
        self.lock = lock
        self.owner: Person = ("Robin Park", address)
        self.calendars: list[Calendar] = []
        self.events: dict[int, Event] = {}
        self.series: dict[int, list[Event]] = {}  # a master's serial -> its occurrences
        self._serial = FIRST_SERIAL
        self._version = FIRST_SERIAL
        self.default = self.add("Calendar", default=True)

    @locked
    def add(self, name: str, *, owner: str = "", can_edit: bool = True, default: bool = False) -> str:
        """Add a calendar, the user's own if no other owner is named; return its id."""
        whose = person(owner) if owner else self.owner
        self.calendars.append(Calendar(FIRST_CALENDAR + len(self.calendars), name, whose, can_edit, default))
        return self.calendars[-1].id

    def calendar(self, name: str = "") -> Calendar:
        """Return a calendar by id, the default one for ""; raise KeyError if there is none."""
        for one in self.calendars:
            if one.id == (name or self.default):
                return one
        raise KeyError(name)

    def _new(self) -> tuple[int, int]:
        self._serial += 1
        self._version += 1
        return self._serial, self._version

    @locked
    def put(
        self,
        /,
        subject: str,
        start: datetime,
        attendees: Mapping[str, Response] | Sequence[str] = (),
        *,
        end: datetime | None = None,
        calendar: str = "",
        organizer: str = "",
        **more: Any,
    ) -> str:
        """Put an event; return its id. `attendees` maps "Ana <ana@example.com>" to the answer; a list: none.

        Without an `organizer` the user is it; with one, `response` is the user's answer ("none" if not given). `more`
        are fields of `Event`.
        """
        serial, version = self._new()
        whose = person(organizer) if organizer else self.owner
        none: Response = "none"
        answers = attendees if isinstance(attendees, Mapping) else dict.fromkeys(attendees, none)
        who = tuple((person(one), "required", answer) for one, answer in answers.items())
        more.setdefault("response", "none" if organizer else "organizer")
        number = self.calendar(calendar).number
        event = Event(
            serial, number, subject, start, end or start + timedelta(hours=1), whose, who, version=version, **more
        )
        self.events[serial] = event
        return event.id(immutable=True)

    @locked
    def put_series(
        self,
        /,
        subject: str,
        starts: Iterable[datetime],
        attendees: Mapping[str, Response] | Sequence[str] = (),
        *,
        length: timedelta = timedelta(hours=1),
        exceptions: Mapping[int, Mapping[str, Any]] | None = None,
        dropped: Iterable[int] = (),
        **more: Any,
    ) -> str:
        """Put a series that occurs at `starts`; return its id. `exceptions` maps the number of an occurrence to what is
        different there (fields of `Event`), `dropped` are those that were taken out."""
        days = list(starts)
        name = self.put(subject, days[0], attendees, end=days[0] + length, kind="seriesMaster", **more)
        master = self.events[names.serial_of(name)]
        out, different = set(dropped), exceptions or {}
        self.series[master.serial] = []
        for number, start in enumerate(days):
            if number in out:
                continue
            serial, version = self._new()
            one = replace(
                master, serial=serial, version=version, start=start, end=start + length, kind="occurrence",
                master=master.serial, original=start,
            )  # fmt: skip
            if number in different:
                one = replace(one, kind="exception", **different[number])
            self.series[master.serial].append(one)
        return name

    def get(self, name: str) -> Event:
        """Return a single event or a series; raise KeyError if it is not there."""
        return self.events[names.serial_of(name)]

    @locked
    def change(self, /, name: str, **fields: Any) -> None:
        """Change fields of an event."""
        _, version = self._new()
        event = self.get(name)
        self.events[event.serial] = replace(event, version=version, **fields)

    @locked
    def cancel(self, name: str) -> None:
        """Let the organiser call a meeting off; it stays until the user takes it out."""
        self.change(name, cancelled=True, subject=f"Canceled: {self.get(name).subject}", show_as="free")

    @locked
    def drop(self, name: str) -> None:
        """Take an event out, a series with all its occurrences."""
        event = self.get(name)
        del self.events[event.serial]
        self.series.pop(event.serial, None)

    def view(self, calendar: Calendar, start: datetime, end: datetime) -> list[Event]:
        """Return what happens in a calendar between two moments, occurrences instead of series, in order of time."""
        several = [one for one in self.events.values() if one.kind == "singleInstance"]
        several += [one for many in self.series.values() for one in many]
        inside = (one for one in several if one.calendar == calendar.number and one.start < end and one.end > start)
        return sorted(inside, key=lambda one: (one.start, one.serial))
