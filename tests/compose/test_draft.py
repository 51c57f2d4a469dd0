"""How a draft is joined: its form, what gives way to the user's own words, and hostile facts."""

import unicodedata
from collections.abc import Container
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.compose.draft import WORDS_AT_LEAST, WORDS_AT_MOST, compose, preview
from daemon.compose.facts import Facts, Silence

FACTS = Facts(
    occasion="catch-up",
    language="en",
    greeting="Hi Priya,",
    silence=Silence.MONTHS,
    topic="the Q3 budget",
    about="mail",
    when="in March",
    news="I moved to the data team.",
    signed="Robin",
)
SEED = "priya@example.com|2026-11-23"


def words(body: str) -> int:
    return sum(len(line.split()) for line in body.rstrip("\n").split("\n\n")[1:-1])


def test_a_draft_is_greeting_paragraphs_sign_off_and_name() -> None:
    draft = compose(FACTS, avoid=(), seed=SEED)
    greeting, *paragraphs, end = draft.body.rstrip("\n").split("\n\n")
    assert greeting == "Hi Priya,"
    assert len(paragraphs) == 3
    assert not any("\n" in paragraph for paragraph in paragraphs)
    assert end.split("\n")[1:] == ["Robin"]
    assert "\n\n\n" not in draft.body


def test_the_signature_stands_behind_its_separator() -> None:
    """RFC 3676, 4.3: dash, dash, space."""
    draft = compose(replace(FACTS, signature="Robin Park\r\n+31 20 555 0100\n"), avoid=(), seed=SEED)
    assert draft.body.endswith("\nRobin\n\n-- \nRobin Park\n+31 20 555 0100\n")
    assert "-- " not in compose(replace(FACTS, signature=" \n"), avoid=(), seed=SEED).body


def test_the_same_facts_and_seed_give_the_same_draft() -> None:
    assert compose(FACTS, avoid=(), seed=SEED) == compose(FACTS, avoid=(), seed=SEED)


def test_another_day_gives_another_draft() -> None:
    drafts = {compose(FACTS, avoid=(), seed=f"priya@example.com|2026-11-{day}").body for day in range(10, 20)}
    assert len(drafts) == 10


def test_avoided_wordings_do_not_come_again() -> None:
    first = compose(FACTS, avoid=(), seed=SEED)
    second = compose(FACTS, avoid=first.variant, seed=SEED)
    assert not set(first.variant) & set(second.variant)


def test_when_everything_is_avoided_there_is_still_a_draft() -> None:
    class All:
        def __contains__(self, item: object) -> bool:
            return True

    assert compose(FACTS, avoid=All(), seed=SEED).body == compose(FACTS, avoid=(), seed=SEED).body


def test_a_reply_keeps_the_subject_of_the_thread() -> None:
    draft = compose(FACTS, avoid=(), seed=SEED, reply_subject="Re: Q3 budget")
    assert draft.subject == "Re: Q3 budget"
    assert not any(name.startswith("subject") for name in draft.variant)


def test_the_variant_names_only_what_was_said() -> None:
    draft = compose(replace(FACTS, news="word " * 55), avoid=(), seed=SEED)
    assert draft.news_told
    assert len(draft.variant) < len(compose(FACTS, avoid=(), seed=SEED).variant)


@pytest.mark.parametrize("length", [1, 20, 40, 55, 60])
def test_long_news_makes_room_for_itself(length: int) -> None:
    draft = compose(replace(FACTS, news="word " * length), avoid=(), seed=SEED)
    assert draft.news_told
    assert WORDS_AT_LEAST <= words(draft.body) <= WORDS_AT_MOST


def test_news_that_leave_no_room_are_left_out_and_reported() -> None:
    draft = compose(replace(FACTS, news="a " * 150), avoid=(), seed=SEED)
    assert not draft.news_told
    assert WORDS_AT_LEAST <= words(draft.body) <= WORDS_AT_MOST


def test_of_news_and_note_the_note_stays() -> None:
    draft = compose(replace(FACTS, news="b " * 70, note="c " * 70), avoid=(), seed=SEED)
    assert draft.note_told
    assert not draft.news_told


def test_own_words_that_ask_replace_the_question() -> None:
    """Rule "at most one question"."""
    draft = compose(replace(FACTS, note="Did the tandem arrive?"), avoid=(), seed=SEED)
    assert draft.body.count("?") == 1
    assert draft.note_told
    both = compose(replace(FACTS, note="Did the tandem arrive?", news="Guess what? I moved."), avoid=(), seed=SEED)
    assert both.body.count("?") == 1
    assert both.note_told
    assert not both.news_told


def test_news_are_told_as_sentences() -> None:
    assert "I moved to Oslo." in compose(replace(FACTS, news="I moved to Oslo"), avoid=(), seed=SEED).body


def test_values_are_never_rendered() -> None:
    text = "{{ 7*7 }} {% for x in [1] %}{{ me }}{% endfor %}"
    draft = compose(replace(FACTS, topic=text, news=text, note=text), avoid=(), seed=SEED)
    assert "49" not in draft.body
    assert draft.body.count(text) == 3


hostile = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "\r\nBcc: x@example.net",
            "\u202eevil\u202c",
            "\x00\x1b[31m",
            "a" * 10_000,
            "<b>x</b>",
            "{{ x }}",
            "\u2028y",
            "?" * 9,
        ]
    ),
)


@given(topic=hostile, when=hostile, news=hostile, note=hostile, signed=hostile)
def test_hostile_facts_come_out_as_plain_lines(topic: str, when: str, news: str, note: str, signed: str) -> None:
    facts = replace(FACTS, topic=topic, when=when, news=news, note=note, signed=signed)
    draft = compose(facts, avoid=(), seed=SEED)
    assert "\n" not in draft.subject
    assert draft.subject.isprintable()
    assert all(char == "\n" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in draft.body)
    assert len(draft.body) < 3_000
    assert len(draft.body.split("\n\n")) <= 7


@pytest.mark.parametrize("occasion", ["catch-up", "new-year"])
def test_an_occasion_can_be_previewed(occasion: str) -> None:
    draft = preview(occasion)  # type: ignore[arg-type]
    assert "the website relaunch" in draft.body
    assert draft.body.startswith("Hi Sam,\n")


def test_behind_a_greeting_that_ends_a_sentence_one_begins() -> None:
    german = replace(FACTS, language="de", topic=None, about=None, greeting="Hallo Priya,")
    assert compose(german, avoid=(), seed=SEED).body.split("\n\n")[1][0].islower()
    assert compose(replace(german, greeting="Hallo Priya!"), avoid=(), seed=SEED).body.split("\n\n")[1][0].isupper()


def test_a_draft_of_news_never_leaves_them_out() -> None:
    draft = compose(replace(FACTS, occasion="news", news="word " * 70, note="note " * 40), avoid=(), seed=SEED)
    assert draft.news_told
    assert not draft.note_told


def test_liked_wordings_come_more_often() -> None:
    def openings(liked: Container[str]) -> list[str]:
        drafts = (compose(FACTS, avoid=(), seed=f"s{number}", liked=liked) for number in range(120))
        return [name for draft in drafts for name in draft.variant if name.startswith("opening")]

    liked = openings(())[0]
    assert openings({liked}).count(liked) > 1.5 * openings(()).count(liked)
