"""The real client library, pointed at the fake."""

import importlib
from collections.abc import Iterable
from typing import Any

from tests.google.answers import Json
from tests.google.server import Google

SCOPES = tuple(
    f"https://www.googleapis.com/auth/{name}"
    for name in ("gmail.metadata", "gmail.compose", "calendar.events.readonly", "calendar.calendarlist.readonly")
)
READONLY = "https://www.googleapis.com/auth/gmail.readonly"
ROOTS = {"gmail": ("v1", "/"), "calendar": ("v3", "/calendar/v3/")}


def credentials(tokens: Json) -> Any:
    """Return credentials of what `oauth.sign_in` gave."""
    module = importlib.import_module("google.oauth2.credentials")
    names = ("refresh_token", "token_uri", "client_id", "client_secret")
    return module.Credentials(tokens["access_token"], **{name: tokens[name] for name in names})


def service(google: Google, api: str = "gmail", scopes: Iterable[str] = SCOPES, tokens: Json | None = None) -> Any:
    """Return the client of an API, signed in. Close it."""
    discovery = importlib.import_module("googleapiclient.discovery")
    version, root = ROOTS[api]
    signed_in = credentials(tokens or google.oauth.sign_in(scopes))
    options = {"api_endpoint": google.url + root}
    return discovery.build(
        api, version, credentials=signed_in, client_options=options, static_discovery=True, cache_discovery=False
    )


def batch(google: Google, api: str = "gmail") -> Any:
    """Return an empty batch for an API."""
    http = importlib.import_module("googleapiclient.http")
    return http.BatchHttpRequest(batch_uri=f"{google.url}/batch/{api}/{ROOTS[api][0]}")
