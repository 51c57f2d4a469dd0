"""All that auld knows, open for one run: the ledger of facts, the drafts, and what the user said by hand.

Typed records over the document store. It keeps and finds; it decides nothing.
"""

import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from hashlib import blake2b
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Final, Self

from daemon.contact import ByHand
from daemon.ledger import Ledger, pack_plain, unpack_plain
from daemon.model import Decision, DraftRecord, Join, Met, Note
from daemon.people import canonical
from daemon.shelf import Shelf
from daemon.store import Change, SideStatus, Store

FACTS: Final = "facts"
TITLES: Final = "titles"
_TITLES_A_PAGE: Final = 5000
_PAGES_KEPT: Final = 64


@dataclass(frozen=True, slots=True)
class AccountState:
    """What is kept of an account between runs.

    `mail_through` and `calendar_through` say that the first read is done; `first_synced_at` when both first were.
    `mail_done` of `mail_total` mails of the first read are stored (total 0: unknown), also when it was killed.
    `addresses` are the user's own there. `own_drafts` are whom the user's own drafts are to. `greetings` says that its
    mail was read for salutations too.
    """

    name: str
    mail_cursor: str | None = None
    calendar_cursor: str | None = None
    mail_through: bool = False
    calendar_through: bool = False
    first_synced_at: datetime | None = None
    addresses: tuple[str, ...] = ()
    own_drafts: tuple[str, ...] = ()
    mail_done: int = 0
    mail_total: int = 0
    greetings: bool = False


@dataclass(frozen=True, slots=True)
class Meta:
    """What is kept of the whole. `forgotten` are salted hashes, so that nobody forgotten is learned again.

    `look_back` is what became of the month before `looked_back`, as one line. `numbers` are the highest ever given to a
    met, a note, a join: none is given twice, for an "undo" that was printed must not hit another.
    """

    salt: str = ""
    paused_until: datetime | None = None
    forgotten: tuple[str, ...] = ()
    looked_back: str = ""  # the month, like "2026-11", in which the one before was looked back at
    look_back: str = ""
    numbers: tuple[int, int, int] = (0, 0, 0)


