"""`auld check`: what it finds, each thing with its fix."""

import shlex
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import Any

import pytest

from daemon.people.likeness import Likeness
from daemon.service.standing import Standing, take_post
from daemon.store import AccountHealth, read_side, write_side
from tests.cli.archive import ANA, MAIN_ACCOUNT, NOW, Home, after, listed

HOUR = timedelta(hours=1)


def found(home: Home, name: str, code: int = 0, **at: Any) -> list[dict[str, str]]:
    """Return the lines of `auld check` of a name, without the name."""
    told = home.ask("check", code=code, **at)
    return [{key: one[key] for key in ("result", "detail", "fix")} for one in told if one["name"] == name]


# -- files ---------------------------------------------------------------------------------------------------------


def test_a_config_that_others_can_read_or_change_is_told_with_the_command_that_mends_it(ana: Home) -> None:
    for mode, what in ((0o644, "read"), (0o640, "read"), (0o660, "changed"), (0o602, "changed")):
        ana.config.chmod(mode)
        (line,) = found(ana, "config file")
        assert line["result"] == "warn"
        assert line["detail"] == f"{ana.config} can be {what} by other users of this machine ({mode:o})"
        subprocess.run(shlex.split(line["fix"]), check=True)
        assert found(ana, "config file") == []


def test_files_of_the_state_that_others_can_read_are_told_in_one_line(ana: Home) -> None:
    assert found(ana, "state files") == []
    for path in ana.state.iterdir():
        path.chmod(0o644)
    (line,) = found(ana, "state files")
    assert line["result"] == "warn"
    assert "ledger.json" in line["detail"]
    subprocess.run(shlex.split(line["fix"]), check=True)
    assert found(ana, "state files") == []


# -- this machine --------------------------------------------------------------------------------------------------


def test_a_clock_that_was_set_back_is_told_by_what_auld_saw_before(ana: Home) -> None:
    assert [one["result"] for one in found(ana, "clock")] == ["ok"]
    assert [one["result"] for one in found(ana, "clock", now=after(minutes=-4))] == ["ok"]
    (line,) = found(ana, "clock", now=after(days=-3))
    assert line["result"] == "warn"
    assert "2026-11-21 11:00" in line["detail"]
    assert "2026-11-24 11:00" in line["detail"]
    (line,) = found(ana, "clock", code=1, now=after(days=-2000))
    assert (line["result"], line["fix"]) == ("fail", "set the machine's clock")


@pytest.mark.parametrize(
    ("link", "variable", "told"),
    [("Europe/Amsterdam", "", 0), ("Etc/UTC", "", 0), ("", "", 1), ("", "UTC", 0), ("", "Europe/Berlin", 0)],
)
def test_a_system_that_tells_no_time_zone_is_told(
    home: Home, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, link: str, variable: str, told: int
) -> None:
    place = tmp_path / "localtime"
    if link:
        place.symlink_to(f"/usr/share/zoneinfo/{link}")
    else:
        place.write_bytes(b"TZif")
    monkeypatch.setenv("TZ", variable)
    monkeypatch.setattr("daemon.settings.Path", lambda _: place)
    monkeypatch.setattr("daemon.cli.checks.machine._LOCALTIME", place)
    config = home.config.read_text(encoding="utf-8")
    home.config.write_text(config.replace('timezone = "Europe/Amsterdam"', ""), encoding="utf-8")
    lines = found(home, "time zone")
    assert len(lines) == told
    assert all("timezone = " in one["fix"] for one in lines)
    home.config.write_text(config, encoding="utf-8")
    assert found(home, "time zone") == []


# -- accounts and rounds -------------------------------------------------------------------------------------------


def test_how_the_last_reads_went_is_told_for_each_account(ana: Home) -> None:
    assert found(ana, "reading") == [
        {"result": "ok", "detail": "archive: last read through 24 Nov 2026 11:00", "fix": ""}
    ]
    side = read_side(ana.state)
    assert side is not None
    ill = AccountHealth(
        "archive", "unavailable", "Quota exceeded.", NOW - HOUR, NOW, failing_since=NOW - HOUR, failures=4,
        again_at=NOW + HOUR,
    )  # fmt: skip
    write_side(ana.state, replace(side, accounts=(ill,)))
    (line,) = found(ana, "reading")
    assert (line["result"], line["fix"]) == ("warn", "auld sync")
    assert line["detail"] == (
        'account "archive" could not be read (unavailable): Quota exceeded. So it is since 24 Nov 2026 10:00, 4 times '
        "in a row; the service does not ask again before 24 Nov 2026 12:00."
    )
    assert "does not ask again" not in found(ana, "reading", now=after(minutes=61))[0]["detail"]


