"""Mail on this disk as a source: finds the folders, has their messages read, tells them in batches."""

import logging
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Final

from connectors.errors import Unavailable
from connectors.files.crew import Crew, processors
from connectors.files.cursor import State, read_cursor, write_cursor
from connectors.files.folders import Found, Root, find_stores
from connectors.files.jobs import BoxJob, MaildirJob, plan_job
from connectors.files.pieces import Piece
from connectors.mime.reading import MailMaker, Row
from connectors.types import Batch, Mail

log = logging.getLogger(__name__)

_BATCH: Final = 800
_MANY_MESSAGES: Final = 1500  # from here on worker processes are worth their start
_MANY_BYTES: Final = 8_000_000
_PROBLEMS_TOLD: Final = 20


class MailSource:
    """The mail below some roots. Nothing on the disk is ever changed."""

    def __init__(self, roots: Sequence[Root], left_out: Sequence[Path] = ()) -> None:
        """Read `roots`; `left_out` (the Drafts folder) is not read where it lies below them."""
        self._roots = tuple(roots)
        self._left_out = tuple(left_out)

    def changes(self, cursor: str | None, since: datetime | None) -> Iterator[Batch[Mail]]:
        """Yield mails that were not there at `cursor`; see `connectors.base.Source`.

        Raises:
            CursorExpired: the cursor is none of ours.
            Unavailable: a path does not exist, is no mail, or cannot be read; the others were read before.
        """
        states = read_cursor(cursor)
        found = find_stores(self._roots, self._left_out)
        reading = _Reading(found, states)
        with closing(reading.batches(None if since is None else int(since.timestamp() // 1))) as batches:
            yield from batches
        if reading.errors:
            raise Unavailable(" ".join(reading.errors))


class _Reading:
    """One call of `changes`."""

    def __init__(self, found: Found, states: dict[str, State]) -> None:
        self._maker = MailMaker()
        self.errors = list(found.errors.values())
        self._problems = list(found.problems)
        self._told = 0
        self._jobs: list[MaildirJob | BoxJob] = []
        # A folder that cannot be seen now keeps its state; one that is really gone loses it.
        self._states = {name: state for name, state in states.items() if found.missing(name)}
        for store in found.stores:
            state = states.get(store.name)
            try:
                self._jobs.append(plan_job(store, state))
            except OSError as err:
                self.errors.append(f"{store.path} cannot be read ({err.strerror}): give yourself the right to read it.")
            if state is not None:
                self._states[store.name] = state
        self._total = sum(job.total for job in self._jobs)
        self._done = dict.fromkeys(range(len(self._jobs)), 0)

    def batches(self, since: int | None) -> Iterator[Batch[Mail]]:
        rows: list[Row] = []
        finished = 0
        with Crew(self._crew_size()) as crew, closing(crew.run(self._pieces(since))) as results:
            for number, piece, result in results:
                finished = self._finish(finished, number)
                job = self._jobs[number]
                in_sent = job.store.root.in_sent
                if in_sent is not None:
                    result = ([(*row[:8], in_sent, *row[9:]) for row in result[0]], *result[1:])  # noqa: PLW2901
""" placeholder """
