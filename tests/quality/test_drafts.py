"""The corpus of drafts: as auld writes them now, and held to the rules that can be checked without reading."""

import re

import pytest

from daemon.compose.draft import WORDS_AT_LEAST, WORDS_AT_MOST
from tests.quality.situations import COUNT, FOLDER, Situation, situations

SITUATIONS = list(situations())


def test_the_corpus_holds_every_situation_once_and_nothing_else() -> None:
    assert len({one.name for one in SITUATIONS}) == COUNT
    assert {file.stem for file in FOLDER.glob("*.txt")} == {one.name for one in SITUATIONS}


def test_the_corpus_is_what_auld_writes() -> None:
    """Whoever changed a wording: `python -m tests.quality.situations`, and read what changed."""
    changed = [one.name for one in SITUATIONS if (FOLDER / f"{one.name}.txt").read_text(encoding="utf-8") != one.text()]
    assert changed == []


@pytest.mark.parametrize("one", SITUATIONS, ids=lambda one: one.name)
def test_every_draft_holds_the_limits(one: Situation) -> None:
    """Rules "Drafts": words, subject, questions, no placeholder, no clumsy joint that a program can see."""
    draft = one.draft()
    greeting, *paragraphs, _ = draft.body.rstrip("\n").split("\n\n")
    prose = "\n".join(paragraphs)
    words = len(re.sub(r"\s+([?!:;»])", r"\1", prose.replace("«\u00a0", "«").replace("« ", "«")).split())
    assert WORDS_AT_LEAST <= words <= WORDS_AT_MOST
    assert 1 <= len(draft.subject.split()) <= 5
    assert (draft.subject + prose).count("?") <= 1
    assert prose.count("!") <= 1
    assert not re.search(r"[{}\[\]<>|]|None|MONTH|YEAR|NAME|FULL|\.\.|  |\s[,.]|,,", draft.subject + draft.body)
    assert len(greeting) <= 45
    assert not re.search(r"\b(?!nous|vous|via|dat)(\w+) \1\b", prose.casefold())
    sentences = [part.strip() for part in re.split(r"(?<=[.!?])\s+", prose)]
    assert len(sentences) == len(set(sentences))
    assert one.facts.company is None or one.facts.company in draft.body
