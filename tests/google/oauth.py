"""Google's authorization server: consent, codes, tokens, and their end."""

import secrets
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable, Iterable
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, unquote, urlencode, urlsplit

import orjson

from tests.google.answers import Json, Refusal, Reply, error, json, page
from tests.google.calls import Request
from tests.google.clock import Clock
from tests.google.discovery import scopes as api_scopes
from tests.google.grants import Access, Code, Grant, refusal

AUTH, TOKEN, REVOKE = "/o/oauth2/v2/auth", "/token", "/revoke"
USERINFO = "https://www.googleapis.com/auth/userinfo."
KNOWN = api_scopes() | {"openid", "email", "profile", f"{USERINFO}email", f"{USERINFO}profile"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}
CODE_LIVES = 600


class OAuth:
    """Consent and tokens.

    `consent` is what the user does in the browser: "all", "deny", or the scopes granted. `lifetime` is an access
    token's in seconds, `refresh_lifetime` a refresh token's since consent (None: no end). `rotation` gives a new
    refresh token with each refresh: the old one dies "at once", or "on use" of the new one; None gives none.
    """

    def __init__(self, clock: Clock, url: Callable[[], str]) -> None:
        self.clock = clock
        self._url = url
        self.client_id = "1234567890-auld.apps.example.com"
        self.client_secret = "GOCSPX-not-secret"
        self.consent: Literal["all", "deny"] | frozenset[str] = "all"
        self.lifetime = 3600
        self.refresh_lifetime: timedelta | None = None
        self.rotation: Literal["at once", "on use"] | None = None
        self.grants: list[Grant] = []
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Access] = {}
        self._refresh: dict[str, Grant] = {}
        self._older: dict[str, set[str]] = {}  # refresh token -> those that die when it is used

    # What tests do.

    def grant_all(self) -> None:
        """Let the user consent to everything."""
        self.consent = "all"

    def deny(self) -> None:
        """Let the user say no."""
        self.consent = "deny"

    def grant(self, *scopes: str) -> None:
        """Let the user tick only these boxes."""
        self.consent = frozenset(scopes)

    def revoke_all(self) -> None:
        """Let the user remove the app's access in the account's settings."""
        for grant in self.grants:
            grant.dead = True

    def expire_access(self) -> None:
        """Let every access token run out."""
        self._access.clear()

    def sign_in(self, scopes: Iterable[str]) -> Json:
        """Return tokens without the browser, and what is needed to use them."""
        grant = Grant(frozenset(scopes), self.clock.tick())
        self.grants.append(grant)
        lives = timedelta(seconds=self.lifetime)
        return self._tokens(grant, offline=True) | {
            "client_id": self.client_id,
            "client_secret": self.client_secret,
            "auth_uri": self._url() + AUTH,
            "token_uri": self._url() + TOKEN,
            "expiry": (self.clock.now() + lives).isoformat(),
        }

    def client_file(self, folder: Path) -> Path:
        """Write the file a user downloads for a desktop app."""
        installed = {
            "client_id": self.client_id,
            "project_id": "auld",
            "auth_uri": self._url() + AUTH,
            "token_uri": self._url() + TOKEN,
            "client_secret": self.client_secret,
            "redirect_uris": ["http://localhost"],
        }
        path = folder / "client_secret.json"
        path.write_bytes(orjson.dumps({"installed": installed}))
        return path

    # What the APIs ask.

    def access(self, request: Request) -> Access:
        """Return the access token of a request; without a good one it is refused."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        found = self._access.get(token) if kind.lower() == "bearer" else None
        if found is None or found.grant.dead or found.until <= self.clock.tick():
            why = 'Bearer realm="https://accounts.google.com/"' + (', error="invalid_token"' if token else "")
            text = "Request had invalid authentication credentials. Expected OAuth 2 access token."
            raise Refusal(error(401, text, "authError", location="Authorization", headers=(("WWW-Authenticate", why),)))
        return found

    def kill(self, request: Request) -> None:
        """Revoke the grant that a request comes with: its access token's, or its refresh token's."""
        token = request.headers.get("authorization", "").partition(" ")[2]
        renewing = parse_qs(request.body.decode("latin-1")).get("refresh_token", [""])[0]
        access = self._access.get(token)
        grant = access.grant if access else self._refresh.get(renewing)
        if grant is not None:
            grant.dead = True

    # The endpoints.

    def answer(self, request: Request) -> Reply:
        """Answer a request to one of the three endpoints."""
        form = {name: values[-1] for name, values in parse_qs(request.query).items()}
        if request.path == AUTH:
            return self._authorize(form) if request.verb == "GET" else page(405, "Only GET.")
        if request.verb != "POST":
            return page(404)
        sent = {name: values[-1] for name, values in parse_qs(request.body.decode("utf-8", "replace")).items()}
        if request.path == REVOKE:
            return self._revoke(sent.get("token") or form.get("token", ""))
        if "application/x-www-form-urlencoded" not in request.headers.get("content-type", ""):
            raise refusal(400, "invalid_request", "Bad content type.")
        self._client(request, sent)
        kind = sent.get("grant_type")
        if kind == "authorization_code":
            return json(self._exchange(sent))
        if kind == "refresh_token":
            return json(self._renew(sent.get("refresh_token", "")))
        raise refusal(400, "unsupported_grant_type", f"Invalid grant_type: {kind}")

    def _authorize(self, form: dict[str, str]) -> Reply:
        if form.get("client_id") != self.client_id:
            return page(401, "Error 401: invalid_client. The OAuth client was not found.")
        redirect = form.get("redirect_uri", "")
        where = urlsplit(redirect)
        if where.scheme != "http" or where.hostname not in LOOPBACK or where.query or where.fragment:
            return page(400, "Error 400: redirect_uri_mismatch.")
        wanted = frozenset(form.get("scope", "").split())
        challenge = form.get("code_challenge", "")
        wrong = {
            "response_type": form.get("response_type") != "code",
            "scope": not wanted or not wanted <= KNOWN,
            "code_challenge": not 43 <= len(challenge) <= 128,
            "code_challenge_method": form.get("code_challenge_method") != "S256",
            "access_type": form.get("access_type", "online") not in {"online", "offline"},
            "state": not form.get("state"),
        }
        if any(wrong.values()):
            names = ", ".join(name for name, is_wrong in wrong.items() if is_wrong)
            return page(400, f"Error 400: invalid_request. Wrong or missing: {names}.")
        if form.get("include_granted_scopes") == "true":
            wanted = wanted.union(*(one.scopes for one in self.grants if not one.dead))
        granted = wanted if self.consent == "all" else frozenset() if self.consent == "deny" else wanted & self.consent
        back = {"state": form["state"], "error": "access_denied"}
        if granted:
            grant = Grant(granted, self.clock.tick())
            self.grants.append(grant)
            code = f"4/0A{secrets.token_urlsafe(24)}"
            offline = form.get("access_type") == "offline"
            self._codes[code] = Code(grant, redirect, challenge, offline, self.clock.tick() + CODE_LIVES)
            back = {"state": form["state"], "code": code, "scope": " ".join(sorted(granted))}
        return Reply(302, headers=(("Location", f"{redirect}{'' if where.path else '/'}?{urlencode(back)}"),))

    def _client(self, request: Request, sent: dict[str, str]) -> None:
        name, secret = sent.get("client_id"), sent.get("client_secret")
        kind, _, basic = request.headers.get("authorization", "").partition(" ")
        if kind.lower() == "basic":
            name, _, secret = (unquote(part) for part in b64decode(basic).decode().partition(":"))
        if name != self.client_id:
            raise refusal(401, "invalid_client", "The OAuth client was not found.")
        if secret != self.client_secret:
            raise refusal(401, "invalid_client", "The provided client secret is invalid.")

    def _exchange(self, sent: dict[str, str]) -> Json:
        code = self._codes.pop(sent.get("code", ""), None)
        if code is None or code.until <= self.clock.tick():
            raise refusal(400, "invalid_grant", "Malformed auth code.")
        if sent.get("redirect_uri") != code.redirect:
            raise refusal(400, "redirect_uri_mismatch", "Bad Request")
        told = urlsafe_b64encode(sha256(sent.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if told != code.challenge:
            raise refusal(400, "invalid_grant", "Invalid code verifier.")
        return self._tokens(code.grant, offline=code.offline)

    def _renew(self, token: str) -> Json:
        grant = self._refresh.get(token)
        ends = self.refresh_lifetime
        old = grant is not None and ends is not None and self.clock.tick() - grant.at >= ends.total_seconds()
        if grant is None or grant.dead or old or token not in grant.refresh:
            raise refusal(400, "invalid_grant", "Token has been expired or revoked.")
        grant.refresh -= self._older.pop(token, set())
        told = self._tokens(grant, offline=self.rotation is not None)
        if self.rotation == "at once":
            grant.refresh.discard(token)
        elif self.rotation == "on use":
            self._older[told["refresh_token"]] = {token}
        return told

    def _tokens(self, grant: Grant, *, offline: bool) -> Json:
        token = f"ya29.{secrets.token_urlsafe(32)}"
        self._access[token] = Access(grant, grant.scopes, self.clock.tick() + self.lifetime)
        told: Json = {"access_token": token, "expires_in": self.lifetime - 1, "token_type": "Bearer"}
        told["scope"] = " ".join(sorted(grant.scopes))
        if offline:
            told["refresh_token"] = f"1//0{secrets.token_urlsafe(32)}"
            grant.refresh.add(told["refresh_token"])
            self._refresh[told["refresh_token"]] = grant
        return told

    def _revoke(self, token: str) -> Reply:
        access = self._access.get(token)
        grant = access.grant if access else self._refresh.get(token)
        if grant is None or grant.dead:
            raise refusal(400, "invalid_token", "Token expired or revoked")
        grant.dead = True
        return json({})
