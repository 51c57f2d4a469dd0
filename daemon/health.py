"""How accounts are: as they were found when they were last read, but for a sign-in since then, or the lack of any."""

from dataclasses import replace
from pathlib import Path
from shlex import quote

from connectors.base import MAILBOX
from daemon import resting
from daemon.settings import AccountSettings
from daemon.store import AccountHealth


def health_of(one: AccountSettings, last: AccountHealth | None, folder: Path) -> AccountHealth | None:
    """Return how an account is, None if nothing is known yet.

    Args:
        one: its stanza of the config.
        last: how it was found when it was last read.
        folder: the state folder.
    """
    if last is None:
        lacking = AccountHealth(one.name, "needs-login", f"Nobody is signed in: auld login {quote(one.name)}")
        return lacking if one.enabled and lacks_sign_in(one, folder) else None
    if last.health == "needs-login" and resting.signed_in_since(last, folder):
        return replace(last, health="ok", detail="", failing_since=None, failures=0, again_at=None)
    return last


def lacks_sign_in(one: AccountSettings, folder: Path) -> bool:
    """Say whether an account wants a sign-in and nobody ever signed in."""
    from connectors import load  # noqa: PLC0415 -- most have been read before

    secrets = folder / "secrets" / one.name
    kept = {path.name for path in secrets.iterdir()} if secrets.is_dir() else set()
    return load(one.kind).login is not None and not kept - {MAILBOX}
