"""Signing in to an account and out of it: whose mailbox it is, and what is kept of it when."""

from dataclasses import replace
from typing import Final

from connectors.base import MAILBOX, Host, Prompt
from connectors.errors import BadReply, ConnectorError, LoginNeeded
from connectors.outlook import api, tokens
from connectors.outlook.calls import Calls
from connectors.outlook.faults import Internal, Lost
from connectors.outlook.link import Link
from connectors.outlook.settings import PERSONAL, PERSONAL_TENANT, OutlookSettings
from connectors.outlook.whose import read_addresses
from connectors.outlook.wire import Wire

_PERSONAL_PAGE: Final = "https://account.live.com/consent/Manage"
_WORK_PAGE: Final = "https://myapps.microsoft.com"


def login(settings: OutlookSettings, host: Host, prompt: Prompt) -> None:
    """Sign in, with a browser or by a code, and keep the tokens.

    Raises:
        SettingsError: there is no such tenant.
        LoginNeeded: the user said no, to all or to a part, did not come back in time, or chose another account.
        Unavailable, BadReply, Refused: Microsoft could not be asked, or refused. When that was only about the mailbox's
            name, the sign-in is kept all the same.
    """
    from connectors.outlook import login as flow  # noqa: PLC0415 -- slow to import

    kept = tokens.load(host)
    before = host.secrets.get(MAILBOX) or (kept.email if kept is not None else "")
    hint = (kept.username if kept is not None else "") or before
    new = flow.sign_in(settings, host, prompt, kept, hint)
    try:
        # Asked with the new tokens in hand only: they may turn out to be another mailbox's.
        mine = whose(Calls(Wire(lambda: _InHand(new, host), host, settings.api), host))
    except ConnectorError:
        if not before:
            tokens.keep(host, new)
        raise
    if before and mine and before.lower() not in {one.lower() for one in mine}:
        raise LoginNeeded(
            f"You signed in as {mine[0]}, but this account is {before}: what is known of the two would mix. "
            f"Choose {before} at Microsoft, or give {mine[0]} an account of its own in the config."
        )
    tokens.keep(host, replace(new, addresses=mine or (kept.addresses if kept is not None else ())))
    if mine:
        host.secrets.put(MAILBOX, mine[0])
    prompt.say(f"Signed in as {mine[0]}." if mine else "Signed in. (Microsoft does not tell whose mailbox it is.)")


def logout(settings: OutlookSettings, host: Host) -> str:
    """Delete the tokens; return what the user can do beyond that, for Microsoft takes no sign-in back from an app.

    Raises:
        LoginNeeded: nobody is signed in.
    """
    with host.secrets.alone():
        kept = tokens.load(host)
        host.secrets.drop(tokens.NAME)  # also a damaged one
    if kept is None:
        raise LoginNeeded("Nobody is signed in; there is nothing to sign out of.")
    personal = settings.tenant == PERSONAL or kept.home == PERSONAL_TENANT
    where = _PERSONAL_PAGE if personal else _WORK_PAGE
    return (
        "Microsoft lets no app of this kind end a sign-in, so it still lists this one as allowed: take that back at "
        f"{where}"
    )


def addresses(link: Link, host: Host) -> tuple[str, ...]:
    """Return the user's own addresses there, as Microsoft tells them; asked for once, then kept with the sign-in.

    Raises:
        ConnectorError: as `whose`.
    """
    kept = tokens.load(host)
    if kept is None or kept.addresses:
        return kept.addresses if kept is not None else ()
    if mine := whose(link.calls):
        with host.secrets.alone():
            now = tokens.load(host)
            if now is not None and now.mark == kept.mark:  # else another process signed in or out meanwhile
                tokens.keep(host, replace(now, addresses=mine))
                host.secrets.put(MAILBOX, mine[0])
    return mine


def whose(calls: Calls) -> tuple[str, ...]:
    """Return the user's own addresses, the mailbox's first; none if Microsoft does not tell.

    Raises:
        ConnectorError: as the contract says.
    """
    try:
        return read_addresses(calls.read(api.me()))
    except Lost as err:
        raise err.outward() from err
    except Internal as err:
        raise BadReply(f"Microsoft does not say whose mailbox it is ({type(err).__name__}): later it may.") from err


class _InHand:
    """The access token of a sign-in that is not kept."""

    def __init__(self, sign_in: tokens.SignIn, host: Host) -> None:
        self._sign_in = sign_in
        self._host = host

    def access(self, *, fresh: bool = False) -> str:
        """Return it. There is no other one.

        Raises:
            LoginNeeded: it was not taken.
        """
        token = next((str(one.get("secret")) for one in self._sign_in.entries("AccessToken")), "")
        if fresh or not tokens.fits(token):
            raise LoginNeeded(f"Microsoft does not take the sign-in that it just gave: {self._host.sign_in} again.")
        return token
