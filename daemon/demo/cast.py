"""The people of the sample mailbox, their stories, and what the rules must make of each on any day of the year.

Only who they are is told here; how their mail and meetings look is told in `letters`, `noise` and `calendar`. Every
address lies in a domain reserved for examples (RFC 2606).

A story is told in days before the demo's own day, so that it is the same on every day it is played. The margins are
wide: whoever is meant to be due is so by weeks (P under 0.05), and whoever is not, is far from it (P over 0.2).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

ZONE: Final = ZoneInfo("Europe/Amsterdam")
ALWAYS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address, as they stand in a header."""

    name: str
    email: str


ROBIN: Final = Mailbox("Robin Park", "robin@example.com")
ROBIN_THEN: Final = Mailbox("Robin Park", "robin.park@old-job.example")
"""Robin at the old job. The config does not name this address: it must be learned from the Sent mail."""

CHANGED_JOBS: Final = 1_100
"""Days since Robin left the old job."""


class Fate(StrEnum):
    """What the rules must say of someone, on any day."""

    DUE = "due"
    HELD = "held"  # due, but no draft now
    NOT_YET = "not yet"
    QUIET = "quiet"  # never suggested


class Ending(StrEnum):
    """How the last exchange ended."""

    ANSWERED = "answered"  # Robin had the last word
    WAITING = "waiting"  # they opened a thread and Robin never answered
    MET = "met"  # in person, after a mail or two
    BOUNCED = "bounced"  # Robin's mail came back: no such address
    AWAY = "away"  # Robin's mail got nothing but a vacation reply


@dataclass(frozen=True, slots=True)
class Character:
    """One fictional person.

    `mailboxes` are their addresses, newest first, each with how many days ago it came into use. They and Robin are in
    touch about every `rhythm` days, from `since` days ago until `silent` days ago; the last exchange was about
    `topic`. `pool` names the subjects of the others. `work`: only on weekdays. `old_job`: known to Robin from there.
    `listed`: has a ``[[people]]`` entry. `because` is why `fate` must be so, by the rules.
    """

    name: str
    mailboxes: tuple[tuple[Mailbox, int], ...]
    rhythm: int
    silent: int
    since: int
    topic: str
    pool: str
    fate: Fate
    because: str
    ending: Ending = Ending.ANSWERED
    listed: bool = False
    work: bool = False
    old_job: bool = False

    def mailbox(self, ago: int) -> Mailbox:
        """Return the address in use `ago` days ago."""
        return next(mailbox for mailbox, began in self.mailboxes if ago <= began)

    @property
    def email(self) -> str:
        """Return the newest address."""
        return self.mailboxes[0][0].email


def _one(name: str, email: str) -> tuple[tuple[Mailbox, int], ...]:
    return ((Mailbox(name, email), ALWAYS),)


