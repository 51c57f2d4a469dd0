"""The meetings with one person that are still to come, or go on now: nearest first."""

from dataclasses import dataclass
from datetime import datetime

from daemon.cli.output import plain
from daemon.contact import Uncounted
from daemon.contact.attendance import attend, meeting_times
from daemon.contact.evidence import AHEAD_RULES
from daemon.due.days import write_date
from daemon.ledger.moment import from_epoch
from daemon.overview import Overview, Row

_TITLE = 60


@dataclass(frozen=True, slots=True)
class Ahead:
    """One meeting that begins (or began) at `at`, and its title, "" where it has none."""

    at: datetime
    title: str


def meetings_ahead(view: Overview, row: Row) -> list[Ahead]:
    """Return the meetings with a person that are not over, as far as they would be meetings with them."""
    world, found = view.world, []
    for fact in world.meetings:
        start, end = meeting_times(fact, world.days.localize)
        if end <= world.now or row.number not in attend(fact, world.census, view.settings.contact.max_people).ahead:
            continue
        detail = world.ledger.details.get(("meeting", fact.identity))
        found.append(Ahead(from_epoch(start), detail.title or "" if detail is not None else ""))
    return sorted(found, key=lambda one: (one.at, one.title))


def next_meeting(view: Overview, ahead: list[Ahead]) -> list[str]:
    """Return the sentence on the meeting that comes next, none where none does."""
    if not ahead:
        return []
    title = f' ("{plain(ahead[0].title, _TITLE)}")' if ahead[0].title else ""
    if ahead[0].at <= view.now:
        return [f"You are meeting now{title}."]
    return [f"You meet next on {write_date(ahead[0].at, view.zone)}{title}."]


def is_ahead(one: Uncounted) -> bool:
    """Say whether a meeting is not counted only because it is not over."""
    return one.rule in AHEAD_RULES
