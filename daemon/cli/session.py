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
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from daemon.cli.options import Options, UsageError
from daemon.cli.output import plain, say

if TYPE_CHECKING:
    from daemon.accounts import Accounts
    from daemon.overview import Overview, Row
    from daemon.settings import Settings
    from daemon.state import State
    from daemon.turn import Turn

_SHOWN: Final = 20  # of those whom a word fits


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
    """Return the one person that `wanted` (an address, or words of a name) means.

    Raises:
        UsageError: nobody, or more than one; the message lists them.
    """
    if not wanted.strip():
        raise UsageError("say who: an address, or part of a name")
    matches = overview.meant(wanted)
    if len(matches) == 1:
        return matches[0]
    shown = plain(wanted)
    if not matches:
        raise UsageError(_unknown(overview, wanted))
    lines = [f"  {_told(overview, row, wanted)}" for row in matches[:_SHOWN]]
    more = f"\n  and {len(matches) - _SHOWN} more" if len(matches) > _SHOWN else ""
    raise UsageError(f'"{shown}" fits {len(matches)} people; say it with an address:\n' + "\n".join(lines) + more)


def _told(overview: "Overview", row: "Row", wanted: str) -> str:
    person = row.standing.person
    other = plain(overview.also_called(row, wanted))
    also = f', also "{other}"' if other else ""
    return f"{plain(person.name) or '(no name)'} <{plain(', '.join(person.emails), 400)}>{also}"


def _unknown(overview: "Overview", wanted: str) -> str:
    """Return that nobody is meant, who may be, and how to tell auld of somebody it never saw."""
    text = wanted.strip()
    shown = plain(text)
    if (reason := overview.nobody(text)) is not None:
        return f'there is no person behind "{shown}" ({plain(reason)}); auld why {quote(shown)} says more'
    key = f'emails = ["{shown}"]' if "@" in text else f'name = "{shown}"'
    unseen = f"Whom auld never saw, name in [[people]] of the config: {key}"
    near = [
        f"{plain(person.name)} <{plain(person.emails[0])}>" if person.name and person.emails else plain(person.key)
        for person in (row.standing.person for row in overview.nearest(text))
    ]
    hint = f"did you mean {', '.join(near)}?" if near else "`auld people --all` lists everybody."
    return f'nobody is known as "{shown}"; {hint} {unseen}'
