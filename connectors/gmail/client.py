"""The file of the user's own OAuth client, as the Google Cloud console gives it."""

import json
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from connectors.errors import SettingsError
from connectors.loopback import check_redirect
from connectors.pages import page
from connectors.places import check_place
from connectors.text import clean

_HOW: Final = f"{page('docs/google.md, step 5')}, says how to get one."
_DESKTOP: Final = f'auld needs one of the type "Desktop app". {_HOW}'
_MOST: Final = 64 * 1024  # bytes; Google's own are below one kilobyte


@dataclass(frozen=True, slots=True)
class Client:
    """An OAuth client of the type "Desktop app", read from `path`. `config` is it as Google's libraries take it."""

    path: Path
    client_id: str
    client_secret: str
    auth_uri: str
    token_uri: str
    redirect_uri: str

    @property
    def config(self) -> dict[str, Any]:
        """What Google's libraries need of the file."""
        names = ("client_id", "client_secret", "auth_uri", "token_uri")
        return {"installed": {name: getattr(self, name) for name in names}}

    @property
    def revoke_uri(self) -> str:
        """Where a token is revoked: beside the token endpoint (https://oauth2.googleapis.com/revoke)."""
        parts = urlsplit(self.token_uri)
        beside = parts.path.rstrip("/").rpartition("/")[0]
        return parts._replace(path=f"{beside}/revoke").geturl()


def find_client(told: str, folder: Path) -> Path:
    """Return the path that the settings name; a relative one starts at `folder`.

    Raises:
        SettingsError: it names the home folder of a user who has none.
    """
    try:
        return folder / Path(told).expanduser()
    except RuntimeError as err:
        raise SettingsError(f'"{told}" begins with a home folder that is not known: write the whole path.') from err


def read_client(path: Path) -> Client:
    """Return the client of the file at `path`.

    Raises:
        SettingsError: there is none, or it is no client of a desktop app.
    """
    try:
        told = json.loads(_content(path))
    except FileNotFoundError as err:
        raise SettingsError(f"client_secret: there is no file {path}. {_HOW}") from err
    except OSError as err:
        raise SettingsError(f"client_secret: {path} cannot be read ({err.strerror}).") from err
    except (ValueError, RecursionError) as err:
        raise SettingsError(f"client_secret: {path} is not the JSON file of an OAuth client. {_HOW}") from err
    if isinstance(told, dict) and "web" in told and "installed" not in told:
        raise SettingsError(f'client_secret: {path} is of a client of the type "Web application"; {_DESKTOP}')
    inner = told.get("installed") if isinstance(told, dict) else None
    if not isinstance(inner, dict):
        raise SettingsError(f"client_secret: {path} is not the file of an OAuth client. {_HOW}")
    values = {key: _text(inner, key, path) for key in ("client_id", "client_secret", "auth_uri", "token_uri")}
    for key in ("auth_uri", "token_uri"):
        try:
            check_place(values[key])
        except ValueError as err:
            raise SettingsError(f"client_secret: {path}, {key}: {clean(str(err))}. {_HOW}") from err
    return Client(path, **values, redirect_uri=_redirect(inner.get("redirect_uris"), path))


def _content(path: Path) -> bytes:
    """Return what the file holds; what is no file, or is far too long, holds nothing of use.

    Raises:
        OSError, ValueError: it cannot be read; it is no such file.
    """
    with open(path, "rb", opener=_open) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise ValueError("no regular file")
        content = file.read(_MOST + 1)
    if len(content) > _MOST:
        raise ValueError("too long")
    return content


def _open(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NONBLOCK)  # a named pipe must not hang us


def _text(inner: dict[str, Any], key: str, path: Path) -> str:
    value = inner.get(key)
    if not isinstance(value, str) or not value:
        raise SettingsError(f'client_secret: {path} has no "{key}". {_HOW}')
    if not value.isprintable():  # half a character could not even be sent
        raise SettingsError(f'client_secret: {path} has a "{key}" that is none: get the file anew. {_HOW}')
    return value


def _redirect(told: object, path: Path) -> str:
    """Return the first of the redirect addresses that leads to this machine; old files begin with another."""
    named = [one for one in told if isinstance(one, str) and one] if isinstance(told, list) else []
    reason = ""
    for one in named or ["http://localhost"]:
        try:
            return check_redirect(one) + ("" if urlsplit(one).path else "/")
        except ValueError as err:
            reason = reason or f"{clean(one, 80)} {err}"
    raise SettingsError(f"client_secret: {path}, redirect_uris: {reason}; {_DESKTOP}")
