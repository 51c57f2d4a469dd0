"""Encoded words and raw bytes become clean text, whatever they hold."""

from base64 import b64encode
from email.charset import QP, Charset
from email.header import Header, decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mime.text import decode_text
from connectors.text import clean

PLAIN = st.text(
    st.characters(codec="utf-8", categories=["L", "N", "P"], exclude_characters="=?"), min_size=1, max_size=30
)


def wire(text: str) -> str:
    """Return UTF-8 bytes as a header field holds them: a character a byte."""
    return text.encode("utf-8").decode("latin-1")


@given(st.lists(PLAIN, min_size=1, max_size=6), st.sampled_from(["utf-8 b", "utf-8 q"]))
def test_what_the_standard_library_encodes_is_read_as_it_reads_it(words: list[str], how: str) -> None:
    charset = Charset("utf-8")
    if how == "utf-8 q":
        charset.header_encoding = QP
    encoded = Header(" ".join(words), charset, maxlinelen=60).encode().replace("\n ", " ")
    assert decode_text(encoded) == clean(str(make_header(decode_header(encoded))), 998)
    assert decode_text(encoded) == clean(" ".join(words), 998)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise_and_the_result_is_one_printable_line(raw: bytes) -> None:
    text = decode_text(raw.decode("latin-1"))
    text.encode("utf-8")
    assert "\n" not in text
    assert "\r" not in text


@given(st.text("=?_utf8-bqBQ \xe9\xff", max_size=80))
def test_no_half_encoded_word_makes_it_raise(value: str) -> None:
    decode_text(value)


def test_a_character_split_across_two_words_is_whole_again() -> None:
    assert decode_text("=?utf-8?q?caf=C3?= =?utf-8?q?=A9?=") == "café"


def test_blanks_between_words_go_and_blanks_beside_text_stay() -> None:
    assert decode_text("Re: =?utf-8?b?w7xiZXI=?= =?iso-8859-1?q?_M=FCnchen?= und mehr") == "Re: über München und mehr"


def test_an_encoded_line_break_is_a_blank() -> None:
    assert decode_text("=?utf-8?q?Eve=0D=0ABcc=3A_x=40example=2Enet?=") == "Eve Bcc: x@example.net"


def test_invisible_and_bidi_characters_are_stripped() -> None:
    assert decode_text(wire("A\u202enna\u200b \u2066Ad\ufeffler\u2069\x07")) == "Anna Adler"


def test_an_unknown_charset_is_read_by_its_bytes() -> None:
    assert decode_text("=?x-unknown?q?caf=C3=A9?=") == "café"
    assert decode_text("=?x-unknown?q?caf=E9?=") == "café"


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("gb2312", "gbk", "陶喆"),
        ("GB_2312-80", "gbk", "陶喆"),
        ("ks_c_5601-1987", "cp949", "펲시"),
        ("Shift_JIS", "cp932", "髙田①"),
        ("iso-8859-1", "cp1252", "Pat O\u2019Neill"),
        ("iso-8859-9", "cp1254", "Şen \u2013 Gül"),
    ],
)
def test_a_charset_is_what_senders_mean_by_it(label: str, codec: str, text: str) -> None:
    """Mail programs write characters of the wider charset under the narrower one's name."""
    payload = b64encode(text.encode(codec)).decode()
    assert decode_text(f"=?{label}?b?{payload}?=") == text


def test_of_broken_japanese_what_can_be_read_is_kept() -> None:
    circled = b"\x1b$B-!\x1b(B " + "会議".encode(
        "iso2022_jp"
    )  # a circled number is in no ISO-2022-JP, and often written
    assert decode_text(f"=?iso-2022-jp?b?{b64encode(circled).decode()}?=").endswith(" 会議")


def test_a_language_tag_in_an_encoded_word_is_ignored() -> None:
    assert decode_text("=?iso-8859-1*de?q?M=FCller?=") == "Müller"


def test_raw_bytes_are_utf8_or_else_windows_1252() -> None:
    assert decode_text(wire("Müller")) == "Müller"
    assert decode_text("M\xfcller \x96 x") == "Müller \N{EN DASH} x"


def test_text_is_composed() -> None:
    assert decode_text(wire("Mu\u0308ller")) == "Müller"


def test_what_is_no_encoded_word_stays_as_written() -> None:
    assert decode_text("is 1=?2 a question?=") == "is 1=?2 a question?="
