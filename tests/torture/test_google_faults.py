"""Random faults over a changing mailbox and calendar at Google: the same ledger as undisturbed, never a second draft.

A failure names its seed; ``AULD_TORTURE_SEED=…`` plays that very schedule again (but kills after a delay fall where the
machine happens to be).
"""

import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest

from tests.google import Google
from tests.torture import provider_life, provider_world
from tests.torture.google_story import Teller
from tests.torture.google_trouble import Mischief
from tests.torture.google_world import World
from tests.torture.provider_child import Driver
from tests.torture.provider_life import BASE, SAMPLE, WHOLE
from tests.torture.provider_story import Story


class Torture(provider_life.Torture):
    """Lives at Google."""

    def tell(self, seed: int) -> Story:
        return Teller(seed).tell()

    @contextmanager
    def world(self, start: datetime, home: Path) -> Iterator[World]:
        with Google(start=start) as google:
            yield World(google, home)

    def mischief(self, world: provider_world.World, dice: random.Random, *, fresh: bool) -> Mischief:
        assert isinstance(world, World)
        return Mischief(world.google, dice, fresh=fresh)


@pytest.fixture(scope="module")
def torture() -> Iterator[Torture]:
    with Driver("gmail", BASE) as driver:
        yield Torture(driver)


@pytest.mark.parametrize("turn", range(SAMPLE))
def test_a_few_fault_schedules_end_in_the_same_ledger_as_none(tmp_path: Path, torture: Torture, turn: int) -> None:
    torture.disturb(tmp_path, turn)


@pytest.mark.torture
@pytest.mark.parametrize("turn", range(WHOLE))
def test_three_hundred_fault_schedules_end_in_the_same_ledger_as_none(
    tmp_path: Path, torture: Torture, turn: int
) -> None:
    torture.disturb(tmp_path, BASE * WHOLE + turn)
