"""The ledger itself: takes batches in, gives pages out, and reads pages back.

It interns addresses and recipient sets, leaves out what it already has (facts may be told again), and what the user
wants forgotten. It does not judge: a newsletter is as much a fact here as a friend.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from connectors.types import Mail, Meeting
from daemon.ledger.agenda import take_meetings
from daemon.ledger.facts import Facts, TitleKey
from daemon.ledger.forgetting import copy_without
from daemon.ledger.intake import take_mails
from daemon.ledger.pages import Mark, Page, empty_page, read_page, read_title, title_row, whole, with_meetings


class Ledger(Facts):
    """All facts, and how they get in and out; see `Facts` for what they are."""

    def add_mails(self, account: str, mails: Iterable[Mail]) -> Page | None:
        """Take in a batch; return its page for the store, None when it holds nothing new."""
        mark = Mark(self)
        return mark.page(take_mails(self, account, mails))

    def add_meetings(self, account: str, meetings: Iterable[Meeting], removed: Iterable[str]) -> Page | None:
        """Take in a batch of meetings; return its page, None when nothing changed."""
        mark = Mark(self)
        put, news = take_meetings(self, account, meetings)
        gone = [key for key in removed if self.meetings.pop((account, key), None) is not None]
        if not put and not gone:
            return None
        return with_meetings(mark.page(news) or empty_page(), account, put, gone)

    def meeting_keys(self, account: str) -> list[str]:
        """Return the keys of all meetings of an account."""
        return [key for owner, key in self.meetings if owner == account]

    def load(self, page: Mapping[str, Any]) -> None:
        """Read a page that `add_mails`, `add_meetings` or `pages` made.

        Raises:
            ValueError, KeyError: the page is damaged.
        """
        read_page(self, page)

    def pages(self) -> Iterator[Page]:
        """Yield the whole ledger as few pages, to take the place of the many small ones."""
        return whole(self)

    def without(self, emails: Collection[str], forgotten: Callable[[str], bool]) -> "Ledger":
        """Return a ledger that never heard of `emails`: their mails and names are gone, they are on nobody's mail."""
        other = Ledger(forgotten)
        copy_without(self, emails, other)
        return other

    # -- titles ----------------------------------------------------------------------------------------------------

    def load_titles(self, rows: Iterable[Sequence[Any]]) -> None:
        """Read titles as `title_rows` gives them.

        Raises:
            ValueError: a row is damaged.
        """
        self.details.update(map(read_title, rows))

    def keep_titles(self, wanted: Collection[TitleKey]) -> bool:
        """Drop every title that is not among `wanted`; True when any was dropped."""
        dropped = [key for key in self.details if key not in wanted]
        for key in dropped:
            del self.details[key]
        return bool(dropped)

    def title_rows(self) -> list[list[Any]]:
        """Return all titles: rows of kind, key, title, Message-ID, references, thread."""
        return [title_row(key, detail) for key, detail in self.details.items()]


__all__ = ["Ledger", "TitleKey"]
