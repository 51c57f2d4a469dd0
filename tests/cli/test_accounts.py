"""Accounts that cannot be read: the exit code says so, drafting waits, `status` and `why` say for what."""

from pathlib import Path

import pytest

from tests.cli.archive import ANA, MAIN_ACCOUNT, ROBIN, Home, after, listed, make_maildir

_SECOND = '[[accounts]]\nname = "second"\nkind = "files"\nsent = "Second/Sent"\n'


@pytest.fixture
def two(home: Home) -> Home:
    """A home with two accounts, where Ana is listed and due; both are read."""
    make_maildir(home.path / "Second" / "Sent")
    home.lay(home.path / "Second" / "Sent", ROBIN, "Bela Kovacs <bela@example.net>", 30)
    home.friend(ANA)
    home.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT + _SECOND)
    home.run("sync")
    return home


def _vanish(home: Home) -> Path:
    return (home.path / "Second" / "Sent").rename(home.path / "Second" / "Elsewhere")


def test_one_account_of_two_that_fails_is_exit_code_1(two: Home) -> None:
    """Exit codes: some accounts failed and others not: 1."""
    _vanish(two)
    for command in ("sync", "once"):
        ran = two.run(command, now=after(days=1), code=1)
        assert "second" in ran.err
        assert str(two.path / "Second" / "Sent") in ran.err


def test_every_account_that_fails_is_exit_code_69(two: Home) -> None:
    """Exit codes: 69 every provider is unavailable."""
    _vanish(two)
    (two.path / "Mail").rename(two.path / "Post")
    for command in ("sync", "once"):
        two.run(command, now=after(days=1), code=69)
    assert two.person("ana@example.org")["contact_days"] == 6, "what was known stays known"


def test_drafting_waits_while_an_account_is_unread_and_status_and_why_say_so(two: Home) -> None:
    """Rules: a draft is held back when any enabled account could not be read this round."""
    elsewhere = _vanish(two)
    two.run("once", now=after(days=1), code=1)
    assert two.lying() == []
    assert two.due() == []
    assert two.ask("why", "ana")["hold"].startswith('account "second" could not be read')
    ran = two.run("status", code=1)
    assert "something needs you" in ran.out
    status = two.ask("status", code=1)
    assert status["healthy"] is False
    second = next(one for one in status["accounts"] if one["name"] == "second")
    assert second["health"] == "unavailable"
    assert "Second" in second["detail"]
    assert second["synced_at"] == "2026-11-24T10:00:00Z"
    assert any(one["result"] == "fail" and "second" in one["name"] for one in two.ask("check", code=1))

    elsewhere.rename(two.path / "Second" / "Sent")
    two.run("once", now=after(days=1, minutes=15))
    assert len(two.lying()) == 1
    assert two.ask("status")["healthy"] is True


def test_an_account_that_is_not_enabled_is_left_out_of_all_of_it(two: Home) -> None:
    """Rules: `enabled = false` takes an account out."""
    _vanish(two)
    two.run("sync", code=1)
    two.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT + _SECOND + "enabled = false\n")
    assert two.due() == ["Ana Lima"]
    assert two.ask("status")["healthy"] is True
    two.run("sync")
    two.run("once", now=after(days=1))
    assert len(two.lying()) == 1
    assert two.run("sync", "second", code=2).err
    assert two.person("bela@example.net")["last_contact"]["account"] == "second", "what it told stays known"


def test_an_account_not_read_yet_holds_everybody(home: Home) -> None:
    """Rules: or its first sync is not through."""
    home.friend(ANA)
    make_maildir(home.path / "Second" / "Sent")
    home.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT + _SECOND)
    home.run("sync", "archive")
    assert home.due() == []
    assert home.ask("why", "ana")["hold"].startswith('account "second"')
    home.run("sync", "second")
    assert home.due() == ["Ana Lima"]


def test_sync_reads_only_the_accounts_named(two: Home) -> None:
    two.wrote(ANA, 1)
    two.run("sync", "second")
    assert two.person("ana@example.org")["contact_days"] == 6
    two.run("sync", "archive")
    assert two.person("ana@example.org")["contact_days"] == 7


def test_the_same_mail_in_two_accounts_is_one_contact(two: Home) -> None:
    """Rules: the same mail seen twice (two folders, two accounts; same Message-ID) is one."""
    two.wrote(ANA, 10, key="same@mail.example.com")
    two.lay(two.path / "Second" / "Sent", ROBIN, ANA, 10, key="same@mail.example.com")
    two.run("sync")
    counted = two.ask("why", "ana")["counted"]
    assert [one["at"] for one in counted].count("2026-11-14T10:00:00Z") == 1


def test_a_second_sync_with_nothing_new_writes_nothing_to_the_ledger(two: Home) -> None:
    ledger = two.state / "ledger.json"
    was = ledger.read_bytes(), ledger.stat().st_mtime_ns
    assert "nothing new" in two.run("sync", now=after(days=1)).err
    assert (ledger.read_bytes(), ledger.stat().st_mtime_ns) == was


def test_a_full_sync_ends_where_it_began(two: Home) -> None:
    known = two.ask("people", "--all")
    two.run("sync", "--full")
    assert two.ask("people", "--all") == known


def test_a_deleted_mail_stays_a_contact(two: Home) -> None:
    """Rules: deleting a mail later does not undo the contact."""
    newest = max(two.sent.joinpath("cur").iterdir())
    newest.unlink()
    for words in (["sync"], ["sync", "--full"]):
        two.run(*words)
        assert two.person("ana@example.org")["contact_days"] == 6


def test_a_meeting_that_moves_is_corrected(home: Home) -> None:
    """Rules: a meeting that moves or is cancelled is corrected."""
    home.meet(ANA, after(days=-20))
    home.run("sync")
    assert home.person("ana@example.org")["last_contact"]["at"] == "2026-11-04T11:00:00Z"
    told = home.calendar.read_text(encoding="utf-8")
    home.calendar.write_text(told.replace("20261104T", "20261110T"), encoding="utf-8", newline="")
    home.run("sync")
    assert home.person("ana@example.org")["last_contact"]["at"] == "2026-11-10T11:00:00Z"
    assert home.person("ana@example.org")["contact_days"] == 1
    home.calendar.write_text(told.replace("SUMMARY:", "STATUS:CANCELLED\r\nSUMMARY:"), encoding="utf-8", newline="")
    home.run("sync")
    assert home.person("ana@example.org")["last_contact"] is None


def test_no_accounts_at_all_is_said_and_not_a_failure_of_the_program(home: Home) -> None:
    home.configure(accounts="")
    assert "[[accounts]]" in home.run("sync", code=2).err
    assert home.ask("people") == []
    assert home.ask("status", code=1)["healthy"] is False


def test_drafts_on_facts_of_days_ago_are_written_with_a_word(two: Home) -> None:
    assert "was last read" not in two.run("draft", "--dry-run").err
    ran = two.run("draft", "--dry-run", now=after(days=3))
    assert '"second" was last read on' in ran.err
    two.run("sync", now=after(days=3))
    assert "was last read" not in two.run("draft", now=after(days=3)).err
