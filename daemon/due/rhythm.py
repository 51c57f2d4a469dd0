"""How often a person and I are in touch: a Student-t distribution over the logarithm of the gaps between contact days.

A normal model of ln(gap) with a conjugate prior learned from all the user's people: who has few gaps borrows from the
others, who has many speaks for themselves, newer gaps weigh more. Decides how long a silence is unusual; knows no
calendar.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, floor, log, sqrt
from typing import Final

from daemon.due.presence import Presence
from daemon.due.student import quantile, tail
from daemon.model import Standing

SHORTEST_GAP: Final = 3  # days; what is closer together is one conversation
LEAST_DAYS: Final = 30  # nobody is due sooner by their own rhythm
UNUSUAL: Final = 0.10  # a silence is unusual when fewer gaps than this are longer
LONGEST: Final = 3_652_059  # days: the whole calendar, `date.max.toordinal()`
CONTACT_DAYS: Final = 3  # who has fewer teaches nothing about people in general

_KAPPA0: Final = 3.0
_NU0: Final = 6.0
_PRIOR_PEOPLE: Final = 20  # the default prior weighs as much as so many people
_DEFAULT_MU: Final = log(60)
_DEFAULT_VARIANCE: Final = 1.44
_HALVING: Final = 8  # the weight of a gap halves with every eight newer ones
_GAPS_READ: Final = 8 * 64  # what lies further back weighs less than 2^-64: below the precision of a float
_WEIGHTS: Final = tuple(2 ** (-i / _HALVING) for i in range(_GAPS_READ))
_SUMS: Final = tuple(accumulate(_WEIGHTS, initial=0.0))


@dataclass(frozen=True, slots=True)
class Prior:
    """What is known of a person before any gap: mean of ln(gap) in days, and its variance within a person."""

    mu0: float = _DEFAULT_MU
    sigma0_sq: float = _DEFAULT_VARIANCE


@dataclass(frozen=True, slots=True)
class Rhythm:
    """One person's gaps: ln(gap) is `mu` + `scale` times a Student t with `df` degrees of freedom."""

    mu: float
    scale: float
    df: float

    @property
    def typical(self) -> float:
        """Return the usual gap in days: half of the gaps are longer."""
        return exp(self.mu)

    def overdue(self, t_days: float) -> float:
        """Return P(gap > `t_days`): how much of the gaps is longer than this silence. Small means late."""
        return tail((log(t_days) - self.mu) / self.scale, self.df) if t_days > 0 else 1.0

    @property
    def due_after(self) -> int:
        """Return the first whole number of days, at least 30, with P(gap > days) < 0.10; at most `LONGEST`."""
        edge = self.mu + self.scale * quantile(
            1 - UNUSUAL, self.df
        )  # cached: there is one `df` for each number of gaps
        if edge >= log(LONGEST):
            return LONGEST
        days = exp(edge)
        first = max(LEAST_DAYS, floor(days) + 1)
        if abs(days - round(days)) < 1e-9 * days:  # rounding could put the edge on either side of a whole day
            while first > LEAST_DAYS and self.overdue(first - 1) < UNUSUAL:
                first -= 1
            while self.overdue(first) >= UNUSUAL:
                first += 1
        return first


def gaps(days: Sequence[int]) -> list[int]:
    """Return the whole days between consecutive contact days, newest first, without those under 3.

    `days` are local days as ordinals, or as `Presence` numbers them, ascending.
    """
    pairs = zip(reversed(days), reversed(days[:-1]), strict=False)
    return [gap for later, earlier in pairs if (gap := later - earlier) >= SHORTEST_GAP]


def fit_prior(people_gaps: Iterable[Sequence[int]]) -> Prior:
    """Learn the prior from the `gaps` of people, each of whom weighs the same; nobody's is the default, about 60 days.

    The caller chooses the people (`learn_prior`); who has no gap is passed over.
    """
    people, freedom, means, spread = 0, 0, 0.0, 0.0
    for found in people_gaps:
        if not found:
            continue
        logs = [log(gap) for gap in found]
        mean = sum(logs) / len(logs)
        people += 1
        freedom += len(logs) - 1
        means += mean
        spread += sum((value - mean) ** 2 for value in logs)
    return Prior(
        (_PRIOR_PEOPLE * _DEFAULT_MU + means) / (_PRIOR_PEOPLE + people),
        (_PRIOR_PEOPLE * _DEFAULT_VARIANCE + spread) / (_PRIOR_PEOPLE + freedom),
    )


def learn_prior(standings: Iterable[Standing], presence: Presence | None = None) -> Prior:
    """Learn the prior from the user's own people with three contact days or more and at least one gap."""
    presence = presence or Presence()
    return fit_prior(gaps(presence.days(one.days)) for one in standings if len(one.days) >= CONTACT_DAYS)


def fit_rhythm(newest_first: Sequence[int], prior: Prior) -> Rhythm:
    """Learn a person's rhythm from their `gaps`; from none it is the prior."""
    logs = [log(gap) for gap in newest_first[:_GAPS_READ]]
    n = _SUMS[len(logs)]
    kappa = _KAPPA0 + n
    weighed = zip(_WEIGHTS, logs, strict=False)
    mu = (_KAPPA0 * prior.mu0 + sum(weight * value for weight, value in weighed)) / kappa
    weighed = zip(_WEIGHTS, logs, strict=False)
    spread = sum(weight * (value - mu) ** 2 for weight, value in weighed)
    variance = (_NU0 * prior.sigma0_sq + spread) / (_NU0 + n)
    return Rhythm(mu, sqrt(variance * (1 + 1 / kappa)), _NU0 + n)
