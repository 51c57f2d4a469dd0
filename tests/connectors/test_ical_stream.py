import io
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.ical.stream import BLOCK, PROBE, NotCalendarError, Splitter
from tests.connectors.calendars import BERLIN, calendar, event, read, read_all

GOOD = calendar(
    BERLIN, event("DTSTART;TZID=Our own zone:20260105T100000", "SUMMARY:K\u00fcche", "RRULE:FREQ=DAILY;COUNT=2")
)


class Garbage(io.RawIOBase):
    """A stream of `left` bytes of garbage lines after `head`."""

    def __init__(self, head: bytes, left: int) -> None:
        self.head = head
        self.left = left

    def read(self, size: int = -1) -> bytes:
        if self.head:
            head, self.head = self.head, b""
            return head
        self.left -= size
        return (b"zzz: no calendar at all\r\n" * (size // 25 + 1))[:size] if self.left > 0 else b""


def titles(data: bytes) -> list[str]:
    return [one.title for one in read(data)]


def test_half_a_gigabyte_of_garbage_is_refused_after_its_first_megabyte() -> None:
    stream = Garbage(b"", 500 << 20)
    with pytest.raises(NotCalendarError, match="no BEGIN:VCALENDAR in its first 1 MB"):
        list(Splitter(stream))  # type: ignore[arg-type]
    assert stream.left > (498 << 20)
    assert PROBE == 1 << 20


def test_garbage_after_the_beginning_is_given_up_and_counts_as_cut_off() -> None:
    stream = Garbage(calendar(event("DTSTART:20260105T100000Z")), 500 << 20)
    splitter = Splitter(stream)  # type: ignore[arg-type]
    begun = time.process_time()
    assert [block.kind for block in splitter] == ["VEVENT"]
    assert not splitter.whole
    assert time.process_time() - begun < 5


def test_an_empty_file_is_no_calendar() -> None:
    with pytest.raises(NotCalendarError, match="is empty"):
        list(Splitter(io.BytesIO(b" \r\n")))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1", "cp1252"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\r\r\n"])
def test_encodings_and_line_ends_are_seen_through(encoding: str, end: str) -> None:
    data = GOOD.decode().replace("\r\n", end).encode(encoding)
    assert titles(data) == ["K\u00fcche"] * 2


def test_line_ends_may_be_mixed() -> None:
    data = b"".join(line + (b"\r\n", b"\n")[number % 2] for number, line in enumerate(GOOD.split(b"\r\n")))
    assert titles(data) == ["K\u00fcche"] * 2


def test_folded_lines_are_joined_even_within_a_character() -> None:
    folded = GOOD.replace(b"K\xc3\xbcche", b"K\xc3\r\n \xbcc\r\n\the").replace(b"RRULE:FREQ", b"RRU\r\n LE:FREQ")
    assert titles(folded) == ["K\u00fcche"] * 1  # a name folded in two is what its first line says
    assert titles(GOOD.replace(b"K\xc3\xbcche", b"K\xc3\r\n \xbcc\r\n\the")) == ["K\u00fcche"] * 2


def test_several_calendars_in_one_stream_have_their_own_zones_and_methods() -> None:
    late = BERLIN.replace("+0100", "+0500").replace("+0200", "+0500")
    one = calendar(BERLIN, event("DTSTART;TZID=Our own zone:20260105T100000", uid="a"))
    two = calendar(event("DTSTART;TZID=Our own zone:20260105T100000", uid="b"), late, method="CANCEL")
    meetings = sorted(read(one + two), key=lambda meeting: meeting.uid)
    assert [(meeting.start.hour, meeting.cancelled) for meeting in meetings] == [(9, False), (5, True)]


def test_alarms_within_an_event_change_nothing() -> None:
    alarm = "BEGIN:VALARM\r\nTRIGGER:-PT5M\r\nSUMMARY:Wake up\r\nDTSTART:20200101T000000Z\r\nEND:VALARM"
    assert titles(calendar(event(alarm, "DTSTART:20260105T100000Z", "SUMMARY:Tea"))) == ["Tea"]


def test_tasks_and_journals_are_no_meetings() -> None:
    others = [
        f"BEGIN:{kind}\r\nUID:{kind}\r\nDTSTART:20260105T100000Z\r\nEND:{kind}"
        for kind in ("VTODO", "VJOURNAL", "VFREEBUSY", "X-ODD")
    ]
    assert titles(calendar(*others, event("DTSTART:20260105T100000Z", "SUMMARY:Tea"))) == ["Tea"]


def test_of_a_file_cut_off_in_the_middle_the_events_before_are_read() -> None:
    data = calendar(event("DTSTART:20260105T100000Z", uid="a"), event("DTSTART:20260106T100000Z", "SUMMARY:x", uid="b"))
    meetings, problems = read_all([data[: data.index(b"SUMMARY")]])
    assert [one.uid for one in meetings] == ["a"]
    assert problems == ["file 0: an event was left out: it is cut off in the middle"]


@pytest.mark.parametrize("name", ["SUMMARY", "DESCRIPTION", "ATTENDEE;CN"])
def test_a_line_of_ten_megabytes_costs_at_most_its_event(name: str) -> None:
    long = event("DTSTART:20260105T100000Z", f"{name}:" + "x" * (10 << 20), uid="long")
    meetings, _ = read_all(
        [calendar(event("DTSTART:20260105T100000Z", uid="a"), long, event("DTSTART:20260106", uid="b"))]
    )
    assert {"a", "b"} <= {one.uid for one in meetings} <= {"a", "b", "long"}
    assert BLOCK == 1 << 20


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400), st.integers(0, len(GOOD)), st.integers(0, 60))
def test_the_reader_never_raises_whatever_bytes_stand_in_a_calendar(junk: bytes, at: int, gone: int) -> None:
    try:
        read_all([GOOD[:at] + junk + GOOD[at + gone :]])
    except NotCalendarError:
        assert b"BEGIN:VCALENDAR" not in (GOOD[:at] + junk + GOOD[at + gone :]).upper()


_values = st.sampled_from(
    ["DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID", "UID", "SEQUENCE", "ATTENDEE",
     "ORGANIZER", "STATUS", "DTSTART;TZID=Our own zone", "DTSTART;VALUE=DATE", "RECURRENCE-ID;RANGE=THISANDFUTURE",
     "RDATE;VALUE=PERIOD", "X-MICROSOFT-CDO-ALLDAYEVENT", "LAST-MODIFIED", 'ATTENDEE;CN="x']
)  # fmt: skip
_odd = st.one_of(
    st.sampled_from(
        ["20260105T100000Z", "20260105", "00010101T000000", "99991231T235959Z", "P99999999D", "PT1H", "-P1D", "1",
         "FREQ=DAILY", "FREQ=WEEKLY;UNTIL=20270101", "20260105T100000Z/PT1H", "mailto:a@example.org", "TRUE", "-1",
         "20260105T246199", "CANCELLED", "urn:uuid:1", "99999999999999999999"]
    ),
    st.text(max_size=20),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(_values, _odd), max_size=8), st.lists(st.tuples(_values, _odd), max_size=5))
def test_the_reader_never_raises_whatever_an_event_says(one: list[tuple[str, str]], two: list[tuple[str, str]]) -> None:
    events = [event(*(f"{name}:{value}" for name, value in lines)) for lines in (one, two)]
    good = event("DTSTART:20260105T100000Z", uid="good")
    meetings, _ = read_all([calendar(BERLIN, *events, good)])
    assert "good" in {meeting.uid for meeting in meetings}
    assert len({meeting.key for meeting in meetings}) == len(meetings)
