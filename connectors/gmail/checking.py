"""The part of `auld check` that an account of kind "gmail" has: client file, sign-in, calendars, drafts."""

import stat
from collections.abc import Iterator
from shlex import quote
from typing import Final

from connectors.base import Finding, Host
from connectors.errors import ConnectorError, LoginNeeded, SettingsError
from connectors.gmail.calendar import CalendarSource
from connectors.gmail.facts import rows
from connectors.gmail.faults import Internal
from connectors.gmail.link import Link
from connectors.gmail.scopes import missing
from connectors.gmail.settings import GmailSettings
from connectors.gmail.signing import whose
from connectors.pages import page
from connectors.text import clean

_SIGN_IN: Final = "sign-in"


def check(settings: GmailSettings, host: Host, link: Link, calendar: CalendarSource | None) -> Iterator[Finding]:
    """Yield the account's lines of `auld check`. Never raises."""
    from connectors.gmail import tokens  # noqa: PLC0415 -- Google's libraries are slow to import

    try:
        client = link.client
        mode = stat.S_IMODE(client.path.stat().st_mode)
    except (SettingsError, OSError) as err:
        detail, _, fix = str(err).removeprefix("client_secret: ").partition(". ")
        yield Finding("client_secret", "fail", detail, fix or f"get the file anew ({page('docs/google.md, step 5')})")
        return
    if mode & 0o077:
        fix = f"chmod 600 {quote(str(client.path))}"
        yield Finding("client_secret", "warn", f"{client.path} is open to others ({mode:o})", fix)
    else:
        yield Finding("client_secret", "ok", f"the OAuth client {clean(client.client_id.partition('-')[0], 40)}-…")
    kept = tokens.load(host)
    if kept is None:
        yield Finding(_SIGN_IN, "fail", "nobody is signed in", host.sign_in)
        return
    if lacking := missing(settings, kept.scopes, greetings=host.greetings):
        names = ", ".join(one.name for one in lacking)
        yield Finding(_SIGN_IN, "fail", f"it lacks the permission {names}", host.sign_in)
    try:
        email = whose(link)
    except ConnectorError as err:
        yield Finding(_SIGN_IN, "fail", str(err), _fix(err, host))
        return
    days = (host.now() - kept.consented_at).days
    yield Finding(_SIGN_IN, "ok", f"signed in as {email or kept.email or 'somebody'} {days} days ago")
    if calendar is not None:
        yield from _check_calendars(calendar, host)
    if settings.drafts:
        yield _check_drafts(link, host)


def _check_calendars(calendar: CalendarSource, host: Host) -> Iterator[Finding]:
    try:
        names = [name for _, name in calendar.calendars()]
    except ConnectorError as err:
        yield Finding("calendars", "fail", str(err), _fix(err, host))
    except Internal as err:
        yield Finding("calendars", "fail", f"they cannot be listed ({type(err).__name__})", "try again later")
    else:
        if names:
            yield Finding("calendars", "ok", ", ".join(names))
        else:
            yield Finding("calendars", "warn", "none is yours or open to your writing", "calendar = false, if so meant")


def _check_drafts(link: Link, host: Host) -> Finding:
    try:
        count = len(list(rows(link.calls.read(link.gmail.drafts(None)), "drafts")))
    except ConnectorError as err:
        return Finding("drafts", "fail", str(err), _fix(err, host))
    except Internal as err:
        return Finding("drafts", "fail", f"they cannot be listed ({type(err).__name__})", "try again later")
    return Finding("drafts", "ok", f"{count} lie there now")


def _fix(err: ConnectorError, host: Host) -> str:
    return host.sign_in if isinstance(err, LoginNeeded) else "do what it says, then: auld check"