@dataclass(slots=True)
class State:
    """Open state; a context manager."""

    store: Store
    drafts: Shelf[DraftRecord]
    decisions: Shelf[Decision]
    notes: Shelf[Note]
    mets: Shelf[Met]
    joins: Shelf[Join]
    accounts: Shelf[AccountState]
    metas: Shelf[Meta]
    first_read: bool = False  # a first read became through in this run
    _ledger: Ledger | None = None
    _loading: RLock = field(default_factory=RLock)
    _pages: int = 0
    _title_pages: int = 0

    @classmethod
    def open(cls, folder: Path, *, write: bool, clock: Callable[[], datetime]) -> Self:
        """Open the state in `folder`.

        Raises:
            StateError: it cannot be read or is from a newer version.
            Busy: another auld writes to it.
        """
        store = Store.open(folder, write=write, clock=clock)
        return cls(
            store,
            Shelf(store, "drafts", DraftRecord),
            Shelf(store, "decisions", Decision),
            Shelf(store, "notes", Note),
            Shelf(store, "mets", Met),
            Shelf(store, "joins", Join),
            Shelf(store, "accounts", AccountState),
            Shelf(store, "meta", Meta),
        )

    @property
    def ledger(self) -> Ledger:
        """All facts; read when first asked for, as some commands never ask."""
        with self._loading:
            if self._ledger is None:
                self._ledger = self._load()
            return self._ledger

    @property
    def first_synced_at(self) -> datetime | None:
        """When the first sync of the first account was through."""
        return min((one.first_synced_at for one in self.accounts if one.first_synced_at is not None), default=None)

    def _load(self) -> Ledger:
        ledger = Ledger(_forgets(self.meta))
        pages, title_pages = self.store.documents(FACTS), self.store.documents(TITLES)
        for _, page in pages:
            ledger.load(page)
        for _, page in title_pages:
            ledger.load_titles(unpack_plain(page["rows"]))
        self._pages, self._title_pages = len(pages), len(title_pages)
        return ledger

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the store."""
        self.store.close()

    @contextmanager
    def commit(self, *, bulk: bool = False) -> Iterator[Change]:
        """Make changes durable together, at the end of the block."""
        with self.ledger.lock, self.store.commit(bulk=bulk) as change:
            given = self._numbers()
            yield change
            mets, notes, joins = map(max, given, self._numbers())
            if self.meta.numbers != (mets, notes, joins):
                self.put_meta(change, replace(self.meta, numbers=(mets, notes, joins)))

    # -- facts -----------------------------------------------------------------------------------------------------

    def add_page(self, change: Change, page: dict[str, Any] | None) -> None:
        """Store a page of facts and its titles."""
        if page is None:
            return
        titles = page.pop("titles", None)
        change.insert(FACTS, page)
        self._pages += 1
        if not titles:
            return
        self._title_pages += 1
        if self._title_pages > _PAGES_KEPT:  # by now most of them are of titles that newer ones drove out
            self._rewrite_titles(change)
        else:
            change.insert(TITLES, {"rows": pack_plain(titles)})

    def tidy(self, change: Change, wanted: set[tuple[str, int]]) -> None:
        """Drop the titles that no rule keeps, and pack many small pages into few."""
        if self.ledger.keep_titles(wanted):
            self._rewrite_titles(change)
        if self._pages > _PAGES_KEPT:
            self._rewrite_facts(change)

    def _rewrite_titles(self, change: Change) -> None:
        change.remove(TITLES, [number for number, _ in self.store.documents(TITLES)])
        rows = self.ledger.title_rows()
        self._title_pages = -(-len(rows) // _TITLES_A_PAGE)
        for start in range(0, len(rows), _TITLES_A_PAGE):
            change.insert(TITLES, {"rows": pack_plain(rows[start : start + _TITLES_A_PAGE])})

    def _rewrite_facts(self, change: Change) -> None:
        change.remove(FACTS, [number for number, _ in self.store.documents(FACTS)])
        self._pages = 0
        for page in self.ledger.pages():
            change.insert(FACTS, page)
            self._pages += 1

    # -- records ---------------------------------------------------------------------------------------------------

    def account(self, name: str) -> AccountState:
        """Return what is kept of an account."""
        return self.accounts.first(lambda one: one.name == name) or AccountState(name)

    def put_account(self, change: Change, account: AccountState) -> None:
        """Keep what is new of an account."""
        self.accounts.put(change, account, lambda one: one.name == account.name)

    @property
    def meta(self) -> Meta:
        """What is kept of the whole."""
        return next(iter(self.metas), Meta())

    def put_meta(self, change: Change, meta: Meta) -> None:
        """Keep what is new of the whole."""
        self.metas.put(change, meta, lambda _: True)

    def next_number(self, shelf: Shelf[Met] | Shelf[Note] | Shelf[Join]) -> int:
        """Return the number for the next thing the user tells: one that nothing on its shelf ever had."""
        return self._numbers()[(self.mets, self.notes, self.joins).index(shelf)] + 1

    def _numbers(self) -> tuple[int, ...]:
        """Return the highest numbers given so far; a state of an older auld does not know those it took back."""
        shelves: tuple[Iterable[Met | Note | Join], ...] = (self.mets, self.notes, self.joins)
        return tuple(
            max(known, *(one.id for one in shelf), 0) for known, shelf in zip(self.meta.numbers, shelves, strict=True)
        )

    def side(self) -> SideStatus:
        """Return how the last round went; nothing is known of it in a new state."""
        return self.store.read_side() or SideStatus()

    def forgets(self, email: str) -> bool:
        """Say whether the user had this address forgotten."""
        return _forgets(self.meta)(email)

    def by_hand(self) -> ByHand:
        """Return what was told by hand, as the census needs it."""
        return ByHand(
            tuple(self.joins),
            tuple(self.mets),
            {one.name: frozenset(one.addresses) for one in self.accounts},
            frozenset(one.address for one in self.decisions if one.address),
        )

    def put_draft(self, change: Change, record: DraftRecord) -> None:
        """Keep a draft, new or changed."""
        self.drafts.put(change, record, lambda one: one.key == record.key)

    def forget(self, emails: Iterable[str], name: str) -> None:
        """Delete all that is kept about a person, in older snapshots too, and never learn these addresses again."""
        gone = frozenset(emails)

        def theirs(record: DraftRecord | Decision | Note | Met | Join) -> bool:
            return not gone.isdisjoint(record.emails) or (not record.emails and getattr(record, "name", None) == name)

        meta = self.meta
        salt = meta.salt or secrets.token_hex(16)
        hashes = {*meta.forgotten, *(_digest(salt, email) for email in gone)}
        self.store.announce_purge()
        with self.commit() as change:
            meta = replace(meta, salt=salt, forgotten=tuple(sorted(hashes)))
            self.put_meta(change, meta)
            for shelf in (self.drafts, self.decisions, self.notes, self.mets, self.joins):
                shelf.remove(change, theirs)
            for account in list(self.accounts):
                kept = tuple(email for email in account.own_drafts if email not in gone)
                self.put_account(change, replace(account, own_drafts=kept))
            self._ledger = self.ledger.without(gone, _forgets(meta))
            self._rewrite_facts(change)
            self._rewrite_titles(change)
        self.store.purge_history()


def _digest(salt: str, email: str) -> str:
    return blake2b(canonical(email).encode("utf-8", "surrogatepass"), key=salt.encode(), digest_size=16).hexdigest()


def _forgets(meta: Meta) -> Callable[[str], bool]:
    forgotten = frozenset(meta.forgotten)
    return lambda email: bool(forgotten) and _digest(meta.salt, email) in forgotten
