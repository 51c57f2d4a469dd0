import random
from dataclasses import replace
from math import log
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.due import rank_due
from daemon.due.order import depth, rank_greeted
from daemon.model import Decision, Person, Rate, Standing
from daemon.settings import Listed
from tests.due.given import NOW, ZONE, said, standing


def late(days_over: float, rhythm: float = 40) -> Rate:
    return Rate(NOW, due=True, days=rhythm, overdue_probability=None, days_over=days_over, rule="")


def someone(name: str, *ages: float, is_listed: bool = False, **fields: Any) -> Standing:
    email = f"{name.lower()}@example.org"
    person = Person(name, (email,), Listed(name=name, emails=(email,)) if is_listed else None)
    return standing(*ages, person=person, **fields)


def ordered(*people: tuple[Standing, Rate], decision: Decision | None = None) -> list[str]:
    shuffled = random.Random(1).sample(people, len(people))
    ranked = sorted(shuffled, key=lambda one: rank_due(one[0], one[1], decision, NOW, ZONE))
    return [one.person.name for one, _ in ranked]


def test_depth_halves_the_weight_of_a_contact_day_every_730_days() -> None:
    assert depth(standing(0, received=1), NOW, ZONE) == pytest.approx(log(2) * 1.0)
    assert depth(standing(730, received=1), NOW, ZONE) == pytest.approx(log(1.5) * 1.0)


def test_depth_grows_with_how_evenly_mails_go_both_ways() -> None:
    even, lopsided, mute = (standing(0, sent=out, received=back) for out, back in ((5, 5), (9, 1), (7, 0)))
    assert depth(even, NOW, ZONE) == pytest.approx(log(2) * 1.0)
    assert depth(lopsided, NOW, ZONE) == pytest.approx(log(2) * 0.6)
    assert depth(mute, NOW, ZONE) == pytest.approx(log(2) * 0.5)


def test_depth_without_mail_takes_the_second_factor_as_a_half() -> None:
    assert depth(standing(0, sent=0, received=0), NOW, ZONE) == pytest.approx(log(2) * 0.5)


def test_without_contact_there_is_no_depth() -> None:
    assert depth(standing(), NOW, ZONE) == 0


def test_the_listed_come_before_the_suggested() -> None:
    close = (someone("Ada", 300, 200, 100, 90), late(400))
    distant = (someone("Zoe", 900, is_listed=True), late(1))
    assert ordered(close, distant) == ["Zoe", "Ada"]


def test_those_kept_in_review_come_with_the_listed() -> None:
    assert rank_due(someone("Ada", 9), late(1), said(kept=True), NOW, ZONE)[0] is False


def test_the_later_come_first_among_equally_deep() -> None:
    assert ordered((someone("Ada", 90), late(10)), (someone("Bo", 90), late(30))) == ["Bo", "Ada"]


def test_the_deeper_come_first_among_equally_late() -> None:
    assert ordered((someone("Ada", 90), late(10)), (someone("Bo", 300, 200, 90), late(10))) == ["Bo", "Ada"]


def test_lateness_beyond_three_rhythms_brings_nobody_forward() -> None:
    assert ordered((someone("Bo", 90), late(9999)), (someone("Ada", 90), late(120))) == ["Ada", "Bo"]


def test_ties_go_by_name_in_any_case() -> None:
    tied = [(someone(name, 90), late(10)) for name in ("bo", "Ada", "Cy")]
    assert ordered(*tied) == ["Ada", "bo", "Cy"]


def test_whom_i_was_never_in_contact_with_comes_last_of_the_listed() -> None:
    new = (someone("Ada", is_listed=True), late(0))
    known = (someone("Zoe", 900, is_listed=True), late(0.1))
    assert ordered(new, known, (someone("Bo", 9), late(99))) == ["Zoe", "Ada", "Bo"]


def test_greetings_go_by_depth() -> None:
    people = [someone("Ada", 90), someone("Bo", 300, 200, 90), someone("Cy", 900, is_listed=True)]
    ranked = sorted(people, key=lambda one: rank_greeted(one, None, NOW, ZONE))
    assert [one.person.name for one in ranked] == ["Cy", "Bo", "Ada"]


@given(
    st.lists(
        st.tuples(
            st.integers(0, 99),
            st.lists(st.integers(0, 2000), max_size=4),
            st.floats(0, 500),
            st.booleans(),
            st.integers(0, 20),
        ),
        max_size=8,
        unique_by=lambda one: one[0],
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_is_total(drawn: list[tuple[int, list[int], float, bool, int]], chance: random.Random) -> None:
    people = [
        (replace(someone(f"P{number}", *ages, is_listed=flag), received=heard), late(over))
        for number, ages, over, flag, heard in drawn
    ]
    keys = [rank_due(one, rated, None, NOW, ZONE) for one, rated in people]
    assert len(set(keys)) == len(keys)
    shuffled = chance.sample(keys, len(keys))
    assert sorted(shuffled) == sorted(keys)
