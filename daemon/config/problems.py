"""What can be wrong with a config file, in the shapes that reach the user.

Decides how a problem is told; never what is a problem.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

KeyPath = tuple[str | int, ...]
"""Where a value stands in the tree: keys, and positions in lists counted from 0."""

_SHOWN: Final = 60
_HARMFUL: Final = {"Cc", "Cf", "Co", "Cs", "Zl", "Zp"}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong at `path`. `holder` is the table it is told under, where that is not the path's own."""

    path: KeyPath
    message: str
    holder: KeyPath | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """One line for the user: `where` is ``file:line``, or the file alone where the line is not sure."""

    where: str
    message: str

    def __str__(self) -> str:
        """Return the line."""
        return f"{self.where}: {self.message}"


class ConfigError(Exception):
    """The config cannot be used; `problems` are all that is wrong with it, in the order of the file."""

    exit_code: Final = 78  # EX_CONFIG of sysexits.h

    def __init__(self, path: Path, problems: tuple[Problem, ...]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.path = path
        self.problems = problems


def shown(value: object) -> str:
    """Return a value of the file as one would write it there: one line, short, safe for a terminal."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{clean(value, _SHOWN)}"'
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return clean(str(value), _SHOWN)


def clean(text: str, limit: int = 400) -> str:
    """Return `text` on one line, without control characters, at most `limit` long."""
    kept = "".join(" " if unicodedata.category(char) in _HARMFUL else char for char in text[: 4 * limit])
    return kept if len(kept) <= limit else kept[: limit - 1] + "…"
