"""What a user sees of a long first read: through when the newest is there, and how far the rest has come."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.connectors.gmail.town import Town, town
from tests.google.faults import always, reset


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as place:
        for number in range(250):
            sender = f"Stranger {number} <stranger{number}@example.net>"
            place.mail(sender, "robin@example.com", 100 + number, ("INBOX",), f"Old {number}")
        yield place


def test_old_mail_of_the_inbox_follows_in_later_rounds_and_status_says_how_far(place: Town) -> None:
    place.run("sync")
    first = place.ask("status")["accounts"][0]
    assert first["health"] == "ok"
    told = first["backfill"]
    assert 0 < told["done"] < told["total"] == 256
    assert f"{told['done']} of 256 mails" in place.run("status").out
    # The first read counts as through all the same: whom Robin wrote to is known, and nothing holds drafts back.
    assert place.ask("due")[0]["name"] == "Ana Lima"
    counts = []
    while (backfill := place.ask("status")["accounts"][0]["backfill"]) is not None:
        counts.append(backfill["done"])
        place.later(minutes=15)
        place.run("once")
        assert len(counts) < 9
    assert counts == sorted(set(counts))
    strangers = place.ask("people", "stranger", "--all")
    assert len(strangers) == 250
    assert {(person["contact_days"], person["state"]) for person in strangers} == {(1, "quiet")}


def test_a_first_read_that_breaks_off_holds_drafts_back_and_goes_on(place: Town) -> None:
    place.google.plan = always(reset(), method="messages.get")
    place.run("sync", code=69)
    status = place.ask("status", code=1)
    assert status["accounts"][0]["health"] == "unavailable"
    assert status["accounts"][0]["backfill"] == {"done": 0, "total": 3}
    assert place.ask("due") == []
    place.google.plan = None
    before = place.google.quota.calls["gmail.users.messages.list"]
    place.run("sync")
    # The ids were listed and kept: only the inbox is listed now, and its three tabs.
    assert place.google.quota.calls["gmail.users.messages.list"] - before == 4
    assert place.ask("due")[0]["name"] == "Ana Lima"
