"""Signing in to Google and out again: the flow for installed apps, with PKCE (RFC 8252, RFC 7636).

Tells before what it asks for and why, and afterwards, by permission, what was not given.
"""

import json
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from threading import Lock
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import requests

from connectors.base import Host, Prompt
from connectors.errors import BadReply, ConnectorError, LoginNeeded, Refused, SettingsError, Unavailable
from connectors.gmail import tokens
from connectors.gmail.client import Client
from connectors.gmail.faults import BETWEEN
from connectors.gmail.scopes import Permission
from connectors.loopback import Loopback
from connectors.pages import page
from connectors.text import clean

_TIMEOUT: Final = 30.0
_environment = Lock()


def sign_in(
    client: Client, wanted: Sequence[Permission], host: Host, prompt: Prompt, kept: tokens.SignIn | None = None
) -> tokens.SignIn:
    """Let the user sign in with a browser; return what came of it, which is not kept yet.

    `kept` is the sign-in so far, which goes on until another takes its place.

    Raises:
        SettingsError: the client's file cannot work.
        LoginNeeded: the user said no, to all or to a part, or did not come back in time.
        Unavailable, BadReply, Refused: Google could not be asked, or refused.
    """
    from google_auth_oauthlib.flow import InstalledAppFlow  # noqa: PLC0415 -- slow to import

    prompt.say("auld asks Google for these permissions, and no others:")
    for one in wanted:
        prompt.say(f"  {one.name}: {one.reason}")
    flow = InstalledAppFlow.from_client_config(client.config, [one.scope for one in wanted])
    with _listen(client) as door:
        flow.redirect_uri = door.address
        # The consent page each time: only then Google gives a new refresh token.
        hint = {"login_hint": kept.email} if kept is not None and kept.email else {}
        with _tolerant(client):
            address, door.state = flow.authorization_url(access_type="offline", prompt="consent", **hint)
        prompt.browse(address)
        answer = door.wait(prompt.patience.total_seconds(), host.tick)
    if answer is None:
        raise LoginNeeded(f"Nobody came back from the browser in time: {host.sign_in} starts again.")
    told = parse_qs(urlsplit(answer).query)
    if "error" in told:
        raise _refused(told["error"][0], wanted, host)
    token = _fetch(flow, client, answer)
    granted = token.get("scope", [one.scope for one in wanted])  # untold: as asked (RFC 6749, section 5.1)
    granted = [str(one) for one in granted] if isinstance(granted, list) else str(granted or "").split()
    lacking = [one for one in wanted if one.scope not in granted]
    if lacking:
        if kept is None:  # Google ends all sign-ins of one user and one client together
            revoke(client, str(token.get("refresh_token") or token.get("access_token") or ""))
        listed = "\n".join(f"  {one.name}: {one.reason}" for one in lacking)
        outcome = "nobody is signed in" if kept is None else "nothing has changed"
        raise LoginNeeded(
            f"You did not give every permission, so {outcome}. Missing:\n{listed}\n"
            f"{host.sign_in} asks again: tick every box."
        )
    if not token.get("refresh_token"):
        raise BadReply(f"Google gave no lasting sign-in (no refresh token): {host.sign_in} again.")
    return tokens.SignIn(
        refresh_token=str(token["refresh_token"]),
        access_token=str(token.get("access_token", "")),
        expires_at=_until(token.get("expires_at")),
        scopes=tuple(granted),
        consented_at=host.now(),
    )


def _listen(client: Client) -> Loopback:
    try:
        return Loopback(client.redirect_uri)
    except OSError as err:
        raise SettingsError(
            f"client_secret: auld cannot listen at {client.redirect_uri}, which {client.path} names in redirect_uris "
            f'({err.strerror}): end what uses it, or write "http://localhost" there, which is any free port.'
        ) from err


def _until(seconds: object) -> datetime | None:
    """Return when an access token ends; None (it will turn out) if that is not told, or beyond all time."""
    try:
        return datetime.fromtimestamp(seconds, UTC) if isinstance(seconds, int | float) else None
    except (ValueError, OverflowError, OSError):
        return None


