"""The file of the user's own OAuth client, as the Google Cloud console gives it."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from connectors.errors import SettingsError
from connectors.gmail.places import check_place
from connectors.text import clean

_HOW: Final = "docs/google.md, step 5, says how to get one."


@dataclass(frozen=True, slots=True)
class Client:
    """An OAuth client of the type "Desktop app". `config` is what its file says, as Google's libraries take it."""

    client_id: str
    client_secret: str
    auth_uri: str
    token_uri: str
    redirect_uri: str
    config: dict[str, Any]

    @property
    def revoke_uri(self) -> str:
        """Where a token is revoked: beside the token endpoint (https://oauth2.googleapis.com/revoke)."""
        return self.token_uri.rpartition("/")[0] + "/revoke"


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
        told = json.loads(path.read_bytes())
    except FileNotFoundError as err:
        raise SettingsError(f"client_secret: there is no file {path}. {_HOW}") from err
    except OSError as err:
        raise SettingsError(f"client_secret: {path} cannot be read ({err.strerror}).") from err
    except (ValueError, RecursionError) as err:
        raise SettingsError(f"client_secret: {path} is not the JSON file of an OAuth client. {_HOW}") from err
    if isinstance(told, dict) and "web" in told and "installed" not in told:
        raise SettingsError(
            f'client_secret: {path} is of a client of the type "Web application"; auld needs one of the type '
            f'"Desktop app". {_HOW}'
        )
    inner = told.get("installed") if isinstance(told, dict) else None
    if not isinstance(inner, dict):
        raise SettingsError(f"client_secret: {path} is not the file of an OAuth client. {_HOW}")
    values = {key: inner.get(key) for key in ("client_id", "client_secret", "auth_uri", "token_uri")}
    for key, value in values.items():
        if not isinstance(value, str) or not value:
            raise SettingsError(f'client_secret: {path} has no "{key}". {_HOW}')
    for key in ("auth_uri", "token_uri"):
        try:
            check_place(str(values[key]))
        except ValueError as err:
            raise SettingsError(f"client_secret: {path}, {key}: {clean(str(err))}.") from err
    redirects = inner.get("redirect_uris")
    first = redirects[0] if isinstance(redirects, list) and redirects and isinstance(redirects[0], str) else ""
    return Client(
        str(values["client_id"]), str(values["client_secret"]), str(values["auth_uri"]), str(values["token_uri"]),
        first or "http://localhost", {"installed": inner},
    )  # fmt: skip
