"""What the user says by hand: it takes effect at once, shows in `why`, survives a new read, and can be taken back."""

from datetime import datetime

import pytest

from tests.cli.archive import ANA, BELA, MAIN_ACCOUNT, NOW, Home, after, listed

_BOTH = listed("Ana Lima") + '[[people]]\nname = "Bela Kovacs"\nemails = ["bela@example.net"]\nevery = "1 month"\n'


@pytest.fixture
def pair(home: Home) -> Home:
    """A home where Ana and Bela are listed and due."""
    home.friend(ANA, silent=200)
    home.friend(BELA, silent=300)
    home.configure(_BOTH)
    home.run("sync")
    return home


@pytest.mark.parametrize(
    ("when", "until"),
    [
        ("3 months", "24 Feb 2027"),
        ("in 2 weeks", "8 Dec 2026"),
        ("2027-03-01", "1 Mar 2027"),
        ("tomorrow", "25 Nov 2026"),
        ("2027-03-01T12:00", "1 Mar 2027"),
    ],
)
def test_snooze_takes_a_span_or_a_date(ana: Home, when: str, until: str) -> None:
    assert until in ana.run("snooze", "ana", when).err
    assert ana.ask("why", "ana")["hold"] == f"snoozed until {until}"
    assert ana.person("ana@example.org")["state"] == "snoozed"


def test_unmute_takes_back_mute_and_snooze(ana: Home) -> None:
    for words in (["mute", "ana"], ["snooze", "ana", "1 year"]):
        ana.run(*words)
        assert ana.due() == []
        ana.run("unmute", "ana")
        assert ana.due() == ["Ana Lima"]


def test_muted_comes_before_snoozed_and_before_drafted(ana: Home) -> None:
    """Rules: `state` shows the first that fits: muted > snoozed > drafted > listed."""
    ana.run("draft", "ana")
    assert ana.person("ana@example.org")["state"] == "drafted"
    ana.run("snooze", "ana", "1 year")
    assert ana.person("ana@example.org")["state"] == "snoozed"
    ana.run("mute", "ana")
    assert ana.person("ana@example.org")["state"] == "muted"


def test_never_in_the_config_is_not_unmuted_by_a_command(ana: Home) -> None:
    ana.configure(listed("Ana Lima", more="never = true"))
    assert "never = true" in ana.run("unmute", "ana", code=2).err
    assert ana.person("ana@example.org")["state"] == "muted"


def test_pause_holds_everybody_until_resume_while_reading_goes_on(pair: Home) -> None:
    assert "8 Dec 2026" in pair.run("pause", "2 weeks").err
    assert pair.due() == []
    pair.wrote(ANA, 1)
    assert "1 new mail" in pair.run("once", now=after(days=1)).err
    assert pair.person("ana@example.org")["last_contact"]["at"] == "2026-11-23T10:00:00Z"
    assert "paused" in pair.run("status").out
    pair.run("resume")
    assert pair.due() == ["Bela Kovacs"]
    assert "not paused" in pair.run("resume").err


@pytest.mark.parametrize(
    ("words", "at"),
    [
        ([], "2026-11-24T10:00:00Z"),
        (["yesterday", "coffee"], "2026-11-23T11:00:00Z"),
        (["2026-10-01", "coffee"], "2026-10-01T10:00:00Z"),
        (["3 days ago"], "2026-11-21T10:00:00Z"),
        (["coffee"], "2026-11-24T10:00:00Z"),
    ],
)
def test_met_is_a_contact_that_shows_in_why_and_ends_the_silence(ana: Home, words: list[str], at: str) -> None:
    ana.run("met", "ana", *words)
    [newest, *_] = ana.ask("why", "ana")["counted"]
    assert (newest["at"], newest["kind"]) == (at, "met")
    assert newest["title"] == ("coffee" if "coffee" in words else None)
    assert f"you met{' (coffee)' if 'coffee' in words else ''} (undo: auld met --remove 1)" in ana.run("why", "ana").out
    assert ana.person("ana@example.org")["last_contact"]["at"] == at


def test_met_undo_takes_the_last_one_back(ana: Home) -> None:
    last = ana.person("ana@example.org")["last_contact"]
    ana.run("met", "ana", "2026-10-01")
    ana.run("met", "ana", "yesterday")
    ana.run("met", "ana", "--undo")
    assert ana.person("ana@example.org")["last_contact"]["at"] == "2026-10-01T10:00:00Z"
    ana.run("met", "ana", "--undo")
    assert ana.person("ana@example.org")["last_contact"] == last
    ana.run("met", "ana", "--undo", code=1)


