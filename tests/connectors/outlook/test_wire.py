"""The door to Graph: what looks like a call that may pass, alone, in a batch, or as a link; and a life through it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connectors.outlook import api
from connectors.outlook.call import Call
from connectors.outlook.faults import Astray, Lost, TooSlow
from connectors.outlook.tokens import Tokens
from connectors.outlook.wire import NotAllowedError, Wire, check_call
from tests.cli.archive import ANA, ROBIN
from tests.connectors.outlook.home import Home
from tests.connectors.outlook.place import Place, opened
from tests.google.answers import Reply
from tests.graph import Fault
from tests.graph.faults import always


def passes(verb: str, path: str) -> bool:
    try:
        check_call(verb, path)
    except NotAllowedError:
        return False
    return True


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("POST", "/me/sendMail"), ("POST", "/me/messages/x/send"), ("POST", "/me/messages/x/reply"),
        ("POST", "/me/messages/x/replyAll"), ("POST", "/me/messages/x/forward"),
        ("POST", "/me/messages/x/createForward"),
        ("POST", "/me/messages/x/createReplyAll"), ("POST", "/me/messages/x/createReply/"),
        ("POST", "/me/messages/x%2Fsend%3F/createReply"), ("POST", "/me/messages/x%2fsend%23/createReply"),
        ("POST", "/me/messages/%2e%2e/createReply"), ("POST", "/me/messages/../createReply"),
        ("POST", "/me/messages/x\\send/createReply"), ("POST", "/me/messages/x%5Csend/createReply"),
        ("POST", "/me/messages/x%252Fsend/createReply"), ("POST", "/me/messages/x%0a/createReply"),
        ("POST", "/me/messages/x y/createReply"), ("POST", "/me/messages/x\n/createReply"), ("POST", "/me/messages\n"),
        ("POST", "/me/messages/"), ("POST", "/me/messages/x"), ("post", "/me/messages"), ("POST", "/me/messages?x"),
        ("POST", "/users/eve/messages"), ("POST", "//me/messages"), ("POST", "/me//messages"),
        ("PUT", "/me/messages/x"),
        ("PATCH", "/me/messages/x/send"), ("PATCH", "/me/messages"), ("DELETE", "/me/messages"),
        ("DELETE", "/me/events/x"),
        ("POST", "/me/messages/x/move"), ("POST", "/me/mailFolders/inbox/messages"), ("PATCH", "/me/mailboxSettings"),
        ("POST", "/me/mailFolders/inbox/messageRules"), ("POST", "/me/events"), ("POST", "/me/events/x/accept"),
        ("POST", "/$batch/"), ("GET", "/$batch"), ("GET", "/me/messages/x/$value"),
        ("GET", "/me/messages/x/attachments"),
        ("POST", ""), ("TRACE", "/me"), ("GET", "/me/"), ("GET", "/users/eve@example.net"),
    ],
)  # fmt: skip
def test_what_looks_like_a_passing_call_does_not_pass(verb: str, path: str) -> None:
    assert not passes(verb, path)


def test_ids_as_exchange_makes_them_pass() -> None:
    name = api.draft("AAkALgAAAAAAHYQDEapmEc2byACqAC-EWg0A_x3D==").path.partition("?")[0]
    assert passes("GET", name)
    assert passes("POST", name + "/createReply")


@pytest.fixture
def wire(home: Home) -> Wire:
    tokens = Tokens(home.settings, home.host)
    return Wire(lambda: tokens, home.host, home.settings.api)


def ask(wire: Wire, call: Call) -> tuple[int, dict[str, str], bytes]:
    return wire.request(call, wire.access())


GOOD: dict[str, Any] = {"id": "0", "method": "GET", "url": "/me/messages", "headers": {"Prefer": "x"}}
CHANGES: list[dict[str, Any]] = [
    {"method": "POST"}, {"method": "get"}, {"url": "/me/messages/x/send"}, {"url": "/me/sendMail"},
    {"url": "me/messages"}, {"url": "https://graph.example.net/v1.0/me/messages"}, {"url": "/me/messages#/send"},
    {"url": "//example.net/me/messages"}, {"body": {}}, {"headers": {"X-HTTP-Method-Override": "POST"}},
    {"headers": {"Prefer": "x", "Content-Type": "y"}}, {"atomicityGroup": "g"},
]  # fmt: skip
BODIES: list[dict[str, Any] | None] = [
    None,
    {},
    {"requests": []},
    {"requests": [GOOD], "more": 1},
    *({"requests": [GOOD, GOOD | change]} for change in CHANGES),
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
@pytest.mark.parametrize("path", ["/$batch", "/$batch?x=1"])
def test_nor_does_it_leave_inside_a_batch(home: Home, wire: Wire, body: dict[str, object] | None, path: str) -> None:
    with pytest.raises(NotAllowedError):
        ask(wire, Call("POST", path, body))
    assert home.graph.log == []


def test_a_batch_of_passing_calls_passes(home: Home, wire: Wire) -> None:
    assert ask(wire, Call("POST", "/$batch", {"requests": [GOOD]}))[0] == 200
    assert [one.method for one in home.graph.log] == ["batch", "me.messages.list"]


def test_headers_that_change_what_a_call_is_do_not_leave(home: Home, wire: Wire) -> None:
    for name in ("X-HTTP-Method-Override", "Authorization", "Host"):
        with pytest.raises(NotAllowedError):
            ask(wire, Call("GET", "/me", more={name: "x"}))
    assert home.graph.log == []


LINKS = [
    "/v1.0/me/sendMail", "/v1.0/me/messages/x/send", "/v1.0/me/messages/..", "/v1.0/me/mailFolders/x/../../sendMail",
    "/v1.0/me/mailFolders('x')/messages/delta/../../send", "/v1.0/me/mailFolders('%2e%2e')/messages",
    "/v1.0/me/events", "/beta/me/messages", "/v1.0x/me/messages", "/v1.0/me/messages#x", "/v1.0", "",
]  # fmt: skip


@pytest.mark.parametrize("path", LINKS)
def test_a_link_that_leads_elsewhere_is_not_followed(home: Home, wire: Wire, path: str) -> None:
    with pytest.raises(Astray):
        ask(wire, Call("GET", home.graph.url + path))
    assert home.graph.log == []


@pytest.mark.parametrize("host", ["https://graph.example.net", "http://127.0.0.1@example.net", "http:", "ftp://x", ""])
def test_nor_is_one_to_another_host(home: Home, wire: Wire, host: str) -> None:
    with pytest.raises((Astray, NotAllowedError)):
        ask(wire, Call("GET", f"{host}/v1.0/me/messages"))
    assert home.graph.log == []


@pytest.mark.parametrize("verb", ["POST", "PATCH", "DELETE"])
def test_a_link_is_only_ever_read(home: Home, wire: Wire, verb: str) -> None:
    with pytest.raises(NotAllowedError):
        ask(wire, Call(verb, home.graph.url + "/v1.0/me/messages"))
    assert home.graph.log == []


def test_every_request_asks_for_ids_that_last_and_has_a_name_of_its_own(home: Home, wire: Wire) -> None:
    home.graph.mailbox.deliver(ANA, [ROBIN])
    told = [ask(wire, Call("GET", "/me/messages", prefer=("odata.maxpagesize=7",)))[1] for _ in range(3)]
    assert len({one["client-request-id"] for one in told}) == 3
    for one in told:
        assert 'IdType="ImmutableId"' in one["preference-applied"]
        assert 'odata.maxpagesize="7"' in one["preference-applied"]


def test_an_answer_that_drips_or_bursts_asks_for_less(home: Home, wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.http._Deadline.left", lambda self: (_ for _ in ()).throw(self.passed()))
    with pytest.raises(TooSlow, match="in time"):
        ask(wire, api.me())
    monkeypatch.undo()
    monkeypatch.setattr("connectors.http.bound.__kwdefaults__", {"seconds": 180.0, "size": 10})
    with pytest.raises(TooSlow, match="larger") as caught:
        ask(Wire(lambda: Tokens(home.settings, home.host), home.host, home.settings.api), api.me())
    assert caught.value.bad


def test_a_connection_that_the_server_closed_meanwhile_is_opened_anew(home: Home, wire: Wire) -> None:
    closed = Reply(200, b"{}", headers=(("Connection", "close"),))
    home.graph.plan = always(Fault("closed", "before", closed), "me.get")
    for _ in range(3):
        try:
            assert ask(wire, api.me())[0] == 200
        except Lost:
            pytest.fail("it was to be opened anew")


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with opened(tmp_path) as made:
        made.friend()
        yield made


def test_a_whole_life_sends_nothing(place: Place) -> None:
    graph = place.graph
    for words in (["check"], ["sync"], ["due"], ["once"]):
        place.run(*words, code=(0, 1))
    place.run("draft", "ana", code=(0, 1))
    place.later(minutes=30)
    place.run("once", code=(0, 1))
    assert place.drafts
    graph.mailbox.edit_draft(place.drafts[0].id(immutable=True), body="Mine")
    place.run("once", code=(0, 1))
    graph.mailbox.send_draft(place.drafts[0].id(immutable=True))
    place.mail(ANA, ROBIN, graph.clock.now(), "Hello")
    place.run("once", code=(0, 1))
    place.run("drafts", "--withdraw", "--all", code=(0, 1, 2))
    graph.delta.expire()
    place.later(minutes=20)
    place.run("sync", "--full")
    place.run("logout", "work")
    assert graph.sends == []
    asked = [one for one in graph.log if one.method.startswith("me.")]
    assert {one.verb for one in asked} <= {"GET", "POST", "PATCH", "DELETE"}
    assert {one.method for one in asked if one.verb != "GET"} <= {
        "me.messages.create", "me.messages.createReply", "me.messages.update", "me.messages.delete",
    }  # fmt: skip
