"""Whose turn it is: where one who is due stands in line, and what of the budget keeps the draft from being written."""

from dataclasses import dataclass
from datetime import datetime

from daemon.cli.choices import handle
from daemon.cli.output import plain
from daemon.due import Asker, Budget
from daemon.due.days import write_date
from daemon.overview import Overview, Row
from daemon.prospects import expect
from daemon.reconcile import is_lost
from daemon.settings import Occasion
from daemon.state import State
from daemon.store import Prospect


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody stands among the `of` to whom a draft would be written, 1 for the first.

    `limit` is what of the budget keeps the service from writing to them now, `typed` what keeps ``auld draft`` from it
    and `named` ``auld draft PERSON``; each "" if nothing does. `next_at` is when the service may write to whoever is
    first, None if that cannot be told. `taking`: some account takes drafts.
    """

    occasion: Occasion
    place: int
    of: int
    limit: str
    typed: str
    named: str
    next_at: datetime | None
    taking: bool


def find_place(state: State, view: Overview, row: Row) -> Place | None:
    """Return a person's place in line, None for whom no draft would be written: not due, or held back."""
    if row.holds:
        return None
    line = view.due()
    at = next((number for number, one in enumerate(line) if one.standing is row.standing), None)
    if at is None:
        return None
    records = [one for one in state.drafts if not is_lost(one)]
    settings = view.settings
    budget = Budget.count(records, settings.rhythm, view.now, view.zone, state.first_synced_at, settings.me.country)
    occasions = [one.occasion for one in line]
    prospect = Prospect(tag="", ready=len(line), held=0, next_due_at=None, taking=bool(view.taking))
    return Place(
        occasion=occasions[at],
        place=at + 1,
        of=len(line),
        limit=budget.allot(occasions, Asker.SERVICE)[at],
        typed=budget.allot(occasions, Asker.TYPED)[at],
        named=budget.stops(occasions[at], Asker.NAMED),
        next_at=expect(state, view.settings, prospect, view.now, view.zone).at,
        taking=bool(view.taking),
    )


def tell_place(view: Overview, row: Row, place: Place) -> list[str]:
    """Return the sentences on whether a draft is written, and what keeps it from that."""
    if not place.taking:
        return ["No account takes drafts, so none can be written: auld check."]
    what = "a new-year greeting" if place.occasion == "new-year" else "a draft"
    if not place.limit:
        now = f"You can have it now: auld draft {handle(row)}."
        return [f"Nothing holds {what} back: the next round writes it (auld once).", now]
    parts = [f"they are number {place.place} of {place.of} in line"] if place.of > 1 else []
    if place.next_at is not None:
        parts.append(f"by itself auld writes again on {write_date(place.next_at, view.zone)}")
    if not place.typed:
        way = f"You can have it now: auld draft {handle(row)}."
    elif not place.named:
        way = f"You can have it all the same: auld draft {handle(row)}."
    else:
        way = "Send or delete one of those that wait, or raise rhythm.open."
    line = "; ".join(parts)
    return [
        f"Nothing about them holds {what} back, only the budget does: {plain(place.limit)}.",
        *([f"{line[0].upper()}{line[1:]}."] if line else []),
        way,
    ]
