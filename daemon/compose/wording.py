"""The wordings of a language, read from its template files.

A template file is TOML: for each part of a draft, groups of wordings, each wording one or more whole sentences. A
group may be for a silence, a relation, a kind of contact or a formality only; a wording is used only when every fact
that it names is known. Decides what may be said in a situation; `draft` decides what is said.

Files lie in folders of a language: ``en/catch-up.toml`` for an occasion, ``en/common.toml`` for what all share. A later
folder in `sources` wins part by part, so that a user's own can stand before the built-in ones.
"""

import hashlib
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Any, Final, get_args

from jinja2 import StrictUndefined, TemplateError, nodes
from jinja2.nodes import Node
from jinja2.sandbox import ImmutableSandboxedEnvironment

from daemon.settings import Formality, Language, Occasion, Relation

PARTS: Final = ("subject", "opening", "shared", "bridge", "note", "news", "question", "closing", "sign_off")
"""The parts of a draft. `bridge` stands where nothing shared is known; `note` and `news` are the user's own words."""

FACTS: Final = frozenset({"topic", "when", "news", "note", "year", "me", "city", "title", "company"})
"""The names a wording may use."""

_SILENCES: Final = ("weeks", "months", "years")
_KINDS: Final = ("mail", "meeting")
_FORMALITIES: Final = get_args(Formality)
_TABLES: Final = frozenset({"greeting", "greeting_formal", "when", "leave_out"})  # of a file, beside the parts
_OWN_TABLES: Final = frozenset({"leave_out"})  # those that a user's file may have
_UNKNOWN: Final = "unknown"  # stands for a relation that the config does not tell
COMMON: Final = "common"
"""The name of the file that all occasions of a language share."""


