from datetime import timedelta
from typing import Any

import pytest

from daemon.due import HoldRule, Round, has_never_answered, holds
from daemon.model import Decision, DraftRecord, Person, Standing, Status
from daemon.spans import Span
from tests.due.given import MAYA, NOW, around, days_ago, draft, listed, rated, said, settings, standing

EVERY_100 = listed(every=Span(days=100))


def rules(
    *records: DraftRecord,
    one: Standing | None = None,
    decision: Decision | None = None,
    during: Round | None = None,
    **fields: Any,
) -> list[HoldRule]:
    case = one or standing(400, 300, person=EVERY_100, **fields)
    return [hold.rule for hold in holds(case, rated(case, decision=decision), decision, records, during or around())]


def text(*records: DraftRecord, decision: Decision | None = None, during: Round | None = None, **fields: Any) -> str:
    case = standing(400, 300, person=EVERY_100, **fields)
    return holds(case, rated(case, decision=decision), decision, records, during or around())[0].text


def test_nothing_holds_back_a_person_of_whom_there_is_nothing_to_say() -> None:
    assert rules() == []


def test_a_muted_person_is_held() -> None:
    assert rules(decision=said(muted=True)) == [HoldRule.MUTED]
    assert text(decision=said(muted=True)) == "muted"


def test_never_in_the_config_acts_like_muted() -> None:
    case = standing(400, person=listed(never=True))
    (hold,) = holds(case, rated(case), None, (), around())
    assert (hold.rule, hold.text) == (HoldRule.MUTED, "never = true in the config")


def test_a_snoozed_person_is_held_until_then() -> None:
    assert text(decision=said(snoozed_until=days_ago(-5)[0])) == "snoozed until 22 Jun 2026"
    assert rules(decision=said(snoozed_until=NOW)) == []


def test_a_pause_holds_everybody_until_it_ends() -> None:
    assert text(during=around(paused_until=days_ago(-1)[0])) == "all drafts are paused until 18 Jun 2026"
    assert rules(during=around(paused_until=NOW)) == []


def test_a_forgotten_person_is_held() -> None:
    assert rules(during=around(forgets=lambda email: email == MAYA.emails[1])) == [HoldRule.FORGOTTEN]


@pytest.mark.parametrize("status", [Status.PLANNED, Status.OPEN, Status.EDITED])
def test_an_open_draft_of_ours_holds(status: Status) -> None:
    assert text(draft(status, 3)) == "a draft of 14 Jun 2026 waits in home"


def test_a_draft_of_the_users_own_holds() -> None:
    assert rules(during=around(own_drafts=frozenset({MAYA.emails[1]}))) == [HoldRule.OWN_DRAFT]
    assert rules(during=around(own_drafts=frozenset({"noah@example.net"}))) == []


def test_a_meeting_within_the_horizon_holds() -> None:
    assert text(next_meeting_at=days_ago(-14)[0]) == "you meet on 1 Jul 2026, within 2 weeks"
    assert rules(next_meeting_at=NOW + timedelta(days=14, seconds=1)) == []


def test_a_meeting_that_goes_on_is_no_meeting_to_come() -> None:
    assert text(next_meeting_at=NOW - timedelta(minutes=20)) == "you are meeting now"


def test_the_horizon_is_the_configs() -> None:
    wide = around(config=settings(horizon=Span(months=3)))
    assert rules(next_meeting_at=days_ago(-80)[0], during=wide) == [HoldRule.MEETING_AHEAD]


def test_their_unanswered_mail_holds_for_less_than_thirty_days() -> None:
    told = text(unanswered_at=days_ago(29.9)[0])
    assert told == "they wrote last, on 18 May 2026; it is yours to answer until 17 Jun 2026"
    assert rules(unanswered_at=days_ago(30)[0]) == []


def test_only_dead_addresses_hold() -> None:
    assert rules(dead=frozenset(MAYA.emails), usable_email=None) == [HoldRule.DEAD]
    assert text(dead=frozenset(MAYA.emails), usable_email=None) == "all 2 known addresses bounce"
    assert rules(dead=frozenset(MAYA.emails[:1])) == []


def test_who_has_no_known_address_is_held() -> None:
    case = standing(person=Person("Maya Iyer", (), listed().listed))
    assert [hold.rule for hold in holds(case, rated(case), None, (), around())] == [HoldRule.NO_ADDRESS]


@pytest.mark.parametrize("fields", [{"status": Status.DELETED}, {"status": Status.WITHDRAWN, "by_age": True}])
def test_a_draft_deleted_or_withdrawn_for_age_holds_for_half_their_rhythm(fields: dict[str, Any]) -> None:
    assert rules(draft(age=60, changed=49.9, **fields)) == [HoldRule.DELETED]
    assert rules(draft(age=60, changed=50, **fields)) == []


def test_a_deleted_draft_holds_for_at_least_thirty_days() -> None:
    weekly = standing(400, 300, person=listed(every=Span(days=7)))
    assert rules(draft(Status.DELETED, 40, changed=29.9), one=weekly) == [HoldRule.DELETED]
    assert rules(draft(Status.DELETED, 40, changed=30), one=weekly) == []


