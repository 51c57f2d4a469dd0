"""What a sign-in leaves behind: msal's cache of tokens, kept as one secret of the account.

msal-extensions would keep the cache in a file, too. But it truncates the file before it writes it
(``FilePersistence.save``: ``O_TRUNC``, then ``write``, no fsync), so a kill in between ends the sign-in; and whoever
loads it in that moment sleeps, and tries again. A secret of the host is written beside and moved, and is durable then.

A renewed sign-in is kept before it is used for the first time: Microsoft hands out a new refresh token with it, and the
old one may be dead from then on. Nothing is held in memory between two calls, so that another process's sign-in,
renewal or logout counts at once, and none is undone.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from time import time
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from connectors.base import Host
from connectors.errors import BadReply, LoginNeeded, Unavailable
from connectors.outlook.refusals import ODD, explain, is_dead
from connectors.outlook.scopes import missing, renewed
from connectors.outlook.settings import OutlookSettings

if TYPE_CHECKING:
    from msal import PublicClientApplication

NAME: Final = "token"
_FIRST_YEAR: Final = 1970
_LAST_YEAR: Final = 9000
_SPARE: Final = 300  # seconds that an access token must have left, as msal has it
_TRIES: Final = 3
_TOKEN: Final = re.compile(r"[!-~]+")  # what fits into a header; RFC 6750 allows less still


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in. `cache` is msal's, as text; `mark` was drawn for this sign-in and tells it from any other.

    `consented_at` is when the user agreed, by the clock of the host; `addresses` are the user's own as Microsoft told
    them then, the mailbox's first.
    """

    cache: str
    mark: str
    consented_at: datetime
    addresses: tuple[str, ...] = ()

    @property
    def email(self) -> str:
        """The address of the mailbox, ``""`` if Microsoft did not tell."""
        return self.addresses[0] if self.addresses else ""

    @property
    def username(self) -> str:
        """What the user signed in as, ``""`` if not known."""
        return next((str(one.get("username", "")) for one in self.entries("Account")), "")

    @property
    def scopes(self) -> frozenset[str]:
        """What was granted, as far as Microsoft told."""
        return frozenset(scope for one in self.entries("AccessToken") for scope in str(one.get("target")).split())

    @property
    def home(self) -> str:
        """The id of the user's own tenant, ``""`` if not known."""
        return next((str(one.get("home_account_id")).partition(".")[2] for one in self.entries("Account")), "")

    def entries(self, kind: str) -> Iterator[dict[str, Any]]:
        """Yield the entries of one kind of msal's cache (its schema is that of all MSAL libraries)."""
        yield from json.loads(self.cache).get(kind, {}).values()


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
        return SignIn(
            _checked(str(fields["cache"])),
            str(fields["mark"]),
            _moment(fields["consented_at"]),
            tuple(str(one) for one in fields["addresses"]),
        )
    except (ValueError, TypeError, LookupError, AttributeError, RecursionError):
        return None


def keep(host: Host, sign_in: SignIn) -> None:
    """Keep a sign-in, durably.

    Raises:
        ConnectorError: it cannot be kept.
    """
    host.secrets.put(NAME, write(sign_in))


def write(sign_in: SignIn) -> str:
    """Return a sign-in as the text of a secret."""
    return json.dumps(asdict(sign_in) | {"consented_at": sign_in.consented_at.isoformat()})


def fits(token: str) -> bool:
    """Say whether an access token can be sent at all."""
    return _TOKEN.fullmatch(token) is not None


