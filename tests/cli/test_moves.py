"""Somebody at a new organisation: told by `auld check` and `auld why`, drafts go there, and the user can undo it."""

import pytest

from tests.cli.archive import ANA, Home

NEW = "Ana Lima <alima@example.com>"
_LISTED = '[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"]\nevery = "1 month"\n'


@pytest.fixture
def moved(home: Home) -> Home:
    """A home where Ana wrote from her old address a year ago, and twice from a new one since."""
    home.friend(silent=400)
    home.got(NEW, 120)
    home.got(NEW, 90)
    home.wrote(ANA, 80)
    home.configure(_LISTED)
    home.run("sync")
    return home


def _to(home: Home) -> str:
    return str(home.ask("draft", "Ana", "--dry-run")[0]["to"])


def test_check_and_why_tell_what_was_concluded_and_from_what(moved: Home) -> None:
    for said in (moved.run("check").out, moved.run("why", "Ana").out):
        text = " ".join(said.split())
        assert "ana@example.org has been silent since 19 Oct 2025" in text
        assert "from alima@example.com came 2 mails or meetings since 27 Jul 2026" in text
        assert "auld people --write-to ana@example.org ana@example.org" in text
    assert _to(moved) == "alima@example.com"


def test_a_draft_is_for_the_new_address_until_the_user_says_otherwise(moved: Home) -> None:
    said = moved.run("people", "--write-to", "Ana", "ana@example.org").err
    assert "Drafts to Ana Lima go to ana@example.org" in said
    for _ in range(2):
        assert _to(moved) == "ana@example.org"
        assert "as you chose" in moved.run("why", "Ana").out
        assert "has been silent since" not in moved.run("check").out
        moved.run("sync", "--full")
    assert "now alima@example.com" in moved.run("people", "--write-to", "Ana", "auto").err
    assert _to(moved) == "alima@example.com"


def test_an_address_that_is_not_theirs_is_refused(moved: Home) -> None:
    assert "known are" in moved.run("people", "--write-to", "Ana", "ana@example.net", code=2).err
    moved.run("people", "--write-to", "Ana", code=2)


def test_an_address_that_bounces_is_refused(moved: Home) -> None:
    report = (
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_report_1"\n'
        "Return-Path: <>\nAuto-Submitted: auto-replied\n"
    )
    body = (
        "--=_report_1\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n"
        "Final-Recipient: rfc822; ana@example.org\nAction: failed\nStatus: 5.1.1\n\n--=_report_1--\n"
    )
    moved.got("Mail <mailer-daemon@example.net>", 79, more=report, body=body)
    moved.run("sync")
    assert "comes back" in moved.run("people", "--write-to", "Ana", "ana@example.org", code=2).err
