"""No way leads from auld to sending: of all that Google's APIs offer, twelve calls pass the wire, and none sends."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import googleapiclient
import pytest

from connectors.gmail.batch import write_batch
from connectors.gmail.client import read_client
from connectors.gmail.wire import ALLOWED, NotAllowedError, Wire, check_call, signed_in
from connectors.types import Address, NewDraft
from tests.connectors.contract import letter
from tests.connectors.gmail.home import Home

DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"
MADE = {
    "gmail.users.getProfile",
    "gmail.users.messages.list",
    "gmail.users.messages.get",
    "gmail.users.threads.get",
    "gmail.users.history.list",
    "gmail.users.drafts.list",
    "gmail.users.drafts.get",
    "gmail.users.drafts.create",
    "gmail.users.drafts.delete",
    "calendar.calendarList.list",
    "calendar.events.list",
}


def every_method() -> Iterator[tuple[str, str, str]]:
    """Yield name, verb and path of every method of the two APIs, uploads among them."""
    for name in ("gmail.v1", "calendar.v3"):
        document = json.loads((DOCUMENTS / f"{name}.json").read_text("utf-8"))
        prefix = "/" + document["servicePath"]
        for method in _methods(document):
            paths = [prefix + method["path"]]
            paths += [way["path"] for way in method.get("mediaUpload", {}).get("protocols", {}).values()]
            for path in paths:
                filled = path.replace("{userId}", "me").replace("{calendarId}", "primary").replace("{+", "{")
                for key in method.get("parameters", {}):
                    filled = filled.replace("{" + key + "}", "abc")
                yield method["id"], method["httpMethod"], filled


def _methods(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield from node.get("methods", {}).values()
    for inner in node.get("resources", {}).values():
        yield from _methods(inner)


def test_of_all_methods_of_the_two_apis_only_those_pass_that_auld_makes() -> None:
    passed, stopped = set(), set()
    for name, verb, path in every_method():
        try:
            check_call(verb, path)
            passed.add(name)
        except NotAllowedError:
            stopped.add(name)
    assert passed == MADE
    assert {"gmail.users.messages.send", "gmail.users.drafts.send", "calendar.events.insert"} <= stopped
    assert len(stopped) > 100
    assert len(ALLOWED) == len(MADE) + 1  # and the batch, whose parts are looked at one by one


@pytest.fixture
def wire(home: Home) -> Wire:
    return Wire(read_client(home.client_file), signed_in(home.host), home.host, home.google.url)


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("POST", "/gmail/v1/users/me/messages/send"),
        ("POST", "/gmail/v1/users/me/drafts/send"),
        ("POST", "/upload/gmail/v1/users/me/drafts/send"),
        ("POST", "/gmail/v1/users/me/drafts/abc/../send"),
        ("POST", "/gmail/v1/users/me/drafts/send?alt=json"),
        ("PUT", "/gmail/v1/users/me/drafts/abc"),
        ("DELETE", "/gmail/v1/users/me/messages/abc"),
        ("POST", "/gmail/v1/users/me/messages/abc/modify"),
        ("POST", "/calendar/v3/calendars/primary/events"),
        ("PATCH", "/gmail/v1/users/me/drafts"),
        ("GET", "/elsewhere"),
    ],
)
def test_what_is_not_on_the_list_does_not_leave_the_machine(home: Home, wire: Wire, verb: str, path: str) -> None:
    with pytest.raises(NotAllowedError):
        wire.request(home.google.url + path, verb, "{}", {})
    assert home.google.log == []


class Part:
    def __init__(self, uri: str) -> None:
        self.uri = uri


@pytest.mark.parametrize(
    "inner", ["/gmail/v1/users/me/drafts/send", "/gmail/v1/users/me/messages/send?x=1", "/gmail/v1/users/me/settings"]
)
def test_nor_does_it_inside_a_batch(home: Home, wire: Wire, inner: str) -> None:
    kind, body = write_batch([Part(home.google.url + "/gmail/v1/users/me/profile"), Part(home.google.url + inner)])
    for written in (body, body.replace(b"GET " + inner.encode(), b"POST " + inner.encode())):
        with pytest.raises(NotAllowedError):
            wire.request(home.google.url + "/batch/gmail/v1", "POST", written, {"content-type": kind})
    assert home.google.log == []


def test_a_host_below_a_path_changes_nothing(home: Home) -> None:
    wire = Wire(read_client(home.client_file), signed_in(home.host), home.host, home.google.url + "/proxy")
    for path in ("/proxy/gmail/v1/users/me/messages/send", "/gmail/v1/users/me/messages/send", "/proxy/x"):
        with pytest.raises(NotAllowedError):
            wire.request(home.google.url + path, "POST", "{}", {})
    assert home.google.log == []


def test_a_whole_life_of_an_account_never_asks_to_send(home: Home) -> None:
    mailbox = home.google.mailbox
    for number in range(12):
        mailbox.deliver(letter(number), ("SENT",) if number % 2 else ("INBOX",))
    home.google.calendars.put(
        home.google.mailbox.address,
        {
            "summary": "Lunch",
            "start": {"dateTime": "2026-09-01T12:00:00Z"},
            "end": {"dateTime": "2026-09-01T13:00:00Z"},
        },
    )
    account = home.account()
    assert account.mail is not None
    assert account.calendar is not None
    assert account.drafts is not None
    cursor = list(account.mail.changes(None, None))[-1].cursor
    list(account.calendar.changes(None, None))
    draft = NewDraft(
        "k1@example.com", Address("robin@example.com"), Address("anna@example.org"), "Hello", "Hi", home.host.now()
    )
    ref = account.drafts.create(draft)
    assert account.drafts.find("k1@example.com") is not None
    assert account.drafts.withdraw(ref)
    list(account.mail.changes(cursor, None))
    assert list(account.check())
    assert home.google.sends == []
    assert {call.method for call in home.google.log} <= MADE | {"batch", "oauth.token"}
