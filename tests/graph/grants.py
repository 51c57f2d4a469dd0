"""What a sign-in consists of, and the scopes there are."""

from dataclasses import dataclass, field
from typing import Final, Literal

from tests.google.answers import Refusal
from tests.graph.answers import signin_error

OIDC: Final = frozenset({"openid", "profile", "offline_access", "email"})
KNOWN: Final = frozenset({
    "User.Read", "Mail.ReadBasic", "Mail.Read", "Mail.ReadWrite", "Mail.Send", "MailboxSettings.Read",
    "Calendars.ReadBasic", "Calendars.Read", "Calendars.ReadWrite", "Contacts.Read", "People.Read",
})  # fmt: skip
DEVICE: Final = "urn:ietf:params:oauth:grant-type:device_code"


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
    asked: tuple[str, ...]
    redirect: str
    challenge: str
    nonce: str
    until: float


@dataclass(slots=True)
class Device:
    """A device code: what was asked, and what the user did with it so far."""

    user_code: str
    asked: tuple[str, ...]
    until: float
    interval: float
    polled: float
    polls: int = 0
    state: Literal["pending", "allowed", "declined", "used"] = "pending"


def refusal(status: int, name: str, code: int, text: str, suberror: str = "") -> Refusal:
    """Return an error as the token endpoint words it."""
    return Refusal(signin_error(status, name, code, text, suberror))


def short(scope: str) -> str:
    """Return a scope without its resource."""
    return scope.rpartition("/")[2]


def asked(text: str) -> tuple[str, ...]:
    """Return the scopes of a request; those that nothing has are refused."""
    wanted = tuple(text.split())
    wrong = sorted(one for one in wanted if short(one) not in KNOWN | OIDC)
    if wrong or not wanted:
        why = f"The provided value for the input parameter 'scope' is not valid. Unknown: {' '.join(wrong)}."
        raise refusal(400, "invalid_scope", 70011, why)
    return wanted
