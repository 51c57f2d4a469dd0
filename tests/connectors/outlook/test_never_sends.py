"""No way leads from auld to sending: of all that Graph offers, fourteen calls pass the wire, and none sends."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import connectors.outlook
from connectors.outlook.call import Call
from connectors.outlook.scopes import permissions
from connectors.outlook.settings import OutlookSettings
from connectors.outlook.tokens import Tokens
from connectors.outlook.wire import ALLOWED, NotAllowedError, Wire, check_call
from connectors.types import Address, NewDraft
from tests.connectors.outlook.home import Home
from tests.graph.routes import ROUTES

MADE = {
    "me.get",
    "me.mailFolders.get",
    "me.mailFolders.messages.list",
    "me.mailFolders.messages.delta",
    "me.messages.list",
    "me.messages.get",
    "me.messages.create",
    "me.messages.createReply",
    "me.messages.update",
    "me.messages.delete",
    "me.calendars.list",
    "me.calendars.calendarView",
    "me.calendars.events.list",
}
WAYS = {
    "sendMail", "send", "reply", "replyAll", "forward", "createForward", "createReplyAll", "accept", "decline",
    "tentativelyAccept", "cancel", "messageRules",
}  # fmt: skip
SOURCES = sorted(Path(connectors.outlook.__file__).parent.glob("*.py"))


def every_path() -> Iterator[tuple[str, str, str, bool]]:
    """Yield name, verb, path and whether it could send, of every call the fake knows that Graph has."""
    for route in ROUTES:
        path = route.pattern.pattern
        for name in ("message", "folder", "calendar", "event"):
            path = path.replace(f"(?P<{name}>[^/]+)", "abc")
        yield route.method, route.verb, path.replace("\\", ""), route.sends


def test_of_all_calls_only_those_pass_that_auld_makes() -> None:
    passed, sending = set(), set()
    for method, verb, path, sends in every_path():
        if sends:
            sending.add(method)
        try:
            check_call(verb, path)
            passed.add(method)
        except NotAllowedError:
            pass
    assert passed == MADE
    assert len(sending) > 15
    assert not passed & sending
    assert len(ALLOWED) == len(MADE) + 1  # and the batch, whose parts are looked at one by one


@pytest.mark.parametrize("way", sorted(WAYS))
@pytest.mark.parametrize("verb", ["POST", "PUT", "PATCH", "GET"])
def test_no_way_to_send_leaves_the_machine_whatever_it_hangs_below(home: Home, way: str, verb: str) -> None:
    tokens = Tokens(home.settings, home.host)
    wire = Wire(lambda: tokens, home.host, home.settings.api)
    for below in ("/me", "/me/messages/abc", "/me/events/abc", "/me/mailFolders/abc", "/users/eve", ""):
        path = f"{below}/{way}"
        with pytest.raises(NotAllowedError):
            wire.request(Call(verb, path, {"message": {}}), "token")
    assert home.graph.log == []


def test_no_source_has_the_words_that_a_way_to_send_is_made_of() -> None:
    """Not as an address, nor as a part of one, nor as a permission."""
    words = {one.lower() for one in WAYS} | {"mail.send", "mail.send.shared", "smtp.send"}
    guilty = []
    for path in SOURCES:
        tree = ast.parse(path.read_text("utf-8"))
        documented = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented:
                parts = set(node.value.replace("?", "/").split("/")) - {"Accept"}  # of HTTP
                guilty += [f"{path.name}:{node.lineno} {one}" for one in parts if one.lower() in words]
    assert guilty == []


def test_no_permission_to_send_is_asked_for() -> None:
    for drafts in (True, False):
        settings = OutlookSettings(client_id="4c3b9d6e-2f0a-4a51-8a39-8f0f6f5f2f7d", drafts=drafts)
        names = [one.name for one in permissions(settings)]
        assert names == ["Mail.ReadWrite" if drafts else "Mail.ReadBasic", "Calendars.Read", "User.Read"]


def test_what_a_write_may_hold_is_a_draft(home: Home) -> None:
    """Of a draft made or completed nothing says that it is to go anywhere, nor when."""
    home.drafts.create(draft(home, "k1@example.com"))
    (written,) = [one for one in home.graph.log if one.method == "me.messages.create"]
    for word in (b"isDraft", b"saveToSentItems", b"deferredSend", b"0x3fef", b"0x000f", b"sendDateTime"):
        assert word.lower() not in written.body.lower()


def draft(home: Home, key: str) -> NewDraft:
    robin, anna = Address("robin@example.com"), Address("anna@example.org")
    return NewDraft(key, robin, anna, "Hello", "Hi", home.host.now())


def test_a_whole_life_of_an_account_never_asks_to_send(home: Home) -> None:
    for number in range(12):
        folder = "sentitems" if number % 2 else "inbox"
        home.graph.mailbox.deliver("Anna <anna@example.org>", ["robin@example.com"], folder=folder)
    account = home.account()
    assert account.mail is not None
    assert account.calendar is not None
    assert account.drafts is not None
    cursor = list(account.mail.changes(None, None))[-1].cursor
    list(account.calendar.changes(None, None))
    ref = account.drafts.create(draft(home, "k1@example.com"))
    assert account.drafts.find("k1@example.com") is not None
    assert account.drafts.withdraw(ref)
    list(account.mail.changes(cursor, None))
    assert list(account.check())
    assert home.graph.sends == []
    assert {call.method for call in home.graph.log} <= MADE | {"batch", "oauth.token", "oauth.metadata"}
