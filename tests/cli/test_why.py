"""`auld why` in sentences that a person would say, each with its fact in the JSON: when, how often, due, held, next."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from tests.cli.archive import ANA, BELA, NOW, Home, after, before, listed

_GROUP = ", ".join(f"P{number} Person{number} <p{number}@example.net>" for number in range(7))
_SUNDAY = datetime(2026, 11, 29, 10, tzinfo=UTC)
_FIRST_READ_MONTHS_AGO = datetime(2026, 9, 1, 9, tzinfo=UTC)


def _circles(every: str = "3 months") -> str:
    return (
        f'[[circles]]\nname = "mentors"\nevery = "{every}"\n'
        '[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"]\ncircle = "mentors"\n'
    )


# -- the last contact and the rhythm -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("happened", "words"),
    [
        (lambda home: home.wrote(ANA, 5, subject="Your talk"), '(5 days ago): you wrote "Your talk" from archive.'),
        (lambda home: home.got(ANA, 1, subject="Thanks"), '(yesterday): they wrote "Thanks" to archive.'),
        (lambda home: home.meet(ANA, before(0.1)), '(today): you met "Lunch" (archive).'),
        (lambda home: home.wrote(f"{ANA}, {BELA}", 5), '(5 days ago): you wrote "The sea" from archive, with 1 other.'),
    ],
    ids=["sent", "received", "met", "with another"],
)
def test_the_last_contact_is_told_with_day_way_and_subject(
    home: Home, happened: Callable[[Home], None], words: str
) -> None:
    home.configure(listed("Ana Lima"))
    happened(home)
    home.run("sync")
    assert words in home.run("why", "ana").out


def test_of_several_addresses_the_one_of_the_last_contact_is_named(home: Home) -> None:
    home.friend(ANA, silent=400)
    home.wrote("Ana Lima <lima@example.net>", 20)
    home.run("sync")
    out = home.run("why", "ana@example.org").out
    assert "from archive to lima@example.net." in out
    assert 'ana@example.org: the same name as lima@example.net, "Ana Lima" (rule B)' in out
    assert "a draft would go to lima@example.net" in out


def test_addresses_that_the_config_makes_one_are_told_so_with_where_a_draft_would_go(home: Home) -> None:
    home.friend(ANA, silent=20)
    home.configure('[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org", "al@example.com"]\n')
    home.run("sync")
    assert home.ask("why", "ana")["learned"] == [
        "al@example.com: as [[people]] of the config says", "a draft would go to ana@example.org",
    ]  # fmt: skip
    home.configure(listed("Ana Lima"))
    assert home.ask("why", "ana")["learned"] == []


def test_a_rhythm_of_their_own_is_told_with_its_gaps_and_how_rare_the_silence_is(home: Home) -> None:
    home.friend(ANA, silent=300, rhythm=35, times=9)
    home.run("sync")
    why = home.ask("why", "ana")
    [usual] = [one for one in why["sentences"] if "usually" in one]
    assert usual == "You are usually in touch about every six weeks (8 gaps since 2025)."
    [rare] = [one for one in why["sentences"] if "last this long" in one]
    assert re.match(
        r"(Only \d|Fewer than 1) in 100 of your silences with them last this long, so they have been ", rare
    )
    assert why["own_rhythm"]["gaps"] == 8
    assert 30 <= why["own_rhythm"]["days"] <= 42
    assert why["silent_days"] == 300
    assert (why["sent"], why["received"], why["every"]) == (9, 9, None)
    assert usual in home.run("why", "ana").out


def test_a_silence_that_is_not_unusual_is_told_with_the_day_they_are_due(home: Home) -> None:
    home.friend(ANA, silent=33, rhythm=35, times=9)
    home.run("sync")
    out = home.run("why", "ana").out
    assert "A silence of 33 days is nothing unusual (" in out
    due_at = datetime.fromisoformat(home.person("ana@example.org")["due_at"]).astimezone(ZoneInfo("Europe/Amsterdam"))
    assert f"They are due on {due_at.day} {due_at:%b %Y}, if nothing happens before: auld waits until " in out
    assert "auld waits until fewer than 1 in 10 of your silences with them last longer." in out
    assert "holds" not in out


def test_who_has_no_gap_yet_is_taken_to_be_like_others(home: Home) -> None:
    home.friend(ANA, silent=10, rhythm=1, times=1)
    home.configure('[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"]\n')
    home.run("sync")
    out = home.run("why", "ana").out
    assert "Too few contacts for a rhythm of their own: auld takes about every two months, as with others." in out
    assert "auld waits until fewer than 1 in 10 of such silences last longer." in out
    assert home.ask("why", "ana")["own_rhythm"]["days"] is None


def test_a_wish_from_a_circle_or_from_the_entry_is_told_as_that_beside_their_own_rhythm(home: Home) -> None:
    home.friend(ANA, silent=200)
    home.configure(_circles())
    home.run("sync")
    out = home.run("why", "ana").out
    assert "You want to be in touch every 3 months (circle mentors): they have been due since 8 Aug 2026." in out
    assert re.search(r"Left to itself, it is about every \w+ \w+s \(2 gaps since 2026\)\.", out)
    assert "in the circle mentors: 3 mails of yours, 3 of theirs" in out
    assert home.ask("why", "ana")["every"] == {"span": "3 months", "circle": "mentors"}
    home.configure(listed("Ana Lima", every="1 year"))
    out = home.run("why", "ana").out
    assert "every year (their entry in [[people]]): they are due on 8 May 2027, if nothing happens before." in out
    assert home.ask("why", "ana")["every"] == {"span": "1 year", "circle": None}


def test_who_was_never_met_is_due_now_if_listed_and_never_else(home: Home) -> None:
    home.got(f"{ANA}", 10, to=f"robin@example.com, {_GROUP}")
    home.configure(listed("Emil Braun"))
    home.run("sync")
    emil, ana = home.run("why", "emil").out, home.run("why", "ana").out
    assert "every month (their entry in [[people]]), and never were: they are due now." in emil
    assert "they are never due" in ana


def test_whom_auld_leaves_alone_is_told_all_that_it_would_take(home: Home) -> None:
    home.got(ANA, 100)
    home.run("sync")
    out = home.run("why", "ana").out
    assert "auld leaves them alone: you never wrote to them personally; fewer than 3 contact days (1)." in out
    assert "list them in [[people]]" in out
    assert "They would be due on" in out
    assert home.ask("why", "ana")["suggested_because"] == "not suggested: you never wrote to them personally"


# -- what holds a draft back, and the budget -----------------------------------------------------------------------


def test_a_hold_is_told_with_what_ends_it(ana: Home) -> None:
    ana.run("mute", "ana")
    assert "Held back: muted (until you say: auld unmute ana@example.org)." in ana.run("why", "ana").out
    [hold] = ana.ask("why", "ana")["holds"]
    assert hold["ends"] == "until you say: auld unmute ana@example.org"
    ana.run("unmute", "ana")
    assert "Held back" not in ana.run("why", "ana").out


def _crowd(home: Home, *, rhythm: str = "", read: datetime = _FIRST_READ_MONTHS_AGO) -> Home:
    """Return a home where Ana is the first and Bea the second of two in line."""
    for name in ("Ana Lima", "Bea Muller"):
        home.friend(f"{name} <{name.split()[0].lower()}@example.org>", silent=300, times=1)
    home.configure(listed("Ana Lima", "Bea Muller") + f"[rhythm]\n{rhythm}\n")
    home.run("sync", now=read)
    home.run("sync")
    return home


def test_when_nothing_holds_a_draft_back_the_next_round_writes_it(home: Home) -> None:
    _crowd(home)
    assert "Nothing holds a draft back: the next round writes it (auld once)" in home.run("why", "ana").out
    place = home.ask("why", "ana")["draft"]
    assert (place["place"], place["of"], place["limit"], place["limit_typed"]) == (1, 2, None, None)
    home.run("once")
    assert {one.to for one in home.lying()} == {"ana@example.org", "bea@example.org"}


@pytest.mark.parametrize(
    ("rhythm", "at", "limit", "way"),
    [
        ("goal = 0", NOW, "this month's goal of 0 is reached", "all the same: auld draft ana@example.org."),
        ("open = 0", NOW, "rhythm.open is 0: no drafts at all", "Send or delete one of those that wait"),
        ('days = ["mon"]', NOW, "outside your days mon", "You can have it now: auld draft ana@example.org."),
        ("", _SUNDAY, "outside your days mon, tue, wed, thu, fri", "You can have it now: auld draft ana@example.org."),
        ('hours = "08:00-09:00"', NOW, "outside your hours 08:00-09:00", "have it now: auld draft ana@example.org."),
    ],
    ids=["goal", "open", "a day", "a weekend", "hours"],
)
def test_when_only_the_budget_keeps_a_draft_from_being_written_it_says_so(
    home: Home, rhythm: str, at: datetime, limit: str, way: str
) -> None:
    _crowd(home, rhythm=rhythm)
    out = home.run("why", "ana", now=at).out
    assert f"Nothing about them holds a draft back, only the budget does: {limit}." in out
    assert way in out
    assert "Nothing holds" not in out
    assert home.ask("why", "ana", now=at)["draft"]["limit"] == limit
    home.run("once", now=at)
    assert home.lying() == [], "and so it is"


def test_the_second_in_line_waits_for_the_day_on_which_the_budget_lets_one_more_be_written(home: Home) -> None:
    _crowd(home, rhythm="goal = 1")
    assert "Nothing holds a draft back" in home.run("why", "ana").out
    out = home.run("why", "bea").out
    assert "only the budget does: this month's goal of 1 is reached." in out
    assert "They are number 2 of 2 in line" in out
    home.run("once")
    assert [one.to for one in home.lying()] == ["ana@example.org"]
    out = home.run("why", "bea").out
    assert "only the budget does: this month's goal of 1 is reached." in out
    assert "By itself auld writes again on 1 Dec 2026." in out
    assert home.ask("why", "bea")["draft"]["next_at"] == "2026-12-01T07:00:00Z"


def test_a_turn_for_a_new_year_greeting_is_told_of_one_who_is_not_due(home: Home) -> None:
    home.friend(silent=20)
    home.configure(listed("Ana Lima", every="1 year"))
    home.run("sync")
    winter = datetime(2026, 12, 28, 10, tzinfo=UTC)
    home.run("sync", now=winter)
    out = home.run("why", "ana", now=winter).out
    assert "if nothing happens before." in out
    assert "Nothing holds a new-year greeting back: the next round writes it" in out
    assert home.ask("why", "ana", now=winter)["draft"]["occasion"] == "new-year"


def test_where_no_account_takes_drafts_why_says_that(home: Home) -> None:
    home.friend()
    accounts = '[[accounts]]\nname = "archive"\nkind = "files"\nsent = "Mail/Sent"\nreceived = "Mail/INBOX"\n'
    home.configure(listed("Ana Lima"), accounts=accounts)
    home.run("sync")
    assert "No account takes drafts, so none can be written: auld check." in home.run("why", "ana").out


# -- the evidence --------------------------------------------------------------------------------------------------


def test_what_is_not_counted_is_told_by_rule_with_the_numbers_and_then_the_newest(home: Home) -> None:
    for day in range(8):
        home.got(ANA, 20 + day, more="List-Unsubscribe: <https://example.net>\n")
    for day in range(2):
        home.wrote(f"{ANA}, {_GROUP}, P{day} Q <q{day}@example.net>" + ", R S <r@example.net>" * day, 40 + day)
    home.got(ANA, 50, more="X-Autoreply: yes\n")
    home.meet(ANA, before(60), answer="DECLINED")
    home.configure(listed("Ana Lima"))
    home.run("sync")
    out = home.run("why", "ana").out
    assert (
        "Not counted (12): 8 bulk mails (List-Unsubscribe), 2 mails to more than 6 people, "
        "1 automatic reply, 1 meeting (they declined)."
    ) in out
    assert out.count("their mail: bulk mail (List-Unsubscribe)") == 5
    assert "… and 7 older (--limit 12 shows all)" in out
    why = home.ask("why", "ana", "--limit", "1")
    assert len(why["not_counted"]) == 1
    assert why["not_counted_total"] == 12
    assert [one["count"] for one in why["not_counted_by_rule"]] == [8, 2, 1, 1]


def test_limit_shows_more_of_each(home: Home) -> None:
    home.friend(times=6)
    home.run("sync")
    assert home.run("why", "ana").out.count("you wrote") + home.run("why", "ana").out.count("they wrote") == 6
    assert "older" not in home.run("why", "ana", "--limit", "12").out
    assert home.ask("why", "ana")["counted_total"] == 12


def test_where_all_that_is_not_counted_is_shown_there_is_no_summary_of_it(home: Home) -> None:
    home.friend()
    home.got(ANA, 20, more="X-Autoreply: yes\n")
    home.run("sync")
    assert "Not counted (1):\n   4 Nov 2026  their mail: an automatic reply\n" in home.run("why", "ana").out


@pytest.mark.parametrize(
    ("sender", "more", "rule"),
    [
        ("Shop <no-reply@example.net>", "", "Its part before the @ is of a program"),
        ("News <news@example.net>", "List-Unsubscribe: <https://example.net>\n", "all their mail is bulk or automatic"),
        ("Sales <sales@example.net>", "", "It is named after a role"),
        ("Bo via List <list@example.net>", "", "It is a mailing list's"),
    ],
    ids=["robot", "bulk", "role", "list"],
)
def test_of_an_address_with_nobody_behind_it_why_tells_the_rule_and_what_to_do(
    home: Home, sender: str, more: str, rule: str
) -> None:
    home.got(sender, 10, more=more)
    home.run("sync")
    email = sender.split("<")[1].strip(">")
    out = home.run("why", email).out
    assert rule in out
    assert f'[[people]] emails = ["{email}"]' in out
    assert "Not counted (1):" in out
    assert any("[[people]]" in one for one in home.ask("why", email)["sentences"])
    home.configure(f'[[people]]\nemails = ["{email}"]\n')
    assert "there is no person" not in home.run("why", email).out, "and that does it"


def test_of_an_address_of_mine_why_says_how_it_is_known(home: Home) -> None:
    home.friend()
    for day in range(3):
        home.wrote(ANA, 10 + day, sender="Robin Park <rp@example.net>")
    home.run("sync")
    assert "It stands in me.emails" in home.run("why", "robin@example.com").out
    out = home.run("why", "rp@example.net").out
    assert "it is yours, learned from your Sent folder" in out
    assert '[[people]] emails = ["rp@example.net"]' in out


def test_a_command_for_an_address_with_nobody_behind_it_says_so(home: Home) -> None:
    home.got("Shop <no-reply@example.net>", 10)
    home.run("sync")
    for words in (["met", "no-reply@example.net"], ["mute", "no-reply@example.net"]):
        assert "no person behind" in home.run(*words, code=2).err


# -- what was said by hand -----------------------------------------------------------------------------------------


def test_what_was_said_by_hand_is_told_with_its_day_and_each_undo_takes_it_back(ana: Home) -> None:
    ana.friend(BELA, silent=300)
    ana.run("sync")
    ana.run("met", "ana", "2026-11-01", "lunch")
    ana.run("note", "ana", "Her book is out.")
    ana.run("snooze", "ana", "3 months", now=after(minutes=-60))
    ana.run("people", "--merge", "ana@example.org", "bela@example.net")
    told = {one["kind"]: one for one in ana.ask("why", "ana")["by_hand"]}
    assert set(told) == {"met", "note", "snoozed", "merged"}
    assert told["snoozed"]["at"] == "2026-11-24T09:00:00Z"
    assert told["met"]["at"] == "2026-11-01T11:00:00Z"
    out = ana.run("why", "ana").out
    assert "   1 Nov 2026  you met (lunch) (undo: auld met --remove 1)" in out
    assert '  24 Nov 2026  noted (note): "Her book is out." (undo: auld note --remove 1)' in out
    assert "no draft before 24 Feb 2027 (undo: auld unmute" in out
    assert "merged by hand: ana@example.org, bela@example.net (undo: auld people --undo-join 1)" in out
    for one in told.values():
        assert one["undo"].startswith("auld ")
        ana.run(*one["undo"].split()[1:])
    assert ana.ask("why", "ana")["by_hand"] == []
    assert "Said by hand" not in ana.run("why", "ana").out


def test_of_several_decisions_each_is_told_with_its_own_time(home: Home) -> None:
    home.friend()
    home.run("sync")
    home.run("review", stdin="k\n")
    assert home.ask("why", "ana")["by_hand"][0]["at"] == "2026-11-24T10:00:00Z"
    home.run("mute", "ana", now=after(days=1))
    told = home.ask("why", "ana")["by_hand"]
    assert {one["kind"]: one["at"] for one in told} == {
        "kept": "2026-11-24T10:00:00Z", "muted": "2026-11-25T10:00:00Z",
    }  # fmt: skip


def test_an_undo_can_be_pasted_into_a_shell_whatever_the_address(home: Home) -> None:
    home.friend("Ana Lima <ana&id@example.org>")
    home.run("sync")
    home.run("mute", "ana")
    assert "(undo: auld unmute 'ana&id@example.org')" in home.run("why", "ana").out


# -- what is ahead, and how much of a silence the user was away ------------------------------------------------------


def test_the_next_meeting_is_told_with_its_title_and_those_ahead_are_not_among_what_is_not_counted(home: Home) -> None:
    home.friend(silent=20)
    for week in range(6, 0, -1):
        home.meet(ANA, after(days=30 * week), title=f"Plans {week}")
    home.meet(ANA, after(days=10), "STATUS:CANCELLED", title="Off")
    home.run("sync")
    out = home.run("why", "ana").out
    assert 'You meet next on 24 Dec 2026 ("Plans 1").' in out
    ahead = out[out.index("6 meetings ahead:") :].splitlines()
    assert ahead[1:3] == ["  24 Dec 2026  Plans 1", "  23 Jan 2027  Plans 2"]
    assert ahead[6] == "  … and 1 later (--limit 6 shows all)"
    assert "Not counted (1):" in out
    why = home.ask("why", "ana")
    assert (why["ahead_total"], len(why["ahead"]), why["not_counted_total"]) == (6, 6, 1)
    assert why["ahead"][0] == {"at": "2026-12-24T10:00:00Z", "title": "Plans 1"}


def test_a_meeting_that_goes_on_now_is_told_as_that(home: Home) -> None:
    home.friend()
    home.meet(ANA, after(minutes=-30))
    home.configure(listed("Ana Lima"))
    home.run("sync")
    out = home.run("why", "ana").out
    assert 'You are meeting now ("Lunch").' in out
    assert "Held back: you are meeting now (until that is over)." in out


def _away(home: Home) -> None:
    """Be out of office for three days."""
    home.meet(ANA, before(50), "X-MICROSOFT-CDO-BUSYSTATUS:OOF", title="Away")
    text = home.calendar.read_text(encoding="utf-8")
    end = f"DTEND:{before(50 - 1 / 24):%Y%m%dT%H%M%SZ}"
    assert end in text
    home.calendar.write_text(text.replace(end, f"DTEND:{before(48 - 8 / 24):%Y%m%dT%H%M%SZ}"), encoding="utf-8")


def test_a_silence_is_the_same_number_everywhere_with_the_days_away(home: Home) -> None:
    home.friend(silent=1139, rhythm=35, times=9)
    _away(home)
    home.run("sync")
    out = home.run("why", "ana").out
    assert "(1,139 days ago, 3 of them away): you wrote" in out
    assert "so long a silence (1,139 days, 3 of them away) happens in" in " ".join(home.ask("due")[0]["reason"].split())
    assert home.ask("due")[0]["away_days"] == home.ask("why", "ana")["away_days"] == 3
    assert home.ask("why", "ana")["silent_days"] == 1139
    assert home.person("ana@example.org")["away_days"] == 3


def test_a_silence_just_rare_enough_is_never_told_as_ten_in_a_hundred(home: Home) -> None:
    home.friend(silent=300, rhythm=35, times=9)
    home.run("sync")
    due_at = datetime.fromisoformat(home.person("ana@example.org")["due_at"])
    home.run("sync", now=due_at)
    assert "happens in under 10% of gaps" in home.ask("due", now=due_at)[0]["reason"]
    assert (
        "Fewer than 10 in 100 of your silences with them last this long, so" in home.run("why", "ana", now=due_at).out
    )


def test_right_after_a_contact_nothing_is_said_of_a_silence(home: Home) -> None:
    home.friend(silent=0.1, rhythm=35, times=9)
    home.run("sync")
    out = home.run("why", "ana").out
    assert "(today)" in out
    assert "nothing unusual" not in out
    assert "You can have it now" not in out


def test_there_is_no_heading_over_nothing(home: Home) -> None:
    home.configure('[[people]]\nname = "Emil Braun"\n')
    home.run("sync")
    out = home.run("why", "emil").out
    assert "Counted as contact" not in out
    assert "Not counted" not in out


def test_a_contact_noted_by_hand_is_told_as_that(home: Home) -> None:
    home.configure(listed("Ana Lima"))
    home.run("met", "ana", "friday", "coffee")
    assert "on 20 Nov 2026 (4 days ago): you met (coffee), as you noted." in home.run("why", "ana").out


def test_nobody_and_somebody_are_told_under_the_same_keys(home: Home) -> None:
    home.friend()
    home.got("No Reply <no-reply@example.net>", 3)
    home.run("sync")
    nobody, somebody = home.ask("why", "no-reply@example.net"), home.ask("why", "ana")
    assert nobody.keys() == somebody.keys()
    assert nobody["person"].keys() == somebody["person"].keys()


def test_an_address_that_several_share_is_told_as_check_tells_it(home: Home) -> None:
    for who in ("Ana Lima <ana@example.org>", "Bob Johansson <bob@example.net>"):
        home.friend(who)
        home.got(who.split(" <", maxsplit=1)[0] + " <home@example.com>", 40)
        home.wrote("home@example.com", 30)
    home.run("sync")
    told = "home@example.com is written from by several people who have addresses of their own"
    assert told in str(home.ask("check"))
    assert told in home.run("why", "home@example.com").out
    assert any(told in one for one in home.ask("why", "home@example.com")["learned"])


def test_a_move_is_told_in_the_json_beside_the_prose(home: Home) -> None:
    home.friend(silent=400)
    for ago in (120, 90):
        home.got("Ana Lima <alima@example.com>", ago)
    home.run("sync")
    [move] = home.ask("why", "ana@example.org")["moves"]
    assert (move["from"], move["to"], move["uses"]) == ("ana@example.org", "alima@example.com", 2)
    assert (move["since"], move["followed"]) == ("2026-07-27T10:00:00Z", True)


def test_an_address_made_of_their_name_is_told_as_that(home: Home) -> None:
    home.friend("Ana Limberg <ana@example.org>")
    home.wrote("ana.limberg@example.net", 30)
    home.run("sync")
    learned = home.ask("why", "ana@example.org")["learned"]
    assert any(
        "the part before the @ of ana.limberg@example.net is their name (rule D)" in one
        or "ana.limberg@example.net: its part before the @ is their name (rule D)" in one
        for one in learned
    )
