from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar, Event, vCalAddress, vText

from connectors.ical.entry import ATTENDEES_KEPT
from connectors.text import clean
from connectors.types import Address, Answer, Attendee, Meeting
from tests.connectors.calendars import BERLIN, calendar, event, read, read_all, starts

START = "DTSTART:20260105T100000Z"


def one(*lines: str, method: str = "") -> Meeting:
    (meeting,) = read(calendar(event(*lines), method=method))
    return meeting


def test_a_plain_event_tells_who_and_when() -> None:
    meeting = one(
        START, "DTEND:20260105T113000Z", "SUMMARY:Lunch\\, at last", "SEQUENCE:3", "DTSTAMP:20260101T000000Z",
        "LAST-MODIFIED:20251231T080000Z",
        'ORGANIZER;CN=Robin Park;SENT-BY="mailto:aide@example.com":MAILTO:robin@example.com',
        'ATTENDEE;CN="Hutchinson, Lakshmi";PARTSTAT=ACCEPTED:mailto:lakshmi@example.org',
    )  # fmt: skip
    assert meeting == Meeting(
        key=meeting.key,
        uid="one@example.org",
        original_start="",
        start=datetime(2026, 1, 5, 10, tzinfo=UTC),
        end=datetime(2026, 1, 5, 11, 30, tzinfo=UTC),
        organizer=Address("robin@example.com", "Robin Park"),
        attendees=(Attendee(Address("lakshmi@example.org", "Hutchinson, Lakshmi"), Answer.ACCEPTED),),
        title="Lunch, at last",
        sequence=3,
        updated_at=datetime(2025, 12, 31, 8, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("lines", "hours"),
    [
        (("DURATION:PT1H30M",), 1.5), (("DURATION:P1DT1H",), 25), ((), 0), (("DTEND:20260105T090000Z",), 0),
        (("DTEND:nonsense",), 0), (("DURATION:-PT1H",), 0), (("DURATION:P99999W",), 3660 * 24),
    ],
)  # fmt: skip
def test_the_end_comes_from_the_duration_where_there_is_no_end(lines: tuple[str, ...], hours: float) -> None:
    meeting = one(START, *lines)
    assert meeting.end - meeting.start == timedelta(hours=hours)


def test_an_all_day_entry_has_naive_midnights() -> None:
    meeting = one("DTSTART;VALUE=DATE:20260105")
    assert (meeting.start, meeting.end, meeting.all_day) == (datetime(2026, 1, 5), datetime(2026, 1, 6), True)
    flagged = one("DTSTART:20260105T000000", "DTEND:20260107T000000", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE")
    assert (flagged.start, flagged.end, flagged.all_day) == (datetime(2026, 1, 5), datetime(2026, 1, 7), True)


def test_a_floating_time_stays_naive() -> None:
    assert one("DTSTART:20260105T100000", "DTEND:20260105T110000Z").end == datetime(2026, 1, 5, 11)


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("Europe/Berlin", 9), ("W. Europe Standard Time", 9), ("/freeassociation.sourceforge.net/Europe/Berlin", 9),
        ("/citadel.org/20210210_1/America/Argentina/Buenos_Aires", 13), ('"Europe/Berlin"', 9), ("Our own zone", 9),
        ("UTC", 10), ("GMT+0200", 8), ("Eastern Standard Time", 15),
    ],
)  # fmt: skip
def test_a_zone_is_known_by_its_own_name_a_path_a_windows_name_or_its_definition(zone: str, hour: int) -> None:
    (meeting,), problems = read_all([calendar(BERLIN, event(f"DTSTART;TZID={zone}:20260105T100000"))])
    assert (meeting.start, problems) == (datetime(2026, 1, 5, hour, tzinfo=UTC), [])


@pytest.mark.parametrize(
    "definition",
    [
        "TZOFFSETFROM:nonsense", "DTSTART:19700101T000000", "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200",
        "DTSTART:16010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nRRULE:FREQ=SECONDLY",
        "DTSTART:16010101T000000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0100\nRRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "\0\0",
    ],
)  # fmt: skip
def test_a_definition_that_cannot_be_read_falls_back_to_the_zone_its_name_means(definition: str) -> None:
    """Rule: a VTIMEZONE that cannot be read falls back to the zone its TZID names."""
    name = "/example.org/Europe/Berlin"
    broken = f"BEGIN:VTIMEZONE\nTZID:{name}\nBEGIN:STANDARD\n{definition}\nEND:STANDARD\nEND:VTIMEZONE"
    assert read(calendar(broken, event(f"DTSTART;TZID={name}:20260705T100000")))[0].start.hour == 8
    unnamed = broken.replace(name, "Somewhere")
    (meeting,), problems = read_all([calendar(unnamed, event("DTSTART;TZID=Somewhere:20260705T100000"))])
    assert meeting.start == datetime(2026, 7, 5, 10)
    assert problems == ["file 0: the time zone 'Somewhere' is unknown; its times are taken for your own zone's"]


