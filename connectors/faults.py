"""What can go wrong with one call of a web API, as far as it is the same for all: seen from inside a connector.

Internal
├── Missing   there is no such thing
├── Gone      a cursor is forgotten
├── Rejected  the call itself was wrong
└── Lost      not answered, or not in a way that can be understood: trying again may help
    └── Silent  not answered in a time in which others are long done

None of these leaves a connector. Each has more of its own, and knows how its provider says what.
"""

from datetime import timedelta
from typing import Final

from connectors.errors import BadReply, ConnectorError, Unavailable

LATER: Final = "later it may work; if it never does, run auld sync -v and report what it prints."
"""What to do about an answer that makes no sense, as the end of a sentence."""

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

    `retry_after` is for how many seconds the server wants to be left alone, if it told. `cut_off`: the provider was not
    reached, or something else answered in its place.
    """

    tries = 1
    """For how many failures it counts where tries are counted."""

    def __init__(
        self, sentence: str, *, bad: bool = False, retry_after: float | None = None, cut_off: bool = False
    ) -> None:
        super().__init__(sentence)
        self.bad = bad
        self.retry_after = retry_after
        self.cut_off = cut_off

    def outward(self) -> ConnectorError:
        """Return the error that leaves the connector when trying again did not help."""
        if self.bad:
            return BadReply(str(self))
        wish = None if self.retry_after is None else timedelta(seconds=self.retry_after)
        return Unavailable(str(self), wish, cut_off=self.cut_off)


class Silent(Lost):
    """Nothing came within the time for it. That is a minute mostly, so that few tries are enough."""

    tries = 3

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, cut_off=True)


def is_page(content_type: str | None, content: bytes) -> bool:
    """Say whether an answer where a document is due is a web page: a proxy's, or a network's that wants a sign-in."""
    begins = content[:200].removeprefix(b"\xef\xbb\xbf").lstrip()
    return begins.startswith(b"<") or (bool(begins) and (content_type or "").strip().lower().startswith("text/html"))


def read_pause(value: str | None) -> float | None:
    """Return a Retry-After in seconds, an hour at most; one that is a date, which is rare, is as good as none."""
    try:
        seconds = 0.0 if value is None else float(value)
    except ValueError:
        return None
    return min(_LONGEST_PAUSE, seconds) if seconds > 0 else None
