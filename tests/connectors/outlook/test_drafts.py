"""The Drafts folder of an Outlook mailbox, at the wire."""

import json
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from connectors.errors import BadReply, ConnectorError, Refused, Unavailable
from connectors.types import Address, DraftRef, NewDraft
from tests.connectors.gmail.scene import changed
from tests.connectors.outlook.home import Home
from tests.google.answers import Reply
from tests.graph import START, Call, Fault, names
from tests.graph.faults import always, once, reset, status

KEY = "k1.20261001@example.com"


def draft(key: str = KEY, **changes: Any) -> NewDraft:
    fields: dict[str, Any] = {
        "sender": Address("robin@example.com", "Robin Park"),
        "to": Address("anna@example.org", "Anna Adler"),
        "subject": "Lunch in May?",
        "body": "Hi Anna,\n\nhow was the trip?\n\nRobin",
        "written_at": START,
    }
    return NewDraft(key, **(fields | changes))


def answer(home: Home, **more: Any) -> NewDraft:
    """Return a draft that answers a mail of Anna's."""
    home.graph.mailbox.deliver(
        "Anna Adler <anna@example.org>", ["robin@example.com"], subject="The hut", message_id="<m1@example.org>"
    )
    return draft(subject="Re: The hut", in_reply_to="m1@example.org", **more)


def methods(home: Home) -> list[str]:
    return [call.method.removeprefix("me.") for call in home.graph.log]


def test_a_new_draft_is_one_request_and_carries_its_key_from_the_start(home: Home) -> None:
    ref = home.drafts.create(draft())
    assert methods(home) == ["messages.create"]
    (made,) = home.graph.mailbox.drafts
    assert made.message_id == f"<{KEY}>"
    assert list((made.extended or {}).values()) == [KEY]
    assert (made.to, made.cc, made.bcc) == ((("Anna Adler", "anna@example.org"),), (), ())
    assert (made.body, made.html) == ("Hi Anna,\r\n\r\nhow was the trip?\r\n\r\nRobin\r\n", False)
    assert ref == DraftRef(
        made.id(immutable=True), KEY, ref.revision, ("anna@example.org",), "Lunch in May?", START, dated=False,
        as_made=True,
    )  # fmt: skip


def test_an_answer_has_the_thread_of_the_mail_and_all_else_from_us(home: Home) -> None:
    new = answer(home)
    (asked,) = home.graph.mailbox.listed("inbox")
    asked.reply_to, asked.cc = (("List", "list@example.net"),), (("Cy", "cy@example.net"),)
    ref = home.drafts.create(new)
    assert methods(home) == ["messages.list", "messages.createReply", "messages.update"]
    (made,) = home.graph.mailbox.drafts
    assert made.conversation == asked.conversation
    assert (made.to, made.cc, made.bcc) == ((("Anna Adler", "anna@example.org"),), (), ())
    assert (made.subject, made.message_id, made.html) == ("Re: The hut", f"<{KEY}>", False)
    assert home.drafts.find(KEY) == ref
    assert home.drafts.get(ref) == ref


def test_of_several_copies_the_one_in_the_thread_is_answered(home: Home) -> None:
    mailbox = home.graph.mailbox
    mailbox.deliver("anna@example.org", ["robin@example.com"], message_id="<m0@example.org>")
    for answers in ([], ["<m0@example.org>"]):
        mailbox.deliver("anna@example.org", ["robin@example.com"], message_id="<m1@example.org>", answers=answers)
    threads = {one.conversation for one in mailbox.listed("inbox") if one.message_id == "<m1@example.org>"}
    assert len(threads) == 2
    for thread in threads:
        new = draft(f"k{thread}@example.com", in_reply_to="m1@example.org", thread=names.conversation(thread))
        assert mailbox.get(home.drafts.create(new).id).conversation == thread


def test_a_message_id_that_cannot_be_asked_for_begins_a_thread(home: Home) -> None:
    home.graph.plan = once(status(400, "ErrorInvalidUrlQueryFilter"), method="me.messages.list")
    home.drafts.create(answer(home))
    assert methods(home) == ["messages.list", "messages.create"]


def test_a_message_id_with_a_quote_in_it_is_only_a_message_id(home: Home) -> None:
    home.graph.mailbox.deliver("a@example.org", ["robin@example.com"], message_id="<o'hara' or 'x@example.org>")
    home.drafts.create(draft(in_reply_to="o'hara' or 'x@example.org"))
    assert "messages.createReply" in methods(home)


