"""Student's t distribution for degrees of freedom that are no whole number: its upper tail and its quantiles.

Only what the rhythm needs; knows nothing of people.
"""

from functools import cache
from math import exp, fabs, lgamma, log, pi
from statistics import NormalDist
from typing import Final

_TINY: Final = 1e-300  # stands for a zero denominator in Lentz's method
_PRECISION: Final = 1e-16
_STEPS: Final = 500  # far beyond need: about ten are taken for the arguments that occur


def tail(t: float, df: float) -> float:
    """Return P(T > t) for a T with `df` > 0 degrees of freedom.

    For t >= 0 it is half of I_x(df/2, 1/2) at x = df/(df + t^2) (DLMF 8.17(i) with 8.17.4; Abramowitz and Stegun
    26.7.1), which keeps full relative precision far out in the tail.
    """
    ratio = t * t / df
    x = 1 / (1 + ratio)
    if x <= 0.0:
        half = 0.0
    elif ratio <= 0.0:
        half = 0.5
    else:
        half = _incomplete_beta(x, ratio * x, df / 2, 0.5) / 2
    return half if t > 0 else 1 - half


@cache
def quantile(p: float, df: float) -> float:
    """Return the t with P(T <= t) = `p`, 0 < p < 1: Newton's method, kept inside a bracket.

    Raises:
        ValueError: `p` is no probability strictly between 0 and 1.
    """
    if not 0 < p < 1:
        raise ValueError(f"{p} is no probability between 0 and 1")
    if p <= 0.5:  # noqa: PLR2004 -- the median, about which it is symmetric
        return 0.0 if p == 0.5 else -quantile(1 - p, df)  # noqa: PLR2004
    low, high = 0.0, 1.0
    while tail(high, df) > 1 - p:
        low, high = high, 2 * high
    t = min(max(NormalDist().inv_cdf(p), low), high)
    for _ in range(_STEPS):
        excess = tail(t, df) - (1 - p)
        if excess > 0:
            low = t
        else:
            high = t
        step = t + excess / _density(t, df)
        step = step if low < step < high else (low + high) / 2
        if fabs(step - t) <= 4 * _PRECISION * fabs(t):
            return step
        t = step
    return t


def _density(t: float, df: float) -> float:
    constant = lgamma((df + 1) / 2) - lgamma(df / 2) - log(df * pi) / 2
    return exp(constant - (df + 1) / 2 * log(1 + t * t / df))


def _incomplete_beta(x: float, y: float, a: float, b: float) -> float:
    """Return the regularized I_x(a, b); `y` is 1 - x, given apart because the difference would lose digits."""
    if x > (a + 1) / (a + b + 2):  # beyond it the fraction converges slowly: I_x(a, b) = 1 - I_y(b, a), DLMF 8.17.4
        return 1 - _incomplete_beta(y, x, b, a)
    front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log(y)) / a
    return front * _fraction(x, a, b)


def _fraction(x: float, a: float, b: float) -> float:
    """Return the continued fraction of DLMF 8.17.22 by the modified Lentz method (Thompson and Barnett, 1986)."""
    value, c = 1.0, 1.0
    d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    value = d
    for m in range(1, _STEPS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            value *= c * d
        if fabs(c * d - 1) < _PRECISION * 2:
            break
    return value


def _away_from_zero(value: float) -> float:
    return value if fabs(value) > _TINY else _TINY
