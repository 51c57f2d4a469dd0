"""What a machine tells of its user before anything is asked."""

from pathlib import Path

import pytest

from daemon.config import Answers, guess_answers

UTC = {"TZ": "UTC"}


def maildir(path: Path) -> None:
    for name in ("cur", "new", "tmp"):
        (path / name).mkdir(parents=True)


def mbox(path: Path, text: str = "From robin@example.com Thu Jan  1 00:00:00 2026\n") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def test_an_empty_home_gives_only_the_zone(tmp_path: Path) -> None:
    assert guess_answers({"TZ": "Europe/Amsterdam"}, tmp_path) == Answers(timezone="Europe/Amsterdam")


def test_a_home_that_is_not_there_gives_only_the_zone(tmp_path: Path) -> None:
    assert guess_answers(UTC, tmp_path / "none") == Answers(timezone="UTC")


def test_name_and_address_are_gits(tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_text(
        '[core]\n\tname = not me\n# [user]\n[ User ]\n\tname = "Robin \\"R\\" #Park" ; really\n'
        '\temail = Robin@Example.com # mine\n\tsigningkey\n; email = no@example.com\n[user "other"]\n\tname = Maya\n'
    )
    answers = guess_answers(UTC, tmp_path)
    assert (answers.name, answers.emails) == ('Robin "R" #Park', ("robin@example.com",))


def test_the_nearer_git_config_wins(tmp_path: Path) -> None:
    (tmp_path / "xdg" / "git").mkdir(parents=True)
    (tmp_path / "xdg" / "git" / "config").write_text("[user]\nname = Robin\nemail = robin@example.com\n")
    (tmp_path / ".gitconfig").write_text("[user]\nemail = park@example.com\n")
    answers = guess_answers(UTC | {"XDG_CONFIG_HOME": str(tmp_path / "xdg")}, tmp_path)
    assert (answers.name, answers.emails) == ("Robin", ("park@example.com",))


@pytest.mark.parametrize("email", ["1+robin@users.noreply.github.com", "robin", "robin@laptop", "a b@example.com", ""])
def test_an_address_that_receives_nothing_is_no_guess(tmp_path: Path, email: str) -> None:
    (tmp_path / ".gitconfig").write_text(f"[user]\nemail = {email}\n")
    assert guess_answers(UTC, tmp_path).emails == ()


def test_a_git_config_of_junk_is_no_guess(tmp_path: Path) -> None:
    (tmp_path / ".gitconfig").write_bytes(b"\xff[user\n]=\n[user]\n=\n\\\nname = \\")
    assert guess_answers(UTC, tmp_path).name == ""


def test_maildirs_in_the_usual_places_are_found(tmp_path: Path) -> None:
    for name in ("INBOX", "Sent", "Drafts", "Trash", "Lists/Sent"):
        maildir(tmp_path / "Mail" / name)
    answers = guess_answers(UTC, tmp_path)
    assert answers.sent == ("~/Mail/Lists/Sent", "~/Mail/Sent")
    assert answers.received == ("~/Mail/INBOX",)
    assert answers.drafts == "~/Mail/Drafts"


def test_a_maildir_with_folders_of_its_own_is_found(tmp_path: Path) -> None:
    maildir(tmp_path / "Maildir")
    maildir(tmp_path / "Maildir" / ".Sent")
    maildir(tmp_path / "Maildir" / ".INBOX.Drafts")
    answers = guess_answers(UTC, tmp_path)
    assert (answers.received, answers.sent) == (("~/Maildir",), ("~/Maildir/.Sent",))
    assert answers.drafts == "~/Maildir/.INBOX.Drafts"


def test_thunderbirds_mboxes_are_found_but_its_drafts_are_no_maildir(tmp_path: Path) -> None:
    profile = tmp_path / ".thunderbird" / "x.default"
    mbox(profile / "ImapMail" / "imap.example.org" / "INBOX")
    mbox(profile / "ImapMail" / "imap.example.org" / "[Gmail].sbd" / "Sent Mail")
    mbox(profile / "Mail" / "Local Folders" / "Drafts")
    mbox(profile / "Mail" / "Local Folders" / "Sent", text="")
    mbox(profile / "Mail" / "Local Folders" / "Sent.msf", text="// index")
    answers = guess_answers(UTC, tmp_path)
    assert answers.sent == ("~/.thunderbird/x.default/ImapMail/imap.example.org/[Gmail].sbd/Sent Mail",)
    assert answers.received == ("~/.thunderbird/x.default/ImapMail/imap.example.org/INBOX",)
    assert answers.drafts == ""


def test_links_and_names_that_no_file_can_say_are_left_alone(tmp_path: Path) -> None:
    maildir(tmp_path / "Mail" / "a\nb" / "Sent")
    (tmp_path / "Mail" / "loop").symlink_to(tmp_path / "Mail")
    assert guess_answers(UTC, tmp_path).sent == ()


def test_mails_themselves_are_not_looked_at(tmp_path: Path) -> None:
    maildir(tmp_path / "Mail" / "work")
    mbox(tmp_path / "Mail" / "work" / "cur" / "sent")
    assert guess_answers(UTC, tmp_path).sent == ()