@pytest.mark.parametrize("step", ["messages.createReply", "messages.update"])
def test_an_answer_that_is_refused_becomes_a_draft_of_its_own_and_leaves_nothing_behind(home: Home, step: str) -> None:
    home.graph.plan = once(status(400, "ErrorInvalidPropertySet"), method=step)
    ref = home.drafts.create(answer(home))
    assert [one.id(immutable=True) for one in home.graph.mailbox.drafts] == [ref.id]
    assert home.drafts.find(KEY) is not None


def test_what_a_server_never_answers_is_not_written_twice(home: Home) -> None:
    home.graph.plan = always(reset("after"), method="me.messages.create")
    with pytest.raises(Unavailable):
        home.drafts.create(draft())
    assert len(home.graph.mailbox.drafts) == 1
    found = home.drafts.find(KEY)
    assert found is not None
    assert found.key == KEY


@pytest.mark.parametrize("fault", [reset("before"), reset("after"), status(503), status(504, applied="after")])
def test_completing_an_answer_is_tried_until_it_is_done(home: Home, fault: Fault) -> None:
    home.graph.plan = once(fault, method="me.messages.update")
    ref = home.drafts.create(answer(home))
    assert len(home.graph.mailbox.drafts) == 1
    assert home.drafts.get(ref) == ref


def interrupt(home: Home, *, times: int, minutes: float = 0, user: bool = False) -> None:
    """Let a draft that was begun be changed before each of the first tries to complete it, by the user or by Graph."""
    tries = count(1)

    def change(call: Call) -> None:
        if call.method == "me.messages.update" and next(tries) <= times:
            home.graph.clock.wait(minutes * 60)
            (draft,) = home.graph.mailbox.drafts
            home.graph.mailbox.edit_draft(draft.id(immutable=True), **({"body": "Mine"} if user else {}))

    home.graph.plan = change


def test_an_answer_that_graph_itself_changes_is_completed_all_the_same(home: Home) -> None:
    new = answer(home)
    interrupt(home, times=2)
    ref = home.drafts.create(new)
    assert home.drafts.find(KEY) == ref
    assert ref.as_made


def test_an_answer_that_the_user_edits_before_it_is_completed_is_left_to_them(home: Home) -> None:
    new = answer(home)
    interrupt(home, times=1, minutes=2, user=True)
    with pytest.raises(Unavailable, match="changed before it was completed"):
        home.drafts.create(new)
    (left,) = home.graph.mailbox.drafts
    assert left.body == "Mine"
    assert [one.as_made for one in home.drafts.all()] == [False]


def test_an_answer_that_is_changed_again_and_again_is_left_alone(home: Home) -> None:
    new = answer(home)
    interrupt(home, times=99)
    with pytest.raises(Unavailable, match="changed before it was completed"):
        home.drafts.create(new)
    assert methods(home).count("messages.update") == 3


@pytest.mark.parametrize("fault", [status(403), status(403, "ErrorSomething"), status(401), reset("before")])
def test_an_answer_that_was_begun_is_never_told_as_not_made(home: Home, fault: Fault) -> None:
    home.graph.plan = always(fault, method="me.messages.update")
    with pytest.raises((Unavailable, BadReply)):
        home.drafts.create(answer(home))
    (left,) = home.drafts.all()
    assert (left.to, left.subject) == (("anna@example.org",), "Re: The hut"), "it can be told by them"


def test_what_graph_does_not_take_is_refused(home: Home) -> None:
    home.graph.plan = once(status(400, "ErrorInvalidRecipients"), method="me.messages.create")
    with pytest.raises(Refused, match="ErrorInvalidRecipients"):
        home.drafts.create(draft())
    assert home.graph.mailbox.drafts == []


def test_a_draft_that_was_sent_is_told_as_sent_under_the_message_id_it_has(home: Home) -> None:
    ref = home.drafts.create(draft())
    home.graph.mailbox.sending.keeps_message_id = False
    home.graph.mailbox.send_draft(ref.id)
    sent = home.drafts.get(ref)
    assert sent is not None
    assert sent.sent
    (copy,) = home.graph.mailbox.listed("sentitems")
    assert sent.key == copy.message_id.strip("<>") != KEY
    assert home.drafts.withdraw(sent) is False
    assert home.drafts.find(KEY) is None
    assert list(home.drafts.all()) == []


def test_what_was_thrown_away_is_gone_however_deep_it_lies(home: Home) -> None:
    mailbox, folder = home.graph.mailbox, "deleteditems"
    refs = [home.drafts.create(draft(f"k{number}@example.com")) for number in range(3)]
    for ref in refs:
        mailbox.move(ref.id, folder)
        assert home.drafts.get(ref) is None
        assert home.drafts.withdraw(ref) is False
        folder = mailbox.add_folder("Below", folder)
    mailbox.move(refs[0].id, mailbox.add_folder("Kept", "inbox"))
    assert home.drafts.get(refs[0]) is not None


