"""Signing in to an account and out of it. What a kind asks for, and how, is its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from shlex import quote
from threading import Event
from typing import Final

from connectors.base import Secrets
from connectors.errors import LoginNeeded, Unavailable
from daemon.accounts import Stanza, read_stanza
from daemon.cli.options import DONE, NEEDS_USER, UsageError
from daemon.cli.output import plain, say
from daemon.cli.session import Session
from daemon.secrets import SecretsError
from daemon.settings import AccountSettings
from daemon.spans import Span
from daemon.store import StateError

_TRIAL: Final = "trial"  # the name of a secret that is none


@dataclass(frozen=True, slots=True)
class Terminal:
    """A sign-in's talk with the user: words on stderr, the address on stdout, so that it can be piped or copied."""

    browser: bool
    patience: timedelta

    def say(self, text: str) -> None:
        """Show `text`."""
        say(text)

    def browse(self, address: str) -> None:
        """Open `address` in a browser, or show it."""
        import webbrowser  # noqa: PLC0415

        # All is said before: a browser without a window, or one that $BROWSER names, may keep us until it is closed.
        if self.browser:
            say("Your browser opens the sign-in page. If it does not, open this address:")
        else:
            say("Open this address in a browser on this machine, and agree there:")
        print(plain(address, 4000), flush=True)
        self._say_how_long()
        if self.browser and not webbrowser.open(address):
            say("No browser opens here. Open this address in a browser on this machine, and agree there.")
            say("Or stop this (Ctrl-C), and sign in with a browser elsewhere: --no-browser tells how.")

    def show_code(self, address: str, code: str) -> None:
        """Show `address`, and the `code` to be entered there; alone, they are the two lines of stdout."""
        say("Open this address in a browser, here or on any other machine:")
        print(plain(address, 4000), flush=True)
        say("Sign in there with this code:")
        print(plain(code, 100), flush=True)
        self._say_how_long()

    def _say_how_long(self) -> None:
        minutes = max(1, round(self.patience.total_seconds() / 60))
        say(f"Waiting for you, at most {minutes} minute{'s' * (minutes > 1)} (Ctrl-C ends it).")


def login(session: Session, name: str, *, browser: bool, patience: str) -> int:
    """Sign in to an account."""
    one, stanza = _stanza(session, name)
    if stanza.connector.login is None:
        raise UsageError(f'account "{plain(name)}" ({one.kind}) needs no sign-in')
    try:
        span = Span.parse(patience)
    except ValueError as err:
        raise UsageError(f"--wait: {err}") from err
    now = session.now
    with _of_the_state():
        _try_to_keep(stanza.host.secrets)
        stanza.connector.login(stanza.options, stanza.host, Terminal(browser, span.after(now, session.zone) - now))
    say(f"Next: auld check, then auld sync {quote(name)}")
    return DONE


def logout(session: Session, name: str) -> int:
    """Sign out of an account."""
    one, stanza = _stanza(session, name)
    if stanza.connector.logout is None:
        raise UsageError(f'account "{plain(name)}" ({one.kind}) has no sign-in')
    try:
        with _of_the_state():
            left_to_do = stanza.connector.logout(stanza.options, stanza.host)
    except LoginNeeded as err:
        say(f"{plain(name)}: {plain(str(err), 400)}")
        return DONE
    except Unavailable as err:
        say(f"{plain(name)}: {plain(str(err), 400)}")
        return NEEDS_USER
    say(f"{plain(name)}: signed out; the tokens are deleted. What was read of it is kept.")
    if left_to_do:
        say(plain(left_to_do, 400))
    return DONE


def _try_to_keep(secrets: Secrets) -> None:
    """See whether what a sign-in brings could be kept, before the user is sent anywhere for it.

    Raises:
        ConnectorError: it could not.
    """
    secrets.put(_TRIAL, "")
    secrets.drop(_TRIAL)


@contextmanager
def _of_the_state() -> Iterator[None]:
    """Let secrets that cannot be read or written be the state's trouble: a command about a sign-in has no other."""
    try:
        yield
    except SecretsError as err:
        raise StateError(str(err)) from err


def _stanza(session: Session, name: str) -> tuple[AccountSettings, Stanza]:
    found = next((one for one in session.settings.accounts if one.name == name), None)
    if found is None:
        known = ", ".join(plain(one.name) for one in session.settings.accounts) or "none"
        raise UsageError(f'there is no account "{plain(name)}"; the config has {known}')
    return found, read_stanza(found, session.settings, session.folder, session.clock, Event(), signing=True)
