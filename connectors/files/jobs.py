"""What is left to read of one mail folder: its pieces, and the state it is in after each of them.

Decides what a cursor's state means against what lies on the disk now. When in doubt it reads again: facts may be told
twice, none may be left out.
"""

import os
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from connectors.files.crew import PIECE_BYTES
from connectors.files.cursor import Box, Seen, State, UnderWay
from connectors.files.folders import Store
from connectors.files.maildir import base_name, list_messages, names_tell_filing
from connectors.files.mbox import estimate_message_size, hash_tail, lines_tell_filing
from connectors.files.pieces import Piece, Result
from connectors.packing import hash_word, pack_hashes

STRETCH: Final = 1_048_576
"""Bytes of an mbox that one piece covers."""

_PIECE_MESSAGES: Final = 200


class Job(ABC):
    """The reading of one folder.

    `total` is about how many messages are to be read, `bytes` how many bytes of mbox, `state` as of the last piece
    noted, `sent` as its pieces have it, `errors` sentences about what could not be read at all.
    """

    def __init__(self, store: Store, state: State | None, *, greetings: bool) -> None:
        """Take the folder and the state it was left in; `greetings`: see `connectors.base.Host`."""
        self.store = store
        self.state = state
        self.sent = store.root.in_sent if greetings else False
        self.total = 0
        self.bytes = 0
        self.errors: list[str] = []

    @abstractmethod
    def pieces(self, since: int | None) -> Iterator[Piece]:
        """Yield the pieces, in the order in which `note` must be told of them."""

    @abstractmethod
    def note(self, piece: Piece, result: Result) -> int:
        """Take note that a piece is read; return how many messages of `total` are read now."""

    @abstractmethod
    def finish(self) -> State | None:
        """Return the state to keep now that all is read, None if there is none."""


class MaildirJob(Job):
    """A Maildir: newest names first, so that who was written to last week is known in the first second."""

    def __init__(self, store: Store, state: State | None, *, greetings: bool) -> None:
        """Compare what lies there with `state`.

        Raises:
            OSError: the folder cannot be listed.
        """
        super().__init__(store, state, greetings=greetings)
        self._paths = list_messages(store.path)
        self._hashes = [hash_word(base_name(path)) for path in self._paths]
        self._unread: set[int] = set()  # could not be read, or gone
        self._done = 0
        # Once the names in order are read, those beside the stretch are: no state stands for a half of them.
        self._in_order: list[str] = []
        self._late: list[str] = []
        if isinstance(state, Seen):
            seen = state.hashes()
            self._late = [path for path, key in zip(self._paths, self._hashes, strict=True) if key not in seen]
            self._late.sort(key=base_name, reverse=True)
        else:
            self._plan(state if isinstance(state, UnderWay) else None)
        self.total = len(self._in_order) + len(self._late)
        self._filed_late = self.total > 0 and names_tell_filing(store.path, self._paths)

    def _plan(self, state: UnderWay | None) -> None:
        paths = sorted({base_name(path): path for path in self._paths}.values(), key=base_name, reverse=True)
        if state is not None:
            within = [path for path in paths if state.bottom <= base_name(path) <= state.top]
            hashes = {hash_word(base_name(path)): path for path in within}
            if len(within) == state.count and _digest(hashes) == state.digest:
                missed = state.missed_hashes()
                self._late = [path for path in paths if base_name(path) > state.top]
                self._late += [path for key, path in hashes.items() if key in missed]
                self._in_order = [path for path in paths if base_name(path) < state.bottom]
                self._unread = set(missed)
                return
        self.state = None
        self._in_order = paths

    def pieces(self, since: int | None) -> Iterator[Piece]:
        """Yield the pieces, some hundred messages each."""
        for paths in (self._in_order, self._late):
            for some in _portions(paths):
                yield self.store.path, some, 0, 0, since, self._filed_late, self.sent

    def note(self, piece: Piece, result: Result) -> int:
        """Take note of what was read."""
        paths, troubles = piece[1], result[1]
        keys = [hash_word(base_name(path)) for path in paths]
        self._unread.difference_update(keys)
        self._unread.update(hash_word(base_name(path)) for path, kind, _ in troubles if kind in {"gone", "failed"})
        self._done += len(paths)
        if self._done <= len(self._in_order):
            before = self.state if isinstance(self.state, UnderWay) else None
            self.state = UnderWay(
                before.top if before else base_name(paths[0]),
                base_name(paths[-1]),
                (before.count if before else 0) + len(paths),
                (before.digest if before else 0) ^ _digest(keys),
                pack_hashes(self._unread) if self._unread else "",
            )
        return self._done

    def finish(self) -> State | None:
        """Return the set of what is read, as it was before if nothing changed."""
        return Seen.of({key for key in self._hashes if key not in self._unread})


