"""English drafts of two occasions, held to what is English: worn phrases, articles; and to the limits, one by one.

What holds for each pair of wordings holds for each draft, so most of these look at wordings, not at samples.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import get_args

import pytest

from daemon.compose.draft import WORDS_AT_LEAST, WORDS_AT_MOST, Composed, compose
from daemon.compose.facts import Facts, Silence
from daemon.compose.wording import PARTS, Wording, render, wordings
from daemon.settings import Occasion, Relation

OCCASIONS: tuple[Occasion, ...] = ("catch-up", "new-year")
RELATIONS: tuple[Relation | None, ...] = (None, *get_args(Relation))
KINDS = (None, "mail", "meeting")
NEWS = "I moved to the data team in October."
NOTE = "Your tip about the archive saved me a week."
SAMPLE = {"topic": "the Q3 budget", "when": "in March", "news": NEWS, "note": NOTE, "year": "2027", "me": "Robin"}
SHORTEST = {"topic": "tea", "when": "", "news": "", "note": "", "year": "2027", "me": "Al"}
BANNED = (
    "checking in",
    "finds you well",
    "touch base",
    "touching base",
    "reach out",
    "reaching out",
    "circle back",
    "at your earliest",
    "to whom",
    "pick your brain",
    "i often think",
    "i enjoyed our",
    "as an ai",
)


def facts(**known: object) -> Facts:
    base = Facts(occasion="catch-up", language="en", greeting="Hi Priya,", silence=Silence.MONTHS, signed="Robin")
    return replace(base, **known)  # type: ignore[arg-type]


def situations() -> Iterable[Facts]:
    for occasion, relation, silence, kind, news, note in product(
        OCCASIONS, RELATIONS, Silence, KINDS, (None, NEWS), (None, NOTE)
    ):
        yield facts(
            occasion=occasion,
            relation=relation,
            silence=silence,
            about=kind,
            topic="the Q3 budget" if kind else None,
            when="in March" if kind else None,
            news=news,
            note=note,
            year=2027 if occasion == "new-year" else None,
        )


def text_of(draft: Composed) -> str:
    """Return the prose: no greeting, no sign-off."""
    return "\n".join(draft.body.rstrip("\n").split("\n\n")[1:-1])


def sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?:])\s+", text) if part.strip()]


def all_wordings() -> set[Wording]:
    return {wording for occasion in OCCASIONS for wording in wordings("en", occasion)}


def prose(occasion: Occasion) -> list[Wording]:
    return [wording for wording in wordings("en", occasion) if wording.part not in {"subject", "sign_off", "note"}]


def pool(occasion: Occasion, part: str, relation: Relation | None, silence: Silence, kind: str | None) -> list[Wording]:
    known = (
        {"news", "note", "me"}
        | ({"topic", "when"} if kind else set())
        | ({"year"} if occasion == "new-year" else set())
    )
    return [
        wording
        for wording in wordings("en", occasion)
        if wording.part == part
        and wording.suits(silence=silence, relation=relation, kind=kind, formality="informal", known=frozenset(known))
    ]


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_every_situation_has_twelve_wordings_of_every_part(occasion: Occasion) -> None:
    for relation, silence, kind in product(RELATIONS, Silence, KINDS):
        for part in ("subject", "opening", "shared" if kind else "bridge", "news", "question", "closing"):
            assert len(pool(occasion, part, relation, silence, kind)) >= 12, (part, relation, silence, kind)
        assert len(pool(occasion, "sign_off", relation, silence, kind)) >= 8


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_no_choice_of_wordings_is_too_short_or_too_long(occasion: Occasion) -> None:
    """Rule "40 to 110 words": the shortest choice reaches 40, the longest without own words stays under 110."""
    for relation, silence, kind in product(RELATIONS, Silence, KINDS):
        least = most = 0
        for part in ("opening", "shared" if kind else "bridge", "question", "closing"):
            lengths = [
                len(render(wording, SHORTEST).split()) for wording in pool(occasion, part, relation, silence, kind)
            ]
            least, most = least + min(lengths), most + max(lengths)
        assert least >= WORDS_AT_LEAST, (relation, silence, kind)
        assert most + 20 <= WORDS_AT_MOST


def test_no_wording_uses_a_worn_phrase() -> None:
    for wording in all_wordings():
        assert not any(phrase in wording.text.casefold() for phrase in BANNED), wording.text


def test_no_article_is_wrong() -> None:
    for wording in all_wordings():
        said = render(wording, SAMPLE)
        assert not re.search(r"\ba (?:[aeiAEI]|u(?!n?i|s)|hour|honest)\w*", said), said
        assert not re.search(r"\ban (?:[b-df-gj-np-tv-z]|uni|us)\w*", said), said


def test_last_and_when_are_not_said_together() -> None:
    for wording in all_wordings():
        assert "when" not in wording.needs or not re.search(r"\blast\b(?! ones)", wording.text), wording.text


def test_every_draft_holds_the_limits() -> None:
    """Rules "Drafts": words, subject, questions, no placeholder, one line a paragraph."""
    for number, situation in enumerate(situations()):
        for day in (number % 7,):
            draft = compose(situation, avoid=(), seed=f"p{number}@example.com|2026-11-{10 + day}")
            prose_text = text_of(draft)
            assert WORDS_AT_LEAST <= len(prose_text.split()) <= WORDS_AT_MOST, draft.body
            assert 1 <= len(draft.subject.split()) <= 5
            assert (draft.subject + prose_text).count("?") <= 1
            assert not any(bad in draft.subject + draft.body for bad in ("None", "{", "}", "  ", "…", "..", "[]", "()"))
            assert (NEWS in draft.body) == bool(situation.news) == draft.news_told
            assert (NOTE in draft.body) == bool(situation.note) == draft.note_told
            assert ("the Q3 budget" in draft.body) == bool(situation.topic)
            assert situation.occasion != "new-year" or "2027" in draft.body
            assert draft.body.startswith("Hi Priya,\n\n")
            assert draft.body.endswith(",\nRobin\n")
            said = sentences(prose_text)
            assert len(said) == len(set(said))


@pytest.mark.parametrize("occasion", OCCASIONS)
def test_drafts_of_one_day_share_no_sentence(occasion: Occasion) -> None:
    """Rule "Of two drafts of one day, and two in a row to one person": ten a day, over three weeks."""
    last: dict[str, set[str]] = {}
    people = [f"p{number}@example.com" for number in range(10)]
    for day in range(21):
        today: list[str] = []
        used: set[str] = set()
        for number, person in enumerate(people):
            situation = facts(
                occasion=occasion,
                silence=list(Silence)[number % 3],
                relation=RELATIONS[number % len(RELATIONS)],
                about="mail" if number % 2 else None,
                topic="the Q3 budget" if number % 2 else None,
                when="in March" if number % 2 else None,
                news=NEWS,
                year=2027 if occasion == "new-year" else None,
            )
            seed = f"{person}|{date(2026, 1, 1) + timedelta(days=day)}"
            draft = compose(situation, avoid=used | last.get(person, set()), seed=seed)
            assert not set(draft.variant) & last.get(person, set())
            today += [said for said in sentences(text_of(draft)) if said != NEWS]
            used |= set(draft.variant)
            last[person] = set(draft.variant)
        assert len(today) == len(set(today))


def test_all_parts_but_the_note_have_wordings() -> None:
    assert {wording.part for wording in all_wordings()} == set(PARTS)
