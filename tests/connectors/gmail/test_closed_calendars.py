"""Calendars that are listed but cannot be read: they cost no other, and are tried again each time."""

import pytest

from connectors.errors import ConnectorError, CursorExpired, LoginNeeded, Refused, Unavailable
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import sentences
from tests.connectors.gmail.test_calendar import asked, gone, keys, lunch, read
from tests.google import Fault
from tests.google.faults import FORBIDDEN, Plan, status

ROBIN = "robin@example.com"
TEAM = "a-team@group.calendar.example.com"
WEEK = 7 * 86_400
TOLD = 'The calendar "The team" is listed but cannot be read.'
CLOSED = [status(403, "forbidden"), status(404, "notFound")]


def closed(fault: Fault, name: str = "team") -> Plan:
    """Return a plan by which no entry can be had of the calendars whose id holds `name`."""
    return lambda call: fault if call.method == "calendar.events.list" and name in call.path else None


@pytest.fixture
def two(home: Home) -> Home:
    """Robin's own calendar and a team's, which is listed first by name."""
    home.google.calendars.add(TEAM, role="writer", summary="The\x1b\u202e team")
    home.google.calendars.put(ROBIN, lunch(id="mine1"))
    home.google.calendars.put(TEAM, lunch(id="team1"))
    return home


@pytest.mark.parametrize("fault", CLOSED, ids=["forbidden", "missing"])
def test_a_closed_calendar_costs_no_other_and_is_told_again_once_a_week(two: Home, fault: Fault) -> None:
    google = two.google
    google.plan = closed(fault)
    batches = read(two)
    assert keys(batches) == [f"{ROBIN}/mine1"]
    assert sentences(batches) == [TOLD]
    cursor = batches[-1].cursor
    for _ in range(3):
        assert read(two, cursor) == []
        google.clock.wait(WEEK)
        before = len(google.log)
        batches = read(two, cursor)
        assert asked(two, before) == ["calendar.events.list", "calendar.calendarList.list", "calendar.events.list"]
        assert (keys(batches), sentences(batches)) == ([], [TOLD])
        cursor = batches[-1].cursor
    google.plan = None
    google.clock.wait(WEEK)
    batches = read(two, cursor)
    assert keys(batches) == [f"{TEAM}/team1"]
    assert sentences(batches) == []
    google.calendars.cancel(TEAM, "team1")
    assert gone(read(two, batches[-1].cursor)) == [f"{TEAM}/team1"]


def test_a_calendar_that_is_closed_later_is_told_once_and_read_on_when_it_opens(two: Home) -> None:
    google = two.google
    cursor = read(two)[-1].cursor
    google.plan = closed(CLOSED[0])
    google.calendars.put(ROBIN, lunch(-1, id="mine2"))
    google.calendars.put(TEAM, lunch(-1, id="team2"))
    batches = read(two, cursor)
    assert keys(batches) == [f"{ROBIN}/mine2"]
    assert sentences(batches) == [TOLD]
    assert gone(batches) == []
    assert read(two, batches[-1].cursor) == []
    google.plan = None
    google.clock.wait(WEEK)
    assert keys(read(two, batches[-1].cursor)) == [f"{TEAM}/team2"]


def test_a_calendar_that_was_closed_by_a_passing_fault_is_read_on_in_the_next_round(two: Home) -> None:
    google = two.google
    cursor = read(two)[-1].cursor
    google.calendars.put(TEAM, lunch(2, id="soon"))
    google.plan = closed(CLOSED[0])
    cursor = read(two, cursor)[-1].cursor
    google.plan = None
    batches = read(two, cursor)
    assert (keys(batches), sentences(batches)) == ([f"{TEAM}/soon"], [])
    assert read(two, batches[-1].cursor) == []


def test_a_closed_calendar_that_opens_too_late_to_be_read_on_has_expired(two: Home) -> None:
    google = two.google
    cursor = read(two)[-1].cursor
    google.plan = closed(CLOSED[0])
    cursor = read(two, cursor)[-1].cursor
    google.plan = None
    google.calendars.expire_sync(TEAM)
    google.clock.wait(WEEK)
    with pytest.raises(CursorExpired):
        read(two, cursor)


def test_reading_a_closed_calendar_that_opens_may_be_broken_off(two: Home) -> None:
    google = two.google
    google.calendars.page_limit = 2
    google.calendars.fill(TEAM, [lunch(-number, id=f"team{number}") for number in range(2, 8)])
    google.plan = closed(CLOSED[1])
    cursor = read(two)[-1].cursor
    google.plan = None
    google.clock.wait(WEEK)
    everything = keys(read(two, cursor))
    assert len(everything) == 7
    for stop in range(1, len(read(two, cursor)) + 1):
        told = []
        for batch in two.calendar.changes(cursor, None):
            told.append(batch)
            if len(told) == stop:
                break
        assert set(keys(told + read(two, told[-1].cursor))) == set(everything)


def test_a_closed_calendar_that_is_not_listed_any_more_has_gone(two: Home) -> None:
    google = two.google
    google.plan = closed(CLOSED[0])
    cursor = read(two)[-1].cursor
    google.calendars.forget(TEAM)
    google.clock.wait(WEEK)
    with pytest.raises(CursorExpired):
        read(two, cursor)


@pytest.mark.parametrize("later", [False, True], ids=["first", "later"])
def test_where_no_calendar_at_all_may_be_read_it_is_no_calendar_that_is_closed(two: Home, later: bool) -> None:
    cursor = read(two)[-1].cursor if later else None
    two.google.plan = closed(CLOSED[0], "")
    with pytest.raises(Refused):
        read(two, cursor)


@pytest.mark.parametrize("later", [False, True], ids=["first", "later"])
@pytest.mark.parametrize(
    ("reason", "error"),
    [("insufficientPermissions", LoginNeeded), ("accessNotConfigured", Refused), ("domainPolicy", Refused),
     ("dailyLimitExceeded", Unavailable)],
)  # fmt: skip
def test_what_is_said_of_the_account_is_not_taken_for_one_calendar(
    two: Home, reason: str, error: type[ConnectorError], later: bool
) -> None:
    cursor = read(two)[-1].cursor if later else None
    two.google.plan = closed(FORBIDDEN[reason])
    with pytest.raises(error):
        read(two, cursor)


def test_trying_a_closed_calendar_again_may_show_that_it_is_the_account(two: Home) -> None:
    two.google.plan = closed(CLOSED[0])
    cursor = read(two)[-1].cursor
    two.google.clock.wait(WEEK)
    two.google.plan = closed(FORBIDDEN["accessNotConfigured"])
    with pytest.raises(Refused, match="API"):
        read(two, cursor)