def test_a_draft_withdrawn_otherwise_holds_nothing_back() -> None:
    """`auld drafts --withdraw` has no back-off."""
    assert rules(draft(Status.WITHDRAWN, 2)) == []


def test_a_deletion_before_a_sent_draft_is_over() -> None:
    answered = days_ago(4)[0]
    assert rules(draft(Status.DELETED, 20), draft(Status.SENT, 10), answered_at=answered) == []


def test_two_deleted_in_a_row_hold_until_the_user_says_otherwise() -> None:
    twice = (draft(Status.DELETED, 900), draft(Status.DELETED, 700))
    assert rules(*twice) == [HoldRule.DELETED_TWICE]
    assert rules(*twice, decision=said(at=days_ago(600)[0])) == []


def test_a_sent_draft_without_an_answer_holds_for_twice_the_rhythm() -> None:
    assert rules(draft(Status.SENT, 200, changed=199.9)) == [HoldRule.UNANSWERED]
    assert rules(draft(Status.SENT, 200)) == []
    assert text(draft(Status.SENT, 10)) == "the draft sent on 7 Jun 2026 is not answered: not before 24 Dec 2026"


def test_an_answer_after_it_was_sent_ends_that_hold() -> None:
    assert rules(draft(Status.SENT, 50), answered_at=days_ago(49)[0]) == []
    assert rules(draft(Status.SENT, 50), answered_at=days_ago(51)[0]) == [HoldRule.UNANSWERED]


def test_an_answer_counts_though_auld_noticed_only_later_that_the_draft_was_sent() -> None:
    """Made 50 days ago, sent and answered soon after; auld next looked a week ago."""
    assert rules(draft(Status.SENT, 50, changed=7), answered_at=days_ago(40)[0]) == []
    seen = draft(Status.SENT, 50, changed=7, seen_at=days_ago(20)[0])
    assert rules(seen, answered_at=days_ago(40)[0]) == [HoldRule.UNANSWERED]


def test_after_three_unanswered_in_a_row_none_is_ever_written() -> None:
    three = tuple(draft(Status.SENT, age) for age in (3000, 2500, 2000))
    assert rules(*three) == [HoldRule.NEVER_ANSWERED]
    assert has_never_answered(standing(400), three)
    assert rules(*three[:2]) == []


def test_an_answer_starts_the_count_of_three_anew() -> None:
    three = tuple(draft(Status.SENT, age) for age in (3000, 2500, 2000))
    assert not has_never_answered(standing(400, answered_at=days_ago(2400)[0]), three)
    assert rules(*three, answered_at=days_ago(2400)[0]) == []


def test_what_never_reached_them_does_not_break_the_three() -> None:
    records = (
        draft(Status.SENT, 3000),
        draft(Status.DELETED, 2700),
        draft(Status.SENT, 2500),
        draft(Status.WITHDRAWN, 2200),
        draft(Status.SENT, 2000),
    )
    assert has_never_answered(standing(400), records)


def test_an_account_that_was_not_read_holds_everybody() -> None:
    """Each says so with its own sentence, after all that is about the person."""
    unread = ("home could not be read", "work is still in its first sync")
    case = standing(300)
    told = holds(case, rated(case), said(muted=True), (), around(unread=unread))
    assert [hold.rule for hold in told] == [HoldRule.MUTED, HoldRule.UNREAD, HoldRule.UNREAD]
    assert tuple(hold.text for hold in told[1:]) == unread


def test_all_that_applies_is_told_in_one_fixed_order() -> None:
    """The order is that of the rules; nobody can be under every hold at once, so two people share them."""
    meeting: dict[str, Any] = {"next_meeting_at": days_ago(-2)[0], "unanswered_at": days_ago(2)[0]}
    during = around(
        paused_until=days_ago(-1)[0],
        own_drafts=frozenset(MAYA.emails),
        unread=("home could not be read",),
        forgets=lambda _: True,
    )
    word = said(muted=True, snoozed_until=days_ago(-3)[0])
    records = [draft(Status.OPEN, 1), draft(Status.DELETED, 5), draft(Status.DELETED, 9), draft(Status.SENT, 20)]
    first = rules(*records, decision=word, during=during, dead=frozenset(MAYA.emails), usable_email=None, **meeting)
    assert first == [rule for rule in HoldRule if rule not in {HoldRule.NO_ADDRESS, HoldRule.NEVER_ANSWERED}]
    more = [draft(Status.SENT, age) for age in (20, 30, 10)]
    assert rules(*more, draft(Status.DELETED, 5)) == [HoldRule.DELETED, HoldRule.NEVER_ANSWERED, HoldRule.UNANSWERED]


def test_holds_do_not_depend_on_the_order_of_the_records() -> None:
    records = [draft(Status.DELETED, 9), draft(Status.SENT, 20), draft(Status.OPEN, 1), draft(Status.SENT, 40)]
    case = standing(300)
    assert holds(case, rated(case), None, records, around()) == holds(case, rated(case), None, records[::-1], around())


def test_back_offs_end_with_the_calendar_and_not_in_an_error() -> None:
    patient = standing(400, person=listed(every=Span(months=12 * 9000)))
    assert rules(draft(Status.SENT, 10), one=patient) == [HoldRule.UNANSWERED]
