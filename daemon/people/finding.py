"""Who is meant by what the user types: words of a name, in any order and spelling, or an address.

Sought is in every name that somebody ever wrote under or was given, and in their addresses. Nobody is merged by it.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Final

from daemon.people.latin import latin, other_spelling
from daemon.people.names import read_spellings
from daemon.people.text import APOSTROPHES, LONGEST

_NO_APOSTROPHES: Final = str.maketrans("", "", APOSTROPHES)
_WORDS: Final = re.compile("[a-z0-9]+")
_SIGNS: Final = re.compile("[^a-z0-9\n\0]+")
_BRACKETED: Final = re.compile(r"<([^<>\s]+@[^<>\s]+)>")  # pasted: Ana Lima <ana@example.org>
_FEWEST: Final = 3  # letters
_NEAR: Final = 0.55  # how alike, from 0 to 1, what is offered instead is
_LEAST: Final = 0.45  # and each word of it that counts at all

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Called:
    """What one person is called, in any order, and their addresses, lower-cased."""

    names: Sequence[str]
    emails: Sequence[str]


class Finder:
    """Everybody, by their place in `people`."""

    def __init__(self, people: Sequence[Called]) -> None:
        self._people = people

    def meant(self, wanted: str) -> list[int]:
        """Return those who may be meant: one, if it is their address, or their name and no part of another's.

        A whole name of one word is never that sure: it is the first name of others, if any name has it in it.
        """
        text = _without_name(wanted)
        exact = [place for place, one in enumerate(self._people) if text in one.emails]
        if exact:
            return exact
        if "@" in text:
            return self.fitting(text)
        found = self._by_words(_spellings(text), self._called)
        if not found:  # "Dr. Ana Lima", who never calls herself a doctor
            found = self._by_words({one.tokens for one in read_spellings(text) if len(one.tokens) > 1}, self._called)
        if len(found) > 1:
            bearers = [place for place in found if self._is_called(place, text)]
            if len(bearers) == 1 and not any(self._contains(place, text) for place in found if place != bearers[0]):
                return bearers
        if found or any(len(word) < _FEWEST for word in text.split()):
            return found  # a letter or two of a domain mean nobody
        return self.fitting(text)

    def fitting(self, wanted: str) -> list[int]:
        """Return those who have each word of `wanted` in a name or an address."""
        typed = wanted.casefold().split()
        return [
            place
            for place, called in enumerate(self._called)
            if all(
                _is_in(_spellings(word), called) or any(word in email for email in self._people[place].emails)
                for word in typed
            )
        ]

    def also_called(self, place: int, wanted: str) -> str:
        """Return the name by which a person fits, "" if it is the first of theirs or none in particular."""
        first, *others = self._people[place].names or ("",)
        words = _spellings(_without_name(wanted))
        if not words or _is_in(words, _folded(first)):
            return ""
        return next((name for name in others if _is_in(words, _folded(name))), "")

    def nearest(self, wanted: str, most: int) -> list[int]:
        """Return those with words much like those of `wanted`, the likest first; a domain alone is no likeness."""
        text = _without_name(wanted)
        local, at, domain = text.rpartition("@")
        typed = max(_spellings(local if at else text), key=len, default=())
        weight = sum(map(len, typed))
        scores: dict[int, float] = {}
        for word in typed:
            best: dict[int, float] = {}
            for other, likeness in self._words_like(word):
                for place in self._bearers[other]:
                    best[place] = max(likeness, best.get(place, 0.0))
            for place, likeness in best.items():
                scores[place] = scores.get(place, 0.0) + likeness * len(word) / weight
        near = [place for place, score in scores.items() if score >= _NEAR]

        def rank(place: int) -> tuple[float, bool, int]:
            here = any(email.endswith(f"@{domain}") for email in self._people[place].emails)
            return -scores[place], not (at and here), place

        return sorted(near, key=rank)[:most]

    # -- names -----------------------------------------------------------------------------------------------------

    @cached_property
    def _called(self) -> Sequence[str]:
        """What each person is called, folded: all names, and what stands before the @ of their addresses."""
        everybody = "\0".join(
            "\n".join(
                text[:LONGEST] if text.isascii() and text.isprintable() else _folded(text)
                for text in (*one.names, *(email.partition("@")[0] for email in one.emails))
            )
            for one in self._people
        )
        # All at once, as most are ASCII: 20,000 people one by one would take a second.
        folded = _SIGNS.sub(" ", everybody.translate(_NO_APOSTROPHES).lower())
        return folded.split("\0") if self._people else []

    def _by_words(self, spellings: set[Words], called: Sequence[str]) -> list[int]:
        return [place for place, text in enumerate(called) if _is_in(spellings, text)]

    def _is_called(self, place: int, wanted: str) -> bool:
        """Say whether it is the whole of a name, but for titles and initials."""
        whole = _whole(wanted)
        return any(not whole.isdisjoint(_whole(name)) for name in self._people[place].names)

    def _contains(self, place: int, wanted: str) -> bool:
        """Say whether a name has it in it: word for word, or a single word as a part of one."""
        for words in _spellings(wanted):
            for name in self._people[place].names:
                folded = _folded(name)
                if words[0] in folded if len(words) == 1 else set(words) <= set(folded.split()):
                    return True
        return False

    # -- what is like it -------------------------------------------------------------------------------------------

    @cached_property
    def _bearers(self) -> Mapping[str, Sequence[int]]:
        """Every word of a name or before an @, with those who have it."""
        found: dict[str, list[int]] = {}
        for place, text in enumerate(self._called):
            for word in set(text.split()):
                found.setdefault(word, []).append(place)
        return found

    def _words_like(self, word: str) -> Iterator[tuple[str, float]]:
        wanted = _pairs(word)
        for other in self._bearers:
            if abs(len(other) - len(word)) > len(word) // 2:
                continue
            theirs = _pairs(other)
            likeness = 2 * len(wanted & theirs) / (len(wanted) + len(theirs))
            if likeness >= _LEAST:
                yield other, likeness


def _without_name(wanted: str) -> str:
    """Return what was typed, in lower case on one line; of "Ana Lima <ana@example.org>" only the address."""
    found = _BRACKETED.search(wanted)
    return " ".join((found[1] if found else wanted).casefold().split())[:LONGEST]


def _fold(text: str) -> Words:
    """Return the words of a text as a to z and digits: without case, accents and punctuation."""
    return tuple(_WORDS.findall(latin(text.translate(_NO_APOSTROPHES)).translate(_NO_APOSTROPHES).lower()))


def _spellings(text: str) -> set[Words]:
    """Return the words of a text in each way in which they may be spelled: Köppe is koppe as well as koeppe."""
    text = text[:LONGEST]
    found = {_fold(text)} if text.isascii() else {_fold(text), _fold(other_spelling(text))}
    return found - {()}


def _folded(text: str) -> str:
    """Return all words of a text, each in every spelling."""
    return " ".join(map(_folded_word, text[:LONGEST].split()))


@lru_cache(maxsize=1 << 16)
def _folded_word(word: str) -> str:
    return " ".join(part for words in sorted(_spellings(word)) for part in words)


def _is_in(spellings: Iterable[Words], folded: str) -> bool:
    return any(all(word in folded for word in words) for words in spellings)


def _whole(name: str) -> set[Words]:
    """Return a name's words in order of the alphabet, without titles and initials, for each of its spellings."""
    read = {tuple(sorted(one.tokens)) for one in read_spellings(name) if one.tokens}
    return read or {tuple(sorted(words)) for words in _spellings(name)}


def _pairs(word: str) -> set[str]:
    """Return the pairs of letters of a word, its beginning and its end taken for a letter."""
    return {one + other for one, other in pairwise(f" {word} ")}
