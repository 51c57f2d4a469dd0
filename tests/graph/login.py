"""Microsoft's sign-in: the metadata, the page a browser is sent to, tokens, device codes."""

import secrets
from base64 import urlsafe_b64encode
from collections.abc import Callable
from hashlib import sha256
from html import escape
from typing import Final, Literal
from urllib.parse import parse_qs, urlencode, urlsplit

import orjson

from tests.google.answers import Json, Refusal, Reply, json
from tests.google.calls import Request
from tests.google.clock import Clock
from tests.graph.answers import page, signin_error
from tests.graph.grants import DEVICE, OIDC, Code, Device, asked, refusal, short
from tests.graph.tokens import CONSUMERS, TENANT, Tokens

CODE_LIVES: Final = 600.0
DEVICE_LIVES: Final = 900
PATHS: Final = {
    "/oauth2/v2.0/authorize": "oauth.authorize",
    "/oauth2/v2.0/token": "oauth.token",
    "/oauth2/v2.0/devicecode": "oauth.devicecode",
    "/v2.0/.well-known/openid-configuration": "oauth.metadata",
}


def find(path: str) -> tuple[str, str] | None:
    """Return the tenant and the method that a path of the sign-in leads to."""
    tenant, _, rest = path.removeprefix("/").partition("/")
    method = PATHS.get("/" + rest)
    return (tenant, method) if method else None


