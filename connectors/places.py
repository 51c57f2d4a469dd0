"""Addresses that tokens and secrets may be sent to: https, or this very machine."""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

_NONE: Final = 'is no web address; write it like "https://api.example.com"'


def check_place(address: str) -> str:
    """Return `address` if a secret may go there.

    Raises:
        ValueError: it is no address, or a plain http one that leaves this machine.
    """
    try:
        parts = urlsplit(address)
        port, host = parts.port, parts.hostname or ""
        host.encode("idna")  # as an HTTP library does, which fails at an empty label or half a character
    except ValueError:
        raise ValueError(f'"{address}" {_NONE}') from None
    whole = address.isprintable() and " " not in address
    if not whole or parts.scheme not in {"http", "https"} or not host or port == 0 or parts.query or parts.fragment:
        raise ValueError(f'"{address}" {_NONE}')
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError(f'"{address}" is not encrypted; write https://')
    return address


def is_loopback(host: str) -> bool:
    """Say whether a host is this machine (RFC 8252, section 7.3)."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