def test_met_works_for_a_listed_person_without_an_address(home: Home) -> None:
    home.configure('[[people]]\nname = "Emil Braun"\nevery = "1 month"\n')
    home.run("sync")
    home.run("met", "emil", "2026-11-20", "a walk")
    assert home.ask("why", "emil")["counted"][0]["kind"] == "met"
    [emil] = home.ask("people")
    assert emil["due"] is False
    assert emil["last_contact"]["at"] == "2026-11-20T11:00:00Z"


def test_a_note_goes_into_the_next_draft_once(ana: Home) -> None:
    ana.run("note", "ana", "Your book came out in May.")
    [note] = ana.ask("note", "--list")
    assert (note["person"], note["text"], note["used"]) == ("Ana Lima", "Your book came out in May.", False)
    [draft] = ana.ask("draft")
    assert "Your book came out in May." in draft["body"]
    assert ana.ask("note", "--list")[0]["used"] is True


def test_a_note_is_removed_by_its_number(ana: Home) -> None:
    ana.run("note", "ana", "One.")
    ana.run("note", "ana", "Two.", "--news")
    ana.run("note", "ana", "--promoted", "Head of Design")
    assert [one["kind"] for one in ana.ask("note", "--list")] == ["note", "news", "promoted"]
    ana.run("note", "--remove", "2")
    assert [one["text"] for one in ana.ask("note", "--list")] == ["One.", "Head of Design"]
    assert "One." in ana.run("note", "--list").out


def test_merge_makes_two_people_one_and_survives_a_new_read(pair: Home) -> None:
    pair.configure()
    pair.run("people", "--merge", "ana@example.org", "bela@example.net")
    for _ in range(2):
        [one] = pair.ask("people", "--all")
        assert set(one["emails"]) == {"ana@example.org", "bela@example.net"}
        assert one["contact_days"] == 10, "two of the six days of each are the same"
        why = pair.run("why", "bela@example.net").out
        assert "merged by hand: ana@example.org, bela@example.net" in why
        pair.run("sync", "--full")
    pair.run("people", "--split", "ana@example.org", "bela@example.net")
    assert len(pair.ask("people", "--all")) == 2


def test_split_tears_an_address_off_and_survives_a_new_read(home: Home) -> None:
    home.friend("Ana Lima <ana@example.org>")
    home.friend("Ana Lima <lima@example.net>")
    home.run("sync")
    assert set(home.person("ana@example.org")["emails"]) == {"ana@example.org", "lima@example.net"}
    home.run("people", "--split", "ana@example.org", "lima@example.net")
    for _ in range(2):
        assert home.person("ana@example.org")["emails"] == ["ana@example.org"]
        assert home.person("lima@example.net")["emails"] == ["lima@example.net"]
        assert "split by hand: lima@example.net, from ana@example.org" in home.run("why", "lima@example.net").out
        home.run("sync", "--full")
    home.run("people", "--merge", "ana@example.org", "lima@example.net")
    assert set(home.person("ana@example.org")["emails"]) == {"ana@example.org", "lima@example.net"}


def test_two_entries_of_the_config_are_never_merged(pair: Home) -> None:
    """Rules: two `[[people]]` entries are never merged with each other, by any path."""
    assert "[[people]]" in pair.run("people", "--merge", "ana@example.org", "bela@example.net", code=2).err
    assert len(pair.ask("people")) == 2


def test_what_was_said_of_one_half_holds_after_a_merge(pair: Home) -> None:
    pair.configure()
    pair.run("mute", "bela")
    pair.run("people", "--merge", "ana@example.org", "bela@example.net")
    assert pair.person("ana@example.org")["state"] == "muted"


