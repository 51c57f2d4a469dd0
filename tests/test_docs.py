"""What README and docs show can be done as it is shown: configs load, commands exist, links lead somewhere."""

import re
import tomllib
from pathlib import Path

import pytest

from daemon.cli.app import app
from daemon.config import load

ROOT = Path(__file__).parent.parent
PAGES = sorted(
    [
        ROOT / "README.md",
        ROOT / "CHANGELOG.md",
        ROOT / "ARCHITECTURE.md",
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("systemd/*.md"),
    ]
)
FENCED = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`auld ([^`]*)`")
WRITTEN = re.compile(r"^ *(?:[A-Z]\w+=\S+/)?auld (.*)$", re.MULTILINE)
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)")
ME = '[me]\nemails = ["robin@example.com"]\n'
COMMANDS = {command.name for command in app.registered_commands} | {group.name for group in app.registered_groups}


def name(page: Path) -> str:
    return str(page.relative_to(ROOT))


def configs() -> list[tuple[str, str]]:
    """Return every piece of config with an account that the pages show, and where."""
    shown = [
        (f"{name(page)} {number}", body)
        for page in PAGES
        for number, (_, language, body) in enumerate(FENCED.findall(page.read_text("utf-8")), 1)
        if language == "toml" and "[[accounts]]" in body
    ]
    return [(place, body if "me" in tomllib.loads(body) else ME + body) for place, body in shown]


def commands(page: Path) -> set[str]:
    """Return the first word after "auld" of every command that a page shows."""
    text = page.read_text("utf-8")
    plain = "\n".join(body for _, language, body in FENCED.findall(text) if not language)
    lines = INLINE.findall(FENCED.sub("", text)) + WRITTEN.findall(plain)
    return {words[0] for line in lines if (words := line.split()) and not words[0].startswith("-")}


@pytest.mark.parametrize(("place", "text"), configs(), ids=[place for place, _ in configs()])
def test_every_account_that_is_shown_loads(place: str, text: str, tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")
    assert load(path).accounts, place


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_command_that_is_named_exists(page: Path) -> None:
    assert commands(page) - COMMANDS == set()


def test_the_readme_names_commands_and_accounts_at_all() -> None:
    assert len(commands(ROOT / "README.md")) > 20
    assert sum(place.startswith("README.md") for place, _ in configs()) == 3


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_leads_to_a_file(page: Path) -> None:
    text = FENCED.sub("", page.read_text("utf-8"))
    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


def test_a_step_that_an_error_names_is_a_step_of_the_page() -> None:
    steps = set(re.findall(r"^## (\d+)\. ", (ROOT / "docs" / "google.md").read_text("utf-8"), re.MULTILINE))
    named = {
        number
        for source in (ROOT / "connectors" / "gmail").glob("*.py")
        for number in re.findall(r"docs/google\.md, step (\d+)", source.read_text("utf-8"))
    }
    assert named
    assert named <= steps
