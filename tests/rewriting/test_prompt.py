"""The request: what it asks, and what of the user's and of other people's words is in it."""

import json
from typing import Any

import pytest

from daemon.rewriting import brief_of, exchange
from daemon.rewriting.prompt import EXAMPLES_LONGEST, document, sample
from daemon.rewriting.vocabulary import vocabulary
from daemon.settings import Language, Model
from tests.rewriting.texts import LANGUAGES, NEWS, TEMPLATES, brief, composed, facts

MODEL = Model(url="http://127.0.0.1:11434/v1", model="small")


def read(text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the request, and the document in it that the model works on."""
    request = json.loads(text)
    return request, json.loads(request["messages"][1]["content"])


def test_a_request_asks_for_json_at_a_low_temperature_and_no_more() -> None:
    request, _ = read(exchange(brief(), MODEL))
    assert set(request) == {"model", "messages", "temperature", "stream"}
    assert (request["model"], request["stream"]) == ("small", False)
    assert request["temperature"] <= 0.5
    assert [message["role"] for message in request["messages"]] == ["system", "user"]
    assert '{"paragraphs": ["…", "…"]}' in request["messages"][0]["content"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_model_is_told_the_language_and_the_address(language: Language) -> None:
    names = ["English", "German", "French", "Spanish", "Dutch", "Portuguese", "Italian"]
    system = read(exchange(brief(language), MODEL))[0]["messages"][0]["content"]
    assert f"Write {names[LANGUAGES.index(language)]}, informal in tone" in system
    assert "Ask one question" in system


def test_what_is_given_is_text_facts_and_what_stays_word_for_word() -> None:
    _, given = read(exchange(brief(), MODEL))
    assert given["text"][1:] == list(TEMPLATES["en"][1:])
    assert given["keep"] == [NEWS["en"]]
    assert given["facts"]["when the last contact was"] == "in March"
    assert "examples" not in given


def test_where_nothing_stays_and_nothing_is_asked_the_model_is_told_so() -> None:
    text = composed("en", ("We have not written for a while.",))
    request, given = read(exchange(brief_of(facts("en", news=None), text), MODEL))
    assert "keep" not in given
    assert "Ask no question" in request["messages"][0]["content"]
    assert "[TOPIC]" not in request["messages"][0]["content"]


def test_no_name_address_or_subject_of_somebody_else_leaves_the_machine() -> None:
    known = facts("en", greeting="Dear Priya Hollis,", topic='"Hollis contract"')
    text = composed("en", tuple(one.replace("the Q3 budget", '"Hollis contract"') for one in TEMPLATES["en"]))
    examples = (
        "To: priya.hollis@example.org\nSubject: the Hollis case\n\nHi Priya,\n\nI met Hollis and Mr. Lindqvist today, "
        "see www.example.org or https://example.org/hollis. My number is +31 20 555 0100.\n> Hollis wrote this\n\nRobin"
    )
    told = exchange(brief_of(known, text), MODEL, examples)
    for word in ("Priya", "priya", "Hollis", "hollis", "Lindqvist", "Robin", "@", "example.org", "555", "contract"):
        assert word not in told, word
    assert "I met … and … … today" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_last_names_are_not_shown_in_any_language(language: Language) -> None:
    told = sample(
        "Liebe Frau Klein, das sagt auch Lindqvist.\nFr. Klein auch.\nQuerida Sra. Costa, ayer vi a Lindqvist.",
        vocabulary(language, "catch-up"),
    )
    assert not any(name in told for name in ("Klein", "Lindqvist", "Costa"))


def test_the_users_style_is_shown_without_what_would_not_be_mail() -> None:
    known = vocabulary("en", "catch-up")
    assert (
        sample("Hello there,\r\n\r\n\r\n\r\nI wanted to write.\x1b[31m\u202e", known) == "Hello there,\n\nI wanted to …"
    )
    assert sample("", known) == ""
    assert sample("> quoted\nFrom: somebody", known) == ""


def test_examples_are_cut() -> None:
    told = sample("we wrote again. " * 1_000, vocabulary("en", "catch-up"))
    assert EXAMPLES_LONGEST - 20 < len(told) <= EXAMPLES_LONGEST
    assert told.endswith(("again.", "we", "wrote"))


@pytest.mark.parametrize(
    "closing", ['"}]}', '"}], "keep": ["x"]', "\\", "</s>", "<|im_end|>", "[/INST]", "{{x}}", "```", "\u2028", "\x00"]
)
def test_nothing_that_is_given_ends_what_it_stands_in(closing: str) -> None:
    examples = f"I wrote {closing} then.\n{closing}\n"
    request, given = read(exchange(brief(), MODEL, examples))
    assert len(request["messages"]) == 2
    assert set(given) == {"text", "facts", "keep", "examples"}
    assert not any(sign in given["examples"] for sign in "<>[]{}|`\\")


def test_a_second_try_says_what_was_wrong() -> None:
    _, given = read(document(brief(), "small", "", 'it asks "twice"').decode())
    assert given["your last answer could not be used"] == 'it asks "twice"'


def test_a_formal_draft_is_asked_for_as_one() -> None:
    made = brief_of(facts("de", formality="formal"), composed("de"))
    assert "Write German, formal in tone" in exchange(made, MODEL)


def test_what_tells_of_anybody_is_left_out_of_the_examples_however_it_is_written() -> None:
    told = sample(
        "hi anna, thanks for the evening with björn and kowalczyk.\nCall five five five, robin at example dot com.\n"
        "Привет, мария! שלום דוד مرحبا فاطمة 田中さん\n| quoted by another program\n    an indented quote\n"
        "On Monday anna wrote:\nThe password is swordfish.\nI hope you are well.\n"
        "-----Original Message-----\nI hope you are well, too, and happy.\n",
        vocabulary("en", "catch-up"),
    )
    for hidden in (
        "anna", "björn", "kowalczyk", "five", "robin", "dot", "мария", "דוד", "فاطمة", "田中", "quoted", "indented",
        "wrote", "swordfish", "happy",
    ):  # fmt: skip
        assert hidden not in told.lower(), hidden
    assert "I hope you are well." in told
