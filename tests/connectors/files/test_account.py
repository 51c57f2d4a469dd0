"""The stanza of kind "files": its keys, its paths, its part of `auld check`."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from connectors import kinds, load
from connectors.base import Account, Host
from connectors.files.settings import FilesSettings
from tests.connectors.contract import NOW
from tests.connectors.files.disk import box_mail, ids, maildir, mails, put, read
from tests.connectors.files.test_contract import NoSecrets


def opened(folder: Path, **keys: object) -> Account:
    connector = load("files")
    return connector.open(connector.settings.model_validate(keys), Host(NoSecrets(), lambda: NOW, folder, "archive"))


def test_files_is_a_kind_and_mime_is_none() -> None:
    assert "files" in kinds()
    assert "mime" not in kinds()


def test_one_path_may_be_a_plain_text() -> None:
    assert FilesSettings.model_validate({"sent": "~/Mail/Sent"}).sent == ("~/Mail/Sent",)
    assert FilesSettings.model_validate({"mail": ["a", "b"]}).mail == ("a", "b")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({}, "at least one of sent, received, mail, calendar"),
        ({"drafts": "d"}, "at least one of"),
        ({"sent": 5}, "write a path in quotes"),
        ({"sent": [5]}, "is no path"),
        ({"sent": ["a\0b"]}, "is no path"),
        ({"sent": "a", "drafts": "a\0b"}, "is no path"),
        ({"sent": "a", "recieved": "b"}, "Extra inputs"),
    ],
)
def test_bad_settings_are_told(keys: dict[str, object], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        FilesSettings.model_validate(keys)


def test_paths_start_at_the_config_or_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    put(maildir(tmp_path / "conf" / "Sent"), "1.a")
    put(maildir(tmp_path / "home" / "Mail"), "2.b")
    account = opened(tmp_path / "conf", sent="Sent", received="~/Mail")
    assert account.mail is not None
    assert ids(list(account.mail.changes(None, None))) == ["1.a", "2.b"]


def test_the_key_tells_what_was_sent_and_labels_tell_it_of_mixed_mail(tmp_path: Path) -> None:
    put(maildir(tmp_path / "Sent"), "1.a")
    put(maildir(tmp_path / "INBOX"), "2.b", content=b"Message-ID: <2.b>\nX-Gmail-Labels: Sent\n\n")
    labelled = "From - Tue Mar 01 10:00:00 2022\nX-Gmail-Labels: {}"
    (tmp_path / "All.mbox").write_bytes(
        box_mail("3", start=labelled.format("Sent")) + box_mail("4", start=labelled.format("Inbox"))
        + box_mail("5") + box_mail("6", start=labelled.format("Trash,Sent"))
    )  # fmt: skip
    account = opened(tmp_path, sent="Sent", received="INBOX", mail="All.mbox")
    assert account.mail is not None
    told = {mail.message_id: mail.in_sent for mail in mails(list(account.mail.changes(None, None)))}
    assert told == {"1.a": True, "2.b": False, "3": True, "4": False, "5": None}


def test_an_account_without_mail_or_drafts_says_so(tmp_path: Path) -> None:
    account = opened(tmp_path, sent="Sent")
    assert (account.calendar, account.drafts, account.addresses()) == (None, None, ())
    assert opened(tmp_path, calendar="c.ics").mail is None


def test_the_drafts_folder_is_never_read_as_mail(tmp_path: Path) -> None:
    put(maildir(tmp_path / "Entwürfe"), "1.draft")
    put(maildir(tmp_path / "INBOX"), "2.b")
    account = opened(tmp_path, mail=".", drafts="Entwürfe")
    assert account.mail is not None
    assert ids(list(account.mail.changes(None, None))) == ["2.b"]


def test_check_tells_each_path(tmp_path: Path) -> None:
    put(maildir(tmp_path / "Sent"), "1.a")
    (tmp_path / "box").write_bytes(box_mail("1"))
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").write_bytes(b"no mail")
    account = opened(tmp_path, sent=["Sent", "gone"], received=["box", "empty", "file"], drafts="file")
    findings = {one.name.rpartition("/")[2] + " " + one.name.split()[0]: one for one in account.check()}
    assert {name: one.result for name, one in findings.items()} == {
        "Sent sent": "ok", "gone sent": "fail", "box received": "ok", "empty received": "warn", "file received": "fail",
        "file drafts": "fail",
    }  # fmt: skip
    assert findings["Sent sent"].detail == "1 Maildir with 1 messages"
    assert "mount the disk" in findings["gone sent"].fix


def test_check_says_that_a_drafts_folder_will_be_made(tmp_path: Path) -> None:
    put(maildir(tmp_path / "Sent"), "1.a")
    (_, drafts) = opened(tmp_path, sent="Sent", drafts="Drafts").check()
    assert (drafts.result, drafts.detail) == ("ok", "will be made with the first draft")
    assert not (tmp_path / "Drafts").exists()


def test_an_unknown_home_is_a_settings_error(tmp_path: Path) -> None:
    from connectors.errors import SettingsError

    with pytest.raises(SettingsError, match="write the whole path"):
        opened(tmp_path, sent="~nobody-of-that-name/Mail")


def test_reading_is_repeatable(tmp_path: Path) -> None:
    put(maildir(tmp_path / "Sent"), "1.a")
    account = opened(tmp_path, sent="Sent")
    assert account.mail is not None
    assert read(account.mail) == read(account.mail)  # type: ignore[arg-type]
