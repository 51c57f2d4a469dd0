"""Drafts of auld's in an account that takes none any more: what is said of them, and when they count no more."""

from datetime import timedelta

import pytest

from tests.cli.archive import BELA, MAIN_ACCOUNT, Home, after, listed

WITHOUT = MAIN_ACCOUNT.replace('drafts = "Mail/Drafts"\n', "")
OTHER = '[[accounts]]\nname = "other"\nkind = "files"\ndrafts = "Mail/Other"\nsent = "Mail/Sent"\n'
GONE = {
    "without drafts": (WITHOUT + OTHER, 'account "archive" takes no drafts any more'),
    "switched off": (MAIN_ACCOUNT + "enabled = false\n" + OTHER, 'account "archive" has enabled = false'),
    "renamed": (WITHOUT.replace('"archive"', '"mine"') + OTHER, 'the config has no account "archive" any more'),
}
PEOPLE = listed("Ana Lima")


@pytest.fixture
def left(ana: Home) -> Home:
    """A home where a draft to Ana lies, from when the account took drafts."""
    ana.configure(PEOPLE)
    assert len(ana.ask("draft")) == 1
    ana.configure(PEOPLE, accounts=WITHOUT + OTHER)
    return ana


@pytest.mark.parametrize("accounts", GONE)
def test_a_round_says_which_account_it_is_and_what_to_do(left: Home, accounts: str) -> None:
    stanzas, why = GONE[accounts]
    left.configure(PEOPLE, accounts=stanzas)
    said = left.run("once", now=after(minutes=20), code=1).err
    assert f"{why}: the drafts of auld's there (1) cannot be looked at and count as waiting" in said
    assert "auld drafts --withdraw KEY" in said
    assert left.statuses() == ["open"]


@pytest.mark.parametrize("accounts", GONE)
def test_at_a_word_it_counts_no_more_and_stays_where_it_lies(left: Home, accounts: str) -> None:
    stanzas, why = GONE[accounts]
    left.configure(PEOPLE, accounts=stanzas)
    left.run("sync")
    said = left.run("drafts", "--withdraw", "--all", code=1).err
    assert f"Ana Lima: {why}; the draft counts no more, but stays there: delete it yourself" in said
    assert "touched" not in said
    assert left.statuses() == ["withdrawn"]
    assert len(left.lying()) == 1
    assert left.ask("why", "ana")["hold"] is None
    left.run("once", now=after(minutes=20))
    assert left.statuses() == ["withdrawn"]


def test_one_that_the_user_touched_is_let_go_as_well(ana: Home) -> None:
    ana.configure(PEOPLE)
    ana.ask("draft")
    (lying,) = ana.lying()
    lying.path.write_bytes(lying.path.read_bytes() + b"\nMine.\n")
    ana.run("once", now=after(minutes=5))
    ana.configure(PEOPLE, accounts=WITHOUT)
    ana.run("drafts", "--withdraw", "--all", now=after(minutes=6), code=1)
    assert ana.statuses() == ["withdrawn"]
    assert ana.lying()[0].path.read_bytes().endswith(b"Mine.\n")


def test_meanwhile_it_holds_its_person_and_takes_its_place_and_after_sixty_days_no_more(left: Home) -> None:
    left.friend(BELA, silent=100)
    left.configure(
        PEOPLE + '[[people]]\nname = "Bela Kovacs"\nevery = "1 month"\n[rhythm]\nopen = 1\n', accounts=WITHOUT + OTHER
    )
    at = after(days=59)
    left.run("once", now=at, code=1)
    assert left.statuses() == ["open"]
    assert "1 draft waits unsent" in left.run("draft", now=at, code=1).err
    assert left.ask("why", "ana", now=at)["hold"].startswith("a draft of")
    at += timedelta(days=1)
    left.run("once", now=at, code=1)
    assert left.statuses(at)[-1] == "withdrawn"
    assert "untouched" not in left.run("why", "ana", now=at).out, "nobody left it aside"
    left.run("once", now=at + timedelta(minutes=20))


def test_one_that_was_sent_is_sent_though_nobody_could_look_at_it(left: Home) -> None:
    left.send(left.lying()[0], after(minutes=20))
    left.run("once", now=after(minutes=30), code=1)
    assert left.statuses() == ["sent"]
    left.run("once", now=after(minutes=50))


def test_the_account_may_take_drafts_again(left: Home) -> None:
    left.run("once", now=after(minutes=20), code=1)
    left.configure(PEOPLE)
    left.run("once", now=after(minutes=40))
    assert left.statuses() == ["open"]
    left.run("drafts", "--withdraw", "--all", now=after(minutes=50))
    assert left.lying() == []


def test_the_users_own_drafts_there_hold_nobody_any_more(ana: Home) -> None:
    ana.configure(PEOPLE)
    ana.begin("ana@example.org")
    ana.run("draft", code=(0, 1))
    assert ana.ask("why", "ana")["hold"] == "a draft of your own to them lies in Drafts"
    ana.configure(PEOPLE, accounts=WITHOUT + OTHER)
    ana.run("sync")
    assert len(ana.ask("draft")) == 1


def test_one_that_was_deleted_before_the_word_is_not_said_to_be_touched(ana: Home) -> None:
    ana.configure(PEOPLE)
    ana.ask("draft")
    ana.lying()[0].path.unlink()
    said = ana.run("drafts", "--withdraw", "--all", code=1).err
    assert "Ana Lima: it is not in Drafts any more; auld once finds out what became of it" in said
