"""Auld's inference on generated mailboxes, by its real commands, against what is true by construction.

A failure names its seed: ``AULD_TORTURE_SEED=…`` makes that very world again, and so does
``python -m tests.quality --worlds 1 --seed …``, which prints it as a table.
"""

import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.quality.kinds import TIMES, Kind, name_of
from tests.quality.report import measure, missed
from tests.quality.worlds import large_world, small_world

_KINDS = sorted(TIMES, key=name_of)


def _measure_large(seed: int, root: Path) -> None:
    found = measure(large_world(seed), root)
    print(f"AULD_TORTURE_SEED={seed} makes this world again. What was not exact:", *found.wrong, sep="\n  ")
    assert missed(found) == []


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_mailbox_of_five_years_is_understood(tmp_path: Path, seed: int) -> None:
    _measure_large(seed, tmp_path)


@pytest.mark.torture
@pytest.mark.parametrize("turn", range(20))
def test_a_mailbox_by_chance_is_understood(tmp_path: Path, turn: int) -> None:
    _measure_large(int(os.environ.get("AULD_TORTURE_SEED", random.randrange(10**9))), tmp_path)


@settings(max_examples=20)
@given(
    seed=st.integers(0, 10**6),
    friends=st.integers(10, 20),
    kinds=st.lists(st.sampled_from(_KINDS), max_size=6, unique=True),
)
def test_a_small_mailbox_is_understood_to_the_letter(
    tmp_path_factory: pytest.TempPathFactory, seed: int, friends: int, kinds: list[Kind]
) -> None:
    found = measure(small_world(seed, friends, kinds), tmp_path_factory.mktemp("world"))

    assert found.wrong == [], [name_of(kind) for kind in kinds]
    assert (found.last, found.precision, found.recall) == (found.people, 1, 1)
