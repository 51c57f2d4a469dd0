"""A Gmail account of Robin's at the fake Google, signed in, and auld's side of it."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from connectors import load
from connectors.base import Account, Connector, DraftBox, Host, Source
from connectors.gmail import tokens
from connectors.types import Batch, Mail, Meeting
from tests.google import Google
from tests.google.client import SCOPES


class Held:
    """Secrets in memory; `kept` tells all that were ever put, in order."""

    def __init__(self) -> None:
        self.now: dict[str, str] = {}
        self.kept: list[str] = []

    def get(self, name: str) -> str | None:
        return self.now.get(name)

    def put(self, name: str, value: str) -> None:
        self.now[name] = value
        self.kept.append(value)

    def drop(self, name: str) -> None:
        self.now.pop(name, None)

    def alone(self) -> AbstractContextManager[None]:
        return nullcontext()


class Home:
    """One account over one Google; `account()` opens it anew, as a new process would."""

    def __init__(self, google: Google, folder: Path, **settings: Any) -> None:
        self.google = google
        self.secrets = Held()
        self.client_file = google.oauth.client_file(folder)
        self.connector: Connector[Any] = load("gmail")
        self.host = Host(self.secrets, google.clock.now, folder, "home", google.clock.tick, google.clock.wait)
        keys = {"client_secret": self.client_file.name, "api_url": google.url} | settings
        self.settings = self.connector.settings(**keys)

    def sign_in(self, scopes: Sequence[str] = SCOPES, email: str = "robin@example.com") -> None:
        """Have what a sign-in leaves behind, without a browser."""
        told = self.google.oauth.sign_in(scopes)
        kept = tokens.SignIn(
            told["refresh_token"], told["access_token"], None, tuple(scopes), self.google.clock.now(), email
        )
        tokens.keep(self.host, kept)

    def account(self) -> Account:
        return self.connector.open(self.settings, self.host)

    @property
    def mail(self) -> Source[Mail]:
        source = self.account().mail
        assert source is not None
        return source

    @property
    def calendar(self) -> Source[Meeting]:
        source = self.account().calendar
        assert source is not None
        return source

    @property
    def drafts(self) -> DraftBox:
        box = self.account().drafts
        assert box is not None
        return box

    def read(self, cursor: str | None = None) -> list[Batch[Mail]]:
        return list(self.mail.changes(cursor, None))


@contextmanager
def signed_in(folder: Path, **keys: Any) -> Iterator[Home]:
    """Yield a signed-in account at a new Google, made with `keys`."""
    with Google(**keys) as google:
        home = Home(google, folder)
        home.sign_in()
        yield home


def told(batches: Sequence[Batch[Mail]]) -> list[str]:
    """Return the Message-IDs of all mails, sorted, each as often as it was told."""
    return sorted(mail.message_id for batch in batches for mail in batch.items)
