"""A change of config takes effect at the next command, without reading the provider again (rules, first paragraph)."""

import shutil
from datetime import UTC, datetime

from tests.cli.archive import ANA, Home, listed

_GROUP = ", ".join(f"P{number} Person{number} <p{number}@example.net>" for number in range(6))


def _cut_off(home: Home) -> None:
    """Take the mail away: what is known from now on is what was kept."""
    shutil.rmtree(home.path / "Mail")


def test_max_people_counts_old_mail_anew(home: Home) -> None:
    home.wrote(ANA, 90)
    home.wrote(f"{ANA}, {_GROUP}", 5)
    home.run("sync")
    _cut_off(home)
    assert home.person("ana@example.org")["last_contact"]["at"] == "2026-08-26T10:00:00Z"
    [refused] = home.ask("why", "ana")["not_counted"]
    assert "7" in refused["rule"]
    home.configure("[contact]\nmax_people = 7\n")
    assert home.person("ana@example.org")["last_contact"]["at"] == "2026-11-19T10:00:00Z"
    assert home.ask("why", "ana")["not_counted"] == []
    home.configure("[contact]\nmax_people = 1\n")
    assert home.person("ana@example.org")["contact_days"] == 1


def test_an_alias_of_mine_turns_a_person_into_me(home: Home) -> None:
    home.friend(ANA)
    home.got("R. Park <rp@home.example.net>", 30)
    home.wrote(ANA, 20, sender="R. Park <rp@home.example.net>")
    home.got(ANA, 10, to="rp@home.example.net")
    home.run("sync")
    _cut_off(home)
    assert home.person("rp@home.example.net")["name"] == "R. Park"
    assert home.person("ana@example.org")["last_contact"]["at"] < "2026-11-01"
    home.configure(me='emails = ["robin@example.com", "rp@home.example.net"]')
    assert [one["emails"] for one in home.ask("people", "--all")] == [["ana@example.org"]]
    assert home.person("ana@example.org")["last_contact"]["at"] == "2026-11-14T10:00:00Z"
    assert "it is yours" in home.run("why", "rp@home.example.net").out


def test_a_new_circle_sets_the_rhythm_at_once(home: Home) -> None:
    home.friend(ANA, silent=40, times=1)
    home.run("sync")
    _cut_off(home)
    assert home.ask("people") == []
    people = '[[people]]\nemails = ["ana@example.org"]\ncircle = "mentors"\n'
    home.configure(f'[[circles]]\nname = "mentors"\nevery = "3 months"\n{people}')
    [ana] = home.ask("people")
    assert (ana["circle"], ana["state"], ana["due"], ana["rhythm_days"]) == ("mentors", "listed", False, 91.31)
    home.configure(f'[[circles]]\nname = "mentors"\nevery = "1 month"\n{people}')
    assert home.person("ana@example.org")["due"] is True
    assert "1 month" in home.ask("why", "ana")["rule"]


def test_ignore_takes_a_person_out_of_the_suggested_but_not_out_of_the_listed(home: Home) -> None:
    """Rules: no match of `contact.ignore`."""
    home.friend(ANA)
    home.run("sync")
    assert [one["state"] for one in home.ask("people")] == ["suggested"]
    home.configure('[contact]\nignore = ["*@EXAMPLE.org"]\n')
    assert home.ask("people") == []
    assert "contact.ignore" in home.run("why", "ana").out
    home.configure(listed("Ana Lima") + '[contact]\nignore = ["*@example.org"]\n')
    assert [one["state"] for one in home.ask("people")] == ["listed"]


def test_learn_off_leaves_only_the_listed(home: Home) -> None:
    home.friend(ANA)
    home.run("sync")
    home.configure("[rhythm]\nlearn = false\n")
    assert home.ask("people") == []
    assert home.person("ana@example.org")["state"] == "quiet"


def test_dormant_people_are_not_suggested(home: Home) -> None:
    """Rules: last contact within `rhythm.dormant`."""
    home.friend(ANA, silent=400)
    home.run("sync")
    assert [one["name"] for one in home.ask("people")] == ["Ana Lima"]
    home.configure('[rhythm]\ndormant = "1 year"\n')
    assert home.ask("people") == []


def test_the_time_zone_moves_contact_days_and_due_dates(home: Home) -> None:
    home.wrote(ANA, datetime(2026, 9, 20, 21, 30, tzinfo=UTC))
    home.wrote(ANA, datetime(2026, 9, 20, 22, 30, tzinfo=UTC))
    home.configure(listed("Ana Lima"))
    home.run("sync")
    _cut_off(home)
    assert home.person("ana@example.org")["contact_days"] == 2
    home.configure(listed("Ana Lima"), me='timezone = "Pacific/Auckland"')
    assert home.person("ana@example.org")["contact_days"] == 1


def test_a_listed_name_and_further_addresses_win_over_what_was_learned(home: Home) -> None:
    home.friend("Lakshmi H <lh@old-job.example>", times=1)
    home.friend("Someone <lakshmi@example.org>", times=1)
    home.run("sync")
    _cut_off(home)
    assert len(home.ask("people", "--all")) == 2
    home.configure('[[people]]\nname = "Lakshmi Hutchinson"\nemails = ["lakshmi@example.org", "LH@old-job.example"]\n')
    [one] = home.ask("people", "--all")
    assert one["name"] == "Lakshmi Hutchinson"
    assert set(one["emails"]) == {"lakshmi@example.org", "lh@old-job.example"}


def test_an_address_of_the_config_is_a_person_whatever_it_looks_like(home: Home) -> None:
    """Rules: an address in `[[people]]` is always a person."""
    home.friend("Sales <sales@example.net>", times=1)
    home.got("No Reply <no-reply@example.net>", 5)
    home.run("sync")
    _cut_off(home)
    assert "no-reply@example.net" not in str(home.ask("people", "--all"))
    home.configure('[[people]]\nname = "Nora Reply"\nemails = ["no-reply@example.net"]\n')
    assert home.person("no-reply@example.net")["state"] == "listed"
    assert home.person("no-reply@example.net")["contact_days"] == 1


def test_goal_and_greeting_and_news_reach_the_next_draft(home: Home) -> None:
    home.friend(ANA)
    home.configure(listed("Ana Lima", more='greeting = "Dear Ana"'), me='signature = "Robin Park, Amsterdam"')
    home.run("sync")
    [draft] = home.ask("draft", "--dry-run")
    assert draft["body"].startswith("Dear Ana")
    assert "-- \nRobin Park, Amsterdam" in draft["body"]
    home.configure(listed("Ana Lima"), me='news = [{ text = "I moved to the data team." }]')
    [draft] = home.ask("draft", "--dry-run")
    assert draft["body"].startswith("Hi Ana") or draft["body"].startswith("Hello Ana")
    assert "I moved to the data team." in draft["body"]
