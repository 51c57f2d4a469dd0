from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.due import rate
from daemon.due.days import local_date
from daemon.due.rate import lateness
from daemon.due.rhythm import Prior, fit_rhythm, gaps
from daemon.model import Rate
from daemon.spans import Span
from tests.due.given import MENTORS, NOW, ZONE, listed, rated, said, settings, standing


def test_with_every_someone_is_due_at_last_contact_plus_it() -> None:
    one = standing(50, 43, person=listed(every=Span(days=42)))
    answer = rated(one)
    assert answer.due
    assert answer.due_at == NOW - timedelta(days=1)
    assert answer.days_over == pytest.approx(1)
    assert answer.days == 42


def test_every_counts_calendar_months_end_clamped_in_my_zone() -> None:
    """23:30 UTC on 30 January is the 31st in Amsterdam; a month later is 28 February there, at the same local hour."""
    last = datetime(2026, 1, 30, 23, 30, tzinfo=UTC)
    one = standing(0, person=listed(every=Span(months=1)), now=last)
    assert rated(one).due_at == datetime(2026, 2, 27, 23, 30, tzinfo=UTC)


def test_every_keeps_the_local_hour_over_a_change_of_clocks() -> None:
    last = datetime(2026, 3, 2, 11, tzinfo=UTC)
    one = standing(0, person=listed(every=Span(months=3)), now=last)
    assert rated(one).due_at == datetime(2026, 6, 2, 10, tzinfo=UTC)


def test_someone_is_due_from_the_instant_of_due_at_on_and_not_before() -> None:
    one = standing(42, person=listed(every=Span(days=42)))
    assert rated(one).due
    early = rated(one, now=NOW - timedelta(seconds=1))
    assert not early.due
    assert early.days_over == 0


def test_the_listed_without_any_contact_are_due_now() -> None:
    answer = rated(standing(person=listed()))
    assert (answer.due, answer.due_at, answer.days_over, answer.overdue_probability) == (True, NOW, 0, None)
    assert answer.days == pytest.approx(60)
    assert rated(standing(person=listed(every=Span(days=42)))).days == 42
    assert rated(standing(), decision=said(kept=True)).due


def test_nobody_else_without_contact_is_ever_due() -> None:
    answer = rated(standing())
    assert (answer.due, answer.due_at, answer.days, answer.overdue_probability) == (False, None, None, None)


def test_without_every_someone_is_due_by_their_own_rhythm_at_local_midnight() -> None:
    """Rules: due when P < 0.10 and t >= 30; `due_at` is local midnight of the first day both hold."""
    one = standing(400, 370, 340, 310, 280, 250)
    rhythm = fit_rhythm(gaps(one.days), Prior())
    answer = rated(one)
    assert answer.due
    assert answer.due_at is not None
    local = answer.due_at.astimezone(ZONE)
    assert (local.hour, local.minute, local.second) == (0, 0, 0)
    assert local.date().toordinal() == one.days[-1] + rhythm.due_after
    assert answer.days == pytest.approx(rhythm.typical)
    assert answer.overdue_probability == pytest.approx(rhythm.overdue(250))
    assert answer.days_over == pytest.approx((NOW - answer.due_at) / timedelta(days=1))


def test_the_listed_without_every_go_by_their_own_rhythm() -> None:
    assert rated(standing(60, 20, person=listed())) == rated(standing(60, 20))


def test_someone_kept_in_review_goes_by_the_circle_or_without_one_by_their_own_rhythm() -> None:
    config = settings(circles=[MENTORS])
    one = standing(300, 100)
    assert rated(one, config, decision=said(kept=True, circle="mentors")).rule.startswith(
        "every 3 months (circle mentors)"
    )
    assert rated(one, config, decision=said(kept=True)) == rated(one, config)


