"""Calendars at the fake: whose they are, views over a span, series, answers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.graph.client import Client
from tests.graph.server import Graph

ANA, BO = "Ana Lima <ana@example.org>", "Bo <bo@example.net>"
NOON = datetime(2026, 10, 5, 12, tzinfo=UTC)
SPAN = {"startDateTime": "2026-10-01T00:00:00Z", "endDateTime": "2026-11-01T00:00:00Z"}


def view(client: Client, prefer: str = "", **more: Any) -> list[Any]:
    told: list[Any] = client.get("/me/calendarView", prefer, **SPAN, **more)["value"]
    return told


def test_calendars_have_owners(graph: Graph, client: Client) -> None:
    other = graph.calendars.add("Bo's", owner=BO, can_edit=False)
    first, second = client.get("/me/calendars")["value"]
    assert (first["isDefaultCalendar"], first["canEdit"], first["owner"]["address"]) == (
        True,
        True,
        "robin@example.com",
    )
    assert (second["id"], second["canEdit"], second["owner"]["address"]) == (other, False, "bo@example.net")
    graph.calendars.put("Theirs", NOON, calendar=other)
    assert view(client) == []
    assert len(client.get(f"/me/calendars/{other}/calendarView", **SPAN)["value"]) == 1


def test_only_the_organisers_copy_knows_the_answers(graph: Graph, client: Client) -> None:
    graph.calendars.put("Mine", NOON, {ANA: "accepted", BO: "declined"})
    graph.calendars.put("Theirs", NOON, {BO: "accepted"}, organizer=ANA, response="accepted")
    mine, theirs = view(client)
    assert [one["status"]["response"] for one in mine["attendees"]] == ["accepted", "declined"]
    assert [one["status"]["response"] for one in theirs["attendees"]] == ["none"]
    assert (mine["isOrganizer"], theirs["isOrganizer"]) == (True, False)
    assert (mine["responseStatus"]["response"], theirs["responseStatus"]["response"]) == ("organizer", "accepted")
    assert theirs["organizer"]["emailAddress"]["address"] == "ana@example.org"


def test_times_come_in_the_zone_preferred_and_all_day_floats(graph: Graph, client: Client) -> None:
    graph.calendars.put("Talk", NOON)
    graph.calendars.put(
        "Holiday", datetime(2026, 10, 6, tzinfo=UTC), end=datetime(2026, 10, 7, tzinfo=UTC), all_day=True
    )
    answer = client.ask("GET", "/me/calendarView", prefer='outlook.timezone="W. Europe Standard Time"', params=SPAN)
    talk, holiday = answer.json()["value"]
    assert talk["start"] == {"dateTime": "2026-10-05T14:00:00.0000000", "timeZone": "W. Europe Standard Time"}
    assert (holiday["isAllDay"], holiday["start"]["dateTime"]) == (True, "2026-10-06T00:00:00.0000000")
    assert answer.headers["Preference-Applied"] == 'outlook.timezone="W. Europe Standard Time"'
    assert view(client)[0]["start"] == {"dateTime": "2026-10-05T12:00:00.0000000", "timeZone": "UTC"}
    told = client.refused("GET", "/me/calendarView", prefer='outlook.timezone="Nowhere"', params=SPAN)
    assert told == (400, "TimeZoneNotSupportedException")


def test_a_series_is_told_as_occurrences(graph: Graph, client: Client) -> None:
    days = [NOON + timedelta(weeks=number) for number in range(4)]
    moved = {"start": NOON + timedelta(days=8), "end": NOON + timedelta(days=8, hours=1)}
    name = graph.calendars.put_series("Weekly", days, {ANA: "accepted"}, exceptions={1: moved}, dropped=[2])
    told = view(client, 'IdType="ImmutableId"')
    assert [one["type"] for one in told] == ["occurrence", "exception", "occurrence"]
    assert {one["seriesMasterId"] for one in told} == {name}
    assert told[1]["originalStart"] == "2026-10-12T12:00:00Z"
    assert told[1]["start"]["dateTime"] == "2026-10-13T12:00:00.0000000"
    days_told = [one["iCalUId"][32:40] for one in told]
    assert days_told == ["07EA0A05", "07EA0A0C", "07EA0A1A"]
    master = client.get("/me/events")["value"][0]
    assert (master["type"], master["iCalUId"][32:40]) == ("seriesMaster", "00000000")
    assert {one["iCalUId"].replace(day, "00000000", 1) for one, day in zip(told, days_told, strict=True)} == {
        master["iCalUId"]
    }  # fmt: skip
    assert client.get(f"/me/events/{told[0]['id']}")["type"] == "occurrence"
    graph.calendars.drop(name)
    assert view(client) == []


def test_a_meeting_called_off_stays_until_it_is_taken_out(graph: Graph, client: Client) -> None:
    name = graph.calendars.put("Talk", NOON, [BO], organizer=ANA, online=True, show_as="tentative")
    before = view(client)[0]
    graph.calendars.cancel(name)
    after = view(client)[0]
    assert (before["isCancelled"], before["showAs"], before["isOnlineMeeting"]) == (False, "tentative", True)
    assert (after["isCancelled"], after["subject"], after["@odata.etag"] == before["@odata.etag"]) == (
        True, "Canceled: Talk", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("", 400, "ErrorInvalidParameter"),
        ("?startDateTime=2026-01-01&endDateTime=2025-01-01", 400, "ErrorInvalidParameter"),
        ("?startDateTime=soon&endDateTime=2026-01-01", 400, "ErrorInvalidParameter"),
        ("?startDateTime=2020-01-01T00:00:00Z&endDateTime=2025-01-01T00:00:00Z", 400, "ErrorInvalidRequest"),
        ("?startDateTime=2026-01-01&endDateTime=2026-02-01&$select=subjekt", 400, "BadRequest"),
        ("?startDateTime=2026-01-01&endDateTime=2026-02-01&$filter=isAllDay eq true", 501, "NotImplemented"),
        ("/delta?startDateTime=2026-01-01&endDateTime=2026-02-01", 501, "NotImplemented"),
    ],
)
def test_a_view_needs_a_span_of_at_most_five_years(client: Client, query: str, status: int, code: str) -> None:
    assert client.refused("GET", f"/me/calendarView{query}") == (status, code)


def test_1825_days_are_allowed(client: Client) -> None:
    end = (datetime(2020, 1, 1, tzinfo=UTC) + timedelta(days=1825)).isoformat()
    assert client.get("/me/calendarView", startDateTime="2020-01-01T00:00:00Z", endDateTime=end)["value"] == []


def test_views_and_events_come_in_pages(graph: Graph, client: Client) -> None:
    for number in range(5):
        graph.calendars.put(f"{4 - number}", NOON + timedelta(days=4 - number))
    first = client.get("/me/calendarView", **SPAN, top=3, select="subject")
    second = client.get(first["@odata.nextLink"])
    assert [one["subject"] for one in first["value"] + second["value"]] == ["0", "1", "2", "3", "4"]
    assert len(view(client, top=1000)) == 5
    where = f"/me/calendars/{graph.calendars.default}/events"
    told = client.get(where, orderby="start/dateTime", top=1, select="start")["value"]
    assert [one["start"]["dateTime"] for one in told] == ["2026-10-05T12:00:00.0000000"]
