"""What a language model is told of a draft, and how its answer becomes the draft's text.

Decides what may leave this machine: the paragraphs between greeting and sign-off, and facts of the user's own. Names,
addresses, subject, greeting, signature are never among it. Nor is the topic, the one thing in a draft that somebody
else wrote (the subject of a mail): it is text that could hold orders for a model, or a last name. `TOPIC` stands in its
place, there and back.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from daemon.compose import Composed, Facts
from daemon.compose.facts import NEWS_LONGEST
from daemon.compose.plain import clean, sentence
from daemon.rewriting.tongue import tongue, words
from daemon.settings import Formality, Language, Occasion, Relation

TOPIC: Final = "[TOPIC]"
"""Stands for the topic in all that a model reads and writes."""

HIDDEN: Final = "\ufffc"
"""Stands for all that is told word for word while a text is judged; no text that is judged may hold it."""

_LONGEST: Final = 80  # characters of a fact
_TOPIC_LONGEST: Final = 200  # as a draft tells it
_SIGNATURE: Final = "-- \n"
_COMMANDING: Final = frozenset("<>[]{}|`\\" + HIDDEN)
"""Signs that models take for roles and commands ("<|system|>", "[INST]"): a text with one is not given to any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """What is to be told. `paragraphs` are the template's, `TOPIC` standing for the `topic`.

    `news` and `note` are the user's own sentences, None unless the template tells them: the answer holds them word for
    word. The other facts may be said or not.
    """

    occasion: Occasion
    language: Language
    paragraphs: tuple[str, ...]
    formality: Formality = "informal"
    relation: Relation | None = None
    silence: str = ""
    topic: str | None = None
    when: str | None = None
    news: str | None = None
    note: str | None = None
    year: str | None = None
    city: str | None = None
    title: str | None = None
    company: str | None = None

    @property
    def facts(self) -> dict[str, str]:
        """The facts that may be said, by name, without the user's sentences and the topic."""
        named = {
            "when the last contact was": self.when,
            "year": self.year,
            "city of both": self.city,
            "their new position": self.title,
            "company": self.company,
        }
        return {name: value for name, value in named.items() if value}

    @property
    def sayings(self) -> tuple[str, ...]:
        """The sentences that stay word for word."""
        return tuple(text for text in (self.note, self.news) if text)

    @property
    def fit(self) -> bool:
        """Whether a model may be asked at all: there is something to rewrite, and nothing in it that must not leave."""
        rest = "\n".join(self.paragraphs)
        for saying in self.sayings:
            rest = rest.replace(saying, "")
        hidden = self.topic is None or self.topic not in rest
        told = "".join((rest.replace(TOPIC, ""), *self.sayings, *self.facts.values()))
        return bool(self.paragraphs) and hidden and _COMMANDING.isdisjoint(told)


def brief_of(facts: Facts, composed: Composed) -> Brief:
    """Return the brief of a draft that was composed of `facts`."""
    news = sentence(facts.news or "", NEWS_LONGEST) if composed.news_told else ""
    note = sentence(facts.note or "", NEWS_LONGEST) if composed.note_told else ""
    topic = clean(facts.topic or "", _TOPIC_LONGEST)
    _, paragraphs, _ = _parts(composed.body)
    hidden = tuple(_hide(paragraph, topic, (news, note)) for paragraph in paragraphs) if topic else paragraphs
    return Brief(
        occasion=facts.occasion,
        language=facts.language,
        formality=facts.formality,
        relation=facts.relation,
        silence=facts.silence,
        paragraphs=hidden,
        topic=topic or None,
        when=clean(facts.when or "", _LONGEST) or None,
        news=news or None,
        note=note or None,
        year=str(facts.year) if facts.year else None,
        city=clean(facts.city or "", _LONGEST) or None,
        title=clean(facts.title or "", _LONGEST) or None,
        company=clean(facts.company or "", _LONGEST) or None,
    )


def retold(composed: Composed, paragraphs: Sequence[str]) -> Composed:
    """Return a draft with other paragraphs between greeting and sign-off, and all else as it was."""
    before, _, after = _parts(composed.body)
    return replace(composed, body="\n\n".join((*before, *paragraphs, *after)))


def typeset(brief: Brief, paragraphs: Sequence[str]) -> tuple[str, ...]:
    """Return a model's paragraphs as the language sets them, the topic in its place.

    Where the template goes on with a small letter behind the greeting's comma, so does the text, if its first word has
    a capital for its place alone. French sets a space that does not break before its high punctuation.
    """
    texts = [text.replace(TOPIC, brief.topic or "") for text in paragraphs]
    first = next(iter(words(texts[0])), "")
    known = tongue(brief.language)
    if brief.paragraphs[0][0].islower() and first.lower() in known.function and first not in known.capitals:
        texts[0] = texts[0].replace(first, first.lower(), 1)
    if brief.language == "fr":
        texts = [re.sub(r" (?=[?!:;»])|(?<=«) ", "\u00a0", text) for text in texts]
    return tuple(texts)


def _parts(body: str) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the greeting, the paragraphs, and all from the sign-off on (see `daemon.compose.compose`)."""
    blocks = tuple(body.split("\n\n"))
    end = next((place for place, block in enumerate(blocks) if block.startswith(_SIGNATURE)), len(blocks)) - 1
    return blocks[:1], blocks[1:end], blocks[max(1, end) :]


def _hide(paragraph: str, topic: str, sayings: Sequence[str]) -> str:
    """Return a paragraph with `TOPIC` for the topic, but not within the user's own sentences."""
    kept = "|".join(re.escape(text) for text in sayings if text) or "(?!)"
    pattern = rf"({kept})|(?<!\w){re.escape(topic)}(?!\w)"
    return re.sub(pattern, lambda match: match[1] or TOPIC, paragraph)
