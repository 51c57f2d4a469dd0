"""What counts as contact: meetings. Each test names the rule."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from connectors.types import Address, Answer, Attendee
from daemon.model import Kind
from tests.facts import ME, NOW, evidence_of, ledger_of, meeting, number_of, of, received, world_of

ANA, BEN = "Ana Lima <ana@example.org>", "Ben Ode <ben@example.net>"
YES, NO, MAYBE, NONE = Answer.ACCEPTED, Answer.DECLINED, Answer.TENTATIVE, Answer.NONE


def why_not(*facts: object, email: str = "ana@example.org", **more: object) -> str:
    world = world_of(*facts, **more)  # type: ignore[arg-type]
    assert of(world, email).last is None
    return evidence_of(world, email).uncounted[0].rule


def test_a_meeting_i_organised_counts_for_who_accepted_and_its_moment_is_its_end() -> None:
    world = world_of(meeting(ME, {ANA: YES, BEN: NO}, days=10))
    last = of(world, "ana@example.org").last
    assert last is not None
    assert (last.kind, last.at, last.people) == (Kind.MEETING, NOW - timedelta(days=10) + timedelta(hours=1), 1)
    assert of(world, "ben@example.net").last is None
    assert evidence_of(world, "ben@example.net").uncounted[0].rule == "they declined"


def test_a_meeting_counts_for_its_organizer_when_i_accepted() -> None:
    world = world_of(meeting(ANA, {ME: YES, ANA: NONE}, days=10))
    assert of(world, "ana@example.org").last is not None
    assert of(world, "ana@example.org").sign_of_life


@pytest.mark.parametrize("answer", [NO, MAYBE, NONE])
def test_a_meeting_i_did_not_accept_does_not_count(answer: Answer) -> None:
    assert why_not(meeting(ANA, {ME: answer, ANA: YES})) == "you neither organised nor accepted it"


@pytest.mark.parametrize("answer", [MAYBE, NONE])
def test_who_has_not_answered_counts_only_when_alone(answer: Answer) -> None:
    assert of(world_of(meeting(ME, {ANA: answer})), "ana@example.org").last is not None
    assert not of(world_of(meeting(ME, {ANA: answer})), "ana@example.org").sign_of_life
    assert "did not accept" in why_not(meeting(ME, {ANA: answer, BEN: YES}))


def test_alone_is_who_is_left_when_the_others_declined() -> None:
    assert of(world_of(meeting(ME, {ANA: NONE, BEN: NO})), "ana@example.org").last is not None


def test_who_declined_never_counts() -> None:
    assert why_not(meeting(ME, {ANA: NO})) == "they declined"


def test_a_meeting_under_way_or_ahead_is_no_contact_yet() -> None:
    assert why_not(meeting(ME, {ANA: YES}, days=0.02)) == "it is going on"
    assert why_not(meeting(ME, {ANA: YES}, days=-3)) == "it is still ahead"


@pytest.mark.parametrize(
    ("more", "rule"),
    [
        ({"cancelled": True}, "it was cancelled"),
        ({"all_day": True}, "it is all-day"),
        ({"ordinary": False}, "it is no ordinary meeting (out-of-office, focus time and the like)"),
        ({"attendees_known": False}, "the calendar does not tell who was invited"),
    ],
)
def test_what_is_no_ordinary_timed_meeting_does_not_count(more: dict[str, bool], rule: str) -> None:
    assert why_not(meeting(ME, {ANA: YES}, **more)) == rule


def crowd(number: int) -> dict[str, Answer]:
    return {f"Guest {chr(65 + one)}uest{one} <guest{one}@example.net>": YES for one in range(number)}


def test_more_than_max_people_is_no_personal_contact_and_who_declined_is_not_counted() -> None:
    assert of(world_of(meeting(ME, {ANA: YES, **crowd(5)})), "ana@example.org").last is not None
    assert "7 other people were invited" in why_not(meeting(ME, {ANA: YES, **crowd(6)}))
    assert of(world_of(meeting(ME, {ANA: YES, **crowd(5), BEN: NO})), "ana@example.org").last is not None


def test_the_organizer_is_one_of_the_people_and_rooms_are_not() -> None:
    room = Attendee(Address("room7@example.com", "Room 7"), YES, resource=True)
    fact = meeting(ANA, {ME: YES, BEN: YES})
    world = world_of(replace(fact, attendees=(*fact.attendees, room)))
    last = of(world, "ana@example.org").last
    assert last is not None
    assert last.people == 2
    assert world.find(["room7@example.com"]) is None


def test_without_an_attendee_list_it_is_a_meeting_with_nobody() -> None:
    world = world_of(meeting(ANA, {}), received(ANA, days=300))
    last = of(world, "ana@example.org").last
    assert last is not None
    assert last.kind is Kind.RECEIVED


def test_i_means_an_address_of_mine_so_a_bosss_calendar_is_not_mine() -> None:
    assert why_not(meeting(ANA, {ANA: YES, BEN: YES})) == "you neither organised nor accepted it"


def test_on_a_group_calendar_its_creator_organises() -> None:
    group = "Team <abc123@group.calendar.google.com>"
    world = world_of(meeting(group, {ANA: YES}, creator=Address(ME)))
    assert of(world, "ana@example.org").last is not None


def test_a_floating_time_is_in_the_users_zone() -> None:
    start = datetime(2026, 11, 23, 10, 30)
    fact = meeting(ME, {ANA: YES}, start=start, end=start + timedelta(minutes=15))
    assert of(world_of(fact), "ana@example.org").last is not None  # 10:45 in Amsterdam is 09:45 UTC
    assert of(world_of(fact, zone=ZoneInfo("America/New_York")), "ana@example.org").last is None


def test_a_meeting_that_is_cancelled_or_removed_later_is_corrected() -> None:
    fact = meeting(ME, {ANA: YES}, days=10)
    ledger = ledger_of([], [fact])
    assert of(world_of(ledger=ledger), "ana@example.org").last is not None
    ledger.add_meetings("archive", [replace(fact, cancelled=True)], ())
    assert of(world_of(ledger=ledger), "ana@example.org").last is None
    ledger.add_meetings("archive", [fact], ())
    assert of(world_of(ledger=ledger), "ana@example.org").last is not None
    ledger.add_meetings("archive", [], [fact.key])
    assert world_of(ledger=ledger).find(["ana@example.org"]) is not None
    assert of(world_of(ledger=ledger), "ana@example.org").last is None


def test_the_same_meeting_in_two_calendars_is_one_and_the_organisers_copy_wins() -> None:
    mine = meeting(ME, {ANA: YES}, days=10)
    theirs = replace(mine, key="other", start=mine.start - timedelta(hours=5), sequence=3)
    ledger = ledger_of([], [mine])
    ledger.add_meetings("work", [theirs], ())
    world = world_of(ledger=ledger, own={"archive": frozenset({ME})})
    evidence = evidence_of(world, "ana@example.org")
    assert [contact.account for contact in evidence.counted] == ["archive"]


def test_else_the_higher_sequence_then_the_later_change_wins() -> None:
    one = meeting(ANA, {ME: YES, ANA: YES}, days=10)
    for other in (replace(one, sequence=1), replace(one, updated_at=NOW)):
        ledger = ledger_of([], [one])
        ledger.add_meetings("work", [replace(other, key="k", start=one.start, end=one.end + timedelta(hours=1))], ())
        contacts = evidence_of(world_of(ledger=ledger), "ana@example.org").counted
        assert [contact.at for contact in contacts] == [one.end + timedelta(hours=1)]


def test_a_known_answer_beats_none_across_copies_and_of_mine_the_later() -> None:
    one = meeting(ANA, {ME: NONE, ANA: YES}, days=10, updated_at=NOW - timedelta(days=12))
    accepted = replace(
        one, attendees=(Attendee(Address(ME), YES), one.attendees[1]), updated_at=NOW - timedelta(days=13)
    )
    ledger = ledger_of([], [one])
    ledger.add_meetings("work", [replace(accepted, key="w")], ())
    assert of(world_of(ledger=ledger), "ana@example.org").last is not None
    declined = replace(
        one, attendees=(Attendee(Address(ME), NO), one.attendees[1]), updated_at=NOW - timedelta(days=11)
    )
    ledger = ledger_of([], [accepted])
    ledger.add_meetings("work", [replace(declined, key="w")], ())
    assert of(world_of(ledger=ledger), "ana@example.org").last is None


def test_the_next_meeting_is_the_first_ahead_that_neither_declined() -> None:
    world = world_of(
        meeting(ME, {ANA: YES}, days=-30), meeting(ME, {ANA: MAYBE}, days=-5), meeting(ME, {ANA: NO}, days=-2),
        meeting(ANA, {ME: NO, ANA: YES}, days=-1), meeting(ME, {ANA: YES}, days=-0.5, cancelled=True),
        meeting(ME, {ANA: YES, **crowd(6)}, days=-0.5), meeting(ANA, {ANA: YES, BEN: YES}, days=-0.5),
    )  # fmt: skip
    assert of(world, "ana@example.org").next_meeting_at == NOW + timedelta(days=5)
    assert of(world_of(meeting(ME, {ANA: YES}, days=-366)), "ana@example.org").next_meeting_at is None


def test_an_invitation_i_have_not_answered_is_a_meeting_ahead() -> None:
    world = world_of(meeting(ANA, {ME: NONE, ANA: YES}, days=-3))
    assert of(world, "ana@example.org").next_meeting_at == NOW + timedelta(days=3)


def test_the_second_address_of_a_person_counts_for_them() -> None:
    world = world_of(
        received("Ana Lima <ana@example.org>", days=500), meeting(ME, {"Ana Lima <ana.lima@example.net>": YES}, days=10)
    )
    assert number_of(world, "ana@example.org") == number_of(world, "ana.lima@example.net")
    last = of(world, "ana@example.org").last
    assert last is not None
    assert last.email == "ana.lima@example.net"
