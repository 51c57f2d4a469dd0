"""The only door to Microsoft Graph: HTTP sessions of one account, and a list of the calls that may pass it.

What is not on the list does not leave the machine, whatever asks for it; nor does anything to another host than the
account's, wherever a link in an answer points. No call is ever repeated here. May be used by several threads: each call
has a session of its own while it lasts.
"""

import logging
import re
import uuid
from collections.abc import Callable
from threading import Lock
from typing import Any, Final, Protocol

import orjson
import requests

from connectors import http
from connectors.base import Host
from connectors.outlook.batch import PATH
from connectors.outlook.call import Call
from connectors.outlook.faults import Astray, Lost, Silent, TooSlow

log = logging.getLogger(__name__)

VERSION: Final = "/v1.0"
TIMEOUT: Final = (10.0, 60.0)
"""Seconds to wait for a connection, and for each piece of an answer."""

# One part of a path, also once it is decoded: nothing in it leads to another call. Ids are of letters, digits, "-", "_"
# and "=" (https://learn.microsoft.com/graph/api/user-translateexchangeids: they are safe in addresses).
_ID: Final = (
    r"(?!(?:\.{1,2}|delta|send|sendMail)(?:/|$))(?:[^/?#%\\\s\x00-\x1f\x7f]|%(?!2[35EF]|3F|5C|0|1|7F)[0-9A-F]{2})+"
)
ALLOWED: Final = tuple(
    (verb, re.compile(path))
    for verb, path in (
        ("GET", r"/me"),
        ("GET", rf"/me/mailFolders/{_ID}"),
        ("GET", rf"/me/mailFolders/{_ID}/messages"),
        ("GET", rf"/me/mailFolders/{_ID}/messages/delta"),
        ("GET", r"/me/messages"),
        ("GET", rf"/me/messages/{_ID}"),
        ("POST", r"/me/messages"),
        ("POST", rf"/me/messages/{_ID}/createReply"),
        ("PATCH", rf"/me/messages/{_ID}"),
        ("DELETE", rf"/me/messages/{_ID}"),
        ("GET", r"/me/calendars"),
        ("GET", rf"/me/calendars/{_ID}/calendarView"),
        ("GET", rf"/me/calendars/{_ID}/events"),
        ("POST", r"/\$batch"),
    )
)
"""Every call that auld makes of Graph, as verb and path below ``/v1.0``."""


_LINK: Final = re.compile(
    rf"/(?:me|users/{_ID})/(?:messages|mailfolders/{_ID}/messages(?:/delta)?|calendars(?:/{_ID}/calendarview)?)",
    re.IGNORECASE,
)
"""Where a link of Graph's may lead, that a list goes on at; an id is `_NAMED` or stands in a part of its own."""
_NAMED: Final = re.compile(r"\('([^'/]+)'\)")
_PART: Final = frozenset({"id", "method", "url", "headers", "dependsOn"})  # of a batch; a read has no body
_MORE: Final = frozenset({"If-Match"})


class NotAllowedError(AssertionError):
    """A call that is not on the list: a mistake in auld, caught before it left the machine."""


class Tokens(Protocol):
    """Where access tokens come from."""

    def access(self, *, fresh: bool = False) -> str:
        """Return an access token; `fresh`: not the one that was given last.

        Raises:
            LoginNeeded, Refused, Unavailable, BadReply, SettingsError: as they are named.
        """
        ...


def check_call(verb: str, path: str) -> None:
    """Let a call pass, or not.

    Raises:
        NotAllowedError: it is not on the list.
    """
    if not any(verb == allowed and shape.fullmatch(path) for allowed, shape in ALLOWED):
        raise NotAllowedError(f"{verb} {path} is no call that auld makes")


