"""The kept word lists beside this module: what they hold and whether a text contains an entry.

A list is a text file, one word or phrase a line, `#` starting a comment. Case and accents do not matter; a `*` at the
end stands for any ending. Anyone can add a word without touching code.
"""

import re
from functools import cache
from importlib.resources import files

from daemon.compose.plain import fold


@cache
def entries(name: str) -> frozenset[str]:
    """Return the entries of ``words/<name>.txt``, folded.

    Raises:
        FileNotFoundError: there is no such list.
    """
    text = files(__package__).joinpath("words", f"{name}.txt").read_text(encoding="utf-8")
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return frozenset(fold(" ".join(line.split())) for line in lines if line)


def contains(name: str, text: str) -> bool:
    """Say whether any entry of the list `name` stands in `text` as whole words."""
    return _pattern(name).search(_spelled(text)) is not None


def equals(name: str, text: str) -> bool:
    """Say whether `text`, its punctuation aside, is an entry of the list `name` and nothing else."""
    return _pattern(name).fullmatch(_spelled(text)) is not None


def _spelled(text: str) -> str:
    return " ".join(re.sub(r"[^\w'&]+|_", " ", fold(text).replace("\u2019", "'")).split())


@cache
def _pattern(name: str) -> re.Pattern[str]:
    # Longest first, so that a fullmatch is not spoilt by a shorter entry at the same place.
    spelled = sorted({(_spelled(entry), entry.endswith("*")) for entry in entries(name)}, key=lambda it: -len(it[0]))
    alternatives = "|".join(re.escape(entry) + (r"\w*" if open_ended else "") for entry, open_ended in spelled)
    return re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)")
