"""The only door to Google: one HTTP session of one account, and a list of the calls that may pass it.

What is not on the list does not leave the machine, whatever asks for it; so that nothing here can ever send, neither by
mistake nor by a library's help. No call is ever repeated here: httplib2, the usual transport under
google-api-python-client, sends a POST again when the server hangs up without an answer, so requests stands in for it.
"""

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlsplit

import httplib2
import requests
from google.auth.exceptions import GoogleAuthError, RefreshError, TransportError
from google.auth.transport.requests import AuthorizedSession

from connectors import http
from connectors.base import Host
from connectors.errors import BadReply, LoginNeeded, Unavailable
from connectors.gmail import tokens
from connectors.gmail.batch import list_batch
from connectors.gmail.client import Client
from connectors.gmail.faults import Lost, Silent

log = logging.getLogger(__name__)

Answer = tuple[httplib2.Response, bytes]

TIMEOUT: Final = (10.0, 60.0)
"""Seconds to wait for a connection, and for each piece of an answer; for the whole of it there are those of `http`."""

_ID: Final = r"(?!(?:send|import)$)[^/?]+"  # nor even by a verb that could do no harm
ALLOWED: Final = tuple(
    (verb, re.compile(path))
    for verb, path in (
        ("GET", r"/gmail/v1/users/me/profile"),
        ("GET", r"/gmail/v1/users/me/messages"),
        ("GET", rf"/gmail/v1/users/me/messages/{_ID}"),
        ("GET", rf"/gmail/v1/users/me/threads/{_ID}"),
        ("GET", r"/gmail/v1/users/me/history"),
        ("GET", r"/gmail/v1/users/me/drafts"),
        ("GET", rf"/gmail/v1/users/me/drafts/{_ID}"),
        ("POST", r"/gmail/v1/users/me/drafts"),
        ("DELETE", rf"/gmail/v1/users/me/drafts/{_ID}"),
        ("GET", r"/calendar/v3/users/me/calendarList"),
        ("GET", rf"/calendar/v3/calendars/{_ID}/events"),
        ("POST", r"/batch/gmail/v1"),
    )
)
"""Every call that auld makes of Google, as verb and path below the API's host."""

_FOREIGN: Final = (
    requests.RequestException, GoogleAuthError, ValueError, TypeError, LookupError, AttributeError, ArithmeticError,
    RecursionError,
)  # fmt: skip
"""What the libraries raise, the latter ones on documents of a shape that they do not expect."""


class NotAllowedError(AssertionError):
    """A call that is not on the list: a mistake in auld, caught before it left the machine."""


def check_call(verb: str, path: str) -> None:
    """Let a call pass, or not.

    Raises:
        NotAllowedError: it is not on the list.
    """
    if not any(verb == allowed and shape.fullmatch(path) for allowed, shape in ALLOWED):
        raise NotAllowedError(f"{verb} {path} is no call that auld makes")


