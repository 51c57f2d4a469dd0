"""Meetings that recur, with days left out, moved, cancelled and answered differently."""

from datetime import datetime, timedelta

from tests.quality.agenda import invite, organiser, utc_stamp, zoned
from tests.quality.kinds.meetings import NO, YES
from tests.quality.truth import DAY, NOW, ZONE
from tests.quality.world import ME, Address, World

_HERE = "Europe/Amsterdam"


def _weekly(w: World, oldest: float) -> int:
    """Return the start of a series: half past nine in the evening by the user's clock, some time ago."""
    day = datetime.fromtimestamp(w.past(oldest - 300, oldest), ZONE).date()
    return _at(datetime(day.year, day.month, day.day, 21, 30), 0)


def _at(first: datetime, weeks: int) -> int:
    """Return the same time of the day by the user's clock, so many weeks later."""
    return int((first.replace(tzinfo=None) + timedelta(weeks=weeks)).replace(tzinfo=ZONE).timestamp())


def _people(one: Address, w: World, answer: str = YES) -> list[str]:
    return [
        organiser(*ME["home"]),
        invite(*ME["home"], YES),
        invite(one.usual.text, w.spell(one), answer),
    ]


def weekly(w: World) -> None:
    """Every week through summer and winter time: each occurrence counts; some are left out, called off or moved."""
    one = w.friend()
    first = datetime.fromtimestamp(_weekly(w, 1500), ZONE)
    count = w.dice.randrange(6, 40)
    starts = {week: _at(first, week) for week in range(count)}
    uid = w.agenda.uid()
    dropped, moved, cancelled, declined = 1, 2, 3, 4
    lines = [f"RRULE:FREQ=WEEKLY;COUNT={count}", f"EXDATE{zoned(_HERE, starts[dropped])}", *_people(one, w)]
    start = starts[0]
    one.owner.given |= one.usual.greets
    w.agenda.put("home", uid, zoned(_HERE, start), zoned(_HERE, start + 3600), ["SUMMARY:Weekly", *lines])
    new = starts[moved] + 2 * DAY + 1800
    _change(w, uid, starts[moved], new, _people(one, w), f":{utc_stamp(starts[moved])}")
    _change(w, uid, starts[cancelled], starts[cancelled], ["STATUS:CANCELLED", *_people(one, w)])
    _change(w, uid, starts[declined], starts[declined], _people(one, w, NO))
    starts[moved] = new
    for week in (dropped, cancelled, declined):
        del starts[week]
    for start in starts.values():
        one.owner.met(start + 3600)


def _change(w: World, uid: str, original: int, start: int, lines: list[str], day: str = "") -> None:
    told = [f"RECURRENCE-ID{day or zoned(_HERE, original)}", "SUMMARY:Weekly", "SEQUENCE:1", *lines]
    w.agenda.put("home", uid, zoned(_HERE, start), zoned(_HERE, start + 3600), told)


def endless(w: World) -> None:
    """A series without an end: what is over counts, the next one is ahead."""
    one = w.newcomer("endless series")
    start = _weekly(w, 400)
    first = datetime.fromtimestamp(start, ZONE)
    times = (zoned(_HERE, start), zoned(_HERE, start + 3600))
    w.meet(start, [(one, YES)], times=times, lines=["RRULE:FREQ=WEEKLY;INTERVAL=2"])
    week = 0
    while (start := _at(first, week)) + 3600 <= NOW:
        one.owner.met(start + 3600)
        week += 2
    one.owner.ahead.append(start)


def called_off(w: World) -> None:
    """A series that was cancelled as a whole."""
    one = w.friend()
    start = _weekly(w, 900)
    w.meet(start, [(one, YES)], lines=["RRULE:FREQ=DAILY;COUNT=5", "STATUS:CANCELLED"])


def until(w: World) -> None:
    """A monthly series that ends on a day."""
    one = w.newcomer("monthly")
    first = datetime(2025, w.dice.randrange(1, 5), w.dice.randrange(1, 28), 12, tzinfo=ZONE)
    months = [first.replace(month=first.month + number) for number in range(5)]
    start, last = int(first.timestamp()), int(months[-1].timestamp())
    w.meet(
        start, [(one, YES)], times=(zoned(_HERE, start), zoned(_HERE, start + 1800)),
        lines=[f"RRULE:FREQ=MONTHLY;UNTIL={utc_stamp(last + 60)}"],
    )  # fmt: skip
    for each in months:
        one.owner.met(int(each.timestamp()) + 1800)
