"""The door at which the browser delivers Google's answer: a tiny web server on this machine (RFC 8252, section 7.3).

google-auth-oauthlib has one too, but takes the first request for the answer, be it the browser asking for an icon, and
with a time limit ends in an error that says nothing.
"""

import socket
from collections.abc import Callable
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs, urlsplit

from connectors.errors import SettingsError
from connectors.gmail.places import is_loopback

_LOOK: Final = 0.25  # seconds between two looks at the clock
_SLOW: Final = 5.0  # seconds for a browser to send its request
_PAGE: Final = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>auld</title>"
    "<body style='font: 1.1em sans-serif; margin: 4em; max-width: 34em'><p>{}</p>"
)


class Loopback:
    """Waits for one answer that carries `state`; `address` is where the browser is to bring it."""

    def __init__(self, redirect: str, state: str = "") -> None:
        """Listen where the client's file says (`redirect`), at any free port if it names none.

        Raises:
            SettingsError: that is not this machine, or the port is taken.
        """
        parts = urlsplit(redirect)
        host = parts.hostname or ""
        if parts.scheme != "http" or not is_loopback(host):
            raise SettingsError(
                f"client_secret: its redirect address {redirect} is not this machine: the OAuth client must be of the "
                'type "Desktop app".'
            )
        self.state = state
        self._query: str | None = None
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

        try:
            self._server = _Patient(("127.0.0.1", parts.port or 0), Handler)
        except OSError as err:
            raise SettingsError(f"Port {parts.port}, which the client's file names, is taken on this machine.") from err
        self._other_door = _occupy(self._server.server_address[1]) if host == "localhost" else None
        self._server.timeout = _LOOK
        self.address = f"http://{host}:{self._server.server_address[1]}{parts.path or '/'}"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, err: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.server_close()
        if self._other_door is not None:
            self._other_door.close()

    def take(self, query: str) -> str:
        """Look whether a request is the answer; return what the browser is to show."""
        told = parse_qs(query)
        if told.get("state") != [self.state] or not ({"code", "error"} & told.keys()):
            return _NOT_FOUND
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
            self._server.handle_request()
        return None if self._query is None else f"{self.address}?{self._query}"


_NOT_FOUND: Final = "There is nothing here."


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

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing."""