LISTED_PEOPLE: Final = (
    Character(
        "Lakshmi Hutchinson",
        (
            (Mailbox("Lakshmi Hutchinson", "lakshmi.hutchinson@example.org"), CHANGED_JOBS),
            (Mailbox("Lakshmi Hutchinson", "lakshmi@old-job.example"), ALWAYS),
        ),
        rhythm=38, silent=152, since=1750, topic="Your talk on build systems", pool="mentor",
        fate=Fate.DUE, because="mentors: every 3 months, silent for 152 days; since then only robots wrote",
        listed=True, work=True, old_job=True,
    ),
    Character(
        "Tomás Ferreira", _one("Tomás Ferreira", "tomas.ferreira@example.net"),
        rhythm=90, silent=75, since=1500, topic="The workshop in Porto", pool="mentor",
        fate=Fate.NOT_YET, because="mentors: every 3 months, and there is a lunch each month", listed=True,
    ),
    Character(
        "Greta Lindqvist", _one("Greta Lindqvist", "greta.lindqvist@example.com"),
        rhythm=42, silent=165, since=1500, topic="Invoice 2041", pool="client",
        fate=Fate.DUE, because="every 8 weeks, silent for 165 days; the review since then was declined",
        listed=True, work=True,
    ),
    Character(
        "田中 春翔", _one("田中 春翔", "haruto.tanaka@example.net"),
        rhythm=48, silent=24, since=1200, topic="Plans for the spring release", pool="client",
        fate=Fate.NOT_YET, because="clients: every 2 months, 24 days ago", listed=True, work=True,
    ),
    Character(
        "Amara Okafor", _one("Amara Okafor", "amara.okafor@example.org"),
        rhythm=19, silent=96, since=1700, topic="Photos from the Lisbon trip", pool="friend",
        fate=Fate.DUE, because="own rhythm of three weeks, silent for 96 days; the group mails since then do not count",
        listed=True,
    ),
    Character(
        "Mateo Rossi", _one("Mateo Rossi", "mateo.rossi@example.com"),
        rhythm=45, silent=63, since=1300, topic="The second-hand piano", pool="friend",
        fate=Fate.HELD, because="meeting", listed=True,
    ),
    Character(
        "Eun-ji Park", _one("Eun-ji Park", "eunji.park@example.com"),
        rhythm=8, silent=10, since=250, topic="Recipes for the weekend", pool="family",
        fate=Fate.HELD, because="unanswered", ending=Ending.WAITING, listed=True,
    ),
    Character(
        "Oskar Lindgren", _one("Oskar Lindgren", "oskar.lindgren@example.net"),
        rhythm=70, silent=130, since=1600, topic="Our old test bench", pool="colleague",
        fate=Fate.HELD, because="dead address", ending=Ending.BOUNCED, listed=True, work=True, old_job=True,
    ),
    Character(
        "Derek Stone", _one("Derek Stone", "derek.stone@example.net"),
        rhythm=45, silent=200, since=1200, topic="The parking dispute", pool="colleague",
        fate=Fate.HELD, because="muted", listed=True, work=True, old_job=True,
    ),
)  # fmt: skip

SUGGESTED_PEOPLE: Final = (
    Character(
        "René Dubois", _one("René Dubois", "rene.dubois@example.org"),
        rhythm=30, silent=118, since=1600, topic="Cycling to the coast", pool="friend",
        fate=Fate.DUE, because="own rhythm of a month, last met 118 days ago", ending=Ending.MET,
    ),
    Character(
        "Priya Raman",
        (
            (Mailbox("Priya Raman", "praman@example.org"), 500),
            (Mailbox("Priya", "priyaraman@example.net"), 900),
            (Mailbox("Priya Raman", "priya.raman@example.com"), 1300),
            (Mailbox("Priya Raman", "priya.raman+post@example.com"), ALWAYS),
        ),
        rhythm=38, silent=150, since=1650, topic="Your ceramics studio", pool="friend",
        fate=Fate.DUE, because="own rhythm of five weeks over all addresses, silent for 150 days",
    ),
    Character(
        "Sam Whitlock", _one("Sam Whitlock", "sam.whitlock@example.com"),
        rhythm=26, silent=72, since=1200, topic="Moving to Utrecht", pool="friend",
        fate=Fate.DUE, because="own rhythm of four weeks; wrote last, but more than 30 days ago", ending=Ending.WAITING,
    ),
    Character(
        "Clara Weiss", _one("Clara Weiss", "clara.weiss@example.net"),
        rhythm=28, silent=110, since=1000, topic="The allotment in spring", pool="friend",
        fate=Fate.DUE, because="own rhythm of four weeks, silent for 110 days; a vacation reply is no contact",
        ending=Ending.AWAY,
    ),
    Character(
        "Ben Castellanos", _one("Ben Castellanos", "ben.castellanos@example.com"),
        rhythm=42, silent=20, since=1200, topic="The climbing wall", pool="friend",
        fate=Fate.NOT_YET, because="own rhythm of six weeks, 20 days ago",
    ),
    Character(
        "Noor van den Berg", _one("Noor van den Berg", "noor.vandenberg@example.org"),
        rhythm=12, silent=8, since=600, topic="Choir on Thursday", pool="friend",
        fate=Fate.NOT_YET, because="own rhythm of two weeks, 8 days ago",
    ),
    Character(
        "Leila Haddad", _one("Leila Haddad", "leila.haddad@example.net"),
        rhythm=60, silent=40, since=1600, topic="Your thesis chapter", pool="friend",
        fate=Fate.NOT_YET, because="own rhythm of two months, 40 days ago",
    ),
    Character(
        "Yusuf Demir", _one("Yusuf Demir", "yusuf.demir@example.com"),
        rhythm=92, silent=97, since=1800, topic="The shared darkroom", pool="friend",
        fate=Fate.NOT_YET, because="own rhythm of three months: 97 days are nothing unusual",
    ),
    Character(
        "Chloe Bennett", _one("Chloe Bennett", "chloe.bennett@example.org"),
        rhythm=16, silent=6, since=900, topic="The sailing weekend", pool="friend",
        fate=Fate.NOT_YET, because="own rhythm of two weeks, 6 days ago",
    ),
    Character(
        "Marta Nowak",
        (
            (Mailbox("Marta Nowak", "marta.nowak@example.net"), CHANGED_JOBS),
            (Mailbox("Nowak, Marta", "marta@old-job.example"), ALWAYS),
        ),
        rhythm=100, silent=60, since=1750, topic="The reading group", pool="colleague",
        fate=Fate.NOT_YET, because="own rhythm of three months, 60 days ago", work=True, old_job=True,
    ),
)  # fmt: skip

