"""The methods of the two APIs as their discovery documents tell them, and what these documents refuse."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from urllib.parse import parse_qs, unquote

import orjson

from tests.google.answers import Json, bad
from tests.google.masks import Tree, parse

Params = dict[str, Any]

_MAXIMUM = re.compile(r"(?:maximum allowed value for this field is|can never be larger than) (\d[\d,]*)")
_RANGES = {"uint32": (0, 2**32 - 1), "int32": (-(2**31), 2**31 - 1), "uint64": (0, 2**64 - 1)}
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
    "number": (int, float),
}


@dataclass(frozen=True, slots=True)
class Method:
    """One method: `id` as in the document, the scopes of which a token needs one, its parameters and schemas."""

    id: str
    api: str
    verb: str
    segments: tuple[re.Pattern[str], ...]
    literal: int
    parameters: Json
    scopes: frozenset[str]
    request: Json | None
    response: Json | None
    schemas: Json
    upload: bool

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """Return the parameters in the path, None if it is not this method's."""
        found: dict[str, str] = {}
        for pattern, segment in zip(self.segments, segments, strict=True):
            fit = pattern.fullmatch(segment)
            if fit is None:
                return None
            found |= {name: unquote(value) for name, value in fit.groupdict().items()}
        return found


def _segment(template: str) -> re.Pattern[str]:
    return re.compile(
        "".join(
            f"(?P<{piece[1:-1]}>.+)" if piece.startswith("{") else re.escape(piece)
            for piece in re.split(r"(\{\w+\})", template)
        )
    )


def _methods(document: Json) -> Iterator[Method]:
    def walk(node: Json) -> Iterator[Json]:
        yield from node.get("methods", {}).values()
        for inner in node.get("resources", {}).values():
            yield from walk(inner)

    for told in walk(document):
        path = document["servicePath"] + told["path"]
        segments = path.split("/")
        yield Method(
            told["id"],
            document["name"],
            told["httpMethod"],
            tuple(_segment(one) for one in segments),
            sum("{" not in one for one in segments),
            document["parameters"] | told.get("parameters", {}),
            frozenset(told.get("scopes", ())),
            told.get("request"),
            told.get("response"),
            document["schemas"],
            "mediaUpload" in told,
        )


@cache
def _known() -> tuple[dict[tuple[str, int], list[Method]], dict[str, Method], frozenset[str]]:
    folder = files("googleapiclient") / "discovery_cache" / "documents"
    by_shape: dict[tuple[str, int], list[Method]] = {}
    by_id: dict[str, Method] = {}
    scopes: set[str] = set()
    for name in ("gmail.v1.json", "calendar.v3.json"):
        document = orjson.loads((folder / name).read_bytes())
        scopes |= set(document["auth"]["oauth2"]["scopes"])
        for method in _methods(document):
            by_shape.setdefault((method.verb, len(method.segments)), []).append(method)
            by_id[method.id] = method
    for several in by_shape.values():
        several.sort(key=lambda one: -one.literal)
    return by_shape, by_id, frozenset(scopes)


def scopes() -> frozenset[str]:
    """Return every scope the two APIs know."""
    return _known()[2]


def find(verb: str, path: str) -> tuple[Method, dict[str, str]] | None:
    """Return the method of a path with the parameters in it, None if there is none."""
    segments = path.removeprefix("/").split("/")
    for method in _known()[0].get((verb, len(segments)), ()):
        found = method.match(segments)
        if found is not None:
            return method, found
    return None


def _unknown(name: str) -> Exception:
    text = f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter.'
    return bad(f"{text} Field '{name}' could not be found in request message.")


def _integer(name: str, text: str, told: Json) -> int:
    low, high = _RANGES.get(told.get("format", "int32"), _RANGES["int32"])
    limit = _MAXIMUM.search(told.get("description", ""))
    if not re.fullmatch(r"-?\d+", text) or not low <= int(text) <= high:
        raise bad(f"Invalid value at '{name}' (TYPE_{told.get('format', 'int32').upper()}), \"{text}\"")
    if name == "maxResults" and (int(text) < 1 or (limit and int(text) > int(limit[1].replace(",", "")))):
        raise bad(f"Invalid value for {name}: {text}. It must be between 1 and the documented maximum.")
    return int(text)


