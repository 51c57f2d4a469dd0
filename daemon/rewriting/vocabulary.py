"""Which words a text may have, and which of them may have a capital: all others are new, or names.

The words that auld's own wordings have are known too: whoever adds a wording need not think of these lists.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import chain
from typing import Final, Self

from daemon.compose import BUILT_IN, BrokenTemplate
from daemon.compose.lists import entries
from daemon.compose.plain import fold
from daemon.rewriting.tongue import Tongue, plainly, tongue
from daemon.settings import Language, Occasion

_NOMINAL: Final = ("en", "es")  # how German verbs and adjectives end when they are used as nouns
_SILENT: Final = frozenset({"subject", "sign_off"})


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words that a text may have: exact ones in lower case, stems of words, stems of nouns with their capital."""

    tongue: Tongue
    exact: frozenset[str]
    stems: frozenset[str]
    nouns: frozenset[str]

    @classmethod
    def of(cls, tongue: Tongue, spoken: Iterable[str]) -> Self:
        """Return the vocabulary that words make; capitals are those of nouns."""
        written = frozenset(spoken)
        exact = frozenset(word.lower() for word in written)
        nouns = frozenset(word for word in written if word[0].isupper()) if tongue.has_nouns else frozenset[str]()
        stems, noun_stems = (one.union(map(tongue.stem, one)) for one in (exact, nouns))
        return cls(tongue, exact, stems, noun_stems)

    def __or__(self, other: Self) -> "Vocabulary":
        return Vocabulary(self.tongue, self.exact | other.exact, self.stems | other.stems, self.nouns | other.nouns)

    def knows(self, word: str) -> bool:
        """Say whether a word is known in this form or another of its forms, capitals aside."""
        low = word.lower()
        return low in self.stems or self.tongue.stem(low) in self.stems

    def has(self, word: str) -> bool:
        """Say whether a word is known in just this form, capitals aside."""
        return word.lower() in self.exact

    def may_begin(self, word: str, *, sentence: bool) -> bool:
        """Say whether a word may have a capital, for its place or as what it is; else it is taken for a name.

        `sentence`: it begins one. A noun that is not known may be a name, so it is taken for one. Verbs and adjectives
        become nouns by their form alone in German ("das Lesen", "etwas Neues"); those without an ending do not pass,
        for they are last names too (Klein, Lang).
        """
        if word in self.tongue.capitals:
            return True
        if self.tongue.has_nouns and (self._is_noun(word) or self._is_nominal(word)):
            return True
        shouted = len(word) > 1 and word.isupper()
        return sentence and not shouted and not self.is_first_name(word) and self.knows(word)

    def is_first_name(self, word: str) -> bool:
        """Say whether a word is a common first name, and not an everyday word that is known (Will, Hope)."""
        return not self.has(word) and fold(word) in entries("first-names")

    def _is_noun(self, word: str) -> bool:
        return word in self.nouns or self.tongue.stem(word) in self.nouns

    def _is_nominal(self, word: str) -> bool:
        return self.has(word) and word.endswith(_NOMINAL)


@cache
def vocabulary(language: Language, occasion: Occasion) -> Vocabulary:
    """Return the common words of a language, with those that auld's own wordings for an occasion have."""
    one = tongue(language)
    return Vocabulary.of(one, chain(one.function, one.common, one.phatic, _wordings(language, occasion)))


@cache
def _wordings(language: Language, occasion: Occasion) -> tuple[str, ...]:
    """Return the words of auld's own wordings for an occasion, or none if there are none in this language."""
    try:
        texts = [one.text for one in BUILT_IN.wordings(language, occasion) if one.part not in _SILENT]
    except BrokenTemplate:
        return ()
    return tuple(chain.from_iterable(plainly(re.sub(r"\{[{%].*?[%}]\}", " ", text)) for text in texts))