class BrokenTemplate(Exception):
    """A template file that cannot be used: `place` names file and line, `reason` what is wrong."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Greetings:
    """How a language greets; in `named`, NAME stands for the first name, and FULL for the whole one."""

    named: str
    unnamed: str


@dataclass(frozen=True, slots=True)
class Wording:
    """One way to say one part.

    `id` is made of the text, so that it names the same words wherever they move within a file. `needs` are the facts
    it names, or its group is kept for. Empty `silences`, `relations`, `kinds` and `formality` mean any. `spare`: it is
    used only where none that stands before it suits.
    """

    id: str
    part: str
    text: str
    needs: frozenset[str]
    silences: frozenset[str] = frozenset()
    relations: frozenset[str] = frozenset()
    kinds: frozenset[str] = frozenset()
    formality: str = ""
    spare: bool = False

    @property
    def is_particular(self) -> bool:
        """Say whether it was written for a certain relation."""
        return bool(self.relations) and _UNKNOWN not in self.relations

    def suits(
        self, *, silence: str, relation: str | None, kind: str | None, formality: str, known: frozenset[str]
    ) -> bool:
        """Say whether it may be used in a situation."""
        return (
            self.needs <= known
            and self.formality in {"", formality}
            and (not self.silences or silence in self.silences)
            and (not self.relations or (relation or _UNKNOWN) in self.relations)
            and (not self.kinds or kind in self.kinds)
        )


# What a wording may do. Without loops, calls and arithmetic it ends, at once, and makes no more than it says.
_BOUNDED: Final = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.If, nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip
_LARGEST: Final = 500_000  # bytes of a file
_LONGEST: Final = 600  # characters of a wording
_BRACE: Final = re.compile(r"[{}]")
_LINES: Final = frozenset({"subject", "sign_off"})  # parts that are no sentences
_ENDS: Final = re.compile(r"(?:[.!?…:]|\}\})[\"'»”’)]?\s*\Z")  # noqa: RUF001 -- as languages close quotes
# Drafts are plain text: nothing to escape.
_environment: Final = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
_environment.globals.clear()  # only facts have names


def built_in() -> Traversable:
    """Return the folder of the built-in templates."""
    return files(__package__).joinpath("templates")


@cache
def wordings(language: Language, occasion: Occasion, sources: tuple[Traversable, ...] = ()) -> tuple[Wording, ...]:
    """Return all wordings for an occasion in a language: the occasion's own and the common ones of other parts.

    Each part is that of the last source that has it, of the occasion's file or else of the common one. Those that it
    stands before are there to spare, for what it does not suit.

    Raises:
        BrokenTemplate: a file is missing or wrong.
    """
    sources = sources or (built_in(),)
    found = _by_part(language, occasion, sources)
    if len(sources) > 1:
        base = wordings(language, occasion, sources[:1])
        own = {one.part for one in set(found).symmetric_difference(base)}
        found += [replace(one, spare=True) for one in base if one.part in own]
    return tuple(found)


def _by_part(language: Language, occasion: Occasion, sources: tuple[Traversable, ...]) -> list[Wording]:
    """Return the wordings of each part, of the first file that has it."""
    found: list[Wording] = []
    missing = {occasion, COMMON}
    for name in (occasion, COMMON):
        for source in reversed(sources):
            if has_file(source, language, name):
                missing.discard(name)
                parts = {wording.part for wording in found}
                found += [wording for wording in read_file(language, name, (source,)) if wording.part not in parts]
    if missing:
        raise BrokenTemplate(f"{language}/{min(missing)}.toml", "there is no such template")
    return found


@cache
def greetings(language: Language, formality: Formality = "informal") -> Greetings:
    """Return the greetings of a language; one without forms of address greets everybody alike.

    Raises:
        BrokenTemplate: the language has no templates.
    """
    table = _File(language, COMMON, (built_in(),)).table
    return Greetings(**table.get("greeting_formal" if formality == "formal" else "", table["greeting"]))


@cache
def times(language: Language) -> Mapping[str, str]:
    """Return how a language tells times (see `daemon.compose.when`): MONTH and YEAR stand for theirs.

    Raises:
        BrokenTemplate: the language has no templates.
    """
    table = _File(language, COMMON, (built_in(),)).table["when"]
    return MappingProxyType({name: text for name, text in table.items() if isinstance(text, str)})


@cache
def months(language: Language) -> tuple[str, ...]:
    """Return the twelve forms that stand for MONTH, where a language has its own ("ad aprile"); else none.

    Raises:
        BrokenTemplate: the language has no templates.
    """
    return tuple(_File(language, COMMON, (built_in(),)).table["when"].get("months", ()))


@cache
def left_out(language: Language, occasion: Occasion, sources: tuple[Traversable, ...] = ()) -> frozenset[str]:
    """Return the parts that a draft of an occasion never has.

    Raises:
        BrokenTemplate: the file is missing or wrong.
    """
    for source in reversed(sources or (built_in(),)):
        if has_file(source, language, occasion):
            file = _File(language, occasion, (source,))
            if "leave_out" in file.table:
                return _left_out(file)
    return frozenset()


def has_file(source: Traversable, language: str, name: str) -> bool:
    """Say whether a folder of templates has a file.

    Raises:
        BrokenTemplate: nobody may look.
    """
    try:
        return source.joinpath(language, f"{name}.toml").is_file()
    except OSError as err:
        raise BrokenTemplate(f"{language}/{name}.toml", f"it cannot be looked at ({err.strerror})") from err


def _left_out(file: "_File") -> frozenset[str]:
    return _choice(
        file, "leave_out", "leave_out", file.table["leave_out"], tuple(part for part in PARTS if part not in _LINES)
    )


def render(wording: Wording, facts: Mapping[str, str]) -> str:
    """Return the words of a wording with the facts in their places; facts are never rendered themselves.

    Raises:
        BrokenTemplate: the wording names a fact that is not given.
    """
    try:
        return _environment.from_string(wording.text).render(facts)
    except TemplateError as err:
        raise BrokenTemplate(wording.id, str(err)) from err


def read_file(language: str, name: str, sources: tuple[Traversable, ...]) -> tuple[Wording, ...]:
    """Return the wordings of one file, that of the last source which has it.

    Raises:
        BrokenTemplate: there is none, or it is wrong.
    """
    file = _File(language, name, sources)
    read: list[Wording] = []
    for part, groups in file.table.items():
        if part in _TABLES - _OWN_TABLES and file.foreign:
            raise file.fault(f"[{part}] is told by auld's own files alone; a greeting can be given to [[people]]", part)
        if part == "leave_out":
            _left_out(file)
        if part in _TABLES:
            continue
        if part not in PARTS or not isinstance(groups, list):
            raise file.fault(f"{part} is no part of a draft; there are {', '.join(PARTS)}", part)
        read += [wording for group in groups for wording in _group(file, part, group)]
    return tuple(read)


class _File:
    """One template file as it was read."""

    def __init__(self, language: str, name: str, sources: tuple[Traversable, ...]) -> None:
        self.place = f"{language}/{name}.toml"
        self.foreign = sources[-1] != built_in()
        found = [source.joinpath(language, f"{name}.toml") for source in sources if has_file(source, language, name)]
        if not found:
            raise BrokenTemplate(self.place, "there is no such file, or it is none that can be read")
        try:
            with found[-1].open("rb") as file:
                content = file.read(_LARGEST + 1)
            if len(content) > _LARGEST:
                raise BrokenTemplate(self.place, f"it is larger than {_LARGEST:,} bytes")
            self._text = content.decode("utf-8")
            self.table: dict[str, Any] = tomllib.loads(self._text)
        except (ValueError, OSError, RecursionError) as err:
            raise BrokenTemplate(self.place, str(err)) from err

    def fault(self, reason: str, *near: str) -> BrokenTemplate:
        """Return what to raise; the line is the first that holds the first of `near` that is found."""
        for text in near:
            for number, line in enumerate(self._text.splitlines(), 1):
                if text in line:
                    return BrokenTemplate(f"{self.place}, line {number}", reason)
        return BrokenTemplate(self.place, reason)


def _group(file: _File, part: str, group: object) -> list[Wording]:
    if not isinstance(group, dict) or not isinstance(group.get("say"), list):
        raise file.fault(f"[[{part}]] wants a list of wordings named say", f"[{part}]", part)
    kept = {
        key: _choice(file, part, key, group.get(key, []), allowed)
        for key, allowed in (
            ("silence", _SILENCES),
            ("relation", (*get_args(Relation), _UNKNOWN)),
            ("kind", _KINDS),
            ("known", tuple(sorted(FACTS))),
        )
    }
    formality = group.get("formality", "")
    if not isinstance(formality, str) or formality not in {"", *_FORMALITIES}:
        raise file.fault(f"[[{part}]] formality is {' or '.join(_FORMALITIES)}", "formality")
    if strange := sorted(set(group) - set(kept) - {"say", "formality"}):
        raise file.fault(f"[[{part}]] does not know {', '.join(strange)}", strange[0])
    return [_wording(file, part, text, kept, formality) for text in group["say"]]


def _choice(file: _File, part: str, key: str, given: object, allowed: tuple[str, ...]) -> frozenset[str]:
    if not isinstance(given, list) or not all(item in allowed for item in given):
        raise file.fault(f"[[{part}]] {key} is a list of {', '.join(allowed)}", f"{key} =", key)
    return frozenset(given)


def _wording(file: _File, part: str, text: object, kept: Mapping[str, frozenset[str]], formality: str) -> Wording:
    if not isinstance(text, str) or not text.strip():
        raise file.fault(f"[[{part}]] a wording is a text in quotes", part)
    if len(text) > _LONGEST:
        raise file.fault(f"[[{part}]] a wording has at most {_LONGEST} characters", text[:40])
    if strange := next((char for char in text if unicodedata.category(char)[0] == "C"), None):
        raise file.fault(f"[[{part}]] a wording has a character that is not seen (U+{ord(strange):04X})", part)
    try:
        parsed = _environment.parse(text)
    except (TemplateError, SyntaxError, ValueError, RecursionError) as err:
        raise file.fault(f'[[{part}]] "{text}": {err}', text) from err
    if doing := next((node for node in parsed.find_all(Node) if not isinstance(node, _BOUNDED)), None):
        what = type(doing).__name__.lower()
        raise file.fault(f'[[{part}]] "{text}": only facts in {{{{ }}}} and {{% if %}} may stand here, no {what}', text)
    if file.foreign:
        try:
            _environment.from_string(text)  # not before it is known to be bounded: constants are worked out here
        except (TemplateError, SyntaxError, ValueError, RecursionError) as err:
            raise file.fault(f'[[{part}]] "{text}": {err}', text) from err
    if brace := _BRACE.search("".join(data.data for data in parsed.find_all(nodes.TemplateData))):
        raise file.fault(f'[[{part}]] "{text}": a lone {brace[0]} (a fact stands in two, as in {{{{ topic }}}})', text)
    if part not in _LINES and not _ENDS.search(text):
        raise file.fault(f'[[{part}]] "{text}" does not end as a sentence does', text)
    needs = {node.name for node in parsed.find_all(nodes.Name)}
    if foreign := needs - FACTS:
        raise file.fault(f'[[{part}]] "{text}" names {", ".join(sorted(foreign))}, which is no fact', text)
    digest = hashlib.sha256(text.encode()).hexdigest()[:8]
    return Wording(
        id=f"{part}-{digest}",
        part=part,
        text=text,
        needs=frozenset(needs) | kept["known"],
        silences=kept["silence"],
        relations=kept["relation"],
        kinds=kept["kind"],
        formality=formality,
    )
