"""One call of Microsoft Graph, not made yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `path` is below ``/v1.0``, or a whole link that Graph gave. `prefer` are wishes beside ImmutableId."""

    verb: str
    path: str
    body: Mapping[str, Any] | None = None
    prefer: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
