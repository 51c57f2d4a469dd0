"""Whose mailbox it is: the addresses that Graph tells of the user (https://learn.microsoft.com/graph/api/user-get)."""

from collections.abc import Mapping
from typing import Any

from connectors.mime.addresses import clean_address


def read_addresses(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the user's own addresses in lower case, the main one first.

    The name of a guest from another organisation ("robin_example.com#EXT#@…") is no address of theirs.
    """
    listed = document.get("proxyAddresses")
    proxies = [one for one in listed if isinstance(one, str)] if isinstance(listed, list) else []
    told = [document.get("mail"), document.get("userPrincipalName")]
    told += [one[5:] for one in proxies if one.lower().startswith("smtp:")]
    found = [clean_address(one).lower() for one in told if isinstance(one, str) and one.isascii() and "#" not in one]
    return tuple(dict.fromkeys(filter(None, found)))