def test_the_overdue_probability_is_told_where_every_decides_too() -> None:
    own, set_ = rated(standing(60, 20)), rated(standing(60, 20, person=listed(every=Span(days=7))))
    assert set_.overdue_probability == own.overdue_probability


def test_silence_is_counted_in_whole_local_days() -> None:
    """Contact at 23:50 local, asked at 00:10 local: a day has begun, twenty minutes have passed."""
    late = datetime(2026, 6, 16, 21, 50, tzinfo=UTC)
    one = standing(0, now=late)
    rhythm = fit_rhythm((), Prior())
    assert rated(one, now=late + timedelta(minutes=20)).overdue_probability == rhythm.overdue(1)
    assert rated(one, now=late + timedelta(minutes=5)).overdue_probability == 1


def test_a_contact_day_after_today_is_silence_of_none() -> None:
    answer = rated(standing(0), now=NOW - timedelta(days=3))
    assert answer.overdue_probability == 1
    assert not answer.due


def test_due_at_exists_where_midnight_does_not() -> None:
    zone = ZoneInfo("America/Sao_Paulo")
    skipped = datetime(2018, 11, 4, 3, tzinfo=UTC)  # clocks went from 00:00 to 01:00
    wait = fit_rhythm((), Prior()).due_after
    one = standing(wait, now=skipped + timedelta(hours=6), zone=zone)
    answer = rated(one, now=skipped + timedelta(hours=6), zone=zone)
    assert answer.due
    assert answer.due_at == skipped


def test_the_rule_is_a_sentence_about_every() -> None:
    config = settings(circles=[MENTORS])
    last = datetime(2026, 3, 2, 11, tzinfo=UTC)
    one = standing(0, person=listed(circle="mentors"), now=last)
    rule = rated(one, config).rule
    assert rule == "every 3 months (circle mentors): last contact 2 Mar 2026, due since 2 Jun 2026"
    assert rated(one, config, now=last).rule.endswith("due on 2 Jun 2026")


def test_the_rule_is_a_sentence_about_their_own_rhythm() -> None:
    one = standing(400, 370, 340, 310, 280, 250)
    assert (
        rated(one).rule
        == "their own rhythm: usually about every 40 days; so long a silence (250 days) happens in 5% of gaps"
    )
    early = rated(one, now=NOW - timedelta(days=249)).rule
    assert early == "their own rhythm: usually about every 40 days; 1 day since the last contact, due on 17 Mar 2026"
    monthly = [30 * month + 3000 for month in range(40)]
    assert rated(standing(*monthly)).rule.endswith("so long a silence (3,000 days) happens in under 1% of gaps")
    assert rated(standing(4)).rule.startswith("no rhythm of their own yet, taken as about every 60 days; 4 days")


def test_lateness_is_days_over_in_rhythms_three_at_most() -> None:
    def late(days: float | None, over: float) -> float:
        return lateness(Rate(NOW, due=True, days=days, overdue_probability=None, days_over=over, rule=""))

    assert late(40, 20) == 0.5
    assert late(40, 400) == 3
    assert late(40, 0) == 0
    assert late(None, 7) == 0
    assert late(0.0, 7) == 3


@given(
    st.lists(st.integers(0, 6000), min_size=1, max_size=12),
    st.integers(0, 4000),
    st.sampled_from(["Europe/Amsterdam", "America/Sao_Paulo", "Pacific/Auckland"]),
)
def test_due_is_exactly_when_the_probability_and_thirty_days_say_so(ages: list[int], later: int, name: str) -> None:
    zone, now = ZoneInfo(name), NOW + timedelta(days=later)
    one = standing(*ages, zone=zone)
    answer = rate(one, settings(), Prior(), now, zone, None)
    silence = local_date(now, zone).toordinal() - one.days[-1]
    assert answer.overdue_probability is not None
    assert answer.due == (answer.overdue_probability < 0.10 and silence >= 30)
    assert answer.due_at is not None
    assert answer.due == (now >= answer.due_at)
