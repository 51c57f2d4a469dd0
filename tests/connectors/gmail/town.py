"""A whole auld over the fake Google: a config of kind "gmail", the commands as a user runs them, virtual time."""

import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

from connectors.base import Host
from connectors.gmail import tokens
from daemon.secrets import FileSecrets
from tests.cli.archive import ANA, NOW, ROBIN, Ran, listed, run
from tests.google import Google
from tests.google.client import SCOPES


class Town:
    """Robin's home, signed in at one Google (account "home"). Time passes only by `later`, and by waiting."""

    def __init__(self, google: Google, path: Path) -> None:
        self.google = google
        self.path = path
        self.config = path / "config.toml"
        self.state = path / "state"
        self._number = 0
        google.oauth.client_file(path)
        self.configure(listed("Ana Lima"))

    def configure(self, extra: str = "", *, account: str = "", api_url: str = "") -> None:
        """Write the config: `account` inside the account's stanza, `extra` at the end."""
        self.config.write_text(
            'state = "state"\n[me]\nname = "Robin Park"\ntimezone = "Europe/Amsterdam"\n[[accounts]]\nname = "home"\n'
            f'kind = "gmail"\nclient_secret = "client_secret.json"\napi_url = "{api_url or self.google.url}"\n'
            f"{account}\n{extra}\n",
            encoding="utf-8",
        )

    @property
    def secrets(self) -> FileSecrets:
        return FileSecrets(self.state / "secrets" / "home")

    def sign_in(self, scopes: Collection[str] = SCOPES) -> None:
        """Have what a sign-in leaves behind, without a browser."""
        told = self.google.oauth.sign_in(scopes)
        now = self.google.clock.now()
        kept = tokens.SignIn(told["refresh_token"], told["access_token"], None, tuple(scopes), now, "robin@example.com")
        self.secrets.put(tokens.NAME, tokens.write(kept))

    def friend(self, who: str = ANA, silent: float = 200) -> None:
        """Let Robin and somebody have written each other three times, the last of it `silent` days ago by Robin."""
        for turn in range(3):
            self.mail(who, ROBIN, silent + turn * 50 + 1, ("INBOX",), f"Letter {turn}")
            self.mail(ROBIN, who, silent + turn * 50, ("SENT",), f"Letter {turn}, more")

    def mail(
        self, sender: str, to: str, at: float | datetime, labels: Collection[str], subject: str, more: str = "",
        body: str = "Hello",
    ) -> str:  # fmt: skip
        """Lay a mail down, so many days before NOW; return its id."""
        self._number += 1
        moment = at if isinstance(at, datetime) else NOW - timedelta(days=at)
        head = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nDate: {format_datetime(moment)}\r\n"
        source = f"{head}Message-ID: <t{self._number}@mail.example.org>\r\n{more}\r\n{body}\r\n".encode()
        return self.google.mailbox.deliver(source, labels, moment)

    def later(self, **span: float) -> None:
        """Let time pass."""
        self.google.clock.wait(timedelta(**span).total_seconds())

    def run(self, *words: str, code: int | Collection[int] = 0) -> Ran:
        """Run a command at the fake's time; it must end with (one of) `code`."""
        with self.lent():
            ran = run("--config", str(self.config), "--now", self.google.clock.now().isoformat(), *words)
        assert ran.code in ([code] if isinstance(code, int) else code), (words, ran)
        return ran

    @contextmanager
    def lent(self) -> Iterator[None]:
        """Lend the fake's clock to the accounts that are opened meanwhile; nothing waits for the disk."""
        clock = self.google.clock

        def host(secrets: FileSecrets, now: Any, folder: Path, name: str, **lent: Any) -> Host:
            return Host(secrets, now, folder, name, **(lent | {"tick": clock.tick, "wait": clock.wait}))

        with patch("daemon.accounts.Host", host), patch.object(os, "fsync", lambda _: None):
            yield

    def ask(self, *words: str, code: int = 0) -> Any:
        return self.run(*words, "--json", code=code).json

    def statuses(self) -> list[str]:
        return [one["status"] for one in self.ask("drafts")]

    @property
    def draft(self) -> str:
        """The id of the only draft there is at Google."""
        (draft,) = self.google.mailbox.drafts
        return draft

    def header(self, name: str) -> str:
        """Return a header of the only draft."""
        return self.google.mailbox.draft(self.draft).header(name)


@contextmanager
def town(path: Path, **keys: Any) -> Iterator[Town]:
    """Yield a signed-in home at a new Google, where Ana is due."""
    with Google(start=NOW, **keys) as google:
        place = Town(google, path)
        place.sign_in()
        place.friend()
        yield place
        assert google.sends == []