def test_a_defined_zone_knows_its_winters_and_summers() -> None:
    days = ["20250330T015959", "20250330T030000", "20251026T015959", "20251026T030000", "20500705T100000"]
    events = [event(f"DTSTART;TZID=Our own zone:{day}", uid=day) for day in days]
    assert starts(read(calendar(BERLIN, *events))) == [
        "2025-03-30 00:59", "2025-03-30 01:00", "2025-10-25 23:59", "2025-10-26 02:00", "2050-07-05 09:00",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "answer"),
    [
        ("ACCEPTED", Answer.ACCEPTED), ("declined", Answer.DECLINED), ("TENTATIVE", Answer.TENTATIVE),
        ("DELEGATED", Answer.NONE), ("NEEDS-ACTION", Answer.NONE), ("X-ODD", Answer.NONE),
    ],
)  # fmt: skip
def test_the_answer_is_the_participation_status(written: str, answer: Answer) -> None:
    assert one(START, f"ATTENDEE;PARTSTAT={written}:mailto:a@example.org").attendees[0].answer is answer


@pytest.mark.parametrize(
    ("kind", "resource"), [("ROOM", True), ("resource", True), ("GROUP", True), ("INDIVIDUAL", False)]
)
def test_rooms_equipment_and_groups_are_resources(kind: str, resource: bool) -> None:
    assert one(START, f"ATTENDEE;CUTYPE={kind}:mailto:a@example.org").attendees[0].resource is resource


@pytest.mark.parametrize(
    ("line", "email"),
    [
        ("ATTENDEE:a@example.org", "a@example.org"), ("ATTENDEE:MailTo:a@example.org", "a@example.org"),
        ("ATTENDEE:mailto:<a@example.org>", "a@example.org"), ("ATTENDEE:mailto:a%40example.org", "a@example.org"),
        ('ATTENDEE;CN="A: B; C":mailto:a@example.org', "a@example.org"), ("ATTENDEE:urn:uuid:1-2", ""),
        ("ATTENDEE;EMAIL=a@example.org:/aMkAD/principal/", "a@example.org"), ("ATTENDEE:invalid:nomail", ""),
        ("ATTENDEE:mailto:a b@example.org", ""), ("ATTENDEE:mailto:a@b@example.org", ""), ("ATTENDEE:mailto:", ""),
        ('ATTENDEE;CN="open:mailto:a@example.org', "a@example.org"),
    ],
)  # fmt: skip
def test_an_attendee_is_the_mailbox_that_the_line_holds(line: str, email: str) -> None:
    assert [who.address.email for who in one(START, line).attendees] == ([email] if email else [])


