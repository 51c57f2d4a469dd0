"""Addresses that tokens and secrets may be sent to: https, or this very machine."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def check_place(address: str) -> str:
    """Return `address` if a secret may go there.

    Raises:
        ValueError: it is no address, or a plain http one that leaves this machine.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ValueError(f'"{address}" is no web address; write it like "https://gmail.example.com"') from None
    if parts.scheme not in {"http", "https"} or not parts.hostname or port == 0 or parts.query or parts.fragment:
        raise ValueError(f'"{address}" is no web address; write it like "https://gmail.example.com"')
    if parts.scheme == "http" and not is_loopback(parts.hostname):
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
