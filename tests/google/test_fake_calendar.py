"""The fake calendars answer the real client as Google Calendar does."""

from typing import Any

import pytest

from tests.google.letters import refused
from tests.google.server import Google

ROBIN = "robin@example.com"


def event(day: int, **more: object) -> dict[str, Any]:
    start, end = {"dateTime": f"2026-09-{day:02}T10:00:00+02:00"}, {"dateTime": f"2026-09-{day:02}T11:00:00+02:00"}
    return {"id": f"e{day}", "summary": f"Tea {day}", "start": start, "end": end, **more}


def read(calendar: Any, name: str = ROBIN, **params: Any) -> tuple[list[list[Any]], str]:
    """Return the pages of a listing and its sync token."""
    told: list[list[Any]] = []
    token = None
    while True:
        answer = calendar.events().list(calendarId=name, singleEvents=True, pageToken=token, **params).execute()
        told.append(answer["items"])
        token = answer.get("nextPageToken")
        assert (token is None) == ("nextSyncToken" in answer)
        if token is None:
            return told, answer["nextSyncToken"]


def ids(pages: list[list[Any]]) -> list[str]:
    return [one["id"] for page in pages for one in page]


def test_only_the_last_page_has_the_sync_token(google: Google, calendar: Any) -> None:
    google.calendars.fill(ROBIN, [event(day) for day in range(1, 8)])
    told, _ = read(calendar, maxResults=3)
    assert [len(page) for page in told] == [3, 3, 1]
    assert ids(told) == [f"e{day}" for day in range(1, 8)]
    assert told[0][0]["organizer"] == {"email": ROBIN, "self": True}
    assert told[0][0]["status"] == "confirmed"


def test_a_sync_tells_what_changed_and_what_was_cancelled(google: Google, calendar: Any) -> None:
    google.calendars.fill(ROBIN, [event(day) for day in range(1, 6)])
    google.calendars.put(ROBIN, event(9, recurringEventId="e", originalStartTime={"date": "2026-09-09"}))
    _, token = read(calendar)
    google.calendars.change(ROBIN, "e2", summary="Coffee")
    google.calendars.cancel(ROBIN, "e3")
    google.calendars.cancel(ROBIN, "e4", only_id=False)
    google.calendars.cancel(ROBIN, "e9")
    google.calendars.drop(ROBIN, "e5")
    told, after = read(calendar, syncToken=token, maxResults=2)
    assert ids(told) == ["e2", "e3", "e4", "e9"]
    assert after != token
    bare, whole = told[0][1], told[1][0]
    assert {**bare, "etag": ""} == {"kind": "calendar#event", "id": "e3", "status": "cancelled", "etag": ""}
    assert whole["summary"] == "Tea 4"
    assert set(told[1][1]) == {"kind", "etag", "id", "status", "recurringEventId", "originalStartTime"}
    assert ids(read(calendar)[0]) == ["e1", "e2"]
    assert ids(read(calendar, showDeleted=True)[0]) == ["e1", "e2", "e3", "e4", "e9"]


def test_a_sync_token_stays_while_nothing_changes(google: Google, calendar: Any) -> None:
    google.calendars.put(ROBIN, event(1))
    _, token = read(calendar)
    assert read(calendar, syncToken=token) == ([[]], token)
    google.calendars.fresh_tokens = True
    assert read(calendar, syncToken=token)[1] != token


def test_what_changes_between_two_pages_is_told_by_the_next_sync(google: Google, calendar: Any) -> None:
    google.calendars.fill(ROBIN, [event(day) for day in range(1, 5)])
    first = calendar.events().list(calendarId=ROBIN, singleEvents=True, maxResults=2).execute()
    google.calendars.change(ROBIN, "e1", summary="Coffee")
    google.calendars.put(ROBIN, event(7))
    token = first["nextPageToken"]
    rest = calendar.events().list(calendarId=ROBIN, singleEvents=True, maxResults=3, pageToken=token).execute()
    assert ids([rest["items"]]) == ["e3", "e4", "e7"]
    assert ids(read(calendar, syncToken=rest["nextSyncToken"])[0]) == ["e1", "e7"]


@pytest.mark.parametrize(
    "params",
    [
        {"timeMin": "2026-09-01T00:00:00Z"}, {"timeMax": "2026-09-01T00:00:00Z"}, {"q": "tea"}, {"orderBy": "updated"},
        {"updatedMin": "2026-09-01T00:00:00Z"}, {"iCalUID": "x"}, {"showDeleted": False}, {"maxAttendees": 5},
        {"eventTypes": ["default"]},
    ],
)  # fmt: skip
def test_a_sync_token_goes_with_nothing_but_what_it_was_given_for(
    google: Google, calendar: Any, params: dict[str, Any]
) -> None:
    google.calendars.add("other@example.org")
    _, token = read(calendar)
    sync = {"calendarId": ROBIN, "singleEvents": True, "syncToken": token}
    assert refused(calendar.events().list(**sync, **params))[0] == 400
    assert refused(calendar.events().list(**sync | {"singleEvents": False}))[0] == 400
    assert refused(calendar.events().list(**sync | {"calendarId": "other@example.org"}))[0] == 400
    assert refused(calendar.events().list(**sync | {"syncToken": "nonsense"}))[0] == 400


def test_an_expired_sync_token_is_gone(google: Google, calendar: Any) -> None:
    _, token = read(calendar)
    google.calendars.expire_sync()
    answer = refused(calendar.events().list(calendarId=ROBIN, singleEvents=True, syncToken=token))
    assert answer[:2] == (410, "fullSyncRequired")
    assert read(calendar, syncToken=read(calendar)[1])[0] == [[]]