class Wire:
    """The way to one mailbox. `root` is the API's address before ``/v1.0``."""

    def __init__(self, tokens: Callable[[], Tokens], host: Host, root: str) -> None:
        self._tokens = tokens
        self._host = host
        self._root = root + VERSION
        self._lock = Lock()  # of all below
        self._idle: list[requests.Session] = []
        self._access = ""

    def access(self) -> str:
        """Return the access token to ask with.

        Raises:
            LoginNeeded, Refused, Unavailable, BadReply, SettingsError: there is none to be had.
        """
        with self._lock:
            if not self._access:
                self._access = self._tokens().access()
            return self._access

    def renew(self, stale: str) -> str:
        """Return another access token than `stale`, which is not taken: a new one, unless a thread just got one.

        Raises:
            LoginNeeded, Refused, Unavailable, BadReply, SettingsError: as for `access`.
        """
        with self._lock:
            if self._access == stale:
                self._access = ""  # if there is none to be had, the next one to ask finds out anew
                self._access = self._tokens().access(fresh=True)
            return self._access or self._tokens().access()

    def request(self, call: Call, token: str) -> tuple[int, dict[str, str], bytes]:
        """Ask once, with an access token; return status, headers (names in lower case) and body.

        Raises:
            Lost: there was no whole answer.
            Astray: Graph's own link leads elsewhere; it was not asked.
            NotAllowedError: the call is not on the list.
        """
        address = self._check(call)
        name = str(uuid.uuid4())
        headers = {
            "Authorization": f"Bearer {token}",
            "client-request-id": name,
            "Accept": "application/json",
            "Prefer": ", ".join(('IdType="ImmutableId"', *call.prefer)),
            **call.more,
        }
        data = None
        if call.body is not None:
            data = orjson.dumps(call.body)
            headers["Content-Type"] = "application/json"
        with self._lock:
            session = self._idle.pop() if self._idle else self._new_session()
        try:
            response = session.request(
                call.verb, address, data=data, headers=headers, timeout=TIMEOUT, allow_redirects=False
            )
        except (requests.RequestException, ValueError, TypeError, LookupError) as err:
            session.close()
            raise _translate(err, name) from err
        except BaseException:
            session.close()
            raise
        log.debug("request %s: %d", name, response.status_code)
        with self._lock:
            self._idle.append(session)
        return response.status_code, {name.lower(): value for name, value in response.headers.items()}, response.content

    def _new_session(self) -> requests.Session:
        session = http.plain_session()
        http.bound(session, self._host.tick)
        return session

    def _check(self, call: Call) -> str:
        """Return the address of a call that may pass.

        Raises:
            NotAllowedError, Astray: it may not.
        """
        if not _MORE.issuperset(call.more):
            raise NotAllowedError("a header that auld does not send")
        if not call.path.startswith("/"):
            return self._follow(call)
        path = _path(call.path)
        check_call(call.verb, path)
        if path == PATH:
            _check_batch(call)
        return self._root + call.path

    def _follow(self, call: Call) -> str:
        """Return the address of a link that Graph gave, if it leads to where a list may go on.

        Raises:
            NotAllowedError: the call is anything but a read.
            Astray: it leads elsewhere.
        """
        if call.verb != "GET" or call.body is not None:
            raise NotAllowedError(f"{call.verb} of a link")
        if not call.path.startswith(self._root + "/"):
            raise Astray
        if not _LINK.fullmatch(_NAMED.sub(r"/\1", _path(call.path.removeprefix(self._root)))):
            raise Astray
        return call.path


def _path(address: str) -> str:
    """Return an address up to its query, as it stands: what splits addresses drops what it finds odd."""
    return address.partition("?")[0]


def _check_batch(call: Call) -> None:
    """Let a batch pass, or not: nothing but reads may be in it.

    Raises:
        NotAllowedError: it may not.
    """
    inside: Any = (call.body or {}).get("requests")
    if not inside or set(call.body or {}) != {"requests"}:
        raise NotAllowedError("a batch of another shape than auld writes them")
    for one in inside:
        if one.get("method") != "GET" or not _PART.issuperset(one) or not {"Prefer"}.issuperset(one["headers"]):
            raise NotAllowedError("a batch of anything but reads")
        check_call("GET", _path(one["url"]))


def _translate(err: Exception, name: str) -> Lost:
    """The one place where foreign errors of a call become ours."""
    log.debug("request %s failed: %s", name, type(err).__name__)
    if (limit := http.limit_behind(err)) is not None:
        if isinstance(limit, http.TooSlow):
            return TooSlow("An answer of Microsoft's did not come to its end in time: later it may work.")
        return TooSlow(
            "Microsoft gave an answer far larger than its documentation promises: later it may work.", bad=True
        )
    if isinstance(err, requests.exceptions.SSLError):
        return Lost(
            f"Microsoft's certificate cannot be trusted ({http.cause(err)}): look at the clock and the network.",
            cut_off=True,
        )
    if isinstance(err, requests.Timeout):
        return Silent("Microsoft does not answer in time: look at the network; later it may work.")
    if isinstance(err, requests.RequestException):
        return Lost(
            f"Microsoft cannot be reached ({http.cause(err)}): look at the network; later it may work.", cut_off=True
        )
    return Lost("Microsoft gave an answer that cannot be understood: later it may work.", bad=True)
