"""One account into the ledger: batch by batch, facts and cursor in one commit.

It may be killed at any instant: what was committed stays, the rest is told again, and facts told again are harmless.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, Protocol, TypeVar

from connectors.base import Source
from connectors.errors import BadReply, ConnectorError, CursorExpired, LoginNeeded, SettingsError, Unavailable
from connectors.types import Batch, Mail, Meeting
from daemon.accounts import OpenAccount, StoppedError
from daemon.state import State

log = logging.getLogger(__name__)

Health = Literal["ok", "needs-login", "unavailable", "refused"]
Part = Literal["mail", "calendar"]
T = TypeVar("T")


class Progress(Protocol):
    """Is told how far a read has come: `done` of `total` items of one part (total 0: unknown), first when it begins."""

    def __call__(self, account: str, part: Part, done: int, total: int) -> None:
        """Take note; called from the thread of the account."""
        ...


@dataclass(frozen=True, slots=True)
class Outcome:
    """How reading an account went. `detail` is the error as a sentence, `problems` are about single items.

    `done` of `total` mails are read, as far as the provider tells (total 0: unknown). `config`: it cannot be read
    because of what the config says, which is "refused" too. `retry_after` is how long the provider wants to be left
    alone, None if it told nothing of the kind. `mail_read`: its mail was read to the end.
    """

    account: str
    health: Health
    detail: str = ""
    mails: int = 0
    meetings: int = 0
    problems: tuple[str, ...] = ()
    done: int = 0
    total: int = 0
    config: bool = False
    retry_after: timedelta | None = None
    mail_read: bool = True


@dataclass(slots=True)
class _Reading:
    """What one sync of an account did so far."""

    mails: int = 0
    meetings: int = 0
    problems: tuple[str, ...] = ()
    detail: str = ""
    health: Health = "ok"
    done: int = 0
    total: int = 0
    config: bool = False
    retry_after: timedelta | None = None
    mail_read: bool = True

    def failed(self, err: ConnectorError) -> None:
        """Note an error; the same one twice is told once."""
        self.health, self.config = _health(err), isinstance(err, SettingsError)
        self.retry_after = err.retry_after if isinstance(err, Unavailable) else None
        if str(err) not in self.detail:
            self.detail = " ".join(filter(None, (self.detail, str(err))))


def sync_account(
    state: State, account: OpenAccount, since: datetime | None, now: datetime, progress: Progress, *, full: bool = False
) -> Outcome:
    """Read what is new of an account. Never raises a connector's error: it is told in the outcome.

    Raises:
        StateError: the state cannot be written.
    """
    reading = _Reading()
    parts: list[tuple[Part, Callable[[], None]]] = [
        ("mail", lambda: _read_mail(state, account, since, progress, reading, full=full)),
        ("calendar", lambda: _read_calendar(state, account, since, now, progress, reading, full=full)),
    ]
    addresses, cut_off = state.account(account.name).addresses, False
    for part, read in parts:
        try:
            read()
        except ConnectorError as err:
            log.warning("account %s: its %s could not be read (%s)", account.name, part, type(err).__name__)
            reading.failed(err)
            reading.mail_read &= part != "mail"
            if cut_off := isinstance(err, Unavailable) and err.cut_off:
                # The rest would be waited for as long, and in vain. After other errors it is read: no permission for
                # mail, or a mail server that is down, says nothing about calendars, and is said at once.
                break
    if not cut_off:
        try:
            with _guarded():
                addresses = account.account.addresses()
        except ConnectorError as err:
            reading.failed(err)
    kept = state.account(account.name)
    through = kept.mail_through and kept.calendar_through
    with state.commit(bulk=True) as change:
        synced_at = kept.first_synced_at or (now if through else None)
        state.first_read = state.first_read or synced_at != kept.first_synced_at
        state.put_account(change, replace(kept, addresses=tuple(addresses), first_synced_at=synced_at))
        state.ledger.rest()
    return Outcome(
        account.name, reading.health, reading.detail, reading.mails, reading.meetings, reading.problems, reading.done,
        reading.total, reading.config, reading.retry_after, reading.mail_read,
    )  # fmt: skip


def _health(err: ConnectorError) -> Health:
    if isinstance(err, LoginNeeded):
        return "needs-login"
    return "unavailable" if isinstance(err, Unavailable) else "refused"


@contextmanager
def _guarded() -> Iterator[None]:
    """Let what an account's connector should not have raised be that account's trouble, not all accounts'."""
    try:
        yield
    except (ConnectorError, StoppedError):
        raise
    except Exception as err:
        log.debug("a connector raised what it must not", exc_info=True)
        raise BadReply(
            f"Something went wrong that should not have ({type(err).__name__}). Run it again with -v and report what "
            "it prints."
        ) from err


