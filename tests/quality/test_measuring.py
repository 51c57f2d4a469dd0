"""Measuring can tell a right answer from a wrong one: answers made of the truth itself, then spoiled in one place."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.quality.kinds import automatic, listed, mine, robots, spellings
from tests.quality.measure import Answers, Score, score
from tests.quality.report import missed
from tests.quality.truth import NOW, Person, Truth
from tests.quality.worlds import small_world

_MESS = (spellings.spelled, robots.no_reply, listed.by_name, mine.alias, automatic.dead)


def _moment(at: int) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def _show(person: Person) -> dict[str, Any]:
    emails = sorted(person.emails)
    last = person.last
    return {
        "name": min(person.greetings) + " Example" if min(person.greetings) else "",
        "emails": emails,
        "last_contact": {"at": _moment(last[0]), "kind": last[1].word, "email": emails[0]} if last else None,
        "contact_days": person.days,
        "state": person.state,
        "next_meeting": _moment(min(person.ahead)) if person.ahead else None,
    }


@pytest.fixture(scope="module")
def truth() -> Truth:
    return small_world(7, 12, _MESS).truth


@pytest.fixture
def right(truth: Truth) -> Answers:
    """What auld would answer if it were right in all."""
    dead = frozenset(email for person in truth.people for email in person.dead)
    return Answers([_show(person) for person in truth.people], dead, frozenset(truth.learned))


def _spoil(answers: Answers, kind: str, truth: Truth, change: Callable[[dict[str, Any]], None]) -> Answers:
    """Change what is shown for the first person of that kind."""
    people: list[dict[str, Any]] = [deepcopy(dict(one)) for one in answers.people]
    change(people[next(place for place, person in enumerate(truth.people) if person.kind == kind)])
    return replace(answers, people=people)


def test_right_answers_are_found_right(truth: Truth, right: Answers) -> None:
    found = score(truth, right)

    assert (found.wrong, list(missed(found))) == ([], [])
    assert (found.last, found.days, found.state, found.greeting, found.emails) == (found.people,) * 5
    assert (found.precision, found.recall, found.pairs > 0) == (1, 1, True)


@pytest.mark.parametrize(
    ("change", "column", "told"),
    [
        (lambda one: one["last_contact"].update(at=_moment(NOW)), "last", "last contact is"),
        (lambda one: one["last_contact"].update(kind="meeting"), "last", "last contact is"),
        (lambda one: one.update(last_contact=None), "last", "auld says none"),
        (lambda one: one.update(contact_days=one["contact_days"] + 1), "days", "contact days, auld says"),
        (lambda one: one.update(state="quiet"), "state", "is suggested, auld says quiet"),
        (lambda one: one.update(name="Nobody Else"), "greeting", "greeting is"),
        (lambda one: one["emails"].append("another@example.org"), "emails", "auld has"),
    ],
)
def test_one_wrong_answer_is_told(
    truth: Truth, right: Answers, change: Callable[[dict[str, Any]], None], column: str, told: str
) -> None:
    found = score(truth, _spoil(right, "friend", truth, change))

    assert getattr(found, column) == found.people - 1
    assert len(found.wrong) == 1
    assert told in found.wrong[0]


def test_who_is_lost_is_told(truth: Truth, right: Answers) -> None:
    found = score(truth, replace(right, people=right.people[1:]))

    assert (found.lost, found.taken_for_me) == (1, 0)
    assert "was taken for nobody" in found.wrong[0]


def test_who_is_taken_for_me_is_told(truth: Truth, right: Answers) -> None:
    friend = next(iter(truth.people[0].emails))
    found = score(truth, replace(right, people=right.people[1:], learned=right.learned | {friend}))

    assert found.taken_for_me == 1
    assert "was taken for me" in found.wrong[0]


def test_an_alias_that_is_not_known_is_told(truth: Truth, right: Answers) -> None:
    assert score(truth, replace(right, learned=frozenset())).aliases_missed == 1


def test_a_robot_that_is_suggested_is_told(truth: Truth, right: Answers) -> None:
    robot = {**_show(truth.people[0]), "emails": [next(iter(truth.nobody))]}
    found = score(truth, replace(right, people=[*right.people, robot]))

    assert found.robots_suggested == 1
    assert "is nobody and suggested" in found.wrong[0]


def test_people_that_were_made_one_are_told(truth: Truth, right: Answers) -> None:
    one, other, *rest = right.people
    both = {**one, "emails": [*one["emails"], *other["emails"]]}
    found = score(truth, replace(right, people=[both, *rest]))

    assert found.pairs_made_up == 1
    assert found.precision < 1
    assert "one person was made of" in found.wrong[0]


def test_a_person_that_was_made_two_is_told(truth: Truth, right: Answers) -> None:
    place = next(place for place, person in enumerate(truth.people) if person.kind == "spelled")
    shown = right.people[place]
    parts = [{**shown, "emails": [email]} for email in shown["emails"]]
    found = score(truth, replace(right, people=[*right.people[:place], *parts, *right.people[place + 1 :]]))

    assert found.recall < 1
    assert found.emails == found.people - 1


def test_a_dead_address_that_is_not_known_is_told(truth: Truth, right: Answers) -> None:
    found = score(truth, replace(right, dead=frozenset()))

    assert found.dead_wrong == 1
    assert "is dead, auld says otherwise" in found.wrong[0]


def test_each_threshold_can_be_missed() -> None:
    good = Score(people=1000, last=1000, pairs=100, pairs_found=100)
    assert missed(good) == []
    for spoiled in (
        replace(good, last=998), replace(good, robots_suggested=1), replace(good, lost=1),
        replace(good, taken_for_me=1), replace(good, pairs_made_up=2), replace(good, pairs_found=94),
    ):  # fmt: skip
        assert len(missed(spoiled)) == 1
