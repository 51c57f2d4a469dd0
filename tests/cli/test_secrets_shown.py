"""No secret is ever shown: not by what commands print or log, not in what they leave, not in a list of processes."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.gmail import tokens
from daemon.secrets import FileSecrets, shared_keys
from tests.cli.archive import listed
from tests.cli.test_signing import Opened
from tests.connectors.gmail.town import Town, town
from tests.connectors.outlook.place import Place, opened
from tests.google.client import SCOPES
from tests.google.faults import always, status

COMMANDS = ("sync", "once", "status", "check", "people", "due", "why ana@example.org", "drafts", "config show")


@pytest.fixture(autouse=True)
def _forget_keys() -> Iterator[None]:
    """Let each test's commands look for the keys anew, as new processes do."""
    shared_keys.cache_clear()
    yield
    shared_keys.cache_clear()


@pytest.fixture
def credential(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """Give the credential to all commands; its content."""
    folder = tmp_path / "credentials"
    folder.mkdir()
    (folder / "auld-key").write_bytes(b"random bytes of the key")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(folder))
    return b"random bytes of the key"


def texts(kept: Any) -> Iterator[str]:
    """Yield every long text in a document, and in documents that stand in it as text."""
    if isinstance(kept, dict):
        for name, value in kept.items():
            yield from texts(value) if name not in {"scopes", "email", "addresses", "consented_at", "mark"} else ()
    elif isinstance(kept, list):
        for value in kept:
            yield from texts(value)
    elif isinstance(kept, str) and kept.startswith("{"):
        yield from texts(json.loads(kept))
    elif isinstance(kept, str):
        yield kept


def tokens_in(secrets: FileSecrets) -> set[str]:
    """Return the tokens that are kept for an account."""
    kept = secrets.get("token")
    assert kept is not None
    return {
        text for text in texts(json.loads(kept)) if len(text) > 20 and text.startswith(("ya29.", "1//", "eyJ", "0.A"))
    }


def holds(folder: Path, secret: str) -> list[str]:
    """Return the files below a folder that hold a secret."""
    return [str(path) for path in folder.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]


