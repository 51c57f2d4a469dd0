"""What is true of a generated world: who is a person, which addresses are theirs, when there was contact with them.

All of it is said by whoever makes a mail or a meeting, because they know why they made it. Nothing of auld is asked.
Moments are whole seconds since 1970 UTC.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import IntEnum
from typing import Final
from zoneinfo import ZoneInfo

DAY: Final = 86_400
ZONE: Final = ZoneInfo("Europe/Amsterdam")
NOW: Final = int(datetime(2026, 11, 24, 10, tzinfo=UTC).timestamp())  # a Tuesday, eleven o'clock in Amsterdam
DORMANT: Final = int(datetime(2021, 11, 24, 10, tzinfo=UTC).timestamp())  # NOW less five years
_CONTACT_DAYS: Final = 3


class How(IntEnum):
    """The kind of a contact; at one and the same moment the greater wins."""

    RECEIVED = 0
    MEETING = 1
    SENT = 2

    @property
    def word(self) -> str:
        """Its name in auld's JSON."""
        return self.name.lower()


@dataclass(eq=False, slots=True)
class Person:
    """Somebody. `kind` is the mess they were made for, `emails` every spelling of an address of theirs that is in use.

    First names that are right in a greeting, "" among them where no rule tells it: `greets` by the names they wrote
    under, `given` by those that others gave them, `called` by the name in ``[[people]]``, which goes before all.
    """

    kind: str
    name: str
    emails: set[str] = field(default_factory=set)
    greets: set[str] = field(default_factory=set)
    given: set[str] = field(default_factory=set)
    called: frozenset[str] | None = None
    contacts: list[tuple[int, How]] = field(default_factory=list)
    written: bool = False  # by me, and it counts
    alive: bool = False  # a counted mail from them, or a meeting they accepted or organised
    listed: bool = False
    ignored: bool = False
    dead: set[str] = field(default_factory=set)
    ahead: list[int] = field(default_factory=list)

    def sent(self, at: int) -> None:
        """Note a mail of mine that counts."""
        self.written = self._note(at, How.SENT) or self.written

    def received(self, at: int) -> None:
        """Note a mail of theirs that counts."""
        self.alive = self._note(at, How.RECEIVED) or self.alive

    def met(self, end: int, *, sign: bool = True) -> None:
        """Note a meeting that counts; `sign`: they accepted or organised it."""
        self.alive = (self._note(end, How.MEETING) and sign) or self.alive

    def _note(self, at: int, how: How) -> bool:
        assert at <= NOW, "a moment to come counts for nobody"
        self.contacts.append((at, how))
        return True

    @property
    def last(self) -> tuple[int, How] | None:
        """Their last contact."""
        return max(self.contacts, default=None)

    @property
    def greetings(self) -> frozenset[str]:
        """The first names by which it is right to greet them."""
        return self.called or frozenset(self.greets or self.given or {""})

    @property
    def days(self) -> int:
        """On how many days of the user's there was contact."""
        return len({datetime.fromtimestamp(at, ZONE).date() for at, _ in self.contacts})

    @property
    def state(self) -> str:
        """In what state auld should show them."""
        if self.listed:
            return "listed"
        last = self.last
        chosen = self.written and self.alive and self.days >= _CONTACT_DAYS and not self.ignored
        return "suggested" if chosen and last is not None and last[0] >= DORMANT else "quiet"


@dataclass(slots=True)
class Truth:
    """All that is true of a world. `nobody` tells of addresses that no person is behind, why not."""

    people: list[Person] = field(default_factory=list)
    nobody: dict[str, str] = field(default_factory=dict)
    mine: set[str] = field(default_factory=set)
    learned: set[str] = field(default_factory=set)

    def owners(self) -> Mapping[str, Person]:
        """Return whose each address is."""
        found: dict[str, Person] = {}
        for person in self.people:
            for email in person.emails:
                assert email not in self.nobody, f"{email} is somebody's and nobody's"
                assert email not in self.mine, f"{email} is somebody's and mine"
                assert found.setdefault(email, person) is person, f"{email} is two people's"
        return found

    def robot(self, why: str, emails: Iterable[str]) -> None:
        """Note that nobody is behind these addresses."""
        self.nobody.update(dict.fromkeys(map(str.lower, emails), why))
