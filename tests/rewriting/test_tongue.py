"""The word lists: each language has all of them, and they do not contradict each other."""

import ast
from pathlib import Path

import pytest

from daemon.rewriting.tongue import placed, sentences, shares, tongue, words
from daemon.rewriting.vocabulary import vocabulary
from daemon.settings import Language
from tests.rewriting.texts import GOOD, LANGUAGES
from tests.test_floors import OUTSIDE, imports

ROOM = Path(__file__).parents[2] / "daemon" / "rewriting"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_word_is_harmless_and_barred(language: Language) -> None:
    known = tongue(language)
    for word in known.phatic:
        for found in (known.barred, known.numbers, known.times, known.asks, known.promises):
            assert list(found.found(known.fold(word))) == [], word


@pytest.mark.parametrize("language", LANGUAGES)
def test_function_words_are_not_barred(language: Language) -> None:
    known = tongue(language)
    barred = {word for word in known.function if list(known.barred.found(known.fold(word)))}
    assert barred <= {"never", "nobody", "nie", "niemals", "nooit", "jamais", "nunca", "jamás", "mai"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_are_large_enough(language: Language) -> None:
    known = tongue(language)
    assert len(known.function) > 180
    assert len(known.common) > 300
    assert len(known.phatic) > 60


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_told_by_its_function_words(language: Language) -> None:
    for text in GOOD[language]:
        share = shares(words(" ".join(text)))
        assert max(share, key=lambda one: share[one]) == language


def test_a_noun_that_is_not_known_is_taken_for_a_name() -> None:
    """German writes all nouns with a capital, so a capital tells nothing."""
    known = vocabulary("de", "catch-up")
    for noun in ("Monate", "Antworten", "Lesen", "Neues", "Kontakts"):
        assert known.may_begin(noun, sentence=False), noun
    for name in ("Anna", "Klein", "Lang", "Lindqvist", "Wien", "Oslo", "Rechnung"):
        assert not known.may_begin(name, sentence=False), name


def test_a_capital_is_due_to_the_place_at_the_beginning_of_a_sentence_alone() -> None:
    told = [word for word, first in placed('Well, she said: "So be it" (Then she Went).') if first]
    assert told == ["Well", "So", "Then"]
    assert sentences(["One. Two? Three … four."]) == ["One.", "Two?", "Three …", "four."]


def test_a_mail_is_one_word() -> None:
    assert words("an e-mail, don't") == ["an", "mail", "don", "t"]


def test_only_the_way_to_the_server_is_not_pure() -> None:
    outside = {
        path.name
        for path in ROOM.glob("*.py")
        for one in imports(path, f"daemon.rewriting.{path.stem}")
        if any(
            one == name or one.startswith(f"{name}.")
            for name in (*OUTSIDE, "requests", "time", "daemon.rewriting.client")
        )
    }
    assert outside == {"client.py", "rewrite.py"}
    assert not any(
        isinstance(node, ast.Call) and getattr(node.func, "id", "") == "open"
        for path in ROOM.glob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
    )
