"""Address fields: well-formed ones as the standard library reads them, all others without harm."""

from email.headerregistry import Address
from email.utils import formataddr, getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mime.addresses import ADDRESSES_SCANNED, clean_address, parse_addresses

WORD = st.text("abcdefghijklmnopqrstuvwxyzABCDEFG", min_size=1, max_size=10)
EMAIL = st.builds(lambda local, domain: f"{local}@{domain}.example.org", WORD, WORD)
NAME = st.one_of(
    st.just(""),
    st.builds(" ".join, st.lists(WORD, min_size=1, max_size=3)),
    st.sampled_from(["Adler, Anna", "Anna (work)", 'Anna "Nan" Adler', "J. R. Park", "O'Brien", "Park; Robin"]),
)


@given(st.lists(st.tuples(NAME, EMAIL), max_size=8))
def test_well_formed_fields_are_read_as_the_standard_library_reads_them(people: list[tuple[str, str]]) -> None:
    value = ", ".join(formataddr(one) for one in people)
    assert [(name, email) for email, name in parse_addresses(value)] == getaddresses([value] if value else [])


@given(st.lists(st.tuples(NAME, EMAIL), max_size=5))
def test_what_the_strict_writer_writes_is_read_back(people: list[tuple[str, str]]) -> None:
    value = ", ".join(str(Address(name, addr_spec=email)) for name, email in people)
    assert [(name, email) for email, name in parse_addresses(value)] == people


@given(st.text("ab@.,;:<>()\"\\[]=?'\xe9 \t\x00", max_size=120))
def test_no_field_makes_it_raise_and_every_address_is_one(value: str) -> None:
    for email, name in parse_addresses(value):
        assert email.count("@") == 1
        assert not set(email) & set("<>()\x00 \t,;")
        assert "\x00" not in name


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("undisclosed-recipients:;", []),
        ("Friends: a@example.org, Bea <b@example.org>;", [("a@example.org", ""), ("b@example.org", "Bea")]),
        ("a@example.org (Anna Adler)", [("a@example.org", "Anna Adler")]),
        ("\"'anna@example.org'\" <anna@example.org>", [("anna@example.org", "anna@example.org")]),
        ("Adler, Anna <anna@example.org>", [("anna@example.org", "Anna")]),
        ("=?utf-8?q?M=C3=BCller=2C_Jan?= <jan@example.org>", [("jan@example.org", "Müller, Jan")]),
        ('"=?utf-8?q?J=C3=B6rg?=" <j@example.org>', [("j@example.org", "Jörg")]),
        ("M\xc3\xbcller <m@example.org>", [("m@example.org", "Müller")]),
        ("<a@example.org>,, <b@example.org>,", [("a@example.org", ""), ("b@example.org", "")]),
        ("Anna <anna@example.org", [("anna@example.org", "Anna")]),
        ("nobody", []),
        ("", []),
        ("Eve <eve@example.net>\x00", [("eve@example.net", "Eve")]),
    ],
)
def test_traps(value: str, expected: list[tuple[str, str]]) -> None:
    assert list(parse_addresses(value)) == expected


def test_two_thousand_nested_parentheses_cost_only_the_name() -> None:
    value = "(" * 2000 + "x" + ")" * 2000 + " <eve@example.net>"
    assert [email for email, _ in parse_addresses(value)] == ["eve@example.net"]


def test_no_more_than_a_thousand_addresses_are_looked_at() -> None:
    value = ", ".join(f"p{number}@example.net" for number in range(50_000))
    assert len(parse_addresses(value)) == ADDRESSES_SCANNED


@pytest.mark.parametrize("text", ["", "a", "a@", "@b", "a@b@c", "a b@c", "<a@b>", "a@b\r\nBcc: x", "x" * 400 + "@b.c"])
def test_what_is_no_address_is_none(text: str) -> None:
    assert clean_address(text) == ""
