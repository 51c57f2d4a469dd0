"""What Gmail's history tells after a first read, by each rule of what is got."""

import pytest

from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import ARCHIVED, INBOX, calls, entry, got, ids, methods, upto, wrote

TABS = ("CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_FORUMS")


@pytest.fixture(params=["then", "now"])
def labels(home: Home, request: pytest.FixtureRequest) -> None:
    """Have history tell the labels of that time, or the present ones."""
    home.google.mailbox.history_labels = request.param


@pytest.fixture
def cursor(home: Home, labels: None) -> str:
    """Where the reading stands: a thread of mine is known, one of others is not, both archived."""
    google = home.google
    wrote(google, "mine", 50, subject="Mine")
    got(google, "theirs", 49, ARCHIVED, subject="Theirs")
    got(google, "theirs2", 48, ARCHIVED, subject="Re: Theirs", answers="theirs")
    return home.read()[-1].cursor


def news(home: Home, cursor: str) -> list[str]:
    return sorted(ids(home.read(cursor)))


def test_nothing_new_costs_one_request_and_keeps_the_cursor(home: Home, cursor: str) -> None:
    requests, units = home.google.requests, home.google.quota.units
    assert home.read(cursor) == []
    assert (home.google.requests, home.google.quota.units) == (requests + 1, units + 2)
    assert calls(home.google)[-1].method == "gmail.users.history.list"


def test_news_of_no_meaning_move_the_cursor_and_get_nothing(home: Home, cursor: str) -> None:
    google = home.google
    got(google, "spam", 0, ("SPAM",), subject="Spam")
    got(google, "filed", 0, ARCHIVED, subject="Filed by a filter")
    google.mailbox.relabel(got(google, "read", 0, ("INBOX", TABS[0]), subject="Offer"), remove=["INBOX"])
    start = len(google.log)
    (batch,) = home.read(cursor)
    assert not batch.items
    assert batch.cursor != cursor
    assert methods(calls(google, start=start)) == ["history.list"]
    assert home.read(batch.cursor) == []


def test_mail_of_mine_and_mail_in_threads_of_mine_is_told_wherever_it_lies(home: Home, cursor: str) -> None:
    google = home.google
    wrote(google, "sent", 0, subject="New")
    got(google, "answer", 0, ARCHIVED, answers="mine", subject="Re: Mine")
    got(google, "tab", 0, (*INBOX, TABS[1]), answers="mine", subject="Re: Mine")
    got(google, "new answer", 0, ARCHIVED, answers="sent", subject="Re: New")
    assert news(home, cursor) == ["answer", "new answer", "sent", "tab"]


def test_of_the_inbox_only_the_personal_mail_is_told(home: Home, cursor: str) -> None:
    google = home.google
    for tab in TABS:
        got(google, tab, 0, (*INBOX, tab), subject=tab)
    got(google, "personal", 0, (*INBOX, "CATEGORY_PERSONAL"), subject="One")
    got(google, "updates", 0, (*INBOX, "CATEGORY_UPDATES"), subject="Two")
    assert news(home, cursor) == ["personal", "updates"]


def test_mail_that_was_archived_before_anybody_looked_is_told(home: Home, cursor: str) -> None:
    google = home.google
    google.mailbox.relabel(got(google, "quick", 0, subject="Quick"), remove=["INBOX", "UNREAD"])
    assert news(home, cursor) == ["quick"]


def test_mail_that_was_thrown_away_before_anybody_looked_is_none(home: Home, cursor: str) -> None:
    google = home.google
    google.mailbox.trash(got(google, "binned", 0, subject="Binned"))
    google.mailbox.delete(got(google, "deleted", 0, subject="Deleted"))
    got(google, "kept", 0, subject="Kept")
    assert news(home, cursor) == ["kept"]


