"""What became of a draft: each path of its life, by the rules."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from connectors.types import DraftRef
from daemon.model import DraftRecord, Status
from daemon.reconcile import (
    Look,
    Since,
    find_rekeyed,
    foreign,
    is_lost,
    judge,
    judge_unreachable,
    mark_lost,
    mark_withdrawing,
    mark_withdrawn,
)
from tests.facts import NOW

RECORD = DraftRecord(
    key="k1@example.com", person="Ana Lima", emails=("ana@example.org", "al@example.net"), email="ana@example.org",
    account="archive", occasion="catch-up", language="en", subject="Hello", status=Status.OPEN,
    created_at=NOW - timedelta(days=3), changed_at=NOW - timedelta(days=3), ref_id="f1", ref_key="k1@example.com",
    revision="r1",
)  # fmt: skip
LYING = DraftRef(
    "f1", "k1@example.com", "r1", ("ana@example.org",), "Hello", RECORD.created_at.replace(microsecond=0), as_made=True
)
THERE = Look(LYING)
GONE = Look(None)
QUIET = Since(
    contact_at=NOW - timedelta(days=200), written_at=NOW - timedelta(days=200), key_sent=False, unwanted=False
)


def after(
    record: DraftRecord, look: Look, since: Since = QUIET, others: tuple[DraftRef, ...] = (), now: datetime = NOW
) -> DraftRecord:
    return judge(record, look, since, others, now).record


def test_an_untouched_draft_stays_open_and_nothing_is_written_about_it() -> None:
    assert judge(RECORD, THERE, QUIET, (), NOW).record == RECORD


def test_a_planned_draft_that_is_found_is_open() -> None:
    planned = replace(RECORD, status=Status.PLANNED, ref_id="", ref_key="", revision="")
    found = after(planned, THERE)
    assert (found.status, found.ref_id, found.revision, found.edited) == (Status.OPEN, "f1", "r1", False)


@pytest.mark.parametrize(
    "change",
    [
        {"as_made": False},
        {"written_at": NOW - timedelta(days=3) + timedelta(seconds=1)},
        {"written_at": None},
        {"subject": "Hello Ana"},
        {"to": ("ana@example.org", "bela@example.net")},
        {"to": ()},
    ],
    ids=["the provider says so", "another date", "no date", "another subject", "one more", "to nobody"],
)
def test_a_planned_draft_that_is_found_and_perhaps_touched_is_the_users_from_then_on(change: dict[str, Any]) -> None:
    """Rules: touched by the user: never changed, never removed. What it was like at first was not kept."""
    planned = replace(RECORD, status=Status.PLANNED, ref_id="", ref_key="", revision="")
    met = replace(QUIET, contact_at=NOW, unwanted=True)
    verdict = judge(planned, Look(replace(LYING, **change)), met, (), NOW + timedelta(days=90))
    assert (verdict.record.status, verdict.record.edited, verdict.withdraw) == (Status.EDITED, True, False)


def test_where_the_provider_dates_drafts_itself_their_date_tells_no_edit() -> None:
    planned = replace(RECORD, status=Status.PLANNED, ref_id="", ref_key="", revision="")
    found = Look(replace(LYING, written_at=NOW, dated=False))
    assert after(planned, found).status is Status.OPEN


def test_a_planned_draft_that_was_never_made_may_be_made_again() -> None:
    planned = after(replace(RECORD, status=Status.PLANNED), GONE)
    assert planned.status is Status.PLANNED
    assert is_lost(planned)


def test_one_that_may_come_late_may_be_made_again_only_after_two_looks_ten_minutes_apart() -> None:
    late = Look(None, late=True)
    first = after(replace(RECORD, status=Status.PLANNED), late)
    assert (first.status, first.missing_at, is_lost(first)) == (Status.PLANNED, NOW, False)
    second = after(first, late, now=NOW + timedelta(minutes=9))
    assert second == first, "it waits since the first look"
    assert is_lost(after(second, late, now=NOW + timedelta(minutes=10)))


def test_one_that_another_was_taken_for_is_still_known_by_its_own_key() -> None:
    record = replace(RECORD, ref_key="given-by-the-server")
    own = DraftRef("mine", "mine@example.com", "r9", ("ana@example.org",), written_at=NOW)
    followed = after(record, GONE, others=(own,))
    assert (followed.status, followed.ref_key, followed.former_key) == (
        Status.EDITED, "mine@example.com", "given-by-the-server",
    )  # fmt: skip


def test_one_that_is_gone_and_never_read_of_is_done_with_at_last() -> None:
    old = replace(RECORD, created_at=NOW - timedelta(days=61))
    assert after(old, Look(None, unread=True)).status is Status.WITHDRAWN


@pytest.mark.parametrize("status", [Status.PLANNED, Status.OPEN, Status.EDITED])
def test_what_became_of_one_that_is_gone_waits_until_my_mail_is_read(status: Status) -> None:
    record = replace(RECORD, status=status)
    unread = Look(None, unread=True)
    own = DraftRef("mine", "mine@example.com", "r9", ("ana@example.org",), written_at=NOW)
    first = after(record, unread, others=(own,))
    assert first == replace(record, missing_at=NOW), "nor is it taken for the draft of the user's own"
    later = after(first, unread, now=NOW + timedelta(days=3))
    assert later == first, "it may have been sent, whenever that is read"
    assert after(later, unread, replace(QUIET, key_sent=True)).status is Status.SENT
    wrote = replace(QUIET, written_at=NOW)
    if status is not Status.PLANNED:
        assert after(later, GONE, wrote, now=NOW + timedelta(days=3)).status is Status.SENT


def test_one_that_was_certainly_not_made_may_be_made_again_at_once_and_still_be_found() -> None:
    refused = mark_lost(replace(RECORD, status=Status.PLANNED), NOW)
    assert is_lost(after(refused, Look(None, late=True), now=NOW + timedelta(minutes=1)))
    found = after(refused, THERE, now=NOW + timedelta(minutes=1))
    assert (found.status, found.missing_at, found.lost) == (Status.OPEN, None, False)


def test_a_new_revision_is_an_edit_and_the_edit_is_never_withdrawn() -> None:
    edited = after(RECORD, Look(replace(LYING, revision="r2")))
    assert (edited.status, edited.revision) == (Status.EDITED, "r2")
    met = replace(QUIET, contact_at=NOW, unwanted=True)
    verdict = judge(edited, Look(replace(LYING, revision="r2")), met, (), NOW + timedelta(days=90))
    assert verdict.record.status is Status.EDITED
    assert not verdict.withdraw


@pytest.mark.parametrize(
    ("since", "days", "by_age"),
    [
        (replace(QUIET, contact_at=NOW - timedelta(days=1)), 0, False),
        (replace(QUIET, unwanted=True), 0, False),
        (QUIET, 57, True),
    ],
)
def test_an_untouched_draft_is_withdrawn_after_contact_or_mute_or_sixty_days(
    since: Since, days: int, by_age: bool
) -> None:
    verdict = judge(RECORD, THERE, since, (), NOW + timedelta(days=days))
    assert verdict.withdraw
    assert (verdict.record.withdrawing, verdict.record.by_age) == (True, by_age)
    assert mark_withdrawn(verdict.record, NOW).status is Status.WITHDRAWN


def test_one_that_was_being_withdrawn_when_auld_was_cut_off_was_not_deleted_by_the_user() -> None:
    leaving = mark_withdrawing(RECORD, by_age=True)
    gone = after(leaving, GONE)
    assert (gone.status, gone.by_age, gone.withdrawing) == (Status.WITHDRAWN, True, False)
    assert after(leaving, GONE, replace(QUIET, key_sent=True)).status is Status.SENT
    assert after(leaving, THERE) == RECORD


def test_a_planned_draft_that_was_sent_before_anybody_looked_is_sent() -> None:
    planned = replace(RECORD, status=Status.PLANNED)
    assert after(planned, GONE, replace(QUIET, key_sent=True)).status is Status.SENT


def test_one_day_before_sixty_it_still_waits() -> None:
    assert not judge(RECORD, THERE, QUIET, (), NOW + timedelta(days=56)).withdraw


def test_gone_with_its_key_in_sent_is_sent() -> None:
    assert after(RECORD, GONE, replace(QUIET, key_sent=True)).status is Status.SENT


def test_gone_with_a_mail_to_that_person_since_is_sent() -> None:
    assert after(RECORD, GONE, replace(QUIET, written_at=NOW - timedelta(days=1))).status is Status.SENT


def test_a_mail_before_the_draft_does_not_make_it_sent() -> None:
    assert after(RECORD, GONE, replace(QUIET, written_at=NOW - timedelta(days=4))).status is Status.OPEN


def test_an_edited_draft_seen_after_another_mail_is_not_sent_by_that_mail() -> None:
    other = replace(QUIET, written_at=NOW - timedelta(days=1))
    edited = after(RECORD, Look(replace(LYING, revision="r2")), other)
    first = after(edited, GONE, other, now=NOW + timedelta(hours=1))
    assert first.status is Status.EDITED
    assert after(first, GONE, other, now=NOW + timedelta(hours=2)).status is Status.DELETED


def test_gone_is_deleted_only_after_two_looks_ten_minutes_apart() -> None:
    first = after(RECORD, GONE)
    assert (first.status, first.missing_at) == (Status.OPEN, NOW)
    assert after(first, GONE, now=NOW + timedelta(minutes=9)).status is Status.OPEN
    assert after(first, GONE, now=NOW + timedelta(minutes=10)).status is Status.DELETED


def test_a_draft_that_comes_back_was_not_deleted() -> None:
    back = after(after(RECORD, GONE), THERE, now=NOW + timedelta(hours=1))
    assert (back.status, back.missing_at) == (Status.OPEN, None)


def test_a_newer_draft_to_them_is_the_edit_and_is_followed() -> None:
    newer = DraftRef("f2", "other@example.com", "x", ("AL@example.net",), "Hello", NOW - timedelta(hours=1))
    older = DraftRef("f0", "old@example.com", "x", ("ana@example.org",), "Hello", NOW - timedelta(days=9))
    edited = after(RECORD, GONE, others=(older, newer))
    assert (edited.status, edited.ref_id, edited.ref_key, edited.revision) == (
        Status.EDITED,
        "f2",
        "other@example.com",
        "x",
    )
    assert after(RECORD, GONE, others=(older,)).status is Status.OPEN


@pytest.mark.parametrize("status", [Status.SENT, Status.DELETED, Status.WITHDRAWN])
def test_what_ended_is_never_judged_again(status: Status) -> None:
    ended = replace(RECORD, status=status)
    assert after(ended, GONE) == ended


def test_the_users_own_drafts_are_those_no_unsent_record_holds() -> None:
    mine = DraftRef("f1", "k1@example.com", "r1")
    theirs = DraftRef("f9", "u@example.com", "r1")
    kept = DraftRef("f3", "k3@example.com", "r1")
    records = [RECORD, replace(RECORD, key="k3@example.com", ref_id="f3", status=Status.DELETED)]
    assert foreign([mine, theirs, kept], records) == [theirs, kept]


def test_what_was_made_twice_under_our_key_is_ours_until_ours_is_gone_from_its_place() -> None:
    twice = DraftRef("f2", "k1@example.com", "r5", ("ana@example.org",), "Hello", NOW)
    for status in (Status.PLANNED, Status.OPEN, Status.EDITED):
        assert foreign([twice], [replace(RECORD, status=status)]) == []
    assert foreign([twice], [replace(RECORD, ref_key="k7@example.com")]) == []
    assert foreign([replace(twice, key="")], [replace(RECORD, ref_key="")]) != []
    assert foreign([twice], [RECORD], gone=["k1@example.com"]) == [twice], "a mail client may have rewritten it"
    assert foreign([twice], [replace(RECORD, status=Status.DELETED)]) == [twice]


@pytest.mark.parametrize("status", [Status.PLANNED, Status.OPEN, Status.EDITED])
def test_one_that_nobody_can_look_at_waits_until_it_was_sent_or_is_sixty_days_old(status: Status) -> None:
    record = replace(RECORD, status=status, by_age=True)
    assert judge_unreachable(record, NOW + timedelta(days=56), key_sent=False) == record
    old = judge_unreachable(record, NOW + timedelta(days=57), key_sent=False)
    assert (old.status, old.by_age) == (Status.WITHDRAWN, False)
    assert judge_unreachable(record, NOW, key_sent=True).status is Status.SENT


PLANNED = replace(
    RECORD, status=Status.PLANNED, ref_id="", ref_key="", revision="", created_at=NOW.replace(microsecond=123_456)
)
REKEYED = replace(
    LYING, id="f7", key="CAx@mail.example.com", to=("Ana@example.org",), written_at=NOW.replace(microsecond=0)
)


def test_a_draft_that_got_another_message_id_is_found_by_recipient_subject_and_our_date_to_the_second() -> None:
    """Rules: where a provider rewrites it: recipient + subject + our Date to the second."""
    assert find_rekeyed(PLANNED, [REKEYED]) == REKEYED
    assert find_rekeyed(PLANNED, [DraftRef("f1", "k", "r"), REKEYED]) == REKEYED
    assert find_rekeyed(PLANNED, []) is None


@pytest.mark.parametrize(
    "change",
    [
        {"written_at": NOW.replace(microsecond=0) + timedelta(seconds=1)},
        {"written_at": None},
        {"subject": "Hello again"},
        {"to": ("al@example.net",)},
        {"to": ("ana@example.org", "bela@example.net")},
        {"to": ()},
    ],
    ids=["a second later", "without a date", "another subject", "their other address", "one more", "to nobody"],
)
def test_a_draft_that_differs_in_one_of_them_is_the_users_own(change: dict[str, Any]) -> None:
    assert find_rekeyed(PLANNED, [replace(REKEYED, **change)]) is None


def test_a_draft_that_another_record_holds_is_not_found_again() -> None:
    other = replace(RECORD, key="k2@example.com", ref_id="f7")
    assert find_rekeyed(PLANNED, foreign([REKEYED], [PLANNED, other])) is None
    assert find_rekeyed(PLANNED, foreign([REKEYED], [PLANNED])) == REKEYED


def test_a_planned_draft_found_under_another_key_is_open_under_it() -> None:
    found = after(PLANNED, Look(REKEYED))
    assert (found.status, found.key, found.ref_key, found.ref_id) == (
        Status.OPEN, "k1@example.com", "CAx@mail.example.com", "f7",
    )  # fmt: skip


@pytest.mark.parametrize("status", [Status.OPEN, Status.EDITED])
def test_one_that_was_sent_is_sent_at_once_under_the_message_id_it_was_sent_as(status: Status) -> None:
    sent = Look(DraftRef("f1", "other@example.net", "r9", ("ana@example.org",), sent=True))
    told = after(replace(RECORD, status=status, missing_at=NOW), sent)
    assert (told.status, told.ref_key, told.changed_at, told.missing_at) == (
        Status.SENT,
        "other@example.net",
        NOW,
        None,
    )
    assert not judge(mark_withdrawing(RECORD), sent, QUIET, (), NOW).withdraw


@pytest.mark.parametrize(("minutes", "found"), [(-6, False), (-4, True), (0, True), (90, True), (3 * 24 * 60, True)])
def test_one_that_the_provider_dates_itself_is_found_if_it_was_made_since_the_plan(minutes: float, found: bool) -> None:
    ref = replace(REKEYED, written_at=PLANNED.created_at + timedelta(minutes=minutes), dated=False)
    assert find_rekeyed(PLANNED, [ref]) == (ref if found else None)
    assert find_rekeyed(PLANNED, [replace(ref, subject="Other")]) is None
    assert find_rekeyed(PLANNED, [replace(ref, to=("ana@example.org", "bo@example.net"))]) is None


def test_of_several_that_the_provider_dates_itself_the_first_one_since_the_plan_is_ours() -> None:
    first, later = (
        replace(REKEYED, id=f"f{days}", written_at=PLANNED.created_at + timedelta(days=days), dated=False)
        for days in (1, 2)
    )
    assert find_rekeyed(PLANNED, [later, first]) == first
