"""One run of a command: its config, clock and state, opened when asked for."""

import logging
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from daemon.cli.options import Options, UsageError
from daemon.cli.output import plain, say

if TYPE_CHECKING:
    from daemon.accounts import Accounts
    from daemon.overview import Overview, Row
    from daemon.settings import Settings
    from daemon.state import State
    from daemon.turn import Turn


class Session:
    """What a command works with. Everything is read at most once."""

    def __init__(self, options: Options) -> None:
        self.options = options
        # Only auld's own words at DEBUG: libraries for signing in put tokens into theirs.
        logging.basicConfig(stream=sys.stderr, level=logging.ERROR, format="%(levelname)s %(name)s: %(message)s")
        for room in ("daemon", "connectors"):
            logging.getLogger(room).setLevel(logging.DEBUG if options.verbose else logging.NOTSET)

    def clock(self) -> datetime:
        """Return now: the given one, else the machine's, in UTC."""
        return self.options.now or datetime.now(UTC)

    @cached_property
    def now(self) -> datetime:
        """The instant this command takes for now."""
        return self.clock()

    @cached_property
    def config_path(self) -> Path:
        """Where the config lies."""
        from daemon.config import find_config  # noqa: PLC0415

        return find_config(self.options.config, os.environ)

    @cached_property
    def settings(self) -> "Settings":
        """The config.

        Raises:
            ConfigError: it cannot be read or is wrong.
        """
        from daemon.config import load  # noqa: PLC0415

        return load(self.config_path)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The user's time zone."""
        from daemon.settings import zone  # noqa: PLC0415

        return zone(self.settings)

    @cached_property
    def folder(self) -> Path:
        """Where the state lies."""
        from daemon.config import find_state  # noqa: PLC0415

        return find_state(self.options.state, self.settings, os.environ)

    @cached_property
    def accounts(self) -> "Accounts":
        """The enabled accounts, opened.

        Raises:
            SettingsError: a stanza cannot work.
        """
        from daemon.accounts import open_accounts  # noqa: PLC0415

        return open_accounts(self.settings, self.folder, self.clock)

    @contextmanager
    def state(self, *, write: bool = False) -> "Iterator[State]":
        """Open the state; tells what the store has to say of it."""
        from daemon.state import State  # noqa: PLC0415

        settings, folder = self.settings, self.folder  # a wrong config is told before the state is touched
        del settings
        with State.open(folder, write=write, clock=self.clock) as state:
            for notice in state.store.notices:
                say(f"auld: {notice}")
            yield state

    def turn(self, state: "State") -> "Turn":
        """Return what a round works with."""
        from daemon.turn import Turn  # noqa: PLC0415

        return Turn(state, self.settings, self.accounts, self.now, self.zone)

    def overview(self, state: "State") -> "Overview":
        """Return everybody and how they stand."""
        from daemon.overview import survey  # noqa: PLC0415

        return survey(state, self.settings, self.accounts.taking_drafts(), self.now, self.zone)


def pick(overview: "Overview", wanted: str) -> "Row":
    """Return the one person that `wanted` (an address, or part of a name) means.

    Raises:
        UsageError: nobody, or more than one; the message lists them.
    """
    text = " ".join(wanted.casefold().split())
    if not text:
        raise UsageError("say who: an address, or part of a name")
    rows = overview.rows
    matches = [row for row in rows if text in row.standing.person.emails]
    matches = matches or [row for row in rows if row.standing.person.name.casefold() == text]
    matches = matches or [row for row in rows if text in row.standing.person.name.casefold()]
    if not matches and "@" not in text:
        matches = [row for row in rows if any(text in email for email in row.standing.person.emails)]
    if len(matches) == 1:
        return matches[0]
    shown = plain(wanted)
    if not matches and (reason := overview.nobody(text)) is not None:
        raise UsageError(f'there is no person behind "{shown}" ({plain(reason)}); auld why {quote(shown)} says more')
    if not matches:
        near = overview.nearest(text)
        hint = (
            f"; did you mean {', '.join(plain(name) for name in near)}?"
            if near
            else "; `auld people --all` lists everybody"
        )
        raise UsageError(f'nobody is known as "{shown}"{hint}')
    lines = [
        f"  {plain(row.standing.person.name) or '(no name)'} <{plain(', '.join(row.standing.person.emails))}>"
        for row in matches[:20]
    ]
    more = f"\n  and {len(matches) - 20} more" if len(matches) > 20 else ""  # noqa: PLR2004
    raise UsageError(f'"{shown}" fits {len(matches)} people; say it with an address:\n' + "\n".join(lines) + more)
