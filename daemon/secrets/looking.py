"""How the secrets are protected, for `auld check`."""

from collections.abc import Iterator
from pathlib import Path
from shlex import quote
from typing import Final

from connectors.base import MAILBOX, Finding
from connectors.pages import page
from daemon.secrets.errors import KeyMissing, SignInLost
from daemon.secrets.keys import CREDENTIAL, Keys, shared_keys
from daemon.secrets.sealing import HEAD_SIZE, DamagedError, read_head
from daemon.settings import Settings
from daemon.store import disk

_PAGE: Final = "docs/config.md, [secrets]"
_SEALED: Final = {
    "credential": f"encrypted with the systemd credential {CREDENTIAL}",
    "keyring": "encrypted with a key in the desktop keyring",
}


def protection(folder: Path, settings: Settings, keys: Keys | None = None) -> list[Finding]:
    """Return how the secrets below a state folder are protected; nothing if there are none. Nothing is raised."""
    keys = keys or shared_keys(keyring=settings.secrets.keyring)
    place = folder / "secrets"
    try:
        return list(_look(place, {one.name for one in settings.accounts}, keys))
    except OSError as err:
        detail = f"{err.filename or place} cannot be looked at ({err.strerror})"
        return [Finding("secrets", "fail", detail, f"let {place} be yours, with mode 700")]


def _look(place: Path, names: set[str], keys: Keys) -> Iterator[Finding]:
    paths = sorted(place.rglob("*")) if place.is_dir() else []
    for path in [place, *paths] if paths else []:
        yield from _open_to_others(path)
    for account in (one for one in paths if one.parent == place and one.is_dir()):
        files = [one for one in paths if one.parent == account and one.is_file() and not _is_none(one)]
        if files and account.name in names:
            yield _worst([_protected(path, keys) for path in files])
        elif files:
            yield Finding(
                "sign-in",
                "warn",
                f"{account} holds the sign-in of an account that the config does not have (any more)",
                f"rm -r {quote(str(account.absolute()))}; if the account has another name now, auld login with that",
            )


def _is_none(path: Path) -> bool:
    """Say whether a file is no secret: half-written, or which mailbox an account is."""
    return "." in path.name or path.name == MAILBOX


def _worst(findings: list[Finding]) -> Finding:
    return max(findings, key=lambda one: ("ok", "warn", "fail").index(one.result))


def _protected(path: Path, keys: Keys) -> Finding:
    account = path.parent
    try:
        head = read_head(disk.read(path, HEAD_SIZE) or b"")
        if head is None:
            return _plain(account, keys)
        keys.opening(head, account)
        return Finding("secrets", "ok", f"{account.name}: {_SEALED[head.where]}")
    except (KeyMissing, SignInLost) as err:
        return Finding("secrets", "fail", f"{account.name}: its sign-in {err.detail}", err.fix)
    except DamagedError:
        detail = f"{account.name}: its sign-in is damaged ({path})"
        return Finding("secrets", "fail", detail, f"auld login {quote(account.name)}")


def _plain(account: Path, keys: Keys) -> Finding:
    lies = f"{account.name}: its tokens lie unencrypted, readable to you alone"
    if keys.writing(account.parent) is not None:
        detail = f"{lies}; they are encrypted when they are used next"
        return Finding("secrets", "warn", detail, f"auld sync {quote(account.name)}")
    if not keys.uses_ring:
        why = f"[secrets] keyring is false, and there is no credential {CREDENTIAL}"
    elif keys.ring_state == "locked":
        why = "the desktop keyring is locked"
    else:
        why = f"no desktop keyring answers, and there is no credential {CREDENTIAL}"
    return Finding("secrets", "warn", f"{lies}: {why}", f"to encrypt them: {page(_PAGE)}")


def _open_to_others(path: Path) -> Iterator[Finding]:
    if mode := disk.open_to_others(path):
        fix = f"chmod {700 if path.is_dir() else 600} {quote(str(path.absolute()))}"
        yield Finding("tokens", "warn", f"{path} is open to others ({mode:o})", fix)
