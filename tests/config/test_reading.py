"""A right file becomes settings."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from daemon.config import load
from daemon.settings import Settings
from daemon.spans import Span

Read = Callable[[str], Settings]


def test_an_empty_file_is_all_defaults(read: Read, tmp_path: Path) -> None:
    assert read("") == Settings(folder=tmp_path)


def test_a_whole_file_is_read(read: Read) -> None:
    settings = read("""
        state = "here"
        [me]
        name = " Robin Park "
        emails = ["Robin@Example.com"]
        timezone = "Europe/Amsterdam"
        news = [{ text = "I moved.", from = 2026-10-01, until = "2027-03-01" }]
        [[accounts]]
        name = "letters"
        kind = "shelf"
        since = "5 years"
        sent = "~/Sent"
        [rhythm]
        hours = "9:00 - 17:30"
        horizon = "2 weeks"
        [[circles]]
        name = "mentors"
        every = "3 months"
        occasions = ["lunch", "catch-up"]
        [[people]]
        name = "Lakshmi"
        emails = ["lakshmi@example.org"]
        circle = "mentors"
        birthday = 1980-05-17
        [writing.model]
        url = "http://127.0.0.1:11434/v1"
        model = "small"
    """)
    assert (settings.me.name, settings.me.emails) == ("Robin Park", ("robin@example.com",))
    assert (settings.me.news[0].since, settings.me.news[0].until) == (date(2026, 10, 1), date(2027, 3, 1))
    account = settings.accounts[0]
    assert (account.name, account.kind, account.since) == ("letters", "shelf", Span(months=60))
    assert account.options == {"sent": "~/Sent"}
    assert settings.rhythm.hours == (time(9), time(17, 30))
    assert settings.rhythm.horizon == Span(days=14)
    assert settings.circles[0].occasions == ("lunch", "catch-up")
    assert settings.circle(settings.people[0]) == settings.circles[0]
    assert settings.writing.model is not None
    assert settings.writing.model.model == "small"
    assert settings.state == "here"


@pytest.mark.parametrize(
    "written", ["1980-05-17", '"1980-05-17"', "1980-05-17T08:30:00", "1980-05-17 08:30:00Z", '" 1980-05-17 "']
)
def test_a_date_may_be_written_in_any_way_of_toml(read: Read, written: str) -> None:
    settings = read(f'[[people]]\nname = "Maya"\nbirthday = {written}\n')
    assert settings.people[0].birthday == date(1980, 5, 17)


def test_windows_line_ends_are_read(tmp_path: Path, kinds: None) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(b'[me]\r\nname = "Robin"\r\nsignature = """a\r\nb"""\r\n')
    settings = load(path)
    assert (settings.me.name, settings.me.signature) == ("Robin", "a\nb")


def test_relative_paths_start_at_the_folder_of_the_file(
    read: Read, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read("")
    monkeypatch.chdir(tmp_path)
    assert load(Path("config.toml")).folder == tmp_path


def test_a_file_that_others_may_read_is_fine(read: Read, tmp_path: Path) -> None:
    read("")
    (tmp_path / "config.toml").chmod(0o666)
    assert load(tmp_path / "config.toml").accounts == ()


def test_a_link_starts_relative_paths_where_the_link_lies(read: Read, tmp_path: Path) -> None:
    read("")
    (tmp_path / "etc").mkdir()
    link = tmp_path / "etc" / "auld.toml"
    link.symlink_to(tmp_path / "config.toml")
    assert load(link).folder == tmp_path / "etc"


def test_an_account_that_is_switched_off_is_still_checked_and_kept(read: Read) -> None:
    settings = read('[[accounts]]\nname = "office"\nkind = "post"\nhost = "post.example.org"\nenabled = false\n')
    assert not settings.accounts[0].enabled


def test_a_kind_that_tells_addresses_needs_none_of_mine(read: Read) -> None:
    assert read('[[accounts]]\nname = "office"\nkind = "post"\nhost = "post.example.org"\n').me.emails == ()


def test_the_same_address_twice_in_one_entry_is_no_problem(read: Read) -> None:
    settings = read('[[people]]\nemails = ["maya@example.org", "Maya@example.org"]\n')
    assert settings.people[0].emails == ("maya@example.org", "maya@example.org")
