"""`auld login` and `auld logout`: the words and the exit codes. What a sign-in is, is the kind's business."""

import errno
import os
import shlex
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.base import MAILBOX, Host
from connectors.gmail import tokens
from daemon.cli.signing import Terminal
from daemon.secrets import FileSecrets
from tests.cli.archive import MAIN_ACCOUNT, Ran, run
from tests.connectors.gmail.browser import Hurried
from tests.connectors.gmail.town import Town
from tests.google import Google
from tests.google.faults import always, reset, status

STATE, CONFIG = 74, 78


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """A home with a Google account that nobody is signed in to."""
    with Google() as google:
        yield Town(google, tmp_path)
        assert google.sends == []


class Opened:
    """A user whose browser opens, or does not; in it they agree."""

    def __init__(self, *, opens: bool) -> None:
        self.opens = opens
        self.addresses: list[str] = []
        self.threads: list[threading.Thread] = []

    def __call__(self, address: str, *_: Any) -> bool:
        self.addresses.append(address)
        thread = threading.Thread(target=lambda: requests.get(address, timeout=5), daemon=True)
        thread.start()
        self.threads.append(thread)
        return self.opens


def login(town: Town, *words: str) -> Ran:
    return run("--config", str(town.config), "login", "home", *words)


def test_login_opens_the_browser_and_says_what_is_next(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = Opened(opens=True)
    monkeypatch.setattr("webbrowser.open", browser)
    ran = login(town)
    assert ran.code == 0
    assert ran.out.strip() == browser.addresses[0]
    for words in (
        "gmail.metadata",
        "gmail.compose",
        "Your browser opens",
        "Signed in as robin@example.com",
        "auld sync home",
    ):
        assert words in ran.err
    assert tokens.NAME in {path.name for path in (town.state / "secrets" / "home").iterdir()}


def test_a_browser_in_the_terminal_gets_its_page_and_login_goes_on_when_it_is_closed(
    town: Town, tmp_path: Path
) -> None:
    """`webbrowser` runs w3m, lynx, and what $BROWSER names in the foreground."""
    script = tmp_path / "browser.py"
    script.write_text(
        "import sys, urllib.request\n"
        "http = urllib.request.build_opener(urllib.request.ProxyHandler({}))\n"
        f"open({str(tmp_path / 'page')!r}, 'wb').write(http.open(sys.argv[1], timeout=10).read())\n",
        "utf-8",
    )
    words = [str(Path(sys.executable).with_name("auld")), "--config", str(town.config), "login", "home"]
    environ = os.environ | {"BROWSER": f"{sys.executable} {script} %s"}
    ran = subprocess.run(words, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr
    assert "Thank you" in (tmp_path / "page").read_text("utf-8")
    assert ran.stdout.startswith(town.google.url), "the address is there before the browser is"
    assert ran.stderr.index("Waiting for you") < ran.stderr.index("Signed in as robin@example.com")
    assert "No browser opens" not in ran.stderr


def test_the_next_command_is_one_that_a_shell_takes(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    name = "Robin's mail"
    town.config.write_text(town.config.read_text("utf-8").replace('"home"', f'"{name}"'), "utf-8")
    sync, sign_in = (f"auld {word} 'Robin'\"'\"'s mail'" for word in ("sync", "login"))
    monkeypatch.setattr("webbrowser.open", Opened(opens=True))
    assert sign_in in town.run("sync", code=77).err
    assert sign_in in {one["fix"] for one in town.ask("check", code=1)}
    assert sync in run("--config", str(town.config), "login", name).err
    town.google.oauth.revoke_all()
    assert sign_in in town.run("sync", code=77).err


def test_where_no_browser_opens_the_address_is_there_to_be_opened(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", Opened(opens=False))
    ran = login(town)
    assert ran.code == 0
    assert "Open this address in a browser on this machine" in ran.err


def test_no_browser_opens_none(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    def never(address: str) -> bool:
        raise AssertionError(address)

    def host(secrets: FileSecrets, now: Any, folder: Path, name: str, **_: Any) -> Host:
        return Host(secrets, now, folder, name, Hurried(100))

    monkeypatch.setattr("webbrowser.open", never)
    monkeypatch.setattr("daemon.accounts.Host", host)
    ran = login(town, "--no-browser", "--wait", "2 minutes")
    assert ran.out.startswith(town.google.url)
    assert len(ran.out.splitlines()) == 1
    assert "at most 2 minutes" in ran.err
    assert ran.code == 77


def test_an_address_is_printed_as_it_is_and_never_cut(capsys: pytest.CaptureFixture[str]) -> None:
    address = "https://accounts.example.com/auth?scope=" + "x" * 3000
    Terminal(browser=False, patience=timedelta(minutes=20)).browse(address)
    out, err = capsys.readouterr()
    assert out == address + "\n"
    assert "at most 20 minutes" in err


def test_a_code_and_where_to_enter_it_are_two_lines_that_can_be_piped(capsys: pytest.CaptureFixture[str]) -> None:
    Terminal(browser=False, patience=timedelta(minutes=20)).show_code("https://microsoft.com/devicelogin", "ABC\x1bDEF")
    out, err = capsys.readouterr()
    assert out.splitlines() == ["https://microsoft.com/devicelogin", "ABC DEF"]
    assert "on any other machine" in err
    assert "on this machine" not in err
    assert "at most 20 minutes" in err


def test_a_sign_in_that_was_not_given_is_exit_code_77_with_each_permission(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit codes: 77 every account needs sign-in."""
    monkeypatch.setattr("webbrowser.open", Opened(opens=True))
    town.google.oauth.grant("https://www.googleapis.com/auth/gmail.metadata")
    ran = login(town)
    assert ran.code == 77
    assert "gmail.compose" in ran.err
    assert "calendar.events.readonly" in ran.err
    assert "Next:" not in ran.err


def test_a_client_file_that_cannot_work_is_a_config_error(town: Town) -> None:
    """Exit codes: 78 config error."""
    (town.path / "client_secret.json").write_text('{"web": {}}', encoding="utf-8")
    ran = login(town)
    assert ran.code == CONFIG
    assert "Desktop app" in ran.err


def test_an_account_that_is_not_there_and_one_without_a_sign_in_are_usage_errors(town: Town) -> None:
    for command in ("login", "logout"):
        ran = run("--config", str(town.config), command, "wrok")
        assert ran.code == 2
        assert "wrok" in ran.err
        assert "home" in ran.err
        town.config.write_text(
            f'state = "state"\n[me]\nname = "Robin"\nemails = ["robin@example.com"]\n{MAIN_ACCOUNT}', encoding="utf-8"
        )
        ran = run("--config", str(town.config), command, "archive")
        assert ran.code == 2
        assert "sign-in" in ran.err
        town.configure()


@pytest.mark.parametrize("wait", ["soon", "", "-5 minutes"])
def test_a_wait_that_is_no_span_of_time_is_a_usage_error(town: Town, wait: str) -> None:
    ran = login(town, "--no-browser", f"--wait={wait}")
    assert ran.code == 2
    assert "--wait" in ran.err


def test_logout_revokes_deletes_and_says_that_what_was_read_is_kept(town: Town) -> None:
    town.sign_in()
    town.friend()
    town.run("sync")
    ran = town.run("logout", "home")
    assert "signed out" in ran.err
    assert [grant.dead for grant in town.google.oauth.grants] == [True]
    assert town.secrets.get(tokens.NAME) is None
    assert town.ask("people", "ana")[0]["contact_days"] == 6
    assert "auld login home" in town.run("sync", code=77).err


def test_logout_that_google_could_not_be_told_of_deletes_and_says_where_to_revoke(town: Town) -> None:
    """Exit codes: 1 done, but something needs the user."""
    for fault in (reset(), status(503)):
        town.sign_in()
        town.google.plan = always(fault, "oauth.revoke")
        ran = town.run("logout", "home", code=1)
        assert "https://myaccount.google.com/connections" in ran.err
        assert town.secrets.get(tokens.NAME) is None


def test_logout_of_an_account_nobody_is_signed_in_to_is_done_already(town: Town) -> None:
    assert "Nobody is signed in" in town.run("logout", "home").err
    town.secrets.put(tokens.NAME, "damaged")
    town.run("logout", "home")
    assert town.secrets.get(tokens.NAME) is None


def test_check_tells_tokens_that_others_can_read_with_the_command_that_mends_it(town: Town) -> None:
    """Whoever has the tokens has the mailbox."""
    town.sign_in()
    folder = town.state / "secrets" / "home"
    client = town.path / "client_secret.json"
    client.chmod(0o600)

    def warned() -> dict[str, str]:
        return {one["fix"]: one["detail"] for one in town.ask("check") if "open to others" in one["detail"]}

    assert warned() == {}
    (folder / tokens.NAME).chmod(0o640)
    folder.chmod(0o755)
    client.chmod(0o604)
    assert warned() == {
        f"chmod 600 {client}": f"{client} is open to others (604)",
        f"chmod 600 {folder / tokens.NAME}": f"{folder / tokens.NAME} is open to others (640)",
        f"chmod 700 {folder}": f"{folder} is open to others (755)",
    }
    for fix in warned():
        subprocess.run(shlex.split(fix), check=True)
    assert warned() == {}


def test_the_command_that_mends_a_file_names_it_whole(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Config and state may be named by relative paths, and their folder's name may hold a space."""
    house = town.path / "my mail"
    house.mkdir()
    for path in (town.config, town.path / "client_secret.json"):
        path.rename(house / path.name)
    (house / "client_secret.json").chmod(0o644)
    (house / "state" / "secrets").mkdir(parents=True, mode=0o700)
    (house / "state").chmod(0o750)
    monkeypatch.chdir(town.path)
    found = run("--config", "my mail/config.toml", "--state", "my mail/state", "check", "--json").json
    fixes = {one["fix"] for one in found if "open to others" in one["detail"]}
    assert fixes == {f"chmod 600 '{house}/client_secret.json'", f"chmod 700 '{house}/state'"}


# -- a state that cannot be read or written ----------------------------------------------------------------------------


def unwritable(town: Town, monkeypatch: pytest.MonkeyPatch, code: int) -> None:
    """Let nothing be written or deleted where the sign-in lies; whoever runs the tests may be let do all."""

    def refuse(*_: Any) -> None:
        raise OSError(code, os.strerror(code))

    for name in ("put", "remove"):
        monkeypatch.setattr(f"daemon.store.disk.{name}", refuse)


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS, errno.ENOSPC], ids=lambda code: errno.errorcode[code])
def test_a_sign_in_that_could_not_be_kept_is_exit_code_74_before_the_user_is_sent_anywhere(
    town: Town, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Exit codes: 74 state unreadable, or disk full."""
    browser = Opened(opens=True)
    monkeypatch.setattr("webbrowser.open", browser)
    unwritable(town, monkeypatch, code)
    ran = login(town)
    assert ran.code == STATE
    assert str(town.state / "secrets" / "home") in ran.err
    assert os.strerror(code) in ran.err
    assert "permissions" not in ran.err
    assert browser.addresses == []


@pytest.mark.parametrize("code", [errno.EACCES, errno.EROFS], ids=lambda code: errno.errorcode[code])
def test_a_sign_in_that_cannot_be_deleted_is_exit_code_74(
    town: Town, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    town.sign_in()
    unwritable(town, monkeypatch, code)
    ran = town.run("logout", "home", code=STATE)
    assert str(town.state / "secrets" / "home" / tokens.NAME) in ran.err
    assert "signed out" not in ran.err


@pytest.mark.parametrize("command", ["login", "logout"])
def test_a_sign_in_that_cannot_be_read_is_exit_code_74(
    town: Town, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.setattr("webbrowser.open", Opened(opens=True))
    (town.state / "secrets" / "home" / tokens.NAME).mkdir(parents=True)
    ran = town.run(command, "home", code=STATE)
    assert "move away what lies there" in ran.err


def test_a_login_leaves_nothing_but_what_it_keeps(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webbrowser.open", Opened(opens=True))
    assert login(town).code == 0
    assert {path.name for path in (town.state / "secrets" / "home").iterdir()} == {tokens.NAME, MAILBOX}
