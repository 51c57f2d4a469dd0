"""TLS before the wire: a certificate authority made on the spot, and a server with a certificate of it."""

import contextlib
import functools
import socket
import ssl
from collections.abc import Callable

import trustme

from tests.google.answers import Reply
from tests.google.calls import Request
from tests.google.wire import Wire

PATIENCE = 10.0  # seconds a handshake may take: a client that never begins one must not hold the end


@functools.cache
def authority() -> trustme.CA:
    """Return the certificate authority of this process."""
    return trustme.CA()


class TlsWire(Wire):
    """A `Wire` for https://localhost and https://127.0.0.1."""

    def __init__(self, answer: Callable[[Request], Reply]) -> None:
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        authority().issue_cert("localhost", "127.0.0.1").configure_cert(self._tls)
        super().__init__(answer)

    def _serve(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        try:
            # The handshake comes first, so that `_open` never lacks the socket that `close` has to shut.
            secure = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        except (OSError, ValueError):
            connection.close()
            return
        finally:
            with self._lock:
                self._open.discard(connection)
        with self._lock:
            self._open.add(secure)
        if self._ending.is_set():
            secure.close()
            return
        with contextlib.suppress(OSError, ValueError):
            secure.do_handshake()
            secure.settimeout(None)
            super()._serve(secure)
        with self._lock:
            self._open.discard(secure)
        secure.close()
