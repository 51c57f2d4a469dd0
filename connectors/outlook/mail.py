"""The mail of an Outlook mailbox as a source: what lies in Sent, and what was received, wherever it lies.

Decides in which order what is read; see `outbox` and `arrivals` for how, and `sieve` for what is told.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Final

from connectors.errors import BadReply, CursorExpired
from connectors.faults import LATER
from connectors.outlook import api
from connectors.outlook.arrivals import Arrivals
from connectors.outlook.calls import Calls
from connectors.outlook.cursor import Gap, Position
from connectors.outlook.facts import text
from connectors.outlook.faults import Gone, Internal, Lost, odd
from connectors.outlook.link import Link
from connectors.outlook.listing import Lister
from connectors.outlook.outbox import Outbox
from connectors.outlook.sieve import Sieve
from connectors.text import clean
from connectors.types import Batch, Mail

_BEGINNING: Final = datetime(1990, 1, 1, tzinfo=UTC)
_MANY: Final = 10**9  # mails in a folder; more cannot be


class MailSource:
    """The mail of one account."""

    def __init__(self, link: Link, now: Callable[[], datetime], *, greetings: bool = False) -> None:
        self._link = link
        self._now = now
        self._greetings = greetings

    def changes(self, cursor: str | None, since: datetime | None) -> Iterator[Batch[Mail]]:
        """Yield mails that were not there at `cursor`; see `connectors.base.Source`.

        Raises:
            CursorExpired, LoginNeeded, Unavailable, Refused, BadReply, SettingsError: as they are named.
        """
        at = None if cursor is None else Position.read(cursor)
        if at is not None and not _reaches(at, since):
            raise CursorExpired("The account's since goes further back than before; its mail is read anew.")
        try:
            calls, now = self._link.calls, self._now()
            if at is None:
                at = _begin(calls, since)
            if at.greetings != self._greetings:
                # A link goes on telling what it was begun with: no beginning of a text is to come unasked.
                at.sent, at.listed, at.greetings = "", False, self._greetings
            lister, sieve = Lister(calls, greetings=self._greetings), Sieve(at, calls, since)
            yield from Outbox(at, lister, sieve, now).batches()
            yield from Arrivals(at, lister, sieve, now).batches()
        except Gone as err:
            raise CursorExpired("Microsoft has forgotten where the reading of Sent stood; it is read anew.") from err
        except Lost as err:
            raise err.outward() from err
        except Internal as err:
            what = f"{type(err).__name__}: {clean(str(err), 60)}"
            raise BadReply(f"Microsoft refuses a call as wrong ({what}): {LATER}") from err


def _reaches(at: Position, since: datetime | None) -> bool:
    """Say whether what was read goes back far enough."""
    return not at.since or (since is not None and since >= datetime.fromisoformat(at.since))


def _begin(calls: Calls, since: datetime | None) -> Position:
    """Return where a first read begins: with the well-known folders, and about how many mails there are."""
    special, large = (api.SENT, api.DRAFTS, api.DELETED, api.JUNK), (api.SENT, api.INBOX, api.ARCHIVE)
    names = list(dict.fromkeys((*special, *large)))
    found = dict(zip(names, calls.read_all([api.folder(name) for name in names]), strict=True))
    try:
        ids = {name: text(folder, "id") for name in special if (folder := found[name]) is not None}
    except ValueError as err:
        raise odd() from err
    if api.SENT not in ids:
        raise odd()  # nothing would tell what was sent from what was received
    counts = [folder.get("totalItemCount") for name in large if (folder := found[name]) is not None]
    total = sum(count for count in counts if isinstance(count, int) and 0 < count < _MANY)
    return Position(ids, [Gap(since or _BEGINNING)], "" if since is None else since.isoformat(), total=total)
