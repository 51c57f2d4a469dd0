"""A draft in the old thread, or in a new one; and to which address, from which account (rules: "Drafts")."""

import re

import pytest

from tests.cli.archive import ANA, BELA, MAIN_ACCOUNT, Draft, Home, after, listed

_ODD = "CAF=x+y/Z.9$#&'*@mail.gmail.example.com"


def _only(home: Home) -> Draft:
    home.run("sync")
    home.run("draft", "ana")
    [lying] = home.lying()
    return lying


def _raw(draft: Draft, name: str) -> list[str]:
    """Return the ids of a header as they stand in the file."""
    head = draft.path.read_text(encoding="utf-8").split("\n\n", 1)[0]
    found = re.search(rf"^{name}:(.*(?:\n[ \t].*)*)", head, re.MULTILINE)
    return re.findall(r"<[^>]*>", found[1]) if found else []


@pytest.fixture
def known(home: Home) -> Home:
    """A home where Ana is listed, and wrote and was written to long ago."""
    home.friend(silent=250, times=1)
    home.configure(listed("Ana Lima"))
    return home


def test_a_reply_names_the_mail_it_answers_byte_for_byte(known: Home) -> None:
    first = known.wrote(at=60, subject="Sailing to Madeira", key="first.one@mail.example.com")
    known.got(
        at=50, subject="Re: Sailing to Madeira", key=_ODD, more=f"In-Reply-To: <{first}>\nReferences: <{first}>\n"
    )
    draft = _only(known)
    assert _raw(draft, "In-Reply-To") == [f"<{_ODD}>"]
    assert _raw(draft, "References") == [f"<{first}>", f"<{_ODD}>"]
    assert draft.message["Subject"] == "Re: Sailing to Madeira"
    [told] = known.ask("drafts")
    assert told["subject"] == "Re: Sailing to Madeira"


def test_a_long_and_folded_chain_of_references_keeps_its_first_and_last(known: Home) -> None:
    chain = [f"ref.{number}.{'x' * 40}@mail.example.com" for number in range(14)]
    folded = "\n\t".join(f"<{one}>" for one in chain)
    known.got(at=50, subject="Re: Sailing", key="last@mail.example.com", more=f"References: {folded}\n")
    draft = _only(known)
    expected = [chain[0], *chain[-7:], "last@mail.example.com"]
    assert _raw(draft, "References") == [f"<{one}>" for one in expected]
    assert all(len(line) <= 998 for line in draft.path.read_bytes().splitlines())


def test_json_says_what_a_draft_answers(known: Home) -> None:
    known.got(at=50, subject="Sailing", key=_ODD)
    known.run("sync")
    [dry] = known.ask("draft", "--dry-run")
    assert dry["in_reply_to"] == _ODD
    assert dry["subject"] == "Re: Sailing"


@pytest.mark.parametrize("days", [179, 181])
def test_after_half_a_year_of_silence_a_draft_begins_a_new_thread(known: Home, days: int) -> None:
    """Rules: reply in the old thread only if the silence is at most 180 days."""
    known.got(at=days, subject="Sailing", key=_ODD)
    draft = _only(known)
    assert bool(_raw(draft, "In-Reply-To")) is (days <= 180)
    assert draft.message["Subject"].startswith("Re:") is (days <= 180)
    assert len(draft.message["Subject"].removeprefix("Re: ").split()) <= 5


def test_a_thread_of_more_than_the_two_of_you_is_not_answered(known: Home) -> None:
    """Rules: the last thread was just the two of you."""
    known.got(at=50, subject="Sailing", to=f"robin@example.com, {BELA}")
    draft = _only(known)
    assert not _raw(draft, "In-Reply-To")
    assert draft.to == "ana@example.org"


@pytest.mark.parametrize("subject", ["Invoice 4711", "Your receipt", "Booking confirmation", "Accepted: Lunch"])
def test_a_transaction_is_not_answered(known: Home, subject: str) -> None:
    """Rules: its subject is no transaction."""
    known.got(at=50, subject=subject)
    draft = _only(known)
    assert not _raw(draft, "In-Reply-To")
    assert "nvoice" not in draft.message["Subject"]


def test_a_hostile_subject_becomes_no_header(known: Home) -> None:
    known.got(at=50, subject="=?utf-8?q?Sailing=0D=0ABcc:_eve=40example.net?=")
    draft = _only(known)
    assert draft.message["Bcc"] is None
    assert b"\nBcc:" not in draft.path.read_bytes()
    assert draft.to == "ana@example.org"


def test_a_draft_goes_to_the_address_they_last_used(known: Home) -> None:
    """Rules: to the address they were last in contact by; after a move the new one."""
    known.got("Ana Lima <ana.lima@new-job.example>", at=40, subject="New job")
    draft = _only(known)
    assert draft.to == "ana.lima@new-job.example"


def test_a_draft_lies_in_the_account_of_the_last_contact(known: Home) -> None:
    """Rules: from the account of that contact; else `writing.account`; else one that takes drafts."""
    other = known.path / "other"
    for part in ("cur", "new", "tmp"):
        (other / "Sent" / part).mkdir(parents=True)
    known.lay(other / "Sent", "Robin Park <robin@example.com>", ANA, 40)
    second = '[[accounts]]\nname = "other"\nkind = "files"\nsent = "other/Sent"\ndrafts = "other/Drafts"\n'
    known.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT + second)
    known.run("sync")
    [dry] = known.ask("draft", "--dry-run")
    assert dry["account"] == known.ask("due")[0]["account"] == "other"
    known.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT + second.replace('drafts = "other/Drafts"\n', ""))
    assert known.ask("draft", "--dry-run")[0]["account"] == "archive"


def test_without_a_drafts_folder_nothing_is_written_and_the_user_is_told(known: Home) -> None:
    known.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT.replace('drafts = "Mail/Drafts"\n', ""))
    known.run("sync")
    ran = known.run("draft", code=1)
    assert "no account takes drafts" in ran.err
    assert known.ask("drafts") == []
    known.run("once", now=after(days=1), code=1)
    assert any(one["result"] == "fail" for one in known.ask("check", code=1))
