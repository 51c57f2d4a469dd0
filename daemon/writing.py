"""One draft, from a person who is due to a message in the Drafts folder.

A draft is kept as planned, under the key it will be found by, before it is created: whatever is lost after that, the
key finds it again and no second one is made.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.base import DraftBox
from connectors.errors import BadReply, ConnectorError, Unavailable
from connectors.types import Address, NewDraft
from daemon import compose
from daemon.model import DraftRecord, Due, Kind, Note, Standing, Status, Wish
from daemon.overview import Overview, Row
from daemon.reconcile import adopt, mark_lost
from daemon.settings import Language, News, Occasion, Settings
from daemon.state import State

WRITTEN_IN: Language = "en"
"""The language drafts are written in where none of the wished one exists yet."""

_UNTOLD = {Status.DELETED, Status.WITHDRAWN}


class NoDraft(Exception):
    """No draft can be written to this person; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """A draft as it will be, and the record of it."""

    record: DraftRecord
    draft: NewDraft
    person: str
    account: str
    notes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to write: everybody, the state, config and clock."""

    view: Overview
    state: State
    settings: Settings
    now: datetime
    zone: ZoneInfo
    token: Callable[[int], bytes] = secrets.token_bytes


def prepare(desk: Desk, row: Row, due: Due, records: Sequence[DraftRecord], *, typed: bool, key: str = "") -> Written:
    """Write the text of a draft to a person; nothing is stored.

    `records` are all drafts so far, for what must not be said again; `key` is that of a planned draft to be made again.

    Raises:
        NoDraft: there is no address or no account to write from.
    """
    standing, settings = row.standing, desk.settings
    email = standing.usable_email
    if email is None:
        raise NoDraft(f"no address of {_named(standing)} is known that works; add one to [[people]] in the config")
    sender = _sender(desk, due.account)
    language = _language(row, settings, due.occasion)
    theirs = sorted(row.records, key=lambda record: record.created_at)
    news, note = _news(desk, row, theirs, key)
    facts = compose.gather(
        standing,
        me=settings.me,
        occasion=due.occasion,
        language=language,
        news=news,
        note=note.text if note is not None else "",
        salutation="",
        now=desk.now,
        zone=desk.zone,
    )
    reply = compose.reply_target(
        last_thread(desk.view, row),
        silent_since=standing.last.at if standing.last is not None else None,
        now=desk.now,
    )
    if due.occasion == "new-year":
        reply = None  # wishes are no answer
    today = desk.now.astimezone(desk.zone).date()
    composed = compose.compose(
        facts,
        avoid=_used(records, theirs, today.toordinal(), desk.zone),
        seed=f"{standing.person.key}\n{today.isoformat()}",
        reply_subject=reply.subject if reply is not None else "",
    )
    key = key or compose.new_key(sender.email, desk.token(compose.TOKEN_BYTES))
    record = DraftRecord(
        key=key,
        person=standing.person.name or email,
        emails=standing.person.emails,
        email=email,
        account=due.account,
        occasion=due.occasion,
        language=language,
        subject=composed.subject,
        status=Status.PLANNED,
        created_at=desk.now,
        changed_at=desk.now,
        variant=" ".join(composed.variant),
        news=(news.text,) if news is not None and composed.news_told else (),
        typed=typed,
        in_reply_to=reply.in_reply_to if reply is not None else "",
    )
    draft = NewDraft(
        key=key,
        sender=sender,
        to=Address(email, standing.person.name),
        subject=composed.subject,
        body=composed.body,
        written_at=desk.now,
        in_reply_to=record.in_reply_to,
        references=reply.references if reply is not None else (),
        thread=reply.thread if reply is not None else "",
    )
    told = (note.id,) if note is not None and composed.note_told else ()
    return Written(record, draft, record.person, due.account, told)


def put(state: State, box: DraftBox, written: Written, now: datetime) -> DraftRecord:
    """Keep the draft as planned, create it, keep it as open; return the record.

    Raises:
        Unavailable, BadReply: the answer was lost; it stays planned, until it was looked for.
        ConnectorError: it was not created; it stays planned, and may be made again at once.
    """
    with state.commit() as change:
        state.put_draft(change, written.record)
        for number, note in state.notes.items():
            if note.id in written.notes:
                state.notes.replace(change, number, replace(note, used_by=written.record.key))
    try:
        record = adopt(written.record, box.create(written.draft), now)
    except (Unavailable, BadReply):
        raise
    except ConnectorError:
        with state.commit() as change:
            state.put_draft(change, mark_lost(written.record, now))
        raise
    with state.commit() as change:
        state.put_draft(change, record)
    return record


def last_thread(view: Overview, row: Row) -> compose.LastThread | None:
    """Return the thread of the newest mail exchanged with a person, None if nothing of it is kept."""
    world = view.world
    for touch in reversed(world.touches(row.number).all):
        if touch.kind in {Kind.SENT, Kind.RECEIVED}:
            key = world.title_key(touch)
            detail = world.ledger.details.get(key) if key is not None else None
            if detail is None:
                return None
            at = world.contact(touch, titled=False).at
            return compose.LastThread(
                detail.title, detail.message_id, detail.references, detail.thread, touch.others == 1, at
            )
    return None


def _language(row: Row, settings: Settings, occasion: Occasion) -> Language:
    listed = row.standing.person.listed
    circle = next((one for one in settings.circles if one.name == row.circle), None)
    wished = (listed and listed.language) or (circle and circle.language) or settings.me.language
    return wished if compose.BUILT_IN.exists(wished, occasion) else WRITTEN_IN


def _sender(desk: Desk, account: str) -> Address:
    if not account:
        raise NoDraft("no account takes drafts; give one a Drafts folder in the config (drafts = …)")
    own = desk.state.account(account).addresses
    emails = [*own, *desk.settings.me.emails]
    if not emails:
        raise NoDraft("no address of yours is known; add [me] emails to the config")
    return Address(emails[0], desk.settings.me.name)


def _news(desk: Desk, row: Row, theirs: Sequence[DraftRecord], key: str) -> tuple[News | None, Note | None]:
    """Return the news and the note to tell: notes first, news not yet told to this person.

    What a planned draft was to tell waits still if that one, of this `key`, is made again.
    """
    emails, name = set(row.standing.person.emails), row.standing.person.name
    waiting = [
        note
        for note in sorted(desk.state.notes, key=lambda one: one.id)
        if note.used_by in {"", key} and (emails.intersection(note.emails) if note.emails else note.name == name)
    ]
    note = next((one for one in waiting if one.wish is Wish.NOTE), None)
    told = frozenset(text for record in theirs if record.status not in _UNTOLD for text in record.news)
    personal = next((one for one in waiting if one.wish is Wish.NEWS and one.text not in told), None)
    if personal is not None:
        return News(text=personal.text), note
    return compose.untold(desk.settings.me.news, told, desk.now.astimezone(desk.zone).date()), note


def _used(records: Sequence[DraftRecord], theirs: Sequence[DraftRecord], today: int, zone: ZoneInfo) -> frozenset[str]:
    """Return the wordings of today's drafts and of the last one to this person."""
    used = [one.variant for one in records if one.created_at.astimezone(zone).toordinal() == today]
    used += [one.variant for one in theirs[-1:]]
    return frozenset(word for variant in used for word in variant.split())


def _named(standing: Standing) -> str:
    return standing.person.name or (standing.person.emails[0] if standing.person.emails else "this person")
