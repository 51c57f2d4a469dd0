"""What an Outlook mailbox is asked once it was read, and what is told of it then."""

from datetime import timedelta
from typing import Any

import pytest

from connectors.errors import Refused
from connectors.types import Batch, Mail
from tests.connectors.outlook.home import Home
from tests.connectors.outlook.scene import ANNA, LIST, ROBIN, calls, got, ids, methods, upto, wrote
from tests.graph.faults import status


@pytest.fixture(autouse=True)
def trusted(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this process trust the certificate of the fake's sign-in."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(home.graph.ca))


def through(home: Home) -> str:
    """Read a small mailbox; return the cursor."""
    for number in range(4):
        wrote(home.graph, f"s{number}", 20 + number)
        got(home.graph, f"r{number}", 3 + number)
    return home.read()[-1].cursor


def now_got(home: Home, number: str, **how: Any) -> str:
    return got(home.graph, number, **({"at": home.graph.clock.now()} | how))


def test_nothing_new_is_two_requests_and_tells_nothing(home: Home) -> None:
    cursor = through(home)
    for _ in range(3):
        before = home.graph.requests
        assert home.read(cursor) == []
        assert home.graph.requests - before == 2
        home.graph.clock.wait(900)


def test_what_came_is_told_once(home: Home) -> None:
    cursor = through(home)
    home.graph.clock.wait(900)
    now_got(home, "in")
    wrote(home.graph, "out", at=home.graph.clock.now())
    batches = home.read(cursor)
    assert sorted(ids(batches)) == ["in", "out"]
    assert [mail.in_sent for batch in batches for mail in batch.items] == [True, False]
    assert home.read(batches[-1].cursor) == []


def test_mail_that_turns_up_a_little_late_is_told(home: Home) -> None:
    through(home)
    home.graph.clock.wait(900)
    now_got(home, "first")
    cursor = home.read()[-1].cursor
    now_got(home, "late", at=home.graph.clock.now() - timedelta(minutes=9))
    assert ids(home.read(cursor)) == ["late"]


def test_mail_is_told_wherever_a_rule_of_the_users_puts_it(home: Home) -> None:
    cursor = through(home)
    now_got(home, "filed", folder=home.graph.mailbox.add_folder("Projects"))
    now_got(home, "junk", folder="junkemail")
    now_got(home, "deleted", folder="deleteditems")
    assert ids(home.read(cursor)) == ["filed"]


def test_mail_taken_out_of_junk_is_told_then(home: Home) -> None:
    cursor = through(home)
    number = now_got(home, "rescued", folder="junkemail")
    cursor = home.read(cursor)[-1].cursor
    home.graph.mailbox.move(number, "inbox")
    assert ids(home.read(cursor)) == ["rescued"]


def test_mail_moved_into_sent_is_told_as_sent(home: Home) -> None:
    number = got(home.graph, "moved", sender=ROBIN, to=[ANNA], folder="archive")
    cursor = through(home)
    home.graph.mailbox.move(number, "sentitems")
    (batch,) = home.read(cursor)
    assert [(mail.message_id, mail.in_sent) for mail in batch.items] == [("mmoved@example.org", True)]


@pytest.mark.parametrize("reason", ["deleted", "changed"])
def test_what_is_deleted_or_moved_out_of_sent_is_no_news(home: Home, reason: str) -> None:
    home.graph.mailbox.moved_reason = reason  # type: ignore[assignment]
    gone, moved = wrote(home.graph, "gone"), wrote(home.graph, "moved")
    cursor = through(home)
    home.graph.mailbox.delete(gone)
    home.graph.mailbox.move(moved, home.graph.mailbox.add_folder("Old"))
    assert home.read(cursor) == []


def test_a_draft_that_is_written_and_sent_is_told_when_it_is_sent(home: Home) -> None:
    cursor = through(home)
    home.graph.clock.wait(900)
    number = home.graph.mailbox.write_draft(["anna@example.org"], "Tea")
    batches = home.read(cursor)
    assert ids(batches) == []
    home.graph.clock.wait(900)
    home.graph.mailbox.send_draft(number)
    (batch,) = home.read(batches[-1].cursor)
    assert [(mail.subject, mail.in_sent) for mail in batch.items] == [("Tea", True)]


def test_more_than_a_page_of_news_is_told_whole_and_can_be_broken_off(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.outlook.api.PAGE", 5)
    home.graph.mail.headers_in_lists = False
    cursor = through(home)
    for number in range(18):
        home.graph.clock.wait(37)
        now_got(home, f"n{number}")
        wrote(home.graph, f"w{number}", at=home.graph.clock.now())
    everything = {f"{kind}{number}" for number in range(18) for kind in "nw"}
    batches = home.read(cursor)
    assert sorted(ids(batches)) == sorted(everything)
    assert home.read(batches[-1].cursor) == []
    for stop in range(1, len(batches)):
        first = upto(home.mail, stop, cursor)
        assert set(ids(first) + ids(home.read(first[-1].cursor))) == everything


def test_many_mails_of_mine_and_none_of_others_do_not_make_rounds_longer(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.outlook.api.PAGE", 5)
    cursor = through(home)
    for number in range(40):
        home.graph.clock.wait(20)
        wrote(home.graph, f"w{number}", at=home.graph.clock.now())
    batches = home.read(cursor)
    assert len(ids(batches)) == 40
    cursor = batches[-1].cursor
    home.graph.log.clear()
    home.graph.clock.wait(900)
    assert home.read(cursor) == []
    assert len(calls(home.graph, "messages.list")) < 9, "the overlap, and no more"


def test_a_place_in_sent_is_kept_fresh_without_news(home: Home) -> None:
    """Graph forgets a place that nobody asks for; and a round without news writes nothing."""
    cursor = through(home)
    told = []
    for day in range(12):
        home.graph.clock.wait(86_400)
        home.sign_in()
        batches = home.read(cursor)
        if batches:
            cursor = batches[-1].cursor
            told.append(day)
    assert told == [4, 9]
    assert ids(home.read(cursor)) == []


def test_a_place_in_sent_that_is_refused_costs_received_mail_nothing(home: Home) -> None:
    cursor = through(home)
    home.graph.delta.expire(410)
    home.graph.clock.wait(60)
    now_got(home, "in")
    assert set(ids(home.read(cursor))) == {"in", "s0", "s1", "s2", "s3"}


def test_who_is_first_written_to_now_is_known_for_what_comes_next(home: Home) -> None:
    home.graph.mail.headers_in_lists = False
    cursor = through(home)
    other = {"sender": "Bela <bela@example.net>", "headers": LIST}
    now_got(home, "unknown", **other)
    cursor = home.read(cursor)[-1].cursor
    home.graph.clock.wait(900)
    wrote(home.graph, "hello", at=home.graph.clock.now(), to=["Bela <bela@example.net>"])
    now_got(home, "known", **other)
    home.graph.log.clear()
    home.read(cursor)
    assert methods(calls(home.graph)) == ["mailFolders.messages.delta", "messages.list", "messages.get"]


def test_headers_that_cannot_be_got_now_are_got_by_the_next_read(home: Home) -> None:
    home.graph.mail.headers_in_lists = False
    cursor = through(home)
    home.graph.clock.wait(900)
    now_got(home, "known", headers=LIST)
    now_got(home, "stranger", sender="Eve <eve@example.net>")
    home.graph.plan = lambda call: status(403, "ErrorAccountSuspend") if call.method.endswith("messages.get") else None
    told: list[Batch[Mail]] = []
    with pytest.raises(Refused):
        told.extend(home.mail.changes(cursor, None))
    assert ids(told) == ["stranger"]
    home.graph.plan = None
    (batch,) = home.read(told[-1].cursor)
    assert ids([batch]) == ["known"]
    assert batch.items[0].marks
