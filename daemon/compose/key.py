"""The key of a new draft: a Message-ID as any mail program makes one (RFC 5322, 3.6.4)."""

from typing import Final
from uuid import UUID

from daemon.compose.plain import clean

TOKEN_BYTES: Final = 16
"""How many random bytes a key takes."""

_DOMAIN: Final = 253  # characters of a host name, RFC 1035


def new_key(address: str, token: bytes) -> str:
    """Return a Message-ID without angle brackets: a version 4 UUID at the domain of the user's own `address`.

    `token` are `TOKEN_BYTES` random bytes, the caller's. A domain that cannot stand in a Message-ID becomes
    "localhost", as mail programs do.

    Raises:
        ValueError: `token` has another length.
    """
    return f"{UUID(bytes=token, version=4)}@{_domain(address)}"


def _domain(address: str) -> str:
    domain = clean(address, _DOMAIN).rpartition("@")[2].lower().strip(".")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        return "localhost"
    labels = ascii_domain.split(".")
    fits = len(ascii_domain) <= _DOMAIN and all(label and label.replace("-", "").isalnum() for label in labels)
    return ascii_domain if fits else "localhost"
