"""Calendars of an account: which are read, how they are read on, and when anew."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from connectors.errors import BadReply, CursorExpired, LoginNeeded, Refused
from connectors.types import Batch, Meeting
from tests.connectors.gmail.home import Home
from tests.google import START
from tests.google.faults import FORBIDDEN, always, once, status

ROBIN = "robin@example.com"
TEAM = "team@group.calendar.example.com"


def lunch(days: float = -10, **more: Any) -> dict[str, Any]:
    start = START + timedelta(days=days)
    return {
        "summary": "Lunch",
        "start": {"dateTime": start.isoformat()},
        "end": {"dateTime": (start + timedelta(hours=1)).isoformat()},
        "attendees": [{"email": ROBIN, "responseStatus": "accepted"}, {"email": "anna@example.org"}],
    } | more


def read(home: Home, cursor: str | None = None, since: datetime | None = None) -> list[Batch[Meeting]]:
    return list(home.calendar.changes(cursor, since))


def keys(batches: Sequence[Batch[Meeting]]) -> list[str]:
    return sorted(one.key for batch in batches for one in batch.items)


def gone(batches: Sequence[Batch[Meeting]]) -> list[str]:
    return sorted(key for batch in batches for key in batch.removed)


def asked(home: Home, start: int = 0) -> list[str]:
    return [
        call.method for call in home.google.log[start:] if call.method.startswith("calendar") and call.status != 401
    ]


def test_every_calendar_that_is_mine_or_open_to_my_writing_is_read_and_no_other(home: Home) -> None:
    calendars = home.google.calendars
    for role in ("owner", "writer", "reader", "freeBusyReader"):
        calendars.add(f"{role}@group.calendar.example.com", role=role)
        calendars.put(f"{role}@group.calendar.example.com", lunch(id=f"{role}1lunch"))
    calendars.put(ROBIN, lunch(id="own1lunch"))
    assert keys(read(home)) == [
        "owner@group.calendar.example.com/owner1lunch",
        "robin@example.com/own1lunch",
        "writer@group.calendar.example.com/writer1lunch",
    ]
    assert all("minAccessRole" in call.query for call in home.google.log if call.method == "calendar.calendarList.list")


def test_what_is_ahead_is_told_too(home: Home) -> None:
    home.google.calendars.put(ROBIN, lunch(30, id="ahead"))
    assert keys(read(home)) == ["robin@example.com/ahead"]


def test_short_and_empty_pages_are_no_end(home: Home) -> None:
    home.google.calendars.page_limit = 3
    home.google.calendars.empty_every = 2
    names = home.google.calendars.fill(ROBIN, [lunch(-number) for number in range(1, 12)])
    batches = read(home)
    assert keys(batches) == sorted(f"{ROBIN}/{name}" for name in names)
    done = [batch.done for batch in batches]
    assert done == sorted(done)
    assert batches[-1].done == batches[-1].total == 11


def test_every_request_asks_for_occurrences_and_only_for_what_is_used(home: Home) -> None:
    home.google.calendars.put(ROBIN, lunch())
    cursor = read(home)[-1].cursor
    home.google.calendars.put(ROBIN, lunch(-3))
    read(home, cursor)
    events = [call for call in home.google.log if call.method == "calendar.events.list"]
    assert len(events) == 2
    for call in events:
        assert call.query["singleEvents"] == ["true"]
        assert "description" not in call.query["fields"][0]
        assert "location" not in call.query["fields"][0]
    assert "syncToken" not in events[0].query
    assert "syncToken" in events[1].query


def test_nothing_new_is_one_request_a_calendar_and_nothing_to_store(home: Home) -> None:
    home.google.calendars.add(TEAM, role="writer")
    home.google.calendars.put(ROBIN, lunch())
    cursor = read(home)[-1].cursor
    for fresh in (False, True):
        home.google.calendars.fresh_tokens = fresh
        before = len(home.google.log)
        assert read(home, cursor) == []
        assert asked(home, before) == ["calendar.events.list"] * 2


def test_a_change_a_move_an_answer_and_a_cancellation_are_told_and_nothing_else(home: Home) -> None:
    calendars = home.google.calendars
    for name in ("moved", "answered", "cancelled", "dropped", "quiet"):
        calendars.put(ROBIN, lunch(id=name))
    cursor = read(home)[-1].cursor
    start = START + timedelta(days=2)
    times = {"start": {"dateTime": start.isoformat()}, "end": {"dateTime": (start + timedelta(hours=1)).isoformat()}}
    calendars.change(ROBIN, "moved", **times)
    calendars.change(ROBIN, "answered", attendees=[{"email": "anna@example.org", "responseStatus": "declined"}])
    calendars.cancel(ROBIN, "cancelled")
    calendars.cancel(ROBIN, "dropped", only_id=False)
    calendars.put(ROBIN, lunch(-1, id="brandnew"))
    batches = read(home, cursor)
    assert keys(batches) == [f"{ROBIN}/{name}" for name in ("answered", "brandnew", "dropped", "moved")]
    assert gone(batches) == [f"{ROBIN}/cancelled"]
    told = {one.key.partition("/")[2]: one for batch in batches for one in batch.items}
    assert told["moved"].start == start
    assert told["dropped"].cancelled
    assert read(home, batches[-1].cursor) == []


def test_a_forgotten_sync_token_means_anew(home: Home) -> None:
    home.google.calendars.put(ROBIN, lunch(id="one1"))
    cursor = read(home)[-1].cursor
    home.google.calendars.expire_sync()
    with pytest.raises(CursorExpired):
        read(home, cursor)
    assert keys(read(home)) == [f"{ROBIN}/one1"]


@pytest.mark.parametrize("fault", [status(410, "fullSyncRequired"), status(400, "invalid"), status(404, "notFound")])
def test_however_google_says_that_it_cannot_go_on_all_is_read_anew(home: Home, fault: Any) -> None:
    cursor = read(home)[-1].cursor
    home.google.plan = once(fault, method="events.list")
    with pytest.raises(CursorExpired):
        read(home, cursor)


def test_a_calendar_that_is_gone_means_anew_without_it(home: Home) -> None:
    home.google.calendars.add(TEAM, role="writer")
    home.google.calendars.put(TEAM, lunch(id="theirs1"))
    home.google.calendars.put(ROBIN, lunch(id="mine1"))
    cursor = read(home)[-1].cursor
    home.google.calendars.forget(TEAM)
    with pytest.raises(CursorExpired):
        read(home, cursor)
    assert keys(read(home)) == [f"{ROBIN}/mine1"]


def test_one_calendar_that_is_listed_but_cannot_be_read_costs_no_other(home: Home) -> None:
    home.google.calendars.add(TEAM, role="writer", summary="The\x1b team")
    home.google.calendars.put(ROBIN, lunch(id="mine1"))
    home.google.plan = lambda call: (
        status(404, "notFound") if call.method == "calendar.events.list" and "team" in call.path else None
    )
    batches = read(home)
    assert keys(batches) == [f"{ROBIN}/mine1"]
    assert [problem for batch in batches for problem in batch.problems] == [
        'The calendar "The team" is listed but cannot be read.'
    ]
    assert read(home, batches[-1].cursor) == []


def test_a_new_calendar_is_found_a_day_later_if_there_is_news_and_a_week_later_if_not(home: Home) -> None:
    cursor = read(home)[-1].cursor
    home.google.calendars.add(TEAM, role="owner")
    home.google.clock.wait(3600 * 20)
    home.google.calendars.put(ROBIN, lunch(id="news1"))
    batches = read(home, cursor)
    assert keys(batches) == [f"{ROBIN}/news1"]
    cursor = batches[-1].cursor
    home.google.clock.wait(3600 * 24)
    assert read(home, cursor) == []
    home.google.calendars.put(ROBIN, lunch(id="news2"))
    with pytest.raises(CursorExpired):
        read(home, cursor)


def test_without_any_news_the_list_is_looked_at_after_a_week(home: Home) -> None:
    cursor = read(home)[-1].cursor
    home.google.clock.wait(3600 * 24 * 7)
    before = len(home.google.log)
    (batch,) = read(home, cursor)
    assert asked(home, before) == ["calendar.events.list", "calendar.calendarList.list"]
    before = len(home.google.log)
    assert read(home, batch.cursor) == []
    assert asked(home, before) == ["calendar.events.list"]


def test_a_token_that_is_days_old_is_replaced_even_without_news(home: Home) -> None:
    home.google.calendars.fresh_tokens = True
    cursor = read(home)[-1].cursor
    home.google.clock.wait(3600 * 24 * 6)
    (batch,) = read(home, cursor)
    assert batch.cursor != cursor
    assert read(home, batch.cursor) == []


def test_after_three_months_series_are_followed_anew(home: Home) -> None:
    cursor = read(home)[-1].cursor
    home.google.clock.wait(3600 * 24 * 90)
    with pytest.raises(CursorExpired):
        read(home, cursor)


def test_a_host_that_gives_no_sync_token_is_read_anew_each_time(home: Home) -> None:
    home.google.calendars.put(ROBIN, lunch(id="one1"))
    cursor = read(home)[-1].cursor.replace(read(home)[-1].cursor.split('"tokens":{"robin@example.com":"')[1][:-4], "-")
    with pytest.raises(CursorExpired):
        read(home, cursor)


def test_nothing_that_ended_before_since_is_told(home: Home) -> None:
    for days in (-400, -100, 5):
        home.google.calendars.put(ROBIN, lunch(days, id=f"at{abs(days)}"))
    since = START - timedelta(days=200)
    cursor = read(home, since=since)[-1].cursor
    assert keys(read(home, since=since)) == [f"{ROBIN}/at100", f"{ROBIN}/at5"]
    home.google.calendars.change(ROBIN, "at400", summary="Long ago")
    assert keys(read(home, cursor, since)) == []


def test_one_unreadable_entry_is_a_sentence_and_costs_no_other(home: Home) -> None:
    home.google.calendars.put(ROBIN, lunch(id="good1"))
    home.google.calendars.put(ROBIN, lunch(id="bad1", start={"date": "2026-09-01"}))
    batches = read(home)
    assert keys(batches) == [f"{ROBIN}/good1"]
    (problem,) = [problem for batch in batches for problem in batch.problems]
    assert problem.startswith("A calendar entry was left out: ")


@pytest.mark.parametrize(
    "foreign",
    ["", "nonsense", "{}", "[1]", '{"google calendars, 1":{"tokens":{},"begun_at":"x","listed_at":"x","moved_at":"x"}}',
     '{"google calendars, 1":{"tokens":[],"begun_at":"","listed_at":"","moved_at":""}}',
     '{"google calendars, 1":{"tokens":{},"begun_at":"2026-10-01","listed_at":"2026-10-01","moved_at":"2026-10-01"}}'],
)  # fmt: skip
def test_a_cursor_of_somebody_else_has_expired(home: Home, foreign: str) -> None:
    with pytest.raises(CursorExpired):
        read(home, foreign)


@pytest.mark.parametrize(
    ("reason", "error"),
    [("insufficientPermissions", LoginNeeded), ("accessNotConfigured", Refused), ("domainPolicy", Refused)],
)
def test_what_google_refuses_for_good_is_told_as_what_it_is(home: Home, reason: str, error: type[Exception]) -> None:
    home.google.plan = always(FORBIDDEN[reason], method="calendarList.list")
    with pytest.raises(error):
        read(home)


def test_a_call_that_google_takes_for_wrong_is_no_empty_calendar(home: Home) -> None:
    home.google.plan = always(status(400, "invalid"), method="events.list")
    with pytest.raises(BadReply):
        read(home)


def test_moments_are_utc(home: Home) -> None:
    home.google.calendars.put(ROBIN, lunch(start={"dateTime": "2026-09-01T12:00:00+02:00"},
                                           end={"dateTime": "2026-09-01T13:00:00+02:00"}))  # fmt: skip
    (told,) = [one for batch in read(home) for one in batch.items]
    assert (told.start, told.start.tzinfo) == (datetime(2026, 9, 1, 10, tzinfo=UTC), UTC)
