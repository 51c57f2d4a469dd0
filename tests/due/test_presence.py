"""Days of presence: what the user's own absences do to gaps, silences and when somebody is due."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from daemon.due import Presence, learn_prior, rate
from daemon.due.rhythm import Prior
from daemon.settings import Settings
from tests.due.given import NOW, ZONE, standing

DAYS = st.integers(700_000, 700_400)


def test_days_away_are_not_counted() -> None:
    presence = Presence([12, 13, 14])
    assert presence.between(10, 20) == 7
    assert presence.between(13, 14) == 0
    assert Presence().between(10, 20) == 10


def test_a_wait_ends_on_a_day_of_presence() -> None:
    presence = Presence([12, 13, 14])
    assert presence.after(10, 1) == 11
    assert presence.after(10, 2) == 15
    assert Presence().after(10, 2) == 12


@given(st.sets(DAYS), DAYS, st.integers(1, 300))
def test_the_first_day_after_a_wait_is_the_first_by_which_it_passed(away: set[int], day: int, wait: int) -> None:
    presence = Presence(away)
    end = presence.after(day, wait)
    assert presence.between(day, end) == wait
    assert presence.between(day, end - 1) == wait - 1


def test_an_absence_makes_nobody_late() -> None:
    """In touch every ten days, silent for 60 days, of which 35 were the user's holidays."""
    one = standing(*range(60, 260, 10))
    start = NOW.date().toordinal()
    holidays = Presence(range(start - 40, start - 5))
    prior = Prior()
    late = rate(one, Settings(), prior, NOW, ZONE, None)
    rested = rate(one, Settings(), prior, NOW, ZONE, None, holidays)
    assert late.due
    assert not rested.due
    assert rested.away == 35
    assert late.due_at is not None
    assert rested.due_at == late.due_at + timedelta(days=35)


def test_a_gap_made_by_an_absence_teaches_nothing_of_the_other() -> None:
    start = NOW.date().toordinal() - 200
    away = Presence(range(start + 15, start + 45))
    assert learn_prior([standing(200, 190, 150, 140)], away) == learn_prior([standing(30, 20, 10, 0)])
