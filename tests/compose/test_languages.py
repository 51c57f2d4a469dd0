"""The wordings of every language and occasion, held to the rules: enough of them, whole sentences, length, questions.

What holds for each pair of wordings holds for each draft, so these look at wordings, not at samples.
"""

import re
from collections.abc import Iterator
from itertools import combinations, product
from typing import get_args

import pytest

from daemon.compose.draft import WORDS_AT_LEAST, WORDS_AT_MOST, compose, example
from daemon.compose.facts import Silence
from daemon.compose.phrasebook import BUILT_IN
from daemon.compose.when import when_words
from daemon.compose.wording import PARTS, Wording, built_in, greetings, render, times
from daemon.settings import Formality, Language, Occasion, Relation
from tests.due.given import NOW, ZONE, days_ago

LANGUAGES: tuple[Language, ...] = get_args(Language)
OCCASIONS: tuple[Occasion, ...] = get_args(Occasion)
RELATIONS: tuple[Relation | None, ...] = (None, *get_args(Relation))
FORMALITIES: tuple[Formality, ...] = get_args(Formality)
FORMAL = {"de", "fr", "es", "nl", "it", "pt"}
EXTRA = {"lunch": {"city"}, "new-year": {"year"}, "congratulations": {"title"}, "reference": {"company"}}
SHORTEST = dict.fromkeys(("topic", "when", "me", "city", "title", "company", "year"), "x") | {"news": "", "note": ""}
EVERY = [(language, occasion) for language in LANGUAGES for occasion in OCCASIONS]


def prose(language: Language, occasion: Occasion) -> list[Wording]:
    silent = BUILT_IN.left_out(language, occasion) | {"subject", "sign_off", "note"}
    return [one for one in BUILT_IN.wordings(language, occasion) if one.part not in silent]


def pools(language: Language, occasion: Occasion) -> Iterator[dict[str, list[Wording]]]:
    """Yield for each situation the wordings of each part that can be said in it."""
    silent = BUILT_IN.left_out(language, occasion)
    formalities = FORMALITIES if language in FORMAL else FORMALITIES[:1]
    kinds = (None,) if "shared" in silent else (None, "mail", "meeting")
    everything = BUILT_IN.wordings(language, occasion)
    for relation, silence, formality, kind in product(RELATIONS, Silence, formalities, kinds):
        known = frozenset({"news", "note", "me"} | EXTRA.get(occasion, set()) | ({"topic", "when"} if kind else set()))
        parts = [part for part in PARTS if part not in silent | {"note", "bridge" if kind else "shared"}]
        yield {
            part: [
                one
                for one in everything
                if one.part == part
                and one.suits(silence=silence, relation=relation, kind=kind, formality=formality, known=known)
            ]
            for part in parts
        }


def count(wording: Wording) -> int:
    return len(
        re.sub(r"\s+([?!:;»])", r"\1", render(wording, SHORTEST).replace("«\u00a0", "«").replace("« ", "«")).split()
    )


@pytest.mark.parametrize(("language", "occasion"), EVERY)
def test_every_situation_has_wordings_enough_and_of_a_proper_length(language: Language, occasion: Occasion) -> None:
    """Rules "Drafts": no sentence twice in a day (up to five wait unsent), 40 to 110 words."""
    lengths = {one.id: count(one) for one in BUILT_IN.wordings(language, occasion)}
    for pool in pools(language, occasion):
        for part, found in pool.items():
            assert len(found) >= (4 if part == "sign_off" else 6), part
        told = [part for part in pool if part not in {"subject", "sign_off", "news"}]
        least = sum(min(lengths[one.id] for one in pool[part]) for part in told)
        most = sum(max(lengths[one.id] for one in pool[part]) for part in told)
        assert least + (1 if occasion == "news" else 0) >= WORDS_AT_LEAST
        assert most + 10 <= WORDS_AT_MOST


