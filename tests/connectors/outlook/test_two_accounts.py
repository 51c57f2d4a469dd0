"""A user with a Gmail and an Outlook account: the same people in both, drafts in the right one, one account dead."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.archive import NOW, listed
from tests.connectors.outlook.place import Place, opened
from tests.google.mailbox import Mailbox as GoogleMailbox
from tests.graph.faults import always, status

ROBIN_THERE, ROBIN_HERE = "Robin Park <robin@example.net>", "Robin Park <robin@example.com>"
ANA, ANA_AT_WORK = "Ana Lima <ana@example.org>", "Ana Lima <ana.lima@example.com>"
BELA = "Bela Kovacs <bela@example.org>"
TEA = NOW - timedelta(days=150)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """Ana writes from one address to each account, last to the one at Graph; Bela to the one at Google only."""
    with opened(tmp_path, google=True) as made:
        for turn in range(3):
            made.google_mail(ANA, ROBIN_THERE, 320 + turn * 50, f"Letter {turn}")
            made.google_mail(ROBIN_THERE, ANA, 319 + turn * 50, f"Re: Letter {turn}")
            made.google_mail(BELA, ROBIN_THERE, 200 + turn * 40, f"Card {turn}")
            made.google_mail(ROBIN_THERE, BELA, 199 + turn * 40, f"Re: Card {turn}")
            made.mail(ANA_AT_WORK, ROBIN_HERE, 261 + turn * 50, f"Note {turn}")
            made.mail(ROBIN_HERE, ANA_AT_WORK, 260 + turn * 50, f"Re: Note {turn}")
        made.configure(people())
        yield made


def people(**more: str) -> str:
    return '[[people]]\nname = "Ana Lima"\nevery = "1 month"\n' + listed("Bela Kovacs") + "".join(more.values())


def meet(place: Place, at: datetime = TEA) -> None:
    """Let Robin have organised a meeting with Ana at Google, which Graph knows as an invitation."""
    assert place.google is not None
    uid = "tea42@google.com"
    place.google.calendars.put(
        "robin@example.net",
        {
            "summary": "Tea", "iCalUID": uid,
            "start": {"dateTime": at.isoformat()}, "end": {"dateTime": (at + timedelta(hours=1)).isoformat()},
            "organizer": {"email": "robin@example.net"},
            "attendees": [
                {"email": "ana@example.org", "responseStatus": "accepted"},
                {"email": "robin@example.com", "responseStatus": "accepted"},
            ],
        },
    )  # fmt: skip
    data = b"vCal-Uid\x01\x00\x00\x00" + uid.encode() + b"\x00"
    wrapped = f"040000008200E00074C5B7101A82E008{'0' * 40}{len(data).to_bytes(4, 'little').hex()}{data.hex()}".upper()
    invited: Any = {"Ana Lima <ana@example.org>": "none", "Robin Park <robin@example.com>": "none"}
    place.graph.calendars.put(
        "Tea", at, attendees=invited, organizer="Robin Park <robin@example.net>", response="accepted", uid=wrapped
    )


def google_drafts(place: Place) -> list[str]:
    assert place.google is not None
    mailbox: GoogleMailbox = place.google.mailbox
    return [mailbox.draft(one).header("to") for one in mailbox.drafts]


def graph_drafts(place: Place) -> list[str]:
    return [address for one in place.drafts for _, address in one.to]


def test_the_same_person_in_both_is_one_person(place: Place) -> None:
    place.run("sync")
    (ana,) = place.ask("people", "ana")
    assert sorted(ana["emails"]) == ["ana.lima@example.com", "ana@example.org"]
    assert ana["last_contact"]["at"].startswith(f"{NOW - timedelta(days=260):%Y-%m-%d}")


def test_both_mailboxes_addresses_are_the_users_and_nobody_elses(place: Place) -> None:
    place.google_mail(ROBIN_HERE, ROBIN_THERE, 20, "To myself")
    place.mail(ROBIN_THERE, ROBIN_HERE, 20, "To myself")
    place.run("sync")
    assert sorted(one["name"] for one in place.ask("people", "--all")) == ["Ana Lima", "Bela Kovacs"]


def test_one_meeting_seen_in_both_calendars_is_one_contact(place: Place) -> None:
    meet(place)
    assert "1 meeting" in place.run("sync").err
    told = place.ask("why", "ana")
    assert [one["at"] for one in told["counted"] if one["kind"] == "meeting"] == [
        f"{TEA + timedelta(hours=1):%Y-%m-%dT%H:%M:%SZ}"
    ]
    assert told["not_counted"] == []
    assert told["person"]["last_contact"]["kind"] == "meeting"


def test_a_meeting_ahead_in_both_calendars_holds_a_draft_until_it_is_called_off_in_both(place: Place) -> None:
    place.run("sync")
    place.later(days=1)
    meet(place, NOW + timedelta(days=5))
    place.run("sync")
    place.run("draft")
    assert graph_drafts(place) == []
    assert place.ask("people", "ana")[0]["next_meeting"].startswith(f"{NOW + timedelta(days=5):%Y-%m-%d}")
    assert place.google is not None
    (name,) = place.google.calendars.shelves["robin@example.net"].entries
    place.google.calendars.cancel("robin@example.net", name)
    (event,) = place.graph.calendars.events.values()
    place.graph.calendars.cancel(event.id(immutable=True))
    place.later(hours=1)
    place.run("sync")
    place.run("draft")
    assert graph_drafts(place) == ["ana.lima@example.com"]


def test_after_a_meeting_the_draft_goes_into_the_account_of_the_organisers_copy(place: Place) -> None:
    meet(place)
    place.run("sync")
    place.later(days=1)
    place.run("draft")
    assert graph_drafts(place) == []
    assert [to for to in google_drafts(place) if "ana@example.org" in to]


def test_each_draft_goes_into_the_account_of_the_last_contact(place: Place) -> None:
    place.run("sync")
    place.later(days=1)
    place.run("draft")
    assert graph_drafts(place) == ["ana.lima@example.com"]
    assert [to for to in google_drafts(place) if "bela@example.org" in to]
    assert len(google_drafts(place)) == 1
    place.later(minutes=15)
    place.run("once")
    assert place.statuses() == ["open", "open"]


def kill(place: Place, which: str) -> None:
    """Let the sign-in of one account be taken back."""
    if which == "work":
        place.graph.login.revoke_all()
    else:
        assert place.google is not None
        place.google.oauth.revoke_all()


@pytest.mark.parametrize(("dead", "alive"), [("work", "home"), ("home", "work")])
def test_one_account_dead_the_other_is_read_on_and_drafting_waits_and_status_says_so(
    place: Place, dead: str, alive: str
) -> None:
    place.run("sync")
    place.later(days=1)
    kill(place, dead)
    where = (place.mail, place.google_mail)[alive == "home"]
    where("Cleo Dunn <cleo@example.org>", (ROBIN_HERE, ROBIN_THERE)[alive == "home"], place.graph.clock.now(), "Hello")
    ran = place.run("once", code=1)
    assert f"auld login {dead}" in ran.all
    assert place.ask("people", "cleo", "--all", code=(0, 77))
    assert (graph_drafts(place), google_drafts(place)) == ([], [])
    told = {one["name"]: one for one in place.ask("status", code=(0, 1, 77))["accounts"]}
    assert told[dead]["health"] == "needs-login"
    assert told[alive]["health"] == "ok"


@pytest.mark.parametrize("dead", ["work", "home"])
def test_when_the_dead_one_lives_again_what_it_missed_is_read_and_drafts_are_written(place: Place, dead: str) -> None:
    place.run("sync")
    place.later(days=1)
    kill(place, dead)
    place.run("once", code=1)
    where, own = (place.mail, ROBIN_HERE) if dead == "work" else (place.google_mail, ROBIN_THERE)
    where(BELA, own, place.graph.clock.now(), "Long time")
    place.later(minutes=15)
    place.sign_in()
    place.run("once")
    assert graph_drafts(place) == ["ana.lima@example.com"]
    assert google_drafts(place) == [], "Bela wrote meanwhile"


@pytest.mark.parametrize("which", ["work", "home"])
def test_one_account_that_cannot_be_reached_holds_drafting_and_loses_nothing(place: Place, which: str) -> None:
    place.run("sync")
    place.later(days=1)
    server: Any = place.graph if which == "work" else place.google
    server.plan = always(status(503))
    place.run("once", code=(0, 1, 69))
    assert (graph_drafts(place), google_drafts(place)) == ([], [])
    server.plan = None
    place.later(minutes=15)
    place.run("once")
    assert graph_drafts(place) == ["ana.lima@example.com"]
    assert len(google_drafts(place)) == 1
