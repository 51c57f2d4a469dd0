"""The tokens of the sign-in: given, renewed, looked at, ended."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable
from typing import Final, Literal
from urllib.parse import parse_qs

import orjson

from tests.google.answers import Json, Refusal
from tests.google.calls import Request
from tests.google.clock import Clock
from tests.graph.answers import error
from tests.graph.grants import KNOWN, OIDC, Access, Grant, asked, refusal, short

TENANT: Final = "5f2c1d3a-6c0e-4d7b-9b57-0d9d6a1f7c11"
CONSUMERS: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"  # the tenant of all personal accounts


class Tokens:
    """What is given to one app (`client_id`) for one user.

    `account` is the user's kind: "work" (tenants common, organizations, `tenant`) or "personal" (common, consumers).
    `lifetime` is an access token's in seconds, `refresh_lifetime` a refresh token's (None: for ever). `rotation`: every
    refresh gives a new refresh token; the old one goes on ("kept", as documented) or ends ("at once"). `long_scopes`:
    answers name scopes with their resource.
    """

    def __init__(self, clock: Clock, address: str, root: Callable[[], str]) -> None:
        self.clock = clock
        self.address = address
        self.root = root
        self.client_id = "4c3b9d6e-2f0a-4a51-8a39-8f0f6f5f2f7d"
        self.tenant = TENANT
        self.user = "11f0c1f4-40bb-4c0a-8f6a-2f0f5ad0a8f3"
        self.account: Literal["work", "personal"] = "work"
        self.lifetime = 3600
        self.refresh_lifetime: float | None = 90 * 86_400.0
        self.rotation: Literal["kept", "at once"] = "kept"
        self.long_scopes = False
        self.grants: list[Grant] = []
        self._access: dict[str, Access] = {}
        self._refresh: dict[str, tuple[Grant, float]] = {}

    def revoke_all(self) -> None:
        """End every sign-in."""
        for grant in self.grants:
            grant.dead = True

    def expire_access(self) -> None:
        """Let the access tokens of now end."""
        self._access.clear()

    def sign_in(self, scopes: Iterable[str]) -> Json:
        """Return what the token endpoint tells after a sign-in, without a browser: for tests of what comes after."""
        wanted = (*scopes, "openid", "profile", "offline_access")  # as msal asks
        return self.issue(self.granted(frozenset(map(short, wanted))), wanted, "")

    # What the API asks.

    def access(self, request: Request) -> Access:
        """Return the access token of a request; without a good one it is refused."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not token:
            raise unauthorized("Access token is empty.")
        found = self._access.get(token)
        if found is None or found.grant.dead:
            raise unauthorized("Access token validation failure.")
        if found.until <= self.clock.tick():
            raise unauthorized("Lifetime validation failed, the token is expired.")
        return found

    def kill(self, request: Request) -> None:
        """Revoke the grant that a request comes with: its access token's, or its refresh token's."""
        token = request.headers.get("authorization", "").partition(" ")[2]
        renewing = parse_qs(request.body.decode("latin-1")).get("refresh_token", [""])[0]
        if token in self._access:
            self._access[token].grant.dead = True
        elif renewing in self._refresh:
            self._refresh[renewing][0].dead = True

    def granted(self, scopes: frozenset[str]) -> Grant:
        """Return a new grant of scopes."""
        grant = Grant(scopes - OIDC, self.clock.tick())
        self.grants.append(grant)
        return grant

    def renew(self, form: dict[str, str]) -> Json:
        """Answer the grant type refresh_token."""
        grant, at = self._refresh.get(form.get("refresh_token", ""), (None, 0.0))
        if grant is None or form["refresh_token"] not in grant.refresh:
            raise refusal(400, "invalid_grant", 9002313, "Invalid request. Request is malformed.", "bad_token")
        if grant.dead:
            raise refusal(400, "invalid_grant", 50173, "The provided grant has expired as it was revoked.", "bad_token")
        if self.refresh_lifetime is not None and self.clock.tick() - at >= self.refresh_lifetime:
            text = "The refresh token has expired due to inactivity."
            raise refusal(400, "invalid_grant", 700082, text, "token_expired")
        wanted = asked(form.get("scope", " ".join(sorted(grant.scopes))))
        lacking = frozenset(map(short, wanted)) - OIDC - grant.scopes
        if lacking:
            text = f"The user or administrator has not consented to use the application: {' '.join(sorted(lacking))}."
            raise refusal(400, "invalid_grant", 65001, text, "consent_required")
        told = self.issue(grant, wanted, "")
        if self.rotation == "at once":
            grant.refresh.discard(form["refresh_token"])
        return told

    def issue(self, grant: Grant, wanted: tuple[str, ...], nonce: str) -> Json:
        """Return what the token endpoint tells of a grant when these scopes were asked."""
        names = {short(one) for one in wanted}
        given = [one for one in wanted if short(one) in grant.scopes or short(one) in OIDC - {"offline_access"}]
        token = f"eyJ0eXAiOiJKV1Qi.{secrets.token_urlsafe(48)}"
        # A token carries all that was ever consented, not only what was asked this time.
        self._access[token] = Access(grant, grant.scopes, self.clock.tick() + self.lifetime)
        long = self.long_scopes
        told: Json = {
            "token_type": "Bearer",
            "scope": " ".join(
                f"https://graph.microsoft.com/{short(one)}" if long and short(one) in KNOWN else one for one in given
            ),
            "expires_in": self.lifetime - 1,
            "ext_expires_in": self.lifetime - 1,
            "access_token": token,
        }
        if "offline_access" in names:
            told["refresh_token"] = f"0.AX{secrets.token_urlsafe(64)}"
            grant.refresh.add(told["refresh_token"])
            self._refresh[told["refresh_token"]] = (grant, self.clock.tick())
        if "openid" in names:
            told["id_token"] = self._id_token(nonce)
            told["client_info"] = self.client_info()
        return told

    def _id_token(self, nonce: str) -> str:
        now = int(self.clock.now().timestamp())
        home = self.tenant if self.account == "work" else CONSUMERS
        claims = {
            "aud": self.client_id,
            "iss": f"{self.root()}/{home}/v2.0",
            "iat": now,
            "nbf": now,
            "exp": now + 3600,
            "name": "Robin Park",
            "oid": self.user,
            "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
            "preferred_username": self.address,
            "tid": home,
            "ver": "2.0",
        }
        return ".".join(
            (packed({"typ": "JWT", "alg": "RS256"}), packed(claims | ({"nonce": nonce} if nonce else {})), "c2ln")
        )

    def client_info(self) -> str:
        """Return who the user is, as msal wants to know it."""
        return packed({"uid": self.user, "utid": self.tenant if self.account == "work" else CONSUMERS})


def packed(value: object) -> str:
    """Return JSON in base64 as tokens have it."""
    return urlsafe_b64encode(orjson.dumps(value)).decode().rstrip("=")


def unauthorized(text: str) -> Refusal:
    """Return the refusal of a request without a good access token."""
    why = 'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize"'
    return Refusal(error(401, "InvalidAuthenticationToken", text, (("WWW-Authenticate", why),)))
