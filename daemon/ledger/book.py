"""The ledger itself: takes batches in, gives pages out, and reads pages back.

It interns addresses and recipient sets, leaves out what it already has (facts may be told again), and what the user
wants forgotten. It does not judge: a newsletter is as much a fact here as a friend.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from hashlib import blake2b
from threading import RLock
from typing import Any, Final

from connectors.types import Address, Failure, Mail, Meeting
from daemon.ledger.mails import IN_SENT, OUTSIDE_SENT, TRUNCATED, MailTable
from daemon.ledger.meetings import ALL_DAY, CANCELLED, EXTRAORDINARY, FLOATING, WITHHELD, Invited, MeetingFact
from daemon.ledger.moment import mail_moment, to_epoch
from daemon.ledger.packing import pack_values, unpack
from daemon.ledger.titles import Detail, Newest

TitleKey = tuple[str, int]  # ("mail", message key) or ("meeting", identity)

_NAME_LENGTH: Final = 200
_NAMES_KEPT: Final = 24  # names one address wrote under; a rewriting list has thousands
_PERSONAL: Final = 12  # more recipients than this: no title is kept, nobody's rule could count it
_PAGE_ROWS: Final = 50_000


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class Ledger:
    """All facts. `lock` is held from adding facts until their page is stored, so that pages stay in order.

    `addresses` are lower-cased, by number. `own_names[n]` maps each name that address n wrote under to when it last
    did (seconds), `given_names[n]` the names others gave it. `groups` are sets of recipients, as sorted address
    numbers. `authors` names, by row, the real author behind a rewritten From. `lists` are mailing lists' addresses.
    """

    def __init__(self, forgotten: Callable[[str], bool] = lambda _: False) -> None:
        self.lock = RLock()
        self.mails = MailTable()
        self.addresses: list[str] = []
        self.groups: list[tuple[int, ...]] = []
        self.accounts: list[str] = []
        self.own_names: dict[int, dict[str, int]] = {}
        self.given_names: dict[int, dict[str, int]] = {}
        self.authors: dict[int, int] = {}
        self.lists: set[int] = set()
        self.failures: list[tuple[int, Failure]] = []  # when the report came, and what it says
        self.meetings: dict[tuple[str, str], MeetingFact] = {}
        self.details: dict[TitleKey, Detail] = {}
        self._forgotten = forgotten
        self._numbers: dict[str, int] = {}  # by address as written and as lower-cased
        self._group_numbers: dict[tuple[int, ...], int] = {}
        self._account_numbers: dict[str, int] = {}
        self._known: set[int] | None = None
        self._key_set: tuple[int, set[int]] | None = None  # how many rows it was made of, and their keys
        self._failures_known: set[tuple[int, str, str]] = set()
        self._newest = Newest()

    # -- numbers ---------------------------------------------------------------------------------------------------

    def holds_mail(self, message_id: str) -> bool:
        """Say whether a mail with this Message-ID is known."""
        return bool(message_id) and _hash(message_id) in self._keys()

    def number(self, email: str) -> int | None:
        """Return the number of an address, None if no fact names it."""
        return self._numbers.get(email.lower())

    def _intern(self, email: str) -> int:
        number = self._numbers.get(email)
        if number is None:
            lowered = email.lower()
            number = self._numbers.get(lowered)
            if number is None:
                number = -1 if self._forgotten(lowered) else len(self.addresses)
                if number >= 0:
                    self.addresses.append(lowered)
                self._numbers[lowered] = number
            self._numbers[email] = number
        return number

    def _group(self, members: tuple[int, ...]) -> int:
        number = self._group_numbers.get(members)
        if number is None:
            number = self._group_numbers[members] = len(self.groups)
            self.groups.append(members)
        return number

    def _account(self, name: str) -> int:
        number = self._account_numbers.get(name)
        if number is None:
            number = self._account_numbers[name] = len(self.accounts)
            self.accounts.append(name)
        return number

    def _name(self, number: int, name: str, at: int, *, own: bool) -> None:
        if number < 0 or not name:
            return
        table = self.own_names if own else self.given_names
        names = table.get(number)
        if names is None:
            table[number] = {name[:_NAME_LENGTH]: at}
            return
        name = name[:_NAME_LENGTH]
        known = names.get(name)
        if known is None or at > known:
            names[name] = at
            if known is None and len(names) > _NAMES_KEPT:
                del names[min(names, key=names.__getitem__)]

    # -- mail ------------------------------------------------------------------------------------------------------

    def add_mails(self, account: str, mails: Iterable[Mail]) -> dict[str, Any] | None:
        """Take in a batch; return its page for the store, None when it holds nothing new."""
        mark = _Mark(self)
        account_number = self._account(account)
        known = self._known_rows()
        names: dict[tuple[int, str, bool], int] = {}
        authors: list[int] = []
        lists: list[int] = []
        failures: list[tuple[int, Failure]] = []
        titles: dict[int, Detail] = {}
        table, intern = self.mails, self._intern
        for mail in mails:
            moment = mail_moment(mail.dated_at, mail.received_at)
            if moment is None:
                continue
            at = int(moment.timestamp() // 1)
            sender = intern(mail.sender.email) if mail.sender is not None else -1
            if mail.message_id:
                key = _hash(mail.message_id)
            else:
                key = _hash(f"{mail.sender.email.lower() if mail.sender else ''}\0{at}\0{_hash(mail.subject)}")
            flags = (TRUNCATED if mail.truncated else 0) | (
                0 if mail.in_sent is None else IN_SENT if mail.in_sent else OUTSIDE_SENT
            )
            fingerprint = hash((key, account_number, flags, mail.marks))
            if fingerprint in known:
                continue
            known.add(fingerprint)
            recipients = []
            for one in mail.recipients:
                number = intern(one.email)
                if number >= 0:
                    recipients.append(number)
                    if one.name:
                        named = (number, one.name, False)
                        if names.get(named, -1) < at:
                            names[named] = at
            members = tuple(sorted(set(recipients)))
            if sender >= 0 and mail.sender is not None and mail.sender.name:
                named = (sender, mail.sender.name, True)
                if names.get(named, -1) < at:
                    names[named] = at
            author = mail.original_from or (mail.reply_to if mail.reply_to != mail.sender else None)
            if author is not None and author.email.lower() != (mail.sender.email.lower() if mail.sender else ""):
                number = intern(author.email)
                if number >= 0 and author.name:
                    names.setdefault((number, author.name, False), at)
                if number >= 0:
                    self.authors[len(table)] = number
                    authors += (len(table) - mark.rows, number)
            for email in mail.lists:
                number = intern(email)
                if number >= 0 and number not in self.lists:
                    self.lists.add(number)
                    lists.append(number)
            failures += ((at, failure) for failure in mail.failures)
            thread = _hash(mail.thread) if mail.thread and mail.thread != mail.message_id else key
            table.append(at, sender, self._group(members), int(mail.marks), flags, account_number, key, thread)
            personal = not mail.marks and not mail.truncated and len(members) <= _PERSONAL
            if personal and self._newest.admit((sender, *members), at, key):
                titles[key] = Detail(mail.subject, mail.message_id, mail.references, mail.thread)
        for (number, name, own), at in names.items():
            self._name(number, name, at, own=own)
        failures = [one for one in failures if self._note_failure(*one)]
        self.details.update({("mail", key): detail for key, detail in titles.items()})
        for key in self._newest.driven_out:
            titles.pop(key, None)
            self.details.pop(("mail", key), None)
        self._newest.driven_out.clear()
        return mark.page(account, names, authors, lists, failures, titles)

    def _note_failure(self, at: int, failure: Failure) -> bool:
        fingerprint = (at, failure.original, failure.final)
        if fingerprint in self._failures_known:
            return False
        self._failures_known.add(fingerprint)
        self.failures.append((at, failure))
        return True

    def _known_rows(self) -> set[int]:
        if self._known is None:
            table = self.mails
            rows = zip(table.key, table.account, table.flags, table.marks, strict=True)
            self._known = {hash(row) for row in rows}
        return self._known

    def _keys(self) -> set[int]:
        if self._key_set is None or self._key_set[0] != len(self.mails):
            self._key_set = (len(self.mails), set(self.mails.key))
        return self._key_set[1]

    def load_mails(self, page: Mapping[str, Any]) -> None:
        """Read a page that `add_mails` or `pages` made.

        Raises:
            ValueError, KeyError: the page is damaged.
        """
        first_row = len(self.mails)
        for email in page["emails"]:
            self._numbers[email] = len(self.addresses)
            self.addresses.append(email)
        ids = unpack("i", page["group_ids"]).tolist()
        position = 0
        for size in unpack("H", page["group_sizes"]):
            self._group(tuple(ids[position : position + size]))
            position += size
        for account in page["accounts"]:
            self._account(account)
        self.mails.extend(page["rows"])
        self._known = None
        for number, name, at, own in page["names"]:
            self._name(number, name, at, own=bool(own))
        pairs = page["authors"]
        self.authors.update({first_row + row: number for row, number in zip(pairs[::2], pairs[1::2], strict=True)})
        self.lists.update(page["lists"])
        for at, *rest in page["failures"]:
            self._note_failure(at, Failure(*rest))

    # -- meetings --------------------------------------------------------------------------------------------------

    def add_meetings(self, account: str, meetings: Iterable[Meeting], removed: Iterable[str]) -> dict[str, Any] | None:
        """Take in a batch of meetings; return its page, None when nothing changed."""
        mark = _Mark(self)
        names: dict[tuple[int, str, bool], int] = {}
        put: list[MeetingFact] = []
        titles: dict[int, Detail] = {}
        for meeting in meetings:
            fact = self._fact(account, meeting, names)
            if self.meetings.get((account, fact.key)) != fact:
                self.meetings[account, fact.key] = fact
                put.append(fact)
                title = Detail(meeting.title)
                if meeting.title and self.details.get(("meeting", fact.identity)) != title:
                    titles[fact.identity] = title
        gone = [key for key in removed if self.meetings.pop((account, key), None) is not None]
        for (number, name, own), at in names.items():
            self._name(number, name, at, own=own)
        self.details.update({("meeting", identity): detail for identity, detail in titles.items()})
        if not put and not gone:
            return None
        page = mark.page(account, names, [], [], [], titles) or mark.empty()
        page["meetings"] = [account, [fact.encode() for fact in put], gone]
        return page

    def _fact(self, account: str, meeting: Meeting, names: dict[tuple[int, str, bool], int]) -> MeetingFact:
        end = to_epoch(meeting.end)

        def take(address: Address | None, *, own: bool) -> int:
            if address is None:
                return -1
            number = self._intern(address.email)
            if number >= 0 and address.name:
                names[number, address.name, own] = max(end, names.get((number, address.name, own), end))
            return number

        organizer = take(meeting.organizer, own=True)
        creator = take(meeting.creator, own=True)
        invited = []
        for one in meeting.attendees:
            number = take(one.address, own=False)
            if number >= 0:
                invited.append(Invited(number, one.answer, one.resource))
        flags = (
            (FLOATING if meeting.start.tzinfo is None else 0)
            | (ALL_DAY if meeting.all_day else 0)
            | (CANCELLED if meeting.cancelled else 0)
            | (0 if meeting.ordinary else EXTRAORDINARY)
            | (0 if meeting.attendees_known else WITHHELD)
        )
        return MeetingFact(
            account, meeting.key, _hash(f"{meeting.uid}\0{meeting.original_start}") >> 1, to_epoch(meeting.start), end,
            flags, organizer, creator, tuple(invited), meeting.sequence,
            to_epoch(meeting.updated_at) if meeting.updated_at is not None else 0,
        )  # fmt: skip

    def meeting_keys(self, account: str) -> list[str]:
        """Return the keys of all meetings of an account."""
        return [key for owner, key in self.meetings if owner == account]

    def load_meetings(self, page: Mapping[str, Any]) -> None:
        """Read a page that `add_meetings` or `pages` made.

        Raises:
            ValueError, KeyError: the page is damaged.
        """
        self.load_mails(page)
        account, put, gone = page["meetings"]
        for row in put:
            fact = MeetingFact.decode(account, row)
            self.meetings[account, fact.key] = fact
        for key in gone:
            self.meetings.pop((account, key), None)

    def load(self, page: Mapping[str, Any]) -> None:
        """Read one page of either sort.

        Raises:
            ValueError, KeyError: the page is damaged.
        """
        if "meetings" in page:
            self.load_meetings(page)
        else:
            self.load_mails(page)

    # -- titles ----------------------------------------------------------------------------------------------------

    def load_titles(self, page: Sequence[Sequence[Any]]) -> None:
        """Read titles: rows of kind, key, title, Message-ID, references, thread."""
        for kind, key, title, message_id, references, thread in page:
            self.details[kind, key] = Detail(title, message_id, tuple(references), thread)

    def keep_titles(self, wanted: Collection[TitleKey]) -> bool:
        """Drop every title that is not among `wanted`; True when any was dropped."""
        dropped = [key for key in self.details if key not in wanted]
        for key in dropped:
            del self.details[key]
        return bool(dropped)

    def title_rows(self) -> list[list[Any]]:
        """Return all titles as `load_titles` reads them."""
        return [_title_row(kind, key, detail) for (kind, key), detail in self.details.items()]

    # -- packing and forgetting ------------------------------------------------------------------------------------

    def pages(self) -> Iterator[dict[str, Any]]:
        """Yield the whole ledger as few pages, to take the place of the many small ones."""
        table = self.mails
        for start in range(0, max(len(table), 1), _PAGE_ROWS):
            stop = min(start + _PAGE_ROWS, len(table))
            first = start == 0
            yield {
                "emails": self.addresses if first else [],
                "accounts": self.accounts if first else [],
                "group_ids": pack_values("i", (one for group in self.groups for one in group)) if first else "",
                "group_sizes": pack_values("H", map(len, self.groups)) if first else "",
                "rows": table.encode(start, stop),
                "names": self._name_rows() if first else [],
                "authors": [
                    value
                    for row, number in self.authors.items()
                    if start <= row < stop
                    for value in (row - start, number)
                ],
                "lists": sorted(self.lists) if first else [],
                "failures": [_failure_row(at, failure) for at, failure in self.failures] if first else [],
            }
        by_account: dict[str, list[MeetingFact]] = {}
        for fact in self.meetings.values():
            by_account.setdefault(fact.account, []).append(fact)
        for account, facts in by_account.items():
            page = _Mark(self).empty()
            page["meetings"] = [account, [fact.encode() for fact in facts], []]
            yield page

    def _name_rows(self) -> list[list[Any]]:
        return [
            [number, name, at, own]
            for own, table in ((1, self.own_names), (0, self.given_names))
            for number, names in table.items()
            for name, at in names.items()
        ]

    def without(self, emails: Collection[str], forgotten: Callable[[str], bool]) -> "Ledger":
        """Return a ledger that never heard of `emails`: their mails and names are gone, they are on nobody's mail."""
        gone = {number for email in emails if (number := self.number(email)) is not None and number >= 0}
        kept = [number for number in range(len(self.addresses)) if number not in gone]
        renumbered = {old: new for new, old in enumerate(kept)} | {-1: -1}
        other = Ledger(forgotten)
        other.addresses = [self.addresses[number] for number in kept]
        other._numbers = {email: number for number, email in enumerate(other.addresses)}
        for account in self.accounts:
            other._account(account)
        groups = [other._group(tuple(renumbered[one] for one in group if one not in gone)) for group in self.groups]
        table = self.mails
        lost: set[int] = set()
        for row in range(len(table)):
            if table.sender[row] in gone:
                lost.add(table.key[row])
                continue
            author = self.authors.get(row, -1)
            if author >= 0 and author not in gone:
                other.authors[len(other.mails)] = renumbered[author]
            if gone.intersection(self.groups[table.group[row]]):
                lost.add(table.key[row])
            other.mails.append(
                table.at[row], renumbered[table.sender[row]], groups[table.group[row]], table.marks[row],
                table.flags[row], table.account[row], table.key[row], table.thread[row],
            )  # fmt: skip
        for source, target in ((self.own_names, other.own_names), (self.given_names, other.given_names)):
            target.update({renumbered[number]: names for number, names in source.items() if number not in gone})
        other.lists = {renumbered[number] for number in self.lists if number not in gone}
        lowered = {email.lower() for email in emails}
        for at, failure in self.failures:
            if not lowered.intersection((failure.original.lower(), failure.final.lower())):
                other._note_failure(at, failure)
        for place, fact in self.meetings.items():
            people = {fact.organizer, fact.creator, *(one.address for one in fact.invited)}
            if people & gone:
                lost.add(fact.identity)
            other.meetings[place] = MeetingFact(
                fact.account, fact.key, fact.identity, fact.start, fact.end, fact.flags,
                renumbered.get(fact.organizer, -1), renumbered.get(fact.creator, -1),
                tuple(
                    Invited(renumbered[one.address], one.answer, one.resource)
                    for one in fact.invited
                    if one.address not in gone
                ),
                fact.sequence, fact.updated,
            )  # fmt: skip
        other.details = {key: detail for key, detail in self.details.items() if key[1] not in lost}
        return other


