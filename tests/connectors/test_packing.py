"""What a cursor packs comes out again, and what is damaged is known for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors import packing
from connectors.packing import hash_word, pack_hashes, squeeze, unpack_hashes, unsqueeze

WORDS = st.text(st.characters(blacklist_characters=" ", blacklist_categories=["Cs"]), min_size=1)


@given(st.sets(st.integers(0, 2**64 - 1)))
def test_hashes_come_out_as_they_went_in(hashes: set[int]) -> None:
    packed = pack_hashes(hashes)
    assert set(unpack_hashes(packed)) == hashes
    assert pack_hashes(sorted(hashes, reverse=True)) == packed


@given(st.lists(WORDS))
def test_words_come_out_as_they_went_in(words: list[str]) -> None:
    assert unsqueeze(squeeze(words)) == words


@given(st.text(max_size=80))
def test_damage_is_a_value_error(text: str) -> None:
    for read in (unpack_hashes, unsqueeze):
        try:
            read(text)
        except ValueError:
            continue


@pytest.mark.parametrize("cut", [1, 5, -4])
def test_what_was_cut_off_is_damage(cut: int) -> None:
    text = squeeze(f"thread{number}" for number in range(50))
    with pytest.raises(ValueError, match=r".+"):
        unsqueeze(text[:cut])


def test_a_hash_is_the_same_in_every_run() -> None:
    assert hash_word("1980f00d00000001") == 10605509005650856819


def test_ids_take_little_room() -> None:
    ids = [f"{0x1980_F00D_0000_0000 + 65_537 * number:016x}" for number in range(5_000)]
    assert len(squeeze(ids)) < 11 * len(ids)


def test_a_text_that_would_swell_beyond_all_memory_is_damage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packing, "_LONGEST", 1000)
    assert unsqueeze(squeeze(["a" * 1000])) == ["a" * 1000]
    with pytest.raises(ValueError, match="damaged"):
        unsqueeze(squeeze(["a" * 5000]))
