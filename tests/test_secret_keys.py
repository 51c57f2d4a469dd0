"""Encrypted secrets: which key, what becomes of files whose key is elsewhere, and of those that were changed."""

import fcntl
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from connectors.base import MAILBOX
from connectors.errors import ConnectorError, LoginNeeded, Refused
from daemon.secrets import FileSecrets, Keys
from daemon.secrets.ring import Answer, State
from daemon.store import disk
from tests.test_secrets import ROOT

ANY_TEXT = st.text(st.characters(exclude_categories=()))  # lone surrogates too


class Ring:
    """A keyring as `ring.ask` tells it."""

    def __init__(self, state: State = "open") -> None:
        self.state: State = state
        self.held: str | None = None
        self.asked = 0

    def __call__(self, new: str | None) -> Answer:
        self.asked += 1
        if self.state != "open":
            return Answer(self.state)
        self.held = self.held or new
        return Answer("open", self.held)


@pytest.fixture
def credentials(tmp_path: Path) -> dict[str, str]:
    """An environment with the credential."""
    return given_key(tmp_path / "credentials", b"\x00 some random bytes \xff")


def given_key(folder: Path, content: bytes) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    (folder / "auld-key").write_bytes(content)
    return {"CREDENTIALS_DIRECTORY": str(folder)}


def all_sources(folder: Path) -> list[Keys]:
    given = given_key(folder / "credentials", b"some random bytes")
    return [Keys(given, Ring("absent")), Keys({}, Ring()), Keys({}, Ring("absent")), Keys({}, Ring("locked"))]


@given(name=ANY_TEXT.filter(bool), text=ANY_TEXT)
@settings(max_examples=60)
def test_any_text_comes_back_as_it_was_whatever_the_key(name: str, text: str) -> None:
    name = name.encode("utf-8", "replace").decode()[:12]  # connectors name their secrets, in a few letters
    with tempfile.TemporaryDirectory() as folder:
        for number, keys in enumerate(all_sources(Path(folder))):
            secrets = FileSecrets(Path(folder) / str(number), keys)
            secrets.put(name, text)
            assert secrets.get(name) == text


def test_which_mailbox_it_is_outlives_the_key(tmp_path: Path) -> None:
    ring = Ring()
    secrets = FileSecrets(tmp_path / "home", Keys({}, ring))
    secrets.put("token", "the-token")
    secrets.put(MAILBOX, "robin@example.com")
    other = FileSecrets(tmp_path / "home", Keys({}, Ring()))
    assert other.get(MAILBOX) == "robin@example.com"
    with pytest.raises(LoginNeeded):
        other.get("token")


def test_what_is_encrypted_says_by_which_key_and_shows_nothing_else(
    tmp_path: Path, credentials: dict[str, str]
) -> None:
    for where, keys in (("credential", Keys(credentials, Ring())), ("keyring", Keys({}, Ring()))):
        FileSecrets(tmp_path / where, keys).put("token", "the-token")
        kept = (tmp_path / where / "token").read_bytes()
        assert kept.startswith(f"auld 1 {where} ".encode(), 1)
        assert b"the-token" not in kept
        assert b"random" not in kept
        other = FileSecrets(tmp_path / where, keys)
        other.put("token", "the-token")
        assert (tmp_path / where / "token").read_bytes() != kept, "the same text never looks the same"


def test_the_credential_goes_before_the_keyring_which_is_then_not_asked(
    tmp_path: Path, credentials: dict[str, str]
) -> None:
    ring = Ring()
    FileSecrets(tmp_path / "home", Keys(credentials, ring)).put("token", "mine")
    assert FileSecrets(tmp_path / "home", Keys(credentials, ring)).get("token") == "mine"
    assert ring.asked == 0


def test_the_keyring_is_asked_once_by_a_process_that_reads_and_writes_much(tmp_path: Path) -> None:
    ring = Ring()
    FileSecrets(tmp_path / "home", Keys({}, ring)).put("token", "mine")
    ring.asked, keys = 0, Keys({}, ring)
    for account in ("home", "work"):
        secrets = FileSecrets(tmp_path / account, keys)
        for _ in range(5):
            secrets.put("token", "mine")
            assert secrets.get("token") == "mine"
    assert ring.asked == 1


def test_a_key_that_another_process_made_meanwhile_is_found(tmp_path: Path) -> None:
    ring = Ring()
    keys = Keys({}, ring)
    assert keys.ring_state == "open"
    FileSecrets(tmp_path / "home", Keys({}, ring)).put("token", "mine")
    assert FileSecrets(tmp_path / "home", keys).get("token") == "mine"


def test_while_a_key_is_made_no_other_process_makes_one(tmp_path: Path) -> None:
    class Watched(Ring):
        def __call__(self, new: str | None) -> Answer:
            if new is not None:
                other = os.open(tmp_path, os.O_RDONLY)
                with pytest.raises(BlockingIOError):
                    fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
                os.close(other)
            return super().__call__(new)

    ring = Watched()
    FileSecrets(tmp_path / "home", Keys({}, ring)).put("token", "mine")
    assert ring.held


