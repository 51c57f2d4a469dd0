"""Signing in to an account and out of it: whose mailbox it is, and what is kept of it when."""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace

from connectors.base import MAILBOX, Host, Prompt
from connectors.errors import BadReply, ConnectorError, LoginNeeded, SettingsError, Unavailable
from connectors.gmail.faults import Absent, Internal, Lost, Missing
from connectors.gmail.link import Link
from connectors.gmail.scopes import READONLY, permissions
from connectors.gmail.settings import GmailSettings
from connectors.mime.addresses import clean_address


def login(settings: GmailSettings, host: Host, prompt: Prompt) -> None:
    """Sign in with a browser and keep the tokens.

    Raises:
        SettingsError: the client's file cannot work.
        LoginNeeded: the user said no, to all or to a part, did not come back in time, or chose another account.
        Unavailable, BadReply, Refused: Google could not be asked, or refused. When that was only about the mailbox's
            name, the sign-in is kept all the same.
    """
    from connectors.gmail import login as flow  # noqa: PLC0415 -- slow to import
    from connectors.gmail import tokens  # noqa: PLC0415

    link = Link(settings, host)
    kept = tokens.load(host)
    before = (kept.email if kept is not None else "") or host.secrets.get(MAILBOX) or ""
    new = flow.sign_in(link.client, permissions(settings, greetings=host.greetings), host, prompt, kept)
    try:
        # Asked with the new tokens in hand only: they may turn out to be another mailbox's.
        email = whose(Link(settings, replace(host, secrets=_InHand({tokens.NAME: tokens.write(new)}))))
    except ConnectorError:
        if not before:
            tokens.keep(host, new)
        raise
    if before and email and before.lower() != email.lower():
        # Not revoked: it may be the mailbox of another account in the config, which is to stay signed in.
        raise LoginNeeded(
            f"You signed in as {email}, but this account is {before}: what is known of the two would mix. "
            f"Choose {before} in the browser, or give {email} an account of its own in the config."
        )
    tokens.keep(host, replace(new, email=email or before))
    if email:
        host.secrets.put(MAILBOX, email)
    prompt.say(f"Signed in as {email}." if email else "Signed in. (Google does not tell whose mailbox it is.)")


def logout(settings: GmailSettings, host: Host) -> None:
    """Have Google forget the sign-in, and delete the tokens whatever Google says.

    Raises:
        LoginNeeded: nobody is signed in.
        Unavailable: Google could not be asked; the tokens are deleted all the same.
    """
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


def addresses(link: Link, host: Host) -> tuple[str, ...]:
    """Return the user's own address there, as far as Google tells it; asked for once, then kept with the sign-in.

    Raises:
        ConnectorError: as `whose`.
    """
    from connectors.gmail import tokens  # noqa: PLC0415 -- slow to import

    kept = tokens.load(host)
    if kept is None or kept.email:
        return (kept.email,) if kept is not None else ()
    if not (email := whose(link)):
        return ()
    with host.secrets.alone():
        kept = tokens.load(host)
        if kept is not None and link.is_of(kept):  # else another process signed in or out meanwhile
            tokens.keep(host, replace(kept, email=email))
            host.secrets.put(MAILBOX, email)
    return (email,)


def shows_text(host: Host) -> bool:
    """Say whether the sign-in shows more of a mail than its headers."""
    from connectors.gmail import tokens  # noqa: PLC0415 -- slow to import

    try:
        kept = tokens.load(host)
    except ConnectorError:
        return False
    return kept is not None and READONLY.scope in kept.scopes


def whose(link: Link) -> str:
    """Return the address of the mailbox, ``""`` if Google does not tell.

    Raises:
        ConnectorError: as the contract says.
    """
    try:
        told = link.calls.read(link.gmail.profile()).get("emailAddress")
        return clean_address(told) if isinstance(told, str) else ""
    except Missing:
        return ""
    except Absent as err:
        if link.elsewhere:
            return ""
        raise Unavailable(
            "Something else answers in Google's place (a proxy, or a network that wants you to sign in to it): open "
            "any web page in a browser to see what it wants, then try again."
        ) from err
    except Lost as err:
        raise err.outward() from err
    except Internal as err:
        raise BadReply(f"Gmail refuses to say whose mailbox it is ({type(err).__name__}): later it may.") from err


class _InHand:
    """Secrets that are not kept."""

    def __init__(self, held: Mapping[str, str]) -> None:
        self._held = dict(held)

    def get(self, name: str) -> str | None:
        return self._held.get(name)

    def put(self, name: str, value: str) -> None:
        self._held[name] = value

    def drop(self, name: str) -> None:
        self._held.pop(name, None)

    def alone(self) -> AbstractContextManager[None]:
        return nullcontext()
