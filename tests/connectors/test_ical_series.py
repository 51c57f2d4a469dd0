from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ical.rules import OCCURRENCES_KEPT
from tests.connectors.calendars import BERLIN, NOW, calendar, event, read, read_all, starts


def test_a_weekly_meeting_keeps_its_local_time_when_the_clocks_change() -> None:
    meetings = read(calendar(event("DTSTART;TZID=Europe/Berlin:20261018T100000", "RRULE:FREQ=WEEKLY;COUNT=3")))
    assert starts(meetings) == ["2026-10-18 08:00", "2026-10-25 09:00", "2026-11-01 09:00"]
    assert [one.original_start for one in meetings] == [
        "2026-10-18T08:00:00Z", "2026-10-25T09:00:00Z", "2026-11-01T09:00:00Z",
    ]  # fmt: skip


def test_dropped_days_do_not_take_place_and_extra_days_do() -> None:
    meetings = read(
        calendar(
            event(
                "DTSTART:20260105T100000Z",
                "DURATION:PT30M",
                "RRULE:FREQ=DAILY;COUNT=4",
                "EXDATE:20260106T100000Z,20260107T100000Z",
                "RDATE:20260110T150000Z",
            )
        )
    )
    assert starts(meetings) == ["2026-01-05 10:00", "2026-01-08 10:00", "2026-01-10 15:00"]
    assert {one.end - one.start for one in meetings} == {timedelta(minutes=30)}


def test_a_dropped_day_without_time_drops_that_days_occurrence() -> None:
    lines = ("DTSTART:20260105T100000Z", "RRULE:FREQ=DAILY;COUNT=3", "EXDATE;VALUE=DATE:20260106")
    assert starts(read(calendar(event(*lines)))) == ["2026-01-05 10:00", "2026-01-07 10:00"]


def test_a_moved_occurrence_keeps_the_start_that_the_rule_gave_it() -> None:
    series = event("DTSTART;TZID=Europe/Berlin:20260105T100000", "RRULE:FREQ=WEEKLY;COUNT=2", "SUMMARY:Lunch")
    moved = event("RECURRENCE-ID:20260112T090000Z", "DTSTART:20260113T110000Z", "SUMMARY:Late lunch")
    meetings = read(calendar(moved, series))
    assert [(one.original_start, one.title) for one in meetings] == [
        ("2026-01-05T09:00:00Z", "Lunch"), ("2026-01-12T09:00:00Z", "Late lunch"),
    ]  # fmt: skip
    assert starts(meetings) == ["2026-01-05 09:00", "2026-01-13 11:00"]


def test_a_cancelled_occurrence_is_told_as_cancelled() -> None:
    series = event("DTSTART:20260105T100000Z", "RRULE:FREQ=WEEKLY;COUNT=2")
    cancelled = event("RECURRENCE-ID:20260112T100000Z", "DTSTART:20260112T100000Z", "STATUS:CANCELLED")
    assert [one.cancelled for one in read(calendar(series, cancelled))] == [False, True]


def test_an_invited_instance_alone_has_the_original_start_of_the_organisers_copy() -> None:
    whole = read(calendar(event("DTSTART;TZID=Europe/Berlin:20260105T100000", "RRULE:FREQ=WEEKLY;COUNT=2")))
    alone = read(
        calendar(
            event("RECURRENCE-ID;TZID=Europe/Berlin:20260112T100000", "DTSTART;TZID=Europe/Berlin:20260112T100000")
        )
    )
    assert [(one.uid, one.original_start) for one in alone] == [(whole[1].uid, whole[1].original_start)]


def test_this_and_future_moves_all_that_follow() -> None:
    series = event("DTSTART:20260105T100000Z", "RRULE:FREQ=WEEKLY;COUNT=4")
    later = event("RECURRENCE-ID;RANGE=THISANDFUTURE:20260119T100000Z", "DTSTART:20260119T140000Z", "SUMMARY:New")
    meetings = read(calendar(series, later))
    assert starts(meetings) == ["2026-01-05 10:00", "2026-01-12 10:00", "2026-01-19 14:00", "2026-01-26 14:00"]
    assert [one.original_start[:13] for one in meetings] == [
        "2026-01-05T10", "2026-01-12T10", "2026-01-19T10", "2026-01-26T10",
    ]  # fmt: skip


@pytest.mark.parametrize("until", ["20260107", "20260107T100000", "20260107T235959Z", "20260107T090000Z"])
def test_the_last_day_of_a_rule_is_in_it_however_it_is_written(until: str) -> None:
    lines = ("DTSTART;TZID=Europe/Berlin:20260105T100000", f"RRULE:FREQ=DAILY;UNTIL={until}")
    assert len(read(calendar(event(*lines)))) == 3


def test_floating_and_all_day_series_stay_naive() -> None:
    floating = read(calendar(event("DTSTART:20260105T100000", "RRULE:FREQ=DAILY;UNTIL=20260106T235959Z")))
    days = read(calendar(event("DTSTART;VALUE=DATE:20260105", "RRULE:FREQ=DAILY;COUNT=2")))
    assert [one.original_start for one in floating] == ["2026-01-05T10:00:00", "2026-01-06T10:00:00"]
    assert [one.original_start for one in days] == ["2026-01-05", "2026-01-06"]
    assert all(one.start.tzinfo is None for one in floating + days)
    assert [one.all_day for one in floating + days] == [False, False, True, True]


