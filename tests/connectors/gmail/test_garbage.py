"""Whatever stands in an answer: only errors of the contract leave, and nothing that was told is lost."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import BadReply, ConnectorError
from tests.connectors.contract import DraftsContract
from tests.connectors.gmail.home import Home, signed_in
from tests.connectors.gmail.scene import got, wrote
from tests.google import Call, Fault
from tests.google.answers import HTML, JSON, Reply

KEYS = [
    "messages", "id", "threadId", "labelIds", "nextPageToken", "historyId", "history", "messagesAdded", "labelsAdded",
    "labelsRemoved", "message", "payload", "headers", "name", "value", "internalDate", "emailAddress", "drafts",
    "items", "accessRole", "summary", "start", "end", "dateTime", "date", "status", "attendees", "email", "organizer",
    "nextSyncToken", "eventType", "error", "code", "errors", "reason", "access_token", "expires_in", "refresh_token",
]  # fmt: skip
WORDS = [
    "", "1", "18c0", "SENT", "From", "Date", "Message-ID", "a b", "\x00", "\u202e", "owner", "2026-10-01", "cancelled",
    "2026-10-01T10:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "9" * 5000, "1e999",
    "invalid_grant",
]  # fmt: skip
LEAVES = (
    st.none() | st.booleans() | st.integers(-(10**12), 10**12) | st.floats(allow_nan=False) | st.sampled_from(WORDS)
)
DOCUMENTS = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=5),
    max_leaves=14,
)
TOP = st.dictionaries(st.sampled_from(KEYS), DOCUMENTS, max_size=5) | DOCUMENTS
BODIES = TOP.map(orjson.dumps) | st.binary(max_size=40) | st.just(b"[" * 50_000) | st.just(b'{"a":' * 20_000)
STATUSES = st.sampled_from([200, 200, 200, 200, 204, 302, 400, 401, 403, 404, 410, 412, 429, 500, 503, 700])
RETRY = st.sampled_from([None, "0", "7", "-3", "nan", "inf", "Wed, 21 Oct 2026 07:28:00 GMT", "\u00fc"])


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    retry = draw(RETRY)
    headers = () if retry is None else (("Retry-After", retry),)
    return Reply(draw(STATUSES), draw(BODIES), draw(st.sampled_from([JSON, HTML])), headers)


def mail(home: Home) -> Iterator[Any]:
    return iter(home.mail.changes(None, None))


def news(home: Home) -> Iterator[Any]:
    cursor = '{"gmail, 1":{"history":"10000","stage":"through"}}'
    return iter(home.mail.changes(cursor, None))


def meetings(home: Home) -> Iterator[Any]:
    return iter(home.calendar.changes(None, None))


def drafts(home: Home) -> Iterator[Any]:
    return iter(home.drafts.all())


def create(home: Home) -> Iterator[Any]:
    yield home.drafts.create(DraftsContract.draft())


def check(home: Home) -> Iterator[Any]:
    return iter(home.account().check())


def addresses(home: Home) -> Iterator[Any]:
    home.sign_in(email="")
    return iter(home.account().addresses())


READS: list[tuple[Callable[[Home], Iterator[Any]], str]] = [
    (mail, "getProfile"), (mail, "messages.list"), (mail, "messages.get"), (mail, "threads.get"), (mail, "batch"),
    (news, "history.list"), (news, "messages.get"), (meetings, "calendarList.list"), (meetings, "events.list"),
    (drafts, "drafts.list"), (drafts, "drafts.get"), (create, "drafts.create"), (mail, "oauth.token"),
    (check, "calendarList.list"), (check, "drafts.list"), (check, "getProfile"), (addresses, "getProfile"),
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with signed_in(Path(tmp_path_factory.mktemp("google"))) as home:
        google = home.google
        for number in range(4):
            wrote(google, number, 10 + number, subject=f"Letter {number}")
            got(google, f"r{number}", 10 + number, answers=number, subject=f"Letter {number}")
            wrote(google, f"s{number}", 10 + number, subject=f"Alone {number}")
            got(google, f"i{number}", 10 + number, subject=f"Inbox {number}")
            google.mailbox.write_draft(b"To: anna@example.org\r\n\r\nHello\r\n")
            google.calendars.put("robin@example.com", {
                "start": {"dateTime": "2026-09-01T10:00:00Z"}, "end": {"dateTime": "2026-09-01T11:00:00Z"},
            })  # fmt: skip
        yield home


@pytest.mark.parametrize(("read", "method"), READS, ids=[f"{read.__name__} {method}" for read, method in READS])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_garbage_in_an_answer_gives_errors_of_the_contract_and_no_others(
    place: Home, read: Callable[[Home], Iterator[Any]], method: str, data: st.DataObject
) -> None:
    google = place.google
    several = data.draw(st.lists(replies(), min_size=1, max_size=3))
    number = 0

    def plan(call: Call) -> Fault | None:
        nonlocal number
        if not (call.method.endswith(method) if method != "batch" else call.method == "batch"):
            return None
        number += 1
        return Fault("garbage", "before", several[number % len(several)])

    google.plan = None
    place.sign_in()
    if method == "oauth.token":
        google.oauth.expire_access()
    google.plan = plan
    google.log.clear()
    told: list[object] = []
    with nullcontext() if read is check else suppress(ConnectorError):  # a check never raises
        told.extend(islice(read(place), 500))
    assert len(told) < 500, "it goes on for ever"
    assert len(google.log) < 3000


@pytest.mark.parametrize("status", [302, 400, 404, 503])
@pytest.mark.parametrize("message", [b"false", b"7", b"{}", b"null"])
def test_an_error_whose_message_is_no_text_is_told_like_any(place: Home, status: int, message: bytes) -> None:
    body = b'{"messages": null, "error": {"message": %s}}' % message
    place.google.plan = lambda call: (
        Fault("no text", "before", Reply(status, body)) if call.method.endswith("messages.list") else None
    )
    with pytest.raises(ConnectorError):
        list(mail(place))


@pytest.mark.parametrize(
    ("read", "method"),
    [
        (mail, "messages.list"),
        (news, "history.list"),
        (drafts, "drafts.list"),
        (meetings, "calendarList.list"),
        (meetings, "events.list"),
    ],
)
def test_pages_that_lead_to_themselves_end(place: Home, read: Callable[[Home], Iterator[Any]], method: str) -> None:
    body = b'{"nextPageToken": "again", "historyId": "1"}'
    place.google.log.clear()
    place.google.plan = lambda call: (
        Fault("round and round", "before", Reply(200, body)) if call.method.endswith(method) else None
    )
    with pytest.raises(BadReply):
        list(islice(read(place), 500))
    assert len(place.google.log) < 20
