"""Whether a model's text may stand in a draft. Any doubt, and it may not.

Works by what is known to be right, not by what is known to be wrong: signs, names and numbers must be those of the
template or of the facts, each sentence must have its grounds in the template, there are no more of them than it has,
and all words must be its own or common ones. What a mail to say hello must not say (promises, appointments, requests,
money …) is looked for besides, because common words can say it. Pure.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from daemon.compose.draft import WORDS_AT_LEAST, WORDS_AT_MOST
from daemon.compose.plain import count_words
from daemon.rewriting.brief import HIDDEN, TOPIC, Brief
from daemon.rewriting.speech import Speech
from daemon.rewriting.tongue import sentences, tongue, words

PARAGRAPHS_AT_MOST: Final = 6
CHARACTERS_AT_MOST: Final = 2_000
"""Of all paragraphs together: 110 long words have about 1,000."""

_LETTERS: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝŸŒ"
)
_SIGNS: Final = frozenset(" .,;:!?'\"()-’‘“”„«»¡¿–—…")  # noqa: RUF001 -- the signs of seven languages
_SPACES: Final = str.maketrans({"\u00a0": " ", "\u202f": " "})  # French ones; they stay in the text as they are
_ENDS: Final = re.compile(r"[.!?…\ufffc][\"'”’“»)]*\s?[»”]?$")  # noqa: RUF001
_ODD: Final = re.compile(r"[^\W_][.:!?…]\w|\s[.,]|[,;:]{2}|[!?]{2}|\.{4}|--|^[-–—.,;:!?)]|[;:]-?[()]|\(\)")  # noqa: RUF001
_APOSTROPHES: Final = frozenset("'’")  # noqa: RUF001
_BEFORE: Final = frozenset('.!?:;,–—…("“„«-')  # noqa: RUF001 -- what a sentence of the user's may stand behind
_AFTER: Final = frozenset('.!?:;,–—…)"”»-')  # noqa: RUF001
_EXCLAMATIONS: Final = 1  # more than the template has


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a text is not used. `reason` is of ours; `hint` also holds words of the text, for the model alone."""

    reason: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.reason}: {self.hint}" if self.hint else self.reason


def judge(brief: Brief, paragraphs: Sequence[str]) -> Fault | None:
    """Return what is wrong with the paragraphs that a model gave for a brief, None if they may stand in the draft."""
    return next(_faults(brief, tuple(text.translate(_SPACES) for text in paragraphs)), None)


def _faults(brief: Brief, texts: tuple[str, ...]) -> Iterator[Fault]:
    yield from _shape(texts)
    template = tuple(text.translate(_SPACES) for text in brief.paragraphs)
    own, missing = _without_sayings(texts, brief.sayings)
    if missing:
        yield Fault("the news or the note is not told word for word, as a sentence of its own", missing)
    said, _ = _without_sayings(template, brief.sayings)
    yield from _signs(own, said)
    speech = Speech(brief, _hidden(said))
    if not speech.is_in_language(_hidden(own)):
        yield Fault(f"it is not in {tongue(brief.language).name}")
    yield from _topic(brief, own, said)
    own = _hidden(own)
    count = sum(count_words(text.replace(TOPIC, brief.topic or "")) for text in texts)
    if not WORDS_AT_LEAST <= count <= WORDS_AT_MOST:
        yield Fault(f"it has too {'few' if count < WORDS_AT_LEAST else 'many'} words", str(count))
    yield from _marks(texts, own, template)
    for reason, hint in speech.faults(own):
        yield Fault(reason, hint)
    if len(sentences(own)) > len(sentences(_hidden(said))):
        yield Fault("it has more sentences than the text")


def _shape(texts: Sequence[str]) -> Iterator[Fault]:
    if not texts or len(texts) > PARAGRAPHS_AT_MOST or not all(text.strip() for text in texts):
        yield Fault(f"it has no paragraphs, empty ones, or more than {PARAGRAPHS_AT_MOST}")
    if sum(map(len, texts)) > CHARACTERS_AT_MOST:
        yield Fault("it is too long")
    if any(text != unicodedata.normalize("NFC", text) or HIDDEN in text for text in texts):
        yield Fault("it has signs that are not of plain text")


