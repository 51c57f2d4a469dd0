"""A provider for torture: Robin's mailbox and calendars, and what happens there, the same for the same dice.

Everything is named by what is not chance (a Message-ID, an event's id, a recipient's place among all), so that the same
happens in two worlds.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple, Protocol

from tests.google.calls import Call
from tests.google.clock import Clock
from tests.google.faults import Plan
from tests.torture.archive import Friend

TOPICS = ("The garden", "Chess again", "Your talk", "The choir", "Old photos", "A recipe", "The bridge", "Lisbon")
GARDENER = Friend("Gerd Gardener", "gerd@example.net", 0, 0)


class Fake(Protocol):
    """What stands in for a provider."""

    clock: Clock
    plan: Plan | None
    sends: list[Call]


class Lying(NamedTuple):
    """A draft of auld's: the provider's name of it, its key (``""``: none yet), whom it is to, and when it was made."""

    name: str
    key: str
    to: str
    made: str


class World(ABC):
    """One provider and what happens there. `fake` is running; `home` is where auld's files are.

    `names` are the Message-IDs of all that is not auld's, and what the provider calls each. `settled` is what every
    auld has read: only that may be put away, moved or deleted. `page`: how many mails auld asks for at once.
    """

    page = 500

    def __init__(self, fake: Fake, home: Path) -> None:
        self.fake = fake
        self.home = home
        self.people: Sequence[Friend] = ()
        self.names: dict[str, str] = {}
        self.settled: list[str] = []
        self.under_way: list[Callable[[], object]] = []
        self._touched: set[str] = set()
        self._last: dict[str, tuple[str, str]] = {}  # address -> Message-ID and topic of the newest mail

    # -- how it begins -------------------------------------------------------------------------------------------------

    @abstractmethod
    def begin(self, seed: int, *, deep: bool) -> None:
        """Let it be as it is at first. `deep`: with more old mail of strangers than one round reads."""

    @abstractmethod
    def sign_in(self) -> None:
        """Sign in, as `auld login` leaves it."""

    def write_config(self, account: str) -> None:
        """Write auld's config, with an account of these keys, and sign in."""
        self.home.mkdir(parents=True, exist_ok=True)
        stanzas = [
            f'[[people]]\nname = "{who.name}"\nemails = ["{who.email}"]\nevery = "{who.every}"'
            for who in self.people
            if who.every
        ]
        config = _CONFIG.replace("ACCOUNT", account) + "\n\n".join(stanzas) + "\n"
        (self.home / "config.toml").write_text(config, encoding="utf-8")
        self.sign_in()

    # -- time ----------------------------------------------------------------------------------------------------------

    def reach(self, now: datetime) -> None:
        """Let it be `now`."""
        self.fake.clock.wait(max(0.0, (now - self.fake.clock.now()).total_seconds()))

    def settle(self) -> None:
        """Note that auld has read all there is."""
        self._touched.clear()
        self.settled = sorted(name for name in self.names if name.startswith("s"))

    def moment(self, key: str) -> datetime:
        """Return when a mail was written: a little ago, and no two at the same moment."""
        ago = timedelta(minutes=10, seconds=-int("".join(filter(str.isdigit, key))))
        return self.fake.clock.now() - ago

    def catch_up(self) -> None:
        """Let happen what was still under way when nobody waited for it any more."""
        while self.under_way:
            self.under_way.pop(0)()

    # -- what is there -------------------------------------------------------------------------------------------------

    @abstractmethod
    def owed(self) -> Iterator[str]:
        """Yield the Message-IDs of all mail that auld must know after a round that went well."""

    @abstractmethod
    def auld_wrote(self) -> Mapping[str, str]:
        """Return by Message-ID what auld's mail is called in any life."""

    def tells_marks(self, sender: str) -> bool:
        """Say whether what is told of a sender's mail hangs on nothing but the mail."""
        del sender
        return True

    @abstractmethod
    def lying(self) -> Iterator[Lying]:
        """Yield auld's drafts that lie there."""

    @abstractmethod
    def describe_drafts(self) -> Sequence[tuple[str, datetime, bool]]:
        """Return auld's drafts that lie there: whom each is to, when it was made, whether it answers."""

    def sent(self) -> Iterator[tuple[str, datetime]]:
        """Yield drafts of auld's that auld must know as sent: whom each was to, and when it was made."""
        yield from ()

    @abstractmethod
    def begun_to(self) -> set[str]:
        """Return whom drafts that Robin began without auld are to."""

    @abstractmethod
    def meetings(self) -> dict[str, int]:
        """Return the keys of all that is in Robin's calendars, and when each begins, in seconds since 1970."""

    def _friends_in(self, told: Sequence[str]) -> set[str]:
        return {who.email for who in self.people if any(who.email in to for to in told)}


_CONFIG = """\
state = "state"

[me]
name = "Robin Park"
timezone = "Europe/Amsterdam"
news = [{ text = "I moved to the data team.", from = 2026-09-01, until = 2027-09-01 }]

[[accounts]]
name = "home"
ACCOUNT

[rhythm]
goal = 60
open = 6

"""
