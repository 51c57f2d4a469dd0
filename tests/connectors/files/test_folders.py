"""Which folders are mail, which are left out, and what is said of paths that are neither."""

import mailbox
import os
from contextlib import closing
from pathlib import Path

import pytest

from connectors.errors import Unavailable
from connectors.files.folders import Root, find_stores, is_left_out
from connectors.files.mail import MailSource
from connectors.types import Batch, Mail
from tests.connectors.files.disk import box_mail, ids, maildir, put, read, source, told


@pytest.mark.parametrize(
    "name",
    ["Trash", "trash", ".Trash", "[Gmail].Trash", ".[Gmail].Spam", "Junk", "Spam.mbox", "Drafts", ".INBOX.Drafts",
     "Deleted Items", "Deleted", "Deleted Messages", "Trash.sbd", ".Trash.2019", "Junk E-mail"],
)  # fmt: skip
def test_trash_deleted_junk_spam_and_drafts_are_left_out(name: str) -> None:
    """Rules: in folders of folders, those named Trash, Deleted, Junk, Spam or Drafts are left out."""
    assert is_left_out(name)


@pytest.mark.parametrize("name", ["Sent", "INBOX", "Trashy novels", "Drafting", "Spamalot", ".Friends", "inbox.mbox"])
def test_other_names_are_not_left_out(name: str) -> None:
    assert not is_left_out(name)


def test_a_folder_of_folders_is_read_through(tmp_path: Path) -> None:
    put(maildir(tmp_path / "Friends"), "1.a")
    put(maildir(tmp_path / "Friends" / ".Old"), "2.b")
    put(maildir(tmp_path / "Deep" / "er"), "3.c")
    (tmp_path / "box").write_bytes(box_mail("4.d"))
    (tmp_path / "Local.sbd").mkdir()
    (tmp_path / "Local.sbd" / "more").write_bytes(box_mail("5.e"))
    for name in ("Trash", ".Spam", "[Gmail].Drafts"):
        put(maildir(tmp_path / name), f"no.{name}")
    (tmp_path / "Deep" / "Junk").write_bytes(box_mail("no"))
    assert told(tmp_path) == ["1.a", "2.b", "3.c", "4.d", "5.e"]


def test_a_folder_left_out_by_name_is_read_when_it_is_named_itself(tmp_path: Path) -> None:
    put(maildir(tmp_path / "Drafts"), "1.a:2,S")
    assert told(tmp_path / "Drafts") == ["1.a"]


def test_indexes_beside_mboxes_are_passed_over_and_junk_is_told(tmp_path: Path) -> None:
    (tmp_path / "Inbox").write_bytes(box_mail("1"))
    for name in ("Inbox.msf", "msgFilterRules.dat", ".hidden", "calendar.ics"):
        (tmp_path / name).write_bytes(b"\x00\x01 no mail")
    (tmp_path / "noise").write_bytes(bytes(range(256)))
    batches = read(source(tmp_path))
    assert ids(batches) == ["1"]
    assert [problem for batch in batches for problem in batch.problems] == [
        f"{tmp_path}/noise is no mbox; it was left out."
    ]


def test_a_path_named_by_itself_is_left_to_its_own_key(tmp_path: Path) -> None:
    put(maildir(tmp_path / "Sent"), "1.sent")
    put(maildir(tmp_path / "INBOX"), "2.in")
    put(maildir(tmp_path / "My drafts"), "3.draft")
    roots = [Root("received", tmp_path, False), Root("sent", tmp_path / "Sent", True)]
    batches = read(MailSource(roots, [tmp_path / "My drafts"]))
    assert {mail.message_id: mail.in_sent for batch in batches for mail in batch.items} == {
        "1.sent": True,
        "2.in": False,
    }


def test_links_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    put(maildir(tmp_path / "a" / "INBOX"), "1.a")
    (tmp_path / "a" / "again").symlink_to(tmp_path / "a")
    (tmp_path / "a" / "twice").symlink_to(tmp_path / "a" / "INBOX")
    (tmp_path / "a" / "broken").symlink_to(tmp_path / "nowhere")
    assert told(tmp_path / "a") == ["1.a"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("junk", bytes(range(256)), "neither an mbox nor a Maildir"),
        ("Inbox.msf", b'// <!-- <mdb:mork:z v="1.4"/> -->\n', "neither an mbox nor a Maildir"),
        ("c.ics", b"BEGIN:VCALENDAR\n", 'name it under "calendar"'),
        ("takeout.zip", b"PK\x03\x04", "unpack it"),
    ],
)
def test_a_file_that_is_no_mail_is_told_and_the_rest_is_read(
    tmp_path: Path, name: str, content: bytes, words: str
) -> None:
    put(maildir(tmp_path / "INBOX"), "1.a")
    (tmp_path / name).write_bytes(content)
    batches: list[Batch[Mail]] = []
    with pytest.raises(Unavailable, match=words) as err:
        batches.extend(source(tmp_path / name, tmp_path / "INBOX").changes(None, None))
    assert ids(batches) == ["1.a"]
    assert str(tmp_path / name) in str(err.value)


def test_a_vanished_path_is_told_the_rest_is_read_and_its_state_is_kept(tmp_path: Path) -> None:
    away, here = maildir(tmp_path / "disk" / "away"), maildir(tmp_path / "here")
    put(away, "1.a")
    both = source(tmp_path / "disk", here)
    cursor = read(both)[-1].cursor
    (tmp_path / "disk").rename(tmp_path / "unmounted")
    put(here, "2.b")
    batches: list[Batch[Mail]] = []
    with pytest.raises(Unavailable, match="does not exist"):
        batches.extend(both.changes(cursor, None))  # those before the error stay in the list
    cursor = batches[-1].cursor
    assert ids(batches) == ["2.b"]
    (tmp_path / "unmounted").rename(tmp_path / "disk")
    assert ids(read(both, cursor)) == []


def test_a_fifo_or_a_device_is_no_mail_and_hangs_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found = find_stores([Root("mail", tmp_path / "pipe", None), Root("mail", Path("/dev/null"), None)])
    assert len(found.errors) == 2
    assert found.stores == []


def test_what_pythons_own_mailbox_writes_is_read(tmp_path: Path) -> None:
    for name, make in (("md", mailbox.Maildir), ("box", mailbox.mbox)):
        with closing(make(tmp_path / name)) as box:
            box.add(b"Message-ID: <%s@example.org>\n\nFrom here on\n" % name.encode())
    assert told(tmp_path) == ["box@example.org", "md@example.org"]
