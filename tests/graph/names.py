"""Ids as Exchange makes them: opaque, case-sensitive, and telling nothing to who does not know how they are made."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Final

BOX: Final = "AGI2NGRhLTRlZDItNDA3OC1hNDM0LTkwYzZhNmUxNTgwYgBGAAAAAAB7k8k5uXVMRKHz"
SPACE: Final = "AAAAAAAHYQDEapmEc2byACqAC-EWg0A"


def _packed(*parts: int) -> str:
    return urlsafe_b64encode(b"".join(part.to_bytes(6, "big") for part in parts)).decode()


def ordinary(folder: int, serial: int, generation: int) -> str:
    """Return the id of an item while it lies where it lies: every move changes it."""
    return f"AAMkA{BOX}{_packed(folder, serial, generation)}AAA="


def immutable(serial: int) -> str:
    """Return the id an item keeps for its life in the mailbox."""
    return f"AAkAL{SPACE}{_packed(serial)}AAA="


def serial_of(name: str) -> int:
    """Return the serial in an id of an item, -1 if it is none. Whether it is that item's id is for others to say."""
    packed = name.removesuffix("AAA=")
    try:
        if packed.startswith("AAkAL" + SPACE):
            return int.from_bytes(urlsafe_b64decode(packed[len("AAkAL" + SPACE) :]), "big")
        if packed.startswith("AAMkA" + BOX):
            return int.from_bytes(urlsafe_b64decode(packed[len("AAMkA" + BOX) :])[6:12], "big")
    except (binascii.Error, ValueError):
        pass
    return -1


def container(number: int) -> str:
    """Return the id of a folder or calendar."""
    return f"AQMkA{BOX[:40]}{_packed(number)}AAA="


def conversation(number: int) -> str:
    """Return the id of a conversation."""
    return f"AAQkA{BOX[:40]}{_packed(number)}="


def change_key(version: int) -> str:
    """Return the changeKey of an item's version."""
    return f"CQAAABYAAAB7k8k5{_packed(version)}"


def etag(version: int) -> str:
    """Return the etag of an item's version."""
    return f'W/"{change_key(version)}"'
