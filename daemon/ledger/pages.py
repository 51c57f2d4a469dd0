"""Facts as pages and back. A page is a plain document of what one batch brought, or of a part of the whole.

Loading all pages in the order they were written gives the same facts, under the same numbers.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

from connectors.types import Failure
from daemon.ledger.facts import Facts, TitleKey
from daemon.ledger.meetings import MeetingFact
from daemon.ledger.news import NameRow, News
from daemon.ledger.packing import pack_plain, pack_values, unpack, unpack_plain
from daemon.ledger.titles import Detail

Page = dict[str, Any]

_PAGE_ROWS: Final = 50_000


class Mark:
    """Where the facts stood before a batch, so that its page holds just what the batch added."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._rows = len(facts.mails)
        self._addresses = len(facts.addresses)
        self._groups = len(facts.groups)
        self._accounts = len(facts.accounts)

    def page(self, news: News) -> Page | None:
        """Return the page of the batch, None if it brought nothing."""
        facts = self._facts
        grown = (len(facts.mails), len(facts.addresses), len(facts.accounts))
        told = news.names or news.lists or news.failures or news.titles or news.greeted
        if grown == (self._rows, self._addresses, self._accounts) and not told:
            return None
        return {
            "emails": facts.addresses[self._addresses :],
            "accounts": facts.accounts[self._accounts :],
            **_group_columns(facts.groups[self._groups :]),
            "rows": facts.mails.encode(self._rows),
            "names": _name_columns(news.names),
            "authors": news.authors,
            "lists": news.lists,
            "failures": [failure_row(at, failure) for at, failure in news.failures],
            "greeted": [list(row) for row in news.greeted],
            "titles": [title_row(key, detail) for key, detail in news.titles.items()],
        }


def empty_page() -> Page:
    """Return a page that adds nothing."""
    return {
        "emails": [],
        "accounts": [],
        **_group_columns([]),
        "rows": {},
        "names": {},
        "authors": [],
        "lists": [],
        "failures": [],
    }


def whole(facts: Facts) -> Iterator[Page]:
    """Yield all facts as few pages, to take the place of the many small ones."""
    table = facts.mails
    for start in range(0, max(len(table), 1), _PAGE_ROWS):
        stop = min(start + _PAGE_ROWS, len(table))
        page = empty_page()
        page["rows"] = table.encode(start, stop)
        page["authors"] = [
            value for row, number in facts.authors.items() if start <= row < stop for value in (row - start, number)
        ]
        if start == 0:
            page |= {
                "emails": facts.addresses,
                "accounts": facts.accounts,
                **_group_columns(facts.groups),
                "names": _name_columns(_all_names(facts)),
                "lists": sorted(facts.lists),
                "failures": [failure_row(at, failure) for at, failure in facts.failures],
                "greeted": [[number, *told] for number, told in facts.greeted.items()],
            }
        yield page
    by_account: dict[str, list[MeetingFact]] = {}
    for fact in facts.meetings.values():
        by_account.setdefault(fact.account, []).append(fact)
    for account, meetings in by_account.items():
        yield with_meetings(empty_page(), account, meetings, [])


def with_meetings(page: Page, account: str, put: Iterable[MeetingFact], gone: Sequence[str]) -> Page:
    """Return `page` with meetings of an account that are new or changed, and the keys of those that are gone."""
    page["meetings"] = [account, [fact.encode() for fact in put], gone]
    return page


def read_page(facts: Facts, page: Mapping[str, Any]) -> None:
    """Add what a page holds.

    Raises:
        ValueError, KeyError: the page is damaged.
    """
    first_row = len(facts.mails)
    for email in page["emails"]:
        facts.append_address(email)
    ids = unpack("i", page["group_ids"]).tolist()
    position = 0
    for size in unpack("H", page["group_sizes"]):
        facts.intern_group(tuple(ids[position : position + size]))
        position += size
    for account in page["accounts"]:
        facts.intern_account(account)
    if page["rows"]:
        facts.append_rows(page["rows"])
    for number, name, at, own in _name_rows(page["names"]):
        facts.note_name(number, name, at, own=own)
    pairs = page["authors"]
    facts.authors.update({first_row + row: number for row, number in zip(pairs[::2], pairs[1::2], strict=True)})
    facts.lists.update(page["lists"])
    for at, *rest in page["failures"]:
        facts.note_failure(at, Failure(*rest))
    for row in page.get("greeted", ()):
        facts.note_greeting(*row)
    if "meetings" in page:
        _read_meetings(facts, *page["meetings"])


def _read_meetings(facts: Facts, account: str, put: Iterable[Sequence[Any]], gone: Iterable[str]) -> None:
    for row in put:
        fact = MeetingFact.decode(account, row)
        facts.meetings[account, fact.key] = fact
    for key in gone:
        facts.meetings.pop((account, key), None)


def title_row(key: TitleKey, detail: Detail) -> list[Any]:
    """Return a title as plain values; `read_title` reads it."""
    return [*key, detail.title, detail.message_id, list(detail.references), detail.thread]


def read_title(row: Sequence[Any]) -> tuple[TitleKey, Detail]:
    """Return what `title_row` was given.

    Raises:
        ValueError: the row is damaged.
    """
    kind, key, title, message_id, references, thread = row
    return (kind, key), Detail(title, message_id, tuple(references), thread)


def failure_row(at: int, failure: Failure) -> list[Any]:
    """Return a delivery report as plain values."""
    return [at, failure.original, failure.final, failure.status, failure.permanent, failure.unknown_user]


def _group_columns(groups: Sequence[tuple[int, ...]]) -> dict[str, str]:
    return {
        "group_ids": pack_values("i", (one for group in groups for one in group)),
        "group_sizes": pack_values("H", map(len, groups)),
    }


def _all_names(facts: Facts) -> list[NameRow]:
    return [
        (number, name, at, own)
        for own, table in ((True, facts.own_names), (False, facts.given_names))
        for number, names in table.items()
        for name, at in names.items()
    ]


def _name_columns(rows: Sequence[NameRow]) -> dict[str, str]:
    """Return names as columns; a first read tells them by the ten thousand, over and over."""
    return {
        "numbers": pack_values("i", (number for number, _, _, _ in rows)),
        "texts": pack_plain([name for _, name, _, _ in rows]),
        "at": pack_values("q", (at for _, _, at, _ in rows)),
        "own": pack_values("B", (own for _, _, _, own in rows)),
    }


def _name_rows(columns: Mapping[str, str]) -> Iterable[NameRow]:
    if not columns:
        return []
    return zip(
        unpack("i", columns["numbers"]),
        unpack_plain(columns["texts"]),
        unpack("q", columns["at"]),
        map(bool, unpack("B", columns["own"])),
        strict=True,
    )
