"""One entry of a calendar, as Graph tells it, into the facts of one meeting."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.files.calendar import CalendarSource
from connectors.gmail import events as google
from connectors.outlook.events import is_over, read_meeting, split_uid
from connectors.types import Answer, Meeting
from tests.connectors.calendars import calendar, event

ROBIN, ANNA, BO = "robin@example.com", "anna@example.org", "bo@example.net"
NOON, ONE = "2026-03-02T12:00:00.0000000", "2026-03-02T13:00:00.0000000"
HEAD, REST = "040000008200E00074C5B7101A82E008", "F06B5C7B2A00D901" + "0" * 16 + "10000000" + "AB" * 16
SERIES = f"{HEAD}00000000{REST}"
OCCURRENCE = f"{HEAD}07EA0302{REST}"  # of 2 March 2026


def wrapped(uid: str, day: str = "00000000") -> str:
    """Return the id that Exchange makes of another calendar's."""
    data = b"vCal-Uid\x01\x00\x00\x00" + uid.encode() + b"\x00"
    return f"{HEAD}{day}{'0' * 32}{len(data).to_bytes(4, 'little').hex()}{data.hex()}".upper()


def told(**more: Any) -> dict[str, Any]:
    return {
        "id": "AAkAL1=",
        "iCalUId": SERIES,
        "type": "singleInstance",
        "subject": "Lunch",
        "start": {"dateTime": NOON, "timeZone": "UTC"},
        "end": {"dateTime": ONE, "timeZone": "UTC"},
        "isAllDay": False,
        "isCancelled": False,
        "showAs": "busy",
        "organizer": person(ROBIN),
        "attendees": [],
        "responseStatus": {"response": "organizer", "time": "0001-01-01T00:00:00Z"},
        "lastModifiedDateTime": "2026-02-01T10:00:00.1234567Z",
    } | more


def person(email: str, response: str = "", kind: str = "required") -> dict[str, Any]:
    who: dict[str, Any] = {"emailAddress": {"address": email, "name": email.partition("@")[0].title()}}
    return who | {"status": {"response": response}, "type": kind} if response else who


def read(**more: Any) -> Meeting:
    return read_meeting("cal", told(**more), (ROBIN, "robin.park@example.com"))


def answers(meeting: Meeting) -> dict[str, str]:
    return {one.address.email: one.answer.value for one in meeting.attendees}


def test_a_meeting_of_the_users_own_tells_who_when_and_what() -> None:
    meeting = read(attendees=[person(ANNA, "accepted"), person(BO, "declined", "optional")])
    assert meeting.start == datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert meeting.end == datetime(2026, 3, 2, 13, tzinfo=UTC)
    assert meeting.organizer is not None
    assert (meeting.organizer.email, meeting.organizer.name) == (ROBIN, "Robin")
    assert answers(meeting) == {ANNA: "accepted", BO: "declined"}
    assert (meeting.title, meeting.original_start, meeting.ordinary, meeting.cancelled) == ("Lunch", "", True, False)
    assert meeting.updated_at == datetime(2026, 2, 1, 10, 0, 0, 123456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("show_as", "ordinary"),
    [
        ("oof", False),
        ("workingElsewhere", False),
        ("free", True),
        ("busy", True),
        ("tentative", True),
        ("unknown", True),
    ],
)
def test_absences_and_places_of_work_are_no_meetings(show_as: str, ordinary: bool) -> None:
    assert read(showAs=show_as).ordinary is ordinary


@pytest.mark.parametrize("all_day", [False, True])
def test_out_of_office_alone_says_that_they_are_away_all_day_or_not(all_day: bool) -> None:
    shown = ("oof", "workingElsewhere", "free", "busy", "tentative", "unknown", None, 7)
    assert [one for one in shown if read(showAs=one, isAllDay=all_day).away] == ["oof"]


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ("accepted", Answer.ACCEPTED), ("declined", Answer.DECLINED), ("tentativelyAccepted", Answer.TENTATIVE),
        ("notResponded", Answer.NONE), ("none", Answer.NONE),
    ],
)  # fmt: skip
def test_the_users_own_answer_is_the_entrys_and_not_the_lists(response: str, answer: Answer) -> None:
    meeting = read(
        organizer=person(ANNA),
        attendees=[person(ROBIN, "none"), person(BO, "none")],
        responseStatus={"response": response},
    )
    assert {one.address.email: one.answer for one in meeting.attendees} == {ROBIN: answer, BO: Answer.NONE}


