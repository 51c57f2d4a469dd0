"""All that bears on one person, gathered once for `auld why` and `auld review`, and what is to be said of it first."""

import sys
from dataclasses import dataclass, replace
from typing import Final

from daemon.cli.ahead import Ahead, is_ahead, meetings_ahead, next_meeting
from daemon.cli.byhand import Said, said_of
from daemon.cli.output import plain
from daemon.cli.telling import ending, last_contact, rhythm, shelf
from daemon.cli.turns import Place, find_place, tell_place
from daemon.cli.uncounted import Sort, sort_out
from daemon.contact import Evidence, gather
from daemon.overview import Overview, Row
from daemon.state import State

ALL: Final = sys.maxsize


@dataclass(frozen=True, slots=True)
class Told:
    """All that is told of one person.

    `evidence` is whole, less the meetings that are not over: these are `ahead`, the nearest first.
    """

    view: Overview
    row: Row
    evidence: Evidence
    ahead: list[Ahead]
    said: list[Said]
    place: Place | None


def look_at(state: State, view: Overview, row: Row) -> Told:
    """Return all that bears on a person."""
    found = gather(view.world, row.number, ALL)
    over = [one for one in found.uncounted if not is_ahead(one)]
    evidence = replace(found, uncounted=over, uncounted_total=len(over))
    return Told(view, row, evidence, meetings_ahead(view, row), said_of(state, view, row), find_place(state, view, row))


def sentences(told: Told) -> list[str]:
    """Return what is to be said of a person, the most telling first."""
    view, row = told.view, told.row
    found = [last_contact(view, row), *next_meeting(view, told.ahead), *rhythm(view, row)]
    for hold in row.holds:
        end = ending(row, hold)
        found.append(f"Held back: {plain(hold.text, 400)}" + (f" ({end})." if end else "."))
    if told.place is not None:
        found += tell_place(view, row, told.place)
    return [*found, shelf(view, row)]


def sorts(view: Overview, evidence: Evidence) -> list[Sort]:
    """Return what is not counted, by rule."""
    return sort_out(evidence.uncounted, view.settings.contact.max_people)
