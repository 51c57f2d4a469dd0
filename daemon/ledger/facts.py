"""All facts in memory, and the numbers that addresses, sets of recipients and accounts go by.

It keeps and finds. What a batch brings is taken in by `intake` and `agenda`, written and read by `pages`.
"""

from collections.abc import Callable, Mapping
from hashlib import blake2b
from threading import RLock
from typing import Final

from connectors.types import Failure
from daemon.ledger.mails import MailTable
from daemon.ledger.meetings import MeetingFact
from daemon.ledger.titles import Detail, Newest

TitleKey = tuple[str, int]  # ("mail", message key) or ("meeting", identity)

_NAME_LENGTH: Final = 200
_NAMES_KEPT: Final = 24  # names one address wrote under; a rewriting list has thousands


def hash_text(text: str) -> int:
    """Return 64 bits of hash, the same in every run."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


class Facts:
    """All facts. `lock` is held from adding facts until their page is stored, so that pages stay in order.

    `addresses` are lower-cased, by number. `own_names[n]` maps each name that address n wrote under to when it last
    did (seconds), `given_names[n]` the names others gave it. `greeted[n]` is the salutation word last written
    to it, when, and by which address. `groups` are sets of recipients, as sorted address numbers.
    `authors` names, by row, the real author behind a rewritten From. `lists` are mailing lists' addresses. `failures`
    are delivery reports, each with when it came (seconds). `newest` tells whose titles are worth keeping.
    """

    def __init__(self, forgotten: Callable[[str], bool] = lambda _: False) -> None:
        self.lock = RLock()
        self.mails = MailTable()
        self.addresses: list[str] = []
        self.groups: list[tuple[int, ...]] = []
        self.accounts: list[str] = []
        self.own_names: dict[int, dict[str, int]] = {}
        self.given_names: dict[int, dict[str, int]] = {}
        self.greeted: dict[int, tuple[str, int, int]] = {}
        self.authors: dict[int, int] = {}
        self.lists: set[int] = set()
        self.failures: list[tuple[int, Failure]] = []
        self.meetings: dict[tuple[str, str], MeetingFact] = {}
        self.details: dict[TitleKey, Detail] = {}
        self.newest = Newest()
        self._forgotten = forgotten
        self._numbers: dict[str, int] = {}  # by address as written and as lower-cased; -1: forgotten
        self._group_numbers: dict[tuple[int, ...], int] = {}
        self._account_numbers: dict[str, int] = {}
        self._prints: set[int] | None = None  # of all rows; worked out when needed
        self._keys: tuple[int, set[int]] = (0, set())  # of how many rows, and their keys
        self._failures_known: set[tuple[int, str, str]] = set()

    # -- numbers ---------------------------------------------------------------------------------------------------

    def number(self, email: str) -> int | None:
        """Return the number of an address, None if no fact names it, -1 if it is forgotten."""
        return self._numbers.get(email.lower())

    def intern(self, email: str) -> int:
        """Return the number of an address, a new one if it is not known yet; -1 if it is forgotten."""
        number = self._numbers.get(email)
        if number is None:
            lowered = email.lower()
            number = self._numbers.get(lowered)
            if number is None:
                number = -1 if self._forgotten(lowered) else self.append_address(lowered)
                self._numbers[lowered] = number
            self._numbers[email] = number
        return number

    def append_address(self, lowered: str) -> int:
        """Give a new address the next number and return it."""
        number = self._numbers[lowered] = len(self.addresses)
        self.addresses.append(lowered)
        return number

    def intern_group(self, members: tuple[int, ...]) -> int:
        """Return the number of a set of recipients."""
        number = self._group_numbers.get(members)
        if number is None:
            number = self._group_numbers[members] = len(self.groups)
            self.groups.append(members)
        return number

    def intern_account(self, name: str) -> int:
        """Return the number of an account."""
        number = self._account_numbers.get(name)
        if number is None:
            number = self._account_numbers[name] = len(self.accounts)
            self.accounts.append(name)
        return number

    def rest(self) -> None:
        """Let go of what only taking in needs. More may be taken in all the same; a few more titles are kept then."""
        self.newest = Newest()
        self._prints = None

    # -- what is known ---------------------------------------------------------------------------------------------

    def holds_mail(self, message_id: str) -> bool:
        """Say whether a mail with this Message-ID is known."""
        if self._keys[0] != len(self.mails):
            self._keys = (len(self.mails), set(self.mails.key))
        return bool(message_id) and hash_text(message_id) in self._keys[1]

    def append_rows(self, page: Mapping[str, str]) -> None:
        """Add encoded rows.

        Raises:
            ValueError: they are damaged.
        """
        self.mails.extend(page)
        self._prints = None

    def note_row(self, key: int, account: int, flags: int, marks: int) -> bool:
        """Note that such a row is about to be added; False if there is one."""
        if self._prints is None:
            table = self.mails
            self._prints = {hash(row) for row in zip(table.key, table.account, table.flags, table.marks, strict=True)}
        row_print = hash((key, account, flags, marks))
        if row_print in self._prints:
            return False
        self._prints.add(row_print)
        return True

    def note_name(self, number: int, name: str, at: int, *, own: bool) -> bool:
        """Note that an address wrote under a name (`own`) or was given it; False if that is no news."""
        name = name[:_NAME_LENGTH]
        names = (self.own_names if own else self.given_names).setdefault(number, {})
        known = names.get(name)
        if known is not None and at <= known:
            return False
        names[name] = at
        if len(names) > _NAMES_KEPT:
            del names[min(names, key=names.__getitem__)]
        return True

    def note_greeting(self, number: int, word: str, at: int, sender: int) -> bool:
        """Note that an address was greeted with a word by `sender`; False if that is no news."""
        if number < 0 or at <= self.greeted.get(number, ("", at - 1, -1))[1]:
            return False
        self.greeted[number] = (word, at, sender)
        return True

    def note_failure(self, at: int, failure: Failure) -> bool:
        """Note a delivery report; False if it is known."""
        told = (at, failure.original, failure.final)
        if told in self._failures_known:
            return False
        self._failures_known.add(told)
        self.failures.append((at, failure))
        return True
