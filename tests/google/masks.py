"""Partial answers: the `fields` parameter, parsed, held against the answer's schema, and applied."""

import re
from typing import Any

from tests.google.answers import Json, bad

Tree = dict[str, "Tree | None"]

_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|[*(),/]")


def _tokens(mask: str) -> list[str]:
    found = _TOKEN.findall(mask)
    if "".join(found) != mask.replace(" ", ""):
        raise bad(f"Invalid field selection {mask}", "invalidParameter", "fields")
    return found


class _Parser:
    def __init__(self, mask: str) -> None:
        self.mask = mask
        self.rest = _tokens(mask)[::-1]

    def fail(self) -> Exception:
        return bad(f"Invalid field selection {self.mask}", "invalidParameter", "fields")

    def take(self, wanted: str) -> bool:
        if self.rest and self.rest[-1] == wanted:
            self.rest.pop()
            return True
        return False

    def selection(self) -> Tree:
        """Read ``one,two(three),four/five``."""
        tree: Tree = {}
        while True:
            self.path(tree)
            if not self.take(","):
                return tree

    def path(self, into: Tree) -> None:
        if not self.rest or self.rest[-1] in "(),/":
            raise self.fail()
        name = self.rest.pop()
        below: Tree | None = None
        if self.take("/"):
            below = {}
            self.path(below)
        elif self.take("("):
            below = self.selection()
            if not self.take(")"):
                raise self.fail()
        before = into.get(name, {})
        into[name] = None if below is None or before is None else {**before, **below}


def _hold(tree: Tree, schema: Json, schemas: Json, mask: str) -> None:
    while "$ref" in schema or "items" in schema:
        schema = schemas[schema["$ref"]] if "$ref" in schema else schema["items"]
    known: Json = schema.get("properties", {})
    for name, below in tree.items():
        if name != "*" and name not in known and "additionalProperties" not in schema:
            raise bad(f"Invalid field selection {name}", "invalidParameter", "fields")
        if below is None:
            continue
        several: list[Json] = (
            list(known.values()) if name == "*" else [known.get(name) or schema["additionalProperties"]]
        )
        for inner in several:
            if not {"$ref", "items", "properties", "additionalProperties"} & set(inner):
                raise bad(f"Invalid field selection {mask}", "invalidParameter", "fields")
            if name != "*":
                _hold(below, inner, schemas, mask)


def parse(mask: str, schema: Json | None, schemas: Json) -> Tree:
    """Return `mask` as a tree; a mask that is none, or names what the answer does not have, is refused."""
    parser = _Parser(mask)
    tree = parser.selection()
    if parser.rest:
        raise parser.fail()
    if schema is not None:
        _hold(tree, schema, schemas, mask)
    return tree


def apply(tree: Tree | None, value: Any) -> Any:
    """Return what `tree` leaves of `value`."""
    if tree is None:
        return value
    if isinstance(value, list):
        return [apply(tree, one) for one in value]
    if not isinstance(value, dict):
        return value
    if "*" in tree:
        return {name: apply(tree.get(name, tree["*"]), one) for name, one in value.items()}
    return {name: apply(tree[name], value[name]) for name in value if name in tree}
