"""Columns and plain lists as text: what was packed comes out again, and damage is told."""

from array import array
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.ledger.packing import pack, pack_plain, unpack, unpack_plain
from tests.facts import ledger_of, sent

plain = st.recursive(st.text() | st.integers() | st.booleans(), st.lists, max_leaves=8)


@given(st.lists(st.integers(-(2**31), 2**31 - 1)))
def test_a_column_comes_out_as_it_was(values: list[int]) -> None:
    assert unpack("i", pack(array("i", values))).tolist() == values


@given(st.lists(plain))
def test_plain_lists_come_out_as_they_were(value: list[Any]) -> None:
    assert unpack_plain(pack_plain(value)) == value


@pytest.mark.parametrize("text", ["", "[1", "{}", "null", '"text"'])
def test_a_damaged_text_is_told(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- any sort of it
        unpack_plain(text)


@pytest.mark.parametrize("text", ["AAA", "A===", "Ä", "AAAA"])
def test_a_damaged_column_is_told(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 -- any sort of it
        unpack("i", text)


def test_facts_told_again_after_a_rest_are_left_out() -> None:
    mails = [sent("ana@example.org"), sent("ben@example.net")]
    ledger = ledger_of(mails)
    ledger.rest()
    assert ledger.add_mails("archive", mails) is None
    assert len(ledger.mails) == 2
