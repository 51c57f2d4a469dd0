"""Two kinds of account that exist for these tests alone, and a way to load a text."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, Field

import connectors
from connectors.base import Account, Connector, Host
from daemon.config import ConfigError, load
from daemon.settings import Settings


class ShelfSettings(BaseModel):
    """Mail on a shelf."""

    model_config = ConfigDict(extra="forbid")

    sent: str | list[str] = Field(default=[], description="Where the letters you sent lie.")
    drafts: str = ""


class Lock(BaseModel):
    """How the post is locked."""

    model_config = ConfigDict(extra="forbid")

    turns: int = 1


class PostSettings(BaseModel):
    """Mail that a postman brings.

    Attributes:
        host: The post office.
        port: Its window.
    """

    model_config = ConfigDict(extra="forbid")

    host: str
    port: int = 143
    password_command: str = ""
    calendar: str = ""
    lock: Lock = Lock()


def _closed(settings: BaseModel, host: Host) -> Account:
    raise AssertionError("reading a config opens no account")


KINDS = {
    "post": Connector(PostSettings, _closed),
    "shelf": Connector(ShelfSettings, _closed, tells_addresses=False),
}


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let there be the kinds "post" and "shelf", and no other."""
    monkeypatch.setattr(connectors, "kinds", lambda: sorted(KINDS))
    monkeypatch.setattr(connectors, "load", lambda kind: KINDS[kind])
    made = import_module("daemon.config.schema")
    monkeypatch.setattr(made, "_schema", made.schema)  # what is kept from another test knows other kinds


@pytest.fixture
def read(tmp_path: Path, kinds: None) -> Callable[[str], Settings]:
    """Return a function that loads a text as config.toml."""

    def loaded(text: str) -> Settings:
        path = tmp_path / "config.toml"
        path.write_text(text, "utf-8")
        return load(path)

    return loaded


@pytest.fixture
def told(read: Callable[[str], Settings]) -> Callable[[str], list[str]]:
    """Return a function that loads a wrong text and returns its problems, a line each."""

    def problems(text: str) -> list[str]:
        with pytest.raises(ConfigError) as caught:
            read(text)
        return [str(problem) for problem in caught.value.problems]

    return problems
