"""A draft whose creation was cut off: Google may still be at work on it, so it is made again only when that is over."""

from base64 import urlsafe_b64decode
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.archive import listed
from tests.connectors.gmail.scene import calls
from tests.connectors.gmail.town import Town, town
from tests.google.faults import always, once, reset, status


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        made.run("sync")
        made.later(days=1)
        yield made


@pytest.fixture
def cut_off(place: Town) -> Town:
    """A home whose draft to Ana was asked for, and nothing is known of it."""
    place.google.plan = once(reset("before"), method="drafts.create")
    place.run("once", code=1)
    place.google.plan = None
    assert place.google.mailbox.drafts == {}
    return place


def arrive(place: Town, which: int = 0) -> str:
    """Let Google finish a creation that it was asked for; return the draft's id."""
    raw = calls(place.google, "drafts.create")[which].json["message"]["raw"]
    return place.google.mailbox.write_draft(urlsafe_b64decode(raw + "=" * (-len(raw) % 4)))


def test_one_that_google_finishes_after_the_first_look_is_found_and_none_made_beside_it(cut_off: Town) -> None:
    cut_off.later(minutes=1)
    cut_off.run("once")
    assert cut_off.google.mailbox.drafts == {}
    arrive(cut_off)
    cut_off.later(minutes=15)
    cut_off.run("once")
    assert cut_off.statuses() == ["open"]
    assert len(cut_off.google.mailbox.drafts) == 1


def test_rounds_within_ten_minutes_make_it_not_again(cut_off: Town) -> None:
    for _ in range(4):
        cut_off.later(minutes=3)
        cut_off.run("once")
    assert cut_off.statuses() == ["planned"]
    assert len(calls(cut_off.google, "drafts.create")) == 1
    cut_off.later(minutes=3)
    cut_off.run("once")
    assert cut_off.statuses() == ["open"]


def test_meanwhile_it_holds_its_person_and_takes_its_place_in_the_budget(cut_off: Town) -> None:
    cut_off.configure(listed("Ana Lima", "Bela Kovacs") + "[rhythm]\nopen = 1\n")
    cut_off.friend("Bela Kovacs <bela@example.org>", 100)
    cut_off.later(minutes=1)
    cut_off.run("sync")
    ran = cut_off.run("draft")
    assert "not written to Bela Kovacs: 1 draft waits unsent" in ran.err
    assert cut_off.ask("people", "ana")[0]["state"] == "drafted"
    assert cut_off.google.mailbox.drafts == {}


def test_one_that_was_refused_is_made_again_at_once_under_its_key(place: Town) -> None:
    place.google.plan = once(status(403, "forbidden"), method="drafts.create")
    place.run("once", code=1)
    place.google.plan = None
    (planned,) = place.ask("drafts")
    place.run("once")
    assert place.statuses() == ["open"]
    assert place.header("message-id") == f"<{planned['key']}>"


def test_when_there_are_two_in_spite_of_all_the_other_is_not_taken_for_the_users_own(cut_off: Town) -> None:
    for _ in range(2):
        cut_off.later(minutes=15)
        cut_off.run("once")
    ours = cut_off.draft
    second = arrive(cut_off)
    cut_off.configure(listed("Ana Lima", "Bela Kovacs"))
    cut_off.friend("Bela Kovacs <bela@example.org>", 100)
    cut_off.later(minutes=15)
    cut_off.run("draft")  # looks at all drafts, because Bela is due
    assert "of your own" not in cut_off.run("why", "ana").out
    assert sorted(one["person"] for one in cut_off.ask("drafts")) == ["Ana Lima", "Bela Kovacs"]
    assert cut_off.ask("status")["open_drafts"] == 2
    cut_off.run("drafts", "--withdraw", "--all")
    assert set(cut_off.google.mailbox.drafts) == {second}, "nobody can tell whether it was touched"
    assert ours != second


def test_what_was_seen_before_the_folder_could_not_be_listed_counts(place: Town) -> None:
    place.run("once")
    ana = place.draft
    place.configure(listed("Ana Lima", "Bela Kovacs"))
    place.friend("Bela Kovacs <bela@example.org>", 100)
    place.run("sync")
    place.google.plan = once(reset("before"), method="drafts.create")
    place.run("draft", code=1)
    place.google.mailbox.edit_draft(ana, body="Mine now")
    place.google.plan = always(status(500), method="drafts.list")
    place.later(minutes=15)
    place.run("once", code=1)
    assert sorted(place.statuses()) == ["edited", "planned"]
    place.google.plan = always(status(500), method="drafts.list")
    place.google.mailbox.delete_draft(ana)
    for _ in range(3):
        place.later(minutes=15)
        place.run("once", code=1)
    assert sorted(place.statuses()) == ["edited", "planned"], "what is gone may lie there under another name"


def test_one_that_came_after_all_and_was_edited_stays_at_a_word_too(place: Town) -> None:
    place.google.plan = once(reset("after"), method="drafts.create")
    place.run("once", code=1)
    place.later(minutes=1)
    place.google.mailbox.edit_draft(place.draft, body="Mine now")
    said = place.run("drafts", "--withdraw", "--all", code=1).err
    assert "you touched this draft" in said
    assert place.statuses() == ["edited"]
    assert place.google.mailbox.drafts


def test_one_that_may_still_come_is_not_given_up_at_a_word(cut_off: Town) -> None:
    cut_off.later(minutes=1)
    said = cut_off.run("drafts", "--withdraw", "--all", code=1).err
    assert "Ana Lima: it was cut off while it was written and may still appear in Drafts" in said
    assert cut_off.statuses() == ["planned"]
    cut_off.later(minutes=10)
    cut_off.run("drafts", "--withdraw", "--all")
    assert cut_off.statuses() == ["withdrawn"]


def test_one_that_the_user_sent_from_the_late_draft_is_sent(cut_off: Town) -> None:
    cut_off.google.mailbox.send_draft(arrive(cut_off))
    cut_off.later(minutes=1)
    cut_off.run("once")
    assert cut_off.statuses() == ["sent"]
