"""New year: whose turn for a greeting it is between 27 December and 10 January, and what a draft is about.

A greeting needs nobody to be due, but every hold applies to it; the caller leaves out who is held.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from daemon.due.days import local_date, write_date
from daemon.due.filing import Filing, latest_decision
from daemon.due.order import rank_greeted
from daemon.due.selection import circle_of, is_listed, is_suggested
from daemon.model import Decision, DraftRecord, Standing
from daemon.settings import Occasion, Settings
from daemon.spans import Span

_FIRST: Final = (12, 27)
_LAST: Final = (1, 10)
_RECENT: Final = Span(months=36)


def new_year_at(day: date) -> int | None:
    """Return the year that is greeted on a local day, None outside 27 December to 10 January."""
    if (day.month, day.day) >= _FIRST:
        return day.year + 1
    return day.year if (day.month, day.day) <= _LAST else None


def is_new_year_turn(
    standing: Standing,
    settings: Settings,
    now: datetime,
    zone: ZoneInfo,
    decision: Decision | None,
    records: Sequence[DraftRecord],
) -> bool:
    """Say whether a person gets a new-year greeting now; `records` are the drafts to them.

    With ``greetings.new_year``, for those listed, and those suggested with contact in three years; once each winter,
    whatever became of the draft; and not to whom I have been in contact with since 27 December: an open greeting would
    be withdrawn for that, so none is made.
    """
    year = new_year_at(local_date(now, zone))
    if year is None or not settings.greetings.new_year:
        return False
    if any(
        record.occasion == "new-year" and new_year_at(local_date(record.created_at, zone)) == year for record in records
    ):
        return False
    if standing.days and new_year_at(date.fromordinal(standing.days[-1])) == year:
        return False
    if is_listed(standing.person, decision):
        return True
    recent = standing.last is not None and standing.last.at >= _RECENT.before(now, zone)
    return recent and is_suggested(standing, settings, now, zone)


def new_year_candidates(
    standings: Iterable[Standing],
    settings: Settings,
    now: datetime,
    zone: ZoneInfo,
    decisions: Filing[Decision],
    records: Filing[DraftRecord],
) -> list[Standing]:
    """Return whose turn for a new-year greeting it is, due or not: listed before suggested, by depth, by name."""
    if new_year_at(local_date(now, zone)) is None:
        return []
    found = []
    for standing in standings:
        decision = latest_decision(decisions.of(standing.person))
        if is_new_year_turn(standing, settings, now, zone, decision, records.of(standing.person)):
            found.append((rank_greeted(standing, decision, now, zone), standing))
    return [standing for _, standing in sorted(found, key=lambda one: one[0])]


def choose_occasion(
    standing: Standing,
    settings: Settings,
    now: datetime,
    zone: ZoneInfo,
    decision: Decision | None,
    records: Sequence[DraftRecord],
) -> Occasion:
    """Return what the draft to someone who is due is about: a catch-up, or new year if it is their turn.

    A circle whose ``occasions`` leave new-year out keeps its people to a catch-up when they are due.
    """
    circle = circle_of(standing.person, settings, decision)
    if circle is not None and circle.occasions and "new-year" not in circle.occasions:
        return "catch-up"
    return "new-year" if is_new_year_turn(standing, settings, now, zone, decision, records) else "catch-up"


def write_new_year_reason(standing: Standing, zone: ZoneInfo) -> str:
    """Return why a person gets a greeting, in one sentence."""
    last = f"last contact {write_date(standing.last.at, zone)}" if standing.last is not None else "no contact yet"
    return f"a new-year greeting, once each winter: {last}"
