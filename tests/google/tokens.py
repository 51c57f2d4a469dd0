"""Page and sync tokens: opaque to the client, sealed, and good for what they were given for only."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any
from zlib import crc32

import orjson


def seal(kind: str, *parts: object) -> str:
    """Return a token."""
    content = orjson.dumps([kind, *parts])
    return urlsafe_b64encode(crc32(content).to_bytes(4, "big") + content).decode().rstrip("=")


def unseal(kind: str, token: str) -> list[Any] | None:
    """Return what a token of that kind holds, None if it is none."""
    try:
        content = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        if crc32(content[4:]).to_bytes(4, "big") != content[:4]:
            return None
        parts = orjson.loads(content[4:])
    except (ValueError, UnicodeEncodeError):
        return None
    return list(parts[1:]) if parts[0] == kind else None


def digest(value: object) -> int:
    """Return a number that tells parameters apart."""
    return crc32(orjson.dumps(value, option=orjson.OPT_SORT_KEYS))
