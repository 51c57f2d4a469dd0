"""The whole way, from signing in to signing out, at a Microsoft that is neither ours nor Microsoft's.

What the commands need and it lacks is filled in before it, by `tests.emulator.front.Filled`, which names each thing:
delta, batches, etags, and what a draft is found by. That is tested for itself at the fake (tests/graph); here it only
lets the rest be gone through. The head of tests/emulator/outlook.py says what cannot be tried here at all.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.cli.archive import NOW, after, before
from tests.emulator.front import Filled
from tests.emulator.home import ANA, DORA, ME
from tests.emulator.outlook import BEGINS, Office, addresses, at_office

HOUR = timedelta(hours=1)
TOMORROW = after(days=1)
ANAS, BELAS, DORAS = "ana@example.org", "bela@example.net", "dora@example.org"
BY_ITSELF = {"alex@example.com", "builds@example.com", "teammate@example.com"}
"""People that the emulator puts into each mailbox."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A home where nobody is signed in and nothing is read."""
    with at_office(tmp_path, Filled()) as office:
        yield office


@pytest.fixture
def robin(office: Office) -> Office:
    """A home where Robin is signed in and all is read."""
    office.read()
    return office


def is_now(moment: str) -> bool:
    """Say whether a moment is one of this test, by the emulator's clock, which does not stand."""
    return BEGINS <= datetime.fromisoformat(moment) < BEGINS + timedelta(minutes=10)


# -- reading -----------------------------------------------------------------------------------------------------------


def test_people_are_told_by_what_mail_and_calendars_say(office: Office) -> None:
    """As a program of its own. No headers tell newsletters here, which Microsoft's would."""
    office.sign_in()
    with office.program("sync") as sync:
        assert sync.communicate(timeout=20) == ("", "home: 20 new mails and 4 meetings\n")
    assert sync.returncode == 0
    people = {one["emails"][0]: one for one in office.ask("people", "--all")}
    letters, offers = "newsletter@letters.example.org", "paula@offers.example.org"
    assert set(people) == {ANAS, BELAS, "chidi@example.org", DORAS, letters, offers} | BY_ITSELF
    contacts = {
        email: (one["last_contact"]["kind"], datetime.fromisoformat(one["last_contact"]["at"]), one["contact_days"])
        for email, one in people.items()
        if one["last_contact"] is not None and email not in BY_ITSELF
    }
    assert contacts == {
        ANAS: ("sent", before(200), 3),
        BELAS: ("sent", before(60), 4),
        "chidi@example.org": ("received", before(149), 2),
        DORAS: ("received", before(100), 2),
        letters: ("received", before(10), 2),
        offers: ("received", before(8), 1),
    }
    assert people["chidi@example.org"]["next_meeting"] == "2026-12-01T10:00:00Z"
    assert [one["name"] for one in office.ask("due")] == ["Ana Lima", "Bela Kovacs"]
    [asked] = office.ask("why", BELAS)["not_counted"]
    assert (asked["at"], asked["rule"]) == ("2026-11-09T12:24:00Z", "you neither organised nor accepted it")


def test_a_second_sync_brings_nothing_new_and_a_third_what_came_since(robin: Office) -> None:
    people, start = robin.ask("people", "--all"), len(robin.front.log)
    assert robin.run("sync").err == "home: nothing new\n"
    assert robin.ask("people", "--all") == people
    assert len(robin.asked(start)) == 2 + 3, "for mail, and for each calendar"

    robin.hands.get(ANA, "Low tide")
    number = robin.hands.meet("Tea", NOW + HOUR, NOW + 2 * HOUR, ME, DORA)
    assert robin.run("sync", now=NOW + HOUR).err == "home: 1 new mail and 1 meeting\n"
    last = robin.person(ANAS, now=NOW + HOUR)["last_contact"]
    assert (last["kind"], last["title"], is_now(last["at"])) == ("received", "Low tide", True)
    assert "a meeting: you neither organised nor accepted it" in robin.run("why", DORAS, now=NOW + 3 * HOUR).out

    robin.hands.cancel(number)
    robin.run("sync", now=NOW + HOUR)
    assert robin.ask("why", DORAS, now=NOW + 3 * HOUR)["not_counted"] == []


