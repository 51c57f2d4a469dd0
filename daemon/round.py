"""One round: peek at drafts -> sync -> people -> reconcile -> due -> draft. What the service does at each turn.

A crash at any instant, at any step, then another round: no lost contact, no second draft, no lost cursor.
"""

import logging
from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from threading import Event
from zoneinfo import ZoneInfo

from connectors.base import DraftBox
from connectors.errors import ConnectorError
from connectors.types import DraftRef
from daemon import due as rules
from daemon import reconcile, writing
from daemon.accounts import Accounts, OpenAccount
from daemon.model import UNSENT, DraftRecord, Due, Status
from daemon.overview import Overview, Row, survey
from daemon.settings import Settings
from daemon.state import State
from daemon.store import AccountHealth
from daemon.sync import Outcome, Part, Progress, sync_account

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Setting:
    """What a round works with."""

    state: State
    settings: Settings
    accounts: Accounts
    now: datetime
    zone: ZoneInfo


@dataclass(slots=True)
class Peek:
    """What was seen in the Drafts folders. `looks` by key of our unsent drafts; an account that failed is left out.

    `others` are, by account, the drafts that no record of ours holds.
    """

    looks: dict[str, reconcile.Look] = field(default_factory=dict)
    others: dict[str, list[DraftRef]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


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


def peek(setting: Setting) -> Peek:
    """Look at our unsent drafts, before reading: one sent in between would look deleted."""
    seen = Peek()
    records = list(setting.state.drafts)
    for name in dict.fromkeys(record.account for record in records if record.status in UNSENT):
        box = setting.accounts.drafts(name)
        if box is None:
            seen.faults.append(f'account "{name}" takes no drafts any more; what became of its drafts is not known')
            continue
        mine = [record for record in records if record.account == name and record.status in UNSENT]
        try:
            for record in mine:
                seen.looks[record.key] = reconcile.Look(_look(box, record))
            if any(look.ref is None for key, look in seen.looks.items() if key in {one.key for one in mine}):
                seen.others[name] = reconcile.foreign(list(box.all()), records)
        except ConnectorError as err:
            for record in mine:
                seen.looks.pop(record.key, None)
            seen.faults.append(f'the drafts of account "{name}" could not be looked at: {err}')
    return seen


def _look(box: DraftBox, record: DraftRecord) -> DraftRef | None:
    """Return an unsent draft as it lies there, None if it is gone or was never made."""
    if record.status is Status.PLANNED:
        return box.find(record.key)
    return box.get(DraftRef(record.ref_id, record.ref_key, record.revision))


class _StoppedError(Exception):
    """Reading ends here: another account's read, or the user, put an end to it. What was committed stays."""


def read(setting: Setting, names: Collection[str], progress: Progress, *, full: bool = False) -> list[Outcome]:
    """Read what is new of the accounts named (none named: of all), side by side; keeps their health.

    Raises:
        StateError: the state cannot be written.
    """
    chosen = [one for one in setting.accounts.all if not names or one.name in names]
    stopped = Event()

    def tell(account: str, part: Part, done: int, total: int) -> None:
        if stopped.is_set():
            raise _StoppedError
        progress(account, part, done, total)

    def sync(one: OpenAccount) -> Outcome:
        since = one.settings.since.before(setting.now, setting.zone) if one.settings.since is not None else None
        return sync_account(setting.state, one, since, setting.now, tell, full=full)

    if len(chosen) == 1:
        outcomes = [sync(chosen[0])]
    else:
        with ThreadPoolExecutor(max_workers=max(1, len(chosen))) as pool:
            try:
                outcomes = list(pool.map(sync, chosen))
            except BaseException:
                stopped.set()  # a Ctrl-C reaches only this thread; the others end after the batch they are at
                raise
    _keep_health(setting, outcomes)
    return outcomes


def _keep_health(setting: Setting, outcomes: Sequence[Outcome]) -> None:
    side = setting.state.side()
    known = {one.name: one for one in side.accounts}
    for outcome in outcomes:
        old = known.get(outcome.account)
        known[outcome.account] = AccountHealth(
            outcome.account,
            outcome.health,
            outcome.detail,
            setting.now if outcome.health == "ok" else old.synced_at if old is not None else None,
            setting.now,
        )
    names = [one.name for one in setting.settings.accounts]
    kept = tuple(known[name] for name in names if name in known)
    setting.state.store.write_side(replace(side, accounts=kept))


def look_around(setting: Setting) -> Overview:
    """Derive everybody anew and tidy what is kept: titles no rule keeps, many small pages."""
    view = overview(setting)
    with setting.state.commit() as change:
        setting.state.tidy(change, view.world.wanted_titles())
    if setting.state.first_read:
        # A first read keeps many a title until it is known who is who; older snapshots must not keep them on.
        setting.state.store.purge_history()
        setting.state.first_read = False
    return view


def overview(setting: Setting) -> Overview:
    """Derive everybody anew."""
    taking = setting.accounts.taking_drafts()
    return survey(setting.state, setting.settings, taking, setting.now, setting.zone)


def settle(setting: Setting, seen: Peek, view: Overview) -> list[DraftRecord]:
    """Reconcile our drafts with what was seen and what happened; return those whose status changed."""
    changed = []
    for record in list(setting.state.drafts):
        new = _settle_one(setting, seen, view, record)
        if new != record:
            with setting.state.commit() as change:
                setting.state.put_draft(change, new)
            if new.status is not record.status:
                changed.append(new)
    return changed


def _settle_one(setting: Setting, seen: Peek, view: Overview, record: DraftRecord) -> DraftRecord:
    sent = setting.state.ledger.holds_mail(record.key) or setting.state.ledger.holds_mail(record.ref_key)
    if record.status is Status.DELETED and sent:
        return replace(record, status=Status.SENT, changed_at=setting.now)  # its copy in Sent came late
    look = seen.looks.get(record.key)
    if look is None:
        return record
    number = view.world.find(record.emails, record.person)
    row = view.rows[number] if number is not None else None
    since = reconcile.Since(
        contact_at=row.standing.last.at if row is not None and row.standing.last is not None else None,
        written_at=view.world.written_at(number) if number is not None else None,
        key_sent=sent,
        unwanted=row is not None and _is_unwanted(record, row, setting.now),
    )
    verdict = reconcile.judge(record, look, since, seen.others.get(record.account, ()), setting.now)
    if verdict.withdraw and look.ref is not None:
        return _withdraw(setting, verdict.record, look.ref)
    return verdict.record


def _is_unwanted(record: DraftRecord, row: Row, now: datetime) -> bool:
    """Say whether the user muted or snoozed the person; a draft asked for by name outlives an older snooze."""
    said_at = row.decision.at if row.decision is not None else None
    muted = any(hold.rule is rules.HoldRule.MUTED for hold in row.holds)
    if record.typed and not muted and said_at is not None and said_at <= record.created_at:
        return False
    return rules.is_unwanted(row.standing, row.decision, now)


def _withdraw(setting: Setting, record: DraftRecord, ref: DraftRef) -> DraftRecord:
    """Take a draft out of Drafts if it is still as it was seen; return its record."""
    box = setting.accounts.drafts(record.account)
    assert box is not None, "it was looked at"
    _keep_draft(setting, record)
    try:
        if box.withdraw(ref):
            return reconcile.mark_withdrawn(record, setting.now)
    except ConnectorError as err:
        log.warning("a draft of account %s could not be withdrawn (%s)", record.account, type(err).__name__)
        return record  # nor is it known whether it is still there
    record = replace(record, withdrawing=False, by_age=False)
    _keep_draft(setting, record)
    return record  # it changed meanwhile: the next round sees the edit


def _keep_draft(setting: Setting, record: DraftRecord) -> None:
    with setting.state.commit() as change:
        setting.state.put_draft(change, record)


def look_at_own(setting: Setting, names: Collection[str]) -> None:
    """Note whom the user's own drafts are to, in the accounts drafts would go to."""
    records = list(setting.state.drafts)
    for name in names:
        box = setting.accounts.drafts(name)
        if box is None:
            continue
        try:
            refs = reconcile.foreign(list(box.all()), records)
        except ConnectorError as err:
            log.warning("the drafts of account %s could not be looked at (%s)", name, type(err).__name__)
            continue
        told = {email.lower() for ref in refs for email in ref.to}
        emails = tuple(sorted(email for email in told if not setting.state.forgets(email)))
        with setting.state.commit() as change:
            setting.state.put_account(change, replace(setting.state.account(name), own_drafts=emails))


def write_due(setting: Setting, asker: rules.Asker, *, dry: bool = False) -> Drafted:
    """Write the drafts that are due now, within the budget; `dry` writes none but says what would be."""
    view = overview(setting)
    if any(view.due()) and not dry:
        look_at_own(setting, setting.accounts.taking_drafts())
        view = overview(setting)
    desk = writing.Desk(view, setting.state, setting.settings, setting.now, setting.zone)
    leftovers = [one for one in setting.state.drafts if reconcile.is_lost(one)]
    records = [one for one in setting.state.drafts if not reconcile.is_lost(one)]
    budget = rules.Budget.count(records, setting.settings.rhythm, setting.now, setting.zone, first_synced(setting))
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
            setting,
            dry=dry,
        )
        if one is not None:
            budget = budget.spend(due.occasion, asker)
            written.append(one)
    if not dry:
        _drop(setting, leftovers)
    return Drafted(written, unwritten)