def _changes(source: Source[T], cursor: str | None, since: datetime | None) -> Iterator[Batch[T]]:
    """Yield what a source tells; what goes wrong with it, not with who takes it, is `_guarded`."""
    with _guarded():
        batches = iter(source.changes(cursor, since))
    while True:
        with _guarded():
            batch = next(batches, None)
        if batch is None:
            return
        yield batch


def _read_mail(
    state: State, account: OpenAccount, since: datetime | None, progress: Progress, reading: _Reading, *, full: bool
) -> None:
    name, source = account.name, account.account.mail
    kept = state.account(name)
    if source is None:
        _through(state, name, mail=True)
        return
    progress(name, "mail", 0, 0)
    greetings = account.account.tells_greetings()

    def store(batches: Iterable[Batch[Mail]]) -> None:
        for batch in batches:
            with state.commit(bulk=True) as change:
                before = len(state.ledger.mails)
                state.add_page(change, state.ledger.add_mails(name, batch.items))
                reading.mails += len(state.ledger.mails) - before
                told = replace(state.account(name), mail_cursor=batch.cursor, greetings=greetings)
                if not told.mail_through:
                    told = replace(told, mail_done=batch.done, mail_total=batch.total)
                state.put_account(change, told)
            reading.problems += batch.problems
            reading.done, reading.total = batch.done, batch.total
            progress(name, "mail", batch.done, batch.total)

    # What was read without salutations is read anew for them, once.
    anew = full or (greetings and not kept.greetings)
    try:
        store(_changes(source, None if anew else kept.mail_cursor, since))
    except CursorExpired as err:
        # Mail facts that a new read lacks stay: deleting a mail does not undo the contact.
        log.info("account %s: its mail is read anew: %s", name, err)
        store(_changes(source, None, since))
    _through(state, name, mail=True)


def _read_calendar(
    state: State, account: OpenAccount, since: datetime | None, now: datetime, progress: Progress, reading: _Reading,
    *, full: bool,
) -> None:  # fmt: skip
    name, source = account.name, account.account.calendar
    kept = state.account(name)
    if source is None:
        _forget_ahead(state, name, now)
        _through(state, name, calendar=True)
        return
    progress(name, "calendar", 0, 0)
    cursor = None if full else kept.calendar_cursor
    if cursor is not None:
        try:
            for batch in _changes(source, cursor, since):
                _store_meetings(state, name, batch, batch.cursor, reading)
                progress(name, "calendar", batch.done, batch.total)
            return
        except CursorExpired as err:
            log.info("account %s: its calendar is read anew: %s", name, err)
    # A first or new read: meetings are replaced as a whole, so the cursor is kept only once it is through.
    told: set[str] = set()
    last = ""
    for batch in _changes(source, None, since):
        told.update(meeting.key for meeting in batch.items)
        told.difference_update(batch.removed)
        last = batch.cursor
        _store_meetings(state, name, batch, None, reading)
        progress(name, "calendar", batch.done, batch.total)
    gone = [key for key in state.ledger.meeting_keys(name) if key not in told]
    with state.commit(bulk=True) as change:
        state.add_page(change, state.ledger.add_meetings(name, [], gone))
        state.put_account(change, replace(state.account(name), calendar_cursor=last or None, calendar_through=True))


def _forget_ahead(state: State, name: str, now: datetime) -> None:
    """Forget what was known ahead from a calendar that is not read any more: nobody would tell if it is called off.

    With the cursor, so that all is told again when the calendar is.
    """
    ahead = [key for (owner, key), one in state.ledger.meetings.items() if owner == name and one.end > now.timestamp()]
    if ahead or state.account(name).calendar_cursor is not None:
        with state.commit(bulk=True) as change:
            state.add_page(change, state.ledger.add_meetings(name, [], ahead))
            state.put_account(change, replace(state.account(name), calendar_cursor=None))


def _store_meetings(state: State, name: str, batch: Batch[Meeting], cursor: str | None, reading: _Reading) -> None:
    with state.commit(bulk=True) as change:
        state.add_page(change, state.ledger.add_meetings(name, batch.items, batch.removed))
        if cursor is not None:
            state.put_account(change, replace(state.account(name), calendar_cursor=cursor))
    reading.meetings += len(batch.items)
    reading.problems += batch.problems


def _through(state: State, name: str, *, mail: bool = False, calendar: bool = False) -> None:
    kept = state.account(name)
    if (mail and not kept.mail_through) or (calendar and not kept.calendar_through):
        with state.commit(bulk=True) as change:
            state.put_account(
                change,
                replace(
                    kept,
                    mail_through=kept.mail_through or mail,
                    calendar_through=kept.calendar_through or calendar,
                ),
            )
