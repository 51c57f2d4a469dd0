"""Our drafts where they lie: looking at them, settling what became of them, taking them back.

Writing new ones is `daemon.drafting`; what a look means is decided in `daemon.reconcile`.
"""

import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final

from connectors.base import DraftBox
from connectors.errors import BadReply, ConnectorError
from connectors.types import DraftRef
from daemon import due as rules
from daemon import reconcile
from daemon.model import UNSENT, DraftRecord, Status
from daemon.overview import Overview, Row
from daemon.turn import Turn

log = logging.getLogger(__name__)

_TOUCHED: Final = "you touched this draft, so it stays"
_SENT: Final = "you sent it"


@dataclass(slots=True)
class Peek:
    """What was seen in the Drafts folders. `looks` by key of our unsent drafts; what could not be seen is left out.

    `others` are, by account, the drafts that no record of ours holds. `adrift` are the keys of drafts in accounts that
    take none any more. `unseen` are accounts whose drafts could not be looked at: what lies there is not known.
    """

    looks: dict[str, reconcile.Look] = field(default_factory=dict)
    others: dict[str, list[DraftRef]] = field(default_factory=dict)
    adrift: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)
    unseen: set[str] = field(default_factory=set)


def peek(turn: Turn) -> Peek:
    """Look at our unsent drafts, before reading: one sent in between would look deleted."""
    seen = Peek()
    records = list(turn.state.drafts)
    for name in dict.fromkeys(record.account for record in records if record.status in UNSENT):
        mine = [record for record in records if record.account == name and record.status in UNSENT]
        box = turn.accounts.drafts(name)
        if name in turn.resting:
            continue
        if box is None:
            seen.adrift.update(record.key for record in mine)
            seen.faults.append(
                f"{why_no_box(turn, name)}: the drafts of auld's there ({len(mine)}) cannot be looked at and count as "
                "waiting; let it take drafts again, or let go of each with auld drafts --withdraw KEY"
            )
            continue
        try:
            _peek_into(box, mine, records, seen)
        except ConnectorError as err:
            # What lies there was seen; but what does not may lie there under another name.
            for key in [one.key for one in mine if one.key in seen.looks and seen.looks[one.key].ref is None]:
                del seen.looks[key]
            seen.faults.append(f'the drafts of account "{name}" could not be looked at: {err}')
            seen.unseen.add(name)
    return seen


def _peek_into(box: DraftBox, mine: Sequence[DraftRecord], records: Sequence[DraftRecord], seen: Peek) -> None:
    """Look at our drafts in one folder. One that cannot be understood costs no look at the others."""
    gone = []
    for record in mine:
        try:
            ref = _look(box, record, records)
        except BadReply as err:
            seen.faults.append(f"the draft to {record.person} could not be looked at: {err}")
            continue
        seen.looks[record.key] = reconcile.Look(ref, late=box.creates_late)
        gone += [record.key] if ref is None else []
    if gone:
        seen.others[mine[0].account] = reconcile.foreign(list(box.all()), records, gone)


def why_no_box(turn: Turn, name: str) -> str:
    """Return why an account that drafts of ours lie in takes none any more, as the beginning of a sentence."""
    settings = next((one for one in turn.settings.accounts if one.name == name), None)
    if settings is None:
        return f'the config has no account "{name}" any more'
    return f'account "{name}" ' + ("takes no drafts any more" if settings.enabled else "has enabled = false")


def _look(box: DraftBox, record: DraftRecord, records: Collection[DraftRecord]) -> DraftRef | None:
    """Return an unsent draft as it lies there now, None if it is gone or was never made."""
    if record.status is Status.PLANNED:
        return box.find(record.key) or reconcile.find_rekeyed(record, reconcile.foreign(list(box.all()), records))
    return box.get(DraftRef(record.ref_id, record.ref_key, record.revision))


def settle(turn: Turn, seen: Peek, view: Overview, unread: Collection[str]) -> list[DraftRecord]:
    """Reconcile our drafts with what was seen and what happened; return those whose status changed.

    `unread` are the names of accounts whose mail could not be read since the look.
    """
    changed = []
    for record in list(turn.state.drafts):
        new = _settle_one(turn, seen, view, record, unread=record.account in unread)
        if new != record:
            _keep_draft(turn, new)
            changed += [new] if new.status is not record.status else []
    return changed


