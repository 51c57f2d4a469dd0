"""Token files: whole whoever writes at the same time, and one sentence where they cannot be read or written."""

import os
import subprocess
import sys
from collections.abc import Callable
from errno import EACCES, ENOSPC, EROFS
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import Refused
from daemon.secrets import FileSecrets

ROOT = Path(__file__).parent.parent


def alongside(folder: Path, lines: str, count: int = 2) -> None:
    """Run `lines` in several processes at once, each with `secrets` of the folder and its `number`."""
    script = (
        "import os, sys; from pathlib import Path; from daemon.secrets import FileSecrets\n"
        "os.fsync = lambda _: None\n"
        f"secrets, number = FileSecrets(Path(sys.argv[1])), int(sys.argv[2])\n{lines}"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(folder), str(number)], cwd=ROOT, stderr=subprocess.PIPE)
        for number in range(count)
    ]
    for one in running:
        _, err = one.communicate(timeout=60)
        assert (one.returncode, err) == (0, b"")


def test_two_processes_that_write_a_secret_at_once_leave_one_of_the_two_whole(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    alongside(folder, "for _ in range(300): secrets.put('token', str(number) * 5000)")
    assert FileSecrets(folder).get("token") in {"0" * 5000, "1" * 5000}
    assert [one.name for one in folder.iterdir()] == ["token"]


def test_who_reads_and_writes_anew_alone_loses_nothing_of_the_others(tmp_path: Path) -> None:
    folder = tmp_path / "home"
    FileSecrets(folder).put("token", "0")
    alongside(
        folder,
        "for _ in range(200):\n"
        "    with secrets.alone(), secrets.alone():\n"
        "        secrets.put('token', str(int(secrets.get('token')) + 1))",
    )
    assert FileSecrets(folder).get("token") == "400"


def test_what_a_killed_process_left_half_written_is_no_secret_and_goes_with_the_next_write(tmp_path: Path) -> None:
    secrets = FileSecrets(tmp_path)
    acts: list[Callable[[], None]] = [lambda: secrets.put("token", "new"), lambda: secrets.drop("token")]
    for act in acts:
        (tmp_path / "token.tmp").write_text("half")
        assert [secrets.get(name) for name in ("token.tmp", "token%2Etmp")] == [None, None]
        act()
        assert not (tmp_path / "token.tmp").exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["token.tmp", "..", "../../config", "a/b", "ö"])
def test_a_secret_of_any_name_lies_in_the_folder(tmp_path: Path, name: str) -> None:
    secrets = FileSecrets(tmp_path / "secrets" / "home")
    secrets.put(name, "mine")
    assert secrets.get(name) == "mine"
    assert [one.name for one in tmp_path.iterdir()] == ["secrets"]
    assert [one.name for one in (tmp_path / "secrets").iterdir()] == ["home"]
    secrets.drop(name)
    assert secrets.get(name) is None


def in_the_way(path: Path, what: str) -> None:
    if what == "folder":
        path.mkdir(parents=True)
    elif what == "loop":
        path.parent.mkdir(parents=True)
        path.symlink_to(path)
    else:
        path.parent.write_text("a file where a folder should be")


@pytest.mark.parametrize("what", ["folder", "loop", "file"])
def test_what_lies_in_the_way_is_told_with_its_place_and_what_to_do(tmp_path: Path, what: str) -> None:
    secrets, path = FileSecrets(tmp_path / "home"), tmp_path / "home" / "token"
    in_the_way(path, what)
    with pytest.raises(Refused) as caught:
        secrets.get("token")
    assert str(path) in str(caught.value)
    assert "move away" in str(caught.value)
    if what != "loop":  # a link is replaced
        with pytest.raises(Refused, match="move away"):
            secrets.put("token", "mine")


def test_what_may_not_be_read_or_written_is_told_with_its_place_and_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = FileSecrets(tmp_path)
    secrets.put("token", "mine")
    real = os.open
    wrong = [EACCES]

    def fail(path: Any, flags: int, *more: Any) -> int:
        if "token" in str(path):
            raise OSError(wrong[0], os.strerror(wrong[0]), str(path))
        return real(path, flags, *more)

    monkeypatch.setattr(os, "open", fail)
    with pytest.raises(Refused, match=r"token \(Permission denied\): let it be yours") as caught:
        secrets.get("token")
    assert not hasattr(caught.value, "exit_code")
    for wrong[0], fix in ((EROFS, "mount it writable"), (ENOSPC, "make room")):
        with pytest.raises(Refused, match=fix) as caught:
            secrets.put("token", "other")
        assert getattr(caught.value, "exit_code", 0) == 74
    monkeypatch.undo()
    assert secrets.get("token") == "mine"


def test_a_folder_in_the_way_costs_no_open_file(tmp_path: Path) -> None:
    secrets = FileSecrets(tmp_path)
    (tmp_path / "token").mkdir()
    numbers = []
    for _ in range(2):
        with pytest.raises(Refused):
            secrets.get("token")
        file = os.open(tmp_path, os.O_RDONLY)
        os.close(file)
        numbers.append(file)
    assert numbers[0] == numbers[1]
