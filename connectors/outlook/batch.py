"""Several reads in one request (https://learn.microsoft.com/graph/json-batching), each answered for itself.

Each part waits for the one before it. Side by side, parts could go beyond the four calls at a time that a mailbox has:
Graph's documentation has it send four of them at a time, but people see the others refused. And of the orders that
would keep to four, the documentation knows only this one. So a batch is one call at a time, whatever is in it.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import orjson

from connectors.outlook.call import Call
from connectors.outlook.faults import odd

MOST: Final = 20
"""How many parts a batch may have."""
PATH: Final = "/$batch"
_IMMUTABLE: Final = 'IdType="ImmutableId"'
_NUMBER: Final = re.compile(r"[0-9]{1,3}")

Part = tuple[int, dict[str, str], object]
"""Status, headers (names in lower case) and document of one part."""


def write_batch(calls: Sequence[Call]) -> Call:
    """Return the call that makes some reads."""
    parts: list[dict[str, Any]] = []
    for number, call in enumerate(calls):
        part: dict[str, Any] = {
            "id": str(number),
            "method": call.verb,
            "url": call.path,
            "headers": {"Prefer": ", ".join((_IMMUTABLE, *call.prefer))},
        }
        if number:
            part["dependsOn"] = [str(number - 1)]
        parts.append(part)
    return Call("POST", PATH, {"requests": parts})


def read_batch(document: object, count: int) -> list[Part | None]:
    """Return the parts of an answer in the order of the calls; None for one that is missing or of an odd shape.

    Raises:
        Lost: it is no answer to a batch.
    """
    told = document.get("responses") if isinstance(document, Mapping) else None
    if not isinstance(told, list):
        raise odd()
    parts: list[Part | None] = [None] * count
    for number, part in _parts(told):
        if 0 <= number < count:
            parts[number] = part
    return parts


def _parts(told: list[object]) -> Iterator[tuple[int, Part]]:
    for one in told:
        if not isinstance(one, Mapping):
            continue
        number, status, headers = one.get("id"), one.get("status"), one.get("headers")
        if isinstance(number, str) and _NUMBER.fullmatch(number) and type(status) is int:
            fields = headers if isinstance(headers, Mapping) else {}
            names = {str(name).lower(): str(value) for name, value in fields.items()}
            yield int(number), (status, names, one.get("body"))


def read_document(content: bytes) -> object:
    """Return what an answer's JSON says, None if it is none."""
    try:
        return orjson.loads(content)
    except ValueError:
        pass
    try:
        # What the other is too strict for: half of a surrogate pair, which a broken mail's subject may well have.
        return json.loads(content)
    except (ValueError, RecursionError):
        return None
