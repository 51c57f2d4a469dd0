"""What can go wrong with one call of a web API, as far as it is the same for all: seen from inside a connector.

Internal
├── Missing   there is no such thing
├── Gone      a cursor is forgotten
├── Rejected  the call itself was wrong
└── Lost      not answered, or not in a way that can be understood: trying again may help

None of these leaves a connector. Each has more of its own, and knows how its provider says what.
"""

from datetime import timedelta
from typing import Final

from connectors.errors import BadReply, ConnectorError, Unavailable

_LONGEST_PAUSE: Final = 3600.0


class Internal(Exception):
    """Base of all."""


class Missing(Internal):
    """There is no such thing."""


class Gone(Internal):
    """A cursor is not known any more."""


class Rejected(Internal):
    """The call was not understood, or makes no sense to the server."""


class Lost(Internal):
    """No answer that can be used, told in a sentence for the user. `bad`: there was one, but not as documented.

    `retry_after` is for how many seconds the server wants to be left alone, if it told.
    """

    def __init__(self, sentence: str, *, bad: bool = False, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.bad = bad
        self.retry_after = retry_after

    def outward(self) -> ConnectorError:
        """Return the error that leaves the connector when trying again did not help."""
        if self.bad:
            return BadReply(str(self))
        wish = None if self.retry_after is None else timedelta(seconds=self.retry_after)
        return Unavailable(str(self), wish)


def read_pause(value: str | None) -> float | None:
    """Return a Retry-After in seconds, an hour at most; one that is a date, which is rare, is as good as none."""
    try:
        seconds = 0.0 if value is None else float(value)
    except ValueError:
        return None
    return min(_LONGEST_PAUSE, seconds) if seconds > 0 else None
