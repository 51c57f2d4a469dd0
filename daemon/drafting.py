"""Writing the drafts of a turn: those due, within the budget, or the one asked for by name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from connectors.errors import BadReply, ConnectorError, Unavailable
from daemon import due as rules
from daemon import reconcile, writing
from daemon.drafts import look_at_own
from daemon.model import DraftRecord, Due
from daemon.overview import Overview, Row
from daemon.turn import Turn, overview


@dataclass(frozen=True, slots=True)
class Unwritten:
    """A draft that was due or asked for and not written, and why; `fault` if that is not as planned."""

    person: str
    reason: str
    fault: bool = False


@dataclass(frozen=True, slots=True)
class Drafted:
    """What drafting did: the drafts written, and those that were not; `faults` are of looking at earlier ones.

    `held` are due and held back.
    """

    written: Sequence[writing.Written]
    unwritten: Sequence[Unwritten]
    faults: Sequence[str] = ()
    held: int = 0


@dataclass(slots=True)
class _Sitting:
    """One sitting at the desk: what may still be written, what was, and what an earlier one left unmade.

    `leftovers` are planned drafts that were never made: whoever is written to again gets theirs, under its key. The
    `mute` model is asked no more: each question may take a minute. In the accounts `unseen` nothing is written: what of
    ours lies there is not known.
    """

    turn: Turn
    desk: writing.Desk
    asker: rules.Asker
    dry: bool
    budget: rules.Budget
    records: list[DraftRecord]
    leftovers: list[DraftRecord]
    written: list[writing.Written] = field(default_factory=list)
    unwritten: list[Unwritten] = field(default_factory=list)
    mute: str = ""
    unseen: Collection[str] = ()

    @classmethod
    def begin(cls, turn: Turn, view: Overview, asker: rules.Asker, *, dry: bool, unseen: Collection[str] = ()) -> Self:
        records, settings = [one for one in turn.state.drafts if not reconcile.is_lost(one)], turn.settings
        return cls(
            turn,
            writing.Desk(view, turn.state, settings, turn.now, turn.zone),
            asker,
            dry,
            rules.Budget.count(
                records, settings.rhythm, turn.now, turn.zone, turn.state.first_synced_at, settings.me.country
            ),
            records,
            [one for one in turn.state.drafts if reconcile.is_lost(one)],
            unseen=unseen,
        )

    def write(self, row: Row, due: Due) -> None:
        """Write one draft, unless the budget stops it or it cannot be."""
        name = due.standing.person.name or due.standing.person.key
        if stopped := self.budget.stops(due.occasion, self.asker):
            self.unwritten.append(Unwritten(name, stopped))
            return
        if due.account in self.unseen:
            self.unwritten.append(Unwritten(name, "what lies in Drafts could not be looked at", fault=True))
            return
        theirs = set(row.standing.person.emails)
        again = next((one for one in self.leftovers if not theirs.isdisjoint(one.emails)), None)
        typed = self.asker is rules.Asker.NAMED
        try:
            one = writing.prepare(self.desk, row, due, self.records, typed=typed, key=again.key if again else "")
        except writing.NoDraft as err:
            self.unwritten.append(Unwritten(name, str(err), fault=True))
            return
        box = self.turn.accounts.drafts(due.account)
        try:
            if not self.dry and box is not None:
                if again is not None:
                    self.leftovers.remove(again)
                one = self._restyled(one)
                writing.put(self.turn.state, box, one, self.turn.now)
            self.written.append(one)
        except ConnectorError as err:
            self.unwritten.append(Unwritten(name, str(err), fault=True))
            if not isinstance(err, Unavailable | BadReply):
                return
            # Only the answer may be lost: it counts until it was looked for, or there could be one too many.
        self.budget = self.budget.spend(due.occasion, self.asker)
        self.records.append(one.record)

    def _restyled(self, one: writing.Written) -> writing.Written:
        if self.mute:
            return replace(one, remark=self.mute)
        one = writing.restyle(self.desk, one)
        self.mute = one.remark if one.unanswered else ""
        return one


def write_due(turn: Turn, asker: rules.Asker, *, dry: bool = False, unseen: Collection[str] = ()) -> Drafted:
    """Write the drafts that are due now, within the budget; `dry` writes none but says what would be.

    `unseen` are accounts in which none is written now.
    """
    view = overview(turn)
    if not dry and (view.due() or _held_by_own(view)):
        if faults := look_at_own(turn, turn.accounts.taking_drafts()):
            # The user may have begun a mail to any of them.
            people = [due.standing.person for due in view.due()]
            return Drafted([], [Unwritten(one.name or one.key, faults[0], fault=True) for one in people])
        view = overview(turn)
    sitting = _Sitting.begin(turn, view, asker, dry=dry, unseen=unseen)
    rows = {id(row.standing): row for row in view.rows}
    for due in view.due():
        sitting.write(rows[id(due.standing)], due)
    if not dry:
        _drop(turn, sitting.leftovers)
    return Drafted(sitting.written, sitting.unwritten, held=len(view.held()))


def _held_by_own(view: Overview) -> bool:
    """Say whether somebody is held by nothing but a draft of the user's own, which may be gone by now."""
    return any({hold.rule for hold in row.holds} == {rules.HoldRule.OWN_DRAFT} for row in view.held())


def write_one(
    turn: Turn, row: Row, due: Due, view: Overview, *, dry: bool = False, unseen: Collection[str] = ()
) -> Drafted:
    """Write the draft to one person that was asked for by name."""
    sitting = _Sitting.begin(turn, view, rules.Asker.NAMED, dry=dry, unseen=unseen)
    sitting.write(row, due)
    return Drafted(sitting.written, sitting.unwritten)


def _drop(turn: Turn, leftovers: Sequence[DraftRecord]) -> None:
    """Forget planned drafts that were never made and whose person is not due any more; their notes wait again."""
    keys = {one.key for one in leftovers}
    if keys:
        with turn.state.commit() as change:
            turn.state.drafts.remove(change, lambda one: one.key in keys and reconcile.is_lost(one))
            for number, note in turn.state.notes.items():
                if note.used_by in keys:
                    turn.state.notes.replace(change, number, replace(note, used_by=""))