def test_who_was_invited_by_way_of_a_group_is_invited() -> None:
    group = person("team@example.org", "none")
    meeting = read(organizer=person(ANNA), attendees=[group], responseStatus={"response": "accepted"})
    assert answers(meeting) == {"team@example.org": "none", ROBIN: "accepted"}
    unanswered = read(organizer=person(ANNA), attendees=[group], responseStatus={"response": "notResponded"})
    assert answers(unanswered) == {"team@example.org": "none"}


def test_without_a_list_of_attendees_it_is_with_nobody() -> None:
    assert read(organizer=person(ANNA), responseStatus={"response": "accepted"}).attendees == ()


def test_all_addresses_of_the_user_are_told_as_one() -> None:
    meeting = read(
        organizer=person(ANNA),
        attendees=[person("Robin.Park@example.com", "none"), person(ROBIN, "none")],
        responseStatus={"response": "accepted"},
    )
    assert answers(meeting) == {ROBIN: "accepted"}
    own = read(organizer=person("robin.park@example.com")).organizer
    assert own is not None
    assert own.email == ROBIN


def test_rooms_are_no_people() -> None:
    meeting = read(attendees=[person("room4@example.com", "accepted", "resource"), person(ANNA, "none")])
    assert [one.resource for one in meeting.attendees] == [True, False]


def test_of_one_who_is_listed_twice_a_known_answer_holds() -> None:
    assert answers(read(attendees=[person(ANNA, "none"), person(ANNA.upper(), "accepted")])).popitem()[1] == "accepted"


def test_who_may_not_see_whom_else_is_invited_does_not_know_how_many_they_are() -> None:
    theirs = {"attendees": [person(ROBIN, "accepted")], "responseStatus": {"response": "accepted"}}
    assert read(organizer=person(ANNA), hideAttendees=True, **theirs).attendees_known is False
    assert read(organizer=person(ANNA), hideAttendees=False, **theirs).attendees_known is True
    assert read(hideAttendees=True, attendees=[person(ANNA, "accepted")]).attendees_known is True


@pytest.mark.parametrize("midnight", ["2026-03-02T00:00:00.0000000", "2026-03-01T23:00:00", "2026-03-02T08:00:00"])
def test_an_all_day_entry_is_days_without_a_zone(midnight: str) -> None:
    meeting = read(
        isAllDay=True,
        start={"dateTime": midnight, "timeZone": "UTC"},
        end={"dateTime": midnight.replace("03-02", "03-04").replace("03-01", "03-03"), "timeZone": "UTC"},
    )
    assert (meeting.start, meeting.end, meeting.all_day) == (datetime(2026, 3, 2), datetime(2026, 3, 4), True)


