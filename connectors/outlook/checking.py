"""The part of `auld check` that an account of kind "outlook" has: sign-in, permissions, mail, calendars, drafts."""

from collections.abc import Iterator
from typing import Final

from connectors.base import Finding, Host
from connectors.errors import ConnectorError, LoginNeeded
from connectors.outlook import api, tokens
from connectors.outlook.calendar import CalendarSource
from connectors.outlook.facts import rows
from connectors.outlook.faults import Internal, Lost
from connectors.outlook.link import Link
from connectors.outlook.scopes import missing
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.signing import whose

_SIGN_IN: Final = "sign-in"


def check(settings: OutlookSettings, host: Host, link: Link, calendar: CalendarSource | None) -> Iterator[Finding]:
    """Yield the account's lines of `auld check`. Never raises."""
    try:
        kept = tokens.load(host)
        if kept is None:
            yield Finding(_SIGN_IN, "fail", "nobody is signed in", host.sign_in)
            return
        if lacking := missing(settings, kept.scopes):
            names = ", ".join(one.name for one in lacking)
            yield Finding(_SIGN_IN, "fail", f"it lacks the permission {names}", host.sign_in)
        mine = whose(link.calls)
    except ConnectorError as err:
        yield Finding(_SIGN_IN, "fail", str(err), _fix(err, host))
        return
    days = (host.now() - kept.consented_at).days
    yield Finding(_SIGN_IN, "ok", f"signed in as {(mine or (kept.email,))[0] or 'somebody'} {days} days ago")
    yield _check_mail(link, host)
    if calendar is not None:
        yield from _check_calendars(calendar, mine, host)
    if settings.drafts:
        yield _check_drafts(link, host)


def _check_mail(link: Link, host: Host) -> Finding:
    try:
        count = link.calls.read(api.folder(api.SENT)).get("totalItemCount")
    except (ConnectorError, Internal) as err:
        return _failed("mail", err, host)
    return Finding("mail", "ok", f"{count if isinstance(count, int) else 'some'} lie in Sent")


def _check_calendars(calendar: CalendarSource, mine: tuple[str, ...], host: Host) -> Iterator[Finding]:
    try:
        names = [name for _, name in calendar.calendars(mine)]
    except (ConnectorError, Internal) as err:
        yield _failed("calendars", err, host)
    else:
        if names:
            yield Finding("calendars", "ok", ", ".join(names))
        else:
            yield Finding("calendars", "warn", "none is yours", "calendar = false, if so meant")


def _check_drafts(link: Link, host: Host) -> Finding:
    try:
        count = len(list(rows(link.calls.read(api.drafts(api.PAGE)))))
    except (ConnectorError, Internal) as err:
        return _failed("drafts", err, host)
    return Finding("drafts", "ok", f"{count} lie there now")


def _failed(name: str, err: ConnectorError | Internal, host: Host) -> Finding:
    if isinstance(err, Lost):
        err = err.outward()
    if isinstance(err, ConnectorError):
        return Finding(name, "fail", str(err), _fix(err, host))
    return Finding(name, "fail", f"Microsoft refuses to list it ({type(err).__name__})", "try again later")


def _fix(err: ConnectorError, host: Host) -> str:
    return host.sign_in if isinstance(err, LoginNeeded) else "do what it says, then: auld check"
