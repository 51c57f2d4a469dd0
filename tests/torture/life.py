"""A life with auld: commands as they are typed, and in between what the user and their friends do.

What comes out of it is a list of sights, one after each command: all that a user can see, less what is drawn by chance
(keys, file names). A life that was disturbed must show the same sights as one that was not.
"""

import io
import json
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.utils import format_datetime, parseaddr
from pathlib import Path
from typing import Any

from daemon.cli import main
from daemon.cli.drafting import record_json
from daemon.cli.options import Options
from daemon.cli.people import due_json, person_json
from daemon.cli.session import Session
from daemon.cli.told import look_at
from daemon.cli.whyjson import why_json
from tests.torture.archive import ROBIN, START, Archive, Friend, friends

BY_CHANCE = frozenset({"key", "in_reply_to"})


@dataclass(frozen=True, slots=True)
class Lying:
    """A message in the Drafts folder."""

    path: Path
    message: Message

    @property
    def to(self) -> str:
        return parseaddr(str(self.message["To"]))[1]

    @property
    def key(self) -> str:
        return str(self.message["Message-ID"]).strip("<>")

    @property
    def told(self) -> tuple[str, str, str, str]:
        """What of it is not chance."""
        return self.to, str(self.message["Date"]), str(self.message["Subject"]), str(self.message.get_payload())


@dataclass(slots=True)
class Life:
    """One archive, its people, and auld over it."""

    archive: Archive
    people: Sequence[Friend]
    made: dict[tuple[str, str], set[str]] = field(default_factory=dict)  # (to, date) -> keys ever seen in Drafts
    own: set[str] = field(default_factory=set)  # keys of what the user wrote

    @property
    def home(self) -> Path:
        return self.archive.home

    @property
    def state(self) -> Path:
        return self.home / "state"

    def friend(self, email: str) -> Friend:
        return next(who for who in self.people if who.email == email)

    def lying(self) -> list[Lying]:
        """Return what lies in Drafts, by recipient."""
        paths = [path for part in ("cur", "new") for path in (self.archive.drafts / part).glob("*")]
        found = [Lying(path, message_from_bytes(path.read_bytes())) for path in paths]
        return sorted(found, key=lambda one: one.told)

    def watch(self) -> None:
        """Hold what must hold at any instant: the state can be read, and nobody was ever given two drafts for one."""
        ours = [one for one in self.lying() if one.key not in self.own]
        for one in ours:
            keys = self.made.setdefault(one.told[:2], set())
            keys.add(one.key)
            assert len(keys) == 1, f"a second draft to {one.to}"
        waiting = [one.to for one in ours]
        assert len(set(waiting)) == len(waiting), f"two drafts wait for one person: {waiting}"
        if self.state.exists():
            code, _, said = auld(self.home, START, "drafts", "--json")
            assert (code, said) == (0, ""), (code, said)

    def assert_tidy(self) -> None:
        """Hold what must hold when a command came to its end: no litter, nothing set aside."""
        assert [path.name for path in self.state.iterdir() if path.suffix == ".tmp" or path.name == "purging"] == []
        assert not (self.state / "quarantine").exists()
        assert list((self.archive.drafts / "tmp").glob("*")) == []

    def sight(self, now: datetime) -> dict[str, Any]:
        """Return all that the commands would print at `now`, by the same functions but in one go."""
        session = Session(Options(config=str(self.home / "config.toml"), now=now))
        complaints = io.StringIO()
        with redirect_stderr(complaints), session.state() as state:
            view = session.overview(state)
            rows = view.table(everybody=True, word=None)
            seen: dict[str, Any] = {
                "people": [person_json(row) for row in rows],
                "due": [due_json(one) for one in view.due()],
                "drafts": [record_json(one) for one in state.drafts],
                "notes": [(one.id, one.name, one.wish, one.text, bool(one.used_by)) for one in state.notes],
                "meetings": [(one.name, one.at, one.how) for one in state.mets],
            }
            for row in rows:
                if row.standing.person.name in _EXPLAINED:
                    seen[f"why {row.standing.person.name}"] = why_json(look_at(state, view, row))
        assert complaints.getvalue() == ""
        return self._with_drafts(seen)

    def answers(self, now: datetime) -> dict[str, Any]:
        """Return what the commands do print at `now`."""
        seen = {name: ask(self.home, now, *words) for name, words in _QUESTIONS.items()}
        for one in seen["people"]:
            if one["name"] in _EXPLAINED:
                seen[f"why {one['name']}"] = ask(self.home, now, "why", one["emails"][0], "--json")
        return self._with_drafts(seen)

    def _with_drafts(self, seen: dict[str, Any]) -> dict[str, Any]:
        seen = {name: _without_chance(told) for name, told in seen.items()}
        seen["drafts"].sort(key=lambda one: (str(one["created_at"]), one["to"], one["subject"]))
        return {**seen, "lying": [one.told for one in self.lying()]}

    # -- what the user does ----------------------------------------------------------------------------------------

    def edit(self, one: Lying) -> None:
        """Change a draft where it lies."""
        one.path.write_bytes(one.path.read_bytes() + b"\nP.S. The sea is blue.\n")

    def rewrite(self, one: Lying) -> None:
        """Change a draft as some mail programs do: a new file with a new Message-ID in place of the old one."""
        raw = one.path.read_bytes().replace(one.key.encode(), f"rewritten.{len(self.own)}@example.com".encode())
        self.own.add(f"rewritten.{len(self.own)}@example.com")
        one.path.with_name(f"{int(START.timestamp())}.W{len(self.own)}.example:2,DS").write_bytes(raw + b"\nP.S.\n")
        one.path.unlink()

    def send(self, one: Lying, at: datetime) -> None:
        """Send a draft: the mail program dates it anew and files it in Sent."""
        del one.message["Date"]
        one.message["Date"] = format_datetime(at)
        self.archive.deliver(self.archive.sent, at, one.message.as_bytes())
        one.path.unlink()

    def write_own(self, who: Friend, at: datetime) -> None:
        """Begin a mail without auld."""
        key = f"own.{len(self.own)}@example.com"
        self.own.add(key)
        raw = f"Date: {format_datetime(at)}\nFrom: {ROBIN}\nTo: {who.email}\nSubject: \nMessage-ID: <{key}>\n\nDear\n"
        path = self.archive.drafts / "cur" / f"{int(at.timestamp())}.O{len(self.own)}.example:2,DS"
        path.write_bytes(raw.encode())


