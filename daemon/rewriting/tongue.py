"""What is known of a language, to judge a text that came from outside: its words, and turns of speech to look for.

Decides nothing: it finds. The lists lie in ``words/<language>.toml``; whoever edits one finds at the end of this module
what each key means.
"""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, get_args

from babel.dates import get_day_names, get_month_names

from daemon.compose.plain import fold
from daemon.settings import Language

LANGUAGES: Final[tuple[Language, ...]] = get_args(Language)

_WORD: Final = re.compile(r"[^\W\d_]+")
_SENTENCE: Final = re.compile(r"(?<=[.!?…])[\"'”’»)]*\s+")  # noqa: RUF001
_BEGINS: Final = re.compile(r"(?:^|[:(\"“„«»–—…¡¿])\W*$")  # noqa: RUF001 -- behind what a word has a capital for its place
_CLAUSE: Final = re.compile(r"[,;:()–—…]|\s-\s")  # noqa: RUF001
_ENDING: Final = 7  # letters of the longest ending
_LETTERS_LEFT: Final = 3  # of a word whose ending is taken off
_ENGLISH_BOTH: Final = frozenset({"may", "march"})  # months that are also everyday words; months have capitals there


def words(text: str) -> list[str]:
    """Return the words of a text, as written: runs of letters, so that "don't" are two."""
    return _WORD.findall(_without_hyphen(text))


def _without_hyphen(text: str) -> str:
    """Return a text with "mail" for "e-mail", which else is two words."""
    return re.sub(r"\b[eE]-(?=[mM]ail)", "", text)


@dataclass(frozen=True, slots=True)
class Phrases:
    """Turns of speech to look for, each a pattern over a spelled sentence (`Tongue.spell`)."""

    pattern: re.Pattern[str]

    def found(self, spelled: str, following: int = 0) -> Iterator[str]:
        """Yield what is found in a sentence, each with up to so many of the words behind it."""
        for match in self.pattern.finditer(spelled):
            behind = spelled[match.end() :].split(" ")[1 : following + 1]
            yield " ".join((match.group(), *behind))


@dataclass(frozen=True, slots=True)
class Tongue:
    """One language. Words are in lower case, but for `capitals`, `polite`, and nouns in `common`."""

    name: str
    has_nouns: bool  # with capitals
    function: frozenset[str]
    common: frozenset[str]
    phatic: frozenset[str]
    endings: frozenset[str]
    capitals: frozenset[str]
    familiar: frozenset[str]
    polite: frozenset[str]
    leads: frozenset[str]
    openers: frozenset[str]
    numbers: Phrases
    idioms: Phrases
    times: Phrases
    closers: Phrases
    promises: Phrases
    asks: Phrases
    prying: Phrases
    barred: Phrases
    coming: re.Pattern[str]
    spared: frozenset[str]

    def stem(self, word: str) -> str:
        """Return a word in lower case without its ending, as far as one can be told from the letters alone."""
        for length in range(min(_ENDING, len(word) - _LETTERS_LEFT), 0, -1):
            if word[-length:] in self.endings:
                return word[:-length]
        return word

    def fold(self, word: str) -> str:
        """Return a word for comparing turns of speech: without accents, but for German, where they make other words."""
        return word.lower() if self.has_nouns else fold(word)

    def spell(self, sentence: str) -> str:
        """Return a sentence as its words, with single spaces between them and "^" where a clause begins."""
        clauses = (words(one) for one in _CLAUSE.split(sentence))
        return " ".join(" ".join(("^", *map(self.fold, clause))) for clause in clauses if clause)

    def numbered(self, spelled: str) -> Iterator[str]:
        """Yield the numbers in a spelled sentence that count something ("two", but not "a line or two")."""
        return self.numbers.found(self.idioms.pattern.sub("", spelled))

    def promised(self, sentence: str, following: int) -> Iterator[str]:
        """Yield what promises something in a sentence: turns of speech, and verbs of the future."""
        yield from self.promises.found(self.spell(sentence), following)
        for word in map(str.lower, words(sentence)):
            if self.coming.fullmatch(word) and word not in self.spared:
                yield self.fold(word)


def placed(sentence: str) -> Iterator[tuple[str, bool]]:
    """Yield the words of a sentence, and whether each may have a capital for its place alone."""
    line = _without_hyphen(sentence)
    for match in _WORD.finditer(line):
        yield match[0], _BEGINS.search(line[: match.start()]) is not None


