"""The look back at a month, in the first round of the next: whom the user reached, who answered, who is due.

One line for `auld status`, and, with ``writing.look_back``, a draft to the user themself.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from connectors.errors import ConnectorError
from connectors.types import NewDraft
from daemon.compose import TOKEN_BYTES, new_key
from daemon.due.days import local_date
from daemon.model import DraftRecord, Kind, Standing, Status
from daemon.overview import Overview
from daemon.turn import Turn
from daemon.writing import NoDraft, Written, put, sender_of

_NAMED: Final = 20  # people of one line
_LOOK_BACK: Final = "look-back"


@dataclass(frozen=True, slots=True)
class LookBack:
    """What became of a month; `month` is its first day, the rest are names, in order.

    `reached` are those the user had a contact with of their own doing, `answered` and `silent` those they sent a draft
    of auld's to, by whether they answered since; `due` is who is due now.
    """

    month: date
    reached: tuple[str, ...]
    answered: tuple[str, ...]
    silent: tuple[str, ...]
    due: tuple[str, ...]

    @property
    def line(self) -> str:
        """Return it as one sentence, without any name."""
        sent = len(self.answered) + len(self.silent)
        answers = f"; {len(self.answered)} of {sent} you sent a draft to answered" if sent else ""
        return f"{self.month:%B}: {_people(len(self.reached))} reached{answers}; {len(self.due)} due now"


def look_back(view: Overview, month: date) -> LookBack:
    """Return what became of the month that begins with `month`."""
    rows = view.rows
    sent = [
        (row, record)
        for row in rows
        for record in row.records
        if record.status is Status.SENT and _month(record.changed_at, view) == month
    ]
    answered = {row.number for row, record in sent if _is_answered(row.standing, record)}
    return LookBack(
        month,
        tuple(_name(row.standing) for row in rows if _was_reached(view, row.number, month)),
        tuple(dict.fromkeys(_name(row.standing) for row, _ in sent if row.number in answered)),
        tuple(dict.fromkeys(_name(row.standing) for row, _ in sent if row.number not in answered)),
        tuple(_name(one.standing) for one in view.due()),
    )


def keep_look_back(turn: Turn, view: Overview) -> str:
    """Look back if this is the first round of a month and the last one was seen whole; return what went wrong, or "".

    The draft to the user themself is not made a second time, whatever became of the first, or of the clock.
    """
    this = local_date(turn.now, turn.zone).replace(day=1)
    state, first = turn.state, turn.state.first_synced_at
    name = f"{this:%Y-%m}"
    if state.meta.looked_back >= name or first is None or local_date(first, turn.zone) >= this:
        return ""
    found = look_back(view, (this - timedelta(days=1)).replace(day=1))
    with state.commit() as change:
        state.put_meta(change, replace(state.meta, looked_back=name, look_back=found.line))
    return _write(turn, found) if turn.settings.writing.look_back else ""


def _write(turn: Turn, found: LookBack) -> str:
    account = turn.settings.writing.account or next(iter(turn.accounts.taking_drafts()), "")
    box = turn.accounts.drafts(account) if account else None
    if box is None:
        return "the look back at last month was not written: no account takes drafts"
    try:
        me = sender_of(turn.state, turn.settings, account)
    except NoDraft as err:
        return f"the look back at last month was not written: {err}"
    key = new_key(me.email, secrets.token_bytes(TOKEN_BYTES))
    subject = f"In touch in {found.month:%B}"
    record = DraftRecord(
        key=key,
        person=me.name or me.email,
        emails=(),
        email=me.email,
        account=account,
        occasion=_LOOK_BACK,
        language="en",
        subject=subject,
        status=Status.PLANNED,
        created_at=turn.now,
        changed_at=turn.now,
    )
    draft = NewDraft(key, me, me, subject, write_look_back(found), turn.now)
    try:
        put(turn.state, box, Written(record, draft, record.person, account, ()), turn.now)
    except ConnectorError as err:
        return f"the look back at last month was not written: {err}"
    return ""


def write_look_back(found: LookBack) -> str:
    """Return the text of the draft to the user themself."""
    lines = [
        f"{found.month:%B %Y}, for you alone: there is nothing to send.",
        f"You were in touch with {_people(len(found.reached))}{_named(found.reached)}.",
    ]
    if found.answered:
        lines.append(f"Answered: {_some(found.answered)}.")
    if found.silent:
        lines.append(f"Not answered yet: {_some(found.silent)}.")
    lines.append(f"Due now: {_some(found.due)}." if found.due else "Nobody is due now.")
    return "\n\n".join(lines) + "\n"


def _was_reached(view: Overview, person: int, month: date) -> bool:
    return any(
        touch.kind is not Kind.RECEIVED and date.fromordinal(view.world.days.day(touch.at)).replace(day=1) == month
        for touch in view.world.touches(person).all
    )


def _is_answered(standing: Standing, record: DraftRecord) -> bool:
    at = standing.answered_at
    return at is not None and at > (record.seen_at or record.created_at)


def _month(at: datetime, view: Overview) -> date:
    return local_date(at, view.zone).replace(day=1)


def _name(standing: Standing) -> str:
    return standing.person.name or standing.person.key


def _people(count: int) -> str:
    return f"{count} {'person' if count == 1 else 'people'}"


def _named(names: Sequence[str]) -> str:
    return f": {_some(names)}" if names else ""


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
