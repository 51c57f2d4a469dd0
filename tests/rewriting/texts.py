"""Briefs as templates make them, in each of the seven languages, and what a model could make of them: texts.toml."""

import tomllib
from pathlib import Path
from typing import Any

from daemon.compose import Facts, Silence
from daemon.compose.draft import Composed
from daemon.rewriting import Brief, brief_of
from daemon.settings import Formality, Language

LANGUAGES: tuple[Language, ...] = ("en", "de", "fr", "es", "nl", "pt", "it")

_texts: dict[str, Any] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))

TOPICS: dict[Language, str] = {one: _texts[one]["topic"] for one in LANGUAGES}
WHEN: dict[Language, str] = {one: _texts[one]["when"] for one in LANGUAGES}
NEWS: dict[Language, str] = {one: _texts[one]["news"] for one in LANGUAGES}
TEMPLATES: dict[Language, tuple[str, ...]] = {one: tuple(_texts[one]["template"]) for one in LANGUAGES}

GOOD: dict[Language, list[tuple[str, ...]]] = {one: [tuple(text) for text in _texts[one]["good"]] for one in LANGUAGES}
"""Rewritings that a good model could give."""

BAD: dict[Language, dict[str, tuple[str, ...]]] = {one: _texts[one]["bad"] for one in LANGUAGES}
"""Sentences with something new, by what it is."""


def facts(language: Language, *, formality: Formality = "informal", **known: object) -> Facts:
    """Return the facts of a draft to a person whose last name nobody but the greeting knows."""
    given: dict[str, object] = {
        "occasion": "catch-up",
        "language": language,
        "greeting": "Hi Priya,",
        "silence": Silence.MONTHS,
        "formality": formality,
        "topic": TOPICS[language],
        "about": "mail",
        "when": WHEN[language],
        "news": NEWS[language],
        "signed": "Robin",
        "signature": "Robin Park\n+31 20 555 0100",
    }
    return Facts(**(given | known))  # type: ignore[arg-type]


def composed(language: Language, paragraphs: tuple[str, ...] = (), *, note: bool = False) -> Composed:
    """Return a draft as `compose` gives it."""
    told = paragraphs or TEMPLATES[language]
    body = "\n\n".join(("Hi Priya,", *told, "Best wishes,\nRobin", "-- \nRobin Park\n+31 20 555 0100")) + "\n"
    return Composed(subject="Hello", body=body, variant=(), news_told=True, note_told=note)


def brief(language: Language = "en") -> Brief:
    """Return the brief of a language's template."""
    return brief_of(facts(language), composed(language))
