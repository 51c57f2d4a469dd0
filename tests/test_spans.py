"""Spans of time as people write them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.spans import Span

BERLIN = ZoneInfo("Europe/Berlin")
moments = st.datetimes(datetime(1971, 1, 1), datetime(2200, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("6 weeks", Span(days=42)),
        ("3 months", Span(months=3)),
        ("90 days", Span(days=90)),
        ("15 minutes", Span(minutes=15)),
        ("5 years", Span(months=60)),
        ("2 hours", Span(minutes=120)),
        (" 1  Month ", Span(months=1)),
    ],
)
def test_spans_are_read_as_people_write_them(text: str, span: Span) -> None:
    assert Span.parse(text) == span


@pytest.mark.parametrize(
    "text", ["", "weeks", "6", "-6 weeks", "0 days", "6 wekes", "1.5 months", "6 weeks 2 days", "999999 days"]
)
def test_what_is_no_span_is_told_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="write it like"):
        Span.parse(text)


def test_months_are_calendar_months_clamped_to_the_end() -> None:
    start = datetime(2026, 1, 31, 9, tzinfo=UTC)
    assert Span(months=1).after(start, BERLIN) == datetime(2026, 2, 28, 9, tzinfo=UTC)
    assert Span(months=12).after(datetime(2024, 2, 29, 9, tzinfo=UTC), BERLIN).day == 28
    assert Span(months=3).before(datetime(2026, 5, 31, 9, tzinfo=UTC), BERLIN).date().isoformat() == "2026-02-28"


def test_days_keep_the_clock_across_a_change_of_summer_time() -> None:
    before = datetime(2026, 3, 28, 9, tzinfo=BERLIN)
    assert Span(days=1).after(before.astimezone(UTC), BERLIN).astimezone(BERLIN).hour == 9


@given(st.integers(1, 600), st.sampled_from(["minute", "hour", "day", "week", "month", "year"]))
def test_a_span_reads_back_from_how_it_is_shown(number: int, unit: str) -> None:
    span = Span.parse(f"{number} {unit}s")
    assert Span.parse(str(span)) == span


@given(moments, st.integers(1, 40), st.sampled_from(["day", "week", "month", "year"]))
def test_after_is_later_and_before_is_earlier(at: datetime, number: int, unit: str) -> None:
    span = Span.parse(f"{number} {unit}s")
    assert span.before(at, BERLIN) < at < span.after(at, BERLIN)
    assert abs((span.after(at, BERLIN) - at) / timedelta(days=1) - span.in_days()) < 3 + number / 12


def test_spans_beyond_the_calendar_end_at_its_edge() -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC)
    assert Span.parse("9999 years").after(at, BERLIN).year == 9999
    assert Span.parse("9999 years").before(at, BERLIN).year == 1
    assert Span.parse("99999 weeks").before(at, BERLIN).year <= 200


@pytest.mark.parametrize("minutes", [0, 20, 70, 110])
def test_minutes_are_minutes_in_the_hour_that_comes_twice(minutes: int) -> None:
    at = datetime(2026, 10, 24, 23, 30, tzinfo=UTC) + timedelta(minutes=minutes)  # at 1:00 UTC it is 2 o'clock again
    assert Span(minutes=15).after(at, BERLIN) - at == timedelta(minutes=15)
    assert at - Span(minutes=15).before(at, BERLIN) == timedelta(minutes=15)
