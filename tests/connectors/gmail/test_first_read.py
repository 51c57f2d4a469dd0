"""A first read of Gmail: what is told, in which order, and at what price."""

from pathlib import Path

import pytest

from tests.connectors.gmail.home import Home, signed_in
from tests.connectors.gmail.scene import (
    ARCHIVED,
    INBOX,
    SENT,
    before,
    calls,
    entry,
    got,
    ids,
    methods,
    wrote,
)  # fmt: skip
from tests.google.faults import always, status

TABS = ("CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_FORUMS")


def test_threads_with_mail_of_mine_are_told_in_both_directions_newest_first(home: Home) -> None:
    google = home.google
    got(google, "a1", 90, ARCHIVED, subject="Old")
    wrote(google, "a2", 80, answers="a1", subject="Re: Old")
    got(google, "b1", 20, subject="New")
    wrote(google, "b2", 10, answers="b1", subject="Re: New")
    wrote(google, "c1", 50, subject="Alone")
    assert ids(home.read()) == ["b1", "b2", "c1", "a1", "a2"]


def test_then_the_rest_of_the_inbox_is_told_newest_first(home: Home) -> None:
    google = home.google
    for number in (1, 3, 2, 5, 4):
        got(google, number, number, subject=f"Letter {number}")
    wrote(google, 6, 400, subject="Letter 6")
    assert ids(home.read()) == ["6", "1", "2", "3", "4", "5"]


def test_one_message_alone_is_got_by_itself_and_more_by_their_thread(home: Home) -> None:
    google = home.google
    alone = wrote(google, 1, 10, subject="Alone")
    first = got(google, 2, 9)
    wrote(google, 3, 8, answers=2)
    got(google, 4, 7, subject="To the inbox")
    home.read()
    assert methods(calls(google)) == [
        "getProfile", "messages.list", "messages.list", "threads.get", "messages.get", "messages.list",
        "messages.list", "messages.list", "messages.list", "messages.get",
    ]  # fmt: skip
    assert calls(google, "threads.get")[0].path.endswith(first)
    assert calls(google, "messages.get")[0].path.endswith(alone)
    assert google.quota.units == 1 + 5 + 5 + 40 + 20 + 4 * 5 + 20


@pytest.mark.parametrize("label", ["DRAFT", "SPAM", "TRASH", "CHAT"])
def test_drafts_spam_trash_and_chats_are_no_mail_wherever_they_lie(home: Home, label: str) -> None:
    google = home.google
    got(google, 1, 10, (label,), subject="Alone")
    got(google, 2, 9, ("INBOX", label), subject="In the inbox")
    wrote(google, 3, 8, ("SENT", label), subject="Sent")
    wrote(google, 4, 7)
    got(google, 5, 6, (label,), answers=4, subject="Re: Tea")
    wrote(google, 6, 5, ("SENT", label), answers=4, subject="Re: Tea")
    got(google, 7, 4, ("INBOX",), answers=4, subject="Re: Tea")
    assert ids(home.read()) == ["4", "7"]


def test_the_tabs_without_personal_mail_are_left_out_but_not_from_my_threads(home: Home) -> None:
    google = home.google
    for tab in TABS:
        got(google, f"{tab}-out", 5, ("INBOX", tab), subject=f"Offer {tab}")
        wrote(google, f"{tab}-mine", 9, subject=tab)
        got(google, f"{tab}-in", 8, ("INBOX", tab), answers=f"{tab}-mine", subject=tab)
    got(google, "personal", 3, ("INBOX", "CATEGORY_PERSONAL"), subject="Me")
    got(google, "updates", 4, ("INBOX", "CATEGORY_UPDATES"), subject="Post")
    told = ids(home.read())
    assert sorted(told) == sorted(["personal", "updates", *(f"{tab}-{one}" for tab in TABS for one in ("in", "mine"))])


def test_archived_mail_is_left_out_unless_it_is_in_a_thread_of_mine(home: Home) -> None:
    google = home.google
    got(google, 1, 10, ARCHIVED, subject="Elsewhere")
    got(google, 2, 9, ARCHIVED)
    wrote(google, 3, 8, answers=2)
    assert ids(home.read()) == ["2", "3"]


def test_a_mailbox_of_one_thousand_is_listed_in_pages_of_five_hundred(home: Home) -> None:
    google = home.google
    google.mailbox.bulk(
        [entry(number, 100 + number / 10, ARCHIVED) for number in range(980)]
        + [entry(f"s{number}", 90 + number, SENT, "thread") for number in range(20)]
    )
    assert len(ids(home.read())) == 20
    assert len(calls(google, "messages.list")) == 1 + 2 + 1  # sent, all, inbox; no tabs to take from an empty inbox
    assert {one.query["maxResults"][0] for one in calls(google, "messages.list")} == {"500"}
    assert google.quota.units == 1 + 4 * 5 + 40