_EXPLAINED = frozenset({"Ana Abrahams", "Carl Castellano", "Fred Fitzgerald", "Hugo Halvorsen", "Kira Kristensen"})
_QUESTIONS: Mapping[str, Sequence[str]] = {
    "people": ("people", "--all", "--json"),
    "due": ("due", "--json"),
    "drafts": ("drafts", "--json"),
    "notes": ("note", "--list", "--json"),
}


def _without_chance(told: Any) -> Any:
    if isinstance(told, list):
        return [_without_chance(one) for one in told]
    if isinstance(told, dict):
        return {key: _without_chance(value) for key, value in told.items() if key not in BY_CHANCE}
    return told


def auld(home: Path, now: datetime, *words: str) -> tuple[int, str, str]:
    """Run a command in this process; return its exit code and what it printed and said."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with redirect_stdout(out), redirect_stderr(err):
        try:
            main(["--config", str(home / "config.toml"), "--now", now.isoformat(), *words])
        except SystemExit as end:
            code = int(end.code or 0)
    return code, out.getvalue(), err.getvalue()


def ask(home: Path, now: datetime, *words: str) -> Any:
    """Return what a command tells as JSON; it must have nothing to complain about."""
    code, out, err = auld(home, now, *words)
    assert (code, err) == (0, ""), (words, code, err)
    return json.loads(out)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens: a command, or something in the world, `after` START.

    `fine` are the exit codes of a command that came to its end. `done` are words of its complaint when it is typed
    again after it was killed too late to matter. `once`: typed again it would do its work again, so whoever was cut
    off looks first whether it is done.
    """

    after: timedelta
    words: tuple[str, ...] = ()
    act: Callable[[Life, datetime], None] | None = None
    fine: tuple[int, ...] = (0,)
    done: str = ""
    once: bool = False

    @property
    def now(self) -> datetime:
        return START + self.after


def begin(home: Path, mails: int, seed: int, *, old_after: int = 400, people: int = 20, waiting: int = 6) -> Life:
    """Write a new archive of about so many mails with so many people."""
    dice = random.Random(seed)
    home.mkdir(parents=True)
    archive, known = Archive(home), friends(dice)[:people]
    archive.build(known, mails, dice, old_after=old_after, waiting=waiting)
    return Life(archive, known)
