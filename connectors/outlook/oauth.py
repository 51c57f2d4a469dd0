"""The only place that knows msal: an app of the user's at Microsoft's sign-in, and what it is asked with.

msal asks by a client of ours, each call once and within a time: its own has no time limit unless told, asks twice, adds
passwords of ~/.netrc and goes wherever it is redirected. What goes wrong on the way is an error of ours from there on;
whatever else msal raises becomes one in `translated`. It sleeps nowhere here.

Slow to import (msal, and the cryptography behind it).
"""

import json
import logging
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Final

import msal
import requests

from connectors import http
from connectors.base import Host
from connectors.errors import BadReply, ConnectorError, SettingsError, Unavailable
from connectors.faults import is_page
from connectors.outlook.faults import BETWEEN, is_between
from connectors.outlook.refusals import ODD
from connectors.outlook.settings import OutlookSettings
from connectors.places import check_place

log = logging.getLogger(__name__)

TIMEOUT: Final = (10.0, 30.0)
"""Seconds to wait for a connection, and for each piece of an answer,"""
_LONGEST: Final = 60.0
"""for the whole of it,"""
_LARGEST: Final = 1024 * 1024
"""and how many bytes that may be: it is one small document."""
_LONGEST_PAUSE: Final = 3600
_TEXTS: Final = (
    "access_token", "refresh_token", "id_token", "scope", "client_info", "error", "suberror", "error_description",
    "authorization_endpoint", "token_endpoint", "device_authorization_endpoint", "device_code", "user_code",
    "verification_uri",
)  # fmt: skip
_FOREIGN: Final = (
    ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RuntimeError, AssertionError,
    msal.exceptions.MsalError,
)  # fmt: skip
"""What msal raises on answers of a shape that it does not expect; it does so from its constructor, too."""


def application(settings: OutlookSettings, host: Host) -> msal.PublicClientApplication:
    """Return the user's app, with nothing in its cache. Asks Microsoft where to sign in.

    Raises:
        SettingsError: there is no such tenant.
        Unavailable, BadReply: Microsoft could not be asked, or not understood.
    """
    with translated():
        app = msal.PublicClientApplication(
            settings.client_id,
            authority=f"{settings.signs_in_at}/{settings.tenant}",
            # The config says whom to trust. Microsoft, asked about it, would know its own hosts only.
            instance_discovery=False,
            token_cache=msal.SerializableTokenCache(),
            http_client=_Client(settings, host.tick),
        )
        check_place(app.authority.authorization_endpoint)  # which the user is sent to
    return app


@contextmanager
def translated() -> Iterator[None]:
    """Let no error of msal's out.

    Raises:
        BadReply: in the place of one.
        ConnectorError: as the client raised it.
    """
    try:
        yield
    except _FOREIGN as err:
        log.debug("msal failed: %s", type(err).__name__)
        raise BadReply(ODD) from err


@contextmanager
def quiet() -> Iterator[None]:
    """Keep msal's warnings, which are for programmers, from the user. For a command, not for threads."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


class _Client:
    """Asks for msal. Every error is one of `connectors.errors`, so that msal neither keeps nor hides it."""

    def __init__(self, settings: OutlookSettings, tick: Callable[[], float]) -> None:
        self._tenant, self._authority = settings.tenant, settings.authority
        self._session = http.plain_session()
        http.bound(self._session, tick, seconds=_LONGEST, size=_LARGEST)

    def get(self, url: str, **more: Any) -> requests.Response:  # noqa: ANN401 -- as msal asks
        """Ask for one of the documents that tell where to sign in.

        Raises:
            SettingsError, Unavailable, BadReply: as for `application`.
        """
        try:
            response, told = self._ask("GET", url, more)
        except BadReply as err:
            raise self._odd() from err
        if response.status_code in {400, 404} and told.get("error") in {"invalid_tenant", "invalid_request"}:
            raise SettingsError(
                f'tenant: Microsoft knows no organisation "{self._tenant}"; write its domain or its id, or "common".'
            )
        if response.status_code != 200 or "token_endpoint" not in told:  # noqa: PLR2004 -- HTTP
            raise self._odd()
        return response

    def post(self, url: str, **more: Any) -> requests.Response:  # noqa: ANN401 -- as msal asks
        """Ask for tokens, or for a code.

        Raises:
            Unavailable, BadReply: there is no answer, or none that could be one.
        """
        response, told = self._ask("POST", url, more)
        if not told.keys() & {"access_token", "device_code", "error"}:  # msal may take it for nobody being signed in
            raise BadReply(ODD)
        return response

    def _odd(self) -> BadReply:
        """Return the error of a host that does not know where to sign in."""
        if not self._authority:
            return BadReply(ODD)
        return BadReply(
            f"{self._authority} does not answer as Microsoft's sign-in does: look whether that is the right authority "
            "in the config; if it is, later it may work."
        )

    def close(self) -> None:
        """Let the connections go."""
        self._session.close()

    def _ask(self, verb: str, url: str, more: Mapping[str, Any]) -> tuple[requests.Response, dict[str, Any]]:
        more = {**more, "timeout": TIMEOUT, "allow_redirects": False}
        try:
            # Also the addresses that an answer named are places for secrets, or none is sent.
            response = self._session.request(verb, check_place(url), **more)
        except (requests.RequestException, ValueError) as err:
            raise _lost(err) from err
        status, told = response.status_code, _document(response.content)
        page = status < 300 and is_page(response.headers.get("Content-Type"), response.content)  # noqa: PLR2004 -- HTTP
        if told is None and (page or is_between(status)):
            raise Unavailable(BETWEEN, cut_off=True)
        if status >= 500 or status in {408, 429}:  # noqa: PLR2004 -- HTTP
            raise Unavailable(
                f"Microsoft's sign-in is not to be had at the moment ({status}): later it may work.",
                _pause(response.headers.get("Retry-After")),
            )
        if told is None:
            raise BadReply(ODD)
        return response, told


def _document(content: bytes) -> dict[str, Any] | None:
    """Return an answer's document if it is one, with texts where texts belong: msal keeps what it gets."""
    try:
        told = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(told, dict) or not all(isinstance(told.get(name, ""), str) for name in _TEXTS):
        return None
    return told


def _lost(err: Exception) -> ConnectorError:
    log.debug("the sign-in could not be asked: %s", type(err).__name__)
    if isinstance(http.limit_behind(err), http.TooLarge):
        return BadReply(ODD)
    if isinstance(err, requests.exceptions.SSLError):
        return Unavailable(
            f"The certificate of Microsoft's sign-in cannot be trusted ({http.cause(err)}): look at the clock and the "
            "network.",
            cut_off=True,
        )
    if isinstance(err, requests.Timeout) or http.limit_behind(err) is not None:
        return Unavailable(
            "Microsoft's sign-in does not answer in time: look at the network; later it may work.", cut_off=True
        )
    if isinstance(err, requests.RequestException):
        return Unavailable(
            f"Microsoft's sign-in cannot be reached ({http.cause(err)}): look at the network; later it may work.",
            cut_off=True,
        )
    return BadReply(ODD)


def _pause(told: str | None) -> timedelta | None:
    """Return a Retry-After; one that is a date, which Microsoft does not send, is as good as none."""
    if told is None or not told.isascii() or not told.isdigit() or len(told) > len(str(_LONGEST_PAUSE)):
        return None
    return timedelta(seconds=min(_LONGEST_PAUSE, int(told)))