def test_a_time_window_is_by_end_and_start(google: Google, calendar: Any) -> None:
    google.calendars.fill(ROBIN, [event(day) for day in range(1, 4)])
    google.calendars.put(ROBIN, {"id": "day", "start": {"date": "2026-09-02"}, "end": {"date": "2026-09-03"}})
    assert ids(read(calendar, timeMin="2026-09-02T08:30:00Z")[0]) == ["e2", "e3", "day"]
    assert ids(read(calendar, timeMin="2026-09-02T09:00:00Z")[0]) == ["e3", "day"]
    assert ids(read(calendar, timeMax="2026-09-02T08:00:00Z")[0]) == ["e1", "day"]
    assert refused(calendar.events().list(calendarId=ROBIN, timeMin="2026-09-02"))[0] == 400
    empty = {"timeMin": "2026-09-03T00:00:00Z", "timeMax": "2026-09-02T00:00:00Z"}
    assert refused(calendar.events().list(calendarId=ROBIN, **empty))[:2] == (400, "timeRangeEmpty")


def test_a_sync_keeps_the_window_but_tells_what_moved_out(google: Google, calendar: Any) -> None:
    google.calendars.fill(ROBIN, [event(5), event(6)])
    _, token = read(calendar, timeMin="2026-09-04T00:00:00Z")
    google.calendars.put(ROBIN, event(1) | {"id": "e5"})
    google.calendars.put(ROBIN, event(2))
    assert ids(read(calendar, syncToken=token)[0]) == ["e5"]


def test_pages_may_be_short_and_empty(google: Google, calendar: Any) -> None:
    google.calendars.fill(ROBIN, [event(day) for day in range(1, 6)])
    google.calendars.page_limit, google.calendars.empty_every = 2, 3
    told, _ = read(calendar, maxResults=2500)
    assert [len(page) for page in told] == [2, 2, 0, 1]
    assert len(ids(told)) == 5


def test_who_may_only_see_free_and_busy_gets_no_details(google: Google, calendar: Any) -> None:
    google.calendars.add("team@example.org", role="reader")
    google.calendars.put("team@example.org", event(1, attendees=[{"email": ROBIN}]))
    google.calendars.put("team@example.org", event(2, visibility="private"))
    ((open_one, private),) = read(calendar, "team@example.org")[0]
    assert open_one["attendees"] == [{"responseStatus": "needsAction", "self": True, "email": ROBIN}]
    assert "summary" not in private
    google.calendars.share("team@example.org", "freeBusyReader")
    ((one, _),) = read(calendar, "team@example.org")[0]
    assert set(one) == {"kind", "etag", "id", "status", "start", "end", "iCalUID", "visibility"}
    google.calendars.share("team@example.org", "none")
    assert refused(calendar.events().list(calendarId="team@example.org"))[:2] == (404, "notFound")
    assert refused(calendar.events().list(calendarId="nobody@example.org"))[0] == 404


def test_too_many_guests_are_left_out(google: Google, calendar: Any) -> None:
    guests = [{"email": f"guest{number}@example.org"} for number in range(9)]
    google.calendars.put(ROBIN, event(1, attendees=[{"email": ROBIN}, *guests]))
    ((one,),) = read(calendar, maxAttendees=5)[0]
    assert one["attendeesOmitted"] is True
    assert [guest["email"] for guest in one["attendees"]] == [ROBIN]


def test_the_series_itself_is_told_only_unexpanded(google: Google, calendar: Any) -> None:
    google.calendars.put(ROBIN, event(1, recurrence=["RRULE:FREQ=DAILY"]))
    google.calendars.put(ROBIN, event(2, recurringEventId="e1", originalStartTime={"date": "2026-09-02"}))
    assert ids(read(calendar)[0]) == ["e2"]
    assert "e1" in ids([calendar.events().list(calendarId=ROBIN).execute()["items"]])


def test_an_order_needs_single_events_and_gives_no_sync_token(google: Google, calendar: Any) -> None:
    google.calendars.fill(ROBIN, [event(3), event(1)])
    assert refused(calendar.events().list(calendarId=ROBIN, orderBy="startTime"))[0] == 400
    answer = calendar.events().list(calendarId=ROBIN, orderBy="startTime", singleEvents=True).execute()
    assert [one["id"] for one in answer["items"]] == ["e1", "e3"]
    assert "nextSyncToken" not in answer


def test_the_calendars_are_listed_by_role_and_synced(google: Google, calendar: Any) -> None:
    google.calendars.add("team@example.org", role="writer", summary="Team")
    google.calendars.add("holidays@example.org", role="reader", hidden=True)
    lists = calendar.calendarList().list
    everything = lists(showHidden=True, maxResults=2).execute()
    rest = lists(showHidden=True, maxResults=2, pageToken=everything["nextPageToken"]).execute()
    assert ids([everything["items"], rest["items"]]) == [ROBIN, "team@example.org", "holidays@example.org"]
    assert everything["items"][0]["primary"] is True
    assert ids([lists(minAccessRole="owner").execute()["items"]]) == [ROBIN]
    google.calendars.forget("team@example.org")
    changed = lists(showHidden=True, syncToken=rest["nextSyncToken"]).execute()["items"]
    assert [(one["id"], one.get("deleted")) for one in changed] == [("team@example.org", True)]
    assert refused(lists(syncToken=rest["nextSyncToken"], minAccessRole="owner"))[0] == 400
    assert refused(lists(maxResults=251))[0] == 400


def test_what_the_fake_lacks_is_said(calendar: Any) -> None:
    assert refused(calendar.colors().get())[0] in {403, 501}
    assert refused(calendar.events().list(calendarId=ROBIN, q="tea"))[0] == 501
    assert refused(calendar.events().list(calendarId=ROBIN, maxResults=2501))[0] == 400
