"""Answers over HTTP that end: each within a time as a whole, and of a size that fits into memory.

A time limit of requests is for each piece of an answer only, and there is none for its size: a server that drips a byte
now and then, says "100 Continue" without end, or packs gigabytes into a few kilobytes would hold the program for ever.
Knows no provider. Time is injected: seconds from `tick`.
"""

import io
import socket
from collections.abc import Callable
from math import inf
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter

LONGEST: Final = 180.0
"""Seconds that an answer may take as a whole: a slow line brings a large page in a third of it."""
LARGEST: Final = 128 * 1024 * 1024
"""Bytes that an answer may have once it is unpacked. Ten threads of 1,000 mails have 18 million; 2,500 calendar entries
with ten guests each 4 million, and with 200 each, more than which no calendar tells, 57 million."""
_PIECE: Final = 64 * 1024


class TooSlow(requests.Timeout):
    """The answer did not come to its end in time."""


class TooLarge(requests.RequestException):
    """The answer is larger than any that is asked for."""


def bound(
    session: requests.Session, tick: Callable[[], float], *, seconds: float = LONGEST, size: int = LARGEST
) -> None:
    """Let every answer that `session` gets be there whole within `seconds`, and have at most `size` bytes unpacked.

    One that is not ends in a `requests.RequestException`; `limit_behind` tells whether that was why. Timeouts that are
    given with a call go on to hold for each piece. The session is used by one thread at a time, and an answer is read
    whole before it is returned, also with ``stream=True``.
    """
    adapter = _Adapter(tick, seconds, size)
    for scheme in ("https://", "http://"):
        session.mount(scheme, adapter)


def plain_session() -> requests.Session:
    """Return a session that adds nothing to what is sent."""
    session = requests.Session()
    session.auth = as_it_is
    return session


def as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Keep requests from adding a password of ~/.netrc, or putting it in a token's place."""
    return request


def cause(err: BaseException) -> str:
    """Return the innermost reason of a failure, in a word."""
    while (inner := err.__cause__ or err.__context__) is not None:
        err = inner
    return getattr(err, "strerror", None) or type(err).__name__


def limit_behind(err: BaseException) -> TooSlow | TooLarge | None:
    """Return the limit that an answer went beyond, if that is what is behind an error; else None."""
    cause: BaseException | None = err
    while cause is not None:
        if isinstance(cause, TooSlow | TooLarge):
            return cause
        cause = cause.__cause__ or cause.__context__
    return None


class _Deadline:
    """By when the answer that is under way must have come to its end."""

    def __init__(self, tick: Callable[[], float], seconds: float) -> None:
        self._tick = tick
        self._seconds = seconds
        self._until = inf

    def begin(self) -> None:
        self._until = self._tick() + self._seconds

    def left(self) -> float:
        """Return how many seconds are left.

        Raises:
            TooSlow: none are.
        """
        left = self._until - self._tick()
        if left <= 0:
            raise self.passed()
        return left

    def passed(self) -> TooSlow:
        return TooSlow(f"no whole answer within {self._seconds:.0f} seconds")


class _Adapter(HTTPAdapter):
    """Begins the time where requests looks for a connection, and reads the body where it makes a response."""

    def __init__(self, tick: Callable[[], float], seconds: float, size: int) -> None:
        self._deadline = _Deadline(tick, seconds)
        self._size = size
        super().__init__()

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- as requests has it
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)  # of one host, straight or by a proxy
        if not issubclass(pool.ConnectionCls, _Timed):
            pool.ConnectionCls = type("Timed", (_Timed, pool.ConnectionCls), {"deadline": self._deadline})
        self._deadline.begin()
        return pool

    def build_response(self, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401 -- as requests has it
        response = super().build_response(*args, **kwargs)
        try:
            response._content = self._read(response)  # noqa: SLF001 -- where a body that was read already belongs
        except BaseException:
            response.close()
            raise
        return response

    def _read(self, response: requests.Response) -> bytes:
        pieces, size = [], 0
        for piece in response.iter_content(_PIECE):
            size += len(piece)
            if size > self._size:
                raise TooLarge(f"an answer of more than {self._size:,} bytes")
            self._deadline.left()  # also while much is unpacked of little
            pieces.append(piece)
        return b"".join(pieces)


class _Timed:
    """What makes any kind of connection one whose reading, from the status line on, has to be done by the deadline."""

    deadline: _Deadline

    def response_class(self, sock: socket.socket, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 -- http.client's
        return super().response_class(_Socket(sock, self.deadline), *args, **kwargs)  # type: ignore[misc]


class _Socket:
    """What http.client needs of a socket to read an answer."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._sock = sock
        self._deadline = deadline

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Pieces(self._sock, self._deadline))


class _Pieces(io.RawIOBase):
    """The bytes that come in. Each piece has the time that the socket allows, but no more than is left of the whole."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._sock = sock
        self._file = sock.makefile("rb", buffering=0)
        self._patience = sock.gettimeout()
        self._deadline = deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 -- io's
        left = self._deadline.left()
        if self._patience is not None and self._patience <= left:
            self._sock.settimeout(self._patience)
            return self._file.readinto(buffer)
        self._sock.settimeout(left)
        try:
            return self._file.readinto(buffer)
        except TimeoutError as err:
            raise self._deadline.passed() from err

    def close(self) -> None:
        self._file.close()
        super().close()
