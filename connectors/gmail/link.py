"""The line of one account to Google: client, tokens, session, pacers and calls, each made when first used."""

from functools import cached_property
from typing import TYPE_CHECKING, Final

from connectors.base import Host
from connectors.gmail.api import CALENDAR, GMAIL, Calendar, Gmail
from connectors.gmail.batch import MOST
from connectors.gmail.calls import Calls
from connectors.gmail.client import Client, find_client, read_client
from connectors.gmail.settings import GmailSettings
from connectors.pace import Pacer

if TYPE_CHECKING:
    from connectors.gmail.tokens import SignIn
    from connectors.gmail.wire import Wire

_PROMISED: Final = 6_000  # units a minute, for projects made since May 2026
_TRIED: Final = 30_000  # more than any project has, so that what this one has is found out at once
_AGENDA: Final = 600  # requests a minute


class Link:
    """Nothing is read or asked before it is used. Every use may raise LoginNeeded and SettingsError."""

    def __init__(self, settings: GmailSettings, host: Host) -> None:
        self._settings = settings
        self._host = host

    @cached_property
    def client(self) -> Client:
        """The user's OAuth client."""
        return read_client(find_client(self._settings.client_secret, self._host.folder))

    @property
    def elsewhere(self) -> bool:
        """Whether another host stands in for Google's, which may lack a call."""
        return bool(self._settings.api_url)

    def is_of(self, sign_in: "SignIn") -> bool:
        """Say whether it is `sign_in` that Google is asked with."""
        return self._wire.is_of(sign_in)

    @cached_property
    def calls(self) -> Calls:
        """What asks Gmail: one budget for reading and drafts."""
        return self._calls(self._mail_root, tried=_TRIED, promised=_PROMISED)

    @cached_property
    def gmail(self) -> Gmail:
        """What there is to ask of Gmail."""
        return Gmail(self._wire, self._mail_root, greetings=self._host.greetings)

    @cached_property
    def agenda_calls(self) -> Calls:
        """What asks Google Calendar, which has a budget of its own."""
        return self._calls(self._agenda_root, tried=_AGENDA, promised=_AGENDA)

    @cached_property
    def agenda(self) -> Calendar:
        """What there is to ask of Google Calendar."""
        return Calendar(self._wire, self._agenda_root)

    @property
    def _mail_root(self) -> str:
        return self._settings.api_url or GMAIL

    @property
    def _agenda_root(self) -> str:
        return self._settings.api_url or CALENDAR

    @cached_property
    def _wire(self) -> "Wire":
        from connectors.gmail.wire import Wire, signed_in  # noqa: PLC0415 -- Google's libraries are slow to import

        return Wire(self.client, signed_in(self._host), self._host, self._settings.api_url)

    def _calls(self, root: str, *, tried: int, promised: int) -> Calls:
        pacer = Pacer(self._host.tick, self._host.wait, limit=tried, promised=promised, parts=MOST)
        return Calls(self._wire, pacer, self._host, root)
