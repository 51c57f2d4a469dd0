"""What holds for every command: global options, where config and state lie, exit codes, misuse without a traceback."""

import os
import re
import subprocess
import sys
from fcntl import LOCK_EX, LOCK_NB, flock
from pathlib import Path

import pytest
from rich.cells import cell_len

from tests.cli.archive import NOW, Home, after, listed, run

COMMANDS = [
    "demo", "init", "check", "sync", "people", "why", "review", "due", "draft", "drafts", "once", "status", "snooze",
    "mute", "unmute", "pause", "resume", "met", "note", "forget", "export", "config",
]  # fmt: skip
ASKED_FOR_JSON = [
    ["people"], ["people", "--all"], ["why", "ana@example.org"], ["due"], ["draft"], ["draft", "--dry-run"],
    ["draft", "ana"], ["draft", "--preview", "catch-up"], ["drafts"], ["status"], ["check"], ["note", "--list"],
    ["export", "--format", "json"], ["config", "show"], ["config", "schema"],
]  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_the_interface_explains_itself(command: str) -> None:
    ran = run(command, "--help")
    assert ran.code == 0
    assert "Usage: auld" in ran.out
    assert "Examples:" in ran.out
    assert f"auld {command}" in ran.out


def test_help_names_every_command_and_the_global_options() -> None:
    ran = run("--help")
    assert ran.code == 0
    for word in (*COMMANDS, "--config", "--state", "--now", "--verbose", "--version"):
        assert word in ran.out
    assert run("-h").out == ran.out


def test_the_version_is_printed_before_or_after_a_command() -> None:
    for words in (["--version"], ["people", "--version"]):
        ran = run(*words)
        assert ran.code == 0
        assert re.fullmatch(r"auld \d+\.\d+\.\d+\S*\n", ran.out)


def test_global_options_may_stand_before_or_after_the_command(ana: Home) -> None:
    given = ["--config", str(ana.config), "--state", str(ana.state), "--now", NOW.isoformat()]
    ahead = run(*given, "due", "--json")
    behind = run("due", "--json", *given)
    between = run("--config", str(ana.config), "due", f"--state={ana.state}", "--json", f"--now={NOW.isoformat()}")
    assert ahead.code == behind.code == between.code == 0
    assert ahead.json == behind.json == between.json
    assert len(ahead.json) == 1


def test_verbose_talks_on_stderr_only(ana: Home) -> None:
    for words in (["-v", "due", "--json"], ["due", "--json", "--verbose"]):
        assert len(ana.run(*words).json) == 1


