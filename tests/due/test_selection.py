from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.due.selection import Every, circle_of, every_of, is_ignored, is_listed, is_suggested
from daemon.model import Person, Standing
from daemon.settings import Circle
from daemon.spans import Span
from tests.due.given import MAYA, MENTORS, NOW, ZONE, listed, said, settings, standing

WORTH_IT = standing(200, 90, 40)


def test_who_fits_every_rule_is_suggested() -> None:
    assert is_suggested(WORTH_IT, settings(), NOW, ZONE)


def test_with_learn_off_nobody_is_suggested() -> None:
    assert not is_suggested(WORTH_IT, settings(learn=False), NOW, ZONE)


@pytest.mark.parametrize(
    "lacking",
    [
        pytest.param(replace(WORTH_IT, sent=0), id="no counted mail from me"),
        pytest.param(standing(90, 40), id="two contact days"),
        pytest.param(replace(WORTH_IT, sign_of_life=False), id="no sign of life"),
        pytest.param(standing(), id="no contact at all"),
    ],
)
def test_a_suggestion_takes_a_mail_of_mine_three_contact_days_and_a_sign_of_life(lacking: Standing) -> None:
    assert not is_suggested(lacking, settings(), NOW, ZONE)


def test_who_was_last_in_contact_before_dormant_is_not_suggested() -> None:
    edge = Span(months=60).before(NOW, ZONE)
    age = (NOW - edge) / timedelta(days=1)
    assert is_suggested(standing(age + 200, age + 90, age), settings(), NOW, ZONE)
    assert not is_suggested(standing(age + 200, age + 90, age + 0.01), settings(), NOW, ZONE)


@pytest.mark.parametrize("pattern", ["*@example.org", "MAYA@example.org", "maya@old.*", " *@EXAMPLE.ORG "])
def test_a_match_of_contact_ignore_on_any_address_is_not_suggested(pattern: str) -> None:
    assert is_ignored(MAYA, settings(ignore=(pattern,)))
    assert not is_suggested(WORTH_IT, settings(ignore=("*@clinic.example", pattern)), NOW, ZONE)


@pytest.mark.parametrize("pattern", ["maya", "*@clinic.example", "ample.org", "maya@example.org.evil"])
def test_an_ignore_pattern_is_of_the_whole_address(pattern: str) -> None:
    assert not is_ignored(MAYA, settings(ignore=(pattern,)))


def test_listed_is_who_stands_in_people_or_was_kept_in_review() -> None:
    assert is_listed(listed(), None)
    assert is_listed(MAYA, said(kept=True))
    assert not is_listed(MAYA, None)
    assert not is_listed(MAYA, said(reviewed=True))


def test_every_is_the_persons_else_the_circles() -> None:
    config = settings(circles=[MENTORS])
    assert every_of(listed(circle="mentors", every=Span(days=42)), config, None) == Every(Span(days=42))
    assert every_of(listed(circle="mentors"), config, None) == Every(Span(months=3), "mentors")
    assert every_of(listed(), config, None) is None


def test_a_person_kept_in_review_with_a_circle_has_that_circles_every() -> None:
    config = settings(circles=[MENTORS, Circle(name="friends")])
    assert every_of(MAYA, config, said(kept=True, circle="mentors")) == Every(Span(months=3), "mentors")
    assert every_of(listed(), config, said(kept=True, circle="mentors")) == Every(Span(months=3), "mentors")
    assert every_of(MAYA, config, said(kept=True, circle="friends")) is None
    assert every_of(MAYA, config, said(kept=True)) is None


def test_a_circle_that_left_the_config_is_none() -> None:
    assert circle_of(MAYA, settings(), said(kept=True, circle="mentors")) is None


def test_a_circle_in_people_wins_over_one_chosen_in_review() -> None:
    family = Circle(name="family")
    config = settings(circles=[MENTORS, family])
    assert circle_of(listed(circle="family"), config, said(kept=True, circle="mentors")) == family


def test_nobody_without_addresses_is_ignored() -> None:
    assert not is_ignored(Person("Nameless", ()), settings(ignore=("*",)))
