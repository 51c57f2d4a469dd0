"""A mail archive for torture: Maildirs, an mbox and a calendar of invented people, the same for the same dice.

It also lays new mail into them, as a provider's sync or the user would.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

ROBIN = "robin@example.com"
START = datetime(2026, 10, 5, 8, tzinfo=UTC)  # a Monday, ten o'clock in Amsterdam

_NAMES = (
    "Ana Abrahams", "Bela Bergstrom", "Carl Castellano", "Dora Dimitrov", "Emil Eriksson", "Fred Fitzgerald",
    "Gina Grunwald", "Hugo Halvorsen", "Ines Ibrahimovic", "Jose Jankowski", "Kira Kristensen", "Luis Lindholm",
    "Mona Morgenstern", "Nina Nakamura", "Omar Oliveira", "Pavel Petrovic", "Quinn Quintero", "Rosa Rasmussen",
    "Stig Sorensen", "Tara Takahashi",
)  # fmt: skip
_TOPICS = ("The garden", "Chess again", "Your talk", "The choir", "Old photos", "A recipe", "The bridge", "Lisbon")


@dataclass(frozen=True, slots=True)
class Friend:
    """An invented person: in touch about every `rhythm` days, last `silent` days before START."""

    name: str
    email: str
    rhythm: int
    silent: int
    every: str = ""


def friends(dice: random.Random) -> list[Friend]:
    """Return twenty people: eight listed, most of them due; of the others some are due by their own rhythm."""
    found = []
    for number, name in enumerate(_NAMES):
        email = f"{name.replace(' ', '.')}@example.{('org', 'net')[number % 2]}".lower()
        if number < 8:
            found.append(Friend(name, email, 40, 35 + 15 * number, "6 weeks"))
        else:
            rhythm = dice.randrange(12, 40)
            found.append(Friend(name, email, rhythm, rhythm * (7 if number % 2 else 1) + number))
    return found


class Archive:
    """The archive in `home`: `Mail/Sent`, `Mail/INBOX`, `Mail/Drafts`, `old.mbox`, `calendar.ics`, `config.toml`."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.sent, self.inbox, self.drafts = (home / "Mail" / name for name in ("Sent", "INBOX", "Drafts"))
        self.mbox, self.calendar = home / "old.mbox", home / "calendar.ics"
        self._serial = 0

    def build(self, people: Sequence[Friend], mails: int, dice: random.Random, *, old_after: int, waiting: int) -> None:
        """Write about so many mails, those older than `old_after` days into the mbox, and a meeting now and then.

        `waiting` is how many drafts may wait unsent.
        """
        for folder in (self.sent, self.inbox):
            for part in ("cur", "new", "tmp"):
                (folder / part).mkdir(parents=True)
        self.mbox.touch()
        events = []
        for who in people:
            ago, left = float(who.silent), mails // len(people)
            while left > 0:
                at = START - timedelta(days=ago, minutes=dice.randrange(200))
                topic = dice.choice(_TOPICS)
                mine = dice.random() < 0.5 or left == mails // len(people)
                old = ago > old_after
                thread = self.put(who, at, mine=mine, topic=topic, old=old)
                if dice.random() < 0.6:
                    self.put(who, at - timedelta(hours=5), mine=not mine, topic=topic, old=old, thread=thread)
                    left -= 1
                if dice.random() < 0.1:
                    events.append((who, at - timedelta(days=1)))
                left -= 1
                ago += max(3.0, who.rhythm * dice.uniform(0.7, 1.3))
        for number in range(mails // 10):
            self.put_newsletter(START - timedelta(days=3 + number))
        self.write_calendar(events)
        self.write_config(people, waiting)

    def put(
        self, who: Friend, at: datetime, *, mine: bool, topic: str, old: bool = False, thread: str = "", key: str = ""
    ) -> str:
        """Lay one mail into its folder, or at the end of the mbox if it is `old`; return its Message-ID."""
        self._serial += 1
        key = key or f"m{self._serial}.{int(at.timestamp())}@mail.example.com"
        me, them = f"Robin Park <{ROBIN}>", f"{who.name} <{who.email}>"
        sender, to = (me, them) if mine else (them, me)
        subject = f"Re: {topic}" if thread else topic
        more = f"In-Reply-To: <{thread}>\nReferences: <{thread}>\n" if thread else ""
        raw = (
            f"Date: {format_datetime(at)}\nFrom: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{key}>\n{more}"
            f"\nHello,\n\nall is well here.\n"
        ).encode()
        if old:
            with self.mbox.open("ab") as file:
                file.write(f"From {who.email} {at:%a %b %d %H:%M:%S %Y}\n".encode() + raw + b"\n")
        else:
            self.deliver(self.sent if mine else self.inbox, at, raw)
        return key

    def put_newsletter(self, at: datetime) -> None:
        """Lay a mail of nobody into the inbox."""
        raw = (
            f"Date: {format_datetime(at)}\nFrom: News <news@example.net>\nTo: {ROBIN}\nSubject: News\n"
            f"Message-ID: <n{int(at.timestamp())}@example.net>\nList-Id: <news.example.net>\n\nBuy.\n"
        ).encode()
        self.deliver(self.inbox, at, raw)

    def deliver(self, folder: Path, at: datetime, raw: bytes) -> Path:
        """Lay a message into a Maildir; the name tells when and the how-manieth."""
        self._serial += 1
        path = folder / "cur" / f"{int(at.timestamp())}.M{self._serial}P1.example:2,S"
        path.write_bytes(raw)
        return path

    def write_calendar(self, events: Sequence[tuple[Friend, datetime]], weekly_until: datetime | None = None) -> None:
        """Write the calendar anew: these meetings, an hour each, and a weekly lunch with the last one's guest."""
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN"]
        for number, (who, at) in enumerate(events):
            lines += _event(f"e{int(at.timestamp())}", at, who, "Lunch")
            if number == len(events) - 1 and weekly_until is not None:
                lines.insert(-1, f"RRULE:FREQ=WEEKLY;UNTIL={weekly_until:%Y%m%dT%H%M%SZ}")
        lines += ["END:VCALENDAR", ""]
        self.calendar.write_bytes("\r\n".join(lines).encode())

    def write_config(self, people: Sequence[Friend], waiting: int) -> None:
        """Write the config."""
        stanzas = [
            f'[[people]]\nname = "{who.name}"\nemails = ["{who.email}"]\nevery = "{who.every}"'
            for who in people
            if who.every
        ]
        (self.home / "config.toml").write_text(
            f"{_CONFIG}open = {waiting}\n\n" + "\n\n".join(stanzas) + "\n", encoding="utf-8"
        )


def _event(uid: str, at: datetime, who: Friend, title: str) -> list[str]:
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}@example.com",
        f"DTSTAMP:{START:%Y%m%dT%H%M%SZ}",
        f"DTSTART:{at:%Y%m%dT%H%M%SZ}",
        f"DTEND:{at + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{title}",
        f"ORGANIZER:mailto:{ROBIN}",
        f"ATTENDEE;PARTSTAT=ACCEPTED:mailto:{ROBIN}",
        f"ATTENDEE;CN={who.name};PARTSTAT=ACCEPTED:mailto:{who.email}",
        "END:VEVENT",
    ]


_CONFIG = f"""\
state = "state"

[me]
name = "Robin Park"
emails = ["{ROBIN}"]
timezone = "Europe/Amsterdam"
news = [{{ text = "I moved to the data team.", from = 2026-09-01, until = 2027-09-01 }}]

[[accounts]]
name = "home"
kind = "files"
sent = "Mail/Sent"
received = "Mail/INBOX"
drafts = "Mail/Drafts"

[[accounts]]
name = "archive"
kind = "files"
mail = "old.mbox"
calendar = "calendar.ics"

[rhythm]
goal = 20
"""
