"""What `auld status` says in the first days: the first read, how far it is, and when the first drafts come."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.archive import ANA, BELA, NOW, Home, after, listed
from tests.connectors.gmail.town import Town, town


def line(out: str, label: str) -> str:
    """Return what stands behind a label; there must be just one such line."""
    (found,) = [one for one in out.splitlines() if one.startswith(label)]
    return found.removeprefix(label).strip()


def stop_at(place: Town, monkeypatch: pytest.MonkeyPatch, call: int, look: Any) -> None:
    """Read; look around when progress is told for the given time (first when it begins), and end as a Ctrl-C does."""
    told = 0

    @contextmanager
    def progress() -> Iterator[Any]:
        def tell(*_: Any) -> None:
            nonlocal told
            told += 1
            if told == call:
                look()
                raise KeyboardInterrupt

        yield tell

    with monkeypatch.context() as patched:
        patched.setattr("daemon.cli.reading.progress_shown", progress)
        place.run("sync", code=130)


# -- the first read ------------------------------------------------------------------------------------------------


def test_before_the_first_read_it_says_so_and_what_to_do(home: Home) -> None:
    ran = home.run("status")
    assert line(ran.out, "first read ") == "none yet: auld sync"
    assert "last round   none yet: auld once\n" in ran.out
    assert line(ran.out, "first drafts ") == "not before all accounts are read"
    told = home.ask("status")
    assert told["first_read"] == {"begun": False, "through": False, "at": None, "running": None}
    assert told["accounts"][0]["backfill"] is None
    assert told["next_drafts"]["at"] is None


def test_before_the_first_read_it_names_the_sign_in_that_is_missing(tmp_path: Path) -> None:
    with town(tmp_path) as place:
        assert line(place.run("status").out, "first read ") == "none yet: auld sync"
        place.run("logout", "home")
        shutil.rmtree(place.state / "secrets")
        told = place.run("status", code=1).out
        assert told.startswith("something needs you\n")
        assert 'account "home" is not read yet. Nobody is signed in: auld login home\n' in told
        assert line(told, "first read ") == "none yet: auld login home, then auld sync"


def test_after_a_sign_in_nobody_is_told_to_sign_in_any_more(tmp_path: Path) -> None:
    with town(tmp_path) as place:
        place.run("sync")
        token = place.state / "secrets" / "home" / "token"
        kept = token.read_bytes()
        place.run("logout", "home")
        place.run("sync", code=77)
        assert "auld login home" in place.run("status", code=1).out
        token.parent.mkdir(exist_ok=True)
        token.write_bytes(kept)
        for words in (["status"], ["due"], ["check"]):
            ran = place.run(*words, code={0, 1})
            assert "Nobody is signed in" not in ran.out + ran.err, words


def test_during_a_first_read_and_after_a_killed_one_it_says_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town(tmp_path) as place:
        for number in range(90):
            place.mail(
                "Robin <robin@example.com>", f"friend{number}@example.net", 10 + number, ("SENT",), f"To {number}"
            )
        seen: list[Any] = []
        killed = tmp_path / "killed"

        def look() -> None:
            seen.append(place.ask("status"))
            seen.append(place.run("status").out)
            shutil.copytree(place.state, killed)  # what a SIGKILL at this moment leaves

        stop_at(place, monkeypatch, 7, look)
        during, out = seen
        told = during["accounts"][0]["backfill"]
        assert 0 < told["done"] < told["total"] >= 93
        assert during["healthy"] is True
        assert during["first_read"]["through"] is False
        assert during["first_read"]["running"].startswith("process ")
        assert line(out, "first read ").startswith("under way (process ")
        assert "auld sync home" not in out, "it is at it"
        assert f"not read through yet; {told['done']} of {told['total']} mails" in line(out, "account ")
        assert line(out, "first drafts ") == "not before all accounts are read"
        for state in (place.state, killed):
            words = ("--state", str(state), "status")
            later = place.ask(*words)
            assert later["accounts"][0]["backfill"]["done"] >= told["done"]
            assert later["accounts"][0]["backfill"]["total"] == told["total"]
            assert later["first_read"]["running"] is None
            assert "broken off" in line(place.run(*words).out, "first read ")
        place.run("sync")
        whole = place.ask("status")
        assert whole["accounts"][0]["backfill"] is None
        assert whole["first_read"]["through"] is True
        assert whole["first_read"]["at"] == whole["accounts"][0]["synced_at"]
        assert line(place.run("status").out, "first read ") == "done on 24 Nov 2026 11:00"


def test_a_first_read_that_is_still_counting_tells_that_it_has_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with town(tmp_path) as place:
        seen: list[Any] = []
        stop_at(place, monkeypatch, 2, lambda: seen.append((place.ask("status"), place.run("status").out)))
        told, out = seen[0]
        assert told["accounts"][0]["backfill"] == {"done": 0, "total": 0}
        assert told["first_read"]["begun"] is True
        assert "mails are being counted" in line(out, "account ")


def test_a_round_without_news_keeps_nothing_of_how_far_it_came(home: Home) -> None:
    home.friend()
    home.run("once")
    was = (home.state / "ledger.json").read_bytes()
    home.run("once", now=after(minutes=15))
    assert (home.state / "ledger.json").read_bytes() == was


# -- the first drafts ----------------------------------------------------------------------------------------------


def read(home: Home, config: str, **at: Any) -> tuple[str, Any]:
    """Read all; return the line about the first drafts, and the same as JSON."""
    home.configure(config)
    home.run("sync", **at)
    told = home.ask("status", **at)["next_drafts"]
    return line(home.run("status", **at).out, "first drafts "), told


def test_the_first_drafts_come_the_day_after_the_first_read(home: Home) -> None:
    """Rules: in the first month both k and K start the day after the first sync."""
    home.friend(ANA)
    text, told = read(home, listed("Ana Lima"))
    assert text == "from 25 Nov 2026 08:00: 1 person is due"
    assert told == {"first": True, "at": "2026-11-25T07:00:00Z", "detail": "1 person is due"}
    early = after(days=1, minutes=-181)
    home.run("once", now=early)
    assert home.statuses(now=early) == []
    then = after(days=1, minutes=-180)
    assert line(home.run("status", now=then).out, "first drafts ") == "with the next round: 1 person is due"
    home.run("once", now=then)
    assert home.statuses(now=then) == ["open"], "and so they do"


def test_the_first_drafts_keep_to_days_and_hours(home: Home) -> None:
    home.friend(ANA)
    rhythm = '[rhythm]\ndays = ["sun"]\nhours = "14:30-15:00"\n'
    text, told = read(home, listed("Ana Lima") + rhythm)
    assert text == "from 29 Nov 2026 14:30: 1 person is due"
    home.run("once", now=after(days=5, minutes=209))
    assert home.statuses() == []
    home.run("once", now=after(days=5, minutes=210))
    assert len(home.statuses()) == 1, told


def test_where_nobody_is_due_yet_it_tells_when_the_first_becomes_due(home: Home) -> None:
    home.friend(ANA, silent=10)
    home.friend(BELA, silent=20)
    people = listed("Ana Lima") + listed("Bela Kovacs", every="2 months").replace("example.org", "example.net")
    text, told = read(home, people)
    assert told["at"] == home.person("ana@example.org")["due_at"] == "2026-12-14T10:00:00Z"
    assert text == "from 14 Dec 2026 11:00: that is when the first becomes due"
    home.run("snooze", "ana", "2 months")
    assert home.ask("status")["next_drafts"]["at"] == "2027-01-04T10:00:00Z", "now it is Bela"
    home.run("mute", "bela")
    assert home.ask("status")["next_drafts"]["at"] == "2027-01-25T07:00:00Z", "when the snooze of Ana ends"


def test_where_whoever_is_due_is_held_it_says_where_to_look(home: Home) -> None:
    home.friend(ANA)
    home.meet(ANA, after(days=3))
    text, told = read(home, listed("Ana Lima"))
    assert text == "whoever is due is held back: auld due says by what"
    assert told["at"] is None


def test_where_there_is_nobody_it_says_so(home: Home) -> None:
    home.wrote("Once <once@example.net>", 30)
    text, _ = read(home, "")
    assert text.startswith("nobody is listed or suggested yet")


def test_a_pause_a_full_month_and_no_draft_box_are_told(home: Home) -> None:
    home.friend(ANA)
    read(home, listed("Ana Lima"))
    home.run("pause", "2026-12-24")
    assert line(home.run("status").out, "first drafts ") == "from 24 Dec 2026 08:00: 1 person is due"
    assert "paused       no drafts before 24 Dec 2026" in home.run("status").out
    home.run("resume")
    text, _ = read(home, listed("Ana Lima") + "[rhythm]\ngoal = 0\n")
    assert text == "this month's goal of 0 is reached"
    text, _ = read(home, listed("Ana Lima") + "[rhythm]\ndays = []\n")
    assert text == "rhythm.days names no day"
    home.configure(listed("Ana Lima"), accounts='[[accounts]]\nname = "archive"\nkind = "files"\nsent = "Mail/Sent"\n')
    ran = home.run("status", code=1)
    assert line(ran.out, "first drafts ") == "none: no account takes drafts (auld check)"
    assert ran.out.startswith("something needs you\n  no account takes drafts, so none can be written: auld check")
    assert home.ask("status", code=1)["healthy"] is False
    assert "no account takes drafts" in home.run("check", code=1).out


def test_a_changed_config_counts_at_once(home: Home) -> None:
    home.friend(ANA, silent=10)
    read(home, listed("Ana Lima"))
    home.configure(listed("Ana Lima", every="1 week"))
    assert home.ask("status")["next_drafts"]["at"] == "2026-11-25T07:00:00Z"


def test_after_the_first_draft_it_tells_when_the_budget_allows_the_next(home: Home) -> None:
    home.friend(ANA)
    home.friend(BELA)
    home.configure(listed("Ana Lima") + listed("Bela Kovacs").replace("bela@example.org", "bela@example.net"))
    home.run("sync", now=after(days=-40))
    home.run("once")
    assert len(home.statuses()) == 2
    told = home.ask("status")["next_drafts"]
    assert told == {"first": False, "at": "2026-11-25T07:00:00Z", "detail": "if somebody is due then (auld due)"}
    assert "next drafts  from 25 Nov 2026 08:00: if somebody is due then (auld due)\n" in home.run("status").out
    home.configure("[rhythm]\nopen = 2\n")
    assert home.ask("status")["next_drafts"] == {"first": False, "at": None, "detail": "2 drafts wait unsent"}


@pytest.mark.parametrize("command", ["sync", "once"])
def test_who_is_due_is_not_worked_out_again_for_status(
    home: Home, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """Figures: `auld status` over 200,000 mails takes 0.3 s."""
    home.friend(ANA, silent=10)
    home.configure(listed("Ana Lima"))
    home.run(command)
    was = home.ask("status", now=NOW)

    def refuse(*_: Any) -> None:
        raise AssertionError("everybody is derived anew")

    monkeypatch.setattr("daemon.cli.session.Session.overview", refuse)
    assert home.ask("status", now=NOW) == was


def test_one_who_is_due_at_the_calendar_s_end_is_no_error(home: Home) -> None:
    home.friend(ANA)
    _, told = read(home, listed("Ana Lima", every="7972 years"))
    assert told["first"] is True
    assert told["at"] is None or told["at"] > "9990"
