"""Our drafts where they lie: looking at them, settling what became of them, taking them back.

Writing new ones is `daemon.drafting`; what a look means is decided in `daemon.reconcile`.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime

from connectors.base import DraftBox
from connectors.errors import ConnectorError
from connectors.types import DraftRef
from daemon import due as rules
from daemon import reconcile
from daemon.model import UNSENT, DraftRecord, Status
from daemon.overview import Overview, Row
from daemon.turn import Turn

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Peek:
    """What was seen in the Drafts folders. `looks` by key of our unsent drafts; an account that failed is left out.

    `others` are, by account, the drafts that no record of ours holds.
    """

    looks: dict[str, reconcile.Look] = field(default_factory=dict)
    others: dict[str, list[DraftRef]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def peek(turn: Turn) -> Peek:
    """Look at our unsent drafts, before reading: one sent in between would look deleted."""
    seen = Peek()
    records = list(turn.state.drafts)
    for name in dict.fromkeys(record.account for record in records if record.status in UNSENT):
        box = turn.accounts.drafts(name)
        if box is None:
            seen.faults.append(f'account "{name}" takes no drafts any more; what became of its drafts is not known')
            continue
        mine = [record for record in records if record.account == name and record.status in UNSENT]
        try:
            for record in mine:
                seen.looks[record.key] = reconcile.Look(_look(box, record, records))
            if any(look.ref is None for key, look in seen.looks.items() if key in {one.key for one in mine}):
                seen.others[name] = reconcile.foreign(list(box.all()), records)
        except ConnectorError as err:
            for record in mine:
                seen.looks.pop(record.key, None)
            seen.faults.append(f'the drafts of account "{name}" could not be looked at: {err}')
    return seen


def _look(box: DraftBox, record: DraftRecord, records: Collection[DraftRecord]) -> DraftRef | None:
    """Return an unsent draft as it lies there now, None if it is gone or was never made."""
    if record.status is Status.PLANNED:
        return box.find(record.key) or reconcile.find_rekeyed(record, reconcile.foreign(list(box.all()), records))
    return box.get(DraftRef(record.ref_id, record.ref_key, record.revision))


def settle(turn: Turn, seen: Peek, view: Overview) -> list[DraftRecord]:
    """Reconcile our drafts with what was seen and what happened; return those whose status changed."""
    changed = []
    for record in list(turn.state.drafts):
        new = _settle_one(turn, seen, view, record)
        if new != record:
            with turn.state.commit() as change:
                turn.state.put_draft(change, new)
            if new.status is not record.status:
                changed.append(new)
    return changed


def _settle_one(turn: Turn, seen: Peek, view: Overview, record: DraftRecord) -> DraftRecord:
    sent = turn.state.ledger.holds_mail(record.key) or turn.state.ledger.holds_mail(record.ref_key)
    if record.status is Status.DELETED and sent:
        return replace(record, status=Status.SENT, changed_at=turn.now)  # its copy in Sent came late
    look = seen.looks.get(record.key)
    if look is None:
        return record
    number = view.world.find(record.emails, record.person)
    row = view.rows[number] if number is not None else None
    since = reconcile.Since(
        contact_at=row.standing.last.at if row is not None and row.standing.last is not None else None,
        written_at=view.world.written_at(number) if number is not None else None,
        key_sent=sent,
        unwanted=row is not None and _is_unwanted(record, row, turn.now),
    )
    verdict = reconcile.judge(record, look, since, seen.others.get(record.account, ()), turn.now)
    if verdict.withdraw and look.ref is not None:
        return _withdraw(turn, verdict.record, look.ref)
    return verdict.record


def _is_unwanted(record: DraftRecord, row: Row, now: datetime) -> bool:
    """Say whether the user muted or snoozed the person; a draft asked for by name outlives an older snooze."""
    said_at = row.decision.at if row.decision is not None else None
    muted = any(hold.rule is rules.HoldRule.MUTED for hold in row.holds)
    if record.typed and not muted and said_at is not None and said_at <= record.created_at:
        return False
    return rules.is_unwanted(row.standing, row.decision, now)


def _withdraw(turn: Turn, record: DraftRecord, ref: DraftRef) -> DraftRecord:
    """Take a draft out of Drafts if it is still as it was seen; return its record."""
    box = turn.accounts.drafts(record.account)
    assert box is not None, "it was looked at"
    _keep_draft(turn, record)
    try:
        if box.withdraw(ref):
            return reconcile.mark_withdrawn(record, turn.now)
    except ConnectorError as err:
        log.warning("a draft of account %s could not be withdrawn (%s)", record.account, type(err).__name__)
        return record  # nor is it known whether it is still there
    record = replace(record, withdrawing=False, by_age=False)
    _keep_draft(turn, record)
    return record  # it changed meanwhile: the next round sees the edit


def _keep_draft(turn: Turn, record: DraftRecord) -> None:
    with turn.state.commit() as change:
        turn.state.put_draft(change, record)


def look_at_own(turn: Turn, names: Collection[str]) -> list[str]:
    """Note whom the user's own drafts are to, in the accounts drafts would go to.

    Return a sentence for each account where that could not be seen.
    """
    records, faults = list(turn.state.drafts), []
    for name in names:
        box = turn.accounts.drafts(name)
        if box is None:
            continue
        try:
            refs = reconcile.foreign(list(box.all()), records)
        except ConnectorError as err:
            faults.append(f'the drafts of account "{name}" could not be looked at: {err}')
            continue
        told = {email.lower() for ref in refs for email in ref.to}
        emails = tuple(sorted(email for email in told if not turn.state.forgets(email)))
        with turn.state.commit() as change:
            turn.state.put_account(change, replace(turn.state.account(name), own_drafts=emails))
    return faults


def withdraw_for(turn: Turn, emails: Collection[str]) -> int:
    """Withdraw every untouched draft to a person who is about to be forgotten; return how many were."""
    count = 0
    for record in list(turn.state.drafts):
        if record.status in {Status.OPEN, Status.PLANNED} and not set(record.emails).isdisjoint(emails):
            count += withdraw_one(turn, record)
    return count


def withdraw_one(turn: Turn, record: DraftRecord) -> bool:
    """Withdraw a draft at the user's word, if it is untouched; there is no back-off after it."""
    box = turn.accounts.drafts(record.account)
    if box is None or record.status not in {Status.OPEN, Status.PLANNED}:
        return False
    ref = _look(box, record, list(turn.state.drafts))
    if record.status is Status.PLANNED:
        record = record if ref is None else reconcile.adopt(record, ref, turn.now)
    elif ref is None and not record.withdrawing:
        return False
    if ref is not None:
        if ref.revision != record.revision:
            return False
        _keep_draft(turn, reconcile.mark_withdrawing(record))
        if not box.withdraw(ref):
            _keep_draft(turn, record)
            return False
    _keep_draft(turn, reconcile.mark_withdrawn(replace(record, by_age=False), turn.now))
    return True