def test_no_command_shows_a_token_of_google_nor_leaves_one_readable(
    tmp_path: Path, credential: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with town(tmp_path) as place:
        shown = signed_in_anew(place, monkeypatch)
        seen = tokens_in(place.secrets)
        shown += after_some_hours(place, seen)
        assert len(seen) > 2, "they were renewed"
        place.google.plan = always(status(400), "oauth.token")
        shown += after_some_hours(place, seen)
        place.google.plan = None
        place.google.oauth.revoke_all()
        shown += after_some_hours(place, seen)
        shown += place.run("-v", "logout", "home", code=[0, 1]).all
    assert "daemon.sync" in caplog.text, "something was logged"
    shown += caplog.text
    assert [token for token in seen if token in shown] == []
    assert credential.decode() not in shown
    assert [holds(place.state, token) for token in seen] == [[]] * len(seen)


def signed_in_anew(place: Town, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr("webbrowser.open", Opened(opens=True))
    return place.run("-v", "login", "home").all


def after_some_hours(place: Town, seen: set[str]) -> str:
    """Run all commands, each after some time, so that it needs a new token."""
    shown = ""
    for words in COMMANDS:
        place.later(hours=2)
        shown += everything(place, words, seen, place.secrets)
    return shown


def everything(place: Town | Place, words: str, seen: set[str], secrets: FileSecrets) -> str:
    """Run a command in words and, where it can, as JSON; note the tokens there are by then."""
    shown = place.run("-v", *words.split(), code=range(100)).all
    if words not in {"sync", "once"}:
        shown += place.run("-v", *words.split(), "--json", code=range(100)).all
    seen |= tokens_in(secrets)
    return shown


def test_no_command_shows_a_token_of_microsoft_nor_leaves_one_readable(
    tmp_path: Path, credential: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    shown = ""
    with opened(tmp_path) as place:
        place.friend()
        secrets = FileSecrets(place.state / "secrets" / "work")
        seen = tokens_in(secrets)
        for words in COMMANDS:
            shown += everything(place, words, seen, secrets)
            place.later(hours=2)
        assert len(seen) > 1
        shown += place.run("-v", "logout", "work", code=[0, 1]).all
    shown += caplog.text
    assert [token for token in seen if token in shown] == []
    assert credential.decode() not in shown
    assert [holds(place.state, token) for token in seen] == [[]] * len(seen)


def test_where_the_key_is_missing_only_that_account_stands_still_and_it_is_said_why(
    tmp_path: Path, credential: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path, google=True) as place:
        place.friend()
        kept = {path: path.read_bytes() for path in (place.state / "secrets" / "work").iterdir()}
        assert all(data.startswith(b"\xffauld 1 credential") for data in kept.values())
        monkeypatch.delenv("CREDENTIALS_DIRECTORY")
        shared_keys.cache_clear()
        assert place.google is not None
        told = place.google.oauth.sign_in(SCOPES)
        home = tokens.SignIn(
            told["refresh_token"],
            told["access_token"],
            None,
            tuple(SCOPES),
            place.graph.clock.now(),
            "robin@example.net",
        )
        FileSecrets(place.state / "secrets" / "home").put(tokens.NAME, tokens.write(home))
        ran = place.run("sync", code=1)
        words = "Its sign-in is encrypted with the systemd credential auld-key, which is not given here"
        assert words in ran.err
        (work,) = [one for one in place.ask("status", code=1)["accounts"] if one["name"] == "work"]
        assert (work["health"], words in work["detail"]) == ("refused", True)
        found = place.ask("check", code=1)
        assert any(one["result"] == "fail" and words in one["detail"] for one in found)
        for command in ("login", "logout"):
            assert words in place.run(command, "work", code=1).err
        assert {path: path.read_bytes() for path in kept} == kept


def test_a_sign_in_whose_key_is_gone_is_made_anew_by_login(
    tmp_path: Path, credential: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town(tmp_path) as place:
        place.run("sync")
        (Path(os.environ["CREDENTIALS_DIRECTORY"]) / "auld-key").write_bytes(b"another")
        shared_keys.cache_clear()
        assert "give that again, or auld login home" in place.run("sync", code=77).err
        signed_in_anew(place, monkeypatch)
        place.run("sync")
        assert "Ana" in place.run("due").out


def test_a_sign_in_whose_key_is_gone_is_taken_away_by_logout(tmp_path: Path, credential: bytes) -> None:
    with town(tmp_path) as place:
        (Path(os.environ["CREDENTIALS_DIRECTORY"]) / "auld-key").write_bytes(b"another")
        shared_keys.cache_clear()
        place.run("logout", "home")
        assert not (place.state / "secrets" / "home" / "token").exists()


def test_keyring_false_in_the_config_reaches_the_accounts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    monkeypatch.setattr("daemon.secrets.keys.Keys.writing", lambda keys, _: made.append(keys.uses_ring))
    with town(tmp_path) as place:
        for text, used in (("", True), ("[secrets]\nkeyring = false\n", False)):
            place.configure(listed("Ana Lima") + text)
            made.clear()
            place.run("check", code=[0, 1])
            assert set(made) == {used}


def test_commands_that_do_not_need_secrets_load_nothing_that_can_open_them(tmp_path: Path, credential: bytes) -> None:
    with town(tmp_path) as place:
        place.run("sync")
    script = (
        "import atexit, sys\n"
        "heavy = ('keyring', 'secretstorage', 'cryptography', 'jeepney')\n"
        "atexit.register(lambda: print([name for name in heavy if name in sys.modules], file=sys.stderr))\n"
        "from daemon.cli import main; main(sys.argv[1:])"
    )
    for words in (("--help",), ("status",), ("people",), ("due",), ("config", "show")):
        ran = subprocess.run(
            [sys.executable, "-c", script, "--config", str(place.config), *words],
            capture_output=True, text=True, check=False, timeout=60, env=os.environ, cwd=Path(__file__).parents[2],
        )  # fmt: skip
        assert ran.stderr.splitlines()[-1] == "[]", words
