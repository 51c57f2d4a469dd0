"""In which order drafts are written: listed before suggested, then the deeper and later first, ties by name."""

from datetime import datetime
from math import exp2, log
from zoneinfo import ZoneInfo

from daemon.due.days import local_date
from daemon.due.rate import lateness
from daemon.due.selection import is_listed
from daemon.model import Decision, Rate, Standing

_HALF_LIFE = 730  # days in which a contact day loses half of its weight


def depth(standing: Standing, now: datetime, zone: ZoneInfo) -> float:
    """Return how much there is between us: contact days, older ones less, times how evenly the mails go both ways.

    ln(1 + sum over contact days of 2^(-age/730 d)) x (0.5 + min(out, in)/(out + in)); without mail the second is 0.5.
    """
    today = local_date(now, zone).toordinal()
    weight = sum(exp2((day - today) / _HALF_LIFE) for day in standing.days)
    mails = standing.sent + standing.received
    balance = min(standing.sent, standing.received) / mails if mails else 0.0
    return log(1 + weight) * (0.5 + balance)


def rank_due(
    standing: Standing, rated: Rate, decision: Decision | None, now: datetime, zone: ZoneInfo
) -> tuple[bool, float, str, str]:
    """Return the sort key among those due, ascending: listed first, then by depth x lateness, 0 for new faces."""
    return _rank(standing, decision, depth(standing, now, zone) * lateness(rated))


def rank_greeted(
    standing: Standing, decision: Decision | None, now: datetime, zone: ZoneInfo
) -> tuple[bool, float, str, str]:
    """Return the sort key among those who get a greeting of the season, due or not: by depth alone."""
    return _rank(standing, decision, depth(standing, now, zone))


def _rank(standing: Standing, decision: Decision | None, worth: float) -> tuple[bool, float, str, str]:
    person = standing.person
    return not is_listed(person, decision), -worth, person.name.casefold(), person.key
