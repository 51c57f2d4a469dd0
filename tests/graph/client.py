"""What the fake is asked with in tests: a session that is signed in, the real msal, and a browser."""

import importlib
import re
import threading
from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

import orjson
import requests

from tests.graph.server import Graph

SCOPES: Final = ("Mail.ReadWrite", "Calendars.Read", "User.Read")
IMMUTABLE: Final = {"Prefer": 'IdType="ImmutableId"'}


class Client:
    """A session signed in at the fake, below /v1.0."""

    def __init__(self, graph: Graph, scopes: Iterable[str] = SCOPES) -> None:
        self.graph = graph
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {graph.login.sign_in(scopes)['access_token']}"

    def ask(self, verb: str, path: str, prefer: str = 'IdType="ImmutableId"', **more: Any) -> requests.Response:
        """Ask for a path below /v1.0, or a whole link."""
        address = path if path.startswith("http") else f"{self.graph.url}/v1.0{path}"
        headers = {"Prefer": prefer} | more.pop("headers", {})
        return self.session.request(verb, address, headers=headers, timeout=more.pop("timeout", 5), **more)

    def get(self, path: str, prefer: str = 'IdType="ImmutableId"', **params: Any) -> Any:
        """Return what a GET tells; `params` have no dollar sign. A refusal raises `Refused`."""
        named = {name if name.endswith("DateTime") else f"${name}": value for name, value in params.items()}
        return told(self.ask("GET", path, prefer, params=named or None))

    def refused(self, verb: str, path: str, **more: Any) -> tuple[int, str]:
        """Return the status and the code of what must be a refusal."""
        answer = self.ask(verb, path, **more)
        assert answer.status_code >= 400, answer.text
        return answer.status_code, answer.json()["error"]["code"]

    def close(self) -> None:
        self.session.close()


class Refused(Exception):
    """An answer that is no success."""


def told(answer: requests.Response) -> Any:
    """Return the JSON of an answer."""
    if not answer.ok:
        raise Refused(answer.status_code, answer.text)
    return answer.json()


def app(graph: Graph, tenant: str = "common", cache: Any = None, http: Any = None) -> Any:
    """Return msal's PublicClientApplication at the fake. Close its `http_client`."""
    msal = importlib.import_module("msal")
    if http is None:
        http = requests.Session()
        http.verify, http.trust_env = str(graph.ca), False
    return msal.PublicClientApplication(
        graph.login.client_id,
        authority=f"{graph.authority}/{tenant}",
        instance_discovery=False,
        token_cache=cache,
        http_client=http,
    )


def cache(graph: Graph, scopes: Iterable[str] = SCOPES) -> str:
    """Return msal's token cache after a sign-in, serialised; made without a browser and in no time."""
    msal = importlib.import_module("msal")
    kept = msal.SerializableTokenCache()
    response = graph.login.sign_in(scopes) | {"client_info": graph.login.client_info()}
    claims = orjson.loads(urlsafe_b64decode(response["id_token"].split(".")[1] + "=="))
    kept.add({
        "client_id": graph.login.client_id,
        "scope": response["scope"].split(),
        "token_endpoint": f"{graph.authority}/common/oauth2/v2.0/token",
        "grant_type": "authorization_code",
        "response": response | {"id_token_claims": claims},
    })  # fmt: skip
    return str(kept.serialize())


def browsed_cache(graph: Graph, scopes: Iterable[str] = SCOPES, tenant: str = "common") -> str:
    """Return msal's token cache after a sign-in by a browser, serialised."""
    msal = importlib.import_module("msal")
    kept = msal.SerializableTokenCache()
    signed_in = app(graph, tenant, kept)
    flow = signed_in.initiate_auth_code_flow(list(scopes), redirect_uri="http://localhost:1", response_mode="form_post")
    signed_in.acquire_token_by_auth_code_flow(flow, browse(graph, flow["auth_uri"])[1])
    signed_in.http_client.close()
    return str(kept.serialize())


def browse(graph: Graph, address: str) -> tuple[str, dict[str, str], bool]:
    """Go to the sign-in's page as a browser does, answering as `graph.login` says.

    Returns where it sends the browser, with what, and whether as a posted form. A page that shows an error instead
    raises `Refused`.
    """
    with requests.Session() as session:
        session.trust_env = False
        answer = session.get(address, verify=str(graph.ca), allow_redirects=False, timeout=5)
    form = re.search(r'<form name="hiddenform" action="([^"]*)"', answer.text)
    if answer.status_code == 200 and form:
        fields = re.findall(r'name="(\w+)" value="([^"]*)"', answer.text)
        return unescape(form[1]), {name: unescape(value) for name, value in fields}, True
    if answer.status_code != 302:
        raise Refused(answer.status_code, answer.text)
    where = urlsplit(answer.headers["Location"])
    return where._replace(query="").geturl(), dict(parse_qsl(where.query)), False


def browser(graph: Graph) -> Callable[[str], bool]:
    """Return what stands in for `webbrowser.open`: it signs in and goes back to the loopback, in a thread."""

    def go(address: str) -> None:
        where, told, posted = browse(graph, address)
        with requests.Session() as session:
            session.trust_env = False
            session.request(
                "POST" if posted else "GET",
                where,
                data=told if posted else None,
                params=None if posted else told,
                timeout=5,
            )

    def opened(address: str) -> bool:
        threading.Thread(target=go, args=(address,), daemon=True).start()
        return True

    return opened