class Tokens:
    """Where an account's access tokens come from. Used by one thread at a time."""

    def __init__(self, settings: OutlookSettings, host: Host) -> None:
        self._settings = settings
        self._host = host
        self._app: PublicClientApplication | None = None

    def access(self, *, fresh: bool = False) -> str:
        """Return an access token that is kept; `fresh`: a new one, for the last was not taken.

        msal is neither loaded nor asked while the one that is kept has some minutes to live.

        Raises:
            LoginNeeded: nobody is signed in, the sign-in is dead, or lacks a permission.
            Refused: Microsoft does not take the app.
            SettingsError: there is no such tenant.
            Unavailable, BadReply: Microsoft could not be asked, or not understood.
        """
        for _ in range(_TRIES):
            sign_in = load(self._host)
            if sign_in is None:
                raise LoginNeeded(f"Nobody is signed in: {self._host.sign_in}")
            if not fresh and (token := self._held(sign_in)):
                return token
            if token := self._renew(sign_in):
                return token
            fresh = False  # what another process has put there meanwhile may do
        raise Unavailable("Another auld signs in to this account at the same moment: later it will work.")

    def _held(self, sign_in: SignIn) -> str:
        """Return the access token that is kept, ``""`` if none will do.

        msal would look in vain where Microsoft names scopes otherwise than they were asked for, as it does for some.
        """
        cloud = urlsplit(self._settings.signs_in_at).hostname
        good = [
            (_number(one.get("expires_on")), one["secret"])
            for one in sign_in.entries("AccessToken")
            if (one.get("client_id"), one.get("environment")) == (self._settings.client_id, cloud)
            and not missing(self._settings, str(one.get("target")).split())
            and isinstance(one.get("secret"), str)
            and fits(one["secret"])
        ]
        until, token = max(good, default=(0, ""))
        return token if until > time() + _SPARE else ""

    def _renew(self, sign_in: SignIn) -> str:
        """Return a new access token that is kept, ``""`` if what is kept is of another process since.

        Raises:
            ConnectorError: as for `access`.
        """
        from connectors.outlook import oauth  # noqa: PLC0415 -- slow to import

        if self._app is None:
            self._app = oauth.application(self._settings, self._host)
        wanted = renewed(self._settings, sign_in.scopes)
        with oauth.translated():
            self._app.token_cache.deserialize(sign_in.cache)
            account = next(iter(self._app.get_accounts()), None)
            told = self._app.acquire_token_silent_with_error([one.name for one in wanted], account, force_refresh=True)
            cache = self._app.token_cache.serialize()
        if told is None:
            raise LoginNeeded(f"Nobody is signed in with this client_id: {self._host.sign_in}")
        if "error" in told:
            if is_dead(told) and self._is_other(sign_in):
                return ""
            lacking = missing(self._settings, sign_in.scopes) or wanted
            raise explain(told, lacking, self._settings, self._host, sign_in.home)
        if not self._replace(sign_in, cache):
            return ""
        token = told.get("access_token")
        if not isinstance(token, str) or not fits(token):
            raise BadReply(ODD)
        return token

    def _replace(self, sign_in: SignIn, cache: str) -> bool:
        """Keep what a sign-in has become; not so if there was a login or logout meanwhile, which is the last word."""
        with self._host.secrets.alone():
            kept = load(self._host)
            if kept is None or kept.mark != sign_in.mark:
                return False
            keep(self._host, replace(kept, cache=cache))
        return True

    def _is_other(self, sign_in: SignIn) -> bool:
        kept = load(self._host)
        return kept is None or kept.cache != sign_in.cache


def _checked(cache: str) -> str:
    """Return msal's cache if it is one.

    Raises:
        ValueError, AttributeError: it is not.
    """
    kinds = json.loads(cache)
    entries: Iterable[object] = [one for kind in kinds.values() for one in kind.values()]
    if not all(isinstance(one, dict) for one in entries):
        raise ValueError("no cache of tokens")
    return cache


def _moment(told: str) -> datetime:
    moment = datetime.fromisoformat(told)
    if moment.tzinfo is None or not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError("no moment that can be reckoned with")
    return moment


def _number(told: object) -> int:
    try:
        return int(told) if isinstance(told, str | int) else 0
    except ValueError:
        return 0
