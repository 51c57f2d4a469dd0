"""What is Gmail's own in a draft's life, seen by whole rounds of the program; the rest is test_lifecycle.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.archive import ANA, ROBIN, listed
from tests.connectors.gmail.town import Town, town
from tests.google import Call, Fault
from tests.google.faults import once, reset, status


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        made.run("sync")
        made.later(days=1)  # the service writes nothing on the day of the first sync
        yield made


@pytest.fixture
def drafted(place: Town) -> Town:
    """A home where a draft to Ana lies."""
    place.run("once")
    assert place.statuses() == ["open"]
    assert len(place.google.mailbox.drafts) == 1
    place.later(minutes=15)
    return place


def test_an_answer_goes_into_the_thread_it_answers(place: Town) -> None:
    place.configure(listed("Ana Lima", "Bela Kovacs", every="1 month"))
    thread = place.mail("Bela Kovacs <bela@example.org>", ROBIN, 100, ("INBOX",), "The hut")
    number = place.google.mailbox.messages[thread].message_id
    place.mail(
        ROBIN, "bela@example.org", 90, ("SENT",), "Re: The hut", f"In-Reply-To: {number}\r\nReferences: {number}\r\n"
    )
    place.run("once")
    mine = [place.google.mailbox.draft(one) for one in place.google.mailbox.drafts]
    (draft,) = (one for one in mine if "bela@" in one.header("to"))
    assert draft.thread == thread
    assert number in draft.header("references")


def test_a_new_subject_and_with_it_a_new_thread_is_an_edit(drafted: Town) -> None:
    drafted.google.mailbox.edit_draft(drafted.draft, body="Mine now", subject="Another subject")
    drafted.run("once")
    assert drafted.statuses() == ["edited"]
    drafted.later(days=70)
    drafted.run("once")
    assert drafted.statuses()[-1] == "edited"
    assert len(drafted.google.mailbox.drafts) == 1


def test_a_mail_client_that_saves_by_itself_makes_it_edited_and_no_second_one(drafted: Town) -> None:
    for _ in range(3):
        drafted.google.mailbox.edit_draft(drafted.draft, body="Half a sen")
        drafted.run("once")
        drafted.later(minutes=15)
    assert drafted.statuses() == ["edited"]


@pytest.mark.parametrize("edited", [True, False])
def test_a_sent_draft_that_stays_the_message_it_was_is_a_contact_and_done_with(drafted: Town, edited: bool) -> None:
    google = drafted.google
    if edited:
        google.mailbox.edit_draft(drafted.draft, body="Mine now")
        drafted.run("once")
        drafted.later(minutes=15)
    google.mailbox.send_draft(drafted.draft, keep_id=True)
    drafted.run("once")
    drafted.later(minutes=15)
    drafted.run("once")
    assert drafted.statuses() == ["sent"]
    assert google.mailbox.drafts == {}
    (ana,) = drafted.ask("people", "ana")
    assert ana["last_contact"]["at"].startswith("2026-11-25T1")
    assert ana["due"] is False


@pytest.mark.parametrize(
    "fault", [reset("after"), status(503, applied="after"), reset("before")], ids=lambda one: one.name
)
def test_a_draft_whose_answer_was_lost_is_found_and_no_second_one_made(place: Town, fault: Fault) -> None:
    place.google.plan = once(fault, method="drafts.create")
    place.run("once", code=(0, 1))
    place.google.plan = None
    key = place.ask("drafts")[0]["key"]
    for looks in range(1, 4):
        place.later(minutes=15)
        place.run("once")
        # One look that finds nothing proves nothing: the draft may still be on its way.
        assert len(place.google.mailbox.drafts) == (looks > 1 or fault.applied == "after")
    assert place.statuses() == ["open"]
    assert place.header("message-id") == f"<{key}>", "made again under its key"


@pytest.mark.parametrize("lost", [True, False])
def test_a_provider_that_names_drafts_anew_has_them_found_by_whom_and_when(place: Town, lost: bool) -> None:
    google = place.google
    replied = google.mailbox.write_draft

    def rewritten(raw: bytes, thread: str | None = None) -> str:
        before = next(line for line in raw.split(b"\r\n") if line.lower().startswith(b"message-id"))
        return replied(raw.replace(before, b"Message-ID: <CAnew@mail.example.com>"), thread)

    google.mailbox.write_draft = rewritten  # type: ignore[method-assign]
    google.plan = once(reset("after"), method="drafts.create") if lost else None
    place.run("once", code=(0, 1))
    google.plan = None
    for _ in range(2):
        place.later(minutes=15)
        place.run("once")
    assert place.statuses() == ["open"]
    assert len(google.mailbox.drafts) == 1
    google.mailbox.edit_draft(place.draft, body="Mine now")
    place.run("once")
    assert place.statuses() == ["edited"]


def test_a_draft_of_the_users_own_holds_ours_back(place: Town) -> None:
    place.google.mailbox.write_draft(f"From: {ROBIN}\r\nBcc: {ANA}\r\nSubject: Hi\r\n\r\nHello\r\n".encode())
    place.run("once")
    assert place.ask("drafts") == []
    assert len(place.google.mailbox.drafts) == 1


def test_when_the_users_own_draft_is_gone_it_holds_nobody_any_more(place: Town) -> None:
    own = place.google.mailbox.write_draft(f"From: {ROBIN}\r\nTo: {ANA}\r\nSubject: Hi\r\n\r\nHello\r\n".encode())
    place.run("once")
    place.google.mailbox.delete_draft(own)
    place.later(minutes=15)
    place.run("once")
    assert place.statuses() == ["open"]


def test_drafts_that_cannot_be_looked_at_are_not_taken_for_deleted(drafted: Town) -> None:
    def plan(call: Call) -> Fault | None:
        return status(500) if "/drafts" in call.path else None

    drafted.google.plan = plan
    for _ in range(2):
        drafted.run("once", code=(0, 1))
        drafted.later(minutes=20)
    drafted.google.plan = None
    drafted.run("once")
    assert drafted.statuses() == ["open"]
