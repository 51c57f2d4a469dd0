"""The word that a mail greets its one recipient with, found at its beginning. Nothing else of a text ever leaves here.

A word counts only where it stands in a form of `salutations.toml`, with a name of the recipient if that form has one:
what is none of these words is never told, whatever the text says.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from connectors.text import clean
from connectors.types import Address

BEGINNING: Final = 300
"""How many characters of a sent mail are looked at."""

Takes = Literal["first", "last", "nothing"]

_PLACES: Final[Mapping[str, Takes]] = {"NAME": "first", "LAST": "last"}
_STOP: Final = re.compile(r" ?(?:[,!:.;]|$)")
_ADDRESSED: Final = re.compile(r",? ([^,!:;]{1,40})")  # "Hola, Ana"
_WORD: Final = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Form:
    """How a greeting line is made of a salutation `word`: `line` has NAME or LAST where the name it `takes` stands."""

    word: str
    line: str
    takes: Takes

    @classmethod
    def read(cls, line: str) -> "Form":
        """Read a form as `salutations.toml` has it."""
        place = next((one for one in _PLACES if one in line), "")
        word = line.partition(place)[0] if place else line
        return cls(word.strip().rstrip(",:!").strip(), line, _PLACES[place] if place else "nothing")


@cache
def forms() -> Mapping[str, Mapping[str, Form]]:
    """Return all forms, by language and word."""
    told = tomllib.loads(files(__package__).joinpath("salutations.toml").read_text(encoding="utf-8"))
    return {language: {(form := Form.read(line)).word: form for line in lines} for language, lines in told.items()}


def find_salutation(beginning: str, recipient: Address) -> str:
    """Return the word that a mail to `recipient` alone begins with, ``""`` if it is none that is known or not sure.

    Of `beginning`, which is hostile text, the first `BEGINNING` characters are looked at.
    """
    text = clean(beginning[: 2 * BEGINNING], BEGINNING).casefold()
    known = _words()
    for length in range(min(_longest(), len(text)), 0, -1):
        if text[:length] not in known:
            continue
        word, takes = known[text[:length]]
        rest = text[length:]
        if "nothing" in takes and _STOP.match(rest):
            return word
        if takes != {"nothing"} and _is_named(rest, recipient, only_first="last" not in takes):
            return word
    return ""


def _is_named(rest: str, recipient: Address, *, only_first: bool) -> bool:
    """Say whether what stands after a salutation word is a name of the recipient's."""
    names = {_fold(one) for one in _WORD.findall(f"{recipient.name} {recipient.email.partition('@')[0]}")}
    told = _ADDRESSED.match(rest)
    words = [_fold(one) for one in _WORD.findall(told[1])] if told is not None else []
    return not names.isdisjoint(words[:1] if only_first else words)


@cache
def _words() -> Mapping[str, tuple[str, frozenset[Takes]]]:
    """Return each salutation word and what it takes, by how it looks in small letters."""
    found: dict[str, tuple[str, set[Takes]]] = {}
    for of_language in forms().values():
        for word, form in of_language.items():
            found.setdefault(word.casefold(), (word, set()))[1].add(form.takes)
    return {folded: (word, frozenset(takes)) for folded, (word, takes) in found.items()}


@cache
def _longest() -> int:
    return max(map(len, _words()))


def _fold(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))
