"""What lies in Sent: listed once, and from then on what changes there.

It is read before anything received, for it tells whom I know.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from connectors.outlook.cursor import Position
from connectors.outlook.faults import Astray, Gone, odd
from connectors.outlook.listing import Lister, Page
from connectors.outlook.sieve import Sieve
from connectors.types import Batch, Mail

_LINK_KEPT: Final = timedelta(days=5)


class Outbox:
    """Reads Sent; `at` moves on with it."""

    def __init__(self, at: Position, lister: Lister, sieve: Sieve, now: datetime) -> None:
        self._at = at
        self._lister = lister
        self._sieve = sieve
        self._now = now

    def batches(self) -> Iterator[Batch[Mail]]:
        """Yield what was not told yet. Where Graph forgot how far that was, Sent is listed anew, once.

        Raises:
            Gone: it forgot again.
            Internal, ConnectorError: as from `Calls.read`.
        """
        at = self._at
        try:
            yield from self._read_changes() if at.listed else self._list()
        except (Gone, Astray):
            if not at.sent:
                raise
            at.sent, at.listed = "", False
            yield from self._list()

    def _list(self) -> Iterator[Batch[Mail]]:
        """List Sent to its end; the next page comes while one is taken in."""
        at, before = self._at, {self._at.sent}
        coming = self._lister.sent(at.sent)
        while not at.listed:
            page = coming.result()
            at.sent = self._after(page, before)
            at.listed, at.moved_at = page.then is None, self._now.isoformat()
            if not at.listed:
                coming = self._lister.sent(at.sent)
            at.done += len(page.rows)
            yield self._sieve.batch(self._sieve.sent(page.rows))

    def _read_changes(self) -> Iterator[Batch[Mail]]:
        """Read what changed since it was listed."""
        at, link, before = self._at, self._at.sent, {self._at.sent}
        while True:
            page = self._lister.sent(link).result()
            mails = self._sieve.sent(page.rows)
            link = self._after(page, before) if page.then else page.delta or ""
            # A link that brought nothing is as good as the next one, for some days; and keeping it is a write saved.
            if mails or page.then or (link != at.sent and self._is_stale()):
                at.sent, at.moved_at = link, self._now.isoformat()
                yield self._sieve.batch(mails)
            if not page.then:
                return

    def _after(self, page: Page, before: set[str]) -> str:
        """Return where the list goes on.

        Raises:
            Lost: it was there already, and so on without end.
        """
        link = page.then or page.delta or ""
        if link in before:
            raise odd()
        before.add(link)
        return link

    def _is_stale(self) -> bool:
        return abs(self._now - datetime.fromisoformat(self._at.moved_at)) >= _LINK_KEPT  # a clock may have been ahead
