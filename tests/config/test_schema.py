"""The JSON Schema says what the file may hold, in words for the user."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from daemon.config import schema

Node = dict[str, Any]


def properties(node: Node) -> Iterator[tuple[str, Node]]:
    """Yield each key of the file and of its sections, with what is said of it."""
    whole = node
    tables = [whole, *(one for name, one in whole["$defs"].items() if "." not in name)]
    for table in tables:
        for key, one in table["properties"].items():
            yield f"{table.get('description', '')[:20]}: {key}", one


@pytest.mark.usefixtures("kinds")
def test_each_kind_of_account_has_its_own_keys() -> None:
    whole = schema()
    branches = whole["properties"]["accounts"]["items"]["oneOf"]
    stanzas = [whole["$defs"][branch["$ref"].removeprefix("#/$defs/")] for branch in branches]
    assert [stanza["properties"]["kind"]["const"] for stanza in stanzas] == ["post", "shelf"]
    post, shelf = stanzas
    assert post["required"] == ["name", "kind", "host"]
    assert shelf["required"] == ["name", "kind"]
    assert list(shelf["properties"]) == ["name", "kind", "since", "enabled", "sent", "drafts"]
    assert not post["additionalProperties"]
    assert post["properties"]["host"]["description"] == "The post office."
    assert shelf["properties"]["sent"]["description"] == "Where the letters you sent lie."
    assert post["properties"]["lock"] == {"$ref": "#/$defs/post.Lock"}
    assert whole["$defs"]["post.Lock"]["properties"]["turns"]["type"] == "integer"


def test_every_key_has_a_description() -> None:
    assert [key for key, one in properties(schema()) if not one.get("description")] == []


def test_no_description_speaks_of_the_code() -> None:
    text = json.dumps(schema())
    assert "Attributes:" not in text
    assert "``" not in text


def test_every_reference_leads_somewhere() -> None:
    whole = schema()

    def references(node: object) -> Iterator[str]:
        if isinstance(node, dict):
            yield from ([node["$ref"]] if "$ref" in node else [])
            for one in node.values():
                yield from references(one)
        elif isinstance(node, list):
            for one in node:
                yield from references(one)

    named = {name.removeprefix("#/$defs/") for name in references(whole)}
    assert named == set(whole["$defs"])


def test_the_keys_are_those_of_the_file() -> None:
    whole = schema()
    assert whole["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "folder" not in whole["properties"]
    assert "options" not in json.dumps(whole)
    assert list(whole["$defs"]["News"]["properties"]) == ["text", "from", "until"]


def test_defaults_are_written_as_one_writes_them() -> None:
    rhythm = schema()["$defs"]["Rhythm"]["properties"]
    assert rhythm["horizon"]["default"] == "2 weeks"
    assert rhythm["hours"]["default"] == "08:00-18:00"
    assert "null" not in json.dumps(schema())