def test_the_config_is_the_option_then_the_variable_then_the_folder(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interface: --config FILE (else $AULD_CONFIG, else $XDG_CONFIG_HOME/auld/config.toml)."""
    places = {name: tmp_path / name / "auld" / "config.toml" for name in ("option", "variable", "folder")}
    for place, path in places.items():
        path.parent.mkdir(parents=True)
        path.write_text(f'[me]\nname = "{place}"\n', encoding="utf-8")

    def name(*words: str) -> str:
        return str(run("config", "show", *words).json["me"]["name"])

    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "folder"))
    assert name() == "folder"
    monkeypatch.setenv("AULD_CONFIG", str(places["variable"]))
    assert name() == "variable"
    assert name("--config", str(places["option"])) == "option"


def test_the_config_lies_in_dot_config_where_nothing_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path(os.environ["HOME"]) / ".config" / "auld" / "config.toml"
    path.parent.mkdir(parents=True)
    path.write_text('[me]\nname = "at home"\n', encoding="utf-8")
    assert run("config", "show").json["me"]["name"] == "at home"


def test_the_state_is_the_option_then_the_config_then_the_service_then_the_folder(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Interface: --state DIR, else `state` in the config, else $STATE_DIRECTORY, else $XDG_STATE_HOME/auld."""
    home.wrote()
    whole = home.config.read_text(encoding="utf-8")
    home.config.write_text(whole.replace('state = "state"\n', ""), encoding="utf-8")

    def made(place: Path) -> bool:
        return (place / "ledger.json").exists() or any(place.glob("*.json"))

    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    home.run("sync")
    assert made(tmp_path / "xdg" / "auld")
    monkeypatch.setenv("STATE_DIRECTORY", str(tmp_path / "service"))
    home.run("sync")
    assert made(tmp_path / "service")
    home.config.write_text(whole, encoding="utf-8")
    home.run("sync")
    assert made(tmp_path / "state")
    home.run("sync", "--state", str(tmp_path / "option"))
    assert made(tmp_path / "option")


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00Z"),
        ("2026-11-24T11:00:00+01:00", "2026-11-24T10:00:00Z"),
        ("2026-11-24", None),
    ],
)
def test_now_is_taken_by_everything_that_asks(home: Home, text: str, instant: str | None) -> None:
    home.wrote(at=NOW)
    ran = run("--config", str(home.config), "once", "--now", text)
    assert ran.code == 0
    last = run("--config", str(home.config), "status", "--json").json["last_round"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", last)
    if instant is not None:
        assert last == instant


@pytest.mark.parametrize("words", ASKED_FOR_JSON, ids=" ".join)
def test_with_json_stdout_is_one_document_and_nothing_else(ana: Home, words: list[str]) -> None:
    flag = [] if words[0] in {"export", "config"} else ["--json"]
    ran = ana.run(*words, *flag)
    assert isinstance(ran.json, list | dict)
    assert ran.out.endswith("\n")
    for line in ran.err.splitlines():
        assert not line.startswith(("{", "["))


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["people", "--frobnicate"],
        ["people", "--merge", "ana"],
        ["people", "--merge", "ana", "bela", "carl"],
        ["people", "--merge", "--split", "ana", "bela"],
        ["people", "--merge", "ana", "ana"],
        ["people", "--split", "ana", "ana@example.org"],
        ["people", "--split", "ana", "nobody@example.net"],
        ["why"],
        ["why", ""],
        ["why", "   "],
        ["why", "ana", "--limit", "0"],
        ["why", "ana", "--limit", "many"],
        ["why", "nobody known"],
        ["why", "nobody@example.com"],
        ["sync", "no-such-account"],
        ["draft", "nobody known"],
        ["draft", "--occasion", "catch-up"],
        ["draft", "ana", "--occasion", "wedding"],
        ["draft", "--preview", "wedding"],
        ["drafts", "KEY"],
        ["drafts", "--withdraw"],
        ["drafts", "--withdraw", "no-such-key"],
        ["drafts", "--withdraw", "KEY", "--all"],
        ["snooze", "ana"],
        ["snooze", "ana", "some day"],
        ["snooze", "ana", "2020-01-01"],
        ["snooze", "ana", "0 days"],
        ["snooze", "ana", "-3 days"],
        ["snooze", "ana", "99999999 years"],
        ["snooze", "nobody known", "3 months"],
        ["mute"],
        ["mute", "nobody known"],
        ["pause"],
        ["pause", "yesterday"],
        ["pause", "9999999999999999999 weeks"],
        ["met"],
        ["met", "ana", "2099-01-01"],
        ["met", "ana", "99999 years ago"],
        ["note", "ana"],
        ["note", "ana", ""],
        ["note", "--remove", "7"],
        ["note", "--remove", "seven"],
        ["note", "ana", "text", "--news", "--promoted", "Chief"],
        ["note", "nobody known", "text"],
        ["forget"],
        ["forget", "nobody known"],
        ["export", "--format", "xml"],
        ["config"],
        ["config", "burn"],
        ["due", "--now"],
        ["due", "--now", "noon"],
        ["due", "--now", ""],
        ["due", "--now", "0000-00-00"],
    ],
    ids=" ".join,
)
def test_misuse_ends_with_code_two_and_a_word_on_stderr(ana: Home, words: list[str]) -> None:
    """Exit code 2: usage, and an unknown or ambiguous PERSON."""
    ran = ana.run(*words, code=2)
    assert ran.out == ""
    assert ran.err.strip()


