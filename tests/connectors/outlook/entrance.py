"""Robin's account at the fake Graph, which nobody is signed in to yet, and Robin at the terminal."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import requests

from connectors.outlook import signing, tokens
from connectors.outlook.settings import OutlookSettings
from tests.connectors.gmail.browser import Browser, Visit, agree
from tests.connectors.outlook.home import Home
from tests.google.calls import Call
from tests.google.faults import Fault
from tests.graph import Graph


class User(Browser):
    """Robin, with a browser on this machine or (`browser` False) another one, in which the code is dealt with."""

    def __init__(
        self, visit: Visit = agree, *, browser: bool = True, types: Callable[[str], object] = lambda _code: None
    ) -> None:
        super().__init__(visit)
        self.browser = browser
        self.types = types
        self.codes: list[tuple[str, str]] = []

    def show_code(self, address: str, code: str) -> None:
        self.codes.append((address, code))
        self.types(code)


class Robin(Home):
    """The account."""

    def configure(self, **keys: Any) -> None:
        self.settings = OutlookSettings(**(self.settings.model_dump() | keys))

    def by_browser(self, user: User | None = None) -> User:
        user = user or User()
        try:
            signing.login(self.settings, self.host, user)
        finally:
            user.close()
        return user

    def by_code(self, *, allow: bool = True) -> User:
        return self.by_browser(User(browser=False, types=lambda code: self.graph.login.enter(code, allow=allow)))

    def called(self, method: str) -> list[Call]:
        return [one for one in self.graph.log if one.method == method]

    @property
    def source(self) -> tokens.Tokens:
        """The tokens as a new process finds them."""
        return tokens.Tokens(self.settings, self.host)

    @property
    def kept(self) -> tokens.SignIn:
        found = tokens.load(self.host)
        assert found is not None
        return found

    def rewrite(self, change: Callable[[dict[str, Any]], object]) -> None:
        """Change msal's cache as it is kept."""
        cache = json.loads(self.kept.cache)
        change(cache)
        self.secrets.now[tokens.NAME] = tokens.write(replace(self.kept, cache=json.dumps(cache)))

    def update(self, kind: str, **fields: object) -> None:
        """Change fields of the entries of one kind of msal's cache, as it is kept."""
        self.rewrite(lambda cache: [one.update(fields) for one in cache[kind].values()])

    def run_out(self) -> None:
        """Let the access token that is kept end, by the machine's clock and at Microsoft."""
        self.update("AccessToken", expires_on="1")
        self.graph.login.expire_access()

    def meanwhile(self, do: Callable[[], object], method: str = "oauth.token") -> None:
        """Let `do` happen while a call is under way, once."""
        waiting = [do]

        def plan(call: Call) -> Fault | None:
            if call.method == method and waiting:
                waiting.pop()()
            return None

        self.graph.plan = plan

    def works(self, token: str) -> bool:
        """Ask Graph whether a token is one."""
        headers = {"Authorization": f"Bearer {token}"}
        return requests.get(f"{self.graph.url}/v1.0/me", headers=headers, timeout=5).status_code == 200


@contextmanager
def entrance(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Robin]:
    """Yield the account at a new Graph, whose certificate this process trusts."""
    with Graph() as graph:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(graph.ca))
        yield Robin(graph, folder)
        assert graph.sends == []
        for one in graph.log:
            asked = one.body.decode("latin-1") + str(one.query.get("scope"))
            assert "Send" not in asked, "it never asks to be let send"
