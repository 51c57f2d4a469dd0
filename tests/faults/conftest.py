"""A world for each test."""

from pathlib import Path

import pytest

from tests.faults.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return an empty world."""
    return World(tmp_path)


@pytest.fixture
def friends(world: World) -> World:
    """Return a world with two people who are due, read already."""
    world.befriend("Ana Lima", "Bo Berg")
    world.run("sync")
    return world
