"""`auld init` on a terminal: a short conversation that ends with auld running."""

import json
import os
import resource
import tomllib
from pathlib import Path
from typing import Any

import pytest

from daemon.cli.questions import friend
from daemon.cli.setup import add_to
from daemon.config import Friend
from tests.cli.archive import NOW, Home
from tests.cli.systemctl import Manager
from tests.cli.typed import typed

CLIENT = {
    "installed": {
        "client_id": "1.apps.example.com",
        "client_secret": "s3cret",
        "auth_uri": "http://127.0.0.1:9/auth",
        "token_uri": "http://127.0.0.1:9/token",
        "redirect_uris": ["http://localhost"],
    }
}
END = "\x04"
"""Ctrl-D."""


def init(path: Path, *answers: str, **more: str) -> tuple[int, str]:
    """Type answers, a line each, to `auld init` for a config at `path`."""
    words = ("init", "--config", str(path), "--state", str(path.parent / "kept"), "--now", NOW.isoformat())
    return typed(*words, answers="".join(f"{one}\n" for one in answers if one != END) + END * (END in answers), **more)


def written(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def manager(tmp_path: Path) -> Manager:
    return Manager(tmp_path / "manager")


def test_a_conversation_ends_with_mail_read_people_reviewed_and_the_service_running(
    home: Home, manager: Manager
) -> None:
    home.friend()
    home.friend("Bela Kovacs <bela@example.net>")
    path = home.path / "new" / "config.toml"
    code, shown = init(
        path,
        'Robin "R" Park', "robin@example.com, rp@example.net", "3", str(home.sent), str(home.inbox), "", "",
        str(home.drafts), "4", "Ana Lima, <Ana@example.org>", "men", "Tomasz Nowak", "", "",
        "y", "", "k", "m", "yes",
        PATH=f"{manager.bin}:{os.environ['PATH']}",
    )  # fmt: skip
    assert code == 0, shown
    told = written(path)
    assert told["me"]["name"] == 'Robin "R" Park'
    assert told["me"]["emails"] == ["robin@example.com", "rp@example.net"]
    assert told["rhythm"]["goal"] == 4
    [account] = told["accounts"]
    assert (account["sent"], account["received"]) == ([str(home.sent)], [str(home.inbox)])
    assert account["drafts"] == str(home.drafts)
    assert [(one["name"], one["circle"]) for one in told["people"]] == [
        ("Ana Lima", "mentors"), ("Tomasz Nowak", "friends"),
    ]  # fmt: skip
    assert told["people"][0]["emails"] == ["ana@example.org"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert "1 of 1 reviewed" in shown, "Ana is listed: only Bela is suggested"
    assert "enabled and started: auld.service" in shown
    assert manager.calls("enable") == ["systemctl --user enable auld.service"]
    assert "account      archive (files): ok" in shown
    assert (path.parent / "kept" / "ledger.json").exists()


def test_a_second_time_it_offers_only_what_is_left_and_leaves_the_config(home: Home) -> None:
    home.friend()
    was = home.config.read_bytes()
    code, shown = init(home.config, "", "n", "n")
    assert (code, home.config.read_bytes()) == (0, was)
    assert "exists already" in shown
    assert "Where else is your mail?" in shown
    assert "Later: auld sync" in shown
    assert "Sign in" not in shown
    code, shown = init(home.config, "", "y", "n", "n")
    assert "Later: auld review" in shown
    code, shown = init(home.config, "", "n", "n")
    assert code == 0
    assert "Read your mail" not in shown


@pytest.mark.parametrize("answers", [(), ("Robin Park",), ("Robin Park", "robin@example.com", "1", "", "8")])
def test_the_end_of_the_input_before_the_last_question_writes_nothing(tmp_path: Path, answers: tuple[str, ...]) -> None:
    path = tmp_path / "config.toml"
    code, shown = init(path, *answers, END)
    assert code == 130
    assert shown.count("stopped") == 1
    assert "Nothing was written" in shown
    assert not path.exists()


def test_the_end_of_the_input_after_it_keeps_what_was_done(home: Home) -> None:
    path = home.path / "new.toml"
    code, shown = init(path, "Robin", "robin@example.com", "3", str(home.sent), "-", "-", "-", "-", "3", "", END)
    assert code == 130
    assert "What was done so far is kept" in shown
    assert written(path)["me"]["name"] == "Robin"


def test_what_cannot_be_is_asked_again(home: Home) -> None:
    path = home.path / "new.toml"
    code, shown = init(
        path,
        "Robin", "robin", "robin@example.com", "4", "three", "3", "/nowhere/Sent", str(home.sent), "-", "-", "-",
        str(home.drafts), "many", "0", "3", "Ana Lima, ana@",
        "Ana, ana@example.org, al@example.org", "Ana Lima, ana@example.org", "enemies", "f", "fr", "ana lima", "",
        "n", "n",
    )  # fmt: skip
    assert code == 0, shown
    for said in (
        "numbers 1 to 3", "nothing at /nowhere/Sent", '"many" is no number', "Between 1 and 200", "One of them",
        "One address", "is there already",
    ):  # fmt: skip
        assert said in shown
    told = written(path)
    assert (told["me"]["emails"], told["rhythm"]["goal"]) == (["robin@example.com"], 3)
    assert [(one["emails"], one["circle"]) for one in told["people"]] == [(["ana@example.org"], "friends")]
    assert "received" not in told["accounts"][0]


def test_accounts_online_are_written_when_their_key_is_known_and_wait_as_comments_when_not(tmp_path: Path) -> None:
    client = tmp_path / "downloads.json"
    client.write_text(json.dumps(CLIENT), "utf-8")
    (tmp_path / "web.json").write_text('{"web": {}}', "utf-8")
    path = tmp_path / "config.toml"
    code, shown = init(
        path,
        "Robin", "robin@gmail.com", "1, 2", "missing.json", str(tmp_path / "web.json"), str(client),
        "GOCSPX", "", "8", "", "n", "n",
    )  # fmt: skip
    assert code == 0, shown
    assert "there is no file" in shown
    assert "Web application" in shown
    assert "is no client id" in shown
    assert "docs/google.md" in shown
    assert "Later: auld login home" in shown
    [account] = written(path)["accounts"]
    assert account == {"name": "home", "kind": "gmail", "client_secret": str(client)}
    assert '# kind = "outlook"' in path.read_text("utf-8")


def test_what_was_left_for_later_can_be_added_at_the_end_of_the_config(home: Home, tmp_path: Path) -> None:
    path = home.path / "new.toml"
    code, shown = init(path, "Robin", "robin@example.com", "1", "", "8", "")
    assert "fill in [[accounts]]" in shown
    client = home.path / "client.json"
    client.write_text(json.dumps(CLIENT), "utf-8")
    was = path.read_text("utf-8")
    code, shown = init(
        path,
        "1, 3",
        str(client),
        str(home.sent),
        "",
        "",
        "",
        str(home.path / "calendar.ics"),
        str(home.drafts),
        "n",
        "n",
        "n",
    )
    assert code == 0, shown
    assert "Written at its end" in shown
    assert path.read_text("utf-8").startswith(was)
    assert [(one["name"], one["kind"]) for one in written(path)["accounts"]] == [
        ("home", "gmail"),
        ("archive", "files"),
    ]
    code, shown = init(path, "", "n", "n", "n")
    assert "Where else is your mail?" in shown
    assert "1  Outlook" in shown


def test_what_cannot_be_added_whole_is_not_added(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("a = 1\n", "utf-8")
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (50, usual[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            add_to(path, "b = 2\n" * 100)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    assert path.read_text("utf-8") == "a = 1\n"
    add_to(path, "b = 2\n")
    assert path.read_text("utf-8") == "a = 1\nb = 2\n"


def test_paths_are_taken_as_a_shell_shows_them_and_from_where_the_user_is(home: Home) -> None:
    (home.path / "All mail.mbox").write_text("", "utf-8")
    path = home.path / "new" / "config.toml"
    sent = os.path.relpath(home.sent)
    code, shown = init(
        path, "Robin", "robin@example.com", "3", sent, "", f'"{home.path}/All mail.mbox"', "-", "", "8", "", "n", "n"
    )
    assert code == 0, shown
    [account] = written(path)["accounts"]
    assert (account["sent"], account["mail"]) == ([str(home.sent)], [f"{home.path}/All mail.mbox"])
    assert account["drafts"] == str(home.sent.parent / "Drafts"), "beside what was sent"


def test_with_no_key_at_all_it_says_what_to_fill_in(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    code, shown = init(path, "Robin", "robin@example.com", "2", "", "8", "")
    assert code == 0, shown
    assert "fill in [[accounts]]" in shown
    assert "accounts" not in written(path)


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("Maya Okafor maya@example.org", Friend("Maya Okafor", "maya@example.org")),
        ("Maya Okafor <Maya@Example.org>", Friend("Maya Okafor", "maya@example.org")),
        ("maya@example.org, Maya", Friend("Maya", "maya@example.org")),
        ("maya@example.org", Friend("", "maya@example.org")),
        ("Anne-Marie O'Neill", Friend("Anne-Marie O'Neill")),
    ],
)
def test_a_line_is_a_name_and_an_address_in_any_order(line: str, meant: Friend) -> None:
    assert friend(line) == meant
