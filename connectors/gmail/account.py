"""An account of kind "gmail", opened: signing in and out, whose mailbox it is, and its part of `auld check`."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from connectors.base import Account, Connector, Finding, Host, Prompt
from connectors.errors import ConnectorError, LoginNeeded, SettingsError
from connectors.gmail.calendar import CalendarSource
from connectors.gmail.drafts import GmailDrafts
from connectors.gmail.facts import rows
from connectors.gmail.faults import Internal, Lost, Missing
from connectors.gmail.link import Link
from connectors.gmail.mail import MailSource
from connectors.gmail.scopes import missing, permissions
from connectors.gmail.settings import GmailSettings
from connectors.mime.addresses import clean_address
from connectors.text import clean

_SIGN_IN: Final = "sign-in"


def open_account(settings: GmailSettings, host: Host) -> Account:
    """Open the account; nothing is asked of Google yet, nor is any file read."""
    link = Link(settings, host)
    calendar = CalendarSource(link, host.now) if settings.calendar else None

    def addresses() -> tuple[str, ...]:
        from connectors.gmail import tokens  # noqa: PLC0415 -- Google's libraries are slow to import

        kept = tokens.load(host)
        return (kept.email,) if kept is not None and kept.email else ()

    return Account(
        mail=MailSource(link, host.now),
        calendar=calendar,
        drafts=GmailDrafts(link) if settings.drafts else None,
        addresses=addresses,
        check=lambda: check(settings, host, link, calendar),
    )


def login(settings: GmailSettings, host: Host, prompt: Prompt) -> None:
    """Sign in with a browser and keep the tokens.

    Raises:
        SettingsError: the client's file cannot work.
        LoginNeeded: the user said no, to all or to a part, did not come back in time, or chose another account.
        Unavailable, BadReply, Refused: Google could not be asked, or refused.
    """
    from connectors.gmail import login as flow  # noqa: PLC0415 -- slow to import
    from connectors.gmail import tokens  # noqa: PLC0415

    link = Link(settings, host)
    before = tokens.load(host)
    new = flow.sign_in(link.client, permissions(settings), host, prompt)
    tried = Link(settings, replace(host, secrets=_InHand({tokens.NAME: tokens.write(new)})))
    email = _whose(tried)
    if before is not None and before.email and email and before.email.lower() != email.lower():
        flow.revoke(link.client, new.refresh_token)
        raise LoginNeeded(
            f"You signed in as {email}, but this account is {before.email}: what is known of the two would mix. "
            f"Choose {before.email} in the browser, or give {email} an account of its own in the config."
        )
    tokens.keep(host, replace(new, email=email or (before.email if before is not None else "")))
    prompt.say(f"Signed in as {email}." if email else "Signed in. (Google does not tell whose mailbox it is.)")


def logout(settings: GmailSettings, host: Host) -> None:
    """Have Google forget the sign-in, and delete the tokens whatever Google says.

    Raises:
        LoginNeeded: nobody is signed in.
        Unavailable: Google could not be asked; the tokens are deleted all the same.
    """
    from connectors.errors import Unavailable  # noqa: PLC0415
    from connectors.gmail import login as flow  # noqa: PLC0415 -- slow to import
    from connectors.gmail import tokens  # noqa: PLC0415

    kept = tokens.load(host)
    if kept is None:
        host.secrets.drop(tokens.NAME)  # a damaged one, if any
        raise LoginNeeded("Nobody is signed in; there is nothing to sign out of.")
    try:
        revoked = flow.revoke(Link(settings, host).client, kept.refresh_token)
    except SettingsError:
        revoked = False
    host.secrets.drop(tokens.NAME)
    if not revoked:
        raise Unavailable(
            "The tokens are deleted here, but Google could not be told: take the app's access away at "
            "https://myaccount.google.com/connections"
        )


def _whose(link: Link) -> str:
    """Return the address of the mailbox, ``""`` if Google does not tell."""
    try:
        told = link.calls.read(link.gmail.profile()).get("emailAddress")
        return clean_address(told) if isinstance(told, str) else ""
    except Missing:
        return ""
    except Lost as err:
        raise err.outward() from err


class _InHand:
    """Secrets that are not kept: those of a sign-in that is not yet known to be the right one."""

    def __init__(self, held: dict[str, str]) -> None:
        self._held = held

    def get(self, name: str) -> str | None:
        return self._held.get(name)

    def put(self, name: str, value: str) -> None:
        self._held[name] = value

    def drop(self, name: str) -> None:
        self._held.pop(name, None)


# -- check -------------------------------------------------------------------------------------------------------------


def check(settings: GmailSettings, host: Host, link: Link, calendar: CalendarSource | None) -> Iterator[Finding]:
    """Yield the account's lines of `auld check`. Never raises."""
    from connectors.gmail import tokens  # noqa: PLC0415 -- Google's libraries are slow to import

    try:
        client = link.client
    except SettingsError as err:
        yield Finding("client_secret", "fail", str(err), "docs/google.md, step 5, says how to get the file")
        return
    yield Finding("client_secret", "ok", f"the OAuth client {clean(client.client_id.partition('-')[0], 40)}-…")
    kept = tokens.load(host)
    if kept is None:
        yield Finding(_SIGN_IN, "fail", "nobody is signed in", f"auld login {host.name}")
        return
    if lacking := missing(settings, kept.scopes):
        names = ", ".join(one.name for one in lacking)
        yield Finding(_SIGN_IN, "fail", f"it lacks the permission {names}", f"auld login {host.name}")
    try:
        email = _whose(link)
    except ConnectorError as err:
        yield Finding(_SIGN_IN, "fail", str(err), _fix(err, host))
        return
    except Internal:
        yield Finding(_SIGN_IN, "fail", "Gmail does not take auld's question", f"auld login {host.name}")
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
    return f"auld login {host.name}" if isinstance(err, LoginNeeded) else "do what it says, then: auld check"


connector = Connector(settings=GmailSettings, open=open_account, login=login, logout=logout)
