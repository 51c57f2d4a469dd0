r"""The shape of a secret's file: plain text, or sealed with a key whose name stands before.

Sealed is ``\xffauld 1 <where the key is> <the key's id>\n\xff``, twelve random bytes, then AES-256-GCM of the text.
The two bytes that no text holds keep a damaged seal from being taken for a plain secret; the head and the place of the
file are authenticated with it, so that files cannot be exchanged.
"""

import os
import re
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final, Literal, cast

Where = Literal["credential", "keyring"]

_HEAD: Final = re.compile(rb"\xffauld 1 (credential|keyring) ([0-9a-f]{16})\n\xff")
_NONCE: Final = 12
HEAD_SIZE: Final = 64
"""Bytes that hold every head."""


class DamagedError(Exception):
    """What is kept is not what was written."""


@dataclass(frozen=True, slots=True)
class Key:
    """A key and where it lies. `secret` are the 32 bytes that encrypt; `id` tells keys apart and gives nothing away."""

    where: Where
    secret: bytes = field(repr=False)

    @staticmethod
    def made_of(where: Where, material: bytes) -> "Key":
        """Return the key that any sufficiently random bytes stand for."""
        return Key(where, sha256(b"auld: tokens\0" + material).digest())

    @property
    def id(self) -> str:
        """Return its name in the head of a file."""
        return sha256(b"auld: id\0" + self.secret).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Head:
    """What the head of a sealed file says of its key."""

    where: Where
    key_id: str
    text: bytes


def read_head(data: bytes) -> Head | None:
    """Return the head of a file, None if it is plain. Its first `HEAD_SIZE` bytes are enough.

    Raises:
        DamagedError: it is neither.
    """
    if not data.startswith(b"\xff"):
        return None
    found = _HEAD.match(data)
    if found is None:
        raise DamagedError
    return Head(cast("Where", found[1].decode()), found[2].decode(), found[0])


def seal(text: str, key: Key | None, place: str) -> bytes:
    """Return what a file at `place` is to hold."""
    data = text.encode("utf-8", "surrogatepass")
    if key is None:
        return data
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415 -- heavy, and not always needed

    head, nonce = f"auld 1 {key.where} {key.id}\n".encode(), os.urandom(_NONCE)
    head = b"\xff" + head + b"\xff"
    return head + nonce + AESGCM(key.secret).encrypt(nonce, data, head + place.encode("utf-8", "surrogateescape"))


def unseal(data: bytes, head: Head | None, key: Key | None, place: str) -> str:
    """Return the text of a file whose head was read, with the key that the head names.

    Raises:
        DamagedError: it is not what was written there.
    """
    try:
        if head is None or key is None:
            return data.decode("utf-8", "surrogatepass")
        from cryptography.exceptions import InvalidTag  # noqa: PLC0415
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # noqa: PLC0415

        start = len(head.text) + _NONCE
        nonce, sealed = data[len(head.text) : start], data[start:]
        place_too = head.text + place.encode("utf-8", "surrogateescape")
        try:
            return AESGCM(key.secret).decrypt(nonce, sealed, place_too).decode("utf-8", "surrogatepass")
        except InvalidTag as err:
            raise DamagedError from err
    except ValueError as err:  # no text; or too short to be anything
        raise DamagedError from err
