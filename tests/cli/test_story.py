"""A draft's life as the user lives it, and what each command says of it; its every way is tests/connectors/paths.py."""

import mailbox
from datetime import datetime, timedelta

import pytest

from tests.cli.archive import NOW, ROBIN, Home, after, before

_LOOK_AGAIN = timedelta(minutes=11)


def _draft(home: Home, now: datetime = NOW) -> str:
    """Write the draft that is due; return its key."""
    written = home.ask("draft", now=now)
    assert len(written) == 1
    return str(written[0]["key"])


def test_the_way_from_sync_to_a_draft_is_told_the_same_by_every_command(home: Home) -> None:
    home.friend(silent=100)
    home.configure('[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"]\nevery = "1 month"\n')
    assert "6 new mails" in home.run("sync").err
    [person] = home.ask("people")
    [due] = home.ask("due")
    why = home.ask("why", "ana@example.org")
    assert person["due"] is True
    assert person["state"] == "listed"
    assert due["last_contact"] == person["last_contact"]
    assert {**person["last_contact"], "people": 1} == why["counted"][0]
    assert due["due_at"] == person["due_at"] == why["due_at"]
    assert due["reason"] == why["rule"]
    assert why["hold"] is None

    [written] = home.ask("draft")
    [kept] = home.ask("drafts")
    [lying] = home.lying()
    assert lying.key == written["key"] == kept["key"]
    assert (lying.to, written["to"], kept["to"]) == ("ana@example.org",) * 3
    assert kept["status"] == "open"
    assert home.person("ana@example.org")["state"] == "drafted"
    assert home.due() == []


def test_a_draft_is_a_message_that_other_mail_readers_open(ana: Home) -> None:
    [written] = ana.ask("draft")
    box = mailbox.Maildir(ana.drafts, create=False)
    [message] = list(box)
    assert message.get_flags() == "D"
    assert message["Subject"] == written["subject"]
    assert str(message["From"]) == ROBIN
    assert message.get_payload(decode=True).decode().replace("\r\n", "\n").strip() == written["body"].strip()  # type: ignore[union-attr]
    assert not [name for name in message if "auld" in f"{name}{message[name]}".lower()]


def test_a_dry_run_says_the_same_draft_and_writes_nothing(ana: Home) -> None:
    kept = ana.kept()
    [dry] = ana.ask("draft", "--dry-run")
    assert ana.lying() == []
    assert ana.kept() == kept
    assert ana.ask("drafts") == []
    [written] = ana.ask("draft")
    assert {**dry, "key": ""} == {**written, "key": ""}


@pytest.mark.parametrize("key", ["", "another.one@client.example"], ids=["its own Message-ID", "another Message-ID"])
def test_a_draft_that_was_sent_counts_as_contact_and_waits_for_an_answer(ana: Home, key: str) -> None:
    """Rules: a draft of ours was sent and not answered: not before twice the rhythm."""
    _draft(ana)
    ana.send(ana.lying()[0], after(minutes=20), key)
    ana.run("once", now=after(minutes=30))
    assert ana.statuses() == ["sent"]
    person = ana.person("ana@example.org", after(minutes=30))
    assert person["last_contact"]["at"] == "2026-11-24T10:20:00Z"
    assert person["last_contact"]["kind"] == "sent"
    later = after(days=40)
    why = ana.ask("why", "ana@example.org", now=later)
    assert why["hold"] == "the draft sent on 24 Nov 2026 is not answered: not before 24 Jan 2027"
    assert "Held back: the draft sent on 24 Nov 2026 is not answered" in ana.run("why", "ana", now=later).out
    assert ana.due(later) == []
    ana.got(at=after(days=41))
    ana.run("sync", now=after(days=42))
    assert "not answered" not in str(ana.ask("why", "ana", now=after(days=42))["hold"])


def test_after_a_deleted_draft_why_says_until_when_auld_waits(ana: Home) -> None:
    """Rules: a draft of ours was deleted unsent: not before half their rhythm, at least 30 days."""
    _draft(ana)
    _delete(ana, NOW)
    why = ana.ask("why", "ana", now=after(days=1))
    assert why["hold"] == "you deleted a draft on 24 Nov 2026: not before 24 Dec 2026"
    assert ana.due(after(days=29)) == []
    assert ana.due(after(days=31)) == ["Ana Lima"]


def test_after_two_deleted_drafts_a_person_is_left_alone_until_the_user_says_otherwise(ana: Home) -> None:
    """Rules: deleted twice in a row: quiet until the user says otherwise."""
    _draft(ana)
    _delete(ana, NOW)
    _draft(ana, after(days=32))
    _delete(ana, after(days=32))
    much_later = after(days=400)
    why = ana.ask("why", "ana", now=much_later)
    assert why["hold"].startswith("you deleted two drafts in a row")
    assert ana.due(much_later) == []
    assert ana.person("ana@example.org", much_later)["state"] == "quiet"
    assert ana.ask("people", now=much_later) == []
    ana.run("unmute", "ana", now=much_later)
    assert ana.due(much_later + timedelta(hours=1)) == ["Ana Lima"]
    assert ana.person("ana@example.org", much_later)["state"] == "listed"


