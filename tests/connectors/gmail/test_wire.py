"""The door to Google: what looks like a call that may pass, alone or in a batch, and a whole life through it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from connectors.gmail.link import Link
from connectors.gmail.wire import NotAllowedError, Wire, check_call, signed_in
from tests.cli.archive import ANA, ROBIN
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.town import Town, town
from tests.google import Google


def passes(verb: str, path: str) -> bool:
    try:
        check_call(verb, path)
    except NotAllowedError:
        return False
    return True


@pytest.mark.parametrize(
    ("verb", "path"),
    [
        ("POST", "/gmail/v1/users/me/messages/send"), ("POST", "/gmail/v1/users/me/drafts/send"),
        ("POST", "/gmail/v1/users/me/drafts/"),
        ("POST", "/gmail/v1/users/me/drafts/../messages/send"), ("post", "/gmail/v1/users/me/drafts"),
        ("PUT", "/gmail/v1/users/me/drafts/r1"), ("PATCH", "/gmail/v1/users/me/drafts/r1"),
        ("POST", "/gmail/v1/users/me/drafts\n"), ("POST", "/gmail/v1/users/eve@example.net/drafts"),
        ("POST", "/gmail/v1/users/me/drafts?x"), ("POST", "/gmail/v1/users/me/drafts/r1"), ("POST", "/batch"),
        ("DELETE", "/gmail/v1/users/me/messages/x1"), ("POST", "/batch/calendar/v3"), ("POST", "/batch/gmail/v1/x"),
        ("POST", "/calendar/v3/calendars/primary/events"), ("GET", "/gmail/v1/users/me/settings/filters"),
        ("DELETE", "/gmail/v1/users/me/drafts/a/b"), ("TRACE", "/gmail/v1/users/me/profile"), ("POST", ""),
    ],
)  # fmt: skip
def test_what_looks_like_a_passing_call_does_not_pass(verb: str, path: str) -> None:
    assert not passes(verb, path)


def wire(home: Home) -> Wire:
    return Wire(Link(home.settings, home.host).client, signed_in(home.host), home.host, home.google.url)


def batch(line: str, more: str = "") -> bytes:
    """Return a batch as auld writes them, but for the line that asks."""
    return (
        "--auld_parts\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"
        f"Content-ID: <part-0>\r\n\r\n{line}\r\nAccept: application/json\r\n{more}\r\n\r\n--auld_parts--\r\n"
    ).encode()


GOOD = "GET /gmail/v1/users/me/profile HTTP/1.1"
BODIES = [
    batch("POST /gmail/v1/users/me/messages/send HTTP/1.1"),
    batch("POST /gmail/v1/users/me/messages/send"),
    batch("POST /gmail/v1/users/me/messages/send HTTP/1.0"),
    batch("post /gmail/v1/users/me/drafts/send HTTP/1.1"),
    batch("POST  /gmail/v1/users/me/drafts/send HTTP/1.1"),
    batch("POST /gmail/v1/users/me/drafts HTTP/1.1"),
    batch("DELETE /gmail/v1/users/me/drafts/r1 HTTP/1.1"),
    batch("GET /gmail/v1/users/me/settings/filters HTTP/1.1"),
    batch(GOOD, "X-HTTP-Method-Override: POST\r\n"),
    batch(GOOD).replace(
        b"--auld_parts--", b"--auld_parts\r\n\r\nPOST /gmail/v1/users/me/drafts/send\r\n--auld_parts--"
    ),
    batch(GOOD) + b"POST /gmail/v1/users/me/drafts/send",
    batch(GOOD).replace(b"\r\n", b"\n"),
    b"",
]


@pytest.mark.parametrize("body", BODIES, ids=range(len(BODIES)))
def test_nor_does_it_leave_inside_a_batch(home: Home, body: bytes) -> None:
    with pytest.raises(NotAllowedError):
        wire(home).request(f"{home.google.url}/batch/gmail/v1", "POST", body, {"content-type": "multipart/mixed"})
    assert home.google.log == []


def test_a_batch_of_passing_calls_passes(home: Home) -> None:
    kind = {"content-type": 'multipart/mixed; boundary="auld_parts"'}
    response, _ = wire(home).request(f"{home.google.url}/batch/gmail/v1", "POST", batch(GOOD), kind)
    assert response.status == 200
    assert [one.method for one in home.google.log] == ["batch", "gmail.users.getProfile"]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as made:
        yield made


def test_a_whole_life_sends_nothing(place: Town) -> None:
    google: Google = place.google
    for words in (["check"], ["sync"], ["due"], ["once"]):
        place.run(*words, code=(0, 1))
    place.run("draft", "ana", code=(0, 1))
    place.later(days=1)
    place.run("once", code=(0, 1))
    google.mailbox.edit_draft(next(iter(google.mailbox.drafts)), body="Mine")
    place.run("once", code=(0, 1))
    google.mailbox.send_draft(next(iter(google.mailbox.drafts)), rewrite_message_id=True)
    place.mail(ANA, ROBIN, google.clock.now(), ("INBOX",), "Hello")
    place.run("once", code=(0, 1))
    place.run("drafts", "--withdraw", "--all", code=(0, 1, 2))
    google.mailbox.expire_history()
    google.calendars.expire_sync()
    place.later(days=1)
    place.run("sync", "--full")
    place.run("logout", "home")
    assert google.sends == []
    assert {one.verb for one in google.log if one.method.startswith("gmail.")} <= {"GET", "POST", "DELETE"}
    posts = {one.method for one in google.log if one.verb == "POST"}
    assert posts <= {"batch", "oauth.token", "oauth.revoke", "gmail.users.drafts.create"}
