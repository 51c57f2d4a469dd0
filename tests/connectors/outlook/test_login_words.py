"""docs/outlook.md says what to do about a sentence under the words in which the sentence comes, and names what is."""

import ast
import re
from pathlib import Path

import pytest

from connectors import loopback
from connectors.outlook.refusals import admin_address
from connectors.outlook.scopes import EVENTS, READ, USER, WRITE, permissions
from connectors.outlook.settings import OutlookSettings

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "outlook.md").read_text("utf-8")
SOURCES = [*(ROOT / "connectors" / "outlook").glob("*.py"), Path(loopback.__file__)]
SAID = "\0".join(
    node.value
    for source in SOURCES
    for node in ast.walk(ast.parse(source.read_text("utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
)
CLIENT = "00000000-0000-0000-0000-000000000000"


def table(after: str) -> list[list[str]]:
    """Return the rows of the table that follows some words, less its head."""
    found = re.search(r"(?:^ *\|.*\n)+", PAGE.partition(after)[2], re.MULTILINE)
    assert found is not None, after
    return [re.findall(r" (.*?) \|", line.lstrip()) for line in found[0].splitlines()[2:]]


def sentences() -> list[str]:
    """Return the sentences of the table about the terminal, as far as it quotes them; "…" stands for anything."""
    found = [one for row in table("\nIn the terminal:\n") for one in row[0].split(" / ")]
    return [one for one in found if not one.startswith("nothing more")]


@pytest.mark.parametrize("sentence", sentences())
def test_a_sentence_that_the_page_explains_is_one_that_is_said(sentence: str) -> None:
    assert [part for part in sentence.split("…") if part.strip() not in SAID] == []


def test_there_is_such_a_table() -> None:
    assert len(sentences()) > 30


@pytest.mark.parametrize("words", ["Thank you", "Signed in as "])
def test_what_the_page_says_of_a_sign_in_that_worked_is_said(words: str) -> None:
    assert words in PAGE
    assert words in SAID


def test_the_permissions_that_the_page_explains_are_those_that_are_asked_for() -> None:
    explained = [row[0] for row in table("\nauld login work\n")]
    assert explained == [f"`{one.name}`" for one in permissions(OutlookSettings(client_id=CLIENT))]
    assert {EVENTS, USER, WRITE} == {*permissions(OutlookSettings(client_id=CLIENT))}
    assert f"With `drafts = false` the first is `{READ.name}`" in PAGE


@pytest.mark.parametrize("row", table("\n4. **Supported account types**"), ids=lambda row: str(row[2]))
def test_a_tenant_that_the_page_names_is_one(row: list[str]) -> None:
    (tenant,) = re.findall(r'`?"([^"]+)"`?', row[2])
    assert OutlookSettings(client_id=CLIENT, tenant=tenant).tenant == tenant


@pytest.mark.parametrize("row", table("\n## National clouds\n"), ids=lambda row: str(row[0]))
def test_a_cloud_that_the_page_names_can_be_configured_so(row: list[str]) -> None:
    authority, api_url = (cell.strip('`"') for cell in row[2:])
    settings = OutlookSettings(client_id=CLIENT, authority=authority, api_url=api_url)
    assert (settings.signs_in_at, settings.api) == (authority, api_url)
    with pytest.raises(ValueError, match="is needed with the authority"):
        OutlookSettings(client_id=CLIENT, authority=authority)


def test_where_an_administrator_agrees_is_where_the_page_says() -> None:
    address = admin_address(OutlookSettings(client_id=CLIENT))
    assert f"`{address.removesuffix(CLIENT)}` and your client id" in PAGE


def test_a_step_that_an_error_names_is_a_step_of_the_page() -> None:
    steps = set(re.findall(r"^## (\d+)\. ", PAGE, re.MULTILINE))
    named = set(re.findall(r"docs/outlook\.md, step (\d+)", SAID))
    assert named
    assert named <= steps
