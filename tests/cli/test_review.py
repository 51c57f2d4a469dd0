"""`auld review`: what it shows, what each key does and takes back, and that every answer is kept at once."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.archive import ANA, BELA, NOW, Home, after
from tests.cli.typed import typed

_PEOPLE = ("Ana Lima", "Bela Kovacs", "Carl Weber")
_CIRCLES = '[[circles]]\nname = "mentors"\nevery = "3 months"\n[[circles]]\nname = "friends"\nevery = "1 month"\n'
_PROGRAM = [sys.executable, "-c", "from daemon.cli import main; main()"]
_ROOT = Path(__file__).parents[2]


@pytest.fixture
def three(home: Home) -> Home:
    """A home where three people are suggested, Ana with the newest contact."""
    for place, name in enumerate(_PEOPLE):
        home.friend(f"{name} <{name.split()[0].lower()}@example.org>", silent=100 + 10 * place)
    home.configure(_CIRCLES)
    home.run("sync")
    return home


@pytest.fixture
def twins(home: Home) -> Home:
    """A home where two addresses may be one person's, and a third is somebody else's."""
    home.friend("Lakshmi <lakshmi.h99@example.org>", silent=100)
    home.friend("L. H. <lakshmih99@example.com>", silent=200)
    home.friend(BELA, silent=300)
    home.run("sync")
    return home


def _decided(home: Home) -> dict[str, str]:
    return {one["person"]: one["text"] for one in home.ask("review", "--list")}


# -- what is shown -------------------------------------------------------------------------------------------------


def test_each_person_is_shown_with_their_place_and_the_evidence(three: Home) -> None:
    three.friend("Ana Lima <lima@example.net>", silent=150, times=1)
    three.run("sync")
    shown = three.run("review", stdin="s\ns\nq\n").err
    assert "1 of 3: Ana Lima <ana@example.org, lima@example.net>" in shown
    assert "3 of 3: Carl Weber <carl@example.org>" in shown
    assert 'on 16 Aug 2026 (100 days ago): you wrote "Re: Letter 0" from archive' in shown
    assert "You are usually in touch about every" in shown
    assert "auld suggests them, though you did not name them: 3 mails of yours, 3 of theirs, 6 contact days" in shown


def test_w_shows_the_whole_why_and_help_what_the_keys_do(three: Home) -> None:
    shown = three.run("review", stdin="w\n?\nq\n")
    assert shown.out == ""
    assert "Counted as contact (6):" in shown.err
    assert "Not counted" not in shown.err, "there is nothing of the kind"
    assert "m  never write: no drafts to them any more" in shown.err


def test_on_a_narrow_terminal_every_line_fits(three: Home) -> None:
    code, shown = typed("--config", str(three.config), "--now", NOW.isoformat(), "review", answers="?\nw\nc\n1\nq\n")
    assert code == 0
    assert max(len(line.rpartition("] ")[2]) for line in shown.splitlines()) <= 80, "what is typed was echoed before"
    assert "1 of 3 reviewed" in shown


# -- what the keys do ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ("k", "kept in review"),
        ("c\n1", "kept in review, in the circle mentors"),
        ("c\nFriends", "kept in review, in the circle friends"),
        ("c\nme", "kept in review, in the circle mentors"),
        ("m", "no drafts to them any more"),
        ("l\n", "no draft before 24 Feb 2027"),
        ("l\n6 weeks", "no draft before 5 Jan 2027"),
        ("l\n2027-03-01", "no draft before 1 Mar 2027"),
        ("l\nnever\nk", "kept in review"),
        ("c\n\nm", "no drafts to them any more"),
        ("c\n3\nk", "kept in review"),
    ],
    ids=lambda one: one.replace("\n", ","),
)
def test_an_answer_is_kept_listed_and_taken_back(three: Home, keys: str, text: str) -> None:
    before = three.person("ana@example.org")
    three.run("review", stdin=f"{keys}\nq\n")
    [told] = three.ask("review", "--list")
    assert (told["person"], told["text"], told["at"]) == ("Ana Lima", text, "2026-11-24T10:00:00Z")
    assert text in three.run("review", "--list").out
    assert f"{text} (undo: auld " in three.run("why", "ana").out
    assert told["undo"] == "auld review --undo ana@example.org"
    assert f"taken back ({text})" in three.run("review", "--undo", "ana").err
    assert three.ask("review", "--list") == []
    assert three.person("ana@example.org") == before
    assert three.run("review", "--undo", "ana", code=1).err
    assert "1 of 3: Ana Lima" in three.run("review", stdin="q\n").err


def test_nothing_is_listed_before_anything_is_decided(three: Home) -> None:
    assert "Nobody was reviewed yet" in three.run("review", "--list").err
    three.run("mute", "ana")
    assert three.ask("review", "--list") == [], "that was no review"
    assert "nothing was decided in review" in three.run("review", "--undo", "ana", code=1).err


def test_back_takes_the_last_answer_back_and_asks_again(three: Home) -> None:
    ran = three.run("review", stdin="m\nb\nk\nm\ns\n")
    assert "2 of 3 reviewed, 1 skipped. The rest waits: auld review" in ran.err
    assert _decided(three) == {"Ana Lima": "kept in review", "Bela Kovacs": "no drafts to them any more"}
    assert ran.err.count("1 of 3: Ana Lima") == 2


def test_back_goes_over_skipped_ones_too_and_not_before_the_first(three: Home) -> None:
    ran = three.run("review", stdin="k\ns\nb\nb\nb\nq\n")
    assert _decided(three) == {}
    assert "There is nothing before this one." in ran.err
    assert "0 of 3 reviewed. The rest waits: auld review" in ran.err


def test_back_restores_what_was_said_before_the_review(three: Home) -> None:
    three.run("review", stdin="c\n1\nq\n")
    three.run("review", "--again", stdin="m\nb\nq\n")
    assert _decided(three) == {"Ana Lima": "kept in review, in the circle mentors"}


def test_again_goes_through_everybody_once_more_and_shows_what_was_decided(three: Home) -> None:
    three.run("review", stdin="m\nk\nl\n\n")
    assert "Nobody is left to review." in three.run("review").err
    ran = three.run("review", "--again", stdin="s\nk\nm\n")  # who is listed comes first
    assert "3 people to look at." in ran.err
    assert "By now: no drafts to them any more." in ran.err
    assert "By now: no draft before 24 Feb 2027." in ran.err
    assert "2 of 3 reviewed, 1 skipped. The rest waits: auld review --again" in ran.err
    assert _decided(three) == {
        "Ana Lima": "kept in review", "Bela Kovacs": "kept in review", "Carl Weber": "no drafts to them any more",
    }  # fmt: skip
    assert three.person("ana@example.org")["state"] == "listed", "no longer muted"


def test_again_leaves_out_whom_the_config_names(three: Home) -> None:
    three.configure('[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"]\n')
    assert "1 of 2: Bela" in three.run("review", "--again", stdin="q\n").err


def test_a_circle_is_offered_with_its_number_and_rhythm(three: Home) -> None:
    shown = three.run("review", stdin="c\n\nq\n").err
    assert "1 mentors, every 3 months" in shown
    assert "2 friends, every month" in shown
    three.configure()
    assert "has no [[circles]] yet" in three.run("review", stdin="c\nq\n").err


# -- pairs ---------------------------------------------------------------------------------------------------------


def test_a_pair_that_is_one_person_is_merged_before_the_people_are_asked_for(twins: Home) -> None:
    ran = twins.run("review", stdin="y\nk\nk\n")
    assert "pair 1 of 1: may these be one person?" in ran.err
    assert "Lakshmi <lakshmi.h99@example.org>: last contact 16 Aug 2026" in ran.err
    assert "1 of 2: Lakshmi <lakshmi.h99@example.org, lakshmih99@example.com>" in ran.err
    assert "1 of 1 pair looked at. 2 of 2 reviewed." in ran.err
    assert [one["kind"] for one in twins.ask("people", "--joins")] == ["merge"]
    twins.run("sync", "--full")
    assert twins.person("lakshmih99@example.com")["state"] == "listed"


def test_a_pair_that_is_two_people_is_never_asked_again(twins: Home) -> None:
    assert "may be one person" in str(twins.ask("check"))
    twins.run("review", stdin="n\nq\n")
    [join] = twins.ask("people", "--joins")
    assert (join["kind"], join["in_force"]) == ("split", True)
    assert "pair" not in twins.run("review", stdin="q\n").err
    assert "may be one person" not in str(twins.ask("check"))
    twins.run(*join["undo"].split()[1:])
    assert "pair 1 of 1" in twins.run("review", stdin="q\n").err


def test_a_skipped_pair_waits_and_back_reaches_it_from_the_first_person(twins: Home) -> None:
    assert "0 of 1 pair looked at. The rest waits: auld review" in twins.run("review", stdin="x\nq\n").err
    ran = twins.run("review", stdin="y\nb\ns\nb\nn\nk\nq\n")
    assert ran.err.count("pair 1 of 1") == 3
    assert [one["kind"] for one in twins.ask("people", "--joins")] == ["split"]
    assert "1 of 3 reviewed" in ran.err


def test_two_entries_of_the_config_are_no_pair(twins: Home) -> None:
    twins.configure(
        '[[people]]\nemails = ["lakshmi.h99@example.org"]\n[[people]]\nemails = ["lakshmih99@example.com"]\n'
    )
    assert "may these be one" not in twins.run("review", stdin="q\n").err


# -- how it ends ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stdin", ["", "k\n", "k\nc\n", "k\nl\n", "k\nx\n", "k\nm"], ids=repr)
def test_the_end_of_the_input_ends_it_and_says_what_is_kept(three: Home, stdin: str) -> None:
    ran = three.run("review", stdin=stdin)
    done = len(_decided(three))
    assert f"{done} of 3 reviewed. The rest waits: auld review" in ran.err
    assert done == (2 if stdin.endswith("m") else 1 if stdin else 0)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL], ids=lambda one: one.name)
def test_what_was_answered_is_kept_when_it_is_stopped_in_between(three: Home, number: signal.Signals) -> None:
    words = ["--config", str(three.config), "--now", NOW.isoformat(), "review"]
    with subprocess.Popen(
        [*_PROGRAM, *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(_ROOT)},
    ) as run:  # fmt: skip
        assert run.stdin is not None
        assert run.stderr is not None
        run.stdin.write(b"m\n")
        run.stdin.flush()
        shown = b""
        while b"2 of 3" not in shown or not shown.endswith(b"] "):
            part = os.read(run.stderr.fileno(), 65536)
            assert part, shown
            shown += part
        run.send_signal(number)
        rest = run.stderr.read()
        code = run.wait(timeout=30)
    assert code == (130 if number == signal.SIGINT else -signal.SIGKILL)
    if number == signal.SIGINT:
        assert rest.decode().splitlines()[-1] == "auld: stopped. 1 of 3 reviewed. The rest waits: auld review"
    assert _decided(three) == {"Ana Lima": "no drafts to them any more"}
    assert "2 suggested people" in three.run("review", stdin="q\n").err


@pytest.mark.parametrize(
    "words", [["--again", "--list"], ["--list", "--undo", "ana"], ["--json"], ["--undo", "nobody"]], ids=" ".join
)
def test_nonsense_is_refused(three: Home, words: list[str]) -> None:
    assert three.run("review", *words, code=2).out == ""


def test_an_undone_review_leaves_what_was_deleted_twice_as_it_was(three: Home) -> None:
    """Rules: deleted twice in a row: quiet until the user says otherwise; an answer taken back is no such word."""
    at = NOW
    for days in (0, 40):
        at = after(days=days)
        three.run("draft", "ana", now=at)
        three.lying()[0].path.unlink()
        three.run("once", now=after(days=days, minutes=20))
        three.run("once", now=after(days=days, minutes=40))
    later = after(days=41)
    assert three.person("ana@example.org", later)["state"] == "quiet"
    three.run("review", "--again", stdin="s\ns\nk\nq\n", now=later)
    kept = three.person("ana@example.org", later)["state"]
    three.run("review", "--undo", "ana", now=later)
    assert (kept, three.person("ana@example.org", later)["state"]) == ("listed", "quiet")


def test_a_hostile_name_stays_harmless_in_every_question(home: Home) -> None:
    for place in range(3):
        home.got("=?utf-8?b?G1szMW1SZWQgTGltYQ==?= <ana@example.org>", 100 + 40 * place, subject="\u202eevil")
        home.wrote(ANA, 99 + 40 * place)
    home.run("sync")
    shown = home.run("review", stdin="w\n?\nq\n").err
    assert "\x1b" not in shown
    assert "\u202e" not in shown


def test_pairs_that_answers_made_one_are_neither_asked_nor_counted(home: Home) -> None:
    for place, host in enumerate(("example.org", "example.com", "example.net")):
        home.friend(f"L{'abc'[place]} <lakshmih99@{host}>", silent=100 + place)
    home.run("sync")
    ran = home.run("review", stdin="y\ny\nq\n")
    assert "pair 1 of 3" in ran.err
    assert "pair 2 of 3" in ran.err
    assert "pair 3" not in ran.err
    assert "2 of 2 pairs looked at. 0 of 1 reviewed." in ran.err


def test_an_answer_that_was_skipped_is_not_counted_as_reviewed(three: Home) -> None:
    said = three.run("review", stdin="s\nk\nq\n").err
    assert "1 of 3 reviewed, 1 skipped. The rest waits: auld review" in said
    assert "2 suggested people" in three.run("review", stdin="q\n").err