def test_a_file_from_before_there_was_a_key_is_read_and_encrypted_at_once(
    tmp_path: Path, credentials: dict[str, str]
) -> None:
    for environ, ring in ((credentials, Ring("absent")), ({}, Ring())):
        (tmp_path / "token").write_text("mine", "utf-8")
        (tmp_path / "token").chmod(0o644)
        secrets = FileSecrets(tmp_path, Keys(environ, ring))
        assert secrets.get("token") == "mine"
        kept = (tmp_path / "token").read_bytes()
        assert b"mine" not in kept
        assert (tmp_path / "token").stat().st_mode & 0o777 == 0o600
        assert secrets.get("token") == "mine"
        assert (tmp_path / "token").read_bytes() == kept, "and then left alone"


def test_what_the_keyring_encrypted_the_credential_takes_over(tmp_path: Path, credentials: dict[str, str]) -> None:
    ring = Ring()
    FileSecrets(tmp_path, Keys({}, ring)).put("token", "mine")
    assert FileSecrets(tmp_path, Keys(credentials, ring)).get("token") == "mine"
    ring.state = "locked"
    assert FileSecrets(tmp_path, Keys(credentials, ring)).get("token") == "mine"


def test_a_disk_that_takes_nothing_does_not_keep_a_plain_secret_from_being_read(
    tmp_path: Path, credentials: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text("mine", "utf-8")

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(disk, "put", full)
    assert FileSecrets(tmp_path, Keys(credentials, Ring())).get("token") == "mine"


Missing = Callable[[Path], Keys]
MISSING: dict[str, tuple[str, Missing]] = {
    "which is not given here": ("credential", lambda _: Keys({}, Ring())),
    "cannot be reached from here": ("keyring", lambda _: Keys({}, Ring("absent"))),
    "which is locked": ("keyring", lambda _: Keys({}, Ring("locked"))),
    "gives no answer": ("keyring", lambda _: Keys({}, Ring("silent"))),
    "is empty": ("credential", lambda folder: Keys(given_key(folder / "empty", b"\n"), Ring())),
}


@pytest.mark.parametrize("words", MISSING)
@pytest.mark.parametrize("anew", [False, True])
def test_a_key_that_is_not_at_hand_is_told_and_the_file_stays(
    tmp_path: Path, credentials: dict[str, str], words: str, anew: bool
) -> None:
    where, missing = MISSING[words]
    keys = Keys(credentials, Ring()) if where == "credential" else Keys({}, Ring())
    FileSecrets(tmp_path / "home", keys).put("token", "mine")
    kept = (tmp_path / "home" / "token").read_bytes()
    with pytest.raises(Refused, match=words) as caught:
        FileSecrets(tmp_path / "home", missing(tmp_path), anew=anew).get("token")
    assert str(caught.value).startswith("Its sign-in ")
    assert str(caught.value).count(": ") >= 1, "and what to do"
    assert (tmp_path / "home" / "token").read_bytes() == kept
    assert FileSecrets(tmp_path / "home", keys).get("token") == "mine"


def test_a_credential_that_is_another_one_means_to_give_the_one_before_or_to_sign_in_again(
    tmp_path: Path, credentials: dict[str, str]
) -> None:
    FileSecrets(tmp_path / "my home", Keys(credentials, Ring())).put("token", "mine")
    other = Keys(given_key(tmp_path / "other", b"others"), Ring())
    with pytest.raises(LoginNeeded, match=r"another auld-key .*: give that again, or auld login 'my home'$"):
        FileSecrets(tmp_path / "my home", other).get("token")
    signing = FileSecrets(tmp_path / "my home", other, anew=True)
    assert signing.get("token") is None
    assert FileSecrets(tmp_path / "my home", Keys(credentials, Ring())).get("token") == "mine", "still there"
    signing.put("token", "new")
    assert FileSecrets(tmp_path / "my home", other).get("token") == "new"


def refused(secrets: FileSecrets, name: str = "token") -> bool:
    """Read a secret; tell whether it was refused, with one sentence that names no secret."""
    try:
        secrets.get(name)
    except (LoginNeeded, Refused) as err:
        told = str(err)
        assert told.startswith("Its sign-in ")
        assert "the-token" not in told
        return True
    return False


@pytest.mark.parametrize("where", ["credential", "keyring"])
def test_any_changed_byte_is_refused_and_so_is_any_end_that_is_missing(
    tmp_path: Path, credentials: dict[str, str], where: str
) -> None:
    keys = Keys(credentials if where == "credential" else {}, Ring())
    secrets, path = FileSecrets(tmp_path / "home", keys), tmp_path / "home" / "token"
    secrets.put("token", "the-token")
    kept = path.read_bytes()
    for place in range(len(kept)):
        for mask in (0x01, 0x80, 0xFF, 0x20):
            path.write_bytes(kept[:place] + bytes([kept[place] ^ mask]) + kept[place + 1 :])
            assert refused(secrets), (place, mask)
    for length in range(1, len(kept)):
        path.write_bytes(kept[:length])
        assert refused(secrets), length
    path.write_bytes(kept + b"\0")
    assert refused(secrets)
    assert path.read_bytes() == kept + b"\0", "even what is damaged is left where it is"
    assert FileSecrets(tmp_path / "home", keys, anew=True).get("token") is None
    path.write_bytes(kept)
    assert secrets.get("token") == "the-token"


def test_a_plain_file_that_is_no_text_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "token").write_bytes(b'{"refresh_token": "\xc3\x28"}')
    with pytest.raises(LoginNeeded, match="is damaged"):
        FileSecrets(tmp_path, Keys({}, Ring("absent"))).get("token")