class Login(Tokens):
    """The endpoints, and the user in front of them.

    `consent` is what the user answers; see `grant_all`, `grant`, `deny`, `needs_admin`. `slow_down`: polling a device
    code sooner than its interval is refused, and the interval grows. `device_polls`: after so many polls the user has
    entered the code by themselves (None: only by `enter`).
    """

    def __init__(self, clock: Clock, address: str, root: Callable[[], str]) -> None:
        super().__init__(clock, address, root)
        self.consent: frozenset[str] | Literal["all", "deny", "admin"] = "all"
        self.slow_down = False
        self.device_polls: int | None = None
        self.devices: dict[str, Device] = {}
        self._codes: dict[str, Code] = {}

    # What the user and the administrator do.

    def grant_all(self) -> None:
        """Allow whatever is asked from now on."""
        self.consent = "all"

    def grant(self, *scopes: str) -> None:
        """Allow only these from now on."""
        self.consent = frozenset(scopes)

    def deny(self) -> None:
        """Say no from now on."""
        self.consent = "deny"

    def needs_admin(self) -> None:
        """Let the tenant ask for an administrator's consent from now on."""
        self.consent = "admin"

    def enter(self, user_code: str = "", *, allow: bool = True) -> None:
        """Enter a device's code (the newest if none is given) in a browser, and say yes or no there."""
        chosen = [one for one in self.devices.values() if user_code in {"", one.user_code} and one.state == "pending"]
        chosen[-1].state = "allowed" if allow else "declined"

    # The endpoints.

    def answer(self, method: str, tenant: str, request: Request) -> Reply:
        """Answer a request to one of the endpoints."""
        verb = "GET" if method in {"oauth.authorize", "oauth.metadata"} else "POST"
        if request.verb != verb:
            return page(405, "Method not allowed")
        if method == "oauth.metadata":
            return self._metadata(tenant)
        if method == "oauth.authorize":
            return self._authorize(tenant, {name: many[-1] for name, many in parse_qs(request.query).items()})
        if "application/x-www-form-urlencoded" not in request.headers.get("content-type", ""):
            raise refusal(400, "invalid_request", 900144, "The request body must be a form.")
        form = {name: many[-1] for name, many in parse_qs(request.body.decode("utf-8", "replace")).items()}
        self._check(tenant, form)
        if method == "oauth.devicecode":
            return json(self._devicecode(form))
        kinds = {"authorization_code": self._exchange, "refresh_token": self.renew, DEVICE: self._poll}
        kind = kinds.get(form.get("grant_type", ""))
        if kind is None:
            raise refusal(400, "unsupported_grant_type", 70003, "The app requested an unsupported grant type.")
        return json(kind(form))

    @property
    def tenants(self) -> frozenset[str]:
        """Return the tenants this user can sign in at."""
        return frozenset(
            {"common", "organizations", self.tenant} if self.account == "work" else {"common", "consumers", CONSUMERS}
        )

    def _metadata(self, tenant: str) -> Reply:
        if tenant not in {"common", "organizations", "consumers", CONSUMERS, self.tenant}:
            return signin_error(400, "invalid_tenant", 90002, f"Tenant '{tenant}' not found.")
        own = tenant if tenant in {self.tenant, CONSUMERS} else "{tenantid}"
        base = f"{self.root()}/{tenant}"
        return json({
            "token_endpoint": f"{base}/oauth2/v2.0/token",
            "authorization_endpoint": f"{base}/oauth2/v2.0/authorize",
            "device_authorization_endpoint": f"{base}/oauth2/v2.0/devicecode",
            "issuer": f"{self.root()}/{own}/v2.0",
            "jwks_uri": f"{base}/discovery/v2.0/keys",
            "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
            "scopes_supported": ["openid", "profile", "email", "offline_access"],
        })  # fmt: skip

    def _check(self, tenant: str, form: dict[str, str]) -> None:
        if form.get("client_id") != self.client_id:
            text = f"Application with identifier '{form.get('client_id')}' was not found in the directory."
            raise refusal(400, "unauthorized_client", 700016, text)
        if "client_secret" in form:
            raise refusal(401, "invalid_client", 700025, "Client is public so 'client_secret' should not be presented.")
        if tenant not in self.tenants:
            raise refusal(400, "invalid_request", 90002, f"Tenant '{tenant}' not found.")

    def _consented(self, wanted: tuple[str, ...]) -> frozenset[str]:
        names = frozenset(map(short, wanted))
        if isinstance(self.consent, frozenset):
            return names & (self.consent | OIDC)
        return names if self.consent == "all" else frozenset()

    def _authorize(self, tenant: str, form: dict[str, str]) -> Reply:
        amiss = self._amiss(tenant, form)
        if amiss:
            return page(400, "Sign in", amiss)
        told = self._answered(form)
        more = {"client_info": self.client_info()} if form.get("client_info") == "1" and "code" in told else {}
        return self._back(form, told | more | {"state": form["state"], "session_state": TENANT})

    def _amiss(self, tenant: str, form: dict[str, str]) -> str:
        """Return what is wrong with a request that no app can be told of, "" if it is well."""
        where = urlsplit(form.get("redirect_uri", ""))
        known = where.scheme == "http" and where.hostname == "localhost" and not where.path.strip("/") + where.query
        checks = (
            ("700016: Application was not found in the directory.", form.get("client_id") == self.client_id),
            ("50020: User account does not exist in tenant.", tenant in self.tenants),
            ("50011: The redirect URI does not match those of the application.", known),
            ("900144: response_type must be 'code'.", form.get("response_type") == "code"),
            ("900144: response_mode.", form.get("response_mode", "query") in {"query", "form_post"}),
            ("50147: Invalid size of Code_Challenge parameter.", 43 <= len(form.get("code_challenge", "")) <= 128),
            ("50147: code_challenge_method must be 'S256'.", form.get("code_challenge_method") == "S256"),
            ("900144: state.", bool(form.get("state"))),
        )
        return next((f"AADSTS{text}" for text, good in checks if not good), "")

    def _answered(self, form: dict[str, str]) -> dict[str, str]:
        """Return what the browser brings back: a code, or why there is none."""
        try:
            wanted = asked(form.get("scope", ""))
        except Refusal as refused:
            told = orjson.loads(refused.reply.body)
            return {name: str(told[name]) for name in ("error", "error_description")}
        if self.consent == "deny":
            text = "AADSTS65004: User declined to consent to access the app."
            return {"error": "access_denied", "error_subcode": "cancel", "error_description": text}
        if self.consent == "admin":
            text = "AADSTS90094: An administrator has set a policy that prevents you from granting these permissions."
            return {"error": "consent_required", "error_description": text}
        code = f"0.AX{secrets.token_urlsafe(48)}"
        grant, until = self.granted(self._consented(wanted)), self.clock.tick() + CODE_LIVES
        nonce = form.get("nonce", "")
        self._codes[code] = Code(grant, wanted, form["redirect_uri"], form["code_challenge"], nonce, until)
        return {"code": code}

    def _back(self, form: dict[str, str], told: dict[str, str]) -> Reply:
        """Send the browser back to the app: by an address, or by a page that posts a form."""
        redirect = form["redirect_uri"] + ("" if urlsplit(form["redirect_uri"]).path else "/")
        if form.get("response_mode") != "form_post":
            return Reply(302, headers=(("Location", f"{redirect}?{urlencode(told)}"),))
        fields = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in told.items())
        form_page = f'<form name="hiddenform" action="{escape(redirect)}" method="post">{fields}</form>'
        return page(200, "Working...", f"{form_page}<script>document.forms[0].submit();</script>")

    def _exchange(self, form: dict[str, str]) -> Json:
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.until <= self.clock.tick():
            raise refusal(400, "invalid_grant", 70008, "The provided authorization code has expired.", "bad_token")
        if form.get("redirect_uri") != code.redirect:
            text = "The reply URL does not match the one given when requesting the authorization code."
            raise refusal(400, "invalid_client", 500112, text)
        told = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).decode().rstrip("=")
        if told != code.challenge:
            raise refusal(400, "invalid_grant", 50148, "The code_verifier does not match the code_challenge.")
        return self.issue(code.grant, code.asked, code.nonce)

    def _devicecode(self, form: dict[str, str]) -> Json:
        wanted = asked(form.get("scope", ""))
        name, user_code = f"HAQABAAEAAAD{secrets.token_urlsafe(48)}", secrets.token_hex(5).upper()[:9]
        now = self.clock.tick()
        self.devices[name] = Device(user_code, wanted, now + DEVICE_LIVES, 5.0, now)
        where = "https://microsoft.com/devicelogin"
        return {
            "user_code": user_code,
            "device_code": name,
            "verification_uri": where,
            "expires_in": DEVICE_LIVES,
            "interval": 5,
            "message": f"To sign in, use a web browser to open the page {where} and enter the code {user_code} "
            "to authenticate.",
        }

    def _poll(self, form: dict[str, str]) -> Json:
        device, now = self.devices.get(form.get("device_code", "")), self.clock.tick()
        if device is None or device.state == "used":
            raise refusal(400, "bad_verification_code", 70018, "The verification code is invalid.")
        device.polls += 1
        if self.device_polls is not None and device.polls > self.device_polls and device.state == "pending":
            device.state = "declined" if self.consent in {"deny", "admin"} else "allowed"
        too_soon, device.polled = now < device.polled + device.interval, now
        if device.state == "declined":
            raise refusal(400, "authorization_declined", 70000, "The end user declined the authorization request.")
        if now >= device.until:
            raise refusal(400, "expired_token", 70020, "The provided device code has expired.")
        if self.slow_down and too_soon:
            device.interval += 5
            raise refusal(400, "slow_down", 70027, "Polling too often.")
        if device.state == "pending":
            raise refusal(400, "authorization_pending", 70016, "The request has not yet been authorized by the user.")
        device.state = "used"
        return self.issue(self.granted(self._consented(device.asked)), device.asked, "")