class BoxJob(Job):
    """An mbox: from its start, or from where it was last read to if it only grew."""

    def __init__(self, store: Store, state: State | None, *, greetings: bool) -> None:
        """Compare what lies there with `state`.

        Raises:
            OSError: the file cannot be read.
        """
        super().__init__(store, state, greetings=greetings)
        self._size = os.stat(store.path).st_size  # noqa: PTH116 -- a path as text
        # Of now, not of when it is read: a box rewritten meanwhile must not pass for this one.
        self._tail = hash_tail(store.path, self._size)
        known = state if isinstance(state, Box) and self._fits(state) else None
        self._start = known.at if known else 0
        if known is not None and known.size == self._size:
            self._start = self._size
        self._last = known.at if known else 0
        self.bytes = self._size - self._start
        self._message_size = estimate_message_size(store.path) if self.bytes else 1
        self.total = -(-self.bytes // self._message_size)
        self._filed_late = self.bytes > 0 and lines_tell_filing(store.path)

    def _fits(self, state: Box) -> bool:
        if state.size == self._size:
            return state.tail == self._tail
        return state.size < self._size and hash_tail(self.store.path, state.size) == state.tail

    def pieces(self, since: int | None) -> Iterator[Piece]:
        """Yield the stretches of the file."""
        for start in range(self._start, self._size, STRETCH):
            yield self.store.path, (), start, min(start + STRETCH, self._size), since, self._filed_late, self.sent

    def note(self, piece: Piece, result: Result) -> int:
        """Take note of what was read."""
        end = piece[3]
        _, troubles, last = result
        self.errors += [sentence for _, _, sentence in troubles]
        if last < end:
            self._last = last
        if not self.errors and end < self._size:
            try:
                self.state = Box(end, hash_tail(self.store.path, end), end)
            except OSError as err:
                self.errors.append(f"{self.store.path} could not be read ({err.strerror}); try again later.")
        return (end - self._start) // self._message_size if end < self._size else self.total

    def finish(self) -> State | None:
        """Return the whole box as read; its last message is read again should it grow, for it may be half there."""
        return self.state if self.errors else Box(self._size, self._tail, self._last)


def plan_job(store: Store, state: State | None, *, greetings: bool = False) -> Job:
    """Return what is left to read of `store`.

    Raises:
        OSError: it cannot be listed or read.
    """
    kind = BoxJob if store.box else MaildirJob
    return kind(store, state, greetings=greetings)


def _digest(hashes: Iterable[int]) -> int:
    digest = 0
    for key in hashes:
        digest ^= key
    return digest


def _portions(paths: Sequence[str]) -> Iterator[tuple[str, ...]]:
    some: list[str] = []
    size = 0
    for path in paths:
        some.append(path)
        size += 4 * len(path) if not path.isascii() else len(path) + 5
        if len(some) == _PIECE_MESSAGES or size >= PIECE_BYTES:
            yield tuple(some)
            some, size = [], 0
    if some:
        yield tuple(some)
