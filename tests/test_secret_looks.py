"""What `auld check` is told of secrets: what protects them, what is missing, what is left over, who can read them."""

import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest

from connectors.base import Finding
from daemon.secrets import FileSecrets, Keys, protection
from daemon.settings import AccountSettings, Secrets, Settings
from tests.test_secret_keys import Ring, given_key


def looked(state: Path, keys: Keys, *names: str) -> list[Finding]:
    """Look at the secrets of a state whose config has accounts of such names."""
    accounts = tuple(AccountSettings(name=name, kind="gmail") for name in names or ("home",))
    return protection(state, Settings(accounts=accounts), keys)


def keep(state: Path, keys: Keys, account: str = "home") -> Path:
    """Keep two secrets of an account; return the folder they lie in."""
    secrets = FileSecrets(state / "secrets" / account, keys)
    for name in ("token", "mailbox"):
        secrets.put(name, "the-token")
    return state / "secrets" / account


def test_of_a_state_without_secrets_nothing_is_told(tmp_path: Path) -> None:
    ring = Ring()
    assert looked(tmp_path / "nowhere", Keys({}, ring)) == []
    (tmp_path / "secrets" / "home").mkdir(parents=True)
    for folder in (tmp_path / "secrets", tmp_path / "secrets" / "home"):
        folder.chmod(0o755)
    FileSecrets(tmp_path / "secrets" / "home", Keys({}, ring)).drop("token")
    assert [one.name for one in looked(tmp_path, Keys({}, ring))] == ["tokens", "tokens"]
    assert ring.asked == 0


def test_it_says_what_encrypts_the_tokens_of_each_account(tmp_path: Path) -> None:
    credential = Keys(given_key(tmp_path / "credentials", b"random bytes"), Ring())
    keep(tmp_path, credential, "home")
    assert looked(tmp_path, credential) == [
        Finding("secrets", "ok", "home: encrypted with the systemd credential auld-key")
    ]
    ring = Ring()
    keep(tmp_path, Keys({}, ring), "work")
    assert looked(tmp_path, Keys({}, ring), "work", "home")[1] == Finding(
        "secrets", "ok", "work: encrypted with a key in the desktop keyring"
    )


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        (lambda: Keys({}, Ring("absent")), "no desktop keyring answers, and there is no credential auld-key"),
        (lambda: Keys({}, Ring("locked")), "the desktop keyring is locked"),
        (lambda: Keys({}, Ring(), keyring=False), "[secrets] keyring is false, and there is no credential auld-key"),
        (lambda: Keys({}, Ring()), "they are encrypted when they are used next"),
    ],
)
def test_tokens_that_lie_plain_are_a_warning_that_says_why(tmp_path: Path, keys: Any, why: str) -> None:
    keep(tmp_path, Keys({}, Ring("absent")))
    (found,) = looked(tmp_path, keys())
    assert (found.name, found.result) == ("secrets", "warn")
    assert "home: its tokens lie unencrypted, readable to you alone" in found.detail
    assert why in found.detail
    assert found.fix


def test_the_fix_for_tokens_that_are_encrypted_next_is_a_command_that_a_shell_takes(tmp_path: Path) -> None:
    keep(tmp_path, Keys({}, Ring("absent")), "my mail")
    assert looked(tmp_path, Keys({}, Ring()), "my mail")[0].fix == "auld sync 'my mail'"


def test_a_key_that_is_missing_or_gone_and_a_damaged_file_are_failures_with_what_to_do(tmp_path: Path) -> None:
    ring = Ring()
    folder = keep(tmp_path, Keys({}, ring))
    kept = (folder / "token").read_bytes()
    (found,) = looked(tmp_path, Keys({}, Ring("absent")))
    assert (found.result, "cannot be reached from here" in found.detail) == ("fail", True)
    assert f"rm -r {folder}" in found.fix
    (found,) = looked(tmp_path, Keys({}, Ring()))
    assert (found.result, found.fix) == ("fail", "auld login home")
    (folder / "token").write_bytes(b"\xffnonsense")
    (found,) = looked(tmp_path, Keys({}, ring))
    assert (found.result, found.fix) == ("fail", "auld login home")
    assert str(folder / "token") in found.detail
    (folder / "token").write_bytes(kept)
    assert looked(tmp_path, Keys({}, ring))[0].result == "ok"


def test_what_an_account_left_behind_that_the_config_does_not_have_any_more_is_a_warning(tmp_path: Path) -> None:
    keys = Keys({}, Ring())
    left = keep(tmp_path, keys, "old mail")
    keep(tmp_path, keys)
    home, old = looked(tmp_path, keys)
    assert (home.name, home.result) == ("secrets", "ok")
    assert (old.name, old.result) == ("sign-in", "warn")
    assert str(left) in old.detail
    command, _, more = old.fix.partition("; ")
    assert "auld login" in more
    subprocess.run(shlex.split(command), check=True)
    assert [one.name for one in looked(tmp_path, keys)] == ["secrets"]


def test_what_others_can_read_is_a_warning_and_its_command_mends_it(tmp_path: Path) -> None:
    keys = Keys({}, Ring())
    folder = keep(tmp_path, keys)
    for path, mode in ((tmp_path / "secrets", 0o711), (folder, 0o755), (folder / "token", 0o640)):
        path.chmod(mode)
    open_ones = [one for one in looked(tmp_path, keys) if one.name == "tokens"]
    assert [(one.result, one.detail) for one in open_ones] == [
        ("warn", f"{tmp_path / 'secrets'} is open to others (711)"),
        ("warn", f"{folder} is open to others (755)"),
        ("warn", f"{folder / 'token'} is open to others (640)"),
    ]
    for one in open_ones:
        subprocess.run(shlex.split(one.fix), check=True)
    assert [one.name for one in looked(tmp_path, keys)] == ["secrets"]


def test_a_folder_that_cannot_be_looked_at_is_told_and_nothing_is_raised(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(tmp_path, Keys({}, Ring()))

    def denied(path: Path, *_: Any) -> Any:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "rglob", denied)
    (found,) = looked(tmp_path, Keys({}, Ring()))
    assert (found.result, "Permission denied" in found.detail) == ("fail", True)


def test_the_config_says_whether_the_keyring_is_used(tmp_path: Path) -> None:
    keep(tmp_path, Keys({}, Ring("absent")))
    off = Settings(accounts=(AccountSettings(name="home", kind="gmail"),), secrets=Secrets(keyring=False))
    (found,) = protection(tmp_path, off)
    assert "keyring is false" in found.detail
