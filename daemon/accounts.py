"""The accounts of the config, opened. The only place that turns a config stanza into a connector's account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

from connectors import load
from connectors.base import Account, Connector, DraftBox, Host
from daemon.secrets import FileSecrets, shared_keys
from daemon.settings import AccountSettings, Settings


@dataclass(frozen=True, slots=True)
class OpenAccount:
    """One enabled account and what it offers."""

    settings: AccountSettings
    account: Account

    @property
    def name(self) -> str:
        """Its name in the config."""
        return self.settings.name


class StoppedError(Exception):
    """Reading ends here: another account's read, or the user, put an end to it. What was committed stays."""


@dataclass(frozen=True, slots=True)
class Accounts:
    """All enabled accounts, in the order of the config. When `stop` is set, none of them waits any longer."""

    all: Sequence[OpenAccount]
    stop: Event = field(default_factory=Event)

    def drafts(self, name: str) -> DraftBox | None:
        """Return the draft box of the account of that name, None if it has none."""
        return next((one.account.drafts for one in self.all if one.name == name), None)

    def taking_drafts(self) -> list[str]:
        """Return the names of the accounts that take drafts."""
        return [one.name for one in self.all if one.account.drafts is not None]


@dataclass(frozen=True, slots=True)
class Stanza:
    """An account of the config, not opened: its kind, its keys, and what it is lent."""

    connector: Connector[Any]
    options: Any
    host: Host


def read_stanza(
    one: AccountSettings, settings: Settings, state: Path, now: Callable[[], datetime], stop: Event,
    *, signing: bool = False,
) -> Stanza:  # fmt: skip
    """Return what an account's stanza of the config says; `signing`: to sign in or out, whatever became of it."""

    def wait(seconds: float) -> None:
        if stop.wait(seconds):
            raise StoppedError

    connector = load(one.kind)
    keys = shared_keys(keyring=settings.secrets.keyring)
    secrets = FileSecrets(state / "secrets" / one.name, keys, anew=signing)
    host = Host(secrets, now, settings.folder, one.name, wait=wait, greetings=settings.writing.learn_greetings)
    return Stanza(connector, connector.settings.model_validate(one.options), host)


def open_accounts(settings: Settings, state: Path, now: Callable[[], datetime]) -> Accounts:
    """Open every enabled account; nothing is read yet.

    Raises:
        SettingsError: a stanza cannot work.
    """
    opened: list[OpenAccount] = []
    accounts = Accounts(opened)
    for one in settings.accounts:
        if one.enabled:
            stanza = read_stanza(one, settings, state, now, accounts.stop)
            opened.append(OpenAccount(one, stanza.connector.open(stanza.options, stanza.host)))
    return accounts
