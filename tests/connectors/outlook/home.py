"""An Outlook account of Robin's at the fake Graph, signed in, and auld's side of it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from connectors import load
from connectors.base import Account, Connector, DraftBox, Host, Source
from connectors.outlook import tokens
from connectors.types import Batch, Mail, Meeting
from tests.connectors.gmail.home import Held
from tests.graph import Graph
from tests.graph.client import SCOPES, cache


class Home:
    """One account over one Graph; `account()` opens it anew, as a new process would."""

    def __init__(self, graph: Graph, folder: Path, **settings: Any) -> None:
        self.graph = graph
        self.secrets = Held()
        self.connector: Connector[Any] = load("outlook")
        self.host = Host(self.secrets, graph.clock.now, folder, "work", graph.clock.tick, graph.clock.wait)
        keys = {"client_id": graph.login.client_id, "authority": graph.authority, "api_url": graph.url} | settings
        self.settings = self.connector.settings(**keys)

    def sign_in(self, scopes: Sequence[str] = SCOPES, addresses: tuple[str, ...] = ("robin@example.com",)) -> None:
        """Have what a sign-in leaves behind, without a browser."""
        kept = tokens.SignIn(cache(self.graph, scopes), "mark", self.graph.clock.now(), addresses)
        tokens.keep(self.host, kept)
        self.graph.log.clear()

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
    """Yield a signed-in account at a new Graph, made with `keys`."""
    with Graph(**keys) as graph:
        home = Home(graph, folder)
        home.sign_in()
        yield home


def told(batches: Sequence[Batch[Mail]]) -> list[str]:
    """Return the Message-IDs of all mails, sorted, each as often as it was told."""
    return sorted(mail.message_id for batch in batches for mail in batch.items)
