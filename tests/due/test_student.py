import mpmath  # type: ignore[import-untyped]
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.due.student import quantile, tail

DF = st.floats(6, 20)
T = st.floats(-30, 30)


def reference(t: float, df: float) -> float:
    with mpmath.workdps(30):
        x = mpmath.mpf(df) / (mpmath.mpf(df) + mpmath.mpf(t) ** 2)
        half = mpmath.betainc(mpmath.mpf(df) / 2, 0.5, 0, x, regularized=True) / 2
        return float(half if t > 0 else 1 - half)


@given(T, DF)
def test_the_tail_agrees_with_mpmath_to_nine_digits(t: float, df: float) -> None:
    assert tail(t, df) == pytest.approx(reference(t, df), abs=1e-12, rel=1e-9)


@given(st.floats(0, 30), st.floats(1e-6, 5), DF)
def test_the_tail_falls_as_t_grows(t: float, step: float, df: float) -> None:
    assert tail(t + step, df) < tail(t, df)
    assert tail(-t - step, df) >= tail(-t, df)  # both near 1, where a float may not tell them apart


@given(T, DF)
def test_both_tails_make_one(t: float, df: float) -> None:
    assert tail(t, df) + tail(-t, df) == pytest.approx(1, abs=1e-14)


@given(st.floats(0.0001, 0.9999), DF)
def test_the_quantile_undoes_the_tail(p: float, df: float) -> None:
    assert tail(quantile(p, df), df) == pytest.approx(1 - p, rel=1e-9)


@pytest.mark.parametrize(
    ("df", "expected"), [(1, 3.077684), (6, 1.439756), (10, 1.372184), (30, 1.310415)]
)  # any printed table of t, one-sided 10 %
def test_the_ninety_percent_quantile_is_that_of_the_tables(df: float, expected: float) -> None:
    assert quantile(0.9, df) == pytest.approx(expected, abs=5e-7)


@pytest.mark.parametrize(("t", "expected"), [(0.0, 0.5), (1e-200, 0.5), (1e200, 0.0), (-1e200, 1.0)])
def test_the_ends_are_told_without_an_error(t: float, expected: float) -> None:
    assert tail(t, 7.5) == expected


@pytest.mark.parametrize("p", [0.0, 1.0, -0.5, 2.0])
def test_what_is_no_probability_has_no_quantile(p: float) -> None:
    with pytest.raises(ValueError, match="no probability"):
        quantile(p, 6)


def test_the_median_is_nought_and_the_lower_half_mirrors_the_upper() -> None:
    assert quantile(0.5, 8.25) == 0
    assert quantile(0.1, 8.25) == pytest.approx(-quantile(0.9, 8.25))
