import pytest

from daemon.due import is_unwanted, state
from daemon.model import Decision, DraftRecord, Person, Standing, State, Status
from tests.due.given import MAYA, NOW, ZONE, days_ago, draft, listed, said, settings, standing


def stand(
    *records: DraftRecord, person: Person = MAYA, decision: Decision | None = None, one: Standing | None = None
) -> State:
    return state(one or standing(200, 90, 40, person=person), settings(), NOW, ZONE, decision, records)


SNOOZED = said(snoozed_until=days_ago(-5)[0])
OPEN = draft(Status.OPEN, 3)
DELETED_TWICE = (draft(Status.DELETED, 300), draft(Status.DELETED, 200))


def test_who_fits_nothing_is_quiet() -> None:
    assert stand(one=standing(40)) is State.QUIET


def test_who_is_worth_it_is_suggested() -> None:
    assert stand() is State.SUGGESTED


def test_listed_comes_before_suggested() -> None:
    assert stand(person=listed()) is State.LISTED
    assert stand(decision=said(kept=True)) is State.LISTED


@pytest.mark.parametrize("status", [Status.PLANNED, Status.OPEN, Status.EDITED])
def test_drafted_comes_before_listed(status: Status) -> None:
    assert stand(draft(status, 3), person=listed()) is State.DRAFTED


@pytest.mark.parametrize("status", [Status.SENT, Status.DELETED, Status.WITHDRAWN])
def test_a_draft_that_waits_no_more_makes_nobody_drafted(status: Status) -> None:
    assert stand(draft(status, 3), person=listed()) is State.LISTED


def test_snoozed_comes_before_drafted_until_its_time_is_over() -> None:
    assert stand(OPEN, decision=SNOOZED) is State.SNOOZED
    assert stand(OPEN, decision=said(snoozed_until=NOW)) is State.DRAFTED


def test_muted_comes_before_all() -> None:
    assert stand(OPEN, decision=said(muted=True, snoozed_until=days_ago(-5)[0])) is State.MUTED
    assert stand(OPEN, person=listed(never=True)) is State.MUTED


def test_two_drafts_deleted_in_a_row_make_even_the_listed_quiet() -> None:
    assert stand(*DELETED_TWICE, person=listed()) is State.QUIET


def test_one_deleted_draft_makes_nobody_quiet() -> None:
    assert stand(DELETED_TWICE[0]) is State.SUGGESTED


def test_a_sent_draft_between_two_deleted_ones_breaks_the_row() -> None:
    assert stand(*DELETED_TWICE, draft(Status.SENT, 250)) is State.SUGGESTED
    assert stand(*DELETED_TWICE, draft(Status.SENT, 100)) is State.SUGGESTED


def test_a_withdrawn_draft_between_two_deleted_ones_does_not() -> None:
    assert stand(*DELETED_TWICE, draft(Status.WITHDRAWN, 250)) is State.QUIET


def test_who_was_left_alone_is_back_once_the_user_says_so() -> None:
    """Anything said after the second deletion counts (unmute, keep, snooze); what was said before it does not."""
    assert stand(*DELETED_TWICE, decision=said(at=days_ago(199)[0])) is State.SUGGESTED
    assert stand(*DELETED_TWICE, decision=said(kept=True, at=days_ago(199)[0])) is State.LISTED
    assert stand(*DELETED_TWICE, decision=said()) is State.QUIET


def test_after_that_word_it_takes_two_more_deleted_drafts() -> None:
    word = said(at=days_ago(199)[0])
    once = (*DELETED_TWICE, draft(Status.DELETED, 150))
    assert stand(*once, decision=word) is State.SUGGESTED
    assert stand(*once, draft(Status.DELETED, 100), decision=word) is State.QUIET


def test_drafts_to_the_muted_and_the_snoozed_are_unwanted() -> None:
    one = standing(40)
    assert is_unwanted(one, said(muted=True), NOW)
    assert is_unwanted(one, SNOOZED, NOW)
    assert is_unwanted(standing(40, person=listed(never=True)), None, NOW)
    assert not is_unwanted(one, said(kept=True, snoozed_until=NOW), NOW)
    assert not is_unwanted(one, None, NOW)
