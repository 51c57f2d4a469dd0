"""config.example.toml and docs/config.md keep up with the keys there are."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import connectors
from daemon.config import load, schema, show
from daemon.settings import Settings
from daemon.spans import Span

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = ROOT / "config.example.toml"
COMMENTED = re.compile(r"^# (?:coming: )?((?:\w+ = |\[).*)$", re.MULTILINE)


def known() -> dict[str, set[str]]:
    """Return every key of the schema by the section it stands in; those of each kind by that kind."""
    whole = schema()
    found: dict[str, set[str]] = {"": set(whole["properties"])}

    def gather(header: str, node: dict[str, Any]) -> None:
        node = whole["$defs"][node["$ref"].removeprefix("#/$defs/")] if "$ref" in node else node
        if "oneOf" in node:
            for one in node["oneOf"]:
                gather(one["$ref"].removeprefix("#/$defs/account."), one)
        elif "items" in node:
            gather(header, node["items"])
        elif "properties" in node:
            found[header] = set(node["properties"])
            for key, inner in node["properties"].items():
                gather(key, inner)

    for key, node in whole["properties"].items():
        gather(key, node)
    return found


def written(tree: dict[str, Any], header: str = "") -> Iterator[tuple[str, str]]:
    for key, value in tree.items():
        yield header, key
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from written(inner, inner.get("kind", key))


def whole_example() -> str:
    return COMMENTED.sub(r"\1", EXAMPLE.read_text("utf-8"))


def test_the_example_loads_as_it_is_given() -> None:
    settings = load(EXAMPLE)
    assert [account.kind for account in settings.accounts] == ["gmail", "outlook", "files"]
    assert [account["drafts"] for account in show(settings)["accounts"]] == [True, True, "~/Mail/Drafts"]


def test_the_example_loads_with_all_its_comments_taken_away(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text(whole_example().partition("# coming: other kinds")[0], "utf-8")
    settings = load(path)
    assert settings.writing.model is not None
    assert settings.people[1].tags == ("lunar-new-year",)


def test_every_key_there_is_stands_in_the_example() -> None:
    there = set(written(tomllib.loads(whole_example())))
    missing = {(section, key) for section, keys in known().items() for key in keys} - there
    assert missing == set()


def test_what_is_commented_in_the_example_is_the_default_unless_it_says_otherwise() -> None:
    """A reader takes a commented key for the default."""
    defaults = show(Settings())
    section, checked = "", 0
    for line in EXAMPLE.read_text("utf-8").partition("# coming: other kinds")[0].split("\n"):
        if header := re.match(r"(?:# )?\[+([\w.]+)\]", line):
            section = header[1]
        if kind := re.match(r'kind = "(\w+)"', line):
            fields = connectors.load(kind[1]).settings.model_fields
            defaults[section] = {"enabled": True} | {key: field.default for key, field in fields.items()}
        keys = defaults.get(section)
        match = re.match(r"# (?:coming: )?(\w+ = .*)", line)
        if match and isinstance(keys, dict) and "example" not in line:
            ((key, value),) = tomllib.loads(match[1]).items()
            told = Span.parse(value) if key in {"horizon", "dormant", "every"} else value
            assert str(keys[key]) == str(told), line
            checked += 1
    assert checked == 24


def test_the_first_line_names_the_schema_to_editors() -> None:
    assert EXAMPLE.read_text("utf-8").startswith("#:schema ./config.schema.json\n")


@pytest.mark.parametrize("section", sorted(known()))
def test_every_key_is_explained_in_the_reference(section: str) -> None:
    text = (ROOT / "docs" / "config.md").read_text("utf-8")
    keys = known()[section] - {"me", "rhythm", "contact", "greetings", "writing", "service", "secrets"}
    missing = [key for key in keys if f"`{key}`" not in text and f"[{key}]" not in text and f".{key}]" not in text]
    assert missing == []
