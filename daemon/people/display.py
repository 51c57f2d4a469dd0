"""What a person is called on the screen, from the names in their mail. A ``[[people]]`` name wins elsewhere."""

import re
from collections.abc import Collection, Iterable
from typing import Final

from daemon.people.kept import words
from daemon.people.lists import via_list
from daemon.people.names import read
from daemon.people.text import QUOTES, plain

_BRACKETED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_TAG: Final = re.compile(r"\s*(?:\(ext(?:ern(?:al)?)?\)|\[ext(?:ern(?:al)?)?\])\s*", re.IGNORECASE)  # of a mail gateway
_LONG: Final = 3  # letters: what is shorter may well be initials, or the second of the name
_MANY: Final = 9
_ORDINAL: Final = re.compile(r"\d{1,2}(st|nd|rd|th)", re.IGNORECASE)


def display_name(own: Iterable[tuple[str, int]], given: Iterable[tuple[str, int]], emails: Collection[str]) -> str:
    """Return the most recent name that looks like one, or "" (then the address is shown).

    Of that same name as it was written otherwise, too, the form is taken that reads best: "Ana Lima", not "LIMA, ANA
    (EXT)" or "ana.lima", nor "Ana" alone.

    Args:
        own: the names a person wrote under, each with its moment in seconds; they come before all others.
        given: the names others gave them, likewise.
        emails: the person's addresses; what merely repeats one is no name.
    """
    # Of two at the same moment the longer, then the alphabet: the result depends on no order.
    found = [
        clean_name(name)
        for names in (own, given)
        for name, _ in sorted(names, key=lambda item: (-item[1], -len(item[0]), item[0]))
        if looks_like_name(name, emails)
    ]
    if not found:
        return ""
    newest = found[0]
    faults = _faults(newest)
    if faults and len(found) > 1:
        newest = min((name for name in found if name == newest or _is_same(newest, name)), key=_faults)
    return _TAG.sub(" ", newest).strip() if "(" in newest or "[" in newest else newest


def _is_same(name: str, other: str) -> bool:
    """Say whether `other` is `name`, written otherwise, or in full where that is one word of it."""
    mine, theirs = read(name), read(other)
    if len(mine.tokens) == 1:
        return mine.tokens[0] in theirs.tokens or mine.word in theirs.joined
    return bool(mine.tokens) and set(mine.tokens) == set(theirs.tokens)


def _faults(name: str) -> int:
    """Return in how many ways a name does not read like one: what programs and directories make of it."""
    parts = _BRACKETED.sub(" ", name).replace(",", " ").split()
    spelled = [part for part in parts if any(map(str.isalpha, part))]
    if not spelled:
        return _MANY
    shouted = any(len(part) >= _LONG and part.isupper() and "." not in part for part in spelled)
    first, last = (re.sub(r"[^a-z]", "", part.lower()) for part in (spelled[0], spelled[-1]))
    whispered = any(part.islower() for part in (spelled[0], spelled[-1]) if part not in words("particles"))
    return sum(
        (
            shouted or whispered,
            _BRACKETED.search(name) is not None,
            "," in name,
            first in words("titles") or last in words("suffixes"),
            2 * (len(spelled) == 1 or len(read(name).tokens) == 1),
        )
    )


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
