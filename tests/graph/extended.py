"""Extended properties: "String {GUID} Name AuldKey", on a message and in `$expand`."""

import re
from typing import Final

from tests.graph.answers import bad, unknown

_GUID: Final = r"\{[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\}"
_NAMED: Final = rf"(?P<guid>{_GUID}) (?P<how>Name|Id) (?P<name>\S+)"
_ID: Final = re.compile(rf"(?P<type>[A-Za-z]+) (?:{_NAMED}|0x[0-9A-Fa-f]+)")
_EXPAND: Final = re.compile(r"singleValueExtendedProperties\(\s*\$filter\s*=\s*id\s+eq\s+'([^']*)'\s*\)")


def normal(text: str) -> str:
    """Return an extended property's id as Graph tells it: the GUID in small letters. What is none is refused."""
    match = _ID.fullmatch(text)
    if match is None:
        raise bad("PropertyId values may only be in one of the known formats.", "ErrorInvalidArgument")
    if match["type"] != "String" or match["how"] != "Name":
        raise unknown("An extended property other than 'String {GUID} Name …'")
    return f"String {match['guid'].lower()} Name {match['name']}"


def expanded(text: str | None) -> str | None:
    """Return the id of the extended property that `$expand` asks for."""
    if text is None:
        return None
    match = _EXPAND.fullmatch(text.strip())
    if match is None:
        if text.startswith("singleValueExtendedProperties"):
            raise bad("Expand of extended properties needs a filter by id.", "ErrorInvalidArgument")
        raise unknown(f"'{text}' in $expand")
    return normal(match[1])