def test_files_cannot_be_exchanged(tmp_path: Path, credentials: dict[str, str]) -> None:
    keys = Keys(credentials, Ring())
    home, work = (FileSecrets(tmp_path / name, keys) for name in ("home", "work"))
    home.put("token", "the-token")
    work.put("token", "of-work")
    home.put("mailbox", "robin@example.com")
    kept = (tmp_path / "home" / "token").read_bytes()
    (tmp_path / "work" / "token").write_bytes(kept)
    (tmp_path / "home" / "mailbox").write_bytes(kept)
    assert refused(work)
    assert refused(home, "mailbox")
    assert home.get("token") == "the-token"


class KilledError(BaseException):
    """The process ends here."""


@pytest.fixture
def kill(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Let the n-th call to the system by which something is written be the last."""
    left = [0]

    def deadly(name: str) -> None:
        real = getattr(os, name)

        def call(*args: Any, **more: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                raise KilledError
            return real(*args, **more)

        monkeypatch.setattr(os, name, call)

    for name in ("replace", "pwrite", "fsync", "unlink", "fchmod"):
        deadly(name)
    yield lambda number: left.__setitem__(0, number)
    left[0] = 0


@pytest.mark.parametrize("act", ["put", "get"])
def test_a_kill_at_any_write_leaves_the_old_or_the_new_secret(
    tmp_path: Path, credentials: dict[str, str], kill: Callable[[int], None], act: str
) -> None:
    """`get` writes too: what was plain, encrypted."""
    keys, path = Keys(credentials, Ring()), tmp_path / "token"
    number, killed = 0, True
    while killed:
        number += 1
        path.write_text("old", "utf-8")
        kill(number)
        try:
            secrets = FileSecrets(tmp_path, keys)
            secrets.put("token", "new") if act == "put" else secrets.get("token")
            killed = False
        except KilledError:
            pass
        kill(0)
        assert FileSecrets(tmp_path, keys).get("token") in ({"old", "new"} if act == "put" else {"old"})
    assert number > 4


def test_what_another_process_wrote_meanwhile_is_not_undone_by_encrypting_what_was_before(
    tmp_path: Path, credentials: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "token").write_text("old", "utf-8")
    keys = Keys(credentials, Ring())
    secrets = FileSecrets(tmp_path, keys)
    real = keys.writing

    def writing(place: Path) -> Any:
        monkeypatch.undo()
        FileSecrets(tmp_path, keys).put("token", "new")
        return real(place)

    monkeypatch.setattr(keys, "writing", writing)
    assert secrets.get("token") == "old"
    assert FileSecrets(tmp_path, keys).get("token") == "new"


@pytest.mark.skipif(sys.platform != "linux", reason="where Linux tells it")
@pytest.mark.parametrize("act", ["put('token', 'mine')", "get('token')"])
def test_a_process_that_holds_secrets_is_never_dumped(tmp_path: Path, act: str) -> None:
    script = (
        "import ctypes, resource, sys; from pathlib import Path; from daemon.secrets import FileSecrets\n"
        f"FileSecrets(Path(sys.argv[1]) / 'home').{act}\n"
        "print(resource.getrlimit(resource.RLIMIT_CORE), ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))"
    )
    words = [sys.executable, "-c", script, str(tmp_path)]
    ran = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert (ran.stdout, ran.stderr) == ("(0, 0) 0\n", "")


def test_no_key_is_shown_by_what_may_stand_in_a_log(tmp_path: Path, credentials: dict[str, str]) -> None:
    key = Keys(credentials, Ring()).writing(tmp_path)
    assert key is not None
    shown = repr(key) + str(key) + key.id
    assert all(part not in shown for part in (key.secret.hex(), repr(key.secret), "random"))


def test_every_error_of_a_secret_is_one_that_a_connector_may_let_pass(
    tmp_path: Path, credentials: dict[str, str]
) -> None:
    folder = Path(credentials["CREDENTIALS_DIRECTORY"])
    (folder / "auld-key").unlink()
    (folder / "auld-key").mkdir()
    with pytest.raises(ConnectorError, match=r"auld-key, which cannot be read \(Is a directory\): mend "):
        FileSecrets(tmp_path / "home", Keys(credentials, Ring())).put("token", "mine")
    assert not (tmp_path / "home" / "token").exists(), "never plain where it was to be encrypted"
