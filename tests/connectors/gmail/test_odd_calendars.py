"""One odd calendar or entry in what Google Calendar answers: it is left out and told, and stops no other."""

import pytest

from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import UNUSABLE, changed, sentences

OWN = "robin@example.com"
CALENDARS = [7, None, {}, *({"id": one, "accessRole": "owner", "summary": "Odd"} for one in UNUSABLE)]


@pytest.mark.parametrize("row", CALENDARS, ids=range(len(CALENDARS)))
def test_a_calendar_that_is_listed_under_no_usable_id_is_left_out_and_told(home: Home, row: object) -> None:
    google = home.google
    hour = {"start": {"dateTime": "2026-09-01T10:00:00Z"}, "end": {"dateTime": "2026-09-01T11:00:00Z"}}
    google.calendars.put(OWN, hour)
    odd = changed(lambda document: document | {"items": [row, *document["items"]]})
    google.plan = lambda call: odd if call.method.endswith("calendarList.list") else None
    batches = list(home.calendar.changes(None, None))
    assert sum(len(batch.items) for batch in batches) == 1
    assert sentences(batches) == ["What Google tells of a calendar cannot be understood; it was left out."]


EVENTS: list[object] = [
    7, None, [], {}, {"id": "\ud800"}, {"id": 7}, {"id": "odd", "start": 7, "end": []},
    {"id": "odd", "status": "cancelled", "start": {}},
    {"id": "odd", "start": {"dateTime": "\ud800"}, "end": {"dateTime": "x"}},
]  # fmt: skip


@pytest.mark.parametrize("event", EVENTS, ids=range(len(EVENTS)))
def test_an_odd_entry_does_not_stop_its_calendar(home: Home, event: object) -> None:
    google = home.google
    hour = {"start": {"dateTime": "2026-09-01T10:00:00Z"}, "end": {"dateTime": "2026-09-01T11:00:00Z"}}
    google.calendars.put(OWN, hour)
    odd = changed(lambda document: document | {"items": [event, *document["items"]]})
    google.plan = lambda call: odd if call.method.endswith("events.list") else None
    batches = list(home.calendar.changes(None, None))
    assert sum(len(batch.items) for batch in batches) == 1
    assert len(sentences(batches)) <= 1


def test_half_characters_in_what_an_entry_is_called_by_never_leave_the_connector(home: Home) -> None:
    google = home.google
    hour = {"start": {"dateTime": "2026-09-01T10:00:00Z"}, "end": {"dateTime": "2026-09-01T11:00:00Z"}}
    google.calendars.put(OWN, hour)
    rows = [hour | {"id": "a\ud800"}, hour | {"id": "fine", "iCalUID": "uid\ud800", "summary": "Tea\ud800"}]
    google.plan = lambda call: changed(lambda _: {"items": rows}) if call.method.endswith("events.list") else None
    batches = list(home.calendar.changes(None, None))
    (meeting,) = (one for batch in batches for one in batch.items)
    assert (meeting.key, meeting.uid, meeting.title) == (f"{OWN}/fine", "uid", "Tea")
    assert sentences(batches) == ["A calendar entry was left out: an entry without an id"]


def test_so_many_odd_entries_are_told_by_their_number(home: Home) -> None:
    rows = [{"id": f"odd{number}", "start": {"date": f"x{number}"}, "end": {"date": "x"}} for number in range(25)]
    home.google.plan = lambda call: changed(lambda _: {"items": rows}) if call.method.endswith("events.list") else None
    told = sentences(list(home.calendar.changes(None, None)))
    assert len(told) == 21
    assert told[-1] == "5 more calendar entries were left out."
