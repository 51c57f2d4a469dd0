"""The rule of a series (RRULE), searched lazily and within bounds.

dateutil gives the moments; this module sees to it that any rule ends, in bounded time and memory, with the newest of
its moments. Must not know entries.
"""

from collections import deque
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from dateutil.rrule import DAILY, HOURLY, MINUTELY, SECONDLY, WEEKLY, rrule  # type: ignore[import-untyped]
from recurring_ical_events import ComponentAdapter, Series

OCCURRENCES_KEPT: Final = 5000
"""How many occurrences of one entry are told, the newest."""
_STEPS: Final = 20_000
_YIELDS: Final = 50_000
_PERIODS: Final = {
    WEEKLY: timedelta(weeks=1),
    DAILY: timedelta(days=1),
    HOURLY: timedelta(hours=1),
    MINUTELY: timedelta(minutes=1),
    SECONDLY: timedelta(seconds=1),
}


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


class Rules(Series.RecurrenceRules):  # type: ignore[misc]  # the library has no types
    """The rules of a series, searched lazily and within bounds."""

    def __init__(self, core: ComponentAdapter) -> None:
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

    def rrule_between(self, span_start: datetime, span_stop: datetime) -> Iterator[datetime]:
        """Yield the newest starts of each rule in the span."""
        for rule in self.rules_from(span_start, span_stop):
            newest: deque[datetime] = deque(maxlen=OCCURRENCES_KEPT + 1)  # the last may be the end itself
            seen = 0
            for start in islice(rule.xafter(span_start, inc=True), _YIELDS):
                if start > span_stop:
                    break
                seen += 1
                newest.append(start)
            self.cut = self.cut or seen > OCCURRENCES_KEPT
            yield from newest

    @property
    def exhausted(self) -> bool:
        """Whether a rule was searched in vain until its stride was spent."""
        return any(stride.spent > _STEPS for stride in self.strides)

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
