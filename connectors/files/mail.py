"""Mail on this disk as a source: finds the folders, has their messages read, tells them in batches."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from connectors.errors import Unavailable
from connectors.files.crew import Crew, processors
from connectors.files.cursor import State, read_cursor, write_cursor
from connectors.files.folders import Found, Root, find_stores
from connectors.files.jobs import Job, plan_job
from connectors.files.pieces import Piece, Result
from connectors.mime.reading import MailMaker
from connectors.types import Batch, Mail

log = logging.getLogger(__name__)

_BATCH: Final = 800
_MANY_MESSAGES: Final = 1500  # from here on worker processes are worth their start
_MANY_BYTES: Final = 8_000_000
_PROBLEMS_TOLD: Final = 20


class MailSource:
    """The mail below some roots. Nothing on the disk is ever changed."""

    def __init__(self, roots: Sequence[Root], left_out: Sequence[Path] = (), *, greetings: bool = False) -> None:
        """Read `roots`; `left_out` (the Drafts folder) is not read where it lies below them.

        `greetings`: see `connectors.base.Host`.
        """
        self._greetings = greetings
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
        reading = _Reading(found, states, greetings=self._greetings)
        yield from reading.batches(None if since is None else int(since.timestamp() // 1))
        if reading.errors:
            raise Unavailable(" ".join(reading.errors))


class _Reading:
    """One call of `changes`."""

    def __init__(self, found: Found, states: Mapping[str, State], *, greetings: bool) -> None:
        self.errors = list(found.errors.values())
        self._problems = list(found.problems)
        self._told = 0
        self._maker = MailMaker()
        self._jobs: list[Job] = []
        # A folder that cannot be seen now keeps its state; one that is really gone loses it.
        self._states = {name: state for name, state in states.items() if found.missing(name)}
        for store in found.stores:
            state = states.get(store.name)
            if state is not None:
                self._states[store.name] = state
            try:
                self._jobs.append(plan_job(store, state, greetings=greetings))
            except OSError as err:
                self.errors.append(f"{store.path} cannot be read ({err.strerror}): give yourself the right to read it.")
        self._total = sum(job.total for job in self._jobs)
        self._done = [0] * len(self._jobs)

    def batches(self, since: int | None) -> Iterator[Batch[Mail]]:
        """Yield what the jobs read, the last batch with the whole state."""
        mails: list[Mail] = []
        with Crew(self._crew_size()) as crew:
            for number, piece, result in crew.run(self._pieces(since)):
                self._note(number, piece, result)
                told = self._jobs[number].store.root.in_sent
                mails += [self._maker.to_mail(row, told) for row in result[0]]
                if len(mails) >= _BATCH:
                    yield self._batch(mails)
                    mails = []
        for job in self._jobs:
            self._keep(job.store.name, job.finish())
            self.errors += job.errors
        yield self._batch(mails)

    def _pieces(self, since: int | None) -> Iterator[tuple[int, Piece]]:
        for number, job in enumerate(self._jobs):
            for piece in job.pieces(since):
                yield number, piece

    def _note(self, number: int, piece: Piece, result: Result) -> None:
        job = self._jobs[number]
        self._done[number] = job.note(piece, result)
        self._keep(job.store.name, job.state)
        if not job.store.box:
            self._problems += [sentence for _, _, sentence in result[1] if sentence]

    def _keep(self, name: str, state: State | None) -> None:
        if state is None:
            self._states.pop(name, None)
        else:
            self._states[name] = state

    def _batch(self, mails: list[Mail]) -> Batch[Mail]:
        problems, self._problems = self._problems, []
        room = max(0, _PROBLEMS_TOLD - self._told)
        self._told += len(problems)
        more = len(problems) - room
        if more > 0:
            log.info("%d more messages could not be read", more)
            problems = [*problems[:room], f"{more} more messages or files could not be read."]
        return Batch(mails, write_cursor(self._states), (), sum(self._done), self._total, tuple(problems))

    def _crew_size(self) -> int:
        """Return how many worker processes this much reading is worth."""
        much = (
            sum(job.total for job in self._jobs if not job.store.box) > _MANY_MESSAGES
            or sum(job.bytes for job in self._jobs) > _MANY_BYTES
        )
        return processors() if much else 0