class Wire:
    """A session with the API's host; `google-api-python-client` takes it for its transport.

    `root` is the address before ``/gmail/v1``. Used by one thread at a time.
    """

    def __init__(self, client: Client, sign_in: tokens.SignIn, host: Host, root: str) -> None:
        self._host = host
        self._sign_in = sign_in
        self._prefix = urlsplit(root).path.rstrip("/")
        self._credentials = tokens.KeptCredentials(sign_in, client, self._keep)
        self._token_request = tokens.TokenRequest(tokens.plain_session(host.tick))
        # No refresh of its own: `refresh` below is the one place for it.
        self._session = AuthorizedSession(self._credentials, refresh_status_codes=(), auth_request=self._token_request)  # type: ignore[no-untyped-call]
        self._session.auth = http.as_it_is
        http.bound(self._session, host.tick)

    def request(
        self, uri: str, method: str = "GET", body: str | bytes | None = None,
        headers: Mapping[str, str] | None = None, **_: Any,  # noqa: ANN401 -- what else httplib2 would take
    ) -> Answer:  # fmt: skip
        """Ask once.

        Raises:
            Lost: there was no whole answer.
            Unavailable, BadReply: the answer did not come to its end, or is far too large; or so is a new token's.
            Refused: Google does not take the OAuth client any more.
            LoginNeeded: the sign-in is dead.
            NotAllowedError: the call is not on the list.
        """
        self._check(uri, method, body)
        try:
            data = body.encode() if isinstance(body, str) else body
            response: requests.Response = self._session.request(  # type: ignore[no-untyped-call]
                method, uri, data=data, headers=dict(headers or {}), timeout=TIMEOUT, allow_redirects=False
            )
        except _FOREIGN as err:
            raise self._translate(err) from err
        fields = {name.lower(): value for name, value in response.headers.items()}
        return httplib2.Response(fields | {"status": str(response.status_code)}), response.content

    def refresh(self) -> None:
        """Get a new access token.

        Raises:
            Lost, Unavailable, BadReply, Refused, LoginNeeded: as for `request`.
        """
        try:
            self._credentials.refresh(self._token_request)
        except _FOREIGN as err:
            raise self._translate(err) from err

    def is_of(self, sign_in: tokens.SignIn) -> bool:
        """Say whether it is `sign_in` that calls are made with."""
        return sign_in.refresh_token == self._sign_in.refresh_token

    def _keep(self, new: tokens.SignIn) -> None:
        with self._host.secrets.alone():
            kept = tokens.load(self._host)
            # A login or logout meanwhile, by another process, is the last word: what is new serves this one only.
            if kept is not None and self.is_of(kept):
                tokens.keep(self._host, replace(new, email=kept.email or new.email))
        self._sign_in = new

    def _check(self, uri: str, method: str, body: str | bytes | None) -> None:
        path = urlsplit(uri).path.removeprefix(self._prefix)
        check_call(method, path)
        if path.startswith("/batch/"):
            inner = list_batch(body if isinstance(body, bytes) else b"")
            if not inner:
                raise NotAllowedError("a batch of another shape than auld writes them")
            for one in inner:
                check_call("GET", urlsplit(one).path.removeprefix(self._prefix))

    def _translate(self, err: Exception) -> Exception:
        """The one place where foreign errors of a call become ours."""
        if isinstance(err, RefreshError):
            return tokens.explain_refresh(err, self._sign_in, self._host)
        log.debug("a call failed: %s", type(err).__name__)
        if (limit := http.limit_behind(err)) is not None:  # what took so long once is not asked for six times
            if isinstance(limit, http.TooSlow):
                return Unavailable("An answer of Google's did not come to its end in time: later it may work.")
            return BadReply("Google gave an answer far larger than its documentation promises: later it may work.")
        return _lost(err)


def _lost(err: BaseException) -> Lost:
    if isinstance(err, TransportError) and isinstance(err.__cause__, requests.RequestException):
        err = err.__cause__
    if isinstance(err, requests.exceptions.SSLError):
        return Lost(
            f"Google's certificate cannot be trusted ({http.cause(err)}): look at the clock and the network.",
            cut_off=True,
        )
    if isinstance(err, requests.Timeout):
        return Silent("Google does not answer in time: look at the network; later it may work.")
    if isinstance(err, requests.RequestException):
        return Lost(
            f"Google cannot be reached ({http.cause(err)}): look at the network; later it may work.", cut_off=True
        )
    if isinstance(err, TransportError):  # the token endpoint answered: later
        return Lost("Google's sign-in is not to be had at the moment: later it may work.")
    return Lost("Google gave an answer that cannot be understood: later it may work.", bad=True)


def signed_in(host: Host) -> tokens.SignIn:
    """Return the sign-in that is kept.

    Raises:
        LoginNeeded: there is none.
    """
    sign_in = tokens.load(host)
    if sign_in is None:
        raise LoginNeeded(f"Nobody is signed in: {host.sign_in}")
    return sign_in
