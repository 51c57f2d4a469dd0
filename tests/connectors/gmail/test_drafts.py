"""Drafts at Gmail: how they are made, found, and taken back."""

from dataclasses import replace

import pytest

from connectors.errors import BadReply, Unavailable
from connectors.types import Address, NewDraft
from tests.connectors.contract import DraftsContract
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import calls, got, name
from tests.google import Fault
from tests.google.faults import once, reset, shape, status

NEW = DraftsContract.draft()


def reply(home: Home, thread: str = "") -> NewDraft:
    """Return a draft that answers letter 1, which lies in a thread of its own."""
    thread = thread or got(home.google, 1, 20, subject="Tea")
    return replace(
        NEW, subject="Re: Tea", in_reply_to=name(1), references=("first@example.org", name(1)), thread=thread
    )


def test_a_new_draft_says_what_it_must_and_nothing_of_its_maker(home: Home) -> None:
    ref = home.drafts.create(NEW)
    message = home.google.mailbox.draft(ref.id)
    assert message.header("message-id") == f"<{NEW.key}>"
    assert message.header("to") == "Anna Adler <anna@example.org>"
    assert message.header("date") == "Thu, 01 Oct 2026 09:30:00 +0000"
    assert message.labels == {"DRAFT"}
    assert b"auld" not in message.source.lower()
    (call,) = calls(home.google)
    assert set(call.json) == {"message"}
    assert set(call.json["message"]) == {"raw"}
    assert (ref.key, ref.revision, ref.to) == (NEW.key, message.id, ("anna@example.org",))


def test_an_answer_lies_in_its_thread(home: Home) -> None:
    draft = reply(home)
    ref = home.drafts.create(draft)
    message = home.google.mailbox.draft(ref.id)
    assert message.thread == draft.thread
    assert message.header("in-reply-to") == f"<{name(1)}>"
    assert message.header("references") == f"<first@example.org> <{name(1)}>"
    assert message.header("subject") == "Re: Tea"
    assert [one.json["message"]["threadId"] for one in calls(home.google)] == [draft.thread]


@pytest.mark.parametrize("gone", ["deleted", "of another account", "no id of Gmail's"])
def test_an_answer_to_a_thread_that_is_not_there_is_made_without_it(home: Home, gone: str) -> None:
    draft = reply(home)
    if gone == "deleted":
        home.google.mailbox.delete(draft.thread)
    else:
        draft = replace(draft, thread="18c" if gone == "of another account" else "<a@b>/../x")
    ref = home.drafts.create(draft)
    assert len(home.google.mailbox.drafts) == 1
    assert home.google.mailbox.draft(ref.id).header("in-reply-to") == f"<{name(1)}>"
    assert ["threadId" in one.json["message"] for one in calls(home.google)] == [True, False]


def test_a_thread_alone_makes_no_answer(home: Home) -> None:
    home.drafts.create(replace(reply(home), in_reply_to="", references=()))
    assert "threadId" not in calls(home.google)[0].json["message"]


@pytest.mark.parametrize("fault", [reset("after"), status(503, applied="after"), shape([])], ids=lambda one: one.name)
def test_a_lost_answer_is_told_and_the_draft_is_found_by_its_key(home: Home, fault: Fault) -> None:
    home.google.plan = once(fault, method="drafts.create")
    with pytest.raises((Unavailable, BadReply)):
        home.drafts.create(NEW)
    found = home.drafts.find(NEW.key)
    assert found is not None
    assert found.id == next(iter(home.google.mailbox.drafts))


def test_a_lost_refusal_for_the_thread_does_not_make_two(home: Home) -> None:
    home.google.plan = once(reset("after"), method="drafts.create")
    with pytest.raises(Unavailable):
        home.drafts.create(reply(home))
    assert len(home.google.mailbox.drafts) == 1
    assert len(calls(home.google, "drafts.create")) == 1