def test_each_request_names_its_fields_and_no_more_headers_than_tell_a_fact(home: Home) -> None:
    google = home.google
    for number in range(3):
        got(google, number, 10 - number, subject=f"Letter {number}")
    wrote(google, 4, 5, answers=0, subject="Letter 0")
    wrote(google, 5, 5, subject="Alone")
    cursor = home.read()[-1].cursor
    got(google, 6, 1, subject="News")
    home.read(cursor)
    home.drafts.find("none@example.com")
    for one in calls(google):
        assert one.query["fields"], one.method
        assert "snippet" not in one.query["fields"][0]
        assert "body" not in one.query["fields"][0]
        assert "q" not in one.query
        if one.method.endswith((".get", "threads.get")):
            assert one.query["format"] == ["metadata"]
    gets = calls(google, "messages.get") + calls(google, "threads.get")
    assert len(gets) == 5
    wanted = set(gets[0].query["metadataHeaders"])
    assert {"From", "To", "Cc", "Date", "Subject", "Message-ID", "References", "List-Id"} <= wanted
    assert wanted.isdisjoint({"Bcc", "Received", "X-Originating-IP", "DKIM-Signature", "X-Mailer"})
    assert all(set(one.query["metadataHeaders"]) == wanted for one in gets)


def test_without_a_profile_the_newest_message_tells_where_the_history_stands(tmp_path: Path) -> None:
    with signed_in(tmp_path, plan=always(status(404), "getProfile")) as home:
        google = home.google
        wrote(google, 1, 10)
        got(google, 2, 9, subject="Two")
        batches = home.read()
        assert sorted(ids(batches)) == ["1", "2"]
        got(google, 3, 1, subject="Three")
        assert ids(home.read(batches[-1].cursor)) == ["3"]


def test_an_empty_mailbox_without_a_profile_is_read_anew_and_loses_nothing(tmp_path: Path) -> None:
    with signed_in(tmp_path, plan=always(status(404), "getProfile")) as home:
        assert ids(home.read()) == []
        got(home.google, 1, 1)
        assert ids(home.read()) == ["1"]


# -- since -------------------------------------------------------------------------------------------------------------


def test_nothing_older_than_since_is_told_and_reading_stops_there(home: Home) -> None:
    google = home.google
    for number in range(100):
        wrote(google, f"s{number}", 10 * number + 1, subject=f"Sent {number}")
        got(google, f"r{number}", 10 * number + 2, subject=f"Got {number}")
    told = ids(home.mail.changes(None, before(100)))
    assert sorted(told) == sorted([f"{kind}{number}" for number in range(10) for kind in "rs"])
    assert len(calls(google, "messages.get")) <= 2 * 20, "a page of each, the first of which is too old for the next"


def test_an_old_thread_with_a_young_answer_tells_the_answer_only(home: Home) -> None:
    google = home.google
    for number in range(30):
        wrote(google, f"filler{number}", 50, subject=f"Filler {number}")
    wrote(google, "old", 500)
    got(google, "young", 1, ARCHIVED, answers="old")
    assert "young" in (told := ids(home.mail.changes(None, before(100))))
    assert "old" not in told


# -- the last weeks, and the rest --------------------------------------------------------------------------------------


def test_sixty_days_of_the_inbox_end_the_first_call_and_the_rest_comes_by_the_hundred(home: Home) -> None:
    google = home.google
    google.mailbox.bulk(
        [entry(number, 59 * number / 50, INBOX) for number in range(50)]
        + [entry(number, 61 + number, INBOX) for number in range(50, 400)]
    )
    first = home.read()
    told = ids(first)
    assert set(told) >= {str(number) for number in range(50)}
    assert len(told) <= 60 + 100, "the page in which the sixty days end, and a slice"
    assert (first[-1].done, first[-1].total) == (len(told), 400)
    cursor = first[-1].cursor
    while share := home.read(cursor):
        cursor = share[-1].cursor
        assert 0 < len(ids(share)) <= 100
        told += ids(share)
    assert told == [str(number) for number in range(400)]


def test_what_is_new_goes_before_the_next_slice(home: Home) -> None:
    google = home.google
    google.mailbox.bulk([entry(number, 61 + number, INBOX) for number in range(300)])
    cursor = home.read()[-1].cursor
    got(google, "new", 0)
    assert ids(home.read(cursor))[0] == "new"