QUIET_PEOPLE: Final = (
    Character(
        "Jonas Meyer", _one("Jonas Meyer", "jonas.meyer@team.example.org"),
        rhythm=7, silent=4, since=260, topic="The cache rewrite", pool="colleague",
        fate=Fate.QUIET, because="today's colleague: contact.ignore", work=True,
    ),
    Character(
        "Sofia Marino", _one("Sofia Marino", "sofia.marino@team.example.org"),
        rhythm=9, silent=5, since=260, topic="On call next month", pool="colleague",
        fate=Fate.QUIET, because="today's colleague: contact.ignore", work=True,
    ),
    Character(
        "Walter Quist", _one("Walter Quist", "walter.quist@example.net"),
        rhythm=50, silent=2000, since=2400, topic="The choir archive", pool="friend",
        fate=Fate.QUIET, because="no contact for more than five years",
    ),
    Character(
        "Piet de Vries", _one("Piet de Vries", "piet.devries@example.com"),
        rhythm=300, silent=340, since=700, topic="The boiler", pool="family",
        fate=Fate.QUIET, because="fewer than three contact days", work=True,
    ),
)  # fmt: skip

CAST: Final = (*LISTED_PEOPLE, *SUGGESTED_PEOPLE, *QUIET_PEOPLE)

CLUB: Final = tuple(
    Mailbox(f"{first} {last}", f"{first}.{last}@example.net".lower())
    for first, last in zip(
        ("Abel", "Bruna", "Cas", "Dilan", "Esra", "Floor", "Gijs", "Hanna", "Ilse", "Joris"),
        ("Adriaans", "Bakker", "Coelho", "Dogan", "Evers", "Franke", "Goossens", "Hoekstra", "Ivens", "Jansen"),
        strict=True,
    )
)
"""Members of the sailing club: they are on the group mails and on nothing else."""

STAFF: Final = tuple(
    Mailbox(f"{first} {last}", f"{first}.{last}@team.example.org".lower())
    for first in ("Ada", "Boris", "Carmen", "Dov", "Elif", "Farah", "Goran", "Hilde")
    for last in ("Abbott", "Brandt", "Cruz", "Dahl", "Eklund")
)
"""Forty people of Robin's new company: the all-hands."""


def named(name: str) -> Character:
    """Return the character of that name."""
    return next(who for who in CAST if who.name == name)


expect_due: Final = tuple(who.name for who in CAST if who.fate is Fate.DUE)
"""Due and not held, whatever the day."""

expect_held: Final[Mapping[str, str]] = {who.name: who.because for who in CAST if who.fate is Fate.HELD}
"""Due, but held back, by which rule: "meeting", "unanswered", "dead address" or "muted"."""