def plainly(text: str) -> Iterator[str]:
    """Yield the words of a text, in lower case where a capital may be due to the place."""
    for one in sentences([text]):
        yield from (word.lower() if first else word for word, first in placed(one))


def sentences(texts: Iterable[str]) -> list[str]:
    """Return the sentences of texts."""
    return [one for text in texts for one in _SENTENCE.split(text)]


def shares(spoken: Sequence[str]) -> dict[Language, float]:
    """Return for each language how many of the words are its function words, as a share of all."""
    low = [word.lower() for word in spoken]
    return {one: sum(word in tongue(one).function for word in low) / max(1, len(low)) for one in LANGUAGES}


@cache
def tongue(language: Language) -> Tongue:
    """Return what is known of a language."""
    lists = tomllib.loads(files(__package__).joinpath("words", f"{language}.toml").read_text("utf-8"))
    promises = lists["promises"].splitlines()
    endings = "|".join(re.escape(line[1:]) for line in promises if line.startswith("*")) or "(?!)"
    has_nouns = any(word[0].isupper() for word in lists["common"].split())
    folded = str.lower if has_nouns else fold

    def phrases(lines: Iterable[str]) -> Phrases:
        return Phrases(re.compile(_alternatives(map(folded, lines))))

    return Tongue(
        name=lists["name"],
        has_nouns=has_nouns,
        function=frozenset(lists["function"].split()),
        common=frozenset(lists["common"].split()),
        phatic=frozenset(lists["phatic"].split()),
        endings=frozenset(lists["endings"].split()),
        capitals=frozenset(lists["capitals"].split()),
        familiar=frozenset(lists["familiar"].split()),
        polite=frozenset(lists["polite"].split()),
        leads=frozenset(lists.get("leads", "").split()),
        openers=frozenset(map(folded, lists["openers"].split())),
        numbers=phrases(lists["numbers"].split()),
        idioms=phrases(lists["idioms"].splitlines()),
        times=phrases((*lists["times"].splitlines(), *_calendar(language))),
        closers=phrases(lists["closers"].splitlines()),
        promises=phrases(line for line in promises if not line.startswith("*")),
        asks=phrases(lists["asks"].splitlines()),
        prying=phrases(lists["prying"].splitlines()),
        barred=phrases((*lists["barred"].split(), *lists["unsaid"].splitlines())),
        coming=re.compile(rf"\w\w+(?:{endings})"),
        spared=frozenset(lists.get("spared", "").split()),
    )


def _alternatives(lines: Iterable[str]) -> str:
    """Return what finds any of the lines; "*" stands for any ending or beginning of a word, "^" begins a clause."""
    spelled = (" ".join(re.findall(r"\^|\*?[^\W\d_]+\*?", line)) for line in lines)
    patterns = sorted((re.escape(line).replace(r"\*", r"\w*").replace(r"\ ", " ") for line in spelled if line), key=len)
    return rf"(?<!\w)(?:{'|'.join(reversed(patterns))})(?!\w)"


def _calendar(language: Language) -> Iterator[str]:
    """Yield the names of weekdays and months (CLDR), but for those that are everyday words too."""
    for names in (get_day_names("wide", locale=language), get_month_names("wide", locale=language)):
        yield from (name for name in names.values() if not (language == "en" and name.lower() in _ENGLISH_BOTH))


# How a list is edited. Words stand between spaces, turns of speech one a line. Accents matter in `function`, `common`
# and `phatic` only (in German everywhere), capitals in `capitals`, `polite` and for German nouns.
#   function   words that tell a language: all of its pronouns, articles, prepositions, auxiliaries, plain adverbs
#   common     harmless words of a mail that says hello; the forms that `endings` make of them are known too
#   phatic     those of them that say no more than that somebody writes; a sentence may be made of these alone
#   endings    what is taken off a word before it is compared
#   capitals   words that have a capital within a sentence and are no names
#   familiar, polite    how the reader is addressed; a draft does not change from one to the other
#   leads      after which words a topic without quotation marks may stand; empty: after any
#   openers    words a greeting begins with
#   closers    what closes a mail
#   numbers    numbers as words, but for one; `idioms` have one that counts nothing ("a line or two")
#   times      what names a day or a time; weekdays and months are Unicode's
#   promises   what promises something or makes an appointment; "*rai" are verbs that end so, but for those in `spared`
#   asks       what asks for something
#   prying     what a question asks for that wants more than to hear how somebody is
#   barred     words that nobody wants to find in a hello; "pay*" is any ending
#   unsaid     turns of speech of the same kind
# "^" stands for the beginning of a clause. What the template says itself is never refused.
