"""One call as an endpoint sees it, and what the endpoints of Gmail share."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.google.answers import Json, Refusal, bad, error, forbidden
from tests.google.mailbox import Mailbox
from tests.google.tokens import digest, unseal

METADATA = "https://www.googleapis.com/auth/gmail.metadata"
HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Ask:
    """The parameters of a call (path and query), its body, and the token's scopes."""

    params: dict[str, Any]
    body: Json
    scopes: frozenset[str]

    @property
    def limited(self) -> bool:
        """Say whether the token is held to headers and labels."""
        return METADATA in self.scopes

    def form(self) -> str:
        """Return the format asked for; one that gmail.metadata forbids is refused."""
        form = str(self.params.get("format", "full"))
        if self.limited and form in {"full", "raw"}:
            raise forbidden(f"Metadata scope doesn't allow format {form.upper()}")
        return form

    def refuse_search(self) -> None:
        """Refuse `q`: with gmail.metadata as Google does, else because this fake cannot search."""
        if "q" in self.params:
            if self.limited:
                raise forbidden("Metadata scope does not support 'q' parameter")
            raise unknown("Searching")

    def bound(self, *names: str) -> int:
        """Return what a token of these parameters is bound to."""
        return digest({name: self.params.get(name) for name in names})

    def page(self, kind: str, bound: int) -> list[Any] | None:
        """Return what the page token holds, None on the first page; one of another listing is refused."""
        if "pageToken" not in self.params:
            return None
        parts = unseal(kind, self.params["pageToken"])
        if parts is None or parts[0] != bound:
            raise bad("Invalid pageToken", location="pageToken")
        return parts[1:]


Handler = Callable[[Ask], Json | None]


def unknown(what: str) -> Refusal:
    """Return the refusal of what this fake lacks."""
    return Refusal(error(501, f"{what} is not part of this fake.", "notImplemented"))


def hexadecimal(name: object, what: str = "id") -> str:
    """Return a message or thread id; what cannot be one is refused."""
    if not isinstance(name, str) or not name or not HEX.issuperset(name) or len(name) > 16:
        raise bad(f"Invalid {what} value")
    return name


def told(mailbox: Mailbox, name: str, form: str, ask: Ask) -> Json:
    """Return a message as `ask` may see it."""
    only, plain = ask.params.get("metadataHeaders"), mailbox.headers == "raw"
    return mailbox.messages[name].told(form, only, snippet=not ask.limited, plain=plain)
