"""The stories of the cast against the rules, on many days: their truths must not hang on a season or a weekday.

The rhythm is worked out here on its own, straight from the formula, so that it also stands against the program's.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from math import exp, log, sqrt

import mpmath  # type: ignore[import-untyped]
import pytest

from daemon.demo.cast import CAST, ROBIN, ROBIN_THEN, ZONE, Ending, Fate, expect_due, expect_held, named
from daemon.demo.letters import correspondence
from daemon.demo.times import next_morning

DAYS = [datetime(2026, 11, 1, 9, 30, tzinfo=UTC) + timedelta(days=step) for step in range(0, 800, 61)]
EDGES = [
    datetime(2026, 12, 26, 23, 30, tzinfo=UTC),
    datetime(2027, 1, 1, 0, 0, tzinfo=UTC),
    datetime(2027, 1, 10, 12, 0, tzinfo=UTC),
    datetime(2027, 3, 28, 0, 59, tzinfo=UTC),  # the clocks go forward
    datetime(2027, 10, 31, 0, 59, tzinfo=UTC),  # and back
    datetime(2028, 2, 29, 8, 0, tzinfo=UTC),
    datetime(2028, 8, 31, 8, 0, tzinfo=UTC),
]
FIXED = {"Lakshmi Hutchinson": 92, "Greta Lindqvist": 56, "Mateo Rossi": 42, "Eun-ji Park": 7, "Oskar Lindgren": 92}
FIXED_NOT_YET = {"Tomás Ferreira": 89, "田中 春翔": 59}


@dataclass(frozen=True, slots=True)
class Rhythm:
    """Contact days, days since the last one, the usual gap, and P(gap > silent)."""

    days: int
    silent: int
    usual: float
    tail: float


def contact_days(today: date) -> dict[str, list[date]]:
    """Return the days of personal mail, and of the last meeting where that ended it."""
    mine = {ROBIN.email, ROBIN_THEN.email}
    owner = {mailbox.email: who.name for who in CAST for mailbox, _ in who.mailboxes}
    days: dict[str, set[date]] = defaultdict(set)
    for letter in correspondence(today):
        for mailbox in (letter.sender, *letter.to):
            if mailbox.email not in mine:
                days[owner[mailbox.email]].add(letter.at.astimezone(ZONE).date())
    for who in CAST:
        if who.ending is Ending.MET:
            days[who.name].add(today - timedelta(days=who.silent))
    return {name: sorted(each) for name, each in days.items()}


def gaps(days: Iterable[date]) -> list[float]:
    """Return the logarithms of the gaps of three days or more, newest first."""
    ordered = list(days)
    lengths = [(later - earlier).days for earlier, later in pairwise(ordered)]
    return [log(length) for length in reversed(lengths) if length >= 3]


def rhythms(today: date) -> Mapping[str, Rhythm]:
    """rules.md, "When is someone due": a Student-t tail on the log of the gaps."""
    days = contact_days(today)
    logs = {name: gaps(each) for name, each in days.items()}
    known = [each for name, each in logs.items() if len(days[name]) >= 3 and each]
    mu0 = (20 * log(60) + sum(sum(each) / len(each) for each in known)) / (20 + len(known))
    spread = sum((one - sum(each) / len(each)) ** 2 for each in known for one in each)
    variance0 = (20 * 1.44 + spread) / (20 + sum(len(each) - 1 for each in known))
    found = {}
    for name, each in logs.items():
        weights = [2 ** (-place / 8) for place in range(len(each))]
        n = sum(weights)
        mu = (3 * mu0 + sum(weight * one for weight, one in zip(weights, each, strict=True))) / (3 + n)
        squares = sum(weight * (one - mu) ** 2 for weight, one in zip(weights, each, strict=True))
        scale = sqrt((6 * variance0 + squares) / (6 + n) * (1 + 1 / (3 + n)))
        silent = (today - days[name][-1]).days
        found[name] = Rhythm(len(days[name]), silent, exp(mu), student_tail((log(silent) - mu) / scale, 6 + n))
    return found


def student_tail(x: float, freedom: float) -> float:
    half = 0.5 * float(mpmath.betainc(freedom / 2, 0.5, 0, freedom / (freedom + x * x), regularized=True))
    return half if x > 0 else 1 - half


@pytest.mark.parametrize("now", [*DAYS, *EDGES], ids=str)
def test_the_stories_keep_their_margins_on_any_day(now: datetime) -> None:
    found = rhythms(next_morning(now).astimezone(ZONE).date())

    for who in CAST:
        rhythm = found[who.name]
        if who.name in FIXED:
            assert rhythm.silent > FIXED[who.name] + 2, who.name
        elif who.name in FIXED_NOT_YET:
            assert rhythm.silent < FIXED_NOT_YET[who.name] - 2, who.name
        elif who.fate is Fate.DUE:
            assert (rhythm.tail < 0.05, rhythm.silent >= 40, rhythm.days >= 10) == (True, True, True), who.name
        elif who.fate is Fate.NOT_YET:
            assert rhythm.tail > 0.2, who.name


def test_those_who_are_never_suggested_have_their_reason() -> None:
    """rules.md, "Who is suggested": three contact days at least, the last within five years."""
    found = rhythms(date(2027, 5, 12))

    assert found["Piet de Vries"].days < 3
    assert found["Walter Quist"].silent > 5 * 366
    assert found["Jonas Meyer"].days >= 3
    assert named("Jonas Meyer").email.endswith("@team.example.org")


def test_a_draft_may_answer_the_old_thread_only_where_the_silence_is_short_enough() -> None:
    """rules.md, "Drafts": a reply at most 180 days later, and never to an invoice."""
    found = rhythms(date(2027, 5, 12))

    assert all(found[name].silent < 180 for name in expect_due)
    assert named("Greta Lindqvist").topic.startswith("Invoice")


def test_at_least_five_are_due_and_every_hold_is_another() -> None:
    assert len(expect_due) >= 5
    assert sorted(expect_held.values()) == ["dead address", "meeting", "muted", "unanswered"]
    assert {named(name).listed for name in expect_due} == {True, False}


@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-23T08:59:59", "2026-11-23T09:00:00"),  # Monday, before ten in Amsterdam
        ("2026-11-23T09:00:00", "2026-11-24T09:00:00"),  # ten o'clock: the next one
        ("2026-11-27T09:00:00", "2026-11-30T09:00:00"),  # Friday
        ("2027-03-27T12:00:00", "2027-03-29T08:00:00"),  # summer time begins on the Sunday
        ("2027-10-30T12:00:00", "2027-11-01T09:00:00"),  # and ends
        ("2026-12-31T23:30:00", "2027-01-01T09:00:00"),  # already Friday, the first, in Amsterdam
    ],
)
def test_the_demo_plays_at_ten_on_the_next_working_day(now: str, morning: str) -> None:
    assert next_morning(datetime.fromisoformat(now + "+00:00")) == datetime.fromisoformat(morning + "+00:00")