def _without_sayings(texts: Sequence[str], sayings: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Return texts with `HIDDEN` for each of the user's sentences, and the first of these that is not there once."""
    missing = ""
    for saying in sorted(sayings, key=len, reverse=True):
        pattern, found = _loosely(saying), 0
        hidden = []
        for text in texts:
            whole = [match for match in pattern.finditer(text) if _stands_alone(text, match)]
            found += len(whole)
            for match in reversed(whole):
                text = text[: match.start()] + HIDDEN + text[match.end() :]  # noqa: PLW2901 -- from its end on
            hidden.append(text)
        texts = hidden
        missing = missing or ("" if found == 1 else saying)
    return tuple(texts), missing


_ARTICLES: Final = frozenset({"the", "a", "an"})
"""In English a topic has its own, or stands in quotes; other languages may set one before a title."""


def _loosely(saying: str) -> re.Pattern[str]:
    """Return what finds a sentence: its full stop may be missing, its first letter small, its quotes others."""
    first, rest = saying[0], re.escape(saying[1:].translate(_SPACES).removesuffix("."))
    rest = re.sub(r"['’]", "['’]", rest)  # noqa: RUF001
    rest = re.sub(r"[\"“”„]", '["“”„]', rest)
    return re.compile(f"[{re.escape(first + first.lower())}]{rest}")


def _stands_alone(text: str, match: re.Match[str]) -> bool:
    """Say whether what was found is a sentence or a clause: nothing before or behind it takes it back."""
    before, after = text[: match.start()].rstrip(), text[match.end() :].lstrip()
    return (not before or before[-1] in _BEFORE) and (not after or after[0] in _AFTER or match[0][-1] in _AFTER)


def _signs(own: Sequence[str], said: Sequence[str]) -> Iterator[Fault]:
    allowed = _LETTERS | _SIGNS | {HIDDEN} | set("".join(said))
    for text in own:
        strange = {char for char in text.replace(TOPIC, "") if char not in allowed and not "0" <= char <= "9"}
        if strange:
            yield Fault("it has signs that are not of plain text", " ".join(sorted(strange)[:5]))


def _topic(brief: Brief, own: Sequence[str], said: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with the topic's place: it is told as often as in the template, and where it can stand."""
    if sum(text.count(TOPIC) for text in own) != sum(text.count(TOPIC) for text in said):
        yield Fault(f"{TOPIC} does not stand in it as often as in the text")
    free = not (brief.topic or "")[:1].isalpha() or not tongue(brief.language).leads
    leads = tongue(brief.language).leads.union(lead for lead, _ in _around_topic(said))
    for lead, after in _around_topic(own):
        wrong = not lead or (lead not in leads and not free)
        wrong = wrong or (brief.language == "en" and lead in _ARTICLES and lead not in leads)
        if wrong or after.isalnum() or after in _APOSTROPHES:
            yield Fault(f"{TOPIC} stands where no noun phrase can stand", f"{lead} {TOPIC}{after}")


def _around_topic(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield the word before each topic in its sentence, in lower case and "" for none, and the character behind it."""
    for text in texts:
        for before, after in re.findall(rf"([^.!?…]*){re.escape(TOPIC)}(.?)", text):
            yield "".join(words(before)[-1:]).lower(), after


def _hidden(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(text.replace(TOPIC, HIDDEN) for text in texts)


def _marks(texts: Sequence[str], own: Sequence[str], template: Sequence[str]) -> Iterator[Fault]:
    """Yield what is wrong with questions, exclamations, the ends of paragraphs and punctuation."""
    whole, given = "".join(texts), "".join(template)
    if whole.count("?") > min(1, given.count("?")):
        yield Fault("it asks more than one question, or one where the text asks none")
    if whole.count("!") > given.count("!") + _EXCLAMATIONS:
        yield Fault("it exclaims more than the text")
    for text in own:
        if not _ENDS.search(text):
            yield Fault("a paragraph does not end with a sentence", text[-20:])
        if odd := _ODD.search(text):
            yield Fault("it has a link, markup or punctuation that no sentence has", odd[0])
