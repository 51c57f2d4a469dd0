"""One draft, from a person who is due to a message in the Drafts folder.

A draft is kept as planned, under the key it will be found by, before it is created: whatever is lost after that, the
key finds it again and no second one is made.
"""

import errno
import os
import secrets
import stat
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from connectors.base import DraftBox
from connectors.errors import BadReply, ConnectorError, Unavailable
from connectors.types import Address, NewDraft
from daemon import compose, rewriting
from daemon.due import MATTERS, file_notes
from daemon.due.occasions import next_birthday
from daemon.model import DraftRecord, Due, Kind, Note, Standing, Status, Wish
from daemon.overview import Overview, Row
from daemon.reconcile import adopt, is_told, mark_lost
from daemon.settings import Language, News, Occasion, Settings
from daemon.state import State

WRITTEN_IN: Language = "en"
"""The language drafts are written in where none of the wished one exists yet."""

_MONTH: Final = 31  # days
_EXAMPLES_READ: Final = 500_000  # bytes
_NO_ANSWERS = {"new-year", "birthday", "congratulations", "reference"}  # these are no answers in an old thread


class NoDraft(Exception):
    """No draft can be written to this person; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Written:
    """A draft as it will be, and the record of it.

    `brief` is what a language model would be told, and `composed` what the templates gave, where one is configured;
    `remark` says why its text is not used, `unanswered` that there was no answer at all.
    """

    record: DraftRecord
    draft: NewDraft
    person: str
    account: str
    notes: tuple[int, ...]
    brief: rewriting.Brief | None = None
    composed: compose.Composed | None = None
    remark: str = ""
    unanswered: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What is needed to write: everybody, the state, config and clock."""

    view: Overview
    state: State
    settings: Settings
    now: datetime
    zone: ZoneInfo
    token: Callable[[int], bytes] = secrets.token_bytes

    @property
    def phrasebook(self) -> compose.Phrasebook:
        """Return the wordings at hand: the user's own before the built-in ones."""
        return phrasebook(self.settings)


def phrasebook(settings: Settings) -> compose.Phrasebook:
    """Return the wordings at hand; ``writing.templates`` starts at the config's folder."""
    own = settings.writing.templates
    return compose.Phrasebook(_below(settings, own) if own else None)


def _below(settings: Settings, told: str) -> Path:
    """Return a path of the config; the home of a user who has none stays as it is written, which is no path."""
    try:
        return settings.folder / Path(told).expanduser()
    except RuntimeError:
        return settings.folder / told


