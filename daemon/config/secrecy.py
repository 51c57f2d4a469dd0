"""Which keys hold secrets, and what is shown in their place. A secret never belongs into the config file."""

import re
from typing import Any, Final
from urllib.parse import urlsplit, urlunsplit

MASK: Final = "***"
_SECRET: Final = re.compile(
    r"(?:^|[_-])(?:pass|passwd|password|passphrase|pwd|pin|secret|token|key|credentials?)$", re.IGNORECASE
)
# An installed app's client secret is none (RFC 8252, section 8.5); our key of that name is the path of a file.
_NONE: Final = {"client_secret"}
_PRIVATE: Final = re.compile(r"^(?:private-.+|[\w-]{24,})$")  # parts of an address that only its owner knows


def is_secret(key: str) -> bool:
    """Tell whether a key of this name holds a secret itself (``password``, but not ``password_command``)."""
    return key.lower() not in _NONE and _SECRET.search(key) is not None


def masked(value: Any, key: str = "") -> Any:  # noqa: ANN401 -- any JSON goes in, the same shape comes out
    """Return the JSON `value` with the values of secret keys, and the secret parts of addresses, as ``***``."""
    if key and is_secret(key) and value not in ("", None):
        return MASK
    if isinstance(value, dict):
        return {inner: masked(held, inner) for inner, held in value.items()}
    if isinstance(value, list):
        return [masked(held) for held in value]
    return _address(value) if isinstance(value, str) and "://" in value else value


def _address(written: str) -> str:
    """Mask sign-in, query and private path parts of a web address (an iCalendar address is often all the secret)."""
    try:
        parts = urlsplit(written)
    except ValueError:
        return MASK
    sign_in, at, host = parts.netloc.rpartition("@")
    path = "/".join(MASK if _PRIVATE.match(part) else part for part in parts.path.split("/"))
    query = MASK if parts.query else ""
    return urlunsplit(
        (parts.scheme, (MASK if sign_in else "") + at + host, path, query, MASK if parts.fragment else "")
    )