def test_a_round_that_failed_is_told_until_one_is_done(ana: Home) -> None:
    Standing(trouble="It hung.", trouble_since=NOW - HOUR / 2, rounds_failed=2).write(ana.state)
    (line,) = found(ana, "rounds", code=1)
    assert (line["result"], line["detail"]) == ("fail", "the last one failed, 2 times in a row: It hung.")
    assert line["fix"]
    ana.run("once")
    assert [one["result"] for one in found(ana, "rounds")] == ["ok"]


def test_a_service_that_runs_without_a_unit_is_no_fault(ana: Home) -> None:
    assert [one["result"] for one in found(ana, "service")] == ["warn"]
    post = take_post(ana.state)
    (line,) = found(ana, "service")
    assert line["result"] == "ok"
    assert line["detail"].startswith("not installed, but it runs (process ")
    post.release()


# -- people --------------------------------------------------------------------------------------------------------


def test_whoever_is_listed_and_never_seen_is_told_with_the_nearest_that_were(home: Home) -> None:
    home.friend(ANA)
    home.friend("Anna Limburg <al@example.net>")
    home.friend("Bela Kovacs <bela@example.net>")
    home.configure(listed("Anna Lima"))
    home.run("sync")
    (line,) = found(home, "people")
    assert line["result"] == "warn"
    assert line["detail"] == (
        "Anna Lima is listed but was never seen in mail or calendar; nearest: Ana Lima <ana@example.org>, "
        "Anna Limburg <al@example.net>"
    )
    assert line["fix"] == 'if that is them: emails = ["ana@example.org"]'


def test_nobody_is_said_to_be_unseen_before_every_account_is_read(home: Home) -> None:
    home.friend(ANA)
    second = '[[accounts]]\nname = "second"\nkind = "files"\nsent = "Elsewhere"\n'
    home.configure(listed("Anna Lima"), accounts=MAIN_ACCOUNT + second)
    home.run("sync", code=1)
    assert found(home, "people", code=1) == []
    home.configure(listed("Anna Lima"))
    assert len(found(home, "people")) == 1


def test_whoever_is_like_nobody_gets_another_fix_and_whoever_is_left_alone_none(home: Home) -> None:
    home.friend(ANA)
    home.configure(listed("Xaver Quint") + listed("Yorick Vow", more="never = true"))
    home.run("sync")
    (line,) = found(home, "people")
    assert line["detail"] == "Xaver Quint is listed but was never seen in mail or calendar"
    assert "emails in [[people]]" in line["fix"]


def test_whoever_was_seen_but_has_no_contact_is_told_where_to_look(home: Home) -> None:
    home.got(ANA, more="List-Id: <sea.example.org>\n")
    home.configure(listed("Ana Lima"))
    home.run("sync")
    (line,) = found(home, "people")
    assert line["detail"] == "Ana Lima is listed and was seen, but nothing of it counts as contact"
    assert line["fix"] == "auld why ana@example.org"
    assert home.run(*line["fix"].split()[1:]).code == 0


def test_a_name_that_is_near_is_found_whatever_comes_first_in_it() -> None:
    texts = ["Bela Kovacs", "Hutchinson, Lakshmi", "jöhn.smith@example.org", "Жанна Лима", "", "Kovács Béla Jr", "B"]
    likeness = Likeness(enumerate(texts))
    assert likeness.nearest(["Lakshmi Hutchison"], 3) == [1]
    assert likeness.nearest(["Jon Smith"], 3) == [2]
    assert likeness.nearest(["Zhanna Lima"], 3) == [3]
    assert likeness.nearest(["Bela Kovacz"], 3) == [0, 5]
    assert likeness.nearest(["Bela Kovacz"], 1) == [0]
    assert likeness.nearest(["nobody@example.com", ""], 3) == []


def test_the_nearest_of_twenty_thousand_are_found_in_no_time() -> None:
    first = [
        f"{a}{b}{c}" for a in ("Ma", "Jo", "An", "Be") for b in ("ri", "na", "lo", "te") for c in ("a", "us", "ne")
    ]
    last = [
        f"{a}{b}{c}" for a in ("Ko", "Li", "Sch", "Ber") for b in ("va", "mi", "ner", "g") for c in ("cs", "tt", "y")
    ]
    people = [f"{one} {other}{number}" for number in range(9) for one in first for other in last]
    texts = [(number, text) for number, name in enumerate(people) for text in (name, f"{name}@example.org")]
    began = process_time()
    likeness = Likeness(texts)
    for number in range(100):
        assert likeness.nearest([people[number].replace("a", "e", 1), "x@example.net"], 3)
    assert process_time() - began < 15, "with slack for a busy machine: it takes about two seconds"


