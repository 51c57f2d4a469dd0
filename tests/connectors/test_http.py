"""Answers that would never end, or never fit: each ends in an error that says so, and soon."""

import gzip
import socket
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from time import monotonic

import pytest
import requests

from connectors import http

OK = b"HTTP/1.1 200 OK\r\n"
MUCH = 3_000_000  # bytes after which a server of these tests gives up, so that a test cannot hang

Act = Callable[[socket.socket], None]


@contextmanager
def server(act: Act) -> Iterator[str]:
    """Yield the address of a server that for each request does `act` with the connection, and then closes it."""
    listening = socket.create_server(("127.0.0.1", 0))
    ended = threading.Event()

    def serve() -> None:
        while not ended.is_set():
            connection, _ = listening.accept()
            with connection, suppress(OSError):
                connection.recv(65_536)
                act(connection)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        ended.set()
        with suppress(OSError), socket.create_connection(listening.getsockname()) as last:
            last.sendall(b"x")
        thread.join(10)
        listening.close()


def again_and_again(head: bytes, piece: bytes) -> Act:
    """Return what sends `head`, then `piece` without end."""

    def act(connection: socket.socket) -> None:
        connection.sendall(head)
        for _ in range(MUCH // len(piece)):
            connection.sendall(piece)

    return act


def ticking(step: float = 1.0) -> Callable[[], float]:
    """Return a clock that goes on by `step` whenever it is looked at."""
    seconds = count(0.0, step)
    return lambda: next(seconds)


def session(tick: Callable[[], float], **limits: float) -> requests.Session:
    made = requests.Session()
    http.bound(made, tick, **limits)  # type: ignore[arg-type] # whole bytes where bytes are meant
    return made


ENDLESS = {
    "a body of unknown length": again_and_again(OK + b"Content-Type: text/plain\r\n\r\n", b"x"),
    "a body in chunks": again_and_again(OK + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "a body of known length": again_and_again(OK + b"Content-Length: 100000000\r\n\r\n", b"x"),
    "100 Continue": again_and_again(b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
    "long header lines": again_and_again(OK, b"X-More: " + b"x" * 60_000 + b"\r\n"),
}


@pytest.mark.parametrize("how", ENDLESS)
def test_an_answer_that_drips_without_end_ends_at_the_deadline(how: str) -> None:
    with server(ENDLESS[how]) as address, pytest.raises(requests.RequestException) as caught:
        session(ticking(), seconds=20).get(address, timeout=30)
    assert isinstance(http.limit_behind(caught.value), http.TooSlow)


def test_a_silence_is_cut_short_by_the_deadline() -> None:
    def hang(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Length: 5\r\n\r\nab")
        connection.recv(1)

    began = monotonic()
    with server(hang) as address, pytest.raises(requests.RequestException) as caught:
        session(monotonic, seconds=0.1).get(address, timeout=60)
    assert isinstance(http.limit_behind(caught.value), http.TooSlow)
    assert monotonic() - began < 20


def test_a_silence_longer_than_the_timeout_is_one_of_the_calls_own() -> None:
    def hang(connection: socket.socket) -> None:
        connection.sendall(OK + b"Content-Length: 5\r\n\r\nab")
        connection.recv(1)

    with server(hang) as address, pytest.raises(requests.RequestException) as caught:
        session(lambda: 0.0).get(address, timeout=0.1)
    assert http.limit_behind(caught.value) is None


def test_the_time_of_each_answer_begins_anew() -> None:
    def answer(connection: socket.socket) -> None:
        for _ in range(5):
            connection.sendall(OK + b"Content-Length: 2\r\n\r\nab")
            connection.recv(65_536)

    now = [0.0]
    with server(answer) as address:
        asking = session(lambda: now[0], seconds=10)
        for _ in range(4):
            assert asking.get(address, timeout=30).content == b"ab"
            now[0] += 9
        asking.close()


@pytest.mark.parametrize("size", [999, 1000])
@pytest.mark.parametrize("stream", [True, False])
def test_a_size_that_is_allowed_is_taken_and_a_larger_one_is_not(size: int, stream: bool) -> None:
    body = b"Content-Length: 1000\r\n\r\n" + bytes(1000)
    with server(lambda connection: connection.sendall(OK + body)) as address:
        asking = session(lambda: 0.0, size=size)
        if size == 1000:
            response = asking.get(address, timeout=30, stream=stream)
            assert response.content == bytes(1000)
            assert b"".join(response.iter_content(300)) == bytes(1000)
        else:
            with pytest.raises(http.TooLarge):
                asking.get(address, timeout=30, stream=stream)


@pytest.mark.parametrize("times", [1, 2], ids=["packed", "packed twice"])
def test_what_unpacks_to_far_more_is_not_unpacked(times: int) -> None:
    body, how = bytes(100_000_000), ", ".join(["gzip"] * times)
    for _ in range(times):
        body = gzip.compress(body)
    head = OK + f"Content-Encoding: {how}\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with server(lambda connection: connection.sendall(head + body)) as address:
        tracemalloc.start()
        try:
            with pytest.raises(http.TooLarge):
                session(lambda: 0.0, size=1_000_000).get(address, timeout=30)
            assert tracemalloc.get_traced_memory()[1] < 10_000_000
        finally:
            tracemalloc.stop()


def test_an_honest_packed_answer_is_unpacked() -> None:
    body = gzip.compress(b"hello" * 1000)
    head = OK + f"Content-Encoding: gzip\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    with server(lambda connection: connection.sendall(head + body)) as address:
        assert session(monotonic).get(address, timeout=30).content == b"hello" * 1000


def test_a_proxy_that_drips_is_no_way_around(monkeypatch: pytest.MonkeyPatch) -> None:
    with server(ENDLESS["a body in chunks"]) as address:
        monkeypatch.setenv("http_proxy", address)
        monkeypatch.setenv("no_proxy", "")
        with pytest.raises(requests.RequestException) as caught:
            session(ticking(), seconds=20).get("http://mail.example.com/", timeout=30)
    assert isinstance(http.limit_behind(caught.value), http.TooSlow)


def test_other_failures_are_no_limits() -> None:
    nonsense = server(lambda connection: connection.sendall(b"no HTTP at all\r\n\r\n"))
    with nonsense as address, pytest.raises(requests.RequestException) as caught:
        session(monotonic).get(address, timeout=30)
    assert http.limit_behind(caught.value) is None