@pytest.mark.parametrize("apart", [True, False], ids=["in two looks", "in one look"])
def test_what_comes_out_of_spam_or_the_bin_is_told(home: Home, cursor: str, apart: bool) -> None:
    google = home.google
    spam = got(google, "spam", 0, ("SPAM",), subject="No spam")
    binned = got(google, "binned", 0, ("TRASH",), subject="Re: Mine", answers="mine")
    if apart:
        cursor = home.read(cursor)[-1].cursor
    google.mailbox.relabel(spam, add=["INBOX"], remove=["SPAM"])
    google.mailbox.relabel(binned, remove=["TRASH"])
    assert news(home, cursor) == ["binned", "spam"]


def test_what_is_put_back_into_the_inbox_or_among_personal_mail_is_told(home: Home, cursor: str) -> None:
    google = home.google
    filed = got(google, "filed", 0, ARCHIVED, subject="Filed")
    offer = got(google, "offer", 0, (*INBOX, TABS[0]), subject="Offer")
    cursor = home.read(cursor)[-1].cursor
    google.mailbox.relabel(filed, add=["INBOX"])
    google.mailbox.relabel(offer, add=["CATEGORY_PERSONAL"], remove=[TABS[0]])
    assert news(home, cursor) == ["filed", "offer"]


@pytest.mark.parametrize("keep_id", [True, False])
def test_a_draft_is_told_once_it_is_sent(home: Home, cursor: str, keep_id: bool) -> None:
    google = home.google
    source = google.mailbox.messages[wrote(google, "draft", 0, subject="Sent later")].source
    google.mailbox.delete(next(one.id for one in google.mailbox.messages.values() if one.source == source))
    draft = google.mailbox.write_draft(source, "")
    first = home.read(cursor)
    assert ids(first) == []
    google.mailbox.send_draft(draft, keep_id=keep_id)
    (mail,) = (one for batch in home.read(first[-1].cursor) for one in batch.items)
    assert (mail.message_id, mail.in_sent) == ("mdraft@example.org", True)


def test_the_first_reply_of_mine_brings_the_whole_thread(home: Home, cursor: str) -> None:
    google = home.google
    wrote(google, "reply", 0, answers="theirs2", subject="Re: Theirs")
    start = len(google.log)
    batches = home.read(cursor)
    assert sorted(ids(batches)) == ["reply", "theirs", "theirs2"]
    assert methods(calls(google, start=start)) == ["history.list", "threads.get"]
    got(google, "later", 0, ARCHIVED, answers="theirs", subject="Re: Theirs")
    start = len(google.log)
    assert news(home, batches[-1].cursor) == ["later"]
    assert methods(calls(google, start=start)) == ["history.list", "messages.get"]


def many(home: Home) -> set[str]:
    """Let 25 mails come, then replies of mine into 30 old threads of others, archived long ago; return all of it."""
    google = home.google
    for number in range(25):
        got(google, f"r{number}", 0, subject=f"Got {number}")
    for number in range(30):
        wrote(google, f"b{number}", 0, answers=f"a{number}", subject=f"Letter a{number}")
    return {*(f"r{one}" for one in range(25)), *(f"{kind}{one}" for kind in "ab" for one in range(30))}


def test_news_stopped_after_any_batch_go_on_and_lose_nothing(home: Home) -> None:
    home.google.mailbox.bulk([entry(f"a{number}", 300, ARCHIVED) for number in range(30)])
    cursor = home.read()[-1].cursor
    everything = many(home)
    count = len(home.read(cursor))
    assert count >= 3
    for stop in range(1, count + 1):
        first = upto(home.mail, stop, cursor)
        assert set(ids(first) + ids(home.read(first[-1].cursor))) == everything


def test_news_of_many_pages_are_all_told(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    google = home.google
    cursor = home.read()[-1].cursor
    monkeypatch.setattr("connectors.gmail.api.PAGE", 20)
    for number in range(70):
        got(google, number, 0, ARCHIVED if number % 7 else INBOX, subject=f"Got {number}")
    assert news(home, cursor) == sorted(str(number) for number in range(0, 70, 7))
    assert len(calls(google, "history.list")) == 4


def test_progress_of_news_grows_and_ends_at_the_total(home: Home) -> None:
    cursor = home.read()[-1].cursor
    many(home)
    done = [(batch.done, batch.total) for batch in home.read(cursor)]
    assert done == sorted(done)
    assert done[-1][0] == done[-1][1] > 0