# -- drafts ------------------------------------------------------------------------------------------------------------


def test_a_draft_to_somebody_long_silent_begins_a_new_thread(robin: Office) -> None:
    written = robin.draft(ANAS)
    told = robin.hands.find(ANAS)
    assert (told["isDraft"], told["parentFolderId"], told["subject"]) == (True, "drafts", written["subject"])
    assert told["toRecipients"] == [{"emailAddress": {"address": ANAS, "name": "Ana Lima"}}]
    assert (told["ccRecipients"], told["bccRecipients"], told["attachments"]) == ([], [], [])
    assert told["body"] == {"contentType": "text", "content": written["body"].replace("\n", "\r\n")}
    assert told["conversationId"] not in {one["conversationId"] for one in robin.hands.listed("sentitems")}
    assert "auld" not in str(told).lower()
    assert written["in_reply_to"] is None
    [kept] = robin.ask("drafts")
    assert (kept["key"], kept["status"], kept["account"]) == (written["key"], "open", "home")


def test_a_draft_answers_in_the_old_thread(robin: Office) -> None:
    """The emulator's createReply takes no body, no subject and nobody it is to: what auld wishes it says again."""
    start = len(robin.front.log)
    written = robin.draft(BELAS)
    told = robin.hands.find(BELAS)
    assert told["conversationId"] == "t-boat"
    assert told["subject"] == written["subject"] == "Re: The old boat"
    assert told["toRecipients"] == [{"emailAddress": {"address": BELAS, "name": "Bela Kovacs"}}]
    assert told["body"] == {"contentType": "text", "content": written["body"].replace("\n", "\r\n")}
    assert f"<{written['in_reply_to']}>" == robin.hands.message("boat2")["internetMessageId"]
    writes = [one for one in robin.asked(start) if not one.startswith("GET")]
    assert writes == ["POST /me/messages/boat2/createReply", f"PATCH /me/messages/{told['id']}"]


def test_a_draft_of_the_users_own_keeps_another_from_being_written(robin: Office) -> None:
    before_it = robin.hands.listed("drafts")
    assert "draft of your own" in robin.run("draft", DORAS, code=1).err
    assert robin.hands.listed("drafts") == before_it
    assert robin.ask("drafts") == []


def test_a_round_writes_to_those_who_are_due_and_another_writes_no_second_draft(robin: Office) -> None:
    assert "draft to" not in robin.run("once").err, "not on the day of the first read"
    assert "draft to" in robin.run("once", now=TOMORROW).err
    for later in (HOUR, timedelta(days=1)):
        assert "draft to" not in robin.run("once", now=TOMORROW + later).err
    lying = [addresses(one) for one in robin.hands.listed("drafts")]
    assert sorted(lying) == [[ANAS], [BELAS], [DORAS], ["someone@example.com"]]
    assert [one["status"] for one in robin.ask("drafts", now=TOMORROW)] == ["open", "open"]


def test_a_draft_that_the_user_sends_is_a_contact(robin: Office) -> None:
    written = robin.draft(ANAS)
    robin.hands.send(robin.hands.find(ANAS)["id"])
    assert "the draft of 24 Nov 2026 is now sent" in robin.run("once", now=NOW + HOUR).err
    assert robin.status(written["key"]) == "sent"
    person = robin.person(ANAS, now=NOW + HOUR)
    last = person["last_contact"]
    assert (last["kind"], last["title"], is_now(last["at"])) == ("sent", written["subject"], True)
    assert person["due"] is False
    assert person["contact_days"] == 4


