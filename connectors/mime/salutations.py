"""The word that a mail greets its one recipient with, found at its beginning. Nothing else of a text ever leaves here.

A word counts only where its line is a form of `salutations.toml` and nothing else, with a name of the recipient's if
that form has one, and nobody besides: what is none of these words is never told, whatever the text says.
"""

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal, get_args

from connectors.text import clean
from connectors.types import Address

BEGINNING: Final = 300
"""How many characters of a sent mail are looked at."""

Takes = Literal["first", "last", "nothing"]
Tone = Literal["familiar", "either", "formal"]

_PLACES: Final[Mapping[str, Takes]] = {"NAME": "first", "LAST": "last"}
_STOP: Final = re.compile(r" ?(?:[,!:.;]|[-\u2013\u2014] |$)")
_ADDRESSED: Final = re.compile(
    r",? (?P<named>[^,!:;\u2013\u2014]{1,60}?)(?: ?(?:[,!:;\u2013\u2014]|- )(?P<behind>.*))?"
)
_WORD: Final = re.compile(r"[^\W\d_]+")
_TITLES: Final = frozenset({"dr", "prof", "professor", "dott", "ssa", "dra", "herr", "frau", "mr", "mrs", "ms"})


@dataclass(frozen=True, slots=True)
class Form:
    """How a greeting line is made of a salutation `word`: `line` has NAME or LAST where the name it `takes` stands."""

    word: str
    line: str
    takes: Takes
    tone: Tone

    @classmethod
    def read(cls, line: str, tone: Tone) -> "Form":
        """Read a form as `salutations.toml` has it."""
        place = next((one for one in _PLACES if one in line), "")
        word = line.partition(place)[0] if place else line
        return cls(word.strip().rstrip(",:!").strip(), line, _PLACES[place] if place else "nothing", tone)


@cache
def forms() -> Mapping[str, Mapping[str, Form]]:
    """Return all forms, by language and word."""
    told = tomllib.loads(files(__package__).joinpath("salutations.toml").read_text(encoding="utf-8"))
    return {
        language: {
            (form := Form.read(line, tone)).word: form for tone in get_args(Tone) for line in lines.get(tone, ())
        }
        for language, lines in told.items()
    }


def find_salutation(beginning: str, recipient: Address) -> str:
    """Return the word that a mail to `recipient` alone begins with, ``""`` if it is none that is known or not sure.

    Of `beginning`, which is hostile text, the first `BEGINNING` characters are looked at.
    """
    text = clean(_first_line(beginning[: 2 * BEGINNING]), BEGINNING).casefold()
    known = _words()
    for length in range(min(_longest(), len(text)), 0, -1):
        if text[:length] not in known:
            continue
        word, takes = known[text[:length]]
        rest = text[length:]
        if "nothing" in takes and (stop := _STOP.match(rest)) is not None and not _greets(rest[stop.end() :]):
            return word
        if takes != {"nothing"} and _is_named(rest, recipient, last="last" in takes):
            return word
    return ""


def _first_line(text: str) -> str:
    """Return the first line that is not empty; of a text without lines all of it."""
    return next((line for line in text.splitlines() if clean(line, BEGINNING)), "")


def _is_named(rest: str, recipient: Address, *, last: bool) -> bool:
    """Say whether a salutation word is followed by the recipient's name alone: by the `last` one, or from the first."""
    told = _ADDRESSED.fullmatch(rest)
    if told is None or _greets(told["behind"] or ""):
        return False
    words = [_fold(one) for one in _WORD.findall(told["named"].rstrip(" .-"))]
    shown = [_fold(one) for one in _WORD.findall(recipient.name)]
    local = [_fold(one) for one in _WORD.findall(recipient.email.partition("@")[0])]
    if last:
        words = [word for word in words if word not in _TITLES]
        return bool(words) and shown[-len(words) :] == words and len(shown) > len(words)
    names = [word for word in shown if word not in _TITLES]
    return bool(words) and (names[: len(words)] == words or (len(words) == 1 and words[0] in {*names, *local}))


def _greets(text: str) -> bool:
    """Say whether a text goes on greeting: somebody else, or the same person in another way."""
    first = next(iter(_WORD.findall(text)), "")
    return first in _beginnings()


@cache
def _words() -> Mapping[str, tuple[str, frozenset[Takes]]]:
    """Return each salutation word and what it takes, by how it looks in small letters."""
    found: dict[str, tuple[str, set[Takes]]] = {}
    for of_language in forms().values():
        for word, form in of_language.items():
            found.setdefault(word.casefold(), (word, set()))[1].add(form.takes)
    return {folded: (word, frozenset(takes)) for folded, (word, takes) in found.items()}


@cache
def _beginnings() -> frozenset[str]:
    return frozenset(_WORD.findall(word)[0] for word in _words()) | {
        "monsieur",
        "madame",
        "herr",
        "frau",
        "und",
        "et",
        "and",
    }


@cache
def _longest() -> int:
    return max(map(len, _words()))


def _fold(name: str) -> str:
    apart = unicodedata.normalize("NFKD", name.casefold())
    return "".join(char for char in apart if not unicodedata.combining(char))
