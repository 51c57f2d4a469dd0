"""When someone is due (rules: "When is someone due"): by the rhythm the user set, else by their own.

Holds do not enter here: a person on whom a hold lies is due all the same.
"""

from datetime import datetime
from math import inf
from zoneinfo import ZoneInfo

from daemon.due.days import DAY, local_date, midnight, write_date, write_silence
from daemon.due.presence import Presence
from daemon.due.rhythm import UNUSUAL, Prior, fit_rhythm, gaps
from daemon.due.selection import Every, every_of, is_listed
from daemon.model import Decision, Rate, Standing
from daemon.settings import Settings


def rate(
    standing: Standing,
    settings: Settings,
    prior: Prior,
    now: datetime,
    zone: ZoneInfo,
    decision: Decision | None,
    presence: Presence | None = None,
) -> Rate:
    """Say when a person is due, as of `now`, and by which rule. Days on which the user was away count for no rhythm.

    The overdue probability is told for everybody with a contact day, also where `every` decides: a small one says
    that the silence is unusual whatever the plan is. The listed whom I was never in contact with are due now; their
    rhythm is `every`, else the usual gap of the user's people. Nobody else without a contact is ever due.
    """
    every = every_of(standing.person, settings, decision)
    if standing.last is None or not standing.days:
        return _rate_stranger(every, prior, now, listed=is_listed(standing.person, decision))
    presence = presence or Presence()
    found = gaps(presence.days(standing.days))
    rhythm = fit_rhythm(found, prior)
    last, today = standing.days[-1], local_date(now, zone).toordinal()
    silence = presence.between(last, today)
    share, away = rhythm.overdue(silence), max(0, today - last) - silence
    if every is not None:
        due_at = every.span.after(standing.last.at, zone)
        days = every.span.in_days()
        rule = _write_every(every, standing.last.at, due_at, zone, due=now >= due_at)
    else:
        due_at = midnight(presence.after(last, rhythm.due_after), zone)
        days = rhythm.typical
        start = f"{_write_usual(round(days), known=bool(found))}; "
        told = write_silence(silence + away, away)
        rule = start + (_write_rare(told, share) if now >= due_at else _write_wait(told, due_at, zone))
    return Rate(
        due_at=due_at,
        due=now >= due_at,
        days=days,
        overdue_probability=share,
        days_over=max(0.0, (now - due_at) / DAY),
        rule=rule,
        away=away,
    )


def lateness(rated: Rate) -> float:
    """Return how many of their rhythms someone is over, 3 at most; 0 for whom nothing can be said of."""
    if rated.days is None or rated.days_over <= 0:
        return 0.0
    return min(3.0, rated.days_over / rated.days if rated.days > 0 else inf)


def _rate_stranger(every: Every | None, prior: Prior, now: datetime, *, listed: bool) -> Rate:
    if not listed:
        return Rate(
            None, due=False, days=None, overdue_probability=None, days_over=0.0, rule="no contact, and not listed"
        )
    days = every.span.in_days() if every is not None else fit_rhythm((), prior).typical
    return Rate(
        now, due=True, days=days, overdue_probability=None, days_over=0.0, rule="listed, and no contact yet: due now"
    )


def _write_every(every: Every, last_at: datetime, due_at: datetime, zone: ZoneInfo, *, due: bool) -> str:
    circle = f" (circle {every.circle})" if every.circle else ""
    return (
        f"every {every.span}{circle}: last contact {write_date(last_at, zone)}, "
        f"due {'since' if due else 'on'} {write_date(due_at, zone)}"
    )


def _write_usual(days: int, *, known: bool) -> str:
    return f"{'their own rhythm: usually' if known else 'no rhythm of their own yet, taken as'} about every {days} days"


def _write_rare(silence: str, share: float) -> str:
    percent, most = round(100 * share), round(100 * UNUSUAL)
    seldom = str(percent) if 0 < percent < most else f"under {most if percent else 1}"
    return f"so long a silence ({silence}) happens in {seldom}% of gaps"


def _write_wait(silence: str, due_at: datetime, zone: ZoneInfo) -> str:
    return f"{silence} since the last contact, due on {write_date(due_at, zone)}"
