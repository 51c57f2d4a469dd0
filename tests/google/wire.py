"""HTTP/1.1 over a socket: requests in, answers out, and connections that break on purpose."""

import contextlib
import select
import socket
import struct
import threading
from collections.abc import Callable
from typing import BinaryIO
from urllib.parse import urlsplit

from tests.google.answers import Reply
from tests.google.calls import Request
from tests.google.faults import Broken

LONGEST = 65_536
RESET = struct.pack("ii", 1, 0)
FORM = "application/x-www-form-urlencoded"


class Closed(Exception):
    """The client is gone, or speaks no HTTP."""


class Wire:
    """A server on a port of 127.0.0.1 (0: a free one), a thread a connection. `answer` is asked from these threads."""

    def __init__(self, answer: Callable[[Request], Reply], port: int = 0) -> None:
        self._answer = answer
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._ending = threading.Event()
        self._released = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", port), backlog=128)
        self.port: int = self._listening.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()

    def close(self) -> None:
        """End at once, with every connection."""
        self._ending.set()
        self.release()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
            self._accepting.join()
        self._listening.close()
        with self._lock:
            for one in self._open:
                with contextlib.suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join()

    def release(self) -> None:
        """Let go of the connections that are held now."""
        held, self._released = self._released, threading.Event()
        held.set()

    def _accept(self) -> None:
        while True:
            connection, _ = self._listening.accept()
            if self._ending.is_set():
                connection.close()
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with self._lock:
                self._open.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads = [one for one in self._threads if one.is_alive()]
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        try:
            with connection.makefile("rb") as stream, contextlib.suppress(Closed, OSError):
                while self._one(connection, stream):
                    pass
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def _one(self, connection: socket.socket, stream: BinaryIO) -> bool:
        request = read(stream)
        try:
            reply = self._answer(request)
        except Broken as broken:
            if broken.fault.cut == "hang":
                self._hold(connection)
            elif broken.fault.cut == "reset":
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            return False
        connection.sendall(f"HTTP/1.1 {reply.status} {reply.reason}\r\n{reply.head()}\r\n".encode() + reply.body)
        return reply.claimed is None and request.headers.get("connection", "").lower() != "close"

    def _hold(self, connection: socket.socket) -> None:
        """Hold a connection until the client gives up or all are released."""
        released = self._released
        while not released.is_set() and not self._ending.is_set():
            readable, _, _ = select.select([connection], [], [], 0.02)
            if readable and not connection.recv(LONGEST):
                return


def read(stream: BinaryIO) -> Request:
    """Return the next request of a connection; the long form of a GET is taken for the GET it stands for."""
    words = stream.readline(LONGEST).decode("latin-1").split()
    if len(words) != 3 or not words[2].startswith("HTTP/1."):
        raise Closed
    headers: dict[str, str] = {}
    while line := stream.readline(LONGEST).strip():
        name, _, value = line.decode("latin-1").partition(":")
        headers[name.strip().lower()] = value.strip()
    told = headers.get("content-length", "0")
    if not told.isdigit() or "transfer-encoding" in headers:
        raise Closed
    size = int(told)
    body = stream.read(size)
    if len(body) < size:
        raise Closed
    where = urlsplit(words[1])
    return plain(Request(words[0], where.path, where.query, headers, body))


def plain(request: Request) -> Request:
    """Return the request that X-HTTP-Method-Override means."""
    verb = request.headers.get("x-http-method-override")
    if request.verb != "POST" or verb is None:
        return request
    if verb == "GET" and request.headers.get("content-type", "").startswith(FORM):
        return Request("GET", request.path, request.body.decode("ascii", "replace"), request.headers, b"")
    return Request(verb, request.path, request.query, request.headers, request.body)
