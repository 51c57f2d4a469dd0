"""The occurrences of one UID: its rule, its extra and dropped days, and the instances that were moved or changed.

recurring-ical-events decides what takes place when; this module hands it entries whose moments are comparable and rules
that end, and says of each occurrence which moment the rule had given it. Hostile rules cost bounded time and memory:
`OCCURRENCES_KEPT` occurrences a UID, and as many steps of a rule as four centuries of days have.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import islice
from typing import Any, Final

from dateutil.rrule import DAILY, HOURLY, MINUTELY, SECONDLY, WEEKLY, rrule  # type: ignore[import-untyped]
from icalendar import Event, vDDDLists, vDDDTypes, vRecur
from recurring_ical_events import EventAdapter, Occurrence, Series

from connectors.ical.entry import Entry
from connectors.ical.moments import Moment, fit

OCCURRENCES_KEPT: Final = 5000
_STEPS: Final = 20_000
_YIELDS: Final = 50_000
_RULE_LENGTH: Final = 4000
_CHANGES_KEPT: Final = 5000
_SPLITS_KEPT: Final = 100
_PERIODS: Final = {
    WEEKLY: timedelta(weeks=1),
    DAILY: timedelta(days=1),
    HOURLY: timedelta(hours=1),
    MINUTELY: timedelta(minutes=1),
    SECONDLY: timedelta(seconds=1),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """One occurrence: `original` is the moment the rule gave it; `entry` says the rest."""

    original: Moment
    start: Moment
    end: Moment
    entry: Entry


@dataclass(frozen=True, slots=True)
class Expansion:
    """The occurrences by start; `cut` says that there are more, the oldest of which are left out."""

    slots: tuple[Slot, ...]
    cut: bool


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
    cut = len(slots) > OCCURRENCES_KEPT or any(rules.cut for rules in series.told)
    return Expansion(tuple(slots[-OCCURRENCES_KEPT:]), cut)


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


class _Stride(int):
    """The interval of a rule, which counts how often it is used.

    dateutil adds the interval once for each step of its search, and has no other bound than the year 9999: a rule that
    never fits (the 30th of February, each second) would keep it busy for hours. After `_STEPS` uses the stride leaps
    beyond that year, where dateutil ends by itself.
    """

    spent: int = 0
    _leap: Final = 10**12  # in seconds still 30,000 years

    def _use(self) -> int:
        self.spent += 1
        return int(self) if self.spent <= _STEPS else self._leap

    def __radd__(self, other: int) -> int:
        return other + self._use()

    def __add__(self, other: int) -> int:
        return other + self._use()

    def __mul__(self, other: int) -> int:
        return other * self._use()


class _Rules(Series.RecurrenceRules):  # type: ignore[misc]  # the library has no types
    """The rules of a series, searched lazily and within bounds."""

    def __init__(self, core: _Adapter) -> None:
        self.cut = False
        self.strides: list[_Stride] = []
        super().__init__(core)

    def rrulestr(self, rule_string: str) -> rrule:
        """Return the library's rule with a stride, and without the cache that would hold all of its days."""
        rule = super().rrulestr(rule_string)
        stride = _Stride(rule._interval)  # noqa: SLF001 - dateutil tells it nowhere else
        self.strides.append(stride)
        bounded = rule.replace(interval=stride, cache=False)
        bounded.string, bounded.until = rule.string, rule.until
        return bounded

    def rrule_between(self, span_start: datetime, span_stop: datetime) -> Iterator[Moment]:
        """Yield the newest starts of each rule in the span."""
        for rule in self.rules_from(span_start, span_stop):
            newest: deque[datetime] = deque(maxlen=OCCURRENCES_KEPT)
            seen = 0
            for start in islice(rule.xafter(span_start, inc=True), _YIELDS):
                if start > span_stop:
                    break
                seen += 1
                newest.append(start)
            self.cut = self.cut or seen > OCCURRENCES_KEPT
            yield from newest
        self.cut = self.cut or any(stride.spent > _STEPS for stride in self.strides)

    def rules_from(self, span_start: datetime, span_stop: datetime) -> Iterator[Any]:
        """Yield the rules, those that repeat evenly begun late enough to end within `_STEPS`."""
        for rule in self.rrules:
            period = _PERIODS.get(getattr(rule, "_freq", None))
            if period is None or rule._count is not None:  # noqa: SLF001 - as above
                yield rule
                continue
            stride = _Stride(rule._interval)  # noqa: SLF001 - as above
            self.strides.append(stride)
            yield rule.replace(dtstart=_begun(rule, period, span_start, span_stop), interval=stride)


def _begun(rule: rrule, period: timedelta, span_start: datetime, span_stop: datetime) -> datetime:
    """Return a start of `rule` shortly before what is asked for, from which it gives the same moments."""
    first: datetime = rule._dtstart  # noqa: SLF001 - as above
    end = min(span_stop, rule._until or span_stop)  # noqa: SLF001 - as above
    times = len(rule._timeset or ()) or 1  # noqa: SLF001 - as above; how often a day
    turn = period * int(rule._interval)  # noqa: SLF001 - as above
    low = max(span_start, end - turn * max(1, _STEPS * 9 // (10 * times)), first)
    # whole turns, so that the phase stays; two more, for weeks begun midway and clocks that change
    low = low if first.tzinfo is None else low.astimezone(first.tzinfo)
    turns = (low.replace(tzinfo=None) - first.replace(tzinfo=None)) // turn - 2
    return first + turn * max(0, turns)


class _Series(Series):  # type: ignore[misc]  # the library has no types
    RecurrenceRules = _Rules

    def occurrence(self, adapter: _Adapter, start: Moment | None = None, end: Moment | None = None) -> _Occurrence:
        """Return an occurrence that knows its entry."""
        return _Occurrence(adapter, start, end)

    @property
    def told(self) -> list[_Rules]:
        """The rules there are, to ask whether they were cut."""
        return [self.recurrence] if isinstance(self.recurrence, _Rules) else []