@pytest.mark.parametrize(
    "now", ["0001-01-01T00:00:00Z", "0001-01-01", "9999-12-31T23:59:59Z", "9999-12-31T23:59:59-12:00"]
)
@pytest.mark.parametrize(
    "command", ["due", "people", "status", "why ana", "check", "draft --dry-run", "snooze ana 3 months"]
)
def test_the_ends_of_time_are_no_traceback(ana: Home, now: str, command: str) -> None:
    words = ["snooze", "ana", "3 months"] if command.startswith("snooze") else command.split()
    ran = run("--config", str(ana.config), *words, "--now", now)
    assert ran.code in {0, 1, 2}, ran


def test_a_config_error_names_the_place_and_the_fix_and_tells_all_at_once(home: Home) -> None:
    """Exit code 78: config error; all problems of the file are told at once."""
    home.configure('[rhythm]\ngaol = 8\nopen = "many"\n[[people]]\nname = "Ana"\ncircle = "nowhere"\n')
    for words in (["people"], ["once"], ["due", "--json"], ["config", "show"], ["snooze", "ana", "3 days"]):
        ran = home.run(*words, code=78)
        assert ran.out == ""
        assert "gaol" in ran.err
        assert "goal" in ran.err
        assert "[rhythm]: open: should be" in ran.err
        assert "nowhere" in ran.err
    assert not home.state.exists()


def test_a_kind_that_does_not_exist_is_a_config_error(home: Home) -> None:
    home.configure(accounts='[[accounts]]\nname = "post"\nkind = "pigeon"\n')
    ran = home.run("sync", code=78)
    assert "pigeon" in ran.err
    assert "files" in ran.err


def test_no_config_is_a_config_error_that_says_what_to_do(tmp_path: Path) -> None:
    ran = run("people", "--config", str(tmp_path / "none.toml"))
    assert ran.code == 78
    assert "auld init" in ran.err


def test_a_state_of_a_newer_version_and_a_broken_one_are_never_taken_for_empty(ana: Home) -> None:
    """Exit code 74: state unreadable, or from a newer version."""
    ledger = ana.state / "ledger.json"
    first, rest = ledger.read_bytes().split(b"\n", 1)
    newer = re.sub(rb'("schema":\s*)\d+', rb"\g<1>999", first)
    assert newer != first
    ledger.write_bytes(newer + b"\n" + rest)
    ran = ana.run("people", code=74)
    assert "newer" in ran.err
    assert ledger.read_bytes().startswith(newer)


def test_a_state_that_another_auld_holds_is_code_75_but_looking_needs_no_lock(ana: Home) -> None:
    """Exit code 75: another auld holds the state (read-only commands need no lock)."""
    with (ana.state / "lock").open("rb+") as held:
        flock(held, LOCK_EX | LOCK_NB)
        for words in (["sync"], ["once"], ["mute", "ana"], ["draft"], ["review"]):
            assert ana.run(*words, code=75).err.strip()
        for words in (["people"], ["why", "ana"], ["due"], ["status"], ["drafts"], ["draft", "--dry-run"], ["check"]):
            ana.run(*words)


@pytest.mark.parametrize("who", ["ana@example.org", "ANA@Example.Org", "Ana Lima", "ana lima", "Lim", "  ana   lima "])
def test_a_person_is_an_address_or_part_of_a_name(ana: Home, who: str) -> None:
    assert ana.ask("why", who)["person"]["name"] == "Ana Lima"


