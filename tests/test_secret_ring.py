"""The key in the desktop's keyring: a real one, and ones that are locked, missing or mute. Nobody is ever asked."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection

from connectors.errors import LoginNeeded, Refused
from daemon.secrets import FileSecrets, Keys, ring
from tests.keyring import Desktop, desktop
from tests.test_desktop import bus_in
from tests.test_secrets import ROOT

PATIENCE = 120.0  # a busy machine is no fault of the code


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desktop]:
    """A desktop session that we are in, its keyring unlocked."""
    with desktop(tmp_path) as one:
        monkeypatch.setenv(ring.BUS, one.address)
        yield one


def keys(*, keyring: bool = True) -> Keys:
    """Return the keys as a new process has them."""
    return Keys({}, lambda new: ring.ask(new, PATIENCE), keyring=keyring)


def test_the_keyring_holds_one_key_that_encrypts_the_files_of_all_accounts(session: Desktop, tmp_path: Path) -> None:
    for account in ("home", "work"):
        FileSecrets(tmp_path / "secrets" / account, keys()).put("token", "the-token")
        kept = (tmp_path / "secrets" / account / "token").read_bytes()
        assert kept.startswith(b"\xffauld 1 keyring ")
        assert b"the-token" not in kept
    assert session.labels() == ["Password for 'tokens' on 'auld'"]
    for account in ("home", "work"):
        assert FileSecrets(tmp_path / "secrets" / account, keys()).get("token") == "the-token"


def test_two_processes_that_need_a_key_at_once_make_one(session: Desktop, tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from daemon.secrets import FileSecrets\n"
        "FileSecrets(Path(sys.argv[1]) / 'secrets' / sys.argv[2]).put('token', sys.argv[2])"
    )
    names = ["one", "two", "three"]
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path), name], cwd=ROOT, stderr=subprocess.PIPE)
        for name in names
    ]
    for one in running:
        _, err = one.communicate(timeout=120)
        assert (one.returncode, err) == (0, b"")
    assert len(session.labels()) == 1
    for name in names:
        assert FileSecrets(tmp_path / "secrets" / name, keys()).get("token") == name


def test_a_locked_keyring_is_told_and_never_opened_and_the_tokens_stay(session: Desktop, tmp_path: Path) -> None:
    FileSecrets(tmp_path / "home", keys()).put("token", "mine")
    kept = (tmp_path / "home" / "token").read_bytes()
    session.lock()
    for anew in (False, True):
        with pytest.raises(Refused, match=r"in the desktop keyring, which is locked: unlock it"):
            FileSecrets(tmp_path / "home", keys(), anew=anew).get("token")
    assert (tmp_path / "home" / "token").read_bytes() == kept
    FileSecrets(tmp_path / "work", keys()).put("token", "mine")
    assert (tmp_path / "work" / "token").read_text() == "mine", "what is new is kept all the same"


def test_without_the_session_it_is_told_and_the_tokens_stay(
    session: Desktop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    FileSecrets(tmp_path / "home", keys()).put("token", "mine")
    kept = (tmp_path / "home" / "token").read_bytes()
    for address in ("unix:path=/nowhere", "nonsense", ""):
        monkeypatch.setenv(ring.BUS, address)
        with pytest.raises(Refused, match="cannot be reached from here: run it in your desktop session"):
            FileSecrets(tmp_path / "home", keys()).get("token")
    assert (tmp_path / "home" / "token").read_bytes() == kept


def test_a_key_that_the_keyring_lost_means_to_sign_in_again(session: Desktop, tmp_path: Path) -> None:
    FileSecrets(tmp_path / "home", keys()).put("token", "mine")
    session.lose()
    for _ in range(2):  # the second time there is another key
        with pytest.raises(LoginNeeded, match=r"does not hold any more: auld login home$"):
            FileSecrets(tmp_path / "home", keys()).get("token")
        signing = FileSecrets(tmp_path / "home", keys(), anew=True)
        assert signing.get("token") is None
        FileSecrets(tmp_path / "work", keys()).put("token", "mine")
    signing.put("token", "new")
    assert FileSecrets(tmp_path / "home", keys()).get("token") == "new"


def test_with_keyring_false_it_is_not_used_and_what_it_encrypted_comes_back(session: Desktop, tmp_path: Path) -> None:
    FileSecrets(tmp_path / "home", keys()).put("token", "mine")
    assert FileSecrets(tmp_path / "home", keys(keyring=False)).get("token") == "mine"
    assert (tmp_path / "home" / "token").read_text() == "mine"
    session.lose()
    FileSecrets(tmp_path / "home", keys(keyring=False)).put("token", "other")
    assert (tmp_path / "home" / "token").read_text() == "other"
    assert session.labels() == []


def test_where_nobody_made_a_keyring_none_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with desktop(tmp_path, unlocked=False) as one:
        monkeypatch.setenv(ring.BUS, one.address)
        assert ring.ask("new", PATIENCE).state in {"absent", "locked"}


def test_a_keyring_that_does_not_answer_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with bus_in(tmp_path) as address, open_dbus_connection(address) as mute:
        Proxy(message_bus, mute).RequestName("org.freedesktop.secrets")
        monkeypatch.setenv(ring.BUS, address)
        mute_keys = Keys({}, lambda new: ring.ask(new, 0.5))
        secrets = FileSecrets(tmp_path / "home", mute_keys)
        secrets.put("token", "mine")
        assert secrets.get("token") == "mine"
        assert mute_keys.ring_state == "silent"


def test_what_the_keyring_holds_is_shown_by_nothing(session: Desktop) -> None:
    answer = ring.ask("the-key", PATIENCE)
    assert answer.held == "the-key"
    assert "the-key" not in repr(answer)


def test_without_a_bus_the_library_is_not_even_loaded(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from daemon.secrets import FileSecrets\n"
        "secrets = FileSecrets(Path(sys.argv[1])); secrets.put('token', 'mine'); secrets.get('token')\n"
        "print([name for name in ('keyring', 'secretstorage', 'jeepney', 'cryptography') if name in sys.modules])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, env=os.environ, capture_output=True, text=True,
        check=False, timeout=60,
    )  # fmt: skip
    assert (ran.stdout, ran.stderr) == ("[]\n", "")