@pytest.mark.parametrize(("language", "occasion"), EVERY)
def test_a_wording_is_whole_sentences_and_only_questions_ask(language: Language, occasion: Occasion) -> None:
    for wording in BUILT_IN.wordings(language, occasion):
        said = render(wording, dict.fromkeys(SHORTEST, "Fact"))
        assert said == said.strip()
        assert "  " not in said
        assert not re.search(r"\s[,.]|[,;][,;.]|\.\.|[{}<>\[\]]", said), said
        assert said.count("?") == (wording.part == "question"), said
        if wording.part == "subject":
            assert len(said.split()) <= 5, said
            assert said[-1] not in ".,:;?", said
        elif wording.part not in {"sign_off", "note", "news"}:
            assert said[-1] in ".!?", said
        if wording.part not in {"opening", "note"} or language not in {
            "de",
            "it",
        }:  # small behind the comma of a greeting
            assert not said[0].isalpha() or said[0].isupper(), said
        assert wording.part in {"note", "subject"} or not wording.text.startswith("{{"), said


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_wordings_share_a_sentence(language: Language) -> None:
    """Rule "Of two drafts of one day … no two share a sentence beside names, topic and news"."""
    seen: dict[str, Wording] = {}
    for wording in dict.fromkeys(one for occasion in OCCASIONS for one in prose(language, occasion)):
        for sentence in re.split(r"(?<=[.!?])\s+", wording.text.casefold()):
            if not sentence.startswith("{{"):
                assert sentence not in seen, (wording, seen[sentence])
                seen[sentence] = wording


@pytest.mark.parametrize(("language", "occasion"), EVERY)
def test_no_two_parts_of_a_draft_say_the_same_four_words(language: Language, occasion: Occasion) -> None:
    def runs(text: str) -> set[tuple[str, ...]]:
        pieces = [re.findall(r"[\w'’]+", piece) for piece in re.split(r"\{\{.*?\}\}", text.casefold())]  # noqa: RUF001
        return {run for words in pieces for run in zip(words, words[1:], words[2:], words[3:], strict=False)}

    def meet(one: Wording, other: Wording) -> bool:
        sets = ((one.silences, other.silences), (one.relations, other.relations))
        return all(not ones or not others or ones & others for ones, others in sets) and (
            not one.formality or not other.formality or one.formality == other.formality
        )

    places: dict[tuple[str, ...], list[Wording]] = {}
    for wording in prose(language, occasion):
        for run in runs(wording.text):
            places.setdefault(run, []).append(wording)
    for run, wordings in places.items():
        for one, other in combinations(wordings, 2):
            if one.part != other.part and {one.part, other.part} != {"shared", "bridge"} and meet(one, other):
                raise AssertionError((run, one.text, other.text))


@pytest.mark.parametrize(("language", "occasion"), EVERY)
def test_an_example_can_be_written(language: Language, occasion: Occasion) -> None:
    for formality in FORMALITIES:
        facts = example(occasion, language, formality)
        draft = compose(facts, avoid=(), seed="a")
        assert draft.body.startswith(facts.greeting)
        assert draft.news_told or "news" in BUILT_IN.left_out(language, occasion)
        assert facts.company is None or facts.company in draft.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_greets_and_tells_times(language: Language) -> None:
    for formality in FORMALITIES:
        words = greetings(language, formality)
        assert words.unnamed
        assert not {"NAME", "FULL"}.isdisjoint(re.findall("[A-Z]{4}", words.named)) or words.named == words.unnamed
    assert set(times(language)) >= {
        "this_month", "last_month", "month", "past_month", "year_ago", "month_last_year", "year",
    }  # fmt: skip
    for at in days_ago(3, 40, 100, 300, 366, 500, 900):
        said = when_words(at, NOW, ZONE, language)
        assert said
        assert "MONTH" not in said
        assert "YEAR" not in said


def test_each_folder_is_a_language() -> None:
    assert {folder.name for folder in built_in().iterdir() if folder.is_dir()} == set(LANGUAGES)
