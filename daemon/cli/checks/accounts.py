"""What `auld check` says of accounts: what each connector finds, asked now, and how the last reads went."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from connectors.base import Finding
from daemon.cli.checks.guard import guarded
from daemon.cli.output import count, moment
from daemon.cli.reading import ACCOUNT_NEEDS
from daemon.cli.session import Session
from daemon.health import health_of
from daemon.state import State
from daemon.store import AccountHealth
from daemon.unread import unread


def accounts_found(session: Session) -> Iterator[Finding]:
    """Yield what each enabled account finds when it is asked now: sign-in, permissions, folders, calendars, drafts."""
    if not session.settings.accounts:
        yield Finding("accounts", "fail", "the config has no [[accounts]]", ACCOUNT_NEEDS)
        return
    from connectors.errors import SettingsError  # noqa: PLC0415

    try:
        accounts = session.accounts
    except SettingsError as err:
        yield Finding("accounts", "fail", str(err), f"mend {session.config_path}")
        return
    for one in accounts.all:
        for finding in guarded("account", one.account.check):
            yield replace(finding, name=f"{one.name}: {finding.name}")
    for off in session.settings.accounts:
        if not off.enabled:
            yield Finding(off.name, "warn", "enabled = false: it is not read", "")
    if not accounts.taking_drafts():
        yield Finding("drafts", "fail", "no account takes drafts", "let one take them in the config (its key drafts)")


def reading_found(session: Session, state: State) -> Iterator[Finding]:
    """Yield how the last reads of each account went; a provider that refuses for now says so here."""
    health = {one.name: one for one in state.side().accounts}
    for one in session.settings.accounts:
        if not one.enabled:
            continue
        last = health_of(one, health.get(one.name), session.folder)
        more = _for_how_long(last, session.now, session.zone)
        for sentence in unread(state, replace(session.settings, accounts=(one,))):
            told = f"{sentence.rstrip('.')}.{more}" if more else sentence
            yield Finding("reading", "warn", told, "" if "auld " in sentence else "auld sync")
        if last is not None and last.health == "ok" and last.synced_at is not None:
            yield Finding("reading", "ok", f"{one.name}: last read through {moment(last.synced_at, session.zone)}")


def _for_how_long(last: AccountHealth | None, now: datetime, zone: ZoneInfo) -> str:
    """Return since when an account fails and when the service asks it again, as the end of a sentence."""
    if last is None or last.health == "ok" or last.failing_since is None:
        return ""
    told = f" So it is since {moment(last.failing_since, zone)}, {count(last.failures, 'time')} in a row"
    if last.again_at is not None and last.again_at > now:
        told += f"; the service does not ask again before {moment(last.again_at, zone)}"
    return f"{told}."
