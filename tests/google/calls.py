"""What was asked of the server."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

import orjson

if TYPE_CHECKING:
    from tests.google.faults import Fault


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, or one part of a batch. The names of its headers are in small letters."""

    verb: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes


@dataclass(slots=True, eq=False)
class Call:
    """One call in the log: an API call (alone or a part of a batch), or one to the batch or token endpoint.

    `method` is the id of the discovery document ("gmail.users.messages.get"), "batch", "oauth.auth", "oauth.token",
    "oauth.revoke", or ``""`` for a path that nothing has. `status` is what was answered: 0 while it is under way, and
    for good when the connection was broken instead. `units` is the quota it was charged. `at` is the tick. `request`
    numbers the HTTP request it came with; `part` is its place in the batch, None for a call alone.
    """

    method: str
    verb: str
    path: str
    query: dict[str, list[str]]
    body: bytes
    at: float
    request: int
    part: int | None = None
    status: int = 0
    units: int = 0
    fault: "Fault | None" = None

    @property
    def json(self) -> Any:
        """Return the body, read as JSON."""
        return orjson.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        """Return the body, read as a form."""
        return {name: values[-1] for name, values in parse_qs(self.body.decode()).items()}
