"""What is kept of a sign-in while other processes sign in and out, and where it cannot be read or kept."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from errno import ENOSPC, EROFS
from pathlib import Path
from typing import Any

import pytest

from connectors.base import MAILBOX
from connectors.gmail import tokens
from tests.cli.test_signing import Opened
from tests.connectors.gmail.home import Held, Home
from tests.connectors.gmail.town import Town, town
from tests.google.client import SCOPES


class Shared(Held):
    """Secrets that another process changes (`meanwhile`) just before this one is alone with them."""

    def __init__(self, home: Home) -> None:
        super().__init__()
        self.now = home.secrets.now
        self.meanwhile: Callable[[], object] | None = None
        self._alone = False

    @contextmanager
    def alone(self) -> Iterator[None]:
        if self.meanwhile is not None:
            act, self.meanwhile = self.meanwhile, None
            act()
        self._alone = True
        yield
        self._alone = False

    def put(self, name: str, value: str) -> None:
        assert self._alone, "a secret is read and written anew by one process at a time"
        super().put(name, value)


@pytest.fixture
def shared(home: Home) -> Shared:
    secrets = Shared(home)
    home.host = replace(home.host, secrets=secrets)
    return secrets


def another(home: Home, email: str = "") -> str:
    """Return what another sign-in leaves behind."""
    told = home.google.oauth.sign_in(SCOPES)
    now = home.google.clock.now()
    return tokens.write(tokens.SignIn(told["refresh_token"], told["access_token"], None, SCOPES, now, email))


def nameless(home: Home) -> None:
    """Let it not be known whose sign-in it is."""
    kept = tokens.load(home.host)
    assert kept is not None
    home.secrets.now[tokens.NAME] = tokens.write(replace(kept, email=""))


def test_the_address_is_kept_with_the_sign_in_it_was_asked_with(home: Home, shared: Shared) -> None:
    nameless(home)
    home.google.oauth.rotation = "at once"
    home.google.oauth.expire_access()
    assert home.account().addresses() == ("robin@example.com",)
    kept = tokens.load(home.host)
    assert kept is not None
    assert kept.email == "robin@example.com"
    assert shared.now[MAILBOX] == "robin@example.com"
    home.google.log.clear()
    assert home.account().addresses() == ("robin@example.com",)
    assert home.google.log == []


def test_asking_for_the_address_does_not_undo_a_login_meanwhile(home: Home, shared: Shared) -> None:
    nameless(home)
    newer = another(home)
    shared.meanwhile = lambda: shared.now.update({tokens.NAME: newer})
    assert home.account().addresses() == ("robin@example.com",)
    assert shared.now == {tokens.NAME: newer}
    assert shared.meanwhile is None


def test_asking_for_the_address_does_not_undo_a_logout_meanwhile(home: Home, shared: Shared) -> None:
    nameless(home)
    shared.meanwhile = lambda: shared.now.pop(tokens.NAME)
    home.account().addresses()
    assert shared.now == {}
    assert shared.meanwhile is None


def test_an_address_asked_with_one_sign_in_is_not_written_to_another(home: Home, shared: Shared) -> None:
    nameless(home)
    account = home.account()
    assert account.mail is not None
    list(account.mail.changes(None, None))
    newer = shared.now[tokens.NAME] = another(home)
    account.addresses()
    assert shared.now == {tokens.NAME: newer}


@pytest.mark.parametrize("act", ["login", "logout"])
def test_a_renewal_does_not_undo_a_login_or_logout_meanwhile(home: Home, shared: Shared, act: str) -> None:
    newer = another(home)
    home.google.oauth.expire_access()
    told = {tokens.NAME: newer} if act == "login" else {}

    def meanwhile() -> None:
        shared.now.clear()
        shared.now.update(told)

    shared.meanwhile = meanwhile
    home.read()
    assert shared.now == told
    assert shared.meanwhile is None


def test_a_renewal_keeps_the_address_that_was_learned_meanwhile(home: Home, shared: Shared) -> None:
    nameless(home)
    account = home.account()
    assert account.mail is not None
    list(account.mail.changes(None, None))
    account.addresses()
    home.google.oauth.expire_access()
    list(account.mail.changes(None, None))
    kept = tokens.load(home.host)
    assert kept is not None
    assert kept.email == "robin@example.com"


# -- through the program -----------------------------------------------------------------------------------------------


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    """Robin's home with a second account, an archive on disk, told before it and after it."""
    with town(tmp_path) as made:
        for name, who in (("first", "bela"), ("last", "carl")):
            for part in ("cur", "new"):
                (made.path / name / part).mkdir(parents=True)
            (made.path / name / "cur" / "1.a:2,S").write_bytes(
                f"From: robin@example.com\nTo: {who}@example.org\nDate: Mon, 01 Jun 2026 10:00:00 +0000\n"
                f"Message-ID: <{who}@example.com>\n\nHello\n".encode()
            )
        text = made.config.read_text("utf-8").replace("[me]\n", '[me]\nemails = ["robin@example.com"]\n')
        first, last = (f'[[accounts]]\nname = "{one}"\nkind = "files"\nsent = "{one}"\n' for one in ("first", "last"))
        made.config.write_text(text.replace("[[accounts]]", first + "[[accounts]]", 1) + last, encoding="utf-8")
        yield made