def test_thirty_drafts_are_all_told_with_everybody_they_are_to(home: Home) -> None:
    google = home.google
    for number in range(30):
        google.mailbox.write_draft(
            f"From: robin@example.com\r\nTo: Ana <a{number}@example.org>, b{number}@example.org\r\n"
            f"Subject: S{number}\r\n"
            f"Cc: c{number}@example.net\r\nBcc: Secret <d{number}@example.net>\r\nBCC: e{number}@example.net\r\n"
            f"Date: Thu, 01 Oct 2026 09:{number:02}:00 +0000\r\n"
            f"Message-ID: <d{number}@example.com>\r\n\r\nHello\r\n".encode()
        )
    refs = list(home.drafts.all())
    assert [ref.key for ref in refs] == [f"d{number}@example.com" for number in range(29, -1, -1)]
    for number, ref in zip(range(29, -1, -1), refs, strict=True):
        assert ref.subject == f"S{number}"
        assert ref.written_at is not None
        assert ref.written_at.minute == number
        local = {one.partition("@")[0] for one in ref.to}
        assert {f"{letter}{number}" for letter in "abcde"} <= local, "Bcc is whom the user writes to as well"
    assert google.quota.units == 5 + 30 * 20
    assert google.requests == 1 + 3


def test_more_drafts_than_a_page_are_all_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.gmail.api.PAGE", 7)
    made = {home.google.mailbox.write_draft(b"To: anna@example.org\r\n\r\nHello\r\n") for _ in range(20)}
    assert {ref.id for ref in home.drafts.all()} == made


def test_drafts_in_the_bin_or_without_any_header_harm_nobody(home: Home) -> None:
    google = home.google
    binned = google.mailbox.write_draft(b"To: anna@example.org\r\n\r\nHello\r\n")
    bare = google.mailbox.write_draft(b"\r\nHello\r\n")
    google.mailbox.trash(google.mailbox.drafts[binned])
    (ref,) = home.drafts.all()
    assert (ref.id, ref.to, ref.subject) == (bare, (), "")
    got_again = home.drafts.get(replace(ref, id=binned))
    assert got_again is None


def test_a_draft_that_goes_while_they_are_listed_is_left_out(home: Home) -> None:
    for _ in range(12):
        home.google.mailbox.write_draft(b"To: anna@example.org\r\n\r\nHello\r\n")
    home.google.plan = once(None, status(404), method="drafts.get")
    assert len(list(home.drafts.all())) == 11


@pytest.mark.parametrize(("minutes", "as_made"), [(5, True), (15, False)])
def test_a_draft_that_another_program_saves_with_our_date_tells_by_when_it_was_saved(
    home: Home, minutes: int, as_made: bool
) -> None:
    """Writing and clocks that differ take a few minutes; what is saved later than that was not saved by us."""
    ref = home.drafts.create(NEW)
    home.google.clock.wait(minutes * 60)
    home.google.mailbox.update_draft(ref.id, home.google.mailbox.draft(ref.id).source)
    found = home.drafts.find(NEW.key)
    assert found is not None
    assert (found.written_at, found.as_made) == (NEW.written_at, as_made)


@pytest.mark.parametrize("how", ["edited", "rewritten", "sent", "sent under its id", "deleted"])
def test_what_was_touched_is_not_taken_back(home: Home, how: str) -> None:
    google, ref = home.google, home.drafts.create(NEW)
    if how == "edited":
        google.mailbox.edit_draft(ref.id, body="Mine now")
    elif how == "rewritten":
        google.mailbox.edit_draft(ref.id, subject="Mine now")
    elif how == "deleted":
        google.mailbox.delete_draft(ref.id)
    else:
        google.mailbox.send_draft(ref.id, keep_id=how == "sent under its id")
    before = set(google.mailbox.messages)
    assert home.drafts.withdraw(ref) is False
    assert set(google.mailbox.messages) == before
    assert calls(google, "drafts.delete") == []


def test_a_withdrawal_without_an_answer_is_told_and_not_repeated(home: Home) -> None:
    ref = home.drafts.create(NEW)
    home.google.plan = once(reset("after"), method="drafts.delete")
    with pytest.raises(Unavailable):
        home.drafts.withdraw(ref)
    assert len(calls(home.google, "drafts.delete")) == 1
    assert home.drafts.withdraw(ref) is False


def test_names_in_any_script_come_back_as_they_were(home: Home) -> None:
    home.drafts.create(replace(NEW, to=Address("li@example.org", '李 \u202eLi, "Jr."'), subject="Grüße 🌱"))
    (ref,) = home.drafts.all()
    assert (ref.to, ref.subject) == (("li@example.org",), "Grüße 🌱")