def test_one_who_stands_twice_in_the_config_is_told(home: Home) -> None:
    home.friend(ANA)
    twice = listed("Ana Lima", "Bela Kovacs") + '[[people]]\nname = "Lima, Ana"\nemails = ["lima@example.net"]\n'
    home.configure(twice)
    home.run("sync")
    (line,) = [one for one in found(home, "people") if "never seen" not in one["detail"]]
    assert (line["result"], line["detail"]) == ("warn", "Ana Lima stands in the config 2 times: [[people]] 1, 3")
    assert "one entry" in line["fix"]


def test_a_circle_that_nobody_is_in_is_told(home: Home) -> None:
    home.friend(ANA)
    circles = '[[circles]]\nname = "friends"\nevery = "1 month"\n[[circles]]\nname = "mentors"\nevery = "3 months"\n'
    home.configure(circles + '[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"]\ncircle = "friends"\n')
    home.run("sync")
    (line,) = found(home, "circles")
    assert (line["result"], line["detail"]) == ("warn", 'nobody is in the circle "mentors"')
    assert "auld review" in line["fix"]


def test_two_who_both_stand_in_the_config_are_no_pair_and_of_many_pairs_the_rest_is_counted(home: Home) -> None:
    for place in range(7):
        for host in ("example.org", "example.com"):
            home.friend(f"{'PQ'[host.endswith('m')]}{place} <lakshmi.h9{place}@{host}>", silent=100 + place, times=1)
    home.run("sync")
    pairs = [one for one in found(home, "people") if "may be one person" in one["detail"]]
    assert len(pairs) == 6
    assert pairs[-1] == {
        "result": "warn",
        "detail": "and 2 more pairs of addresses may be one person",
        "fix": "auld review asks about each",
    }
    entries = "".join(f'[[people]]\nemails = ["lakshmi.h90@{host}"]\n' for host in ("example.org", "example.com"))
    home.configure(entries)
    pairs = [one for one in found(home, "people") if "may be one person" in one["detail"]]
    assert "and 1 more pair of addresses" in pairs[-1]["detail"]
    assert not any("lakshmi.h90" in one["detail"] for one in pairs)


def test_of_many_who_moved_the_newest_five_are_told(home: Home) -> None:
    for place in range(7):
        old, new = (f"Ana Lima{chr(97 + place)} <ana{place}@{host}>" for host in ("example.org", "example.com"))
        home.friend(old, silent=500)
        home.got(new, 150 - place)
        home.got(new, 140 - place)
    home.run("sync")
    told = [one for one in found(home, "people") if "moved" in one["detail"]]
    assert [one["detail"].split()[1] for one in told[:5]] == ["Limag", "Limaf", "Limae", "Limad", "Limac"]
    assert told[5:] == [{"result": "ok", "detail": "2 more moved: auld why PERSON tells", "fix": ""}]


_REPORT = (
    'Return-Path: <>\nMIME-Version: 1.0\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\n'
)
_FAILED = (
    "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\n"
    "Final-Recipient: rfc822; {}\nAction: failed\nStatus: 5.1.1\n\n--b--\n"
)


def test_a_bouncing_address_needs_the_user_only_where_no_other_works(ana: Home) -> None:
    ana.got("MAILER-DAEMON@example.com", 20, more=_REPORT, body=_FAILED.format("ana@example.org"))
    ana.run("sync")
    (line,) = found(ana, "people")
    assert line["result"] == "warn"
    told = "ana@example.org bounces: mail to it came back on 4 Nov 2026, and it wrote nothing since"
    assert line["detail"] == f"Ana Lima: {told}"
    why = ana.ask("why", "ana")
    assert told in why["learned"]
    assert why["bounces"] == [{"email": "ana@example.org", "at": "2026-11-04T10:00:00Z"}]
    assert why["write_to"] == {"email": None, "chosen": False}
    ana.got("Ana Lima <lima@example.net>", 300)
    ana.run("sync")
    (line,) = found(ana, "people")
    assert line == {"result": "ok", "detail": f"Ana Lima: {told}; drafts go to lima@example.net", "fix": ""}
    assert ana.ask("why", "ana")["write_to"] == {"email": "lima@example.net", "chosen": False}
