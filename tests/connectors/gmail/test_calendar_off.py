"""`calendar = false` after the calendars were read: what was stays, what is ahead holds nobody back any more."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.archive import NOW, listed
from tests.connectors.gmail.town import Town, town

OWN = "robin@example.com"
OFF = "calendar = false"
LISTED = listed("Ana Lima")


def lunch(days: float, who: str = "ana@example.org") -> dict[str, Any]:
    start = NOW + timedelta(days=days)
    people = [{"email": one, "responseStatus": "accepted"} for one in (OWN, who)]
    return {
        "summary": "Lunch",
        "start": {"dateTime": start.isoformat()},
        "end": {"dateTime": (start + timedelta(hours=1)).isoformat()},
        "attendees": people,
    }


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        made.google.calendars.put(OWN, lunch(-330))
        made.google.calendars.put(OWN, lunch(5))
        made.run("sync")
        assert made.ask("due") == [], "held: they meet in five days"
        yield made


def due(place: Town) -> list[str]:
    return [one["name"] for one in place.ask("due")]


def test_a_meeting_ahead_holds_nobody_once_the_calendar_is_not_read_any_more(place: Town) -> None:
    place.configure(LISTED, account=OFF)
    place.run("sync")
    assert due(place) == ["Ana Lima"]
    place.later(days=10)
    place.run("sync")
    (ana,) = place.ask("people", "ana")
    assert ana["contact_days"] == 7, "six of mail, and the lunch that was; not the one that nobody told of any more"


def test_switched_on_again_the_whole_calendar_is_told_again(place: Town) -> None:
    place.configure(LISTED, account=OFF)
    place.run("sync")
    place.configure(LISTED)
    place.run("sync")
    assert due(place) == []


def test_while_it_is_off_nothing_is_asked_or_written_for_it(place: Town) -> None:
    place.configure(LISTED, account=OFF)
    place.run("sync")
    before = len(place.google.log)
    place.run("sync")
    assert not [call for call in place.google.log[before:] if call.method.startswith("calendar.")]