def write_one(setting: Setting, row: Row, due: Due, view: Overview, *, dry: bool = False) -> Drafted:
    """Write the draft to one person that was asked for by name."""
    desk = writing.Desk(view, setting.state, setting.settings, setting.now, setting.zone)
    leftovers = [one for one in setting.state.drafts if reconcile.is_lost(one)]
    records = [one for one in setting.state.drafts if not reconcile.is_lost(one)]
    budget = rules.Budget.count(records, setting.settings.rhythm, setting.now, setting.zone, first_synced(setting))
    stopped = budget.stops(due.occasion, rules.Asker.NAMED)
    if stopped:
        return Drafted([], [Unwritten(_name(due), stopped)])
    unwritten: list[Unwritten] = []
    one = _write(desk, row, due, records, leftovers, unwritten, setting, dry=dry, typed=True)
    return Drafted([one] if one is not None else [], unwritten)


def _write(
    desk: writing.Desk,
    row: Row,
    due: Due,
    records: Sequence[DraftRecord],
    leftovers: list[DraftRecord],
    unwritten: list[Unwritten],
    setting: Setting,
    *,
    dry: bool,
    typed: bool = False,
) -> writing.Written | None:
    again = next((one for one in leftovers if not set(one.emails).isdisjoint(row.standing.person.emails)), None)
    try:
        one = writing.prepare(desk, row, due, records, typed=typed, key=again.key if again is not None else "")
        box = setting.accounts.drafts(due.account)
        if not dry and box is not None:
            if again is not None:
                leftovers.remove(again)
            writing.put(setting.state, box, one, setting.now)
    except (writing.NoDraft, ConnectorError) as err:
        unwritten.append(Unwritten(_name(due), str(err), fault=True))
        return None
    return one


