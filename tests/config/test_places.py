"""Where the config and the state are looked for."""

from pathlib import Path

import pytest

from daemon.config import find_config, find_state
from daemon.settings import Settings

HOME = {"HOME": "/home/robin"}


@pytest.mark.parametrize(
    ("given", "environ", "found"),
    [
        ("mine.toml", {"AULD_CONFIG": "/x.toml", "XDG_CONFIG_HOME": "/xdg"}, "mine.toml"),
        ("~/mine.toml", {}, "/home/robin/mine.toml"),
        (None, {"AULD_CONFIG": "/x.toml", "XDG_CONFIG_HOME": "/xdg"}, "/x.toml"),
        (None, {"AULD_CONFIG": "~/x.toml"}, "/home/robin/x.toml"),
        (None, {"AULD_CONFIG": "", "XDG_CONFIG_HOME": "/xdg"}, "/xdg/auld/config.toml"),
        (None, {"XDG_CONFIG_HOME": "relative/is/ignored"}, "/home/robin/.config/auld/config.toml"),
        (None, {}, "/home/robin/.config/auld/config.toml"),
    ],
)
def test_the_config_is_found(given: str | None, environ: dict[str, str], found: str) -> None:
    assert find_config(given, HOME | environ) == Path(found)


@pytest.mark.parametrize(
    ("given", "state", "environ", "found"),
    [
        ("here", "there", {"STATE_DIRECTORY": "/var/lib/auld"}, "here"),
        (None, "there", {"STATE_DIRECTORY": "/var/lib/auld"}, "/etc/auld/there"),
        (None, "/srv/auld", {}, "/srv/auld"),
        (None, "~/auld", {}, "/home/robin/auld"),
        (None, "", {"STATE_DIRECTORY": "/var/lib/auld:/var/lib/more", "XDG_STATE_HOME": "/xdg"}, "/var/lib/auld"),
        (None, "", {"STATE_DIRECTORY": "", "XDG_STATE_HOME": "/xdg"}, "/xdg/auld"),
        (None, "", {"XDG_STATE_HOME": "relative"}, "/home/robin/.local/state/auld"),
        (None, "", {}, "/home/robin/.local/state/auld"),
    ],
)
def test_the_state_is_found(given: str | None, state: str, environ: dict[str, str], found: str) -> None:
    settings = Settings(state=state, folder=Path("/etc/auld"))
    assert find_state(given, settings, HOME | environ) == Path(found)


def test_without_home_the_user_database_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/maya")
    assert find_config(None, {}) == Path("/home/maya/.config/auld/config.toml")


def test_a_user_without_any_home_finds_the_config_where_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert find_config(None, {}) == Path(".config/auld/config.toml")
