from dataclasses import replace

from daemon.due import file_decisions, file_records, latest_decision
from daemon.model import Decision, Person, Status
from tests.due.given import MAYA, days_ago, draft, said


def test_a_draft_finds_its_person_by_any_address_in_common() -> None:
    """So that it still does after a merge or a new address."""
    old = draft(Status.SENT, 90, emails=("maya@old.example.com",))
    other = draft(Status.SENT, 20, emails=("noah@example.net",))
    assert file_records([old, other]).of(MAYA) == (old,)


def test_a_draft_with_two_addresses_in_common_is_found_once() -> None:
    assert file_records([draft(Status.OPEN, 1)]).of(MAYA) == (draft(Status.OPEN, 1),)


def test_what_is_found_keeps_its_order() -> None:
    records = [draft(Status.SENT, age) for age in (5, 50, 20)]
    assert file_records(records).of(MAYA) == tuple(records)


def test_who_has_no_address_is_found_by_name() -> None:
    nameless = Person("Maya Iyer", ())
    word = Decision((), "maya iyer", muted=True)
    filing = file_decisions([word, said(kept=True)])
    assert filing.of(nameless) == (word,)
    assert filing.of(MAYA) == (said(kept=True),)


def test_nothing_filed_is_nothing_found() -> None:
    assert file_records([]).of(MAYA) == ()


def test_the_latest_of_two_decisions_holds() -> None:
    early, late = said(muted=True, at=days_ago(9)[0]), said(kept=True, at=days_ago(2)[0])
    assert latest_decision([late, early]) == late
    assert latest_decision([replace(late, at=None), early]) == early


def test_of_two_decisions_without_a_time_the_stricter_holds() -> None:
    assert latest_decision([said(kept=True), said(muted=True)]) == said(muted=True)
    assert latest_decision([]) is None
