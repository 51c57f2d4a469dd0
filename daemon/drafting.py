"""Writing the drafts of a turn: those due, within the budget, or the one asked for by name."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from connectors.errors import ConnectorError
from daemon import due as rules
from daemon import reconcile, writing
from daemon.drafts import look_at_own
from daemon.model import DraftRecord, Due
from daemon.overview import Overview, Row
from daemon.turn import Turn, first_synced, overview


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A draft that was due or asked for and not written, and why; `fault` if that is not as planned."""

    person: str
    reason: str
    fault: bool = False


@dataclass(frozen=True, slots=True)
class Drafted:
    """What drafting did: the drafts written, and those that were not; `faults` are of looking at earlier ones."""

    written: Sequence[writing.Written]
    unwritten: Sequence[Unwritten]
    faults: Sequence[str] = ()


def write_due(turn: Turn, asker: rules.Asker, *, dry: bool = False) -> Drafted:
    """Write the drafts that are due now, within the budget; `dry` writes none but says what would be."""
    view = overview(turn)
    if any(view.due()) and not dry:
        look_at_own(turn, turn.accounts.taking_drafts())
        view = overview(turn)
    desk = writing.Desk(view, turn.state, turn.settings, turn.now, turn.zone)
    leftovers = [one for one in turn.state.drafts if reconcile.is_lost(one)]
    records = [one for one in turn.state.drafts if not reconcile.is_lost(one)]
    budget = rules.Budget.count(records, turn.settings.rhythm, turn.now, turn.zone, first_synced(turn))
    written: list[writing.Written] = []
    unwritten: list[Unwritten] = []
    rows = {id(row.standing): row for row in view.rows}
    for due in view.due():
        stopped = budget.stops(due.occasion, asker)
        if stopped:
            unwritten.append(Unwritten(_name(due), stopped))
            continue
        one = _write(
            desk,
            rows[id(due.standing)],
            due,
            [*records, *(other.record for other in written)],
            leftovers,
            unwritten,
            turn,
            dry=dry,
        )
        if one is not None:
            budget = budget.spend(due.occasion, asker)
            written.append(one)
    if not dry:
        _drop(turn, leftovers)
    return Drafted(written, unwritten)


def write_one(turn: Turn, row: Row, due: Due, view: Overview, *, dry: bool = False) -> Drafted:
    """Write the draft to one person that was asked for by name."""
    desk = writing.Desk(view, turn.state, turn.settings, turn.now, turn.zone)
    leftovers = [one for one in turn.state.drafts if reconcile.is_lost(one)]
    records = [one for one in turn.state.drafts if not reconcile.is_lost(one)]
    budget = rules.Budget.count(records, turn.settings.rhythm, turn.now, turn.zone, first_synced(turn))
    stopped = budget.stops(due.occasion, rules.Asker.NAMED)
    if stopped:
        return Drafted([], [Unwritten(_name(due), stopped)])
    unwritten: list[Unwritten] = []
    one = _write(desk, row, due, records, leftovers, unwritten, turn, dry=dry, typed=True)
    return Drafted([one] if one is not None else [], unwritten)


def _write(
    desk: writing.Desk,
    row: Row,
    due: Due,
    records: Sequence[DraftRecord],
    leftovers: list[DraftRecord],
    unwritten: list[Unwritten],
    turn: Turn,
    *,
    dry: bool,
    typed: bool = False,
) -> writing.Written | None:
    again = next((one for one in leftovers if not set(one.emails).isdisjoint(row.standing.person.emails)), None)
    try:
        one = writing.prepare(desk, row, due, records, typed=typed, key=again.key if again is not None else "")
        box = turn.accounts.drafts(due.account)
        if not dry and box is not None:
            if again is not None:
                leftovers.remove(again)
            writing.put(turn.state, box, one, turn.now)
    except (writing.NoDraft, ConnectorError) as err:
        unwritten.append(Unwritten(_name(due), str(err), fault=True))
        return None
    return one


def _name(due: Due) -> str:
    return due.standing.person.name or due.standing.person.key


def _drop(turn: Turn, leftovers: Sequence[DraftRecord]) -> None:
    """Forget planned drafts that were never made and whose person is not due any more; their notes wait again."""
    keys = {one.key for one in leftovers}
    if keys:
        with turn.state.commit() as change:
            turn.state.drafts.remove(change, lambda one: one.key in keys and reconcile.is_lost(one))
            for number, note in turn.state.notes.items():
                if note.used_by in keys:
                    turn.state.notes.replace(change, number, replace(note, used_by=""))