def revoke(client: Client, token: str) -> bool:
    """Have Google forget a token (https://developers.google.com/identity/protocols/oauth2/native-app#tokenrevoke).

    Returns:
        Whether it is of no use any more; False: Google could not be asked.
    """
    try:
        with tokens.plain_session() as session:
            response = session.post(client.revoke_uri, {"token": token}, timeout=_TIMEOUT, allow_redirects=False)
    except (requests.RequestException, ValueError):  # the latter urllib3's, about an address
        return False
    if tokens.is_foreign(response.status_code, response.headers.get("Content-Type"), response.content):
        return False
    return response.status_code in {200, 400}  # 400: it was dead already


def _refused(error: str, wanted: Sequence[Permission], host: Host) -> ConnectorError:
    if error == "access_denied":
        listed = "\n".join(f"  {one.name}: {one.reason}" for one in wanted)
        return LoginNeeded(
            f"You did not allow it, so nobody is signed in. auld cannot work without:\n{listed}\n"
            f'{host.sign_in} asks again. If Google itself refused ("has not completed the verification '
            f'process"): {page("docs/google.md, step 4")}, says what to do.'
        )
    if error == "admin_policy_enforced":
        return Refused("Your organisation does not let this app in (admin_policy_enforced): ask its administrator.")
    return Refused(
        f"Google refused the sign-in ({clean(error, 80)}): {host.sign_in} asks again; what its words mean is in "
        f'{page("docs/google.md")}, "What goes wrong".'
    )


def _fetch(flow: Any, client: Client, answer: str) -> dict[str, Any]:  # noqa: ANN401 -- the library is untyped
    """Exchange the code for tokens."""
    from oauthlib.oauth2 import OAuth2Error  # noqa: PLC0415

    tokens.bound(flow.oauth2session)
    flow.oauth2session.max_redirects = 0
    flow.oauth2session.register_compliance_hook("access_token_response", _judge)
    try:
        with _tolerant(client):
            # The answer came over this machine's loopback, which oauthlib does not take for safe.
            secure = "https" + answer.removeprefix("http")
            token = flow.fetch_token(authorization_response=secure, include_client_id=True, timeout=_TIMEOUT)
    except OAuth2Error as err:
        if err.error == "invalid_client":
            raise Refused(
                f"Google does not know the OAuth client: get its file anew ({page('docs/google.md, step 5')})."
            ) from err
        raise Refused(f"Google refused the sign-in ({clean(str(err.error), 80)}): try again.") from err
    except requests.RequestException as err:
        raise Unavailable("Google's sign-in cannot be reached: look at the network, then try again.") from err
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError) as err:
        raise BadReply("Google's sign-in gave an answer that cannot be understood: try again.") from err
    if not isinstance(token, dict):
        raise BadReply("Google's sign-in gave an answer that cannot be understood: try again.")
    return token


def _judge(response: requests.Response) -> requests.Response:
    """Let a token endpoint's answer pass if it is one; oauthlib takes any text for one, whatever its status.

    Raises:
        Unavailable: something else answered in Google's place.
        RequestException, ValueError: it is none.
    """
    if tokens.is_foreign(response.status_code, response.headers.get("Content-Type"), response.content):
        raise Unavailable(BETWEEN, cut_off=True)
    if response.status_code >= 500 or response.status_code in {408, 429}:  # noqa: PLR2004 -- HTTP
        raise requests.RequestException("the token endpoint says: later")
    told = json.loads(response.content)
    if not isinstance(told, dict) or not isinstance(told.get("error", ""), str):
        raise ValueError("the token endpoint told something else")  # noqa: TRY004 -- what it is told as
    return response


@contextmanager
def _tolerant(client: Client) -> Iterator[None]:
    """Let oauthlib take what it refuses by default; it can be told so only by the environment.

    Fewer permissions than were asked for are no error to it then, but something to tell the user; and plain http is
    allowed to a sign-in page and a token endpoint that `read_client` lets be nowhere but on this machine.
    """
    wished = {"OAUTHLIB_RELAX_TOKEN_SCOPE": "1"}
    if client.auth_uri.startswith("http:") or client.token_uri.startswith("http:"):
        wished["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    with _environment:
        before = {name: os.environ.get(name) for name in wished}
        os.environ.update(wished)
        try:
            yield
        finally:
            for name, value in before.items():
                if value is None:
                    del os.environ[name]
                else:
                    os.environ[name] = value
