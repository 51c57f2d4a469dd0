"""What a sign-in leaves behind: the tokens and what is known of the consent, kept as one secret of the account.

A refreshed token is kept before it is used for the first time: Google may hand out a new refresh token with it, and the
old one may be dead from then on.
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Final

import requests
from google.auth.exceptions import RefreshError, TransportError
from google.auth.transport import Response
from google.auth.transport.requests import Request
from google.oauth2.credentials import Credentials

from connectors import http
from connectors.base import Host
from connectors.errors import BadReply, LoginNeeded, Refused
from connectors.faults import is_page
from connectors.gmail.client import Client
from connectors.gmail.faults import Lost, between, is_between
from connectors.pages import page
from connectors.text import clean

NAME: Final = "token"
_TESTING_LIFE: Final = timedelta(days=7)
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9000
_ACCESS_LIFE: Final = timedelta(hours=1)
_TESTING_SLACK: Final = timedelta(days=1, hours=12)
_DEAD: Final = frozenset({"invalid_grant", "invalid_rapt", "rapt_required"})
_TOKEN: Final = re.compile(r"[!-~]+")  # what fits into a header; RFC 6750 allows less still


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in. `email` is the account that was signed in to, ``""`` if Google did not tell.

    `consented_at` is when the user agreed, by the clock of the host; `expires_at` is of the access token, by the
    machine's clock.
    """

    refresh_token: str
    access_token: str
    expires_at: datetime | None
    scopes: tuple[str, ...]
    consented_at: datetime
    email: str = ""


def load(host: Host) -> SignIn | None:
    """Return the sign-in that is kept, None if nobody is signed in or what is kept is damaged.

    Raises:
        ConnectorError: what is kept cannot be read.
    """
    kept = host.secrets.get(NAME)
    if kept is None:
        return None
    try:
        fields = json.loads(kept)
        expires, access = fields["expires_at"], str(fields["access_token"])
        if access and not _TOKEN.fullmatch(access):
            return None
        return SignIn(
            str(fields["refresh_token"]),
            access,
            _moment(expires) if expires else None,
            tuple(str(one) for one in fields["scopes"]),
            _moment(fields["consented_at"]),
            str(fields["email"]),
        )
    except (ValueError, TypeError, LookupError, RecursionError):
        return None


def _moment(told: str) -> datetime:
    moment = datetime.fromisoformat(told)
    if moment.tzinfo is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError("no moment that can be reckoned with")
    return moment


def keep(host: Host, sign_in: SignIn) -> None:
    """Keep a sign-in, durably.

    Raises:
        ConnectorError: it cannot be kept.
    """
    host.secrets.put(NAME, write(sign_in))


def write(sign_in: SignIn) -> str:
    """Return a sign-in as the text of a secret."""
    fields = asdict(sign_in)
    fields["expires_at"] = sign_in.expires_at.isoformat() if sign_in.expires_at else None
    fields["consented_at"] = sign_in.consented_at.isoformat()
    return json.dumps(fields)


class KeptCredentials(Credentials):
    """Google's credentials that are kept whenever they are refreshed, before anybody can use them."""

    def __init__(self, sign_in: SignIn, client: Client, keep_it: Callable[[SignIn], None]) -> None:
        # No scopes: a refresh that names them is refused once one of them was taken back.
        super().__init__(  # type: ignore[no-untyped-call]
            token=sign_in.access_token or None,
            refresh_token=sign_in.refresh_token,
            token_uri=client.token_uri,
            client_id=client.client_id,
            client_secret=client.client_secret,
            expiry=_naive(sign_in.expires_at),
        )
        self._sign_in = sign_in
        self._keep_it = keep_it

    def refresh(self, request: Any) -> None:  # noqa: ANN401 -- google.auth's protocol
        """Get a new access token and keep it.

        Raises:
            RefreshError: Google did not give one.
            TransportError: it could not be asked.
            BadReply: what it gave is none.
            ConnectorError: it cannot be kept.
        """
        super().refresh(request)  # type: ignore[no-untyped-call]
        access, self.token = self.token, None  # nobody's before it is kept
        if not isinstance(access, str) or not _TOKEN.fullmatch(access):
            raise BadReply("Google's sign-in gave an access token that cannot be one: later it may work.")
        self._sign_in = replace(
            self._sign_in,
            refresh_token=str(self.refresh_token),
            access_token=access,
            expires_at=self.expiry.replace(tzinfo=UTC) if self.expiry else None,
        )
        self._keep_it(self._sign_in)
        self.token = access