def without_reading(turn: Turn) -> list[str]:
    """Return the accounts to take for unread where nothing was read: mail on this disk is nowhere late."""
    boxes = {name: turn.accounts.drafts(name) for name in turn.accounts.taking_drafts()}
    return [name for name, box in boxes.items() if box is not None and box.creates_late]


def _settle_one(turn: Turn, seen: Peek, view: Overview, record: DraftRecord, *, unread: bool) -> DraftRecord:
    sent = any(map(turn.state.ledger.holds_mail, (record.key, record.ref_key, record.former_key)))
    if record.status in {Status.DELETED, Status.WITHDRAWN} and sent:
        return reconcile.mark_sent(record, turn.now)  # its copy in Sent came late, or it was sent as it was taken back
    if record.key in seen.adrift:
        return reconcile.judge_unreachable(record, turn.now, key_sent=sent)
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
    look = replace(look, unread=unread)
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


def _let_go(turn: Turn, record: DraftRecord) -> None:
    """Keep a draft as one that the user let go of."""
    _keep_draft(turn, replace(reconcile.let_go(record, turn.now), let_go=True))


def look_at_own(turn: Turn, names: Collection[str]) -> list[str]:
    """Note whom the user's own drafts are to, in the accounts drafts would go to; elsewhere they hold nobody any more.

    Return a sentence for each account where that could not be seen.
    """
    records, faults = list(turn.state.drafts), []
    for kept in list(turn.state.accounts):
        if kept.own_drafts and turn.accounts.drafts(kept.name) is None:
            with turn.state.commit() as change:
                turn.state.put_account(change, replace(kept, own_drafts=()))
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
            count += not withdraw_one(turn, record)
    return count


def withdraw_one(turn: Turn, record: DraftRecord) -> str:
    """Withdraw a draft at the user's word, if it is untouched; there is no back-off after it.

    Return "" if it was taken out of Drafts, else what the user should know of it, as the end of a sentence.
    """
    box = turn.accounts.drafts(record.account)
    if box is None:
        _let_go(turn, record)
        return f"{why_no_box(turn, record.account)}; the draft counts no more, but stays there: delete it yourself"
    if record.status is Status.EDITED:
        return _TOUCHED
    ref = _look(box, record, list(turn.state.drafts))
    if record.status is Status.PLANNED and ref is not None:
        record = reconcile.recover(record, ref, turn.now)
        if record.status is Status.EDITED:
            _keep_draft(turn, record)
            return _TOUCHED
    if record.status is Status.PLANNED:
        return _withdraw_unmade(turn, box, record)
    if ref is None and not record.withdrawing:
        return "it is not in Drafts any more; auld once finds out what became of it"
    word = "" if ref is None else _take_out(turn, box, record, ref)
    if not word:
        _let_go(turn, record)
    return word


def _take_out(turn: Turn, box: DraftBox, record: DraftRecord, ref: DraftRef) -> str:
    """Take a draft out of Drafts if it is as its record says; return "", or why nothing was done."""
    if ref.sent:
        _keep_draft(turn, reconcile.mark_sent(record, turn.now, ref.key))
        return _SENT
    if ref.revision != record.revision:
        return _TOUCHED
    _keep_draft(turn, reconcile.mark_withdrawing(record))
    if box.withdraw(ref):
        return ""
    _keep_draft(turn, record)
    return _TOUCHED


def _withdraw_unmade(turn: Turn, box: DraftBox, record: DraftRecord) -> str:
    """Forget a planned draft that is not there, unless it may still appear."""
    record = reconcile.note_missing(record, turn.now, late=box.creates_late)
    lost = reconcile.is_lost(record)
    if lost:
        _let_go(turn, record)
    else:
        _keep_draft(turn, record)
    return "" if lost else "it was cut off while it was written and may still appear in Drafts: try again in 10 minutes"