def test_an_attendee_listed_twice_is_one_with_the_answer_that_is_known() -> None:
    lines = ("ATTENDEE:mailto:a@example.org", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:A@example.org")
    assert [who.answer for who in one(START, *lines).attendees] == [Answer.ACCEPTED]


def test_of_very_many_attendees_those_who_may_come_are_kept() -> None:
    declined = [f"ATTENDEE;PARTSTAT=DECLINED:mailto:d{number}@example.org" for number in range(300)]
    coming = [f"ATTENDEE:mailto:c{number}@example.org" for number in range(150)]
    kept = one(START, *declined, *coming).attendees
    assert len(kept) == ATTENDEES_KEPT > 50
    assert sum(who.answer is not Answer.DECLINED for who in kept) == 150


def test_names_are_cleaned() -> None:
    assert one(START, "ORGANIZER;CN=Ro\u202ebin^n\u200b Park:mailto:r@example.com").organizer == Address(
        "r@example.com", "Robin Park"
    )


@pytest.mark.parametrize("status", ["OOF", "oof", "WORKINGELSEWHERE"])
def test_out_of_office_and_working_elsewhere_are_not_ordinary(status: str) -> None:
    """Rule: Outlook showAs oof and workingElsewhere are none, free, busy and tentative are."""
    assert not one(START, f"X-MICROSOFT-CDO-BUSYSTATUS:{status}").ordinary


@pytest.mark.parametrize("start", [START, "DTSTART;VALUE=DATE:20260105"])
def test_out_of_office_alone_says_that_they_are_away_all_day_or_not(start: str) -> None:
    status = "X-MICROSOFT-CDO-BUSYSTATUS"
    assert one(start, f"{status}:OOF").away
    assert one(start, f"{status}: oof ").away
    assert not one(start).away
    for other in (f"{status}:WORKINGELSEWHERE", f"{status}:BUSY", f"{status}:FREE", "SUMMARY:OOF"):
        assert not one(start, other).away
    assert not one(start, f"{status}:TENTATIVE", "X-MICROSOFT-CDO-INTENDEDSTATUS:OOF").away, "its organiser is"


def test_each_occurrence_of_an_absence_is_one() -> None:
    weekly = ("X-MICROSOFT-CDO-BUSYSTATUS:OOF", "RRULE:FREQ=WEEKLY;COUNT=3")
    assert [meeting.away for meeting in read(calendar(event(START, *weekly)))] == [True] * 3


@pytest.mark.parametrize(
    "line", ["X-MICROSOFT-CDO-BUSYSTATUS:FREE", "TRANSP:TRANSPARENT", "CLASS:PRIVATE", "SUMMARY:Busy"]
)
def test_free_and_private_entries_are_ordinary(line: str) -> None:
    """Rule: Outlook showAs oof and workingElsewhere are none, free, busy and tentative are."""
    meeting = one(START, line)
    assert (meeting.ordinary, meeting.attendees, meeting.attendees_known) == (True, (), True)


def test_a_cancelled_entry_is_told_as_cancelled() -> None:
    assert one(START, "STATUS:CANCELLED").cancelled
    assert one(START, method="CANCEL").cancelled
    assert not one(START, "STATUS:TENTATIVE", method="REQUEST").cancelled


@pytest.mark.parametrize("method", ["REPLY", "reply", "COUNTER", "REFRESH", "DECLINECOUNTER"])
def test_an_answer_to_an_invitation_is_no_meeting(method: str) -> None:
    assert read(calendar(event(START), method=method)) == []


def test_of_two_versions_the_higher_sequence_wins_then_the_later_change() -> None:
    """Rule: else the higher SEQUENCE, else the later change."""
    old = calendar(event(START, "SEQUENCE:1", "SUMMARY:old", "LAST-MODIFIED:20260104T000000Z"))
    new = calendar(event("DTSTART:20260106T100000Z", "SEQUENCE:2", "SUMMARY:new", "LAST-MODIFIED:20260103T000000Z"))
    newer = calendar(event(START, "SEQUENCE:2", "SUMMARY:newer", "LAST-MODIFIED:20260103T000001Z"))
    assert [meeting.title for meeting in read(new, old)] == ["new"]
    assert [meeting.title for meeting in read(newer, old, new)] == ["newer"]


def test_a_cancellation_without_rule_cancels_the_whole_series() -> None:
    series = calendar(event(START, "RRULE:FREQ=WEEKLY;COUNT=3"), method="REQUEST")
    cancel = calendar(event(START, "SEQUENCE:1"), method="CANCEL")
    assert [meeting.cancelled for meeting in read(cancel, series)] == [True] * 3


def test_an_event_without_uid_gets_one_that_stays() -> None:
    data = calendar(event(START, "SUMMARY:a", uid=""), event(START, "SUMMARY:b", uid=""))
    first, second = read(data)
    assert first.uid != second.uid
    assert [meeting.key for meeting in read(data)] == [first.key, second.key]


@pytest.mark.parametrize(
    "line", ["DTSTART:yesterday", "DTSTART:20261341T100000", "X-ODD:1", "DTSTART:00010101T000000Z"]
)
def test_a_broken_event_costs_only_itself(line: str) -> None:
    meetings, problems = read_all([calendar(event(line, uid="broken"), event(START, uid="good"))])
    assert [meeting.uid for meeting in meetings] == ["good"]
    assert len(problems) == 1
    assert problems[0].startswith("file 0: an event was left out: ")


_text = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=30).map(
    lambda text: text.replace("\\", "/")
)
_name = _text.map(lambda text: text.replace("^", "").replace('"', "").replace("'", ""))
_start = st.one_of(
    st.dates(date(1990, 1, 1), date(2040, 1, 1)),
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(microsecond=0)),
    st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1)).map(lambda at: at.replace(microsecond=0, tzinfo=UTC)),
)


@settings(max_examples=150, deadline=None)
@given(_start, st.integers(1, 5), _text, _name, st.sampled_from(["ACCEPTED", "DECLINED"]), st.integers(0, 99))
def test_the_quick_reading_says_the_same_as_icalendar(
    start: date, days: int, title: str, name: str, answer: str, sequence: int
) -> None:
    made = Event()
    made.add("uid", title)
    made.add("dtstart", start)
    made.add("dtend", start + timedelta(days=days))
    made.add("summary", title)
    made.add("sequence", sequence)
    who = vCalAddress("mailto:a@example.org")
    who.params["CN"] = vText(name)
    who.params["PARTSTAT"] = vText(answer)
    made.add("attendee", who)
    whole = Calendar()
    whole.add_component(made)
    data = whole.to_ical()
    slow: Any = Calendar.from_ical(data).walk("VEVENT")[0]
    (quick,) = read(data)
    told = slow["DTSTART"].dt
    expected = told if isinstance(told, datetime) else datetime.combine(told, datetime.min.time())
    assert (quick.start, quick.end - quick.start) == (expected, slow["DTEND"].dt - told)
    assert quick.all_day is not isinstance(told, datetime)
    assert (quick.sequence, quick.attendees[0].answer) == (
        slow["SEQUENCE"],
        slow["ATTENDEE"].params["PARTSTAT"].lower(),
    )
    assert quick.title == clean(str(slow["SUMMARY"]))
    assert quick.attendees[0].address.name == clean(str(slow["ATTENDEE"].params["CN"]))
