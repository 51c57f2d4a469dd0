"""Entries of Google Calendar as meetings, field by field."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.gmail.events import ended_before, read_meeting
from connectors.ical.moments import write_original
from connectors.types import Address, Answer, Attendee, Meeting
from tests.connectors.calendars import BERLIN, calendar, event
from tests.connectors.calendars import read as read_ical

LUNCH: dict[str, Any] = {
    "id": "abc",
    "status": "confirmed",
    "iCalUID": "abc@google.com",
    "summary": "Lunch",
    "start": {"dateTime": "2026-09-01T12:00:00+02:00", "timeZone": "Europe/Berlin"},
    "end": {"dateTime": "2026-09-01T13:30:00+02:00"},
    "organizer": {"email": "robin@example.com", "displayName": "Robin Park", "self": True},
    "creator": {"email": "robin@example.com"},
    "attendees": [
        {"email": "robin@example.com", "responseStatus": "accepted", "self": True, "organizer": True},
        {"email": "anna@example.org", "displayName": "Anna Adler", "responseStatus": "tentative"},
        {"email": "room@resource.calendar.google.com", "responseStatus": "accepted", "resource": True},
    ],
    "sequence": 2,
    "updated": "2026-08-30T09:00:00.123Z",
    "eventType": "default",
}


def meeting(**changes: Any) -> Meeting:
    read = read_meeting("robin@example.com", {key: one for key, one in (LUNCH | changes).items() if one is not None})
    assert read is not None
    return read


def test_a_whole_entry_is_told_as_it_is() -> None:
    assert meeting() == Meeting(
        key="robin@example.com/abc",
        uid="abc@google.com",
        original_start="",
        start=datetime(2026, 9, 1, 10, tzinfo=UTC),
        end=datetime(2026, 9, 1, 11, 30, tzinfo=UTC),
        organizer=Address("robin@example.com", "Robin Park"),
        creator=Address("robin@example.com"),
        attendees=(
            Attendee(Address("robin@example.com"), Answer.ACCEPTED),
            Attendee(Address("anna@example.org", "Anna Adler"), Answer.TENTATIVE),
            Attendee(Address("room@resource.calendar.google.com"), Answer.ACCEPTED, resource=True),
        ),
        title="Lunch",
        sequence=2,
        updated_at=datetime(2026, 8, 30, 9, 0, 0, 123000, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("told", "answer"),
    [
        ("accepted", Answer.ACCEPTED),
        ("declined", Answer.DECLINED),
        ("tentative", Answer.TENTATIVE),
        ("needsAction", Answer.NONE),
        ("something new", Answer.NONE),
        (None, Answer.NONE),
        (7, Answer.NONE),
    ],
)
def test_answers_are_those_of_icalendar(told: object, answer: Answer) -> None:
    (anna,) = meeting(attendees=[{"email": "anna@example.org", "responseStatus": told}]).attendees
    assert anna.answer is answer


@pytest.mark.parametrize(
    ("kind", "ordinary"),
    [
        ("default", True),
        ("fromGmail", True),
        ("birthday", False),
        ("focusTime", False),
        ("outOfOffice", False),
        ("workingLocation", False),
        ("something new", False),
        (None, True),
    ],
)
def test_only_ordinary_kinds_are_ordinary(kind: str | None, *, ordinary: bool) -> None:
    assert meeting(eventType=kind).ordinary is ordinary


def test_of_all_kinds_out_of_office_alone_says_that_they_are_away_all_day_or_not() -> None:
    days: dict[str, Any] = {"start": {"date": "2026-09-01"}, "end": {"date": "2026-09-08"}}
    kinds = ("default", "fromGmail", "birthday", "focusTime", "outOfOffice", "workingLocation", "outofoffice", None, 7)
    assert [kind for kind in kinds if meeting(eventType=kind).away] == ["outOfOffice"]
    assert [kind for kind in kinds if meeting(eventType=kind, **days).away] == ["outOfOffice"]


def test_a_day_is_all_day_and_floats() -> None:
    told = meeting(start={"date": "2026-09-01"}, end={"date": "2026-09-02"})
    assert (told.all_day, told.start, told.end) == (True, datetime(2026, 9, 1), datetime(2026, 9, 2))


def test_a_withheld_list_of_attendees_is_unknown() -> None:
    assert meeting().attendees_known
    assert not meeting(attendeesOmitted=True).attendees_known
    assert meeting(attendees=None).attendees == ()


def test_a_cancelled_entry_with_data_is_a_cancelled_meeting_and_without_is_none() -> None:
    assert meeting(status="cancelled").cancelled
    assert read_meeting("robin@example.com", {"id": "abc", "status": "cancelled"}) is None


def test_an_occurrence_has_the_original_start_that_other_calendars_give_it() -> None:
    told = meeting(
        id="abc_20260901T100000Z",
        recurringEventId="abc",
        originalStartTime={"dateTime": "2026-09-01T12:00:00+02:00", "timeZone": "Europe/Berlin"},
        start={"dateTime": "2026-09-02T09:00:00+02:00"},
        end={"dateTime": "2026-09-02T10:00:00+02:00"},
    )
    theirs = read_ical(
        calendar(
            event("DTSTART;TZID=Europe/Berlin:20260901T120000", "DTEND;TZID=Europe/Berlin:20260901T133000",
                  "RRULE:FREQ=DAILY;COUNT=2", "SUMMARY:Lunch", uid="abc@google.com")
        )
    )  # fmt: skip
    assert told.original_start == theirs[0].original_start == "2026-09-01T10:00:00Z"
    assert told.uid == theirs[0].uid


def test_the_original_start_of_a_day_is_a_day() -> None:
    told = meeting(originalStartTime={"date": "2026-09-01"}, start={"date": "2026-09-03"}, end={"date": "2026-09-04"})
    assert told.original_start == write_original(datetime(2026, 9, 1).date()) == "2026-09-01"


def test_hostile_text_is_cleaned() -> None:
    told = meeting(
        summary="Lunch\r\nBcc: eve@example.net\x1b[31m\u202e" + "x" * 5000,
        organizer={"email": "eve@example.net\r\nBcc: x@example.net", "displayName": "Eve\x07\u200b"},
        attendees=[{"email": "no address"}, {"email": "ok@example.org", "displayName": "O\nK"}, "nonsense", None],
    )
    assert told.title.startswith("Lunch Bcc: eve@example.net[31m")
    assert len(told.title) <= 300
    assert told.organizer is None
    assert told.attendees == (Attendee(Address("ok@example.org", "O K")),)


@pytest.mark.parametrize(
    "changes",
    [
        {"start": None},
        {"end": None},
        {"start": {}},
        {"start": {"dateTime": "yesterday"}},
        {"start": {"date": "2026-13-01"}},
        {"start": {"date": "2026-09-01"}},
        {"id": None},
        {"start": {"dateTime": "9999-12-31T23:59:59-12:00"}},
    ],
)
def test_an_entry_without_possible_times_is_told_as_none(changes: dict[str, Any]) -> None:
    with pytest.raises((ValueError, OverflowError)):
        meeting(**changes)


def test_an_end_before_the_start_is_the_start() -> None:
    told = meeting(end={"dateTime": "2026-09-01T11:00:00+02:00"})
    assert told.end == told.start
    assert meeting(endTimeUnspecified=True).end == told.start


def test_of_a_groups_calendar_the_creator_is_told_too() -> None:
    told = meeting(organizer={"email": "c1@group.calendar.google.com"}, creator={"email": "anna@example.org"})
    assert told.organizer == Address("c1@group.calendar.google.com")
    assert told.creator == Address("anna@example.org")


@pytest.mark.parametrize(
    ("original", "lines"),
    [
        ({"dateTime": "2026-09-08T10:00:00+02:00"}, ["DTSTART:20260901T080000Z", "DTEND:20260901T090000Z"]),
        ({"dateTime": "2026-10-27T10:00:00+01:00", "timeZone": "Europe/Berlin"},
         ["DTSTART;TZID=Our own zone:20260901T100000", "DTEND;TZID=Our own zone:20260901T110000"]),
        ({"date": "2026-09-15"}, ["DTSTART;VALUE=DATE:20260901", "DTEND;VALUE=DATE:20260902"]),
    ],
    ids=["UTC", "a zone, in winter", "whole days"],
)  # fmt: skip
def test_an_occurrence_is_named_as_the_same_one_in_an_icalendar_file_is(original: Any, lines: list[str]) -> None:
    """Or the same meeting in two accounts would count twice."""
    told = meeting(originalStartTime=original, recurringEventId="e")
    series = event(*lines, "RRULE:FREQ=WEEKLY;COUNT=20", uid="u1@example.com")
    found = {one.original_start for one in read_ical(calendar(BERLIN, series))}
    assert len(found) == 20
    assert told.original_start in found


def test_an_occurrence_that_was_moved_keeps_its_name() -> None:
    moved = meeting(originalStartTime={"dateTime": "2026-09-08T10:00:00+02:00"})
    assert (moved.original_start, moved.start.day) == ("2026-09-08T08:00:00Z", 1)


def test_thousands_of_attendees_take_no_time_to_speak_of() -> None:
    assert len(meeting(attendees=[{"email": f"p{one}@example.net"} for one in range(50_000)]).attendees) <= 1000


def test_what_ended_before_is_told_by_the_end_and_generously_for_days() -> None:
    since = meeting().end
    assert not ended_before(meeting(), since)
    assert ended_before(meeting(), since + timedelta(seconds=1))
    day = meeting(start={"date": "2026-08-31"}, end={"date": "2026-09-01"})
    assert not ended_before(day, since)
    assert ended_before(day, since + timedelta(days=1))
    assert not ended_before(meeting(), None)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.sampled_from(["2026-09-01", "a@example.org"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["email", "date", "dateTime", "x"]), inner)
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from([*LUNCH, "originalStartTime", "attendeesOmitted", "endTimeUnspecified"]), JSON))
def test_whatever_stands_in_an_entry_only_times_can_make_it_unreadable(changes: dict[str, Any]) -> None:
    try:
        told = read_meeting("c@example.com", LUNCH | changes)
    except (ValueError, OverflowError):
        return
    if told is not None:
        assert told.key.startswith("c@example.com/")
        assert all(one.address.email.count("@") == 1 for one in told.attendees)
