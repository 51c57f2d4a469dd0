"""The wordings of a language, read from its template files.

A template file is TOML: for each part of a draft, groups of wordings, each wording one or more whole sentences. A
group may be for a silence, a relation or a kind of contact only; a wording is used only when every fact that it names
is known. Decides what may be said in a situation; `draft` decides what is said.

Files lie in folders of a language: ``en/catch-up.toml`` for an occasion, ``en/common.toml`` for what all share. A later
folder in `sources` wins file by file, so that a user's own can stand before the built-in ones.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Final, get_args

from jinja2 import StrictUndefined, TemplateError
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from daemon.settings import Language, Occasion, Relation

PARTS: Final = ("subject", "opening", "shared", "bridge", "note", "news", "question", "closing", "sign_off")
"""The parts of a draft. `bridge` stands where nothing shared is known; `note` and `news` are the user's own words."""

FACTS: Final = frozenset({"topic", "when", "news", "note", "year", "me"})
"""The names a wording may use."""

_SILENCES: Final = ("weeks", "months", "years")
_KINDS: Final = ("mail", "meeting")
_UNKNOWN: Final = "unknown"  # stands for a relation that the config does not tell
_COMMON: Final = "common"


class BrokenTemplate(Exception):
    """A template file that cannot be used; the message names the file and the reason."""


@dataclass(frozen=True, slots=True)
class Greetings:
    """The greetings of a language; NAME stands for the name."""

    named: str
    unnamed: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say one part.

    `id` is made of the text, so that it names the same words wherever they move within a file. `needs` are the facts
    it names. Empty `silences`, `relations` and `kinds` mean any.
    """

    id: str
    part: str
    text: str
    needs: frozenset[str]
    silences: frozenset[str] = frozenset()
    relations: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()

    @property
    def is_particular(self) -> bool:
        """Say whether it was written for a certain relation."""
        return bool(self.relations) and _UNKNOWN not in self.relations

    def suits(self, *, silence: str, relation: str | None, kind: str | None, known: frozenset[str]) -> bool:
        """Say whether it may be used in a situation."""
        return (
            self.needs <= known
            and (not self.silences or silence in self.silences)
            and (not self.relations or (relation or _UNKNOWN) in self.relations)
            and (not self.kinds or kind in self.kinds)
        )


# Drafts are plain text: nothing to escape.
_environment: Final = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)


def built_in() -> Traversable:
    """Return the folder of the built-in templates."""
    return files(__package__).joinpath("templates")


@cache
def wordings(language: Language, occasion: Occasion, sources: tuple[Traversable, ...] = ()) -> tuple[Wording, ...]:
    """Return all wordings for an occasion in a language: the occasion's own and the common ones of other parts.

    Raises:
        BrokenTemplate: a file is missing or wrong.
    """
    own = _read(language, occasion, sources or (built_in(),))
    parts = {wording.part for wording in own}
    common = _read(language, _COMMON, sources or (built_in(),))
    return own + tuple(wording for wording in common if wording.part not in parts)


@cache
def greetings(language: Language) -> Greetings:
    """Return the greetings of a language.

    Raises:
        BrokenTemplate: the language has no templates.
    """
    _, table = _table(language, _COMMON, (built_in(),))
    return Greetings(**table["greeting"])


@cache
def exists(language: Language, occasion: Occasion) -> bool:
    """Say whether drafts of this occasion can be written in this language."""
    return built_in().joinpath(language, f"{occasion}.toml").is_file()


def render(wording: Wording, facts: Mapping[str, str]) -> str:
    """Return the words of a wording with the facts in their places; facts are never rendered themselves.

    Raises:
        BrokenTemplate: the wording names a fact that is not given, or does what templates must not.
    """
    try:
        return _environment.from_string(wording.text).render(facts)
    except (TemplateError, TypeError, ValueError, ArithmeticError) as err:
        raise BrokenTemplate(f"{wording.id}: {err}") from err


def _read(language: str, name: str, sources: tuple[Traversable, ...]) -> tuple[Wording, ...]:
    place, table = _table(language, name, sources)
    read: list[Wording] = []
    for part, groups in table.items():
        if part == "greeting":
            continue
        if part not in PARTS or not isinstance(groups, list):
            raise BrokenTemplate(f"{place}: {part} is no part of a draft; there are {', '.join(PARTS)}")
        read += [wording for group in groups for wording in _group(place, part, group)]
    return tuple(read)


def _table(language: str, name: str, sources: tuple[Traversable, ...]) -> tuple[str, dict[str, Any]]:
    place = f"{language}/{name}.toml"
    found = [file for source in sources if (file := source.joinpath(language, f"{name}.toml")).is_file()]
    if not found:
        raise BrokenTemplate(f"{place}: there is no such template")
    try:
        return place, tomllib.loads(found[-1].read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as err:
        raise BrokenTemplate(f"{place}: {err}") from err


def _group(place: str, part: str, group: object) -> list[Wording]:
    if not isinstance(group, dict) or not isinstance(group.get("say"), list):
        raise BrokenTemplate(f"{place}: [[{part}]] wants a list of wordings named say")
    kept = {
        key: _choice(place, part, key, group.get(key, []), allowed)
        for key, allowed in (
            ("silence", _SILENCES),
            ("relation", (*get_args(Relation), _UNKNOWN)),
            ("kind", _KINDS),
        )
    }
    if strange := set(group) - set(kept) - {"say"}:
        raise BrokenTemplate(f"{place}: [[{part}]] does not know {', '.join(sorted(strange))}")
    return [_wording(place, part, text, kept) for text in group["say"]]


def _choice(place: str, part: str, key: str, given: object, allowed: tuple[str, ...]) -> frozenset[str]:
    if not isinstance(given, list) or not all(item in allowed for item in given):
        raise BrokenTemplate(f"{place}: [[{part}]] {key} is a list of {', '.join(allowed)}")
    return frozenset(given)


def _wording(place: str, part: str, text: object, kept: Mapping[str, frozenset[str]]) -> Wording:
    if not isinstance(text, str) or not text.strip():
        raise BrokenTemplate(f"{place}: [[{part}]] a wording is a text in quotes")
    try:
        needs = find_undeclared_variables(_environment.parse(text))
    except TemplateError as err:
        raise BrokenTemplate(f'{place}: [[{part}]] "{text}": {err}') from err
    if strange := needs - FACTS:
        raise BrokenTemplate(f'{place}: [[{part}]] "{text}" names {", ".join(sorted(strange))}, which is no fact')
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Wording(
        id=f"{part}-{digest}",
        part=part,
        text=text,
        needs=frozenset(needs),
        silences=kept["silence"],
        relations=kept["relation"],
        kinds=kept["kind"],
    )
