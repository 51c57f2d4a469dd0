"""An emulator and a home for each test, and an environment in which nothing of this machine's user is seen."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulator.home import Home, at_home


@pytest.fixture(autouse=True)
def _own_environment(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path_factory.mktemp("somebody")))
    for name in (
        "AULD_CONFIG", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "STATE_DIRECTORY", "NO_COLOR", "FORCE_COLOR", "COLUMNS",
        "HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "REQUESTS_CA_BUNDLE",
    ):  # fmt: skip
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(autouse=True)
def _no_waiting_for_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "fsync", lambda _: None)


@pytest.fixture(autouse=True)
def _no_quota(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nobody wait for a budget: the emulator has none, and pacing has tests of its own."""
    for name in ("_TRIED", "_AGENDA"):
        monkeypatch.setattr(f"connectors.gmail.link.{name}", 10**9)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """A home where nobody is signed in and nothing is read."""
    with at_home(tmp_path) as home:
        yield home


@pytest.fixture
def robin(home: Home) -> Home:
    """A home where Robin is signed in and all is read."""
    home.read()
    return home
