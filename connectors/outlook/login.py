"""Signing in to Microsoft: with a browser on this machine (RFC 8252, PKCE), or by a code entered elsewhere (RFC 8628).

Tells before what it asks the user for and why, and afterwards, by permission, what was not given. What may be wrong
with the config or the network is found before that, as far as it can be.
"""

from collections.abc import Mapping
from secrets import token_hex
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qs, urlsplit

from connectors.base import Host, Prompt
from connectors.errors import BadReply, LoginNeeded, Refused, Unavailable
from connectors.loopback import Loopback
from connectors.outlook import oauth, tokens
from connectors.outlook.refusals import ODD, administrator, explain, is_dead, quoted
from connectors.outlook.scopes import listed, missing, permissions
from connectors.outlook.settings import OutlookSettings
from connectors.places import check_place

if TYPE_CHECKING:
    from msal import PublicClientApplication

_DOOR: Final = "http://localhost"  # as registered; Microsoft takes any port of it (RFC 8252, section 7.3)
_PENDING: Final = frozenset({"authorization_pending", "slow_down"})
_OVER: Final = frozenset({"expired_token", "code_expired"})
_SLOWER: Final = 5  # seconds, as RFC 8628 has it


def sign_in(
    settings: OutlookSettings, host: Host, prompt: Prompt, kept: tokens.SignIn | None, hint: str = ""
) -> tokens.SignIn:
    """Let the user sign in; return what came of it, which is not kept yet.

    `kept` is the sign-in so far, which goes on until another takes its place; `hint` is the address to begin with.

    Raises:
        SettingsError: there is no such tenant.
        LoginNeeded: the user said no, to all or to a part, or did not come back in time.
        Unavailable, BadReply, Refused: Microsoft could not be asked, or refused.
    """
    wanted, home = permissions(settings), kept.home if kept is not None else ""
    app = oauth.application(settings, host)
    prompt.say("auld asks Microsoft for these permissions, and no others:")
    for line in listed(wanted).splitlines():
        prompt.say(line)
    scopes = [one.name for one in wanted]
    browser = prompt.browser
    told = _by_browser(app, scopes, host, prompt, hint) if browser else _by_code(app, scopes, host, prompt)
    if "error" in told:
        if is_dead(told):  # of the code, which is some seconds old
            raise Refused(f"Microsoft refused the sign-in ({quoted(told)}): try again.")
        raise explain(told, wanted, settings, host, home)
    granted = str(told.get("scope") or " ".join(scopes))  # untold: as asked (RFC 6749, section 5.1)
    if lacking := missing(settings, granted.split()):
        outcome = "nobody is signed in" if kept is None else "nothing has changed"
        raise LoginNeeded(
            f"You did not give every permission, so {outcome}. Missing:\n{listed(lacking)}\n"
            f"{host.sign_in} asks again.{administrator(settings, home)}"
        )
    with oauth.translated():
        made = tokens.SignIn(app.token_cache.serialize(), token_hex(8), host.now())
    if not any(made.entries("Account")) or not any(made.entries("RefreshToken")):
        raise BadReply(f"Microsoft gave no lasting sign-in (no refresh token): {host.sign_in} again.")
    return made


def _by_browser(
    app: "PublicClientApplication", scopes: list[str], host: Host, prompt: Prompt, hint: str
) -> Mapping[str, Any]:
    with _listen(host) as door:
        with oauth.translated(), oauth.quiet():
            flow = app.initiate_auth_code_flow(
                scopes, redirect_uri=door.address, prompt="select_account", login_hint=hint or None
            )
            address, door.state = flow["auth_uri"], flow["state"]
        prompt.browse(address)
        answer = door.wait(prompt.patience.total_seconds(), host.tick)
    if answer is None:
        raise LoginNeeded(f"Nobody came back from the browser in time: {host.sign_in} starts again.")
    told = {name: values[0] for name, values in parse_qs(urlsplit(answer).query).items()}
    if "error" in told:
        return told
    with oauth.translated(), oauth.quiet():
        return _tokens(app.acquire_token_by_auth_code_flow(flow, told))


def _listen(host: Host) -> Loopback:
    try:
        return Loopback(_DOOR)
    except OSError as err:
        raise Unavailable(
            f"auld cannot listen on this machine for the browser's answer ({err.strerror}): "
            f"{host.sign_in} --no-browser goes without."
        ) from err


def _by_code(app: "PublicClientApplication", scopes: list[str], host: Host, prompt: Prompt) -> Mapping[str, Any]:
    with oauth.translated(), oauth.quiet():
        flow = app.initiate_device_flow(scopes)
        if "error" in flow:
            return dict(flow)
        flow["interval"] = max(1, flow["interval"])  # msal asks again without end, and without a pause, at 0
        address, code = check_place(flow["verification_uri"]), str(flow["user_code"])
        lasts = min(prompt.patience.total_seconds(), float(flow["expires_in"]))
    prompt.show_code(address, code)
    end, trouble = host.tick() + lasts, None
    while (left := end - host.tick()) > 0:
        host.wait(min(flow["interval"], left))
        try:
            with oauth.translated(), oauth.quiet():
                told = app.acquire_token_by_device_flow(flow, exit_condition=lambda _: True)
        except Unavailable as err:  # the user may be typing: one lost answer is no reason to begin anew
            trouble = err
            flow["interval"] += _SLOWER
            continue
        trouble = None
        if told.get("error") in _OVER:
            break
        if told.get("error") not in _PENDING:
            return _tokens(told)
    raise trouble or LoginNeeded(f"The code was not entered in time: {host.sign_in} starts again.")


def _tokens(told: object) -> Mapping[str, Any]:
    """Return an answer that tells tokens, or an error.

    Raises:
        BadReply: it tells neither.
    """
    if not isinstance(told, dict) or not ("error" in told or isinstance(told.get("access_token"), str)):
        raise BadReply(ODD)
    return told
