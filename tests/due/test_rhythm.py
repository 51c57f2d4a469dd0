import random
import time
from math import exp, log, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.due.rhythm import LONGEST, Prior, Rhythm, fit_prior, fit_rhythm, gaps, learn_prior
from daemon.due.student import quantile, tail
from tests.due.given import standing

GAPS = st.lists(st.integers(3, 3000), max_size=40)
PRIORS = st.builds(Prior, st.floats(log(5), log(800)), st.floats(0.05, 4))


def test_gaps_are_whole_days_between_contact_days_newest_first() -> None:
    assert gaps([10, 20, 50, 60]) == [10, 30, 10]
    assert gaps([10, 20, 55]) == [35, 10]


def test_gaps_under_three_days_are_dropped() -> None:
    assert gaps([10, 11, 13, 16, 20]) == [4, 3]


@pytest.mark.parametrize("days", [[], [10], [10, 11, 12]])
def test_who_has_no_gap_has_none(days: list[int]) -> None:
    assert gaps(days) == []


def test_without_people_the_prior_is_sixty_days_and_1_44() -> None:
    assert fit_prior([]) == Prior(log(60), 1.44)
    assert fit_prior([[]]) == Prior(log(60), 1.44)


def test_the_prior_weighs_each_person_once_and_counts_the_spread_about_their_own_mean() -> None:
    """Rules: mu0 = (20 ln 60 + means)/(20 + P); sigma0^2 = (20 x 1.44 + squares)/(20 + sum (gaps - 1))."""
    steady, uneven = [10, 10, 10, 10], [20, 80]
    own = (log(20) + log(80)) / 2
    prior = fit_prior([steady, uneven])
    assert prior.mu0 == pytest.approx((20 * log(60) + log(10) + own) / 22)
    squares = (log(20) - own) ** 2 + (log(80) - own) ** 2
    assert prior.sigma0_sq == pytest.approx((20 * 1.44 + squares) / (20 + 3 + 1))


def test_only_people_with_three_contact_days_and_a_gap_teach_the_prior() -> None:
    two_days = standing(40, 10)
    three_days_no_gap = standing(12, 11, 10)
    teacher = standing(50, 30, 10)
    assert learn_prior([two_days, three_days_no_gap]) == fit_prior([])
    assert learn_prior([two_days, teacher]) == fit_prior([[20, 20]])


def test_the_rhythm_is_the_formula_of_the_rules() -> None:
    """Rules: weights 2^(-i/8), kappa0 = 3, nu0 = 6; mu_n, s2 and P are written out again here."""
    found, prior = [14, 90, 33], Prior(3.9, 0.8)
    weights = [2 ** (-i / 8) for i in range(3)]
    logs = [log(gap) for gap in found]
    n = sum(weights)
    mu = (3 * 3.9 + sum(w * value for w, value in zip(weights, logs, strict=True))) / (3 + n)
    s2 = (6 * 0.8 + sum(w * (value - mu) ** 2 for w, value in zip(weights, logs, strict=True))) / (6 + n)
    rhythm = fit_rhythm(found, prior)
    assert rhythm.typical == pytest.approx(exp(mu))
    expected = tail((log(100) - mu) / (sqrt(s2) * sqrt(1 + 1 / (3 + n))), 6 + n)
    assert rhythm.overdue(100) == pytest.approx(expected)


def test_newer_gaps_weigh_more() -> None:
    assert fit_rhythm([10, 100], Prior()).typical < fit_rhythm([100, 10], Prior()).typical


def test_without_gaps_the_rhythm_is_the_prior() -> None:
    rhythm = fit_rhythm([], Prior())
    assert rhythm.typical == pytest.approx(60)
    assert rhythm.df == 6


def test_ten_thousand_gaps_are_as_good_as_the_newest() -> None:
    long = fit_rhythm([30, 60] * 5000, Prior())
    short = fit_rhythm([30, 60] * 256, Prior())
    assert long == short


def test_nobody_is_due_by_their_own_rhythm_before_thirty_days() -> None:
    weekly = fit_rhythm([7] * 30, Prior(log(7), 0.05))
    assert weekly.overdue(29) < 0.10
    assert weekly.due_after == 30


@given(GAPS, PRIORS)
def test_due_after_is_the_first_day_from_thirty_with_less_than_a_tenth_of_gaps_longer(
    found: list[int], prior: Prior
) -> None:
    rhythm = fit_rhythm(found, prior)
    first = rhythm.due_after
    if first == LONGEST:
        assert rhythm.overdue(LONGEST - 1) >= 0.09
        return
    assert first >= 30
    assert rhythm.overdue(first) < 0.10
    assert first == 30 or rhythm.overdue(first - 1) >= 0.10


@given(GAPS, PRIORS, st.integers(0, 5000))
def test_a_longer_silence_is_never_less_late(found: list[int], prior: Prior, days: int) -> None:
    rhythm = fit_rhythm(found, prior)
    assert rhythm.overdue(days + 1) <= rhythm.overdue(days) <= 1


@pytest.mark.parametrize("days", [31, 40, 365])
def test_an_edge_on_a_whole_day_is_decided_by_the_probability_itself(days: int) -> None:
    df = 9.5
    scale = 0.6
    rhythm = Rhythm(log(days) - scale * quantile(0.9, df), scale, df)
    first = rhythm.due_after
    assert first in {days, days + 1}
    assert rhythm.overdue(first) < 0.10 <= rhythm.overdue(first - 1)


def test_a_rhythm_beyond_the_calendar_ends_with_it() -> None:
    assert Rhythm(800.0, 1.0, 6.0).due_after == LONGEST


def test_about_a_tenth_of_ordinary_gaps_are_called_unusual() -> None:
    """Calibration on generated people: 8 to 13 % of gaps not used fall under 0.10."""
    chance = random.Random(7)
    people = []
    for _ in range(400):
        mean, spread = chance.gauss(log(50), 0.7), chance.uniform(0.7, 1.2)
        logs = (chance.gauss(mean, spread) for _ in range(chance.randint(3, 25)))
        people.append([max(3, round(exp(value))) for value in logs])
    prior = fit_prior(people)
    flagged = [fit_rhythm(found[1:], prior).overdue(found[0]) < 0.10 for found in people]
    assert 0.08 <= sum(flagged) / len(flagged) <= 0.13


def test_five_thousand_people_take_no_time() -> None:
    """50 ms is the figure; a shared machine gets ten times that, which a search day by day would still miss."""
    chance = random.Random(3)
    rhythms = [fit_rhythm([chance.randint(3, 400) for _ in range(chance.randint(0, 40))], Prior()) for _ in range(5000)]
    start = time.process_time()
    total = sum(rhythm.due_after for rhythm in rhythms)
    assert time.process_time() - start < 0.5
    assert total >= 30 * 5000
