"""A small mail archive on disk and auld over it, as a user has it: folders, a calendar, a config, commands.

Everything in it is dated from NOW. Commands run in this process, through the public door `daemon.cli.main`.
"""

import io
import json
import sys
from collections.abc import Collection
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from daemon.cli import main

NOW: Final = datetime(2026, 11, 24, 10, tzinfo=UTC)  # a Tuesday, eleven o'clock in Amsterdam
ROBIN: Final = "Robin Park <robin@example.com>"
ANA: Final = "Ana Lima <ana@example.org>"
BELA: Final = "Bela Kovacs <bela@example.net>"

MAIN_ACCOUNT: Final = """\
[[accounts]]
name = "archive"
kind = "files"
sent = "Mail/Sent"
received = "Mail/INBOX"
calendar = "calendar.ics"
drafts = "Mail/Drafts"
"""


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code, and what it put on stdout and on stderr."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def all(self) -> str:
        return self.out + self.err


def run(*words: str, stdin: str = "") -> Ran:
    """Run auld in this process; hold what every command must hold: it ends, and without a traceback."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err), patch.object(sys, "stdin", io.StringIO(stdin)):
        try:
            main(list(words))
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else 0
    ran = Ran(code, out.getvalue(), err.getvalue())
    assert "Traceback" not in ran.all, ran.all
    assert "should not have" not in ran.all, ran.all
    return ran


@dataclass(frozen=True)
class Draft:
    """A message in the Drafts folder."""

    path: Path

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.path.read_bytes(), policy=policy.default)

    @property
    def to(self) -> str:
        return parseaddr(str(self.message["To"]))[1]

    @property
    def key(self) -> str:
        return str(self.message["Message-ID"]).strip("<>")


def before(days: float, now: datetime = NOW) -> datetime:
    """Return the moment so many days before NOW."""
    return now - timedelta(days=days)


def after(*, days: float = 0, minutes: float = 0) -> datetime:
    """Return the moment so much after NOW."""
    return NOW + timedelta(days=days, minutes=minutes)


class Home:
    """A home folder: `Mail/Sent`, `Mail/INBOX`, `Mail/Drafts`, `calendar.ics`, `config.toml`, `state`."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.sent, self.inbox, self.drafts = (path / "Mail" / name for name in ("Sent", "INBOX", "Drafts"))
        self.config, self.state, self.calendar = path / "config.toml", path / "state", path / "calendar.ics"
        self.serial = 0
        self._events: list[str] = []

    def build(self) -> "Home":
        """Make the folders, an empty calendar and a config without people."""
        for folder in (self.sent, self.inbox):
            make_maildir(folder)
        self._write_calendar()
        self.configure()
        return self

    # -- what lies on the disk -------------------------------------------------------------------------------------

    def configure(self, extra: str = "", *, me: str = "", accounts: str = MAIN_ACCOUNT) -> None:
        """Write the config anew: `me` inside ``[me]`` (wins over the lines here), `extra` at its end."""
        lines = {"name": '"Robin Park"', "emails": '["robin@example.com"]', "timezone": '"Europe/Amsterdam"'}
        lines |= dict(line.split(" = ", 1) for line in me.splitlines())
        stanza = "\n".join(f"{key} = {value}" for key, value in lines.items())
        self.config.write_text(f'state = "state"\n\n[me]\n{stanza}\n\n{accounts}\n{extra}\n', encoding="utf-8")

    def wrote(self, to: str = ANA, at: datetime | float = 200, **how: str) -> str:
        """Lay a mail of Robin's into Sent; return its Message-ID. A number for `at` is days before NOW."""
        return self.lay(self.sent, how.pop("sender", ROBIN), to, at, **how)

    def got(self, sender: str = ANA, at: datetime | float = 200, **how: str) -> str:
        """Lay a mail to Robin into INBOX; return its Message-ID."""
        return self.lay(self.inbox, sender, how.pop("to", ROBIN), at, **how)

    def lay(
        self, folder: Path, sender: str, to: str, at: datetime | float, *, subject: str = "The sea", key: str = "",
        more: str = "", body: str = "Hello,\n\nall is well here.\n",
    ) -> str:  # fmt: skip
        """Lay a mail into a Maildir; `more` are further header lines."""
        self.serial += 1
        at = at if isinstance(at, datetime) else before(at)
        key = key or f"m{self.serial}@mail.example.com"
        head = f"Date: {format_datetime(at)}\nFrom: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{key}>\n{more}"
        name = f"{int(at.timestamp())}.M{self.serial}P1.example:2,S"
        (folder / "cur" / name).write_text(f"{head}\n{body}", encoding="utf-8")
        return key

    def friend(self, who: str = ANA, *, silent: float = 200, rhythm: float = 50, times: int = 3) -> None:
        """Let Robin and somebody write each other so many times, the last of it `silent` days ago by Robin."""
        for turn in range(times):
            ago = silent + turn * rhythm
            self.got(who, ago + 1, subject=f"Letter {turn}")
            self.wrote(who, ago, subject=f"Re: Letter {turn}")

    def meet(self, who: str, at: datetime, *more: str, answer: str = "ACCEPTED", title: str = "Lunch") -> None:
        """Put a meeting of an hour into the calendar, organised by Robin; `more` are further lines of the event."""
        name, email = parseaddr(who)
        self._events += [
            "BEGIN:VEVENT",
            f"UID:e{len(self._events)}@example.com",
            f"DTSTAMP:{before(400):%Y%m%dT%H%M%SZ}",
            f"DTSTART:{at:%Y%m%dT%H%M%SZ}",
            f"DTEND:{at + timedelta(hours=1):%Y%m%dT%H%M%SZ}",
            f"SUMMARY:{title}",
            "ORGANIZER:mailto:robin@example.com",
            "ATTENDEE;PARTSTAT=ACCEPTED:mailto:robin@example.com",
            f"ATTENDEE;CN={name};PARTSTAT={answer}:mailto:{email}",
            *more,
            "END:VEVENT",
        ]
        self._write_calendar()

    def _write_calendar(self) -> None:
        lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//EN", *self._events, "END:VCALENDAR", ""]
        self.calendar.write_bytes("\r\n".join(lines).encode())

    def lying(self) -> list[Draft]:
        """Return what lies in Drafts, oldest file name first."""
        return [Draft(path) for part in ("cur", "new") for path in sorted((self.drafts / part).glob("*"))]

    def kept(self) -> bytes:
        """Return every byte of the state folder."""
        return b"\n".join(path.read_bytes() for path in sorted(self.state.rglob("*")) if path.is_file())

    # -- what the user does in the mail client ---------------------------------------------------------------------

    def begin(self, to: str) -> None:
        """Begin a mail without auld: a draft of the user's own."""
        make_maildir(self.drafts)
        self.lay(self.drafts, ROBIN, to, 0, subject="")

    def rewrite(self, draft: Draft, at: datetime, key: str = "rewritten@client.example") -> None:
        """Change a draft as many mail clients do: a new file, a new Message-ID, a new Date; the old file goes."""
        message = draft.message
        for name, value in (("Message-ID", f"<{key}>"), ("Date", format_datetime(at))):
            del message[name]
            message[name] = value
        message.set_content("Changed by hand.\n")
        name = f"{int(at.timestamp())}.R{key[:4]}P9.example:2,D"
        (self.drafts / "cur" / name).write_bytes(message.as_bytes())
        draft.path.unlink()

    def send(self, draft: Draft, at: datetime, key: str = "") -> None:
        """Send a draft: it moves into Sent, under its own Message-ID or another."""
        message = draft.message
        del message["Date"]
        message["Date"] = format_datetime(at)
        if key:
            del message["Message-ID"]
            message["Message-ID"] = f"<{key}>"
        self.serial += 1
        name = f"{int(at.timestamp())}.S{self.serial}P9.example:2,S"
        (self.sent / "cur" / name).write_bytes(message.as_bytes())
        draft.path.unlink()

    # -- auld ------------------------------------------------------------------------------------------------------

    def run(self, *words: str, now: datetime = NOW, code: int | Collection[int] = 0, stdin: str = "") -> Ran:
        """Run a command over this home; it must end with (one of) `code`."""
        ran = run("--config", str(self.config), "--now", now.isoformat(), *words, stdin=stdin)
        assert ran.code in ([code] if isinstance(code, int) else code), (words, ran)
        return ran

    def ask(self, *words: str, now: datetime = NOW, code: int = 0) -> Any:
        """Return what a command says as JSON."""
        return self.run(*words, "--json", now=now, code=code).json

    def person(self, who: str, now: datetime = NOW) -> dict[str, Any]:
        """Return the entry of `auld people --all` that holds an address."""
        found = [one for one in self.ask("people", "--all", now=now) if who in one["emails"]]
        assert len(found) == 1, (who, found)
        return dict(found[0])

    def due(self, now: datetime = NOW) -> list[str]:
        """Return the names of those due and not held."""
        return [one["name"] for one in self.ask("due", now=now)]

    def statuses(self, now: datetime = NOW) -> list[str]:
        """Return the status of each draft, newest first."""
        return [one["status"] for one in self.ask("drafts", now=now)]


def make_maildir(folder: Path) -> None:
    """Make an empty Maildir."""
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True, exist_ok=True)


def listed(*names: str, every: str = "1 month", more: str = "") -> str:
    """Return ``[[people]]`` stanzas for people with an address at example.org, as in "Ana Lima"."""
    return "\n".join(
        f'[[people]]\nname = "{name}"\nemails = ["{name.split()[0].lower()}@example.org"]\nevery = "{every}"\n{more}\n'
        for name in names
    )
