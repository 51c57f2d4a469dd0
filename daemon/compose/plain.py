"""Hostile text made plain, and the counts that a draft is held to.

Decides what of a foreign text may be printed at all; never what it means.
"""

import re
import unicodedata
from typing import Final

# Control, format (bidi marks, zero-width, tags), surrogate, private use, not assigned.
_UNPRINTABLE: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_MARKS_IN_A_ROW: Final = re.compile(
    r"([\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{2})[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
_ENDS: Final = ".!?…"
_ADDRESS: Final = re.compile(r"[a-z][\w.+-]*(?:://|@)|www\.")  # where small and capital letters may differ
_CLOSERS: Final = "\"'\u201d\u2019)»"


def clean(text: str, limit: int) -> str:
    """Return `text` as one printable line: NFC, no control or bidi characters, single spaces.

    Line breaks and tabs become spaces. A text longer than `limit` characters is cut there; only the first four times
    `limit` are looked at.
    """
    composed = unicodedata.normalize("NFC", text[: 4 * limit])
    spaced = "".join(" " if char.isspace() else char for char in composed)
    printable = "".join(char for char in spaced if unicodedata.category(char) not in _UNPRINTABLE)
    return " ".join(_MARKS_IN_A_ROW.sub(r"\1", printable).split())[:limit].rstrip()


def sentence(text: str, limit: int) -> str:
    """Return `text` cleaned and told as a sentence: a capital first, a full stop last. "" stays ""."""
    line = clean(text, limit)
    if not line:
        return ""
    if line.rstrip(_CLOSERS)[-1:] not in set(_ENDS):
        line = line.rstrip(",;:-\u2013\u2014 ") + "."
    return line if _ADDRESS.match(line) else line[0].upper() + line[1:]


def fold(text: str) -> str:
    """Return `text` for comparing words: caseless, without accents ("Reçu" -> "recu")."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(char for char in decomposed if not unicodedata.combining(char)))


def count_words(text: str) -> int:
    """Return how many words `text` has, as a word processor counts them."""
    return len(text.split())
