"""What a sign-in consists of."""

from dataclasses import dataclass, field

from tests.google.answers import Refusal, json


@dataclass(eq=False)
class Grant:
    """What the user allowed once. All its tokens die together."""

    scopes: frozenset[str]
    at: float
    dead: bool = False
    refresh: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Access:
    """An access token: what it may, and until which tick."""

    grant: Grant
    scopes: frozenset[str]
    until: float


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code, and what it is bound to."""

    grant: Grant
    redirect: str
    challenge: str
    offline: bool
    until: float


def refusal(status: int, name: str, text: str) -> Refusal:
    """Return an error as the authorization server words it."""
    return Refusal(json({"error": name, "error_description": text}, status))
