"""The only errors that leave a connector.

ConnectorError
├── SettingsError   the account's stanza cannot work: the user must change the config
├── LoginNeeded     nobody is signed in, or the sign-in is dead: the user must run `auld login`
├── CursorExpired   the provider forgot the cursor: the caller starts again with None
├── Unavailable     not now (network, server, vanished folder): trying later may work
├── Refused         the provider says no, and will say no again (permission, policy)
└── BadReply        the answer is not what the provider's documentation promises

Each message is one sentence for the user: what happened, to what, and what to do.
"""

from datetime import timedelta


class ConnectorError(Exception):
    """Base of all: a sentence for the user."""


class SettingsError(ConnectorError):
    """The account's settings cannot work."""


class LoginNeeded(ConnectorError):
    """The user has to sign in (again)."""


class CursorExpired(ConnectorError):
    """The cursor is no longer known; read again from None."""


class Unavailable(ConnectorError):
    """Not reachable now. `retry_after` is the provider's own wish, if it told one.

    `cut_off`: nothing of the provider's answered, so that whatever else is asked of the account fares no better.
    """

    def __init__(self, message: str, retry_after: timedelta | None = None, *, cut_off: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.cut_off = cut_off


class Refused(ConnectorError):
    """The provider refused, and would again. `alone`: for all it says, only what was asked for, not the account."""

    def __init__(self, message: str, *, alone: bool = False) -> None:
        super().__init__(message)
        self.alone = alone


class BadReply(ConnectorError):
    """The provider answered something that cannot be understood."""