def test_a_series_is_followed_two_years_ahead_and_back_to_since() -> None:
    lines = ("DTSTART:20100105T100000Z", "RRULE:FREQ=WEEKLY")
    meetings = read(calendar(event(*lines)), since=NOW - timedelta(days=30))
    assert NOW - timedelta(days=31) < meetings[0].start < NOW - timedelta(days=22)
    assert NOW + timedelta(days=722) < meetings[-1].start < NOW + timedelta(days=731)


HOSTILE = [
    "FREQ=SECONDLY", "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=SECONDLY;BYSETPOS=2", "FREQ=SECONDLY;BYHOUR=9",
    "FREQ=MINUTELY;COUNT=1000000000", "FREQ=HOURLY", "FREQ=DAILY;INTERVAL=0", "FREQ=DAILY;BYSETPOS=7",
    "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=9", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=WEEKLY;INTERVAL=99999999999999",
    "FREQ=DAILY;BYHOUR=" + ",".join(map(str, range(24))) + ";BYMINUTE=" + ",".join(map(str, range(60))),
    "FREQ=DAILY;INTERVAL=7;BYDAY=TU", "FREQ=NEVER", "", "BYDAY=MO", "FREQ=DAILY;BYDAY=" + "MO," * 3000,
    "FREQ=DAILY;UNTIL=x", "FREQ=DAILY;COUNT=-5", "FREQ=DAILY;COUNT=3;UNTIL=20260101T000000Z", "FREQ=WEEKLY;BYDAY=99MO",
]  # fmt: skip


@pytest.mark.parametrize("rule", HOSTILE)
@pytest.mark.parametrize("start", ["DTSTART:19700105T100000Z", "DTSTART;TZID=Our own zone:20200105T100000"])
def test_a_hostile_rule_ends_soon_with_few_occurrences(rule: str, start: str) -> None:
    meetings, _ = read_all([calendar(BERLIN, event(start, f"RRULE:{rule}"))])
    assert 1 <= len(meetings) <= OCCURRENCES_KEPT


def test_of_too_many_occurrences_the_newest_are_kept_and_the_user_is_told() -> None:
    meetings, problems = read_all([calendar(event("DTSTART:20000101T100000Z", "RRULE:FREQ=HOURLY"))])
    assert len(meetings) == OCCURRENCES_KEPT
    assert NOW + timedelta(days=729) < meetings[-1].start
    assert problems == ["file 0: a recurring event repeats too often; at most its newest 5000 are read"]


def test_an_hourly_rule_of_many_years_is_followed_in_step() -> None:
    lines = ("DTSTART;TZID=Europe/Berlin:20100101T003000", "RRULE:FREQ=HOURLY;INTERVAL=7;BYDAY=MO")
    meetings = read(calendar(event(*lines)), since=NOW - timedelta(days=20), now=NOW)
    first = datetime(2010, 1, 1, 0, 30)
    local = [one.start.astimezone(ZoneInfo("Europe/Berlin")).replace(tzinfo=None) for one in meetings]
    assert len(local) > 300
    assert {(at - first) % timedelta(hours=7) for at in local} == {timedelta()}
    assert {at.weekday() for at in local} == {0}


def test_an_unreadable_rule_leaves_the_first_day() -> None:
    meetings, problems = read_all([calendar(event("DTSTART:20260105T100000Z", "RRULE:FREQ=SOMETIMES"))])
    assert starts(meetings) == ["2026-01-05 10:00"]
    assert len(problems) == 1


_rules = st.builds(
    lambda freq, interval, extra, end: f"FREQ={freq};INTERVAL={interval}{extra}{end}",
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 5),
    st.sampled_from(["", ";BYDAY=MO,WE", ";BYMONTH=3,10", ";BYHOUR=9,17", ";BYDAY=FR;WKST=SU"]),
    st.sampled_from(["", ";COUNT=7", ";UNTIL=20270301T000000Z"]),
)


@settings(max_examples=60, deadline=None)
@given(
    _rules,
    st.datetimes(datetime(2023, 1, 1), datetime(2026, 6, 1)).map(lambda at: at.replace(microsecond=0)),
    st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"]),
    st.sampled_from([None, NOW - timedelta(days=60)]),
)
def test_expansion_equals_a_rule_followed_from_its_start(
    rule: str, start: datetime, zone: str, since: datetime | None
) -> None:
    aware = start.replace(tzinfo=ZoneInfo(zone))
    expected = {aware.astimezone(UTC)}  # RFC 5545: DTSTART is the first instance
    for occurrence in rrulestr(rule, dtstart=aware):
        if occurrence >= NOW + timedelta(days=730):
            break
        expected.add(occurrence.astimezone(UTC))
    expected = {one for one in expected if since is None or one >= since}
    meetings = read(calendar(event(f"DTSTART;TZID={zone}:{start:%Y%m%dT%H%M%S}", f"RRULE:{rule}")), since=since)
    assert [one.start for one in meetings] == sorted(expected)[-OCCURRENCES_KEPT:]
