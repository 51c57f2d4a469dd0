"""A home for each test, and an environment in which nothing of this machine's user is seen."""

import os
from pathlib import Path

import pytest

from tests.cli.archive import Home


@pytest.fixture(autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hide the user of this machine: home folder, config and state variables, colours, the width of the terminal."""
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("somebody")))
    for name in (
        "AULD_CONFIG", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "STATE_DIRECTORY", "NO_COLOR", "FORCE_COLOR", "COLUMNS",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out fsync, which takes most of a command's time; what it is good for is tested with the store."""
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with empty mail folders, and a config without people."""
    return Home(tmp_path).build()


@pytest.fixture
def ana(home: Home) -> Home:
    """A home where Ana is listed and due, and all is read."""
    home.friend()
    home.configure('[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"]\nevery = "1 month"\n')
    home.run("sync")
    return home
