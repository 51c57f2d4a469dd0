"""When drafts come: who becomes due, and when the budget lets the service write. It only foretells; it decides nothing.

Who is due takes everybody to be derived anew, so that is kept in the side file while auld has not written any draft:
these are the days in which a user wonders whether anything will come at all.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zlib import crc32
from zoneinfo import ZoneInfo

from daemon.due import Asker, Budget, HoldRule
from daemon.model import State as Where
from daemon.settings import Settings
from daemon.state import State
from daemon.store import Prospect
from daemon.unread import unread

if TYPE_CHECKING:  # `auld status` foretells from what is kept, and need not load all that works it out
    from daemon.overview import Overview, Row

_AHEAD: Final = 62
"""Days that are looked through for one on which the budget lets a draft be written: two months begin in them."""


@dataclass(frozen=True, slots=True)
class Expected:
    """When the next drafts come: `at`, None if that cannot be told, and why, as the rest of a sentence."""

    at: datetime | None
    detail: str


def tag(state: State, settings: Settings) -> str:
    """Return what names the state and the config that a `Prospect` was worked out for."""
    return f"{state.store.generation} {crc32(repr(settings).encode('utf-8', 'replace')):08x}"


def look_ahead(view: "Overview", state: State) -> Prospect | None:
    """Return who is due, now and next; None once auld wrote a draft."""
    if len(state.drafts):
        return None
    coming = [at for row in view.rows if row.chosen and (at := _becomes_due(row, view.now)) is not None]
    paused = [row for row in view.held() if {one.rule for one in row.holds} == {HoldRule.PAUSED}]  # that ends by itself
    return Prospect(
        tag=tag(state, view.settings),
        ready=len(view.due()) + len(paused),
        held=len(view.held()) - len(paused),
        next_due_at=min(coming, default=None),
        taking=bool(view.taking),
    )


def _becomes_due(row: "Row", now: datetime) -> datetime | None:
    """Return when somebody will be due who is not, or not before a snooze ends; None if nothing tells."""
    at = row.rate.due_at
    if at is None or row.state in {Where.MUTED, Where.QUIET}:
        return None
    if row.decision is not None and row.decision.snoozed_until is not None:
        at = max(at, row.decision.snoozed_until)
    return at if at > now else None


def expect(state: State, settings: Settings, prospect: Prospect | None, now: datetime, zone: ZoneInfo) -> Expected:
    """Foretell when the service writes its next draft; `prospect` None: who is due is not looked at."""
    if unread(state, settings) or not settings.accounts:
        return Expected(None, "not before all accounts are read")
    if prospect is not None and not prospect.taking:
        return Expected(None, "none: no account takes drafts (auld check)")
    start, detail = now, "if somebody is due then (auld due)"
    paused = state.meta.paused_until
    if paused is not None and paused > now:
        start, detail = paused, f"paused until then; {detail}"
    if prospect is not None:
        due_at, detail = _someone(prospect, now)
        if due_at is None:
            return Expected(None, detail)
        start = max(start, due_at)
    at, limit = _opening(state, settings, start, zone)
    return Expected(at, detail) if at is not None else Expected(None, limit)


def _someone(prospect: Prospect, now: datetime) -> tuple[datetime | None, str]:
    """Return from when on somebody is due and not held, None if that cannot be told, and what there is to say of it."""
    if prospect.ready:
        return now, "1 person is due" if prospect.ready == 1 else f"{prospect.ready:,} people are due"
    if prospect.next_due_at is not None:
        return max(now, prospect.next_due_at), "that is when the first becomes due"
    if prospect.held:
        return None, "whoever is due is held back: auld due says by what"
    return None, "nobody is listed or suggested yet: name somebody in [[people]], or read more mail"


def _opening(state: State, settings: Settings, start: datetime, zone: ZoneInfo) -> tuple[datetime | None, str]:
    """Return the first instant from `start` on at which the budget lets the service write, else None and the limit."""
    records = list(state.drafts)
    limit = ""
    try:
        mornings = [_morning(start, days, settings.rhythm.hours[0], zone) for days in range(_AHEAD)]
    except OverflowError:  # somebody is due at the calendar's end
        mornings = []
    for at in (start, *(one for one in mornings if one > start)):
        budget = Budget.count(records, settings.rhythm, at, zone, state.first_synced_at, settings.me.country)
        stopped = budget.stops("catch-up", Asker.SERVICE)
        if not stopped:
            return at, ""
        limit = stopped if not (limit and budget.closed) else limit  # that it is closed tells the least
    return None, limit


def _morning(start: datetime, days: int, hour: time, zone: ZoneInfo) -> datetime:
    day = start.astimezone(zone).date() + timedelta(days=days)
    return datetime.combine(day, hour, zone).astimezone(UTC)
