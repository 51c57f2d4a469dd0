"""Maildirs are read without being touched; flags, names and files that move are understood."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.files import pieces
from connectors.files.maildir import list_messages, read_files, time_in_name
from tests.connectors.files.disk import ids, maildir, mails, put, read, snapshot, source, told


def test_cur_and_new_are_read_and_nothing_is_changed(tmp_path: Path) -> None:
    box = maildir(tmp_path / "INBOX")
    put(box, "1600000001.a.host:2,S")
    put(box, "1600000002.b.host", part="new")
    put(box, "1600000003.c.host", part="tmp")
    put(box, ".hidden")
    before = snapshot(tmp_path)
    assert told(box) == ["1600000001.a.host", "1600000002.b.host"]
    assert snapshot(tmp_path) == before


def test_flags_t_and_d_are_left_out_until_they_are_taken_away(tmp_path: Path) -> None:
    """Rules: Maildir flags T and D are left out."""
    box = maildir(tmp_path)
    trashed = put(box, "1.trashed:2,ST")
    put(box, "2.draft:2,D")
    put(box, "3.fine:2,RS")
    first = read(source(box))
    assert ids(first) == ["3.fine"]
    trashed.rename(trashed.with_name("1.trashed:2,S"))
    assert ids(read(source(box), first[-1].cursor)) == ["1.trashed"]


def test_a_change_of_flags_is_nothing_new(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    path = put(box, "1.a", part="new")
    first = read(source(box))
    path.rename(box / "cur" / "1.a:2,FRS")
    again = read(source(box), first[-1].cursor)
    assert ids(again) == []
    assert again[-1].cursor == first[-1].cursor


def test_the_time_in_the_name_stands_in_for_a_missing_received(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    put(box, "1600000001.a.host:2,S")
    put(box, "b.host:2,S", content=b"From: a@example.org\nReceived: by x; Tue, 1 Mar 2022 10:00:00 +0000\n\n")
    times = {mail.message_id: mail.received_at for mail in mails(read(source(box)))}
    assert times == {
        "1600000001.a.host": datetime(2020, 9, 13, 12, 26, 41, tzinfo=UTC),
        "": datetime(2022, 3, 1, 10, tzinfo=UTC),
    }


@pytest.mark.parametrize("name", ["1.host", "msg.1", "99999999999.x", "", "१६०००००००१.x", "-1600000001.x"])
def test_a_name_without_a_time_has_none(name: str) -> None:
    assert time_in_name(name) is None


def test_a_file_whose_flags_change_after_the_listing_is_still_read(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    put(box, "1.a:2,S")
    put(box, "2.b:2,S")
    (row, outcome), (gone, vanished) = read_files(str(box), ["new/1.a", "cur/3.c:2,"])
    assert row is not None
    assert (row[0], outcome) == ("1.a", ("", ""))
    assert (gone, vanished) == (None, ("gone", ""))


def test_a_file_that_fails_is_told_and_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    box = maildir(tmp_path)
    put(box, "1.a:2,S")
    put(box, "2.b:2,S")
    real = os.open

    def failing(path: str, *rest: int) -> int:
        if "1.a" in str(path):
            raise OSError(5, "Input/output error")
        return real(path, *rest)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", failing)
        first = read(source(box))
    assert ids(first) == ["2.b"]
    assert "Input/output error" in first[-1].problems[0]
    assert ids(read(source(box), first[-1].cursor)) == ["1.a"]


def test_junk_empty_files_folders_and_pipes_among_the_messages_cost_nothing(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    put(box, "1.junk:2,S", content=bytes(range(256)) * 400)
    put(box, "2.empty:2,S", content=b"")
    (box / "cur" / "3.folder").mkdir()
    os.mkfifo(box / "cur" / "4.pipe")
    put(box, "5.fine:2,S")
    batches = read(source(box))
    assert ids(batches) == ["5.fine"]
    assert any("no mail message" in problem for problem in batches[-1].problems)


def test_a_name_that_is_no_text_is_read(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    (tmp_path / "cur" / os.fsdecode(b"1600000001.\xff\xfe:2,S")).write_bytes(b"Message-ID: <odd@example.org>\n\n")
    batches = read(source(box))
    assert ids(batches) == ["odd@example.org"]
    batches[-1].cursor.encode("ascii")
    assert ids(read(source(box), batches[-1].cursor)) == []


def test_a_header_longer_than_the_first_read_is_read_whole(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    long = b"".join(b"X-Long-%d: %s\n" % (number, b"x" * 900) for number in range(90))
    put(box, "1.a:2,S", content=long + b"Message-ID: <late@example.org>\n\nbody\n")
    assert told(box) == ["late@example.org"]


def test_a_calendar_part_deep_in_a_message_is_found(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    parts = (
        b"--b\nContent-Type: text/html\n\n"
        + b"<p>long</p>\n" * 20_000
        + b"--b\nContent-Type: text/calendar; method=REQUEST\n\n"
    )
    put(box, "1.a:2,S", content=b"Message-ID: <i@example.org>\nContent-Type: multipart/mixed; boundary=b\n\n" + parts)
    (mail,) = mails(read(source(box)))
    assert mail.marks


def test_a_piece_never_raises_for_a_folder_that_is_gone(tmp_path: Path) -> None:
    rows, troubles, _ = pieces.read_piece((str(tmp_path / "gone"), ("cur/1.a:2,S",), 0, 0, None, False, False))
    assert (rows, troubles) == ([], [("cur/1.a:2,S", "gone", "")])


def test_listing_survives_a_missing_new_folder(tmp_path: Path) -> None:
    box = maildir(tmp_path)
    put(box, "1.a:2,S")
    (box / "new").rmdir()
    assert list_messages(str(box)) == ["cur/1.a:2,S"]
