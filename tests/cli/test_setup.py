"""Setting up and taking out: init, config, check, export, demo."""

import csv
import io
import os
import tomllib
from pathlib import Path
from unicodedata import normalize

import pytest

from tests.cli.archive import ANA, Home, after, listed, make_maildir, run


def test_init_writes_a_config_that_loads_and_says_the_next_step(tmp_path: Path) -> None:
    path = tmp_path / "new" / "config.toml"
    ran = run("init", "--yes", "--config", str(path))
    assert ran.code == 0
    assert ran.out == ""
    assert "auld check" in ran.err
    assert tomllib.loads(path.read_text(encoding="utf-8"))["me"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert run("config", "show", "--config", str(path)).code == 0


def test_init_finds_the_mail_that_lies_in_the_home_folder(tmp_path: Path) -> None:
    somebody = Path(os.environ["HOME"])
    make_maildir(somebody / "Mail" / "Sent")
    make_maildir(somebody / "Mail" / "INBOX")
    (somebody / ".gitconfig").write_text("[user]\nname = Robin Park\nemail = robin@example.com\n", encoding="utf-8")
    path = tmp_path / "config.toml"
    assert run("init", "--yes", "--config", str(path)).code == 0
    shown = run("config", "show", "--config", str(path)).json
    assert shown["me"]["emails"] == ["robin@example.com"]
    assert "Mail/Sent" in str(shown["accounts"][0]["sent"])
    assert run("sync", "--config", str(path), "--state", str(tmp_path / "state")).code == 0


def test_init_without_any_address_still_writes_a_config_that_loads(tmp_path: Path) -> None:
    make_maildir(Path(os.environ["HOME"]) / "Mail" / "Sent")
    path = tmp_path / "config.toml"
    ran = run("init", "--yes", "--config", str(path))
    assert ran.code == 0
    assert "[me] emails" in ran.err
    assert run("config", "show", "--config", str(path)).json["accounts"] == []
    whole = path.read_text(encoding="utf-8")
    assert "Mail/Sent" in whole, "what was found is there to be taken"


@pytest.mark.parametrize("words", [["init"], ["init", "--yes"]])
def test_init_never_overwrites(home: Home, words: list[str]) -> None:
    was = home.config.read_bytes()
    assert "exists already" in home.run(*words, code=2).err
    assert home.config.read_bytes() == was
    link = home.path / "link.toml"
    link.symlink_to(home.path / "nowhere.toml")
    assert run("init", "--yes", "--config", str(link)).code == 2
    assert not (home.path / "nowhere.toml").exists()


def test_init_says_so_where_it_may_not_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    ran = run("init", "--yes", "--config", str(tmp_path / "file" / "config.toml"))
    assert ran.code in {1, 2}
    assert "file" in ran.err


def test_config_schema_is_a_json_schema_of_every_table() -> None:
    schema = run("config", "schema").json
    assert schema["type"] == "object"
    tables = {"me", "accounts", "rhythm", "contact", "circles", "people", "greetings", "writing", "service"}
    assert tables <= set(schema["properties"])


def test_config_show_tells_defaults_and_leaves_secrets_out(home: Home) -> None:
    model = '[writing.model]\nurl = "{}"\nmodel = "m"\nkey_command = "pass show model"\n'
    home.configure(model.format("http://127.0.0.1:1/v1"))
    ran = home.run("config", "show")
    assert ran.json["rhythm"]["goal"] == 8
    assert ran.json["me"]["emails"] == ["robin@example.com"]
    home.configure(model.format("http://robin:topsecret@127.0.0.1:1/v1?key=topsecret"))
    assert "topsecret" not in home.run("config", "show", code=78).all


def test_check_has_a_line_each_and_says_what_to_do(ana: Home) -> None:
    ran = ana.run("check")
    words = {line.split()[0] for line in ran.out.splitlines() if not line.startswith(" ")}
    assert words <= {"ok", "warn", "fail"}
    for subject in ("config", "sent", "received", "calendar", "drafts", "clock", "disk", "templates", "state"):
        assert subject in ran.out


def test_check_fails_with_a_fix_where_a_folder_is_gone(ana: Home) -> None:
    ana.inbox.rename(ana.path / "elsewhere")
    ran = ana.run("check", code=1)
    assert "fail" in ran.out
    assert "→" in ran.out
    found = [one for one in ana.ask("check", code=1) if one["result"] == "fail"]
    assert found
    assert all(one["fix"] for one in found)


def test_check_of_a_wrong_config_is_code_78_and_still_json(home: Home) -> None:
    home.configure('[rhythm]\ngaol = 8\nopen = "many"\n')
    found = home.ask("check", code=78)
    assert [one["result"] for one in found] == ["fail", "fail"]
    assert "goal" in found[0]["detail"]


def test_check_names_who_is_listed_and_never_seen(home: Home) -> None:
    home.friend(ANA)
    home.configure(listed("Anna Lima").replace("anna@example.org", "anna@example.net"))
    home.run("sync")
    assert any("Anna Lima is listed but was never seen" in one["detail"] for one in home.ask("check"))


def test_check_suggests_but_does_not_merge_one_local_part_at_two_domains(home: Home) -> None:
    """Rules: not merged, only suggested in `auld check`: the same distinctive local part at two domains."""
    home.friend("Kovacs <bkovacs77@example.org>", times=1)
    home.friend("Bela <bkovacs77@example.net>", times=1)
    home.run("sync")
    assert len(home.ask("people", "--all")) == 2
    assert any("bkovacs77@example" in one["detail"] + one["fix"] for one in home.ask("check"))


def test_export_is_csv_with_a_row_for_everybody(ana: Home) -> None:
    ana.friend("Bela Kovacs <bela@example.net>", times=1)
    ana.run("sync")
    for words in (["export"], ["export", "--format", "csv"]):
        rows = list(csv.DictReader(io.StringIO(ana.run(*words).out)))
        assert [row["name"] for row in rows] == ["Ana Lima", "Bela Kovacs"]
        assert rows[0]["emails"] == "ana@example.org"
        assert rows[0]["last_contact"] == "2026-05-08T10:00:00Z"
    assert ana.run("export", "--format", "json").json == ana.ask("people", "--all")


@pytest.mark.parametrize(
    "name", ["=2+5", "+2", "-2+3", "@SUM(A1)", "\t=1", "\u3000=1", "=cmd|' /C calc'!A0", "\uff1d2+3"]
)
def test_no_cell_of_an_export_is_a_formula(home: Home, name: str) -> None:
    home.lay(home.inbox, f'"{name} Evil" <evil@example.net>', "robin@example.com", 30)
    home.wrote("evil@example.net", 20)
    home.run("sync")
    out = home.run("export").out
    rows = list(csv.reader(io.StringIO(out)))
    assert len(rows) == 2
    for cell in rows[1]:
        assert not normalize("NFKC", cell).lstrip().startswith(("=", "+", "-", "@"))


def test_the_demo_is_the_whole_way_and_needs_nothing(tmp_path: Path) -> None:
    ran = run("demo", "--keep", str(tmp_path / "demo"))
    assert ran.code == 0
    assert ran.out.count("Subject: ") >= 3
    assert len(list((tmp_path / "demo" / "Mail" / "Drafts" / "cur").iterdir())) >= 3
    again = run("demo", "--keep", str(tmp_path / "demo"))
    assert again.code == 2
    assert "empty folder" in again.err
    assert run("why", "lakshmi", "--config", str(tmp_path / "demo" / "config.toml")).code == 0


def test_preview_shows_a_template_without_any_config(tmp_path: Path) -> None:
    for occasion in ("catch-up", "new-year"):
        ran = run("draft", "--preview", occasion, "--config", str(tmp_path / "none.toml"))
        assert ran.code == 0
        assert ran.out.startswith("Subject: ")
        assert "{{" not in ran.out
        document = run("draft", "--preview", occasion, "--json", "--config", str(tmp_path / "none.toml")).json
        assert document["body"]


# -- review --------------------------------------------------------------------------------------------------------

_PEOPLE = ("Ana Lima", "Bela Kovacs", "Carl Weber", "Dora Novak")
_CIRCLES = '[[circles]]\nname = "mentors"\nevery = "3 months"\n[[circles]]\nname = "friends"\nevery = "1 month"\n'


@pytest.fixture
def suggested(home: Home) -> Home:
    """A home where four people are suggested, Ana with the newest contact."""
    for place, name in enumerate(_PEOPLE):
        home.friend(f"{name} <{name.split()[0].lower()}@example.org>", silent=100 + 10 * place)
    home.configure(_CIRCLES)
    home.run("sync")
    return home


def _states(home: Home) -> dict[str, str]:
    return {one["name"]: one["state"] for one in home.ask("people", "--all")}


def test_review_keeps_circles_mutes_and_leaves_for_later(suggested: Home) -> None:
    ran = suggested.run("review", stdin="k\nc\n2\nm\nl\n\n")
    assert ran.out == ""
    assert "4 of 4 reviewed" in ran.err
    assert _states(suggested) == dict(zip(_PEOPLE, ["listed", "listed", "muted", "snoozed"], strict=True))
    bela = suggested.person("bela@example.org")
    assert (bela["circle"], bela["due"]) == ("friends", True)
    assert "You kept them in review" in suggested.run("why", "ana").out
    assert "24 Feb 2027" in str(suggested.ask("why", "dora")["hold"])


def test_review_asks_each_once_and_keeps_every_answer_at_once(suggested: Home) -> None:
    assert "1 of 4 reviewed" in suggested.run("review", stdin="k\nq\n").err
    second = suggested.run("review", stdin="m\n")
    assert "Ana Lima" not in second.err
    assert "3 suggested people" in second.err
    assert _states(suggested)["Bela Kovacs"] == "muted"
    suggested.run("review", stdin="k\nk\n")
    assert "Nobody is left" in suggested.run("review").err


def test_review_asks_again_what_it_does_not_understand(suggested: Home) -> None:
    ran = suggested.run("review", stdin="x\nkeep\nc\n9\nc\nMENTORS\ns\nq\n")
    assert suggested.person("ana@example.org")["circle"] == "mentors"
    assert "1 of 4 reviewed, 1 skipped" in ran.err
    assert _states(suggested)["Bela Kovacs"] == "suggested"


def test_review_that_nobody_answers_changes_nothing(suggested: Home) -> None:
    before = _states(suggested)
    ran = suggested.run("review", stdin="")
    assert "0 of 4 reviewed" in ran.err
    assert _states(suggested) == before


def test_what_was_kept_in_review_gets_the_first_drafts(suggested: Home) -> None:
    """Rules, Order: listed before suggested."""
    suggested.run("review", stdin="s\ns\ns\nk\n")
    suggested.configure(_CIRCLES + "[rhythm]\nopen = 1\n")
    due = suggested.ask("due", now=after(days=300))
    assert due[0]["name"] == "Dora Novak"
