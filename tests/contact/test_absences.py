"""The days on which the user was away: told by the calendar, or concluded from mail that was not written."""

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from connectors.types import Answer, Mail, Mark, Meeting
from tests.facts import ME, NOW, meeting, sent, world_of

TODAY = NOW.date()
FRIENDS = [f"{name}@example.org" for name in ("ana", "ben", "cleo", "dan", "eva", "finn")]


def ago(day: int) -> date:
    return TODAY - timedelta(days=day)


def away(*facts: Mail | Meeting) -> list[date]:
    return [date.fromordinal(day) for day in world_of(*facts).away]


def habit(silent: Collection[int], friends: Collection[str] = FRIENDS, days: int = 300) -> list[Mail]:
    """Return mails to one friend after the other on each weekday, but for those `silent` days ago."""
    names = list(friends)
    return [
        sent(names[day % len(names)], days=day) for day in range(days) if ago(day).weekday() < 5 and day not in silent
    ]


def out_of_office(first: int, last: int, **more: Any) -> Meeting:
    """Return an all-day entry that says I am out of office from `first` to `last` days ago, both included."""
    start, end = (datetime.combine(ago(day), datetime.min.time()) for day in (first, last - 1))
    return meeting(None, start=start, end=end, all_day=True, ordinary=False, away=True, **more)


def test_an_out_of_office_entry_of_mine_tells_the_days() -> None:
    assert away(out_of_office(30, 28)) == [ago(30), ago(29), ago(28)]
    assert away(out_of_office(-10, -12)) == [ago(-10), ago(-11), ago(-12)]  # one that is ahead too


def test_what_is_cancelled_of_others_or_short_tells_nothing() -> None:
    assert away(out_of_office(30, 28, cancelled=True)) == []
    assert away(meeting("Ana <ana@example.org>", {ME: Answer.ACCEPTED}, ordinary=False, away=True)) == []
    assert away(meeting(ME, days=30, ordinary=False, away=True)) == []  # an hour at the dentist


def test_a_night_or_every_day_is_no_absence() -> None:
    """Some calendars say "out of office" of each evening, or for ever."""
    nights = [
        meeting(None, start=at, end=at + timedelta(hours=16), ordinary=False, away=True)
        for day in range(1, 20)
        for at in [datetime.combine(ago(day), time(16), UTC)]
    ]
    assert away(*nights) == []
    assert away(*[out_of_office(day, day) for day in range(-100, 100)]) == []


def test_a_day_on_which_i_wrote_is_none() -> None:
    assert away(out_of_office(30, 28), sent("ana@example.org", days=29)) == [ago(30), ago(28)]


def test_two_weeks_without_a_mail_of_somebody_who_writes_every_day_are_an_absence() -> None:
    days = away(*habit(range(40, 54)))
    assert days[0] <= ago(53)
    assert days[-1] >= ago(40)
    assert len(days) <= 14 + 4  # and the weekends around


def test_mail_of_machines_in_my_name_does_not_end_an_absence() -> None:
    replies = [sent("ana@example.org", days=day, marks=int(Mark.AUTOREPLY)) for day in range(40, 54)]
    assert len(away(*habit(range(40, 54)), *replies)) >= 14


def test_a_long_weekend_is_none() -> None:
    assert away(*habit(range(40, 43))) == []


def test_one_silent_friend_is_no_absence_of_mine() -> None:
    assert away(*habit(range(40, 54), friends=["ana@example.org"])) == []


def test_who_writes_seldom_is_not_away_between_mails() -> None:
    assert away(*[sent(FRIENDS[number % 6], days=9 * number) for number in range(60)]) == []


def test_a_silence_that_still_lasts_may_be_an_archive_that_nobody_keeps() -> None:
    assert away(*habit(range(30))) == []


def test_mail_that_is_missing_for_a_year_is_no_holiday() -> None:
    assert away(*habit(range(40, 400), days=600)) == []
