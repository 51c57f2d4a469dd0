"""`$filter` and `$orderby` over messages, as far as this fake goes: comparisons joined by "and", one form of any."""

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, Final

from tests.graph import names
from tests.graph.answers import bad, unknown
from tests.graph.extended import normal
from tests.graph.messages import PROPERTIES, Message

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<any>singleValueExtendedProperties/any\(\s*(?P<var>\w+)\s*:\s*(?P=var)/id\s+eq\s+'(?P<id>(?:[^']|'')*)'"
    r"\s+and\s+(?P=var)/value\s+eq\s+'(?P<value>(?:[^']|'')*)'\s*\))"
    r"|(?P<paren>[(),])|'(?P<text>(?:[^']|'')*)'|(?P<time>\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d))?)"
    r"|(?P<word>[A-Za-z_][\w/]*))",
    re.IGNORECASE,
)
_COMPARE: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "eq": operator.eq, "ne": operator.ne, "gt": operator.gt, "ge": operator.ge, "lt": operator.lt, "le": operator.le,
}  # fmt: skip
_ADDRESS: Final = {"from/emailAddress/address", "sender/emailAddress/address"}
_TIMES: Final = {"receivedDateTime", "sentDateTime"}
_FLAGS: Final = {"isDraft", "isRead"}
_GET: Final[dict[str, Callable[[Message], Any]]] = {
    "receivedDateTime": lambda it: it.received,
    "sentDateTime": lambda it: it.sent,
    "isDraft": lambda it: it.draft,
    "isRead": lambda it: it.read,
    "internetMessageId": lambda it: it.message_id,
    "parentFolderId": lambda it: it.folder.id,
    "conversationId": lambda it: names.conversation(it.conversation),
    "subject": lambda it: it.subject,
    **dict.fromkeys(_ADDRESS, lambda it: it.sender[1].casefold() if it.sender else ""),
}
ANY: Final = "singleValueExtendedProperties"
SYNTAX: Final = "ErrorInvalidUrlQueryFilter"


@dataclass(frozen=True, slots=True)
class Clause:
    """One comparison. For `ANY`, `value` is the pair of the property's id and its value."""

    name: str
    op: str
    value: Any

    def holds(self, message: Message) -> bool:
        if self.name == ANY:
            key, value = self.value
            return message.extended is not None and message.extended.get(key) == value
        return _COMPARE[self.op](_GET[self.name](message), self.value)


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    value: Any


def _tokens(text: str) -> list[Token]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            raise bad(f"Invalid filter clause: syntax error at position {at} in '{text}'.")
        kind = next(name for name in ("any", "paren", "text", "time", "word") if match[name] is not None)
        value: Any = match[kind]
        if kind == "any":
            value = (normal(match["id"].replace("''", "'")), match["value"].replace("''", "'"))
        elif kind == "text":
            value = value.replace("''", "'")
        elif kind == "time":
            value = instant(value)
        found.append(Token(kind, value))
        at = match.end()
    return found


def instant(text: str) -> datetime:
    """Return the moment a literal names; one that names none is refused."""
    try:
        if "T" not in text:
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        return datetime.fromisoformat(text).astimezone(UTC)
    except ValueError:
        raise bad(f"Invalid filter clause: '{text}' is no date.") from None


def parse(text: str) -> list[Clause]:
    """Return the comparisons of a filter; all of them must hold."""
    tokens = _tokens(text)
    clauses = _all(tokens)
    if tokens:
        raise bad(f"Invalid filter clause: syntax error in '{text}'.")
    return clauses


def _all(tokens: list[Token]) -> list[Clause]:
    clauses = _term(tokens)
    while tokens and tokens[0].kind == "word":
        if tokens[0].value.lower() == "or":
            raise unknown("'or' in $filter")
        if tokens.pop(0).value.lower() != "and":
            raise bad("Invalid filter clause: 'and' expected.")
        clauses += _term(tokens)
    return clauses


def _term(tokens: list[Token]) -> list[Clause]:
    if not tokens:
        raise bad("Invalid filter clause: expression expected.")
    first = tokens.pop(0)
    if first.kind == "any":
        return [Clause(ANY, "eq", first.value)]
    if first == Token("paren", "("):
        inside = _all(tokens)
        if not tokens or tokens.pop(0) != Token("paren", ")"):
            raise bad("Invalid filter clause: ')' expected.")
        return inside
    if first.kind != "word":
        raise bad("Invalid filter clause: a property is expected.")
    if first.value.lower() == "not" or (tokens and tokens[0] == Token("paren", "(")):
        raise unknown(f"'{first.value}' in $filter")
    if len(tokens) < 2 or tokens[0].value not in _COMPARE:
        raise bad("Invalid filter clause: an operator is expected.")
    return [_clause(first.value, tokens.pop(0).value, tokens.pop(0))]


def _clause(name: str, op: str, given: Token) -> Clause:
    if name not in _GET:
        if name in PROPERTIES or "/" in name:
            raise unknown(f"'{name}' in $filter")
        raise bad(f"Could not find a property named '{name}' on type 'microsoft.graph.message'.")
    value = given.value
    if name in _FLAGS and given.kind == "word" and value in {"true", "false"}:
        return Clause(name, op, value == "true")
    if given.kind != ("time" if name in _TIMES else "text") or name in _FLAGS:
        raise bad("A binary operator with incompatible types was detected.")
    return Clause(name, op, value.casefold() if name in _ADDRESS else value)


def order(text: str | None, clauses: list[Clause]) -> bool:
    """Say whether `$orderby` asks for the newest first (as it is without); an inefficient one is refused.

    Properties of `$orderby` must be in `$filter` too, before any other there, and in the same order.
    """
    if text is None:
        return True
    name, _, direction = text.strip().partition(" ")
    if direction.strip() not in {"", "asc", "desc"} or (name not in PROPERTIES and "/" not in name and "," not in name):
        raise bad(f"Could not find a property named '{name}' on type 'microsoft.graph.message'.")
    if clauses and clauses[0].name != name:
        raise bad("The restriction or sort order is too complex for this operation.", "InefficientFilter")
    if name != "receivedDateTime":
        raise unknown(f"'{text}' in $orderby")
    return direction.strip() == "desc"


def bounds(clauses: list[Clause]) -> tuple[tuple[datetime, float] | None, tuple[datetime, float] | None]:
    """Return where in order of time the messages begin and end that a filter can let through: for `bisect_left`."""
    low = [(one.value, -1.0 if one.op == "ge" else float("inf")) for one in clauses if _limits(one, {"ge", "gt"})]
    high = [(one.value, -1.0 if one.op == "lt" else float("inf")) for one in clauses if _limits(one, {"lt", "le"})]
    return max(low, default=None), min(high, default=None)


def _limits(clause: Clause, ops: set[str]) -> bool:
    return clause.name == "receivedDateTime" and clause.op in ops
