"""Addresses that are written differently and are one: the canonical form, and the letters of a local part.

Nothing here knows of names or of persons.
"""

import re
from functools import lru_cache
from typing import Final

from daemon.people.latin import latin

_GMAIL: Final = ("gmail.com", "googlemail.com")
_NOT_LETTERS: Final = re.compile(r"[^a-z]+")
_LONGEST: Final = 320  # RFC 3696, erratum 1690, and then some


def canonical(email: str) -> str:
    """Return the form in which two spellings of one address are equal.

    Case-folded, without the plus-tag; for Gmail also without dots, its two domains being one.
    """
    text = email.casefold()
    local, at, domain = text.rpartition("@")
    if not at:
        return text
    base = local.partition("+")[0] or local
    if domain in _GMAIL:
        return (base.replace(".", "") or base) + "@gmail.com"
    return f"{base}@{domain}"


@lru_cache(maxsize=1 << 16)
def local_letters(email: str) -> str:
    """Return the local part's letters a to z, before the plus; all else is dropped, other scripts transliterated."""
    local = email[:_LONGEST].rpartition("@")[0].partition("+")[0]
    return letters(local)


def letters(text: str) -> str:
    """Return the letters of `text`, as a to z."""
    text = latin(text).lower()
    return text if text.isascii() and text.isalpha() else _NOT_LETTERS.sub("", text)