def test_an_answer_that_the_user_sends_is_found(robin: Office) -> None:
    written = robin.draft(BELAS)
    robin.hands.send(robin.hands.find(BELAS)["id"])
    robin.run("sync", now=NOW + HOUR)
    assert is_now(robin.person(BELAS, now=NOW + HOUR)["last_contact"]["at"])
    robin.run("once", now=NOW + HOUR)
    assert robin.status(written["key"]) == "sent"


def test_a_draft_that_the_user_edits_is_theirs_from_then_on(robin: Office) -> None:
    written = robin.draft(ANAS)
    number = robin.hands.find(ANAS)["id"]
    robin.hands.rewrite(number, "Dear Ana,\n\nall my own words.\n")
    assert "is now edited" in robin.run("once", now=after(minutes=30)).err
    assert robin.status(written["key"]) == "edited"
    assert "you touched this draft" in robin.run("drafts", "--withdraw", written["key"], code=1).err
    robin.run("draft", ANAS, now=after(minutes=50), code=1)
    assert robin.hands.find(ANAS)["body"]["content"].startswith("Dear Ana,")

    robin.hands.send(number)
    robin.run("once", now=NOW + HOUR)
    assert robin.status(written["key"]) == "sent"
    assert is_now(robin.person(ANAS, now=NOW + HOUR)["last_contact"]["at"])


def test_a_draft_that_the_user_deletes_is_not_made_again(robin: Office) -> None:
    written = robin.draft(ANAS)
    robin.hands.delete(robin.hands.find(ANAS)["id"])
    statuses = []
    for minutes in (20, 25, 31):
        robin.run("once", now=after(minutes=minutes))
        statuses.append(robin.status(written["key"]))
    assert statuses == ["open", "open", "deleted"]
    robin.run("once", now=TOMORROW)
    assert [ANAS] not in [addresses(one) for one in robin.hands.listed("drafts")]
    assert "deleted" in robin.person(ANAS, now=TOMORROW)["hold"]


def test_an_untouched_draft_is_withdrawn_at_the_users_word(robin: Office) -> None:
    own = robin.hands.listed("drafts")
    written = robin.draft(ANAS)
    assert robin.run("drafts", "--withdraw", written["key"][:8]).err == "1 draft withdrawn.\n"
    assert robin.status(written["key"]) == "withdrawn"
    assert robin.hands.listed("drafts") == own
    [gone] = robin.hands.listed("deleteditems")
    assert addresses(gone) == [ANAS]


def test_an_untouched_draft_is_withdrawn_once_there_was_contact_otherwise(robin: Office) -> None:
    own = robin.hands.listed("drafts")
    written = robin.draft(ANAS)
    robin.hands.get(ANA, "I was first")
    assert "is now withdrawn" in robin.run("once", now=NOW + HOUR).err
    assert robin.status(written["key"]) == "withdrawn"
    assert robin.hands.listed("drafts") == own


# -- more than one account, and the end --------------------------------------------------------------------------------


def test_an_account_that_needs_signing_in_does_not_keep_another_from_being_read(office: Office) -> None:
    office.configure("home", "work")
    office.sign_in("home")
    ran = office.run("sync", code=1)
    assert "home: 20 new mails" in ran.err
    assert "work: nothing new; needs-login" in ran.err
    assert "auld login work" in ran.err
    health = {one["name"]: one["health"] for one in office.ask("status", code=1)["accounts"]}
    assert health == {"home": "ok", "work": "needs-login"}

    office.sign_in("work")
    office.run("sync")
    assert office.ask("status")["healthy"] is True
    listed = {one["emails"][0]: one["contact_days"] for one in office.ask("people") if one["state"] == "listed"}
    assert listed == {ANAS: 3, BELAS: 4}


def test_what_was_read_is_there_after_signing_out(robin: Office) -> None:
    people = robin.ask("people", "--all")
    robin.run("logout", "home")
    assert "auld login home" in robin.run("sync", code=77).err
    assert [one["emails"] for one in robin.ask("people", "--all")] == [one["emails"] for one in people]
