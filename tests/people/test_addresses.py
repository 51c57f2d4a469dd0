"""Rule A: which spellings of an address are one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.people import canonical


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("Lee@Example.COM", "lee@example.com"),
        ("lee+news@example.com", "lee@example.com"),
        ("l.e.e+news@googlemail.com", "lee@gmail.com"),
        ("l.e.e@example.com", "l.e.e@example.com"),
        ("+tag@example.com", "+tag@example.com"),
        ("STRASSE@example.com", "strasse@example.com"),
        ("nowhere", "nowhere"),
    ],
)
def test_case_plus_tag_and_gmails_dots_do_not_tell_addresses_apart(written: str, form: str) -> None:
    assert canonical(written) == form


@given(st.text(max_size=60))
def test_the_canonical_form_of_a_canonical_form_is_itself(email: str) -> None:
    assert canonical(canonical(email)) == canonical(email)
