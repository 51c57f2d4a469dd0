"""What a rewritten text says, word by word: the language, and whether anything in it is new.

Compares with the template and the facts; how the text is set is `verdict`'s.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from daemon.rewriting.brief import HIDDEN, Brief
from daemon.rewriting.tongue import placed, plainly, sentences, shares, tongue, words
from daemon.rewriting.vocabulary import Vocabulary, vocabulary

_SHARE_AT_LEAST: Final = 0.4  # of function words; auld's own wordings have 0.63 to 0.72
_SHARE_AHEAD: Final = 0.15  # of that of any other language, of which they have at most 0.3
_FOLLOWING: Final = 2  # words behind a turn of speech that must be the template's as well
_GROUNDED: Final = 2  # words from which half of a sentence's words are enough
_CLOSING: Final = 6  # words of a sentence that is a closing formula and nothing else
_NUMBER: Final = re.compile(r"\w*\d[\w.,:/-]*")


class Speech:
    """How a text for a brief is told; `said` is the template's text, less what is told word for word."""

    def __init__(self, brief: Brief, said: Sequence[str]) -> None:
        self._tongue = tongue(brief.language)
        self._brief = brief
        lines = sentences(said)
        told = words(" ".join(brief.facts.values()))
        spoken = (*plainly(" ".join(said)), *told)
        self._spoken = frozenset(spoken)
        self._lines = "".join(f" {self._tongue.spell(one)} |" for one in (*lines, *brief.facts.values()))
        self._stems = {self._tongue.stem(self._tongue.fold(word)) for word in spoken}
        self._vocabulary = vocabulary(brief.language, brief.occasion) | Vocabulary.of(self._tongue, spoken)
        self._given = Vocabulary.of(self._tongue, (*self._tongue.phatic, *spoken))
        self._names = set(told) | {word for one in lines for word, first in placed(one) if not first}
        numbered = " ".join((*said, *brief.facts.values()))
        self._numbers = {number.rstrip(".,:") for number in _NUMBER.findall(numbered)}

    def is_in_language(self, own: Sequence[str]) -> bool:
        """Say whether a text is in the language that is asked for, as its function words tell."""
        share = shares(words(" ".join(own)))
        asked = share.pop(self._brief.language)
        return asked >= max(_SHARE_AT_LEAST, max(share.values()) + _SHARE_AHEAD)

    def faults(self, own: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield what is wrong with a text, each as a reason and the words that are meant."""
        yield from self._frame(own)
        yield from self._figures(own)
        yield from self._address(own)
        for one in sentences(own):
            yield from self._turns(one)
            yield from self._grounds(one)
        yield from self._words(sentences(own))

    def _frame(self, own: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield greetings and closing words: those of the draft stand around the text already."""
        for text in own:
            opener, *behind = self._tongue.spell(text).split(" ")[1:3] or [""]
            if opener in self._tongue.openers and not self._is_said(" ".join(("^", opener, *behind))):
                yield "it begins with a greeting", opener
        last = sentences(own[-1:])[-1]
        if len(words(last)) <= _CLOSING:
            for closer in self._tongue.closers.found(self._tongue.spell(last)):
                if not self._is_said(closer):
                    yield "it ends like a letter", closer

    def _figures(self, own: Sequence[str]) -> Iterator[tuple[str, str]]:
        for text in own:
            for number in _NUMBER.findall(text):
                if number.rstrip(".,:") not in self._numbers:
                    yield "it has a number that the text lacks", number

    def _address(self, own: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield a change between familiar and polite address."""
        spoken = set(plainly(" ".join(own)))
        for kind, other in ((self._tongue.familiar, self._tongue.polite), (self._tongue.polite, self._tongue.familiar)):
            if kind.isdisjoint(self._spoken) and (used := kind & spoken) and not other.isdisjoint(self._spoken):
                yield "it addresses the reader in another way than the text", min(used)

    def _turns(self, sentence: str) -> Iterator[tuple[str, str]]:
        """Yield what a sentence promises, asks or tells that nothing gave reason for."""
        spelled, known = self._tongue.spell(sentence), self._tongue
        found = (
            ("it promises something or makes an appointment", known.promised(sentence, _FOLLOWING)),
            ("it asks for something", known.asks.found(spelled, _FOLLOWING)),
            ("it asks another question than the text", known.prying.found(spelled) if "?" in sentence else ()),
            ("it names a time that the text lacks", known.times.found(spelled)),
            ("it has a number that the text lacks", known.numbered(spelled)),
        )
        for reason, turns in found:
            yield from ((reason, turn) for turn in turns if not self._is_said(turn))
        for word in known.barred.found(spelled):
            if not self._is_said(word) and known.stem(word) not in self._stems:
                yield "it speaks of what the text does not", word

    def _grounds(self, sentence: str) -> Iterator[tuple[str, str]]:
        """Yield a sentence that the template has none for: most of its words that say something are new.

        Given are the template's words and phatic ones, which say no more than that somebody writes.
        """
        if f" {self._tongue.spell(sentence)} |" in self._lines:
            return
        telling = {word.lower() for word in words(sentence)} - self._tongue.function
        given = sum(self._given.knows(word) for word in telling)
        leads = HIDDEN in sentence  # to the topic or the news
        half = len(telling) + (bool(telling) and given < _GROUNDED and not leads)
        if 2 * given < half or not (telling or leads or "?" in sentence):
            yield "it has a sentence that the text lacks", sentence

    def _words(self, told: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Yield names, and words that are neither the template's nor common."""
        for one in told:
            for word, first in placed(one):
                if word in self._names:
                    continue
                known = self._vocabulary.knows(word)
                capital = word[0].isupper() and not self._vocabulary.may_begin(word, sentence=first)
                if capital or (not known and self._vocabulary.is_first_name(word)):
                    yield "it has a name, or a word that the text lacks", word
                if not known:  # a name in small letters looks like any other word
                    yield "it tells more than the text", word

    def _is_said(self, turn: str) -> bool:
        """Say whether the template or a fact has these words in a row within a sentence."""
        return f" {turn} " in self._lines
