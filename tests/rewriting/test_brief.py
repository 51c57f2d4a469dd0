"""What a model gets to see of a draft, and how its text comes back into it."""

from dataclasses import replace
from typing import get_args

import pytest

from daemon.compose import Facts, compose, example
from daemon.rewriting import brief_of, judge, retold
from daemon.rewriting.brief import TOPIC, typeset
from daemon.settings import Formality, Language, Occasion, Relation
from tests.rewriting.texts import LANGUAGES, NEWS, TEMPLATES, TOPICS, brief, composed, facts


def test_a_brief_has_the_paragraphs_between_greeting_and_sign_off() -> None:
    made = brief()
    assert len(made.paragraphs) == 3
    assert made.paragraphs[1:] == TEMPLATES["en"][1:]
    assert made.paragraphs[0] == TEMPLATES["en"][0].replace("the Q3 budget", TOPIC)
    assert made.news == NEWS["en"]


def test_greeting_sign_off_name_signature_and_subject_are_not_in_it() -> None:
    told = str(brief())
    assert not any(word in told for word in ("Priya", "Hi", "Best wishes", "Robin", "555", "Hello"))


def test_a_signature_of_several_blocks_is_none_of_the_text() -> None:
    text = replace(composed("en"), body="Hi,\n\nOne.\n\nTwo.\n\nBest,\nRobin\n\n-- \nRobin\n\nNo paragraph.\n")
    assert brief_of(facts("en", news=None), text).paragraphs == ("One.", "Two.")
    assert retold(text, ("Three.",)).body == "Hi,\n\nThree.\n\nBest,\nRobin\n\n-- \nRobin\n\nNo paragraph.\n"


def test_a_draft_retold_differs_between_greeting_and_sign_off_alone() -> None:
    text = composed("en")
    assert retold(text, TEMPLATES["en"]) == text
    new = retold(text, ("One.", "Two."))
    assert new == replace(text, body=new.body)
    assert new.body == "Hi Priya,\n\nOne.\n\nTwo.\n\nBest wishes,\nRobin\n\n-- \nRobin Park\n+31 20 555 0100\n"


def test_what_the_template_does_not_tell_no_model_is_told() -> None:
    text = replace(composed("en"), news_told=False)
    made = brief_of(facts("en", note="Thanks for the tip."), text)
    assert (made.news, made.note) == (None, None)


def test_the_topic_stays_where_the_user_says_it() -> None:
    """A note is the user's own, word for word."""
    note = "Thank you for the Q3 budget!"
    made = brief_of(facts("en", note=note), composed("en", (*TEMPLATES["en"], note), note=True))
    assert made.paragraphs[-1] == note
    assert TOPIC in made.paragraphs[0]
    assert made.fit


def test_a_topic_that_cannot_be_hidden_goes_to_no_model() -> None:
    text = composed("en", (TEMPLATES["en"][0].replace("the Q3 budget", "xthe Q3 budgetx"), *TEMPLATES["en"][1:]))
    assert not brief_of(facts("en"), text).fit


@pytest.mark.parametrize("sign", ["<|system|>", "[INST]", "{x}", "`x`", "a|b", "\ufffc", TOPIC])
def test_what_a_model_could_take_for_a_command_goes_to_none(sign: str) -> None:
    text = composed("en", (*TEMPLATES["en"], f"My {sign} note."), note=True)
    assert brief_of(facts("en", note=f"My {sign} note."), text).fit is False


def test_without_paragraphs_there_is_nothing_to_ask_for() -> None:
    assert not brief_of(facts("en"), replace(composed("en"), body="Hi,\n\nBest,\nRobin\n")).fit


def test_german_goes_on_with_a_small_letter_behind_the_greeting() -> None:
    made = brief("de")
    assert typeset(made, ("Wir haben geschrieben.", "Wir nicht."))[0] == "wir haben geschrieben."
    assert typeset(made, ("Ihre Mail kam.",))[0] == "Ihre Mail kam."
    assert typeset(made, ("Zeit vergeht.",))[0] == "Zeit vergeht."
    assert typeset(brief("en"), ("We wrote.",))[0] == "We wrote."


def test_french_has_spaces_that_do_not_break() -> None:
    made = brief("fr")
    assert typeset(made, ("Comment vas-tu ? De « X » : rien.",)) == (
        "Comment vas-tu\u00a0? De «\u00a0X\u00a0»\u00a0: rien.",
    )
    assert typeset(brief("es"), ("Un hola : nada.",)) == ("Un hola : nada.",)


def drafts() -> list[tuple[Language, Occasion, Formality, int]]:
    """Return a sample of all situations: in each language half of the occasions, in one form of address."""
    pairs = [(language, occasion) for occasion in get_args(Occasion) for language in LANGUAGES]
    forms = get_args(Formality)
    return [(*pair, forms[number // 3 % 2], number) for number, pair in enumerate(pairs) if number % 2]


def situation(language: Language, occasion: Occasion, formality: Formality, number: int) -> Facts:
    relations: tuple[Relation | None, ...] = (None, *get_args(Relation))
    return replace(
        example(occasion, language, formality),
        relation=relations[number % 7],
        about=("mail", "meeting")[number % 2],
        news=NEWS[language] if number % 3 else None,
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_templates_own_text_is_always_good_enough(language: Language) -> None:
    """A model that gives back what it was given does no harm, and the lists know auld's own words."""
    for one in drafts():
        if one[0] == language:
            known = situation(*one)
            made = brief_of(known, compose(known, avoid=(), seed=str(one)))
            assert made.fit
            assert judge(made, made.paragraphs) is None, (one, made.paragraphs)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_topic_is_hidden_in_every_language(language: Language) -> None:
    made = brief(language)
    assert sum(text.count(TOPIC) for text in made.paragraphs) == 1
    assert "Budget" not in "".join(made.paragraphs)
    assert made.topic == TOPICS[language]