def _value(name: str, text: str, told: Json) -> str | int | bool:
    kind, form = told["type"], told.get("format")
    if "enum" in told and text not in told["enum"]:
        raise bad(f"Invalid value at '{name}' (TYPE_ENUM), \"{text}\"")
    if kind == "boolean":
        if text not in {"true", "false"}:
            raise bad(f"Invalid value at '{name}' (TYPE_BOOL), \"{text}\"")
        return text == "true"
    if kind == "integer" or form == "uint64":
        return _integer(name, text, told)
    if form == "date-time":
        try:
            aware = datetime.fromisoformat(text).tzinfo is not None and "T" in text
        except ValueError:
            aware = False
        if not aware:
            raise bad(f"Invalid value for {name}: {text}. It must be an RFC3339 timestamp with an offset.")
    return text


@lru_cache(maxsize=4096)
def _params(method_id: str, query: str) -> tuple[Params, Tree | None]:
    method = _known()[1][method_id]
    given: dict[str, list[str]] = {}
    if query:
        try:
            given = parse_qs(query, keep_blank_values=True, strict_parsing=True, errors="strict")
        except ValueError:
            raise bad("Invalid query string.", "badRequest") from None
    params: Params = {}
    for name, values in given.items():
        told = method.parameters.get(name)
        if told is None or told.get("location", "query") != "query":
            raise _unknown(name)
        read = [_value(name, text, told) for text in values]
        if not told.get("repeated") and len(read) > 1:
            raise bad(f"Invalid value at '{name}': the parameter is not repeated.")
        params[name] = read if told.get("repeated") else read[0]
    for name, told in method.parameters.items():
        needed = told.get("required") or told.get("description", "").startswith("Required.")
        if needed and told.get("location") != "path" and name not in params:
            raise bad(f"Missing required parameter: {name}", "required", name)
        if name not in params and told.get("location") == "query" and "default" in told:
            params[name] = _value(name, told["default"], told)
    mask = parse(params["fields"], method.response, method.schemas) if "fields" in params else None
    return params, mask


def params(method: Method, query: str) -> tuple[Params, Tree | None]:
    """Return the parameters of a query, each in its type, and the mask; what the document does not know is refused."""
    found, mask = _params(method.id, query)
    return dict(found), mask


def _hold(value: Any, schema: Json, schemas: Json, where: str) -> None:
    if "$ref" in schema:
        schema = schemas[schema["$ref"]]
    kind = schema.get("type", "any")
    if kind in _TYPES and not isinstance(value, _TYPES[kind]):
        raise bad(f"Invalid value at '{where}' ({kind})")
    if kind == "array":
        for one in value:
            _hold(one, schema["items"], schemas, where)
    if kind == "object" and "properties" in schema:
        for name, one in value.items():
            if name not in schema["properties"]:
                text = f"Invalid JSON payload received. Unknown name \"{name}\" at '{where}'"
                raise bad(f"{text}: Cannot find field.")
            _hold(one, schema["properties"][name], schemas, f"{where}.{name}")


def body(method: Method, sent: bytes, kind: str) -> Json:
    """Return the JSON a method was sent; what its schema does not know is refused."""
    if method.request is None:
        if sent:
            raise bad("Invalid JSON payload received. The method takes no body.")
        return {}
    if not sent:
        return {}
    if not kind.startswith("application/json"):
        raise bad(f"Content-Type {kind or 'missing'}: application/json is expected.", "badContent")
    try:
        value = orjson.loads(sent)
    except orjson.JSONDecodeError:
        raise bad("Invalid JSON payload received. Parse error.", "parseError") from None
    _hold(value, method.request, method.schemas, method.request["$ref"].lower())
    assert isinstance(value, dict)
    return value