class TokenRequest(Request):
    """How google.auth asks the token endpoint: once. Its own tries again sleep where nobody can end them."""

    def __call__(self, *args: Any, **kwargs: Any) -> Response:  # noqa: ANN401 -- google.auth's protocol
        """Ask.

        Raises:
            TransportError: there was no answer, or one that says "later".
            Lost: something else answered in Google's place.
        """
        kwargs |= {"timeout": TIMEOUT, "allow_redirects": False}
        response: Response = super().__call__(*args, **kwargs)  # type: ignore[no-untyped-call]
        if is_foreign(response.status, response.headers.get("content-type"), response.data):
            raise between()
        if response.status >= 500 or response.status in {408, 429}:  # noqa: PLR2004 -- HTTP
            raise TransportError(f"the token endpoint answered {response.status}")  # type: ignore[no-untyped-call]
        return response


TIMEOUT: Final = 30.0
"""Seconds to wait for each piece of the token endpoint's answer,"""
_LONGEST: Final = 60.0
"""for the whole of it,"""
_LARGEST: Final = 1024 * 1024
"""and how many bytes that may be: it is one small document."""


def plain_session(tick: Callable[[], float] = monotonic) -> requests.Session:
    """Return a session for the token endpoint that adds nothing to what is sent; `tick` is the host's."""
    session = http.plain_session()
    bound(session, tick)
    return session


def bound(session: requests.Session, tick: Callable[[], float] = monotonic) -> None:
    """Let an answer of the token endpoint, asked by `session`, have no more time and size than it needs."""
    http.bound(session, tick, seconds=_LONGEST, size=_LARGEST)


def is_foreign(status: int, content_type: str | None, content: bytes) -> bool:
    """Say whether an answer in the token endpoint's place is that of a proxy or of a captive portal."""
    found = status < 300 and is_page(content_type, content)  # noqa: PLR2004 -- HTTP
    return (found or status == 401 or is_between(status)) and not _is_document(content)  # noqa: PLR2004


def _is_document(content: bytes) -> bool:
    try:
        return isinstance(json.loads(content), dict)
    except (ValueError, RecursionError):
        return False


def explain_refresh(err: RefreshError, sign_in: SignIn, host: Host) -> LoginNeeded | Refused | Lost:
    """Return what a refused refresh means (RFC 6749, section 5.2)."""
    told = next((one for one in err.args if isinstance(one, dict)), {})
    error = told.get("error")
    error = error if isinstance(error, str) else None  # the APIs' errors are documents
    if error in _DEAD or (error is None and "eauthentication is needed" in str(err)):
        return LoginNeeded(dead_token(sign_in, host))
    if error in {"invalid_client", "unauthorized_client", "deleted_client", "disabled_client"}:
        return Refused(
            f"Google does not know the OAuth client any more ({error}): make a new one "
            f"({page('docs/google.md, step 5')}), then {host.sign_in}"
        )
    if error == "admin_policy_enforced":
        return Refused("Your organisation does not let this app in (admin_policy_enforced): ask its administrator.")
    return Lost(
        f"Google's sign-in gave an answer that cannot be understood ({clean(str(error or err), 80)}).", bad=True
    )


def dead_token(sign_in: SignIn, host: Host) -> str:
    """Return the sentence for a sign-in that Google ended."""
    now = host.now()
    alive_at = now if sign_in.expires_at is None else min(now, sign_in.expires_at - _ACCESS_LIFE)
    week = sign_in.consented_at + _TESTING_LIFE
    if alive_at - _TESTING_SLACK <= week <= now + _TESTING_SLACK:  # it died between these two moments
        return (
            "Google ended the sign-in seven days after you agreed, as it does for apps whose publishing status is "
            '"Testing": publish the app in the Google Cloud console ("In production"; it need not be verified for your '
            f"own use; {page('docs/google.md, step 4')}), then {host.sign_in}"
        )
    return f"Google ended the sign-in (revoked, unused for long, or the password changed): {host.sign_in}"


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)
