"""A world under construction: its people, their mail and meetings, and what is true of them.

Whoever adds a mail says for whom it counts; the usual cases have a usual answer: a letter counts for its sender, and
one of mine for all it is addressed to.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tests.quality.agenda import Agenda, invite, organiser, utc_stamp
from tests.quality.names import Form, Name, Names, forms
from tests.quality.post import Box, Post, mailbox
from tests.quality.truth import DAY, NOW, Person, Truth

SPAN: Final = 5 * 365 - 10
"""Days back from now within which most of it happens: all of it inside the five years of ``rhythm.dormant``."""

ME: Final = {"home": ("Robin Park", "robin@example.com"), "work": ("Robin Park", "robin.park@work.example")}
SENT: Final = {"home": "home/Sent", "work": "work/Sent"}
INBOX: Final = {"home": "home/Inbox", "work": "work/Received"}
MIXED: Final = "home/All mail.mbox"
"""A Takeout archive: its mails need a label."""
MAILDIR: Final = "work/INBOX/"
_DOMAINS: Final = (
    "northlab.example", "fernhill.example", "oakworks.example", "rivertown.example", "mail.example.org",
    "post.example.net", "studio9.example", "bluepeak.example", "lumen.example", "quarry.example", "example.org",
    "example.net", "delta-print.example", "aster.example",
)  # fmt: skip
_OFFSETS: Final = (0, 60, 120, -300, -480, 330)
MAX_PEOPLE: Final = 6


@dataclass(eq=False, slots=True)
class Address:
    """One mailbox of somebody: how they write their name there, and in what spellings its address is written."""

    email: str
    owner: Person
    usual: Form
    forms: Sequence[Form | None]
    account: str
    offset: int
    spellings: Sequence[str] = ()
    written: list[str] = field(default_factory=list)  # Message-IDs of the thread that is under way


class World:
    """All of it, and the ways to add to it. `dice` decides everything that is left open."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.seed = seed
        self.names = Names(self.dice)
        self.post = Post(self.dice)
        self.agenda = Agenda()
        self.truth = Truth()
        self.entries: list[str] = []
        self.friends: list[Address] = []  # who may turn up in any mess: one address, a name as it is
        self.truth.mine.update(email for _, email in ME.values())

    # -- people ----------------------------------------------------------------------------------------------------

    def person(self, kind: str, name: Name) -> Person:
        """Add somebody."""
        person = Person(kind, name.full)
        self.truth.people.append(person)
        return person

    def address(
        self, owner: Person, name: Name, *styles: str, local: str = "", email: str = "", domain: str = "",
        spellings: Sequence[str] = (), account: str = "",
    ) -> Address:  # fmt: skip
        """Give somebody an address, under which they write their name in these styles ("none": without a name)."""
        local = local or self.dice.choice(("first.last", "flast", "first", "firstlast"))
        email = email or f"{self.names.local(name, local)}@{domain or self.dice.choice(_DOMAINS)}"
        written = forms(name)
        account = account or self.dice.choice(("home", "home", "work"))
        told = [written[style] if style != "none" else None for style in styles or ("usual",)]
        return Address(email, owner, written["usual"], told, account, self.dice.choice(_OFFSETS), spellings)

    def newcomer(self, kind: str, *styles: str, local: str = "", domain: str = "", account: str = "") -> Address:
        """Add somebody new with one address."""
        name = self.names.name()
        return self.address(self.person(kind, name), name, *styles, local=local, domain=domain, account=account)

    def friend(self) -> Address:
        """Return somebody who writes under their usual name, from one address."""
        return self.dice.choice(self.friends)

    def some(self, count: int) -> list[Address]:
        """Return so many friends."""
        return self.dice.sample(self.friends, count)

    def by(self, one: Address, form: Form | None = None) -> str:
        """Return a From of theirs; `form` is how they write their name, if not in one of the ways they usually do."""
        form = form or (one.forms[0] if len(one.forms) == 1 else self.dice.choice(one.forms))
        if form is not None:
            one.owner.greets |= form.greets
        return mailbox(form.text if form is not None else "", self.spell(one), self.dice.randrange(6))

    def to(self, people: Iterable[Address], *, bare: bool = False) -> str:
        """Return a To or Cc of other people; those that write without a name are called by none."""
        return ", ".join([self._called(one, bare=bare) for one in people])

    def _called(self, one: Address, *, bare: bool) -> str:
        if bare or None in one.forms:
            return mailbox("", self.spell(one), 1)
        one.owner.given |= one.usual.greets
        return mailbox(one.usual.text, self.spell(one), 1)

    def spell(self, one: Address) -> str:
        """Return an address of theirs as it is written this time; it is in use from now on."""
        email = self.dice.choice(one.spellings) if one.spellings else one.email
        one.owner.emails.add(email.lower())
        return email

    def me(self, account: str) -> str:
        """Return my From or To."""
        return mailbox(*ME[account])

    # -- time ------------------------------------------------------------------------------------------------------

    def ago(self, days: float) -> int:
        """Return the moment so many days before now."""
        return NOW - int(days * DAY)

    def past(self, newest: float = 2, oldest: float = SPAN) -> int:
        """Return a moment between so many days ago."""
        return NOW - self.dice.randrange(int(newest * DAY), int(oldest * DAY))

    # -- mail ------------------------------------------------------------------------------------------------------

    def wrote(
        self, to: Sequence[Address], at: int, *, cc: Sequence[Address] = (), counts: Iterable[Person] | None = None,
        thread: list[str] | None = None, box: Box = "", extra: str = "", me: str = "", account: str = "", **how: Any,
    ) -> str:  # fmt: skip
        """Write a mail of mine; it counts for everybody on it, unless `counts` says for whom. `extra` stands on To."""
        everybody = dict.fromkeys(one.owner for one in (*to, *cc))
        assert counts is not None or len(everybody) <= MAX_PEOPLE
        account = account or to[0].account
        key = self.post.put(
            box or SENT[account], at, sender=me or self.me(account),
            to=", ".join(part for part in (self.to(to), extra) if part), cc=self.to(cc),
            refs=tuple(thread or ()), **{"received": None, "filed": 0, **how},
        )  # fmt: skip
        if thread is not None:
            thread.append(key)
        for person in everybody if counts is None else counts:
            person.sent(min(at, NOW))
        return key

    def got(
        self, by: Address, at: int, *, to: Sequence[Address] = (), cc: Sequence[Address] = (), counts: bool = True,
        thread: list[str] | None = None, box: Box = "", extra: str = "", me: str | None = None,
        form: Form | None = None, sender: str = "", moment: int | None = None, **how: Any,
    ) -> str:  # fmt: skip
        """Receive a mail; it counts for its sender unless `counts` is False. `moment`: when it counts, if not `at`.

        `me` is how I stand on To, "" if I do not; `extra` is further text of To; `sender` is a From not their own.
        """
        mine = self.me(by.account) if me is None else me
        key = self.post.put(
            box or INBOX[by.account], at, sender=sender or self.by(by, form), offset=by.offset,
            to=", ".join(part for part in (mine, self.to(to), extra) if part), cc=self.to(cc),
            refs=tuple(thread or ()), **how,
        )  # fmt: skip
        if thread is not None:
            thread.append(key)
        if counts:
            by.owner.received(at if moment is None else moment)
        return key

    def robot(self, why: str, sender: str, email: str, at: int, *, account: str = "", to: str = "", **how: Any) -> str:
        """Receive a mail that nobody is behind."""
        self.truth.robot(why, [email])
        account = account or self.dice.choice(("home", "work"))
        box = how.pop("box", INBOX[account])
        return self.post.put(box, at, sender=mailbox(sender, email), to=to or self.me(account), offset=0, **how)

    def exchange(self, one: Address, count: int, newest: float = 2, oldest: float = SPAN) -> None:
        """Let me and somebody write each other so many mails, in threads of a few."""
        dice = self.dice
        moments = sorted(self.past(newest, oldest) for _ in range(count))
        for at in moments:
            if len(one.written) > 4 or dice.random() < 0.3:
                one.written.clear()
            if dice.random() < 0.45:
                self.wrote([one], at, thread=one.written)
            else:
                self.got(one, at, thread=one.written)
        one.written.clear()

    def befriend(self, one: Address, newest: float = 20, oldest: float = SPAN) -> None:
        """Exchange what makes somebody fit to be suggested: mail both ways on three days."""
        at = self.past(newest, oldest - 60)
        for days in (20.1, 11.3, 0):
            self.wrote([one], at - int(days * DAY))
        self.got(one, at - 15 * DAY)

    # -- meetings --------------------------------------------------------------------------------------------------

    def meet(
        self, start: int, invited: Sequence[tuple[Address, str]], *, by: Address | None = None, mine: str = "ACCEPTED",
        counts: Iterable[Person] = (), signs: Iterable[Person] | None = None, minutes: int = 60,
        account: str = "home", calendars: Sequence[str] = (), uid: str = "", lines: Sequence[str] = (),
        times: tuple[str, str] | None = None, lasts: int | None = None, ahead: Iterable[Person] = (),
    ) -> str:  # fmt: skip
        """Enter a meeting; return its UID.

        Args:
            start: when it begins.
            invited: who, with the PARTSTAT of each ("" for none); rooms and the like come with `lines`.
            by: who organises it, None for me.
            mine: my PARTSTAT, "-" if I am not invited.
            counts: for whom it counts.
            signs: who of them gave a sign of life by it; None for all.
            minutes: how long it is.
            account: under which address I am invited.
            calendars: in which it stands; that of `account` if none is given.
            uid: its UID; "" for a new one.
            lines: further properties.
            times: the endings of DTSTART and DTEND, if they are not plain UTC.
            lasts: when it ends, if not `minutes` after `start`.
            ahead: for whom it is a meeting to come.
        """
        uid = uid or self.agenda.uid()
        end = start + minutes * 60 if lasts is None else lasts
        name, email = ME[account]
        head = [organiser(name, email) if by is None else organiser(by.usual.text, self.spell(by))]
        if mine != "-":
            head.append(invite(name, email, mine))
        for one, answer in invited:
            one.owner.given |= one.usual.greets
            head.append(invite(one.usual.text, self.spell(one), answer))
        if by is not None:
            by.owner.greets |= by.usual.greets
        for calendar in calendars or (account,):
            begins, ends = times or (f":{utc_stamp(start)}", f":{utc_stamp(end)}")
            self.agenda.put(calendar, uid, begins, ends, ["SUMMARY:Lunch", *head, *lines])
        counted = list(counts)
        for person in counted:
            person.met(end, sign=signs is None or person in signs)
        for person in ahead:
            person.ahead.append(start)
        return uid
