"""Graph and the sign-in at the wire: over TLS both, over plain HTTP the API alone."""

import random
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from urllib.parse import parse_qs

from tests.google.answers import Refusal, Reply
from tests.google.calls import Call, Request
from tests.google.clock import START, Clock
from tests.google.faults import Plan
from tests.google.wire import Wire
from tests.graph import asking, batch, login, routes
from tests.graph.agenda import AgendaApi
from tests.graph.answers import denied, error, page, unknown
from tests.graph.asking import Ask, Handler
from tests.graph.calendars import Calendars
from tests.graph.delta import DeltaApi
from tests.graph.mail import MailApi
from tests.graph.mailbox import Mailbox
from tests.graph.throttle import Throttle
from tests.graph.tls import TlsWire, authority
from tests.graph.writing import WritingApi

VERSION: Final = "/v1.0"
BATCH: Final = "/v1.0/$batch"


class Graph:
    """A Graph with one user, as a context manager. See the package's docstring."""

    def __init__(
        self,
        *,
        start: datetime = START,
        address: str = "robin@example.com",
        latency: float = 0.0,
        linger: float = 0.0,
        plan: Plan | None = None,
        clock: Clock | None = None,
        port: int = 0,
    ) -> None:
        self.lock = threading.RLock()
        self.clock = clock or Clock(start)
        self.latency = latency
        self.linger = linger
        self.plan = plan
        self.throttle = Throttle(self.clock)
        self.mailbox = Mailbox(self.clock, address, self.lock)
        self.calendars = Calendars(self.clock, address, self.lock)
        self.login = login.Login(self.clock, address, lambda: self.authority)
        self.mail = MailApi(self.mailbox)
        self.delta = DeltaApi(self.mail)
        self.writing = WritingApi(self.mail)
        self.agenda = AgendaApi(self.calendars)
        self.log: list[Call] = []
        self.sends: list[Call] = []
        self.requests = 0
        self.batch_order: batch.Order = "shuffled"
        self._rng = random.Random(0)
        self._port = port
        self._wires: list[Wire] = []
        self._stack = ExitStack()
        self._handlers = self._table()

    def _table(self) -> dict[str, Handler]:
        mail, writing, agenda = self.mail, self.writing, self.agenda
        return {
            "me.get": mail.get_me,
            "me.mailFolders.list": mail.list_folders,
            "me.mailFolders.childFolders.list": mail.list_folders,
            "me.mailFolders.get": mail.get_folder,
            "me.messages.list": mail.list_messages,
            "me.mailFolders.messages.list": mail.list_messages,
            "me.mailFolders.messages.delta": self.delta.answer,
            "me.messages.get": mail.get_message,
            "me.mailFolders.messages.get": mail.get_message,
            "me.messages.create": writing.create,
            "me.mailFolders.messages.create": writing.create,
            "me.messages.update": writing.update,
            "me.messages.delete": writing.delete,
            "me.messages.createReply": writing.create_reply,
            "me.messages.move": writing.move,
            "me.messages.send": writing.send,
            "me.calendars.list": agenda.list_calendars,
            "me.calendars.get": agenda.get_calendar,
            "me.calendar.get": agenda.get_calendar,
            "me.calendars.calendarView": agenda.view,
            "me.calendar.calendarView": agenda.view,
            "me.calendarView": agenda.view,
            "me.calendars.events.list": agenda.list_events,
            "me.events.list": agenda.list_events,
            "me.events.get": agenda.get_event,
        }

    def __enter__(self) -> Self:
        folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        self.ca = folder / "ca.pem"
        authority().cert_pem.write_to_path(self.ca)
        self._wires = [
            Wire(lambda request: self.handle(request, self.url), self._port),
            TlsWire(lambda request: self.handle(request, self.authority, signing_in=True)),
        ]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for wire in self._wires:
            wire.close()
        self._stack.close()

    @property
    def url(self) -> str:
        """Return the address of the API over plain HTTP, without a slash at its end."""
        assert self._wires, "use it as a context manager"
        return f"http://127.0.0.1:{self._wires[0].port}"

    @property
    def authority(self) -> str:
        """Return the address of the sign-in (and of the API) over TLS; tenants lie below it."""
        assert self._wires, "use it as a context manager"
        return f"https://localhost:{self._wires[1].port}"

    @property
    def faults(self) -> list[Call]:
        """Return the calls that a fault happened to."""
        return [call for call in self.log if call.fault is not None]

    def release(self) -> None:
        """Let go of the connections that hang."""
        for wire in self._wires:
            wire.release()

    # From here on: one request.

    def handle(self, request: Request, root: str, *, signing_in: bool = False) -> Reply:
        """Answer one HTTP request."""
        with self.lock:
            beside = self.throttle.running
            self.throttle.running += 1
        try:
            if self.linger:
                time.sleep(self.linger)
            with self.lock:
                self.requests += 1
                self.clock.wait(self.latency)
                reply = self._one(request, root, beside, signing_in=signing_in)
        finally:
            with self.lock:
                self.throttle.running -= 1
        told = request.headers.get("client-request-id")
        if told is None:
            return reply
        more = (*reply.headers, ("client-request-id", told))
        return Reply(reply.status, reply.body, reply.kind, more, reply.claimed)

    def _one(self, request: Request, root: str, beside: int, *, signing_in: bool) -> Reply:
        way = login.find(request.path)
        if way is not None and signing_in:
            call = self._note(way[1], request)
            return self._answer(call, request, lambda: self.login.answer(way[1], way[0], request))
        if request.path == BATCH and request.verb == "POST":
            call = self._note("batch", request)
            return self._answer(call, request, lambda: self._batch(request, root, beside))
        return self._api(request, root, None, beside)

    def _note(self, method: str, request: Request, part: int | None = None) -> Call:
        query = parse_qs(request.query, keep_blank_values=True)
        call = Call(method, request.verb, request.path, query, request.body, self.clock.tick(), self.requests, part)
        self.log.append(call)
        return call

    def _answer(self, call: Call, request: Request, truth: Callable[[], Reply]) -> Reply:
        """Answer a call, with the fault the plan has for it."""
        fault = call.fault = self.plan(call) if self.plan and call.method != "oauth.authorize" else None
        if fault and fault.revokes:
            self.login.kill(request)
        if fault and fault.applied == "before" and not (fault.revokes and call.method == "oauth.token"):
            reply = fault.answer(None)
        else:
            try:
                reply = truth()
            except Refusal as refusal:
                reply = refusal.reply
            reply = fault.answer(reply) if fault and fault.applied == "after" else reply
        call.status = reply.status
        return reply

    def _batch(self, request: Request, root: str, beside: int) -> Reply:
        self.login.access(request)

        def each(number: int, part: Request, side: int) -> Reply:
            return self._api(part, root, number, beside + side)

        limits = self.throttle
        queues = limits.at_once if limits.batch_queues else None
        return batch.answer(request, each, self.batch_order, self._rng, queues=queues, mixed=limits.mixed_batches)

    def _api(self, request: Request, root: str, part: int | None, beside: int) -> Reply:
        path = request.path
        found = routes.find(request.verb, path.removeprefix(VERSION)) if path.startswith(f"{VERSION}/") else "path"
        if isinstance(found, str):
            return self._answer(self._note("", request, part), request, lambda: _nowhere(path, found))
        route, named = found
        call = self._note(route.method, request, part)
        if route.sends:
            self.sends.append(call)
        return self._answer(call, request, lambda: self._judge(route, named, request, root, beside))

    def _judge(self, route: routes.Route, named: dict[str, str], request: Request, root: str, beside: int) -> Reply:
        """Answer an API call, or refuse it as Graph does."""
        token = self.login.access(request)
        crowded = self.throttle.count(route.method) or self.throttle.crowd(beside)
        if crowded is not None:
            return crowded
        if token.scopes.isdisjoint(route.scopes):
            raise denied()
        if route.lacking:
            raise unknown(route.method)
        params, prefer = asking.params(request, route.params), asking.prefer(request)
        ask = Ask(root, request.path, named, params, prefer, request.headers, request.body, token.scopes)
        reply = self._handlers[route.method](ask)
        if not prefer.applied:
            return reply
        told = ", ".join(f'{name}="{value}"' for name, value in prefer.applied.items())
        return Reply(reply.status, reply.body, reply.kind, (*reply.headers, ("Preference-Applied", told)))


def _nowhere(path: str, why: str) -> Reply:
    if why == "verb":
        return error(405, "Request_BadRequest", "Specified HTTP method is not allowed for the request target.")
    if path.startswith(("/beta/", f"{VERSION}/users/")):
        return error(501, "NotImplemented", f"'{path}' is not part of this fake.")
    if path.startswith(f"{VERSION}/"):
        segment = path.rstrip("/").rpartition("/")[2]
        return error(400, "BadRequest", f"Resource not found for the segment '{segment}'.")
    return page(404, "404 - File or directory not found.")
