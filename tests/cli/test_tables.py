"""What people see fits their terminal, and newcomers are told the next step."""

import pytest

from tests.cli.archive import Home, after, listed

NAMES = ("Ana Lima", "Maximiliane Oberhofer-Castellanos", "Bo Li")


@pytest.fixture
def three(home: Home) -> Home:
    for name in NAMES:
        home.friend(f"{name} <{name.split()[0].lower()}@example.org>")
    home.configure(listed(*NAMES))
    home.run("sync")
    return home


@pytest.mark.parametrize("columns", [40, 60, 80, 100, 120, 200])
@pytest.mark.parametrize("command", ["people", "due", "drafts"])
def test_a_table_fits_and_never_loses_the_person(
    three: Home, monkeypatch: pytest.MonkeyPatch, command: str, columns: int
) -> None:
    three.run("draft", "ana")
    monkeypatch.setenv("COLUMNS", str(columns))
    lines = three.run(command).out.splitlines()
    assert max(map(len, lines)) <= columns
    assert lines[0].startswith("person")
    shown = "Ana Lima" if command != "due" else "Bo Li"
    assert any(line.startswith(shown) for line in lines)


def test_at_80_columns_the_table_of_people_cuts_nothing(three: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert "…" not in three.run("people").out


def test_a_wide_terminal_shows_what_a_narrow_one_leaves_out(three: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    three.run("pause", "3 weeks")
    monkeypatch.setenv("COLUMNS", "160")
    assert "all drafts are paused" in three.run("people").out
    monkeypatch.setenv("COLUMNS", "80")
    assert "all drafts are paused" not in three.run("people").out


def test_no_table_is_printed_for_nobody(three: Home) -> None:
    ran = three.run("people", "zzz")
    assert ran.out == ""
    assert "Nobody" in ran.err


def test_drafts_that_are_not_written_are_told_by_reason(three: Home) -> None:
    three.configure(listed(*NAMES) + "\n[rhythm]\nopen = 1\n")
    told = [line for line in three.run("draft").err.splitlines() if line.startswith("not written")]
    assert len(told) == 1
    assert told[0].count(",") == 1
    assert told[0].endswith(": 1 draft waits unsent")


def test_a_key_that_begins_several_drafts_withdraws_none(three: Home) -> None:
    three.run("draft")
    assert "no unsent draft" in three.run("drafts", "--withdraw", "zz", code=2).err
    assert len(three.lying()) == len(NAMES)


@pytest.mark.parametrize("command", ["due", "people", "review"])
def test_before_the_first_sync_a_command_says_to_sync(home: Home, command: str) -> None:
    assert "auld sync" in home.run(command).all


def test_without_a_config_check_says_to_make_one(home: Home) -> None:
    home.config.unlink()
    assert "→ auld init" in home.run("check", code=78).out


def test_why_speaks_to_the_user(three: Home) -> None:
    three.lay(three.inbox, "Ana Lima <ana@example.org>", "somebody@example.net", 10)
    three.run("sync")
    assert "their mail: you are not on To or Cc" in three.run("why", "ana").out


def test_a_narrow_table_keeps_when_they_are_due_before_when_you_meet(
    three: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    three.meet("Ana Lima <ana@example.org>", after(days=100))
    three.run("sync")
    monkeypatch.setenv("COLUMNS", "160")
    assert "next meeting" in three.run("people").out.splitlines()[0]
    for columns in ("80", "60"):
        monkeypatch.setenv("COLUMNS", columns)
        heading = three.run("people").out.splitlines()[0].split()
        assert "due" in heading
        assert "meeting" not in heading


def test_columns_that_are_empty_in_every_row_are_left_out(three: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    heading = three.run("people").out.splitlines()[0]
    assert "next meeting" not in heading
    assert "held back" not in heading
    three.run("pause", "3 weeks")
    assert "held back" in three.run("people").out.splitlines()[0]


def test_where_a_name_is_borne_by_two_the_table_adds_their_address(three: Home) -> None:
    emails = ("bo@example.net", "boli@example.com")
    more = (f'[[people]]\nname = "Bo Li"\nemails = ["{one}"]\nevery = "1 month"\n' for one in emails)
    three.configure(listed(*NAMES) + "".join(more))
    for command in ("people", "due"):
        table = " ".join(three.run(command).out.split())
        assert all(f"Bo Li <{email}>" in table for email in emails)
    assert "Ana Lima <" not in three.run("people").out


def test_who_was_never_met_has_no_rhythm_but_the_one_that_is_wished_for(home: Home) -> None:
    home.configure('[[people]]\nname = "Emil Braun"\n[[people]]\nname = "Bo Li"\nevery = "1 week"\n')
    home.run("sync")
    bo, emil = sorted(home.run("people").out.splitlines()[2:])
    assert "days" not in emil
    assert "7 days" in bo


def test_due_ends_with_how_many_there_are(three: Home) -> None:
    assert three.run("due").err == "3 people are due.\n"
    three.run("mute", "ana")
    assert three.run("due").err.splitlines() == [
        "2 people are due.", "", "1 person is due but held back:", "  Ana Lima: muted",
    ]  # fmt: skip
