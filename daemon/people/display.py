"""What a person is called on the screen, from the names in their mail. A ``[[people]]`` name wins elsewhere."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from daemon.people.kept import words
from daemon.people.lists import via_list
from daemon.people.names import read
from daemon.people.text import QUOTES, plain

_ORDINAL: Final = re.compile(r"\d{1,2}(st|nd|rd|th)", re.IGNORECASE)


def display_name(own: Iterable[tuple[str, int]], given: Iterable[tuple[str, int]], emails: Collection[str]) -> str:
    """Return the most recent name that looks like one, or "" (then the address is shown).

    Args:
        own: the names a person wrote under, each with its moment in seconds; they come before all others.
        given: the names others gave them, likewise.
        emails: the person's addresses; what merely repeats one is no name.
    """
    for names in (own, given):
        # Of two at the same moment the longer, then the alphabet: the result depends on no order.
        for name, _ in sorted(names, key=lambda item: (-item[1], -len(item[0]), item[0])):
            if looks_like_name(name, emails):
                return clean_name(name)
    return ""


def clean_name(name: str) -> str:
    """Return a name as it may be shown: on one line, without control characters and enclosing quotes."""
    text = plain(name)
    while len(text) > 1 and text[0] in QUOTES and text[-1] in QUOTES:
        text = text[1:-1].strip()
    return text.strip('"“”„ ')


def looks_like_name(name: str, emails: Collection[str] = ()) -> bool:
    """Say whether `name` could be what a person is called: letters, no address, no account name, no placeholder."""
    text = clean_name(name)
    if "@" in text or "=?" in text or "://" in text or not any(map(str.isalpha, text)):
        return False
    if via_list(text) is not None or text.casefold() in words("no_names"):
        return False
    parts = text.split()
    if len(parts) > 1:
        return bool(read(text).tokens) or not text.isascii()
    if "_" in text or (any(map(str.isdigit, text)) and not _ORDINAL.search(text)):
        return False
    return text != text.lower() or text == text.upper() or not _repeats(text, emails)


def _repeats(text: str, emails: Iterable[str]) -> bool:
    return any(email.lower().rpartition("@")[0] == text for email in emails)
