"""The word lists kept beside the code: one word a line, ``#`` begins a comment. They are part of the program."""

from functools import cache
from importlib.resources import files
from typing import Literal

List = Literal["roles", "tools", "no_names", "titles", "suffixes", "particles"]


@cache
def words(name: List) -> frozenset[str]:
    """Return the words of the list `name`, lower-case a to z and digits."""
    text = files(__package__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    return frozenset(word for line in text.splitlines() for word in line.partition("#")[0].split())


@cache
def short_forms(name: str) -> frozenset[str]:
    """Return the first names of which `name` is one form, as shortforms.txt groups them; itself, if it knows none."""
    return _groups().get(name, frozenset()) | {name}


@cache
def _groups() -> dict[str, frozenset[str]]:
    text = files(__package__).joinpath("shortforms.txt").read_text(encoding="utf-8")
    groups: dict[str, frozenset[str]] = {}
    for line in text.splitlines():
        names = frozenset(line.partition("#")[0].split())
        for name in names:
            groups[name] = groups.get(name, frozenset()) | names
    return groups
