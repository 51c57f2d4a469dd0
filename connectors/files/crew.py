"""Worker processes that read pieces, so that a long first read uses every processor.

Each worker is a bare interpreter fed over pipes: a fork is not safe beside other threads, and this costs some 30 ms
and 12 MB each. Results come in the order of the pieces. A worker that dies costs nothing: its pieces are read here.
"""

import logging
import marshal
import os
import struct
import subprocess
import sys
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Final, Self, TypeVar, cast

from connectors.files.pieces import Piece, Result, read_piece

log = logging.getLogger(__name__)

Tag = TypeVar("Tag")

PIECE_BYTES: Final = 12_000
"""About how long a piece may be: all that wait for one worker must fit its pipe, so that a write never blocks."""

_WAITING: Final = 3  # pieces a worker has at hand: one under way, the others so that it need not wait
_LENGTH: Final = struct.Struct("<I")
_MOST_WORKERS: Final = 4
_PATIENCE: Final = 5  # seconds a worker has to end once its pipe is closed
_START: Final = "import sys; sys.path.append(sys.argv[1]); from connectors.files.crew import work; work()"


def processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Crew:
    """So many workers; as a context, ends them at its end. With none, pieces are read in this process."""

    def __init__(self, size: int) -> None:
        self._workers: list[_Worker] = []
        for _ in range(min(size, _MOST_WORKERS) if size > 1 else 0):
            try:
                self._workers.append(_Worker())
            except (OSError, ValueError) as err:  # no more processes, no interpreter to be found
                log.debug("no worker process could be started: %s", err)
                break

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        for worker in self._workers:
            worker.close()

    def run(self, pieces: Iterable[tuple[Tag, Piece]]) -> Iterator[tuple[Tag, Piece, Result]]:
        """Yield each piece with its tag and result, in order."""
        if not self._workers:
            for tag, piece in pieces:
                yield tag, piece, read_piece(piece)
            return
        waiting: deque[tuple[Tag, Piece, _Worker]] = deque()
        most = _WAITING * len(self._workers)
        for number, (tag, piece) in enumerate(pieces):
            worker = self._workers[number % len(self._workers)]
            worker.send(piece)
            waiting.append((tag, piece, worker))
            if len(waiting) == most:
                yield _take(waiting)
        while waiting:
            yield _take(waiting)


def _take(waiting: "deque[tuple[Tag, Piece, _Worker]]") -> tuple[Tag, Piece, Result]:
    tag, piece, worker = waiting.popleft()
    result = worker.receive()
    return tag, piece, read_piece(piece) if result is None else result


class _Worker:
    """One process. Once it failed it stays failed: `receive` then tells None for every piece."""

    def __init__(self) -> None:
        if not sys.executable:
            raise ValueError("this Python does not know its own executable")
        package = str(Path(__file__).resolve().parents[2])
        self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and module
            [sys.executable, "-I", "-S", "-c", _START, package],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._alive = True

    def send(self, piece: Piece) -> None:
        assert self._process.stdin is not None
        if self._alive:
            try:
                _write(self._process.stdin, piece)
            except OSError:
                self._alive = False

    def receive(self) -> Result | None:
        assert self._process.stdout is not None
        if not self._alive:
            return None
        try:
            result = cast("Result | None", _read(self._process.stdout))
        except (OSError, EOFError, ValueError, TypeError):
            result = None
        if result is None:
            log.debug("a worker process ended early; its pieces are read here")
            self._alive = False
        return result

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                pipe.close()
            except OSError:  # it died with something unsent
                continue
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _write(pipe: IO[bytes], value: Piece | Result) -> None:
    data = marshal.dumps(value)
    pipe.write(_LENGTH.pack(len(data)) + data)
    pipe.flush()


def _read(pipe: IO[bytes]) -> object:
    """Return the next value, None at the end of the pipe; what it is, each end knows."""
    head = pipe.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    data = pipe.read(length)
    if len(data) < length:
        return None
    value: object = marshal.loads(data)  # noqa: S302 -- written by our own child, of the same interpreter
    return value


def work() -> None:
    """Read pieces from stdin and write results to stdout till stdin ends: the whole life of a worker."""
    import gc  # noqa: PLC0415 -- only a worker needs these
    import signal  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the parent, which closes our pipe
    gc.disable()  # rows are trees; what little hangs together in rings is not worth the walks over all of them
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    try:
        while (piece := _read(source)) is not None:
            _write(sink, read_piece(cast("Piece", piece)))
    except (BrokenPipeError, KeyboardInterrupt):
        os._exit(0)  # nobody listens any more; an ordinary exit would try to flush once more