def test_an_ambiguous_person_lists_who_is_meant(home: Home) -> None:
    """Interface: ambiguous is an error that lists the matches."""
    home.configure(listed("Ana Lima", "Anatole Petrov"))
    home.run("sync")
    for words in (["why", "ana"], ["mute", "ana"], ["draft", "ana"], ["met", "ana"], ["forget", "ana"]):
        ran = home.run(*words, code=2)
        assert "ana@example.org" in ran.err
        assert "anatole@example.org" in ran.err
    assert home.ask("why", "ana lima")["person"]["emails"] == ["ana@example.org"]


def test_an_unknown_person_gets_the_nearest_name(ana: Home) -> None:
    assert "Ana Lima" in ana.run("why", "Anna Lima", code=2).err


@pytest.mark.parametrize("columns", ["80", "40", "20", "1", "0", "-5", "", "wide", "9" * 30])
def test_tables_fit_the_terminal_whatever_columns_says(
    ana: Home, monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    ana.run("draft")
    for words in (["people", "--all"], ["due"], ["drafts"], ["status"]):
        lines = ana.run(*words).out.splitlines()
        assert columns != "80" or max(map(len, lines), default=0) <= 80


def test_tables_of_long_names_fit_in_eighty_columns(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    long = "Wolfeschlegelsteinhausenbergerdorff Featherstonehaugh-Cholmondeley"
    home.friend(f"{long} <long@example.org>")
    home.friend("李小龍 李小龍李小龍李小龍李小龍李小龍李小龍李小龍 <wide@example.net>")
    home.configure(
        f'[[people]]\nname = "{long}"\nemails = ["long@example.org"]\nevery = "1 month"\n'
        '[[people]]\nemails = ["wide@example.net"]\nevery = "1 month"\n'
    )
    home.run("sync")
    home.run("note", "long@example.org", "x" * 300)
    tables = [home.run(*words) for words in (["due"], ["people"], ["note", "--list"])]
    home.run("draft")
    tables.append(home.run("drafts"))
    for table in tables:
        assert table.out
        assert max(cell_len(line) for line in table.out.splitlines()) <= 80


@pytest.mark.parametrize(
    "environment", [{}, {"NO_COLOR": "1", "FORCE_COLOR": "1"}, {"TERM": "xterm-256color"}], ids=str
)
def test_no_colour_when_not_a_terminal_or_when_told_so(
    ana: Home, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    for words in (
        ["people"],
        ["due"],
        ["why", "ana"],
        ["draft"],
        ["drafts"],
        ["status"],
        ["check"],
        ["sync", "--full"],
    ):
        assert "\x1b" not in ana.run(*words, code=(0, 1)).all


def test_the_program_is_the_same_when_it_is_typed(ana: Home) -> None:
    """A few by subprocess: streams, exit codes, and an output that somebody stops reading."""
    program = [sys.executable, "-W", "error", "-c", "from daemon.cli import main; main()"]
    given = ["--config", str(ana.config), "--now", NOW.isoformat()]

    def typed(*words: str, **how: str) -> subprocess.CompletedProcess[bytes]:
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), **how}
        return subprocess.run([*program, *given, *words], capture_output=True, env=env, check=False, timeout=30)

    fine = typed("due", "--json")
    assert (fine.returncode, fine.stderr) == (0, b"")
    assert b'"Ana Lima"' in fine.stdout
    wrong = typed("why", "nobody known")
    assert (wrong.returncode, wrong.stdout) == (2, b"")
    narrow = typed("due", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert narrow.returncode == 0
    assert b"Traceback" not in narrow.stderr
    line = " ".join([*map(repr, [sys.executable]), "-c", "'from daemon.cli import main; main()'", *given, "why ana"])
    piped = subprocess.run(
        ["/bin/sh", "-c", f"{line} | true"], capture_output=True, check=False, timeout=30,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )  # fmt: skip
    assert b"Traceback" not in piped.stderr
    assert b"Exception ignored" not in piped.stderr
    assert typed("due", now=after().isoformat()).returncode == 0
