"""The occurrences of one UID: its rule, its extra and dropped days, and the instances that were moved or changed.

recurring-ical-events decides what takes place when; this module hands it entries whose moments are comparable and rules
that end (``rules``), and says of each occurrence which moment the rule had given it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Final

from icalendar import Event, vDDDLists, vDDDTypes, vRecur
from recurring_ical_events import EventAdapter, Occurrence, Series

from connectors.ical.entry import Entry
from connectors.ical.moments import Moment, fit
from connectors.ical.rules import OCCURRENCES_KEPT, Rules

_RULE_LENGTH: Final = 4000
_CHANGES_KEPT: Final = 5000
_SPLITS_KEPT: Final = 100


@dataclass(frozen=True, slots=True)
class Slot:
    """One occurrence: `original` is the moment the rule gave it; `entry` says the rest."""

    original: Moment
    start: Moment
    end: Moment
    entry: Entry


@dataclass(frozen=True, slots=True)
class Expansion:
    """The occurrences by start.

    `cut` says that there are more, the oldest of which are left out; `exhausted` that the search was given up.
    """

    slots: tuple[Slot, ...]
    cut: bool
    exhausted: bool = False


def expand(master: Entry, changed: Sequence[Entry], since: datetime | None, until: datetime) -> Expansion:
    """Return the occurrences of `master`, `changed` being its instances that differ, between the two instants.

    Raises:
        ValueError: its rule cannot be read.
    """
    changed = sorted(changed, key=lambda entry: (entry.sequence, entry.updated_at or datetime.min.replace(tzinfo=UTC)))
    changed = changed[-_CHANGES_KEPT:]
    onwards = [entry for entry in changed if entry.onwards][-_SPLITS_KEPT:]
    adapters = [_Adapter(master, master.start)]
    adapters += [_Adapter(entry, master.start, onwards=any(entry is one for one in onwards)) for entry in changed]
    low = fit(since, master.start) if since is not None else _early(master, changed)
    try:
        series = _Series(adapters)
        slots = [_slot(occurrence) for occurrence in series.between(_timed(low), _timed(fit(until, master.start)))]
    except Exception as err:
        raise ValueError(f"its rule cannot be read ({type(err).__name__})") from err
    slots.sort(key=lambda slot: order(slot.start))
    exhausted = any(rules.exhausted for rules in series.told)
    cut = len(slots) > OCCURRENCES_KEPT or exhausted or any(rules.cut for rules in series.told)
    return Expansion(tuple(slots[-OCCURRENCES_KEPT:]), cut, exhausted)


def _early(master: Entry, changed: Sequence[Entry]) -> Moment:
    """Return a moment before all that the series may hold."""
    days = [_timed(fit(moment, master.start)) for moment in (master.start, *master.extra)]
    days += [_timed(fit(entry.start, master.start)) for entry in changed]
    return min(days) - timedelta(days=1)


def order(moment: Moment) -> datetime:
    """Return what sorts moments of any kind; floating ones as if in UTC."""
    timed = _timed(moment)
    return timed.replace(tzinfo=UTC) if timed.tzinfo is None else timed


def _timed(moment: Moment) -> datetime:
    return moment if isinstance(moment, datetime) else datetime.combine(moment, time())


def _event(entry: Entry, like: Moment, *, onwards: bool) -> Event:
    """Return the times of `entry` as icalendar has them, made comparable with `like`."""
    event = Event()
    event["UID"] = entry.uid
    event["DTSTART"] = vDDDTypes(fit(entry.start, like))
    event["DTEND"] = vDDDTypes(fit(entry.end, like))
    event["SEQUENCE"] = entry.sequence
    if entry.instance is not None:
        event["RECURRENCE-ID"] = vDDDTypes(fit(entry.instance, like))
        if onwards:
            event["RECURRENCE-ID"].params["RANGE"] = "THISANDFUTURE"
        return event
    if entry.rules:
        event["RRULE"] = [_rule(rule, like) for rule in entry.rules]
    if entry.extra:
        event["RDATE"] = vDDDLists([fit(moment, like) for moment in entry.extra])
    if entry.dropped:
        # a day without time drops all of that day, so it must stay one
        event["EXDATE"] = vDDDLists([fit(m, like) if isinstance(m, datetime) else m for m in entry.dropped])
    return event


def _rule(text: str, start: Moment) -> vRecur:
    """Return an RRULE whose UNTIL fits `start` (calendars mix days, local times and UTC) and which moves on."""
    if len(text) > _RULE_LENGTH:
        raise ValueError("it is too long")
    rule: vRecur = vRecur.from_ical(text.upper())
    if not rule.get("FREQ"):
        raise ValueError("it has no FREQ")
    if min(rule.get("INTERVAL") or [1]) < 1:
        rule["INTERVAL"] = [1]
    if rule.get("UNTIL"):
        rule.pop("COUNT", None)
        rule["UNTIL"] = [_last(rule["UNTIL"][0], start)]
    return rule


def _last(until: Moment, start: Moment) -> Moment:
    if isinstance(start, datetime) and not isinstance(until, datetime):
        until = datetime.combine(until, time(23, 59, 59), start.tzinfo)  # the day it names is the last
    until = fit(until, start)
    return until.astimezone(UTC) if isinstance(until, datetime) and until.tzinfo is not None else until


def _slot(occurrence: "_Occurrence") -> Slot:
    adapter = occurrence.adapter
    entry = adapter.entry
    if entry.instance is not None and not adapter.this_and_future:
        return Slot(adapter.original, entry.start, entry.end, entry)
    return Slot(occurrence.start - adapter.move_recurrences_by, occurrence.start, occurrence.end, entry)


class _Adapter(EventAdapter):  # type: ignore[misc]  # the library has no types
    def __init__(self, entry: Entry, like: Moment, *, onwards: bool = False) -> None:
        super().__init__(_event(entry, like, onwards=onwards))
        self.entry = entry
        self.original = fit(entry.instance or entry.start, like)


class _Occurrence(Occurrence):  # type: ignore[misc]  # the library has no types
    adapter: _Adapter

    def __init__(self, adapter: _Adapter, start: Moment | None = None, end: Moment | None = None) -> None:
        super().__init__(adapter, start, end)
        self.adapter = adapter


class _Series(Series):  # type: ignore[misc]  # the library has no types
    RecurrenceRules = Rules

    def occurrence(self, adapter: _Adapter, start: Moment | None = None, end: Moment | None = None) -> _Occurrence:
        """Return an occurrence that knows its entry."""
        return _Occurrence(adapter, start, end)

    @property
    def told(self) -> list[Rules]:
        """The rules there are, to ask whether they were cut."""
        return [self.recurrence] if isinstance(self.recurrence, Rules) else []
