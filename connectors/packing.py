"""Sets and lists of a cursor as short text: 64-bit hashes packed, words squeezed."""

import sys
import zlib
from array import array
from base64 import b64decode, b64encode
from binascii import Error as BinasciiError
from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

_LONGEST: Final = 256 * 1024 * 1024  # bytes a squeezed text may swell to: a damaged one must not fill the memory


def hash_word(word: str) -> int:
    """Return 64 bits that stand for a word, the same in every run."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def pack_hashes(hashes: Iterable[int]) -> str:
    """Return a set of 64-bit numbers as text; equal sets give equal text."""
    column = array("Q", sorted(hashes))
    if sys.byteorder == "big":
        column.byteswap()
    return b64encode(column.tobytes()).decode("ascii")


def unpack_hashes(text: str) -> "array[int]":
    """Return the numbers that `pack_hashes` packed.

    Raises:
        ValueError: the text is damaged.
    """
    column = array("Q")
    try:
        column.frombytes(b64decode(text, validate=True))
    except BinasciiError as err:
        raise ValueError("damaged hashes") from err
    if sys.byteorder == "big":
        column.byteswap()
    return column


def squeeze(words: Iterable[str]) -> str:
    """Return a list of words (without spaces in them) as short text."""
    return b64encode(zlib.compress(" ".join(words).encode(), 1)).decode("ascii")


def unsqueeze(text: str) -> list[str]:
    """Return the words that `squeeze` squeezed.

    Raises:
        ValueError: the text is damaged.
    """
    try:
        opened = zlib.decompressobj()
        data = opened.decompress(b64decode(text, validate=True), _LONGEST)
    except (BinasciiError, zlib.error) as err:
        raise ValueError("damaged words") from err
    if not opened.eof:
        raise ValueError("damaged words")
    return data.decode().split(" ") if data else []
