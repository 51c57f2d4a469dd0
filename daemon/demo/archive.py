"""Writes the sample mailbox to disk: two Maildirs, an older mbox, a calendar and a config. Reads and judges nothing."""

import errno
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

from daemon.demo.automatic import automatic
from daemon.demo.calendar import write_calendar
from daemon.demo.cast import ZONE
from daemon.demo.letters import correspondence
from daemon.demo.noise import noise
from daemon.demo.stanzas import write_config
from daemon.demo.times import next_morning
from daemon.demo.wire import Letter, render

_ARCHIVED: Final = timedelta(days=1000)
_UNREAD: Final = 3


@dataclass(frozen=True, slots=True)
class Demo:
    """A sample mailbox on disk.

    `config` is its config file. `clock` (aware UTC) is the instant at which to try it: ten o'clock in its zone on the
    next working day. `drafts` is the Maildir that the config names for drafts; it does not exist yet.
    """

    config: Path
    clock: datetime
    drafts: Path


def build(folder: Path, now: datetime) -> Demo:
    """Write the sample mailbox into `folder` (made if missing), as of the first working morning after `now` (aware).

    The same morning gives the same bytes in the same files. Nothing is newer than four days before that morning.

    Raises:
        FileExistsError: `folder` already holds one of the files; nothing was written.
        OSError: it cannot be written there.
    """
    mail, mbox = folder / "Mail", folder / "archive.mbox"
    calendar, config = folder / "calendar.ics", folder / "config.toml"
    for path in (mail, mbox, calendar, config):
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    clock = next_morning(now)
    today = clock.astimezone(ZONE).date()
    recent, old = _divide(_letters(today), clock - _ARCHIVED)
    _write_maildir(mail / "Sent", [letter for letter in recent if letter.mine])
    _write_maildir(mail / "INBOX", [letter for letter in recent if not letter.mine])
    mbox.write_bytes(b"".join(_mbox_entry(letter) for letter in old))
    calendar.write_bytes(write_calendar(today, clock))
    config.write_bytes(write_config(today))
    return Demo(config=config, clock=clock, drafts=mail / "Drafts")


def _letters(today: date) -> list[Letter]:
    personal = list(correspondence(today))
    letters = [*personal, *noise(today), *automatic(today, personal)]
    return sorted(letters, key=lambda letter: (letter.at, letter.message_id))


def _divide(letters: Iterable[Letter], until: datetime) -> tuple[list[Letter], list[Letter]]:
    """Return the letters since `until`, and those before it."""
    recent: list[Letter] = []
    old: list[Letter] = []
    for letter in letters:
        (old if letter.at < until else recent).append(letter)
    return recent, old


def _write_maildir(folder: Path, letters: list[Letter]) -> None:
    """Write `letters` (oldest first) as a Maildir; the newest few received ones are still unread."""
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    newest = len(letters) - _UNREAD
    for number, letter in enumerate(letters):
        unread = number >= newest and not letter.mine
        name = f"{int(letter.at.timestamp())}.M{number:06}P1.demo"
        place = f"new/{name}" if unread else f"cur/{name}:2,{'ST' if letter.trashed else 'S'}"
        with open(f"{folder}/{place}", "xb", buffering=0) as file:  # noqa: PTH123 -- half the time of Path.write_bytes
            file.write(render(letter))


def _mbox_entry(letter: Letter) -> bytes:
    """Return one message as Google Takeout writes it: mboxrd, with Gmail's labels."""
    labels = letter.label or ("Sent,Opened" if letter.mine else "Inbox,Opened")
    raw = f"X-Gmail-Labels: {labels}\n".encode() + render(letter)
    lines: Iterator[bytes] = (
        b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in raw.split(b"\n")
    )
    separator = f"From {letter.sender.email} {letter.at.astimezone(UTC):%a %b %d %H:%M:%S %Y}\n".encode()
    return separator + b"\n".join(lines) + b"\n"
