"""The Drafts folder as a Maildir: whole drafts or none, and the user's own are never touched."""

import errno
import mailbox
import os
import re
import socket
from contextlib import closing
from pathlib import Path
from typing import Self

import pytest

from connectors.errors import Refused, Unavailable
from connectors.files.drafts import MaildirDrafts
from tests.connectors.contract import NOW, DraftsContract
from tests.connectors.files.disk import maildir, snapshot

draft = DraftsContract.draft


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "Drafts"


@pytest.fixture
def box(folder: Path) -> MaildirDrafts:
    return MaildirDrafts(folder, lambda: NOW)


def test_the_folder_is_made_for_the_user_alone(box: MaildirDrafts, folder: Path) -> None:
    assert list(box.all()) == []
    assert not folder.exists()  # looking makes nothing
    box.create(draft())
    assert [(folder / part).stat().st_mode & 0o777 for part in ("", "cur", "new", "tmp")] == [0o700] * 4


def test_a_draft_lies_in_cur_with_the_flag_d_and_lf_line_ends(box: MaildirDrafts, folder: Path) -> None:
    ref = box.create(draft())
    (path,) = (folder / "cur").iterdir()
    assert path.name == f"{ref.id}:2,D"
    assert re.fullmatch(r"\d+\.M\d+P\d+Q\d+R[0-9a-f]+\.[^/:]+", ref.id)
    assert b"\r" not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert list((folder / "tmp").iterdir()) == []


def test_pythons_own_mailbox_reads_the_draft(box: MaildirDrafts, folder: Path) -> None:
    box.create(draft())
    with closing(mailbox.Maildir(folder)) as other:
        (message,) = other
        assert message["Subject"] == "Lunch in May?"
        assert message.get_flags() == "D"
        assert message.get_payload(decode=True) == b"Hi Anna,\n\nhow was the trip?\n\nRobin\n"


@pytest.mark.parametrize("added", [",U=1", ",U=12,FMD5=7e33429f656f1e6e9d79b29c3f82c57e"])
def test_a_draft_is_known_under_what_other_programs_add_to_its_name(
    box: MaildirDrafts, folder: Path, added: str
) -> None:
    """mbsync and offlineimap keep a message's number on the server in its name."""
    ref = box.create(draft())
    (path,) = (folder / "cur").iterdir()
    path.rename(folder / "cur" / f"{ref.id}{added}:2,D")
    assert box.get(ref) == ref
    assert box.find(ref.key) == ref
    assert box.withdraw(ref) is True


def test_where_the_whole_folder_is_gone_no_draft_counts_as_deleted(box: MaildirDrafts, folder: Path) -> None:
    ref = box.create(draft())
    away = folder.rename(folder.with_name("unmounted"))
    with pytest.raises(Unavailable, match="not there any more"):
        box.get(ref)
    away.rename(folder)
    assert box.get(ref) == ref


def test_what_can_be_no_draft_is_left_out(box: MaildirDrafts, folder: Path) -> None:
    ref = box.create(draft())
    (folder / "cur" / "loop").symlink_to(folder / "cur" / "loop")
    (folder / "cur" / "folder").mkdir()
    os.mkfifo(folder / "cur" / "pipe")
    with socket.socket(socket.AF_UNIX) as held:
        held.bind(os.path.relpath(folder / "cur" / "socket"))
        assert list(box.all()) == [ref]
        assert box.withdraw(ref) is True


def test_a_draft_is_known_under_any_flags_and_in_new(box: MaildirDrafts, folder: Path) -> None:
    ref = box.create(draft())
    (path,) = (folder / "cur").iterdir()
    moved = path.rename(folder / "cur" / f"{ref.id}:2,DFS")
    assert box.get(ref) == ref
    moved = moved.rename(folder / "new" / ref.id)
    assert box.get(ref) == ref
    moved.rename(folder / "cur" / f"{ref.id}:2,DT")
    assert box.get(ref) is None
    assert list(box.all()) == []


def test_the_users_own_drafts_are_told_with_to_cc_and_bcc(box: MaildirDrafts, folder: Path) -> None:
    maildir(folder)
    (folder / "cur" / "own:2,D").write_bytes(
        b"To: a@example.org\nCc: B <b@example.org>\nBCC: c@example.org,\n d@example.org\n\nx\n"
    )
    (folder / "cur" / ".hidden").write_bytes(b"To: h@example.org\n\n")
    (folder / "cur" / "junk:2,D").write_bytes(b"\x00\x01\x02")
    (folder / "cur" / "folder").mkdir()
    (ref,) = box.all()
    assert (ref.id, ref.key, ref.to) == (
        "own",
        "",
        ("a@example.org", "b@example.org", "c@example.org", "d@example.org"),
    )


def test_withdrawing_touches_no_other_draft(box: MaildirDrafts, folder: Path) -> None:
    maildir(folder)
    own = folder / "cur" / "own:2,D"
    own.write_bytes(b"To: a@example.org\n\n")
    ref = box.create(draft())
    assert box.withdraw(ref)
    assert snapshot(folder) == {str(own): b"To: a@example.org\n\n"}


@pytest.mark.parametrize("what", ["mbox", "folder with other things"])
def test_a_place_that_is_no_maildir_is_refused_and_left_alone(box: MaildirDrafts, folder: Path, what: str) -> None:
    folder.parent.mkdir()
    if what == "mbox":
        folder.write_bytes(b"From x\n")
    else:
        folder.mkdir()
        (folder / "thesis.txt").write_bytes(b"x")
    before = snapshot(folder.parent)
    with pytest.raises(Refused, match='under "drafts", name a Maildir'):
        box.create(draft())
    with pytest.raises(Refused):
        box.find("k")
    assert snapshot(folder.parent) == before


@pytest.mark.parametrize("call", ["fsync", "write", "rename"])
def test_a_full_disk_is_told_and_leaves_nothing_behind(
    box: MaildirDrafts, folder: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def full(*args: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        if call == "fsync":
            patch.setattr(os, "fsync", full)
        elif call == "rename":
            patch.setattr(Path, "rename", full)
        else:
            patch.setattr(os, "fdopen", lambda handle, _mode: _FullFile(handle))
        with pytest.raises(Unavailable, match="no room left"):
            box.create(draft())
    assert snapshot(folder) == {}
    box.create(draft())
    assert box.find(draft().key) is not None


class _FullFile:
    def __init__(self, handle: int) -> None:
        self._handle = handle

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *args: object) -> None:
        os.close(self._handle)

    def write(self, content: bytes) -> None:
        os.write(self._handle, content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")


def test_what_a_kill_left_half_written_is_swept_up_and_nothing_else(
    box: MaildirDrafts, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*args: object) -> None:
        raise KeyboardInterrupt

    maildir(folder)
    others = folder / "tmp" / "1795510800.M1P2.example"
    others.write_bytes(b"To: a@example.org\n")
    for look in (lambda: box.find(draft().key), lambda: box.withdraw(box.create(draft()))):
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", die)
            with pytest.raises(KeyboardInterrupt):
                box.create(draft())
        assert len(snapshot(folder)) == 2
        look()
        assert snapshot(folder) == {str(others): b"To: a@example.org\n"}


def test_a_host_name_with_odd_characters_makes_a_valid_file_name(
    box: MaildirDrafts, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socket.gethostname", lambda: "odd/host:1")
    assert box.create(draft()).id.endswith(r".odd\057host\0721")


def test_a_draft_may_not_be_written_is_told(box: MaildirDrafts, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(Unavailable, match="Permission denied"):
        box.create(draft())
