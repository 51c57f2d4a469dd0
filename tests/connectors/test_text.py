from hypothesis import given
from hypothesis import strategies as st

from connectors.text import clean


def test_controls_zero_width_and_bidi_characters_go_and_white_space_collapses() -> None:
    assert clean(" Ro\x00bin\u200b \t\r\n Pa\u202erk\u2069 \ufeff") == "Robin Park"


def test_what_is_composed_of_two_characters_becomes_one() -> None:
    assert clean("Jose\u0301") == "Jos\u00e9"


def test_a_long_text_is_cut() -> None:
    assert clean("ab " * 1000, 10) == "ab ab ab a"


@given(st.text())
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert len(once) <= 300
    assert not any(ord(letter) < 32 or letter in "\u200b\u202e\u2066\u2028" for letter in once)
