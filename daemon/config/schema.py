"""The config's JSON Schema (draft 2020-12): what editors complete and check, and where near keys are looked up.

Derived from `daemon.settings` and the settings of each kind; nothing is said twice.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from pydantic import TypeAdapter

import connectors
from daemon.config.problems import KeyPath
from daemon.settings import Settings

_ATTRIBUTE: Final = re.compile(r"^ {4}(\w+): (.+(?:\n {8}.+)*)", re.MULTILINE)
_OWN: Final = ("name", "kind", "since", "enabled")  # the keys of an account that no kind has a say in


def schema() -> dict[str, Any]:
    """Return the schema of the whole file, ready for JSON; each kind of account has its own keys."""
    root = TypeAdapter(Settings).json_schema()
    defs = root.pop("$defs")
    del root["properties"]["folder"]
    account = defs.pop("AccountSettings")
    _describe(account)
    names = []
    for kind in connectors.kinds():
        stanza, held = _stanza(kind, account)
        defs |= {f"{kind}.{name}": one for name, one in held.items()} | {f"account.{kind}": stanza}
        names.append({"$ref": f"#/$defs/account.{kind}"})
    root["properties"]["accounts"]["items"] = {"oneOf": names} if names else False
    for one in (root, *defs.values()):
        _describe(one)
    _write_defaults(root, defs)
    head = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "auld",
        "description": "The config of auld, config.toml.",
    }
    return head | {key: value for key, value in root.items() if key not in head} | {"$defs": defs}


@cache
def _schema() -> Mapping[str, Any]:
    """Return the schema to look things up in: it takes 15 ms to make, and a file can have many wrong keys."""
    return schema()


def known_keys(path: KeyPath, tree: Mapping[str, Any]) -> list[str]:
    """Return the keys that the table at `path` may have; none if it is not known which."""
    whole = _schema()
    nodes = [whole]
    place: Any = tree
    for step in path:
        place = place[step]
        nodes = [
            inner
            for node in nodes
            for inner in _resolved(node["properties"].get(step) if isinstance(step, str) else node["items"], whole)
            if _fits(inner, place)
        ]
    return list(dict.fromkeys(key for node in nodes for key in node.get("properties", ())))


def sections() -> Mapping[str, list[str]]:
    """Return for each section of the file that is no account its keys, by the section's header."""
    whole = _schema()
    found: dict[str, list[str]] = {}
    for name, property_ in whole["properties"].items():
        for node in _resolved(property_, whole):
            header = f"[[{name}]]" if "items" in node else f"[{name}]"
            for table in _resolved(node["items"], whole) if "items" in node else [node]:
                if "properties" in table and "kind" not in table["properties"]:
                    found[header] = list(table["properties"])
    return found


def _stanza(kind: str, account: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the schema of one kind's stanza and the definitions it refers to."""
    own = connectors.load(kind).settings.model_json_schema(ref_template=f"#/$defs/{kind}.{{model}}")
    held = own.pop("$defs", {})
    _describe(own)
    properties = {key: account["properties"][key] for key in _OWN}
    properties["kind"] = {"const": kind, "description": properties["kind"]["description"]}
    stanza = {
        "type": "object",
        "additionalProperties": False,
        "properties": properties | own.get("properties", {}),
        "required": [*account["required"], *own.get("required", ())],
    }
    return ({"description": own["description"]} if "description" in own else {}) | stanza, held


def _describe(node: dict[str, Any]) -> None:
    """Move what a docstring says of attributes to the properties, and drop what helps no reader."""
    text = node.get("description", "")
    summary, _, attributes = text.partition("\n\nAttributes:\n")
    if summary:
        node["description"] = " ".join(summary.split("\n\n")[0].split()).replace("``", "")
    words = {name: " ".join(words.split()) for name, words in _ATTRIBUTE.findall(attributes)}
    node.pop("title", None)
    for name, property_ in node.get("properties", {}).items():
        property_.pop("title", None)
        if name in words:
            property_["description"] = words[name]
        # TOML has no null: a key that may be left out is what it is when it is there.
        choices = [one for one in property_.get("anyOf", ()) if one != {"type": "null"}]
        if len(choices) == 1:
            del property_["anyOf"]
            property_.update(choices[0])
        if "$ref" in property_ or property_.get("default", "") in ("", None, []):
            property_.pop("default", None)


def _write_defaults(root: Mapping[str, Any], defs: Mapping[str, Any]) -> None:
    """Give defaults as one would write them: "2 weeks", not so many months, days and minutes."""
    written = TypeAdapter(Settings).dump_python(Settings(), mode="json", by_alias=True)
    for section, property_ in root["properties"].items():
        if "$ref" in property_:
            for key, one in next(_resolved(property_, {"$defs": defs}))["properties"].items():
                if "default" in one:
                    one["default"] = written[section][key]


def _resolved(node: Mapping[str, Any] | None, whole: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the plain schemas that `node` stands for: references followed, choices each on its own."""
    if not node:
        return
    if "$ref" in node:
        yield from _resolved(whole["$defs"][node["$ref"].removeprefix("#/$defs/")], whole)
        return
    choices = [*node.get("anyOf", ()), *node.get("oneOf", ())]
    for choice in choices:
        yield from _resolved(choice, whole)
    if not choices:
        yield dict(node)


def _fits(node: Mapping[str, Any], place: object) -> bool:
    """Tell whether `place` may be meant by `node`: a stanza of another kind is not."""
    if isinstance(place, list):
        return "items" in node
    if not isinstance(place, dict) or "properties" not in node:
        return False
    const = node["properties"].get("kind", {}).get("const")
    return const is None or const == place.get("kind")