def test_looking_at_a_draft_that_lies_where_it_was_is_one_request_once_the_folder_is_known(home: Home) -> None:
    ref, box = home.drafts.create(draft()), home.drafts
    box.get(ref)
    home.graph.log.clear()
    box.get(ref)
    assert methods(home) == ["messages.get"]


def test_a_mail_that_was_moved_into_drafts_is_none(home: Home) -> None:
    mailbox = home.graph.mailbox
    mailbox.move(mailbox.deliver("anna@example.org", ["robin@example.com"]), "drafts")
    assert list(home.drafts.all()) == []


def test_more_drafts_than_fit_a_page_are_all_told(home: Home) -> None:
    for number in range(1203):
        home.graph.mailbox.write_draft([f"p{number}@example.org"])
    assert len({ref.id for ref in home.drafts.all()}) == 1203


def test_a_deletion_says_which_draft_it_means(home: Home) -> None:
    ref = home.drafts.create(draft())

    def edited(call: Call) -> None:
        if call.method == "me.messages.delete":
            home.graph.mailbox.edit_draft(ref.id, body="Mine")

    home.graph.plan = edited
    assert home.drafts.withdraw(ref) is False
    assert len(home.graph.mailbox.drafts) == 1


def test_a_clock_that_differs_tells_when_graph_made_it(home: Home) -> None:
    ref = home.drafts.create(draft(written_at=START - timedelta(minutes=3)))
    assert (ref.written_at, ref.dated) == (START, False)


NAMELESS: list[Callable[[Any], Any]] = [
    lambda told: told | {"id": None},
    lambda told: told | {"id": ".."},
    lambda told: told | {"id": "a/send"},
    lambda _: {"value": 7},
    lambda _: {},
    lambda _: [],
]
ODD: list[Callable[[Any], Any]] = [
    *NAMELESS,
    lambda told: told | {"changeKey": 7},
    lambda told: told | {"toRecipients": 7, "changeKey": ""},
]
ASTRAY: list[Callable[[Any], Any]] = [
    *ODD,
    lambda told: told | {"parentFolderId": ".."},
    lambda told: told | {"parentFolderId": "somewhere"},
    lambda told: told | {"@odata.nextLink": "http://example.com/"},
    lambda told: told | {"isDraft": None, "parentFolderId": 7},
]


@pytest.mark.parametrize(
    ("step", "change"),
    [
        *(("messages.create", change) for change in ODD),
        *(("messages.createReply", change) for change in NAMELESS),
        *(("messages.update", change) for change in ODD),
    ],
)
def test_an_odd_answer_to_a_creation_says_that_it_may_be_there(
    home: Home, step: str, change: Callable[[Any], Any]
) -> None:
    def spoil(true: Reply) -> Reply:
        return Reply(true.status, json.dumps(change(json.loads(true.body))).encode(), true.kind)

    new = answer(home) if step != "messages.create" else draft()
    home.graph.plan = always(Fault("changed after", "after", spoil=spoil), method=step)
    with pytest.raises((Unavailable, BadReply)):
        home.drafts.create(new)


@pytest.mark.parametrize("change", ASTRAY)
def test_only_errors_of_the_contract_leave(home: Home, change: Callable[[Any], Any]) -> None:
    ref = home.drafts.create(draft())
    home.graph.plan = always(changed(change))
    box = home.drafts
    for ask in (lambda: box.get(ref), lambda: box.find(KEY), lambda: list(box.all()), lambda: box.withdraw(ref)):
        try:
            ask()
        except ConnectorError:
            continue


def test_one_odd_draft_among_all_is_left_out(home: Home) -> None:
    for number in range(3):
        home.graph.mailbox.write_draft([f"p{number}@example.org"])

    def spoil(told: Any) -> Any:
        told["value"][1]["id"] = None
        return told

    home.graph.plan = always(changed(spoil), method="me.mailFolders.messages.list")
    assert sorted(ref.to for ref in home.drafts.all()) == [("p0@example.org",), ("p2@example.org",)]


def test_one_of_ours_that_is_odd_is_not_told_as_not_made(home: Home) -> None:
    home.drafts.create(draft())

    def spoil(told: Any) -> Any:
        told["value"][0]["id"] = None
        return told

    home.graph.plan = always(changed(spoil), method="me.mailFolders.messages.list")
    with pytest.raises(BadReply):
        home.drafts.find(KEY)
