"""Robin's calendars at a Microsoft Graph for torture, where calendars and entries have names that are not chance."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from connectors.outlook.events import meeting_key
from tests.graph import names
from tests.graph.calendars import Calendars
from tests.graph.events import Event

_THEIRS = "theirs"  # somebody else's, which Robin may read


class Agenda:
    """The calendars "main", "work" and "theirs", and what is added."""

    def __init__(self, calendars: Calendars) -> None:
        self._all = calendars
        self._calendars = {
            "main": calendars.default,
            "work": calendars.add("Work"),
            _THEIRS: calendars.add("Boss", owner="Boss <boss@example.org>", can_edit=False),
        }
        self._entries: dict[str, int] = {}  # name -> serial

    def add(self, calendar: str) -> None:
        """Let Robin make a calendar."""
        self._calendars[calendar] = self._all.add(calendar)

    def put(
        self, calendar: str, key: str, subject: str, at: datetime, guests: Mapping[str, Any], *, weeks: int = 0,
        **more: Any,
    ) -> None:  # fmt: skip
        """Put an entry; with `weeks` a series, whose occurrences are called "key/0", "key/1" …"""
        where = self._calendars[calendar]
        if not weeks:
            self._entries[key] = names.serial_of(self._all.put(subject, at, guests, calendar=where, **more))
            return
        starts = [at + timedelta(weeks=week) for week in range(weeks)]
        series = names.serial_of(self._all.put_series(subject, starts, guests, calendar=where, **more))
        for number, one in enumerate(self._all.series[series]):
            self._entries[f"{key}/{number}"] = one.serial

    def move(self, key: str, hours: int) -> None:
        """Move an entry, and let everybody accept it."""
        event = self._find(key)
        if event is not None and not event.cancelled:
            later = timedelta(hours=hours)
            self._change(event, start=event.start + later, end=event.end + later, **_answered(event, "accepted"))

    def respond(self, key: str, answer: str) -> None:
        """Let the answer to an entry be another: Robin's, or that of Robin's guests."""
        event = self._find(key)
        if event is not None and not event.cancelled:
            self._change(event, **_answered(event, answer))

    def cancel(self, key: str, *, drop: bool) -> None:
        """Call an entry off, or take it out."""
        event = self._find(key)
        if event is None:
            return
        if drop:
            self._replace(event, None)
        else:
            self._change(event, cancelled=True, subject=f"Canceled: {event.subject}", show_as="free")

    def told(self) -> dict[str, int]:
        """Return the keys of all that counts in Robin's calendars, and when each begins, in seconds since 1970."""
        numbers = {one.number: one.id for one in self._all.calendars if one.id != self._calendars[_THEIRS]}
        return {
            meeting_key(numbers[one.calendar], one.id(immutable=True)): int(one.start.timestamp())
            for one in self._every()
            if one.calendar in numbers and not one.cancelled
        }

    def _every(self) -> Iterator[Event]:
        yield from (one for one in self._all.events.values() if one.kind == "singleInstance")
        for several in self._all.series.values():
            yield from several

    def _find(self, key: str) -> Event | None:
        return next((one for one in self._every() if one.serial == self._entries[key]), None)

    def _change(self, event: Event, **fields: Any) -> None:
        if event.master is not None:
            fields["kind"] = "exception"
        self._replace(event, replace(event, version=event.version + 1, **fields))

    def _replace(self, event: Event, new: Event | None) -> None:
        with self._all.lock:
            if event.master is None:
                del self._all.events[event.serial]
                if new is not None:
                    self._all.events[event.serial] = new
                return
            several = self._all.series[event.master]
            place = several.index(event)
            several[place : place + 1] = [] if new is None else [new]


def _answered(event: Event, answer: str) -> dict[str, Any]:
    own = {} if event.response == "organizer" else {"response": answer}
    return {"attendees": tuple((who, kind, answer) for who, kind, _ in event.attendees), **own}