def prepare(
    desk: Desk, row: Row, due: Due, records: Sequence[DraftRecord], *, typed: bool, key: str = "", shown: bool = False
) -> Written:
    """Write the text of a draft to a person; nothing is stored.

    `records` are all drafts so far, for what must not be said again; `key` is that of a planned draft to be made again.
    One that is only `shown` may be of an occasion that there is not now.

    Raises:
        NoDraft: there is no address, no account to write from, or nothing of that occasion to say.
    """
    standing, settings = row.standing, desk.settings
    email = standing.usable_email
    if email is None:
        raise NoDraft(f"no address of {_named(standing)} is known that works; add one to [[people]] in the config")
    sender = sender_of(desk.state, settings, due.account)
    language = language_of(row, desk, due.occasion)
    theirs = sorted(row.records, key=lambda record: record.created_at)
    told = _told(desk, row, key, due.occasion, language)
    _check_matter(row, due.occasion, told, desk)
    if not shown:
        _check_time(row.standing, due.occasion, desk)
    facts = compose.gather(
        standing,
        me=settings.me,
        occasion=due.occasion,
        language=language,
        news=told.news,
        note=told.note.text if told.note is not None else "",
        salutation=desk.view.world.salutation(row.number) if settings.writing.learn_greetings else "",
        now=desk.now,
        zone=desk.zone,
        formality=row.formality,
        title=told.matter.text if told.matter is not None and due.occasion == "congratulations" else "",
        company=told.matter.text if told.matter is not None and due.occasion == "reference" else "",
        ours=frozenset(record.subject for record in theirs if not record.in_reply_to),
    )
    reply = compose.reply_target(
        last_thread(desk.view, row),
        silent_since=standing.last.at if standing.last is not None else None,
        now=desk.now,
    )
    if due.occasion in _NO_ANSWERS:
        reply = None
    today = desk.now.astimezone(desk.zone).date()
    composed = compose.compose(
        facts,
        avoid=_used(records, theirs, today.toordinal(), desk.zone),
        seed=f"{standing.person.key}\n{today.isoformat()}",
        reply_subject=reply.subject if reply is not None else "",
        phrasebook=desk.phrasebook,
        liked=_liked(records) if settings.writing.learn_variants else frozenset(),
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
        news=(told.news.text,) if told.news is not None and composed.news_told else (),
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
    written = Written(record, draft, record.person, due.account, told.notes(composed))
    if settings.writing.model is None:
        return written
    return replace(written, brief=rewriting.brief_of(facts, composed), composed=composed)


def restyle(desk: Desk, written: Written) -> Written:
    """Have the configured language model rewrite a draft; in any doubt it stays as it is, and `remark` says why."""
    model = desk.settings.writing.model
    if model is None or written.brief is None or written.composed is None:
        return written
    try:
        answer = rewriting.rewrite(written.brief, model, examples(desk.settings))
    except OSError as err:
        return replace(written, remark=f"writing.examples cannot be read ({err.strerror or err})")
    if isinstance(answer, rewriting.Kept):
        return replace(written, remark=answer.reason, unanswered=answer.unanswered)
    body = rewriting.retold(written.composed, answer.paragraphs).body
    return replace(written, draft=replace(written.draft, body=body))


def examples(settings: Settings) -> str:
    """Return the beginning of the user's own mails for the model, "" for none.

    ``writing.examples`` starts at the config's folder.

    Raises:
        OSError: the file cannot be read, or is none.
    """
    told = settings.writing.examples
    if not told:
        return ""
    if "\0" in told:
        raise OSError(errno.ENOENT, os.strerror(errno.ENOENT))
    # A pipe would be waited for, and a device has no end.
    handle = os.open(_below(settings, told), os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "it is no file")
        return file.read(_EXAMPLES_READ).decode("utf-8", "replace")


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


def language_of(row: Row, desk: Desk, occasion: Occasion) -> Language:
    """Return the language a draft to a person is written in: the one wished for, if there are wordings in it."""
    wished = row.language
    return wished if desk.phrasebook.exists(wished, occasion) else WRITTEN_IN


def sender_of(state: State, settings: Settings, account: str) -> Address:
    """Return whom a draft in an account is from.

    Raises:
        NoDraft: there is no such account, or no address of the user's.
    """
    if not account:
        raise NoDraft("no account takes drafts; give one a Drafts folder in the config (drafts = …)")
    emails = [*state.account(account).addresses, *settings.me.emails]
    if not emails:
        raise NoDraft("no address of yours is known; add [me] emails to the config")
    return Address(emails[0], settings.me.name)


@dataclass(frozen=True, slots=True)
class _Told:
    """What a draft is to tell: a note, a piece of news, and the note that is its occasion."""

    note: Note | None
    news: News | None
    personal: Note | None  # the note that `news` comes from
    matter: Note | None

    def notes(self, composed: compose.Composed) -> tuple[int, ...]:
        """Return the notes that a draft told."""
        used = [self.matter, self.note if composed.note_told else None, self.personal if composed.news_told else None]
        return tuple(note.id for note in used if note is not None)


def _told(desk: Desk, row: Row, key: str, occasion: Occasion, language: Language) -> _Told:
    """Return what to tell: notes first, news not yet told to this person.

    The config's news are in the user's own language, and fit no draft in another. What a planned draft was to tell
    waits still if that one, of this `key`, is made again.
    """
    drafts = {record.key: record for record in desk.state.drafts}
    untold = (note for note in desk.state.notes if note.used_by == key or not is_told(note, drafts))
    notes = sorted(untold, key=lambda one: one.id)
    waiting = file_notes(notes).of(row.standing.person)
    matter = next((one for one in waiting if one.wish is MATTERS.get(occasion)), None)
    note = next((one for one in waiting if one.wish is Wish.NOTE), None)
    personal = next((one for one in waiting if one.wish is Wish.NEWS and one.text not in row.told), None)
    today = desk.now.astimezone(desk.zone).date()
    common = desk.settings.me.news if language == desk.settings.me.language else ()
    news = News(text=personal.text) if personal is not None else compose.untold(common, row.told, today)
    return _Told(note, news, personal, matter)


def _check_matter(row: Row, occasion: Occasion, told: _Told, desk: Desk) -> None:
    """Refuse an occasion that has nothing to tell.

    Raises:
        NoDraft: the user has to note first what it is about.
    """
    name = _named(row.standing)
    if occasion == "news" and told.news is None:
        raise NoDraft(f'{_why_no_news(row, desk)}; auld note "{name}" "…" --news tells some to them alone')
    if occasion == "congratulations" and told.matter is None:
        raise NoDraft(f'say first on what: auld note "{name}" --promoted "Head of Design"')
    if occasion == "reference" and told.matter is None:
        raise NoDraft(f'say first for what: auld note "{name}" --reference "Example Ltd"')


def _check_time(standing: Standing, occasion: Occasion, desk: Desk) -> None:
    """Refuse an occasion that is untrue now.

    Raises:
        NoDraft: it is not the time of year, or nobody waits for an answer.
    """
    if occasion == "new-year" and compose.year_wished(desk.now.astimezone(desk.zone).date()) is None:
        raise NoDraft("New Year's wishes are for November to February")
    born = standing.person.listed.birthday if standing.person.listed is not None else None
    today = desk.now.astimezone(desk.zone).date()
    if occasion == "birthday" and born is not None and not _is_near(born, today):
        raise NoDraft(f"the birthday of {_named(standing)} is on {born.day} {born:%B}, says the config")
    if occasion == "sorry-for-the-silence" and not _waits(standing):
        raise NoDraft(f"{_named(standing)} waits for no answer: the last contact was no mail from them")


def _is_near(born: date, today: date) -> bool:
    """Say whether a birthday is within a month of today, before or behind."""
    return any(
        abs((next_birthday(born, day) - today).days) <= _MONTH for day in (today, today - timedelta(days=_MONTH))
    )


def _why_no_news(row: Row, desk: Desk) -> str:
    today, mine = desk.now.astimezone(desk.zone).date(), desk.settings.me
    if compose.untold(mine.news, frozenset(), today) is None:
        return "there is no current news of yours: add some to [[me.news]] in the config"
    if row.language != mine.language:
        return f"your news is in {mine.language} and drafts to {_named(row.standing)} are in {row.language}"
    return f"{_named(row.standing)} was told all your news"


def _waits(standing: Standing) -> bool:
    """Say whether somebody wrote last, and nothing of the user's followed."""
    return standing.owed or (standing.last is not None and standing.last.kind is Kind.RECEIVED)


def _liked(records: Sequence[DraftRecord]) -> frozenset[str]:
    """Return the wordings of drafts that were sent without an edit being seen."""
    sent = (one.variant for one in records if one.status is Status.SENT and not one.edited)
    return frozenset(word for variant in sent for word in variant.split())


def _used(records: Sequence[DraftRecord], theirs: Sequence[DraftRecord], today: int, zone: ZoneInfo) -> frozenset[str]:
    """Return the wordings of today's drafts and of the last one to this person."""
    used = [one.variant for one in records if one.created_at.astimezone(zone).toordinal() == today]
    used += [one.variant for one in theirs[-1:]]
    return frozenset(word for variant in used for word in variant.split())


def _named(standing: Standing) -> str:
    return standing.person.name or (standing.person.emails[0] if standing.person.emails else "this person")
