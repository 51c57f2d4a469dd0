"""Pages of mail, asked for ahead of their use, of a size that the server can do.

Decides how a long list is walked; what a message means is not decided here.
"""

from collections.abc import Mapping
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from connectors.ahead import begin
from connectors.outlook import api
from connectors.outlook.call import Call
from connectors.outlook.calls import Calls
from connectors.outlook.facts import link, moment, rows
from connectors.outlook.faults import Gone, Missing, Rejected, TooSlow, odd

_SMALLEST: Final = 25


@dataclass(frozen=True, slots=True)
class Page:
    """Some messages. `then` is where the list goes on, None at its end; `delta` where changes can be asked for."""

    rows: list[Mapping[str, Any]]
    then: str | None = None
    delta: str | None = None

    @property
    def last(self) -> datetime | None:
        """The second in which the last of them was received, None if none tells."""
        return next((at for row in reversed(self.rows) if (at := second(row)) is not None), None)


class Lister:
    """Lists mail of one account. What it begins goes on in threads."""

    def __init__(self, calls: Calls, *, greetings: bool = False) -> None:
        self._calls = calls
        self._greetings = greetings
        self._size = api.PAGE
        self._filters = True  # by folder, until the server says that it cannot

    def sent(self, at: str) -> "Future[Page]":
        """Begin to get a page of what lies in Sent, or of what changed there; `at` ``""``: the first.

        Its end raises Gone when Graph has forgotten the place, else what `Calls.read` raises.
        """
        return begin(lambda: self._sent(at))

    def _sent(self, at: str) -> Page:
        while True:
            size = self._size
            try:
                document = self._calls.read(api.sent_on(at, size) if at else api.sent(size, greetings=self._greetings))
            except TooSlow:
                self._shrink(size)
            except (Rejected, Missing) as err:
                if at:
                    raise Gone("a link that is refused") from err
                raise
            else:
                then, delta = link(document, "nextLink", at), link(document, "deltaLink")
                if then is None and delta is None:
                    raise odd()
                return Page(list(rows(document)), then, None if then else delta)

    def received(self, low: datetime, high: datetime | None, without: str, *, newest_first: bool) -> "Future[Page]":
        """Begin to get a page of all mail received from `low` on and before `high`, outside the folder `without`.

        If there is more, the page holds all mail of any second but its last, and of more than one: so the next page can
        begin at its last second. Its end raises what `Calls.read` raises.
        """
        return begin(lambda: self._received(low, high, without, newest_first=newest_first))

    def _received(self, low: datetime, high: datetime | None, without: str, *, newest_first: bool) -> Page:
        while True:
            size, folder = self._size, without if self._filters else ""
            call = api.messages(low, high, folder, newest_first=newest_first, size=size)
            try:
                document = self._calls.read(call)
                found, then = list(rows(document)), link(document, "nextLink")
                before: set[str] = set()
                # Not by that link in general: it counts messages, and their number changes while they are read.
                while then is not None and len({second(row) for row in found} - {None}) <= 1:
                    before.add(then)
                    document = self._calls.read(Call("GET", then))
                    found += rows(document)
                    then = link(document, "nextLink", *before)
            except TooSlow:
                self._shrink(size)
            except Rejected:
                if not folder:
                    raise
                self._filters = False
            else:
                return Page(found, then)

    def _shrink(self, size: int) -> None:
        """Ask for smaller pages than `size` from now on; called where a `TooSlow` is handled, and raises it again."""
        if size <= _SMALLEST:
            raise  # noqa: PLE0704 -- pages could be no smaller
        self._size = max(_SMALLEST, min(self._size, size // 2))


def second(row: Mapping[str, Any]) -> datetime | None:
    """Return the second in which a message was received, None if it does not tell."""
    at = moment(row.get("receivedDateTime"))
    return None if at is None else at.replace(microsecond=0)