def test_nothing_of_a_forgotten_person_is_left_in_the_state(pair: Home) -> None:
    """Interface: deletes all that is kept about them and never learns them again."""
    pair.got("Carl Weber <carl@example.net>", 3, to=f"robin@example.com, {ANA}", subject="Sailing to Madeira")
    pair.meet(ANA, after(days=90), title="Plans for Porto")
    pair.run("sync")
    pair.run("draft", "ana")
    pair.run("note", "ana", "Her secret recipe.")
    pair.run("met", "ana", "2026-11-01", "at the lighthouse")
    pair.run("snooze", "ana", "1 year")
    pair.run("people", "--split", "bela@example.net", "bela@example.net", code=2)
    assert b"ana@example.org" in pair.kept()

    said = pair.run("forget", "ana@example.org", "--yes").err
    assert "forgotten" in said
    assert "[[people]]" in said, "they still stand in the config, and the user is told so"
    kept = pair.kept().lower()
    for trace in (b"ana@example.org", b"ana lima", b"recipe", b"lighthouse", b"porto"):
        assert trace not in kept, trace
    assert pair.lying() == [], "the untouched draft is withdrawn"

    pair.configure()
    for words in (["sync"], ["sync", "--full"], ["once"]):
        pair.run(*words, now=after(minutes=30))
        assert b"ana@example.org" not in pair.kept().lower()
        assert b"ana lima" not in pair.kept().lower()
        assert [one["name"] for one in pair.ask("people", "--all")] == ["Bela Kovacs", "Carl Weber"]
    pair.wrote(ANA, 0.5)
    pair.run("sync", now=after(minutes=60))
    assert b"ana@example.org" not in pair.kept().lower()
    pair.run("why", "ana@example.org", code=2)


def test_a_draft_that_the_user_touched_stays_when_its_person_is_forgotten(pair: Home) -> None:
    pair.run("draft", "ana")
    [lying] = pair.lying()
    lying.path.write_bytes(lying.path.read_bytes() + b"\nMine.\n")
    pair.run("forget", "ana", "--yes")
    assert len(pair.lying()) == 1
    pair.configure()
    pair.run("once", now=after(minutes=30))
    assert b"ana@example.org" not in pair.kept().lower(), "the user's own draft to them is no way back in"


def test_forget_asks_nothing_where_nobody_can_answer_and_spares_the_others(pair: Home) -> None:
    before = pair.ask("why", "bela")
    pair.run("forget", "ana")
    after_it = pair.ask("why", "bela")
    assert after_it["counted"] == before["counted"]
    assert after_it["due_at"] == before["due_at"]


def test_what_was_said_survives_a_full_read_and_a_change_of_config(pair: Home) -> None:
    pair.run("mute", "ana")
    pair.run("snooze", "bela", "2027-05-01")
    pair.run("pause", "2026-12-01")
    pair.run("sync", "--full")
    pair.configure(_BOTH + "[rhythm]\ngoal = 2\n", accounts=MAIN_ACCOUNT)
    assert pair.person("ana@example.org")["state"] == "muted"
    assert pair.person("bela@example.net")["hold"] == "snoozed until 1 May 2027"
    assert pair.due(datetime(2026, 11, 30, tzinfo=NOW.tzinfo)) == []


@pytest.mark.parametrize(
    "text", ["={2+3}", "\x1b[31mred", "{{ 7 * 7 }}", "line\nbreak\r\nBcc: eve@example.net", "\u202eevil"]
)
def test_a_note_is_text_and_nothing_else(ana: Home, text: str) -> None:
    ana.run("note", "ana", text)
    for ran in (ana.run("note", "--list"), ana.run("draft"), ana.run("why", "ana")):
        assert "\x1b" not in ran.all
        assert "\u202e" not in ran.all
        assert "49" not in ran.out.replace("2049", "")
    [lying] = ana.lying()
    assert lying.message["Bcc"] is None


def test_who_is_muted_stays_so_when_snoozed_and_is_told_so(ana: Home) -> None:
    ana.run("mute", "ana", now=after(days=-1))
    said = ana.run("snooze", "ana", "3 months").err
    assert "snoozed until 24 Feb 2027, but they stay muted after that, too" in said
    assert ana.person("ana@example.org", after(days=120))["state"] == "muted"
    told = {one["kind"]: one["at"] for one in ana.ask("why", "ana")["by_hand"]}
    assert told == {"muted": "2026-11-23T10:00:00Z", "snoozed": "2026-11-24T10:00:00Z"}


def test_a_note_without_a_word_is_asked_for_as_one_writes_to_them(ana: Home) -> None:
    assert '"Congratulations on your book!"' in ana.run("note", "ana", code=2).err
    assert "as you write it" in ana.run("note", "--help").out
