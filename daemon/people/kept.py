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
