"""The door at which a browser delivers a sign-in's answer: a tiny web server on this machine (RFC 8252, section 7.3).

It knows no provider. Those of the SDKs take the first request for the answer, be it the browser asking for an icon, or
have no good end for their time limit.
"""

import socket
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from threading import Event, Lock, Thread
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

from connectors.places import is_loopback

_LOOK: Final = 0.25  # seconds between two looks at the clock
_CLOSING: Final = 0.05  # seconds that the end of serving may take
_SLOW: Final = 5.0  # seconds for a browser to send its request
_PAGE: Final = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>auld</title>"
    "<body style='font: 1.1em sans-serif; margin: 4em; max-width: 34em'><p>{}</p>"
)
_NOT_FOUND: Final = "There is nothing here."


def check_redirect(address: str) -> str:
    """Return `address` if a browser can bring an answer there: plain http on this machine, at any port.

    Raises:
        ValueError: it cannot; the message says why, without the address.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError("is no web address") from None
    if not address.isprintable() or " " in address or port == 0 or parts.query or parts.fragment:
        raise ValueError("is no web address")
    if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
        raise ValueError("is not this machine")
    return address


class Loopback:
    """Takes one answer that carries `state`, from ``with`` on until its end.

    `address` is where the browser is to bring it. `state` may be set later, when the sign-in has drawn it; until then
    nothing is an answer.
    """

    def __init__(self, redirect: str, state: str = "") -> None:
        """Listen at `redirect`, at any free port if it names none.

        Raises:
            ValueError: it is no place for an answer (`check_redirect`).
            OSError: the port is taken, or this machine has no such address.
        """
        parts = urlsplit(check_redirect(redirect))
        host = parts.hostname or ""
        self.state = state
        self._query: str | None = None
        self._taking = Lock()
        self._answered = Event()
        door = self

        class Handler(BaseHTTPRequestHandler):
            timeout = _SLOW

            def do_GET(self) -> None:
                said = door.take(urlsplit(self.path).query)
                body = _PAGE.format(escape(said)).encode()
                self.send_response(200 if said is not _NOT_FOUND else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Referrer-Policy", "no-referrer")
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
                self.wfile.write(body)
                door.note_answered()

            def log_message(self, *_: object) -> None:
                """Log nothing: the request holds the code."""

        family = _PatientSix if ":" in host else _Patient
        self._server = family(("127.0.0.1" if host == "localhost" else host, parts.port or 0), Handler)
        port = int(self._server.server_address[1])
        self._other_door = _occupy(port) if host == "localhost" else None
        self._thread = Thread(target=self._server.serve_forever, args=(_CLOSING,), name="loopback", daemon=True)
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{port}{parts.path}"

    def __enter__(self) -> Self:
        # In a thread: a browser without a window (w3m, lynx) keeps the caller until it has got its page.
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        if self._other_door is not None:
            self._other_door.close()

    def take(self, query: str) -> str:
        """Look whether a request is the answer; return what the browser is to show."""
        told = parse_qs(query)
        if told.get("state") != [self.state] or not ({"code", "error"} & told.keys()):
            return _NOT_FOUND
        with self._taking:
            if self._query is None:
                self._query = query
        if "error" in told:
            return "Nothing was allowed. You can close this page; the terminal says more."
        return "Thank you. You can close this page; auld goes on in the terminal."

    def note_answered(self) -> None:
        """Note that the browser was told something: if it brought the answer, the door may close."""
        if self._query is not None:
            self._answered.set()

    def wait(self, seconds: float, tick: Callable[[], float]) -> str | None:
        """Return the whole address that the browser came with, None if it did not come in time."""
        end = tick() + seconds
        while not self._answered.is_set() and tick() < end:
            self._answered.wait(_LOOK)
        return None if self._query is None else f"{self.address}?{self._query}"


def _occupy(port: int) -> socket.socket | None:
    """Hold the port on ::1 without listening: a browser tries it first, and no other program must answer there."""
    try:
        door = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    except OSError:
        return None
    try:
        door.bind(("::1", port))
    except OSError:
        door.close()
        return None
    return door


class _Patient(ThreadingHTTPServer):
    """A server that lets broken requests and idle connections be: the next one may be the answer."""

    daemon_threads = True
    block_on_close = False

    def server_bind(self) -> None:
        """Bind, and ask nobody for this machine's name, which can take long where there is no network."""
        super(HTTPServer, self).server_bind()
        self.server_name, self.server_port = str(self.server_address[0]), int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""


class _PatientSix(_Patient):
    address_family = socket.AF_INET6
