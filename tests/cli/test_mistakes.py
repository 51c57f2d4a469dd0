"""A mistake in one account's connector: the others go on, and what went wrong is told in a word."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from connectors import load
from connectors.base import Account, Connector, Host
from daemon.cli import main
from tests.cli.archive import ANA, MAIN_ACCOUNT, NOW, ROBIN, Home, listed, make_maildir


class Mistaken:
    """A mail source with a mistake in it."""

    def changes(self, *_: Any) -> Iterator[Any]:
        raise KeyError("no such thing")


def mistaken(*_: Any) -> Any:
    raise KeyError("no such thing")


@pytest.fixture
def two(home: Home) -> Home:
    make_maildir(home.path / "Second" / "Sent")
    home.lay(home.path / "Second" / "Sent", ROBIN, "Bela Kovacs <bela@example.net>", 30)
    home.friend(ANA)
    second = '[[accounts]]\nname = "second"\nkind = "files"\nsent = "Second/Sent"\n'
    home.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT + second)
    return home


def spoil(monkeypatch: pytest.MonkeyPatch, **parts: Any) -> None:
    """Let parts of the account "archive" be mistaken."""

    def spoiled(kind: str) -> Connector[Any]:
        connector = load(kind)

        def open_account(settings: Any, host: Host) -> Account:
            account = connector.open(settings, host)
            return replace(account, **parts) if host.name == "archive" else account

        return replace(connector, open=open_account)

    monkeypatch.setattr("daemon.accounts.load", spoiled)


def ended(home: Home, *words: str) -> int:
    with pytest.raises(SystemExit) as end:
        main(["--config", str(home.config), "--now", NOW.isoformat(), *words])
    assert isinstance(end.value.code, int)
    return end.value.code


@pytest.mark.parametrize("parts", [{"mail": Mistaken()}, {"addresses": mistaken}], ids=["mail", "addresses"])
@pytest.mark.parametrize("command", ["sync", "once"])
def test_the_other_accounts_are_read(
    two: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, parts: dict[str, Any]
) -> None:
    spoil(monkeypatch, **parts)
    assert ended(two, command) == 1
    told = capsys.readouterr().err
    assert "Traceback" not in told
    assert "refused: Something went wrong that should not have (KeyError)." in told
    assert ended(two, "people", "bela", "--all", "--json") == 0
    assert [one["contact_days"] for one in json.loads(capsys.readouterr().out)] == [1]
    assert ended(two, "status", "--json") == 1
    health = {one["name"]: one["health"] for one in json.loads(capsys.readouterr().out)["accounts"]}
    assert health == {"archive": "refused", "second": "ok"}


def test_check_goes_on_with_what_else_there_is(
    two: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil(monkeypatch, check=mistaken)
    monkeypatch.setattr("daemon.cli.checks.machine.shutil.disk_usage", mistaken)
    assert ended(two, "check", "--json") == 1
    told = json.loads(capsys.readouterr().out)
    failed = [one for one in told if one["result"] == "fail"]
    assert [one["name"] for one in failed] == ["archive: account", "disk"]
    assert all("KeyError" in one["detail"] and "-v" in one["fix"] for one in failed)
    assert {"second", "clock", "templates", "state"} <= {one["name"].partition(":")[0] for one in told}


def test_check_tells_what_the_system_refuses_in_one_place(
    two: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(path: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("daemon.cli.checks.machine.shutil.disk_usage", refused)
    assert ended(two, "check") == 1
    told = capsys.readouterr()
    assert "fail  disk: " in told.out
    assert "Permission denied" in told.out
    assert "1 thing to mend." in told.err