def spoil(place: Town) -> Path:
    """Put a folder where the tokens lie; return its path."""
    token = place.state / "secrets" / "home" / "token"
    token.unlink()
    token.mkdir()
    return token


def test_tokens_that_cannot_be_read_are_the_trouble_of_their_account_only(place: Town) -> None:
    token = spoil(place)
    for words in (["sync"], ["once"], ["sync", "--full"]):
        ran = place.run(*words, code=1)
        assert f"home: nothing new; refused: Its sign-in cannot be read at {token} (Is a directory)" in ran.err
        assert "move away what lies there" in ran.err
    known = {one["emails"][0] for one in place.ask("people", "--all")}
    assert {"bela@example.org", "carl@example.org"} <= known
    health = {one["name"]: one["health"] for one in place.ask("status", code=1)["accounts"]}
    assert health == {"first": "ok", "home": "refused", "last": "ok"}
    place.run("draft", "ana", code=(0, 1))


def test_check_tells_it_among_all_that_it_tells(place: Town) -> None:
    token = spoil(place)
    told = place.ask("check", code=1)
    (failed,) = [one for one in told if one["result"] == "fail"]
    assert failed["name"] == "home: account"
    assert str(token) in failed["detail"]
    names = {one["name"].partition(":")[0] for one in told}
    assert {"config", "first", "home", "last", "clock", "disk", "templates", "state"} <= names
    assert "to mend" in place.run("check", code=1).err


def refuse_writing(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """Let no secret be written, for the reason `number`."""
    real = os.open

    def fail(path: Any, flags: int, *more: Any) -> int:
        if "secrets" in str(path) and flags & os.O_CREAT:
            raise OSError(number, os.strerror(number), str(path))
        return real(path, flags, *more)

    monkeypatch.setattr(os, "open", fail)


def test_a_new_token_that_cannot_be_kept_is_not_used_and_is_that_accounts_trouble(
    place: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = place.secrets.get(tokens.NAME)
    refuse_writing(monkeypatch, EROFS)
    place.google.oauth.expire_access()
    ran = place.run("sync", code=1)
    assert ran.err.count("cannot be kept at") == 1
    assert "Read-only file system" in ran.err
    assert any("cannot be kept" in one["detail"] for one in place.ask("check", code=1))
    assert {one.status for one in place.google.log if one.method.startswith("gmail")} == {401}
    assert place.secrets.get(tokens.NAME) == kept


def test_a_sign_in_that_a_full_disk_cannot_keep_is_exit_code_74(place: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit codes: 74 disk full."""
    browser = Opened(opens=True)
    monkeypatch.setattr("webbrowser.open", browser)
    with monkeypatch.context() as full:
        refuse_writing(full, ENOSPC)
        assert "make room" in place.run("login", "home", code=74).err
    for one in browser.threads:
        one.join()
    assert place.secrets.get(tokens.NAME) is not None, "the sign-in so far goes on"


@pytest.mark.parametrize("spoiled", ["gone", "no JSON"])
def test_a_client_file_that_cannot_work_is_a_config_error_if_that_is_all_there_is(place: Town, spoiled: str) -> None:
    """Exit codes: 78 config error; some accounts failed and others not: 1."""
    client = place.path / "client_secret.json"
    client.unlink()
    if spoiled == "no JSON":
        client.write_text("{", encoding="utf-8")
    for words in (["sync"], ["once"]):
        assert str(client) in place.run(*words, code=1).err
    assert str(client) in place.run("sync", "home", code=78).err
    health = {one["name"]: one["health"] for one in place.ask("status", code=1)["accounts"]}
    assert health == {"first": "ok", "home": "refused", "last": "ok"}
    place.configure()
    for words in (["sync"], ["once"]):
        assert str(client) in place.run(*words, code=78).err
