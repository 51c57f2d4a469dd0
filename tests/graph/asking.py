"""One call as an endpoint sees it: its parameters, its preferences, its body."""

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

import orjson

from tests.google.answers import Json, Reply
from tests.google.calls import Request
from tests.graph.answers import bad, unknown

MOST: Final = 1000
USUAL: Final = 10
_PREFERENCE: Final = re.compile(r'\s*([^=;,\s]+)\s*(?:=\s*("[^"]*"|[^,;\s]*))?\s*(?:[,;]|$)')


@dataclass(slots=True)
class Prefer:
    """The preferences of a request. `applied` are those the answer says it followed."""

    given: dict[str, str]
    applied: dict[str, str] = field(default_factory=dict)

    def take(self, name: str) -> str | None:
        """Return a preference, and say that it was followed."""
        value = self.given.get(name.lower())
        if value is not None:
            self.applied[name] = value
        return value


@dataclass(slots=True)
class Ask:
    """A call: where it went (`root`/`path`), what the path names, its parameters, preferences, headers and body."""

    root: str
    path: str
    named: dict[str, str]
    params: dict[str, str]
    prefer: Prefer
    headers: dict[str, str]
    body: bytes
    scopes: frozenset[str]

    @property
    def immutable(self) -> bool:
        """Say whether ids are to be immutable ones."""
        if self.prefer.given.get("idtype") == "ImmutableId":
            self.prefer.take("IdType")
            return True
        return False

    @property
    def basic(self) -> bool:
        """Say whether the token sees no bodies and no extended properties."""
        return self.scopes.isdisjoint({"Mail.Read", "Mail.ReadWrite"})

    def number(self, name: str, usual: int, least: int, most: int) -> int:
        """Return a number among the parameters."""
        text = self.params.get(name)
        if text is None:
            return usual
        if not text.isdigit() or int(text) < least:
            raise bad(f"Invalid value '{text}' for {name} query option found.")
        if int(text) > most:
            raise bad(f"The limit of '{most}' for {name[1:].title()} query has been exceeded. It is '{text}'.")
        return int(text)

    def size(self) -> int:
        """Return how many items a page is to hold: by `$top`, else by the preference."""
        return self.preferred() if "$top" not in self.params else self.number("$top", USUAL, 1, MOST)

    def preferred(self) -> int:
        """Return the page size preferred."""
        wish = self.prefer.given.get("odata.maxpagesize")
        if wish is None or not wish.isdigit() or not int(wish):
            return USUAL
        self.prefer.take("odata.maxpagesize")
        return min(MOST, int(wish))

    def select(self, known: Collection[str], kind: str) -> tuple[str, ...] | None:
        """Return the properties selected; those that nothing has are refused."""
        text = self.params.get("$select")
        if text is None:
            return None
        chosen = tuple(dict.fromkeys(one.strip() for one in text.split(",")))
        for one in chosen:
            if one not in known:
                text = f"Could not find a property named '{one}' on type 'microsoft.graph.{kind}'."
                raise bad(f"Parsing OData Select and Expand failed: {text}")
        return chosen

    def next_link(self, **changed: str) -> str:
        """Return the link of the next page: this request with other parameters."""
        query = self.params | {f"${name}": value for name, value in changed.items()}
        path = quote(self.path, safe="/()'%=")  # it is quoted already, if not all of it
        return f"{self.root}{path}?{urlencode(query, quote_via=quote, safe='')}"

    def json(self) -> Json:
        """Return the body; anything but a JSON object is refused."""
        if not self.headers.get("content-type", "").lower().startswith("application/json"):
            if self.headers.get("content-type", "").lower().startswith("text/plain"):
                raise unknown("A message in MIME")
            raise bad(
                "Write request must contain the Content-Type header declaration: application/json.", "RequestBodyRead"
            )
        try:
            value: Any = orjson.loads(self.body or b"{}")
        except orjson.JSONDecodeError:
            raise bad("Unable to read JSON request payload.", "RequestBodyRead") from None
        if not isinstance(value, dict):
            raise bad("Unable to read JSON request payload.", "RequestBodyRead")
        return value


Handler = Callable[[Ask], Reply]


def params(request: Request, allowed: Collection[str]) -> dict[str, str]:
    """Return the parameters of a request; those the endpoint does not take are refused."""
    found: dict[str, str] = {}
    for name, value in parse_qsl(request.query, keep_blank_values=True):
        if name in found:
            raise bad(f"Query option '{name}' was specified more than once, but it must be specified at most once.")
        if name not in allowed:
            if name in {"$count", "$search", "$expand", "$filter", "$orderby"}:
                raise unknown(f"'{name}' here")
            raise bad(f"The query parameter '{name}' is not supported here.", "ErrorInvalidUrlQuery")
        found[name] = value
    return found


def prefer(request: Request) -> Prefer:
    """Return the preferences of a request."""
    found = _PREFERENCE.findall(request.headers.get("prefer", ""))
    return Prefer({name.lower(): value.strip('"') for name, value in found})
