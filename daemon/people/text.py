"""Hostile text made harmless: what strangers write as their name, on one line, without tricks, at a bearable length."""

import re
import unicodedata
from typing import Final

LONGEST: Final = 200
"""Characters of a name that are read; no name is longer, and nothing may take long over one that is."""

APOSTROPHES: Final = "'`´‘’‛ʹʻʼʽˈʾʿ′＇"  # noqa: RUF001 -- what people type for one
QUOTES: Final = APOSTROPHES + '"“”„‚«»'  # noqa: RUF001 -- likewise

_SPACES: Final = re.compile(r"\s+")
# Control, format (bidirectional marks, zero width), surrogate and private-use characters.
_HIDDEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_JOINERS: Final = "\u200c\u200d"  # Persian names and emoji need them


def plain(name: str) -> str:
    """Return `name` on one line, without control and direction characters, at most `LONGEST` characters."""
    text = name[:LONGEST]
    if not text.isprintable():
        text = "".join(map(_show, text))
    return _SPACES.sub(" ", text).strip()


def _show(char: str) -> str:
    if char.isspace():
        return " "
    if char in _JOINERS:
        return char
    return "" if unicodedata.category(char) in _HIDDEN else char