def _delete(home: Home, at: datetime) -> None:
    """Let the user delete the draft, and auld see it twice."""
    home.lying()[0].path.unlink()
    home.run("once", now=at + timedelta(minutes=20))
    home.run("once", now=at + timedelta(minutes=40))
    assert home.statuses()[0] == "deleted"


def test_a_draft_withdrawn_by_key_leaves_no_back_off(ana: Home) -> None:
    key = _draft(ana)
    ana.run("drafts", "--withdraw", key)
    assert ana.lying() == []
    assert ana.statuses() == ["withdrawn"]
    assert ana.ask("why", "ana")["hold"] is None
    assert ana.due() == ["Ana Lima"]


def test_the_key_that_the_table_shows_is_enough_to_withdraw(ana: Home) -> None:
    key = _draft(ana)
    table = ana.run("drafts").out
    shown = table.split()[-1]
    assert key.startswith(shown)
    ana.run("drafts", "--withdraw", shown)
    assert ana.statuses() == ["withdrawn"]


@pytest.mark.parametrize("words", [["--withdraw", "--all"], ["--all"], ["--all", "--withdraw"]], ids=" ".join)
def test_withdraw_all_may_be_said_in_any_order(ana: Home, words: list[str]) -> None:
    """Interface: `auld drafts`; `--withdraw KEY` or `--all`."""
    _draft(ana)
    ana.run("drafts", *words)
    assert ana.statuses() == ["withdrawn"]
    assert ana.lying() == []


def test_withdraw_all_takes_back_the_untouched_ones_only(home: Home) -> None:
    home.friend("Ana Lima <ana@example.org>")
    home.friend("Bela Kovacs <bela@example.net>")
    home.configure(
        '[[people]]\nname = "Ana Lima"\nevery = "1 month"\n[[people]]\nname = "Bela Kovacs"\nevery = "1 month"\n'
    )
    home.run("sync")
    assert len(home.ask("draft")) == 2
    touched = next(one for one in home.lying() if one.to == "bela@example.net")
    touched.path.write_bytes(touched.path.read_bytes() + b"\nMine.\n")
    ran = home.run("drafts", "--withdraw", "--all", code=1)
    assert "Bela Kovacs" in ran.err
    assert [one.to for one in home.lying()] == ["bela@example.net"]
    assert {one["person"]: one["status"] for one in home.ask("drafts")}["Ana Lima"] == "withdrawn"


def test_an_untouched_draft_is_withdrawn_at_sixty_days_and_not_written_again_at_once(ana: Home) -> None:
    """Rules: 60 days old -> withdrawn; withdrawn for age: not before half their rhythm, at least 30 days."""
    _draft(ana)
    ana.run("once", now=after(days=59))
    assert ana.statuses() == ["open"]
    ana.run("once", now=after(days=61))
    assert ana.statuses() == ["withdrawn"]
    assert ana.lying() == []
    hold = ana.ask("why", "ana", now=after(days=62))["hold"]
    assert hold == "a draft lay untouched until it was withdrawn on 24 Jan 2027: not before 23 Feb 2027"


def test_a_sent_copy_that_comes_late_turns_deleted_into_sent(ana: Home) -> None:
    _draft(ana)
    [lying] = ana.lying()
    raw = lying.path.read_bytes()
    lying.path.unlink()
    ana.run("once", now=after(minutes=10))
    ana.run("once", now=after(minutes=30))
    assert ana.statuses() == ["deleted"]
    lying.path.write_bytes(raw)
    ana.send(lying, after(minutes=5))
    ana.run("once", now=after(minutes=60))
    assert ana.statuses() == ["sent"]


def test_three_drafts_sent_without_an_answer_end_it_and_check_says_so(ana: Home) -> None:
    """Rules: after three in a row never, with a word in `check`."""
    at = NOW
    for _ in range(3):
        _draft(ana, at)
        ana.send(ana.lying()[0], at + timedelta(minutes=5))
        ana.run("once", now=at + timedelta(minutes=10))
        at += timedelta(days=90)
    far = at + timedelta(days=1000)
    why = ana.ask("why", "ana", now=far)
    assert why["hold"] == "3 drafts in a row were sent and not answered: no more until they answer or you meet"
    assert ana.due(far) == []
    words = [one["detail"] for one in ana.ask("check", now=far)]
    assert any("Ana Lima did not answer three drafts in a row" in word for word in words)
    ana.got(at=before(1, far))
    ana.run("sync", now=far)
    assert "in a row" not in str(ana.ask("why", "ana", now=far)["hold"])
