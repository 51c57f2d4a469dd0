"""Headers that a provider tells field by field say what the same headers say in bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mime.fields import make_header, read_header
from connectors.mime.reading import MailMaker, read_message
from connectors.text import clean
from connectors.types import Address

NAMES = [
    "From", "to", "TO", "Cc", "Date", "Subject", "Message-ID", "References", "In-Reply-To", "Return-Path", "Reply-To",
    "Auto-Submitted", "Precedence", "List-Id", "List-Post", "Content-Type", "X-Failed-Recipients", "X-Autoreply",
    "X-Original-From", "Received", "X-Gmail-Labels", "X-Other",
]  # fmt: skip
PIECES = [
    "a@example.org", "Anna Adler <anna@example.org>", '"Lima, Ana" <ana@example.org>', ", ", "; ", " ", "\t", "<m1@x>",
    "()", "undisclosed:;", "no",
    "=?utf-8?q?J=C3=BCrgen?=", "=?utf-8?b?", "Grüße", "李", "🌱", "\u202e", "\x00", "\x0c", "\x1c", "\x85", "\u2028",
    "Thu, 01 Oct 2026 09:30:00 +0000", "bulk", "auto-replied", "<>", "text/calendar; method=REQUEST", "Sent,Opened",
    "multipart/report; report-type=disposition-notification", "<tea.example.org>", "<mailto:tea@example.org>",
]  # fmt: skip
VALUES = st.lists(st.sampled_from(PIECES), max_size=5).map("".join) | st.text(
    st.characters(codec="utf-8", exclude_characters="\r\n"), max_size=12
)


@given(st.lists(st.tuples(st.sampled_from(NAMES), VALUES), min_size=1, max_size=12))
def test_a_header_told_field_by_field_says_what_the_same_header_in_bytes_says(pairs: list[tuple[str, str]]) -> None:
    source = "".join(f"{name}: {value}\r\n" for name, value in pairs) + "\r\n"
    of_bytes = read_message(source.encode("utf-8"))
    assert read_message(b"", make_header(pairs)) == of_bytes


@given(st.lists(st.tuples(st.text(max_size=8) | st.sampled_from(NAMES), st.text(max_size=30) | VALUES), max_size=8))
def test_no_fields_make_it_raise_and_no_value_becomes_a_field_of_its_own(pairs: list[tuple[str, str]]) -> None:
    header = make_header(pairs)
    assert header.seen == len(pairs)
    assert set(header.fields) <= {name.strip().lower() for name, _ in pairs}
    assert not any(char in value for value in header.fields.values() for char in "\r\n")
    row = read_message(b"", header)
    if row is not None:
        MailMaker().to_mail(row)


@pytest.mark.parametrize("subject", ["Voilà", "Å", "Отбор \u0420", "一丅", "\u00a0nbsp"])
def test_a_letter_whose_last_byte_is_a_blank_in_latin_1_is_kept(subject: str) -> None:
    for header in (read_header(f"Subject: {subject}\r\n\r\n".encode()), make_header([("Subject", subject)])):
        row = read_message(b"", header)
        assert row is not None
        assert MailMaker().to_mail(row).subject == clean(subject)


def test_a_line_end_in_a_value_starts_no_field() -> None:
    row = read_message(
        b"", make_header([("Subject", "Tea\r\nFrom: eve@example.net\n\nBcc: x"), ("From", "a@example.org")])
    )
    assert row is not None
    mail = MailMaker().to_mail(row)
    assert (mail.subject, mail.sender) == ("Tea From: eve@example.net Bcc: x", Address("a@example.org"))