def _name(due: Due) -> str:
    return due.standing.person.name or due.standing.person.key


def _drop(setting: Setting, leftovers: Sequence[DraftRecord]) -> None:
    """Forget planned drafts that were never made and whose person is not due any more; their notes wait again."""
    keys = {one.key for one in leftovers}
    if keys:
        with setting.state.commit() as change:
            setting.state.drafts.remove(change, lambda one: one.key in keys and reconcile.is_lost(one))
            for number, note in setting.state.notes.items():
                if note.used_by in keys:
                    setting.state.notes.replace(change, number, replace(note, used_by=""))


def first_synced(setting: Setting) -> datetime | None:
    """Return when the first sync of the first account was through."""
    moments = [one.first_synced_at for one in setting.state.accounts if one.first_synced_at is not None]
    return min(moments, default=None)


@dataclass(frozen=True, slots=True)
class Report:
    """What a round did."""

    outcomes: Sequence[Outcome]
    changed: Sequence[DraftRecord]
    drafted: Drafted
    faults: Sequence[str]


def run_round(setting: Setting, progress: Progress) -> Report:
    """Do one whole round, as the service does.

    Raises:
        StateError: the state cannot be written.
    """
    seen = peek(setting)
    outcomes = read(setting, (), progress)
    view = look_around(setting)
    changed = settle(setting, seen, view)
    drafted = write_due(setting, rules.Asker.SERVICE)
    keep_round(setting, view)
    return Report(outcomes, changed, drafted, seen.faults)


def keep_round(setting: Setting, view: Overview) -> None:
    """Note in the side file that a round is over, and whom it saw reached this month."""
    keep_reached(setting, view)
    side = setting.state.side()
    setting.state.store.write_side(
        replace(
            side,
            last_round_at=setting.now,
            next_round_at=setting.settings.service.every.after(setting.now, setting.zone),
            rounds=side.rounds + 1,
        )
    )


def keep_reached(setting: Setting, view: Overview) -> None:
    """Note in the side file how many people were reached this month, so that `auld status` need not count again."""
    month, reached = reached_this_month(setting, view)
    tag = str(setting.state.store.generation)
    setting.state.store.write_side(replace(setting.state.side(), reached=(month, reached, tag)))


def reached_this_month(setting: Setting, view: Overview) -> tuple[str, int]:
    """Return this month and how many people had a contact from me in it."""
    month = setting.now.astimezone(setting.zone).strftime("%Y-%m")
    start = setting.now.astimezone(setting.zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    reached = sum(view.world.reached_since(row.number, start) for row in view.rows)
    return month, reached


def withdraw_for(setting: Setting, emails: Collection[str]) -> int:
    """Withdraw every untouched draft to a person who is about to be forgotten; return how many were."""
    count = 0
    for record in list(setting.state.drafts):
        if record.status in {Status.OPEN, Status.PLANNED} and not set(record.emails).isdisjoint(emails):
            count += withdraw_one(setting, record)
    return count


def withdraw_one(setting: Setting, record: DraftRecord) -> bool:
    """Withdraw a draft at the user's word, if it is untouched; there is no back-off after it."""
    box = setting.accounts.drafts(record.account)
    if box is None or record.status not in {Status.OPEN, Status.PLANNED}:
        return False
    ref = _look(box, record)
    if record.status is Status.PLANNED:
        record = record if ref is None else reconcile.adopt(record, ref, setting.now)
    elif ref is None and not record.withdrawing:
        return False
    if ref is not None:
        if ref.revision != record.revision:
            return False
        _keep_draft(setting, reconcile.mark_withdrawing(record))
        if not box.withdraw(ref):
            _keep_draft(setting, record)
            return False
    _keep_draft(setting, reconcile.mark_withdrawn(replace(record, by_age=False), setting.now))
    return True