class _Mark:
    """Where the ledger stood before a batch, so that its page holds just what the batch added."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.rows = len(ledger.mails)
        self._addresses = len(ledger.addresses)
        self._groups = len(ledger.groups)
        self._accounts = len(ledger.accounts)

    def empty(self) -> dict[str, Any]:
        """Return a page that adds no mail, but the numbers given since the mark."""
        return self._body([], [], [], [])

    def page(
        self,
        account: str,
        names: Mapping[tuple[int, str, bool], int],
        authors: list[int],
        lists: list[int],
        failures: list[tuple[int, Failure]],
        titles: Mapping[int, Detail],
    ) -> dict[str, Any] | None:
        """Return the page, None when there is nothing to keep."""
        ledger = self._ledger
        grown = (len(ledger.mails), len(ledger.addresses), len(ledger.accounts))
        if grown == (self.rows, self._addresses, self._accounts) and not (names or lists or failures):
            return None
        del account
        page = self._body(
            [[number, name[:_NAME_LENGTH], at, int(own)] for (number, name, own), at in names.items()],
            authors,
            lists,
            [_failure_row(at, failure) for at, failure in failures],
        )
        kind = "meeting" if len(ledger.mails) == self.rows else "mail"
        page["titles"] = [_title_row(kind, key, detail) for key, detail in titles.items()]
        return page

    def _body(
        self, names: list[list[Any]], authors: list[int], lists: list[int], failures: list[list[Any]]
    ) -> dict[str, Any]:
        ledger = self._ledger
        groups = ledger.groups[self._groups :]
        return {
            "emails": ledger.addresses[self._addresses :],
            "accounts": ledger.accounts[self._accounts :],
            "group_ids": pack_values("i", (one for group in groups for one in group)),
            "group_sizes": pack_values("H", map(len, groups)),
            "rows": ledger.mails.encode(self.rows),
            "names": names,
            "authors": authors,
            "lists": lists,
            "failures": failures,
        }


def _title_row(kind: str, key: int, detail: Detail) -> list[Any]:
    return [kind, key, detail.title, detail.message_id, list(detail.references), detail.thread]


def _failure_row(at: int, failure: Failure) -> list[Any]:
    return [at, failure.original, failure.final, failure.status, failure.permanent, failure.unknown_user]
