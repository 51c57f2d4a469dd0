"""Reads of calendars that are broken off, or fail, and what the program makes of them."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import CursorExpired
from connectors.types import Batch, Meeting
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.town import Town, town
from tests.google import START, Call, Fault
from tests.google.faults import status

OWN = "robin@example.com"


def at(days: float, **fields: Any) -> dict[str, Any]:
    """Return an event of an hour, so many days after the fake's beginning."""
    start = START + timedelta(days=days)
    hour = timedelta(hours=1)
    return {
        "summary": f"Day {days}",
        "start": {"dateTime": start.isoformat()},
        "end": {"dateTime": (start + hour).isoformat()},
    } | fields


def read(home: Home, cursor: str | None = None, since: datetime | None = None) -> list[Batch[Meeting]]:
    return list(home.calendar.changes(cursor, since))


def titles(batches: list[Batch[Meeting]]) -> list[str]:
    return sorted(one.title for batch in batches for one in batch.items)


@pytest.fixture
def filled(home: Home) -> Home:
    home.google.calendars.fill(OWN, [at(-3), at(-2), at(5)])
    return home


def test_fresh_tokens_without_news_are_kept_only_now_and_then(filled: Home) -> None:
    filled.google.calendars.fresh_tokens = True
    cursor = read(filled)[-1].cursor
    for _ in range(4):
        filled.google.clock.wait(86_400)
        assert read(filled, cursor) == []
    filled.google.clock.wait(86_400)
    (batch,) = read(filled, cursor)
    assert batch.cursor != cursor


def test_a_read_of_news_stopped_after_any_batch_goes_on_and_loses_nothing(filled: Home) -> None:
    cursor = read(filled)[-1].cursor
    filled.google.calendars.page_limit = 2
    filled.google.calendars.fill(OWN, [at(-100 - one) for one in range(7)])
    count = len(read(filled, cursor))
    for stop in range(1, count + 1):
        told = []
        for batch in filled.calendar.changes(cursor, None):
            told.append(batch)
            if len(told) == stop:
                break
        assert len(set(titles(told + read(filled, told[-1].cursor)))) == 7


def test_a_first_read_stopped_after_any_batch_loses_nothing(home: Home) -> None:
    google = home.google
    google.calendars.page_limit = 2
    for calendar in (OWN, google.calendars.add("team@example.com")):
        google.calendars.fill(calendar, [at(-one, summary=f"{calendar} {one}") for one in range(5)])
    count = len(read(home))
    for stop in range(1, count + 1):
        told = []
        for batch in home.calendar.changes(None, None):
            told.append(batch)
            if len(told) == stop:
                break
        try:
            told += read(home, told[-1].cursor)
        except CursorExpired:
            told += read(home)
        assert len(set(titles(told))) == 10


def test_a_calendar_that_went_or_is_only_to_be_read_any_more_is_noticed(filled: Home) -> None:
    calendars = filled.google.calendars
    calendars.add("team@example.com")
    cursor = read(filled)[-1].cursor
    calendars.share("team@example.com", "reader")
    filled.google.clock.wait(7 * 86_400)
    with pytest.raises(CursorExpired):
        read(filled, cursor)
    calendars.forget("team@example.com")
    with pytest.raises(CursorExpired):
        read(filled, cursor)
    assert len(titles(read(filled))) == 3


def test_a_sync_token_that_google_let_expire_has_expired(filled: Home) -> None:
    cursor = read(filled)[-1].cursor
    filled.google.calendars.expire_sync()
    with pytest.raises(CursorExpired):
        read(filled, cursor)


def stand(moment: str) -> str:
    """Return a cursor of the right shape, all of whose moments are this one."""
    return json.dumps(
        {"google calendars, 1": {"tokens": {}} | dict.fromkeys(["begun_at", "listed_at", "moved_at"], moment)}
    )


CURSORS = [
    "", "{}", "[]", "nonsense", '{"google calendars, 1": {}}', '{"google calendars, 1": {"tokens": []}}', "[" * 50_000,
    '{"google calendars, 1": {"tokens": {}, "begun_at": "2026-10-01T00:00:00", "listed_at": "x", "moved_at": ""}}',
    stand("2026-10-01T00:00:00"), stand("0001-01-01T00:00:00+14:00"), stand("2026-13-01"),
    '{"google calendars, 1": {"other": 1}}', '{"gmail, 1": {"history": "1", "stage": "through"}}',
]  # fmt: skip


@pytest.mark.parametrize("cursor", CURSORS, ids=range(len(CURSORS)))
def test_a_cursor_of_another_shape_has_expired(filled: Home, cursor: str) -> None:
    with pytest.raises(CursorExpired):
        read(filled, cursor)


# -- through the daemon ------------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        yield made


def test_an_expired_token_leads_to_a_whole_new_read_that_forgets_what_is_gone(place: Town) -> None:
    now = place.google.clock.now()
    times = {
        "start": {"dateTime": (now - timedelta(days=2)).isoformat()},
        "end": {"dateTime": (now - timedelta(days=1)).isoformat()},
    }  # fmt: skip
    people = [{"email": OWN, "responseStatus": "accepted"}, {"email": "ana@example.org", "responseStatus": "accepted"}]
    name = place.google.calendars.put(OWN, times | {"attendees": people, "summary": "Lunch"})
    place.run("sync")
    (ana,) = place.ask("people", "ana")
    assert ana["last_contact"]["kind"] == "meeting"
    place.google.calendars.drop(OWN, name)
    place.google.calendars.expire_sync()
    place.google.mailbox.expire_history()
    place.later(minutes=15)
    place.run("sync")
    (ana,) = place.ask("people", "ana")
    assert ana["last_contact"]["kind"] == "sent"
    assert ana["contact_days"] == 6


def test_a_calendar_that_fails_does_not_keep_the_mail_from_being_read(place: Town) -> None:
    def plan(call: Call) -> Fault | None:
        return status(500) if call.method.startswith("calendar.") else None

    place.google.plan = plan
    place.run("sync", code=69)
    assert place.ask("people", "ana")[0]["contact_days"] == 6
