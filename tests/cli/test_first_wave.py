"""The first weeks with a full mailbox: half of everybody is due at once, and no heap of drafts comes of it.

Rules, The budget: at most two a day, on `days`, in `hours`; in a month ceil(goal k / K), k and K from the day after the
first sync; never more than `open` unsent. Days and hours are reckoned here anew, and all is seen in the Drafts folder.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.cli.archive import Home

_PEOPLE = 120
_READ_AT = datetime(2026, 10, 14, 8, tzinfo=UTC)  # a Wednesday: twelve working days of October are left
_DAYS = 40
_HOURS = ((9,), (4, 13), (9, 15), (20,), (7, 16))
"""When rounds are made, in UTC, day by day in turn: some at night, and two rounds on most days."""
_OFF = {date(2026, 10, day) for day in range(19, 23)}
"""The machine is off from Monday to Thursday; what was not written then is not made up for at once."""
_ZONE = ZoneInfo("Europe/Amsterdam")
_GOAL, _OPEN = 8, 5  # what a config without [rhythm] has
_NOTHING_SENT_FROM = date(2026, 11, 1)


def _fill(home: Home) -> None:
    """Lay letters of people whom nobody listed: every other one has long been silent, the rest are not due for long."""
    for number in range(_PEOPLE):
        silent = 330 + number if number % 2 else 60 + number / 4
        name = f"{'ABCDEFGHIJKL'[number % 12]}lma{'ABCDEFGHIJ'[number // 12]}nna Lima"
        home.friend(f"{name.title()} <p{number}@example.org>", silent=silent, rhythm=40 + number % 30)


def _is_working(day: date) -> bool:
    return day.weekday() < 5


def _allowed(day: date) -> int:
    """Return how many drafts of this month there may be by `day`."""
    month = [day.replace(day=number) for number in range(1, monthrange(day.year, day.month)[1] + 1)]
    working = [one for one in month if _is_working(one) and one > _READ_AT.date()]
    return -(-_GOAL * sum(one <= day for one in working) // len(working))


def test_after_a_first_sync_of_many_who_are_due_drafts_come_few_at_a_time(home: Home) -> None:
    _fill(home)
    home.run("once", now=_READ_AT)
    assert len(home.due(_READ_AT)) == _PEOPLE // 2
    assert home.lying() == [], "none on the day of the first sync"
    written: dict[str, date] = {}
    to: list[str] = []
    most_unsent = 0
    for number in range(1, _DAYS + 1):
        day = _READ_AT + timedelta(days=number)
        if day.date() in _OFF:
            continue
        for hour in _HOURS[number % len(_HOURS)]:
            now = day.replace(hour=hour)
            local = now.astimezone(_ZONE)
            today = local.date()
            home.run("once", now=now)
            lying = home.lying()
            new = [draft for draft in lying if draft.key not in written]
            open_for_drafts = _is_working(today) and time(8) <= local.time() < time(18)
            assert open_for_drafts or not new, f"written on {local:%A %H:%M}"
            written |= dict.fromkeys((draft.key for draft in new), today)
            to += [draft.to for draft in new]
            assert list(written.values()).count(today) <= 2, today
            this_month = sum((day.year, day.month) == (today.year, today.month) for day in written.values())
            assert this_month <= _allowed(today), today
            assert len(lying) <= _OPEN, today
            most_unsent = max(most_unsent, len(lying))
        if today.weekday() in {1, 4} and today < _NOTHING_SENT_FROM:
            for draft in home.lying():
                home.send(draft, now + timedelta(hours=1))
    assert len(set(to)) == len(to), "nobody gets two"
    by_month = [sum(day.month == month for day in written.values()) for month in (10, 11)]
    assert by_month == [_GOAL, _OPEN], "all that may be written is: October's goal, then until nothing is sent any more"
    assert most_unsent == _OPEN
    assert list(written.values()).count(date(2026, 10, 23)) == 2, "five might be there by then, and two are"
