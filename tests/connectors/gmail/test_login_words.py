"""docs/google.md says what to do about a sentence under the words in which the sentence comes."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent.parent
SAID = "\0".join(
    node.value
    for source in (ROOT / "connectors" / "gmail").glob("*.py")
    for node in ast.walk(ast.parse(source.read_text("utf-8")))
    if isinstance(node, ast.Constant) and isinstance(node.value, str)
)


def rows() -> list[str]:
    """Return the sentences of the table about the terminal, as far as it quotes them; "…" stands for anything."""
    table = (ROOT / "docs" / "google.md").read_text("utf-8").partition("\nIn the terminal:\n")[2]
    cells = re.findall(r"^\| (.*?) \|", table, re.MULTILINE)
    assert cells[0] == "it says"
    return [one for cell in cells[1:] for one in cell.split(" / ") if not one.startswith("nothing more")]


@pytest.mark.parametrize("sentence", rows())
def test_a_sentence_that_the_page_explains_is_one_that_is_said(sentence: str) -> None:
    assert [part for part in sentence.split("…") if part.strip() not in SAID] == []


def test_there_is_such_a_table() -> None:
    assert len(rows()) > 15
