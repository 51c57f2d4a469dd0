"""Names: what of a display name is compared, and what is fit to be shown.

Names are only ever equal or not equal here; nothing fuzzier. Which equal names are one person is decided in
`daemon.people.merge`, what a person is called in a greeting elsewhere.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from daemon.people.addresses import letters, local_letters
from daemon.people.kept import short_forms, words
from daemon.people.latin import latin, other_spelling
from daemon.people.lists import via_list
from daemon.people.text import APOSTROPHES, LONGEST, plain

_NO_APOSTROPHES: Final = str.maketrans("", "", APOSTROPHES)
_BRACKETED: Final = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\{[^{}]*\}|<[^<>]*>")
_DOTTED: Final = re.compile(r"(?<![a-z0-9])(?:[a-z]{1,5}\.\s?){1,5}[a-z]{0,5}(?![a-z0-9])")
_TITLED: Final = re.compile(r"(?<![a-z0-9])[a-z]{1,5}(?:\.[a-z]{1,5})+\.?(?![a-z0-9])")  # Dott.ssa, Sig.ra
# What a German doctorate is of: "Dr. med.", "Dr. rer. nat.". Without its dot, Phil is a first name.
_FACULTY: Final = re.compile(
    r"(?<![a-z0-9])(dr|prof)\.?\s*(?:(?:med|phil|rer|nat|pol|oec|jur|iur|ing|techn|theol|habil|vet|dent|sc|h|c)\.\s*)+"
)
_LONG_SPELLINGS: Final = re.compile("ae|oe|ue|aa|iy|iya")
_WORDS: Final = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TOKENS: Final = re.compile(r"[a-z0-9]+")
_KEPT_SIGNS: Final = " .,-"
_FEWEST_TOKENS: Final = 2
_FEWEST_LETTERS: Final = 7
_FEWEST_JOINED: Final = 8
_ALIKE: Final = 2  # letters by which words of two spellings of one name begin
_OF_THE_OTHER_SEX: Final = frozenset({"a", "e", "s", "o", "ie", "ine", "ina", "ette"})
_FEWEST_SHARED: Final = 3  # letters by which two first names begin alike


@dataclass(frozen=True, slots=True)
class Reading:
    """A display name as it is compared.

    `tokens` are its words, given name first, without titles, suffixes and initials; none if it is no name. `key` is
    what equal names have in common, None if that would be too little. `joined` are first+last and last+first, as a
    local part would write them (eight letters or more).
    """

    tokens: tuple[str, ...] = ()
    key: tuple[str, ...] | None = None
    joined: tuple[str, ...] = ()

    @property
    def word(self) -> str:
        """Return the letters of a name of one word that is long enough to hold two, else ""."""
        if len(self.tokens) != 1:
            return ""
        word = letters(self.tokens[0])
        return word if len(word) >= _FEWEST_JOINED else ""


_NOTHING: Final = Reading()


def match_key(name: str) -> tuple[str, ...] | None:
    """Return what two spellings of one name have in common, or None where a name says too little to go by.

    NFKC, transliterated, lower-case, bracketed parts, titles, suffixes and initials dropped, the rest sorted; at least
    two words and seven letters. Hyphens, dots and underscores separate, apostrophes vanish. A name that is written
    without spaces (most Chinese, Japanese and Korean ones) is one word, hence None.
    """
    return read(name).key


def read(name: str) -> Reading:
    """Return how `name` is compared. A role, a placeholder, an address and "Name via List" are no names."""
    return _read(name[:LONGEST])


def read_spellings(name: str) -> tuple[Reading, ...]:
    """Return how `name` is compared, in each way in which it may be written: Köppe is Koppe as well as Koeppe."""
    text = name[:LONGEST]
    if text.isascii():
        return (_read(text),)
    return tuple(dict.fromkeys((_read(text), _read(other_spelling(text)[:LONGEST]))))


def differ(one: Reading, other: Reading) -> bool:
    """Say whether two names, written from one address, can only be those of two people.

    A name that is married, shortened, spelled otherwise or given in part keeps a first name or a form of it, all its
    words, or how these begin: "Ana Lima" and "Ana Souza", "Mike Boyle" and "Michael Boyle" may be one, "Ana Lima" and
    "Bob Lima" or "Alex Lorenz" not.
    """
    if min(len(one.tokens), len(other.tokens)) < _FEWEST_TOKENS:
        return False
    mine, theirs = set(one.tokens), set(other.tokens)
    if mine <= theirs or theirs <= mine or one.tokens[0] in theirs or other.tokens[0] in mine:
        return False
    if mine & theirs:  # one family name: two people, unless one first name is a form of the other
        return not any(_is_form(first, second) for first in mine - theirs for second in theirs - mine)
    first, second = (Counter(token[:_ALIKE] for token in tokens) for tokens in (mine, theirs))
    return not (first <= second or second <= first)


def _is_form(one: str, other: str) -> bool:
    """Say whether two first names may be one, shortened or misspelled: Chris and Christopher, Luke and Lukas, Mike.

    Paul and Paula are two, and so are Andrea and Andreas.
    """
    short, long = sorted((one, other), key=len)
    if long[: len(short)] == short and long[len(short) :] in _OF_THE_OTHER_SEX:
        return False
    shared = next((at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if shared >= max(_FEWEST_SHARED, min(len(one), len(other)) - 1) or _shortest(one) == _shortest(other):
        return True
    return not short_forms(one).isdisjoint(short_forms(other))


def _shortest(name: str) -> str:
    """Return a first name with umlauts and endings spelled the short way: soeren as soren, dmitriy as dmitry."""
    return _LONG_SPELLINGS.sub(lambda match: match[0][0] if match[0] != "iy" else "y", name)


def all_differ(names: Iterable[str], others: Iterable[str]) -> bool:
    """Say whether whoever writes under `names` can be none of `others`; False where either says too little."""
    mine = [reading for reading in map(read, names) if len(reading.tokens) >= _FEWEST_TOKENS]
    theirs = [reading for reading in map(read, others) if len(reading.tokens) >= _FEWEST_TOKENS]
    return bool(mine and theirs) and all(differ(one, other) for one in mine for other in theirs)


def joined_names(names: Iterable[str]) -> set[str]:
    """Return names as a local part would write them: first+last and last+first."""
    return {text for name in names for text in read(name).joined}


def is_named_after(email: str, name: str) -> bool:
    """Say whether a local part is made of a name: it holds a word of three letters or more of one that has two."""
    tokens = read(name).tokens
    local = local_letters(email)
    return len(tokens) >= _FEWEST_TOKENS and any(len(token) >= _FEWEST_SHARED and token in local for token in tokens)


def count_people(names: Iterable[str]) -> int:
    """Return how many people at least write under `names`: those that differ from one another."""
    people: list[Reading] = []
    for reading in dict.fromkeys(map(read, names)):
        if len(reading.tokens) >= _FEWEST_TOKENS and all(differ(reading, other) for other in people):
            people.append(reading)
    return len(people)


@lru_cache(maxsize=1 << 16)
def _read(name: str) -> Reading:
    text = plain(name)
    if not text or "@" in text or via_list(text) is not None:
        return _NOTHING
    compounds = _initialless(_strip(_simple(text) or _order(_fold(text))))
    tokens = [token for compound in compounds for token in compound]
    if not tokens or _is_no_name(tokens):
        return _NOTHING
    real = [token for token in tokens if not token.isdigit()]
    enough = len(real) >= _FEWEST_TOKENS and len(letters("".join(real))) >= _FEWEST_LETTERS
    return Reading(tuple(tokens), tuple(sorted(tokens)) if enough else None, _join(compounds))


def _fold(text: str) -> str:
    """Return `text` in a to z, digits and a few signs; brackets and apostrophes gone."""
    text = text.translate(_NO_APOSTROPHES)
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = _drop_brackets(text)
    if not text.isascii():
        # Signs and pictures go before they are transliterated: a sunflower would become the word.
        text = "".join(char if char in _KEPT_SIGNS or unicodedata.category(char)[0] in "LMN" else " " for char in text)
        text = latin(text).translate(_NO_APOSTROPHES)
    return text.lower()


def _drop_brackets(text: str) -> str:
    """Drop bracketed parts, nested ones too, unless that leaves nothing."""
    rest, count = text, 1
    while count and len(rest) > 1:
        rest, count = _BRACKETED.subn(" ", rest)
    return rest if rest.strip() else text


def _order(text: str) -> list[list[str]]:
    """Return the words of a folded name, given name first where a comma tells, without titles and suffixes.

    Each word is the list of its hyphenated parts.
    """
    suffixes, titles = words("suffixes"), words("titles")
    if "." in text:
        text = _FACULTY.sub(r"\1 ", text)
        text = _TITLED.sub(lambda match: " " if _undot(match[0]) in titles else match[0], text)
    text = _DOTTED.sub(lambda match: " " if _undot(match[0]) in suffixes else match[0], text)
    segments = [found for found in (_strip(_split(segment)) for segment in text.split(",")) if found]
    if len(segments) == 2:  # noqa: PLR2004 -- "Last, First"
        segments.reverse()
    return [word for segment in segments for word in segment]


def _initialless(found: list[list[str]]) -> list[list[str]]:
    """Drop initials: what is one letter long."""
    kept = ([part for part in word if len(part) > 1 or part.isdigit()] for word in found)
    return [word for word in kept if word]


def _simple(text: str) -> list[list[str]] | None:
    """Return the words of a name that is nothing but words a to z, as most are; this is only for speed."""
    if text.isascii() and text.replace(" ", "").isalpha():
        return [[word] for word in text.lower().split()]
    return None


def _split(text: str) -> list[list[str]]:
    return [word.split("-") for word in _WORDS.findall(text)]


def _undot(text: str) -> str:
    return "".join(_TOKENS.findall(text))


def _strip(found: list[list[str]]) -> list[list[str]]:
    """Drop titles at the start and suffixes at the end."""
    titles, suffixes = words("titles"), words("suffixes")
    start, end = 0, len(found)
    while start < end and titles.issuperset(found[start]):
        start += 1
    while end > start and suffixes.issuperset(found[end - 1]):
        end -= 1
    return found[start:end]


def _is_no_name(tokens: list[str]) -> bool:
    """Say whether every word is one of a role, a company or a placeholder ("Customer Service", "Unknown")."""
    foreign, roles = words("no_names"), words("roles")
    return all(token in foreign or token in roles for token in tokens)


def _join(compounds: list[list[str]]) -> tuple[str, ...]:
    """Return first+last and last+first; hyphenated names whole and in part, the last with and without particles."""
    if len(compounds) == 1:  # "Ada-Lovelace", as accounts are named
        compounds = [[part] for part in compounds[0]]
    if len(compounds) < _FEWEST_TOKENS:
        return ()
    last = len(compounds) - 1
    firsts = {"".join(compounds[0]), compounds[0][0]}
    lasts = {"".join(compounds[last]), compounds[last][-1]}
    particles = words("particles")
    at = last
    while at > 1 and particles.issuperset(compounds[at - 1]):
        at -= 1
    if at < last:
        lasts.add("".join(part for word in compounds[at:] for part in word))
    both = {text for one in firsts for other in lasts for text in (one + other, other + one)}
    return tuple(sorted({text for text in map(letters, both) if len(text) >= _FEWEST_JOINED}))
