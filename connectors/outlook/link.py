"""The line of one account to Microsoft Graph: tokens, sessions and calls, each made when first used."""

from functools import cached_property

from connectors.base import Host
from connectors.outlook.calls import Calls
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.tokens import Tokens
from connectors.outlook.wire import Wire


class Link:
    """Nothing is read or asked before it is used."""

    def __init__(self, settings: OutlookSettings, host: Host) -> None:
        self._settings = settings
        self._host = host

    @cached_property
    def calls(self) -> Calls:
        """What asks Graph: one budget for mail, calendars and drafts, for that is what the mailbox has."""
        tokens = Tokens(self._settings, self._host)
        return Calls(Wire(lambda: tokens, self._host, self._settings.api), self._host)