@pytest.mark.parametrize(
    "zone",
    ["Europe/Berlin", "W. Europe Standard Time", "UTC+01:00"],
)
def test_times_in_another_zone_than_was_asked_for_are_understood(zone: str) -> None:
    meeting = read(start={"dateTime": NOON, "timeZone": zone}, end={"dateTime": ONE, "timeZone": zone})
    assert meeting.start == datetime(2026, 3, 2, 11, tzinfo=UTC)


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"id": None}, "without id"),
        ({"start": None}, "without a time"),
        ({"start": {"dateTime": "yesterday", "timeZone": "UTC"}}, "without a time"),
        ({"end": {"dateTime": NOON, "timeZone": "tzone://Microsoft/Custom"}}, '"tzone://Microsoft/Custom"'),
    ],
)
def test_what_cannot_be_understood_says_what_is_wrong(more: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read(**more)


def test_one_that_ends_before_it_begins_lasts_no_time() -> None:
    meeting = read(end={"dateTime": "2026-03-01T12:00:00", "timeZone": "UTC"})
    assert meeting.end == meeting.start


def test_the_uid_is_the_series_own_in_whatever_form_it_comes() -> None:
    day = datetime(2026, 3, 2).date()
    assert split_uid(SERIES) == (SERIES, None)
    assert split_uid(OCCURRENCE) == (SERIES, day)
    assert split_uid(OCCURRENCE.lower()) == (SERIES, day)
    assert split_uid(wrapped("qa87q2@google.com")) == ("qa87q2@google.com", None)
    assert split_uid(wrapped("Grüße@example.org", "07EA0302")) == ("Grüße@example.org", day)
    assert split_uid("19rh93h5t893h5v@calendar.example.com") == ("19rh93h5t893h5v@calendar.example.com", None)
    assert split_uid(HEAD + "not hexadecimal") == (HEAD + "not hexadecimal", None)


ORIGINAL = "2026-03-02T12:00:00Z"


def of_google(uid: str, **more: Any) -> Meeting:
    found = google.read_meeting(
        "robin@example.com",
        {
            "id": "x1", "iCalUID": uid, "start": {"dateTime": ORIGINAL}, "end": {"dateTime": "2026-03-02T13:00:00Z"},
            "organizer": {"email": ANNA},
        } | more,
    )  # fmt: skip
    assert found is not None
    return found


def of_file(folder: Path, uid: str, *lines: str) -> dict[str, Meeting]:
    path = folder / "calendar.ics"
    path.write_bytes(calendar(event("DTSTART:20260302T120000Z", "DTEND:20260302T130000Z", *lines, uid=uid)))
    source = CalendarSource([path], lambda: datetime(2026, 4, 1, tzinfo=UTC))
    return {one.original_start: one for batch in source.changes(None, None) for one in batch.items}


def same(one: Meeting, other: Meeting) -> bool:
    return (one.uid, one.original_start) == (other.uid, other.original_start)


@pytest.mark.parametrize(("uid", "here"), [(SERIES, SERIES), ("qa87q2@google.com", wrapped("qa87q2@google.com"))])
def test_a_single_meeting_is_the_same_in_google_calendar_and_in_a_file(tmp_path: Path, uid: str, here: str) -> None:
    meeting = read(iCalUId=here)
    assert same(meeting, of_google(uid))
    assert same(meeting, of_file(tmp_path, uid)[""])


@pytest.mark.parametrize(
    ("uid", "here"),
    [(SERIES, OCCURRENCE), (SERIES, SERIES), ("qa87q2@google.com", wrapped("qa87q2@google.com", "07EA0302"))],
)
@pytest.mark.parametrize("kind", ["occurrence", "exception"])
def test_an_occurrence_moved_or_not_is_the_same_in_google_calendar_and_in_a_file(
    tmp_path: Path, uid: str, here: str, kind: str
) -> None:
    start = NOON if kind == "occurrence" else "2026-03-03T09:00:00.0000000"
    meeting = read(
        iCalUId=here, type=kind, originalStart=ORIGINAL,
        start={"dateTime": start, "timeZone": "UTC"}, end={"dateTime": start, "timeZone": "UTC"},
    )  # fmt: skip
    assert same(meeting, of_google(uid, originalStartTime={"dateTime": "2026-03-02T13:00:00+01:00"}))
    assert same(meeting, of_file(tmp_path, uid, "RRULE:FREQ=WEEKLY;COUNT=3")[ORIGINAL])


def test_an_all_day_occurrence_is_the_same_in_google_calendar_and_in_a_file(tmp_path: Path) -> None:
    meeting = read(
        type="occurrence", isAllDay=True, originalStart="2026-03-01T23:00:00Z",
        start={"dateTime": "2026-03-02T00:00:00", "timeZone": "UTC"},
        end={"dateTime": "2026-03-03T00:00:00", "timeZone": "UTC"},
    )  # fmt: skip
    day = {"date": "2026-03-02"}
    assert same(meeting, of_google(SERIES, start=day, end={"date": "2026-03-03"}, originalStartTime=day))
    path = tmp_path / "calendar.ics"
    path.write_bytes(calendar(event("DTSTART;VALUE=DATE:20260302", "RRULE:FREQ=DAILY;COUNT=2", uid=SERIES)))
    source = CalendarSource([path], lambda: datetime(2026, 4, 1, tzinfo=UTC))
    assert any(same(meeting, one) for batch in source.changes(None, None) for one in batch.items)


def test_who_was_invited_to_one_occurrence_only_has_the_same_as_the_organiser() -> None:
    organised = read(type="occurrence", originalStart=ORIGINAL)
    invited = read(iCalUId=OCCURRENCE, organizer=person(ANNA))
    assert same(organised, invited)


def test_keys_are_short_and_tell_calendars_apart() -> None:
    one, other = (read_meeting(calendar, told(id="A" * 200), (ROBIN,)).key for calendar in ("c1", "c2"))
    assert one != other
    assert len(one) == len(other) == 16


def test_what_is_over_is_over_everywhere() -> None:
    noon = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert is_over(read(), noon + timedelta(hours=1))
    assert not is_over(read(), noon + timedelta(minutes=59))
    assert not is_over(read(), None)
    day = read(isAllDay=True, start={"dateTime": "2026-03-02T00:00:00"}, end={"dateTime": "2026-03-03T00:00:00"})
    assert not is_over(day, datetime(2026, 3, 3, 11, tzinfo=UTC))
    assert is_over(day, datetime(2026, 3, 4, tzinfo=UTC))
