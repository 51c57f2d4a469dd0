"""Which addresses name a role (a soft no), and which display names are a human's.

The lists are kept in roles.txt and tools.txt. Whether a role address counts as a person after all is decided with the
counts, not here.
"""

import re
import unicodedata
from functools import cache
from typing import Final

from daemon.people.addresses import letters
from daemon.people.kept import words
from daemon.people.lists import via_list
from daemon.people.text import APOSTROPHES, plain

_SEPARATORS: Final = re.compile(r"[._=\-\d]+")
_REGIONS: Final = frozenset({"usa", "emea", "apac", "latam", "dach", "intl"})
_REGION_LETTERS: Final = 2  # "info.de", "uk-sales"
_FEWEST_LETTERS: Final = 4  # a shorter word is too likely initials, unless it stands alone
_YEAR: Final = re.compile(r"\d{3}")  # "hr296" is somebody's initials
_LONGEST_LOCAL: Final = 64  # RFC 5321, 4.5.3.1.1
# RFC 2142, section 6 ("LIST-REQUEST"), and what Mailman and majordomo make for every list.
_LIST_TAILS: Final = frozenset({"request", "owner", "subscribe", "unsubscribe", "confirm", "join", "leave", "help"})
_SIGNS: Final = frozenset(".-" + APOSTROPHES)
_BRACKETED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_FEWEST_WORDS: Final = 2
_MOST_WORDS: Final = 6


def is_role(email: str) -> bool:
    """Say whether the local part of `email` names a role: info, sales2, customer-service, info.de, list-request."""
    local = email[: _LONGEST_LOCAL + 1].lower().partition("@")[0].partition("+")[0]
    roles = _roles()
    if local in roles:
        return True
    if local.isascii() and local.isalpha():
        return False
    parts = [letters(part) for part in _SEPARATORS.split(local)]
    parts = [part for part in parts if part]
    whole = "".join(parts)
    if whole in roles and not (len(whole) < _FEWEST_LETTERS and _YEAR.search(local)):
        return True
    if len(parts) < 2:  # noqa: PLR2004 -- nothing is joined
        return False
    if "-" in local and (parts[-1] in _LIST_TAILS or parts[0] == "owner"):
        return True
    rest = [part for part in parts if part not in roles or len(part) < _FEWEST_LETTERS]
    return len(rest) < len(parts) and all(len(part) == _REGION_LETTERS or part in _REGIONS for part in rest)


@cache
def _roles() -> frozenset[str]:
    return words("roles") | words("tools")


def human_name(name: str, email: str = "") -> bool:
    """Say whether `name` is that of a human: two words or more, none of which tells a company, a role or a machine.

    Bracketed parts do not count, initials count if they have their dot. A first word that is the domain's own name
    ("Acme Robotics" at acme.example) tells a company; people who have a domain mostly named it by their last name.
    """
    written = plain(name)
    text = plain(_BRACKETED.sub(" ", written))
    if any(letters(aside) in words("tools") for aside in _BRACKETED.findall(written)):
        return False  # "Ana Lima (Jira)": it writes for many
    if not text or "|" in text or "@" in text or via_list(text) is not None:
        return False
    tokens = text.replace(",", " ").split()
    if not _FEWEST_WORDS <= len(tokens) <= _MOST_WORDS or not all(map(_is_word, tokens)):
        return False
    folded = [letters(token) for token in tokens]
    full = [word for word, token in zip(folded, tokens, strict=True) if len(word) > 1 or token.endswith(".")]
    if len(full) < _FEWEST_WORDS or max(map(len, full)) == 1:
        return False
    local, _, domain = email.lower().rpartition("@")
    labels = domain.split(".")
    if letters(local) == folded[-1] and folded[-1] in _roles():
        return False  # "Quarry Sales" at sales@
    return words("no_names").isdisjoint(folded) and not (len(folded[0]) >= _FEWEST_LETTERS and folded[0] in labels)


def _is_word(token: str) -> bool:
    return token[0].isalpha() and all(
        char.isalpha() or char in _SIGNS or unicodedata.category(char).startswith("M") for char in token
    )
