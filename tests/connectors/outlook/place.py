"""A whole auld over the fake Graph, and if wished a fake Google beside it: a config, the commands, virtual time."""

import os
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from connectors.base import Host
from connectors.gmail import tokens as google_tokens
from connectors.outlook import tokens as graph_tokens
from daemon.secrets import FileSecrets
from tests.cli.archive import ANA, NOW, ROBIN, Ran, listed, run
from tests.google import Google
from tests.google.client import SCOPES as GOOGLE_SCOPES
from tests.graph import Graph
from tests.graph.client import cache
from tests.graph.messages import Message


class Place:
    """Robin's home: the account "work" at Graph, and "home" at Google if there is one. Time passes only by `later`."""

    def __init__(self, path: Path, graph: Graph, google: Google | None = None) -> None:
        self.path, self.graph, self.google = path, graph, google
        self.config, self.state = path / "config.toml", path / "state"
        self._number = 0
        graph.login.refresh_lifetime = None
        if google is not None:
            google.oauth.client_file(path)
        self.configure(listed("Ana Lima"))

    def configure(self, extra: str = "", *, work: str = "", first: str = "work") -> None:
        """Write the config: `work` inside the stanza of that account, `extra` at the end; `first` stands before."""
        stanzas = {
            "work": f'[[accounts]]\nname = "work"\nkind = "outlook"\nclient_id = "{self.graph.login.client_id}"\n'
            f'authority = "{self.graph.authority}"\napi_url = "{self.graph.url}"\n{work}\n'
        }
        if self.google is not None:
            stanzas["home"] = (
                '[[accounts]]\nname = "home"\nkind = "gmail"\nclient_secret = "client_secret.json"\n'
                f'api_url = "{self.google.url}"\n'
            )
        accounts = "".join(stanzas[name] for name in sorted(stanzas, key=lambda name: name != first))
        me = 'state = "state"\n[me]\nname = "Robin Park"\ntimezone = "Europe/Amsterdam"\n'
        self.config.write_text(f"{me}{accounts}{extra}\n", encoding="utf-8")

    def sign_in(self) -> None:
        """Have what a sign-in leaves behind in each account, without a browser."""
        now = self.graph.clock.now()
        host = Host(FileSecrets(self.state / "secrets" / "work"), self.graph.clock.now, self.path, "work")
        graph_tokens.keep(host, graph_tokens.SignIn(cache(self.graph), "mark", now, ("robin@example.com",)))
        if self.google is not None:
            told = self.google.oauth.sign_in(GOOGLE_SCOPES)
            kept = google_tokens.SignIn(
                told["refresh_token"], told["access_token"], None, tuple(GOOGLE_SCOPES), now, "robin@example.net"
            )
            FileSecrets(self.state / "secrets" / "home").put(google_tokens.NAME, google_tokens.write(kept))
        self.graph.log.clear()

    # -- what lies there -----------------------------------------------------------------------------------------------

    def friend(self, who: str = ANA, silent: float = 200) -> None:
        """Let Robin and somebody have written each other three times at Graph, the last of it so many days ago."""
        for turn in range(3):
            self.mail(who, ROBIN, silent + turn * 50 + 1, f"Letter {turn}")
            self.mail(ROBIN, who, silent + turn * 50, f"Letter {turn}, more")

    def mail(
        self, sender: str, to: str, at: float | datetime, subject: str, key: str = "", answers: Collection[str] = ()
    ) -> str:
        """Lay a mail down at Graph, so many days before NOW; return its Message-ID with brackets."""
        moment, name = self._next(at)
        folder = "sentitems" if sender == ROBIN else "inbox"
        self.graph.mailbox.deliver(
            sender, [to], at=moment, subject=subject, message_id=key or name, answers=[*answers], folder=folder
        )
        return key or name

    def google_mail(self, sender: str, to: str, at: float | datetime, subject: str) -> str:
        """Lay a mail down at Google."""
        assert self.google is not None
        moment, name = self._next(at)
        head = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {format_datetime(moment)}\r\n"
        labels = ("SENT",) if "robin@" in sender else ("INBOX",)
        return self.google.mailbox.deliver(f"{head}Message-ID: {name}\r\n\r\nHello\r\n".encode(), labels, moment)

    def _next(self, at: float | datetime) -> tuple[datetime, str]:
        self._number += 1
        return at if isinstance(at, datetime) else NOW - timedelta(days=at), f"<p{self._number}@mail.example.org>"

    @property
    def drafts(self) -> list[Message]:
        """What lies in Drafts at Graph."""
        return self.graph.mailbox.drafts

    @property
    def draft(self) -> Message:
        """The only draft at Graph."""
        (draft,) = self.drafts
        return draft

    @property
    def draft_id(self) -> str:
        return self.draft.id(immutable=True)

    # -- auld ----------------------------------------------------------------------------------------------------------

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.graph.clock.wait(timedelta(**span).total_seconds())

    def run(self, *words: str, code: int | Collection[int] = 0) -> Ran:
        """Run a command at the fakes' time; it must end with (one of) `code`."""
        with self.lent():
            ran = run("--config", str(self.config), "--now", self.graph.clock.now().isoformat(), *words)
        assert ran.code in ([code] if isinstance(code, int) else code), (words, ran)
        return ran

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lend the fakes' clock to the accounts that are opened meanwhile; nothing waits for the disk."""
        clock = self.graph.clock

        def host(secrets: FileSecrets, now: Any, folder: Path, name: str, **lent: Any) -> Host:
            return Host(secrets, now, folder, name, **(lent | {"tick": clock.tick, "wait": clock.wait}))

        trusted = patch.dict(os.environ, REQUESTS_CA_BUNDLE=str(self.graph.ca))
        with trusted, patch("daemon.accounts.Host", host), patch.object(os, "fsync", lambda _: None):
            yield

    def ask(self, *words: str, code: int | Collection[int] = 0) -> Any:
        return self.run(*words, "--json", code=code).json

    def statuses(self) -> list[str]:
        return [one["status"] for one in self.ask("drafts")]


@contextmanager
def opened(path: Path, *, google: bool = False, **keys: Any) -> Iterator[Place]:
    """Yield a home that is signed in, where nothing lies yet."""
    with ExitStack() as stack:
        other = stack.enter_context(Google(start=NOW, address="robin@example.net")) if google else None
        clock = {"clock": other.clock} if other is not None else {"start": NOW}
        graph = stack.enter_context(Graph(**clock, **keys))
        place = Place(path, graph, other)
        place.sign_in()
        yield place
        assert graph.sends == []
        assert other is None or other.sends == []
