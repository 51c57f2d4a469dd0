"""What is Outlook's own in a draft's life, seen by whole rounds of the program; the rest is test_lifecycle.py."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.archive import ANA, ROBIN, listed
from tests.connectors.outlook.place import Place, opened
from tests.graph import Call, Fault
from tests.graph.faults import html, once, reset, status, truncated

BELA = "Bela Kovacs <bela@example.org>"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with opened(tmp_path) as made:
        made.friend()
        made.run("sync")
        made.later(days=1)  # the service writes nothing on the day of the first sync
        yield made


@pytest.fixture
def drafted(place: Place) -> Place:
    """A home where a draft to Ana lies."""
    place.run("once")
    assert place.statuses() == ["open"]
    assert [to for _, to in place.draft.to] == ["ana@example.org"]
    place.later(minutes=15)
    return place


@pytest.fixture
def answering(place: Place) -> Place:
    """A home where Bela is due and not Ana; a draft to Bela answers the last thread."""
    place.configure(listed("Bela Kovacs"))
    number = place.mail(BELA, ROBIN, 100, "The hut")
    place.mail(ROBIN, BELA, 90, "Re: The hut", answers=[number])
    place.graph.log.clear()
    return place


def rounds(place: Place, count: int = 3) -> None:
    """Let some rounds go by."""
    for _ in range(count):
        place.later(minutes=15)
        place.run("once")


def test_a_draft_is_plain_text_a_line_a_paragraph_and_nothing_names_the_program(drafted: Place) -> None:
    draft = drafted.draft
    assert not draft.html
    assert "\n" in draft.body
    assert draft.body.count("\r\n") == draft.body.count("\n")
    assert "auld" not in f"{draft.body} {draft.subject} {draft.message_id} {draft.categories} {draft.headers}".lower()
    assert draft.message_id.strip("<>") == drafted.ask("drafts")[0]["key"]


def test_no_body_is_ever_asked_for(drafted: Place) -> None:
    rounds(drafted, 1)
    for call in drafted.graph.log:
        assert "body" not in str(call.query).lower()


def test_an_answer_goes_into_the_thread_it_answers_and_to_nobody_else(answering: Place) -> None:
    mailbox = answering.graph.mailbox
    (asked,) = (one for one in mailbox.listed("inbox") if one.subject == "The hut")
    asked.reply_to, asked.cc = (("Club", "club@example.net"),), (("Cy", "cy@example.net"),)
    answering.run("once")
    draft = answering.draft
    assert draft.conversation == asked.conversation
    assert ([to for _, to in draft.to], draft.cc, draft.bcc) == (["bela@example.org"], (), ())
    assert draft.subject == "Re: The hut"
    assert draft.message_id.strip("<>") == answering.ask("drafts")[0]["key"]
    assert "hut" not in draft.body.partition("From:")[2], "nothing is quoted"


def test_an_answer_to_a_mail_that_is_not_there_any_more_begins_a_thread(answering: Place) -> None:
    answering.run("sync")
    for one in list(answering.graph.mailbox.messages.values()):
        if "hut" in one.subject:
            answering.graph.mailbox.delete(one.id(immutable=True))
    answering.run("once")
    assert [to for _, to in answering.draft.to] == ["bela@example.org"]


@pytest.mark.parametrize("keeps_message_id", [True, False])
@pytest.mark.parametrize("keeps_id", [True, False])
@pytest.mark.parametrize("lag", [0, 3600])
def test_a_sent_draft_is_a_contact_and_done_with(
    drafted: Place, keeps_message_id: bool, keeps_id: bool, lag: float
) -> None:
    mailbox = drafted.graph.mailbox
    mailbox.sending.lag, mailbox.sending.keeps_id, mailbox.sending.keeps_message_id = lag, keeps_id, keeps_message_id
    mailbox.send_draft(drafted.draft_id)
    if lag:
        drafted.later(minutes=5)
        drafted.run("once")
        drafted.later(minutes=56)
    drafted.run("once")
    drafted.later(minutes=15)
    drafted.run("once")
    assert drafted.statuses() == ["sent"]
    assert drafted.drafts == []
    assert drafted.ask("people", "ana")[0]["last_contact"]["kind"] == "sent"


def test_a_draft_that_was_sent_is_sent_at_once_whatever_its_message_id_and_though_its_copy_is_not_listed_yet(
    drafted: Place,
) -> None:
    mailbox = drafted.graph.mailbox
    mailbox.sending.keeps_message_id = False
    mailbox.send_draft(drafted.draft_id)
    drafted.graph.plan = once(*[status(503)] * 99, method="me.mailFolders.messages.delta")
    drafted.run("once", code=69)
    drafted.graph.plan = None
    assert drafted.statuses() == ["sent"]
    drafted.run("once")
    assert drafted.statuses() == ["sent"]


def test_a_draft_that_was_sent_and_thrown_away_afterwards_was_sent(drafted: Place) -> None:
    mailbox, number = drafted.graph.mailbox, drafted.draft_id
    mailbox.send_draft(number)
    mailbox.move(number, "deleteditems")
    drafted.run("once")
    assert drafted.statuses() == ["sent"]


def test_what_was_sent_is_not_withdrawn_by_a_word(drafted: Place) -> None:
    drafted.graph.mailbox.send_draft(drafted.draft_id)
    key = drafted.ask("drafts")[0]["key"]
    assert "you sent it" in drafted.run("drafts", "--withdraw", key, code=1).all
    assert drafted.statuses() == ["sent"]


def test_a_draft_that_was_put_into_a_folder_below_the_bin_is_a_deleted_one(drafted: Place) -> None:
    mailbox = drafted.graph.mailbox
    mailbox.move(drafted.draft_id, mailbox.add_folder("Old things", mailbox.add_folder("Old", "deleteditems")))
    rounds(drafted)
    assert drafted.drafts == []
    assert drafted.statuses() == ["deleted"]


def test_a_draft_that_was_put_into_a_folder_of_the_users_lies_there_and_is_theirs(drafted: Place) -> None:
    mailbox, number = drafted.graph.mailbox, drafted.draft_id
    mailbox.move(number, mailbox.add_folder("Later"))
    rounds(drafted)
    assert drafted.statuses() == ["edited"]
    mailbox.move(number, "drafts")
    rounds(drafted)
    assert drafted.statuses() == ["edited"]


@pytest.mark.parametrize("fault", [reset("before"), reset("after"), status(503), status(503, applied="after")])
def test_a_withdrawal_whose_answer_was_lost_is_one(drafted: Place, fault: Fault) -> None:
    drafted.mail(ANA, ROBIN, drafted.graph.clock.now(), "Hello you")
    drafted.graph.plan = once(fault, method="me.messages.delete")
    drafted.run("once", code=(0, 1))
    drafted.graph.plan = None
    rounds(drafted)
    assert drafted.statuses() == ["withdrawn"]
    assert drafted.drafts == []


def test_a_draft_that_is_edited_while_it_is_withdrawn_stays(drafted: Place) -> None:
    drafted.mail(ANA, ROBIN, drafted.graph.clock.now(), "Hello you")
    number = drafted.draft_id

    def plan(call: Call) -> Fault | None:
        if call.method == "me.messages.delete":
            drafted.graph.plan = None
            drafted.graph.mailbox.edit_draft(number, body="Mine now")
        return None

    drafted.graph.plan = plan
    drafted.run("once")
    drafted.later(minutes=15)
    drafted.run("once")
    assert drafted.statuses() == ["edited"]
    assert drafted.draft.body == "Mine now"


LOST = [
    reset("before"), reset("after"), reset("after", "close"), status(503), status(503, applied="after"),
    html(applied="after"), truncated(),
]  # fmt: skip


@pytest.mark.parametrize("fault", LOST, ids=lambda one: one.name)
def test_a_draft_whose_answer_was_lost_is_found_and_no_second_one_made(place: Place, fault: Fault) -> None:
    place.graph.plan = once(fault, method="me.messages.create")
    place.run("once", code=(0, 1))
    place.graph.plan = None
    key = place.ask("drafts")[0]["key"]
    for looks in range(1, 4):
        place.later(minutes=15)
        place.run("once")
        # One look that finds nothing proves nothing: the draft may still be on its way.
        assert len(place.drafts) == (looks > 1 or fault.applied == "after")
    assert place.statuses() == ["open"]
    assert place.draft.message_id == f"<{key}>", "made again under its key"


@pytest.mark.parametrize("method", ["me.messages.createReply", "me.messages.update"])
@pytest.mark.parametrize("fault", LOST, ids=lambda one: one.name)
@pytest.mark.parametrize("lasting", [False, True])
def test_an_answer_that_was_cut_off_at_any_step_is_found_and_no_second_one_made(
    answering: Place, method: str, fault: Fault, lasting: bool
) -> None:
    answering.graph.latency = 3  # made later than planned
    answering.graph.plan = once(*[fault] * (99 if lasting else 1), method=method)
    answering.run("once", code=(0, 1))
    answering.graph.plan = None
    rounds(answering)
    assert answering.statuses() == ["open"]
    assert [to for _, to in answering.draft.to] == ["bela@example.org"]
    answering.graph.mailbox.edit_draft(answering.draft_id, body="Mine now")
    answering.run("once")
    assert answering.statuses() == ["edited"]


@pytest.mark.parametrize("code", [401, 403])
def test_an_answer_that_may_not_be_completed_is_not_made_twice(answering: Place, code: int) -> None:
    answering.graph.plan = once(*[status(code)] * 99, method="me.messages.update")
    answering.run("once", code=(0, 1))
    answering.graph.plan = None
    rounds(answering)
    assert len(answering.drafts) == 1
    assert answering.statuses() == ["open"]


def test_an_answer_that_does_not_take_its_key_is_given_up_for_a_draft_that_does(answering: Place) -> None:
    answering.graph.plan = once(status(400, "ErrorInvalidPropertySet"), method="me.messages.update")
    answering.run("once")
    assert answering.draft.message_id.strip("<>") == answering.ask("drafts")[0]["key"]
    assert answering.statuses() == ["open"]


def test_an_older_draft_of_the_users_own_with_our_subject_is_not_taken_for_ours(answering: Place) -> None:
    own = answering.graph.mailbox.write_draft([BELA], "Re: The hut")
    answering.run("once")
    assert answering.statuses() == []
    assert answering.draft_id == own


def test_a_provider_that_names_drafts_anew_has_them_found_all_the_same(place: Place) -> None:
    place.graph.writing.keeps_message_ids = False
    place.graph.plan = once(reset("after"), method="me.messages.create")
    place.run("once", code=(0, 1))
    place.graph.plan = None
    rounds(place)
    assert place.statuses() == ["open"]
    place.graph.mailbox.send_draft(place.draft_id)
    place.run("once")
    assert place.statuses() == ["sent"]


def test_a_draft_of_the_users_own_holds_ours_back_until_it_is_gone(place: Place) -> None:
    own = place.graph.mailbox.write_draft([ANA])
    place.run("once")
    assert place.ask("drafts") == []
    assert len(place.drafts) == 1
    place.graph.mailbox.delete_draft(own)
    rounds(place, 1)
    assert place.statuses() == ["open"]


def test_drafts_that_cannot_be_looked_at_are_not_taken_for_deleted(drafted: Place) -> None:
    def plan(call: Call) -> Fault | None:
        return status(500) if call.method == "me.messages.get" else None

    drafted.graph.plan = plan
    for _ in range(2):
        drafted.run("once", code=(0, 1))
        drafted.later(minutes=20)
    drafted.graph.plan = None
    drafted.run("once")
    assert drafted.statuses() == ["open"]


def test_a_round_with_no_draft_open_asks_nothing_of_drafts(place: Place) -> None:
    place.configure()
    place.run("once")
    place.later(minutes=15)
    place.graph.log.clear()
    place.run("once")
    assert all("drafts" not in call.path.lower() for call in place.graph.log)
