"""Google at the wire: one host with the two APIs, their batches, and the authorization server."""

import random
import threading
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Literal, Self
from urllib.parse import parse_qs

from tests.google import batch, discovery, oauth
from tests.google.answers import Refusal, Reply, forbidden, json, page
from tests.google.asking import Ask, unknown
from tests.google.calendar import Calendars
from tests.google.calls import Call, Request
from tests.google.clock import START, Clock
from tests.google.discovery import Method
from tests.google.events import CalendarApi
from tests.google.faults import Plan
from tests.google.gmail import GmailApi
from tests.google.mailbox import Mailbox
from tests.google.masks import apply
from tests.google.quota import Quota, Window
from tests.google.wire import Wire, plain

SENDERS = frozenset({
    "gmail.users.messages.send",
    "gmail.users.drafts.send",
    *(f"gmail.users.settings.{name}.create" for name in ("delegates", "forwardingAddresses", "sendAs", "filters")),
    "gmail.users.settings.sendAs.verify",
    "gmail.users.settings.updateAutoForwarding",
    "gmail.users.settings.updateVacation",
    "calendar.acl.insert",
    *(f"calendar.events.{name}" for name in ("insert", "import", "update", "patch", "delete", "move", "quickAdd")),
})  # fmt: skip
UPLOADS = ("/resumable/upload/", "/upload/")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a path leads: the method, the parameters in the path, whether it is the method's way for uploads."""

    method: Method
    params: dict[str, str]
    upload: bool


class Google:
    """A Google with one user, as a context manager. See the package's docstring."""

    def __init__(
        self,
        *,
        start: datetime = START,
        address: str = "robin@example.com",
        latency: float = 0.0,
        costs: Literal["new", "old"] = "new",
        limit: int | None = None,
        window: Window = "sliding",
        offset: float = 0.0,
        plan: Plan | None = None,
    ) -> None:
        self.lock = threading.RLock()
        self.clock = Clock(start)
        self.latency = latency
        self.plan = plan
        self.quota = Quota(self.clock, costs, limit, window, offset)
        self.mailbox = Mailbox(self.clock, address, self.lock)
        self.calendars = Calendars(self.clock, address, self.lock)
        self.oauth = oauth.OAuth(self.clock, lambda: self.url)
        self.log: list[Call] = []
        self.sends: list[Call] = []
        self.requests = 0
        self.batch_order: batch.Order = "shuffled"
        self._rng = random.Random(0)
        self._gmail = GmailApi(self.mailbox)
        self._calendar = CalendarApi(self.calendars)
        self._wire: Wire | None = None

    def __enter__(self) -> Self:
        self._wire = Wire(self.handle)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        assert self._wire is not None
        self._wire.close()

    @property
    def url(self) -> str:
        """Return the address of the host, without a slash at its end."""
        assert self._wire is not None, "use it as a context manager"
        return f"http://127.0.0.1:{self._wire.port}"

    @property
    def faults(self) -> list[Call]:
        """Return the calls that a fault happened to."""
        return [call for call in self.log if call.fault is not None]

    def release(self) -> None:
        """Let go of the connections that hang."""
        assert self._wire is not None
        self._wire.release()

    # From here on: one request.

    def handle(self, request: Request) -> Reply:
        """Answer one HTTP request."""
        with self.lock:
            self.requests += 1
            self.clock.wait(self.latency)
            if request.path in batch.PATHS:
                return self._batch(request)
            if request.path in {oauth.AUTH, oauth.TOKEN, oauth.REVOKE}:
                return self._oauth(request)
            return self._api(request, None)

    def _note(self, method: str, request: Request, part: int | None = None) -> Call:
        query = parse_qs(request.query, keep_blank_values=True)
        verb, path = request.verb, request.path
        call = Call(method, verb, path, query, request.body, self.clock.tick(), self.requests, part)
        self.log.append(call)
        return call

    def _answer(self, call: Call, request: Request, target: Target | None = None) -> Reply:
        """Answer a call, with the fault the plan has for it."""
        fault = call.fault = self.plan(call) if self.plan and call.method != "oauth.auth" else None
        if fault and fault.revokes:
            self.oauth.kill(request)
        if fault and fault.applied == "before" and not (fault.revokes and call.method == "oauth.token"):
            reply = fault.answer(None)
        else:
            try:
                reply = self._truth(call, request, target)
            except Refusal as refusal:
                reply = refusal.reply
            reply = fault.answer(reply) if fault and fault.applied == "after" else reply
        call.status = reply.status
        return reply

    def _truth(self, call: Call, request: Request, target: Target | None) -> Reply:
        if call.method.startswith("oauth."):
            return self.oauth.answer(request)
        if call.method == "batch":
            if "authorization" in request.headers:
                self.oauth.access(request)
            return batch.answer(request, self._part, self.batch_order, self._rng)
        return page(404) if target is None else self._judge(call, request, target)

    def _oauth(self, request: Request) -> Reply:
        names = {oauth.AUTH: "oauth.auth", oauth.TOKEN: "oauth.token", oauth.REVOKE: "oauth.revoke"}
        return self._answer(self._note(names[request.path], request), request)

    def _batch(self, request: Request) -> Reply:
        method = "batch" if request.verb == "POST" else ""
        return self._answer(self._note(method, request), request)

    def _part(self, number: int, request: Request) -> Reply:
        return self._api(plain(request), number)

    def _api(self, request: Request, part: int | None) -> Reply:
        prefix = next((one for one in UPLOADS if request.path.startswith(one)), "/")
        found = discovery.find(request.verb, "/" + request.path.removeprefix(prefix))
        if found is None or (prefix != "/" and not found[0].upload):
            return self._answer(self._note("", request, part), request)
        call = self._note(found[0].id, request, part)
        if call.method in SENDERS:
            self.sends.append(call)
        return self._answer(call, request, Target(*found, prefix != "/"))

    def _judge(self, call: Call, request: Request, target: Target) -> Reply:
        """Answer an API call, or refuse it as Google does."""
        method = target.method
        token = self.oauth.access(request)
        if token.scopes.isdisjoint(method.scopes):
            raise outside(method)
        params, mask = discovery.params(method, request.query)
        if target.upload or params.get("alt", "json") != "json":
            raise unknown("Anything but JSON")
        body = discovery.body(method, request.body, request.headers.get("content-type", ""))
        if call.part is not None and call.part >= self.quota.parts:
            return self.quota.crowded()
        charged = self.quota.charge(method.id)
        if isinstance(charged, Reply):
            return charged
        call.units = charged
        ask = Ask(params | target.params, body, token.scopes)
        value = (self._gmail if method.api == "gmail" else self._calendar).answer(method.id, ask)
        return Reply(204) if value is None else json(apply(mask, value))


def outside(method: Method) -> Refusal:
    """Return the refusal of a token without a scope for `method`."""
    why = f'Bearer realm="https://accounts.google.com/", error="insufficient_scope", scope="{min(method.scopes)}"'
    info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}
    text = "Request had insufficient authentication scopes."
    return forbidden(text, "insufficientPermissions", (("WWW-Authenticate", why),), [info])
