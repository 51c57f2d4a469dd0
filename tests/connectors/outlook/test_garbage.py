"""Whatever stands in an answer: only errors of the contract leave, and nothing goes on for ever."""

import random
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from copy import deepcopy
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import BadReply, ConnectorError, CursorExpired
from connectors.outlook.cursor import Position
from tests.connectors.contract import DraftsContract
from tests.connectors.outlook.home import Home, signed_in
from tests.connectors.outlook.scene import got, wrote
from tests.google.answers import HTML, JSON, Reply
from tests.graph import Call, Fault

KEYS = [
    "value", "id", "@odata.nextLink", "@odata.deltaLink", "@odata.type", "@odata.etag", "@removed", "parentFolderId",
    "receivedDateTime", "sentDateTime", "conversationId", "internetMessageId", "internetMessageHeaders", "name",
    "isDraft", "from", "sender", "emailAddress", "address", "toRecipients", "ccRecipients", "replyTo", "subject",
    "responses", "status", "headers", "body", "error", "code", "message", "totalItemCount", "owner", "canEdit", "start",
    "end", "dateTime", "attendees", "organizer", "changeKey", "mail", "proxyAddresses",
]  # fmt: skip
WORDS = [
    "", "1", "sentitems", "a b", "a/b", "..", "\x00", "\u202e", "2026-10-01T10:00:00Z", "0001-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z", "9999-12-31T23:59:59.9999999-12:00", "2026-10-01", "9" * 5000, "1e999", "anna@example.org",
    "syncStateNotFound", "ErrorAccessDenied", "InvalidAuthenticationToken", "http://127.0.0.1:1/v1.0/me/messages",
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
STATUSES = st.sampled_from([200, 200, 200, 200, 204, 302, 400, 401, 403, 404, 410, 412, 424, 429, 500, 503, 504, 700])
RETRY = st.sampled_from([None, "0", "7", "-3", "nan", "inf", "Wed, 21 Oct 2026 07:28:00 GMT", "\u00fc"])


@st.composite
def replies(draw: st.DrawFn) -> Reply:
    retry = draw(RETRY)
    headers = () if retry is None else (("Retry-After", retry),)
    return Reply(draw(STATUSES), draw(BODIES), draw(st.sampled_from([JSON, HTML])), headers)


def mail(home: Home) -> Iterator[Any]:
    return iter(home.mail.changes(None, None))


def news(home: Home) -> Iterator[Any]:
    plan, home.graph.plan = home.graph.plan, None
    cursor = home.read()[-1].cursor
    home.graph.plan = plan
    position = Position.read(cursor)
    position.recent.clear()
    return iter(home.mail.changes(position.write(), None))


def meetings(home: Home) -> Iterator[Any]:
    return iter(home.calendar.changes(None, None))


def drafts(home: Home) -> Iterator[Any]:
    return iter(home.drafts.all())


def create(home: Home) -> Iterator[Any]:
    yield home.drafts.create(DraftsContract.draft())


def find(home: Home) -> Iterator[Any]:
    yield home.drafts.find("k1@example.com")


def check(home: Home) -> Iterator[Any]:
    return iter(home.account().check())


def addresses(home: Home) -> Iterator[Any]:
    home.sign_in(addresses=())
    return iter(home.account().addresses())


READS: list[tuple[Callable[[Home], Iterator[Any]], str]] = [
    (mail, "mailFolders.get"), (mail, "messages.delta"), (mail, "messages.list"), (mail, "messages.get"),
    (mail, "batch"), (news, "messages.delta"), (news, "messages.list"), (news, "messages.get"),
    (meetings, "calendars.list"), (meetings, "calendarView"), (drafts, "messages.list"), (create, "messages.create"),
    (find, "messages.list"), (mail, "oauth.token"), (check, "calendars.list"), (check, "messages.list"),
    (check, "me.get"), (addresses, "me.get"),
]  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    with signed_in(Path(tmp_path_factory.mktemp("graph"))) as home, pytest.MonkeyPatch.context() as patch:
        patch.setenv("REQUESTS_CA_BUNDLE", str(home.graph.ca))
        patch.setattr("connectors.outlook.api.PAGE", 3)
        graph = home.graph
        graph.mail.headers_in_lists = "some"
        graph.login.refresh_lifetime = None
        graph.throttle.limit = 10**9
        for number in range(5):
            wrote(graph, f"s{number}", 10 + number)
            got(graph, f"r{number}", 10 + number, cc=["Eve <eve@example.net>"], reply_to=["a@example.org"])
            got(graph, f"now{number}", 0)
            graph.mailbox.write_draft(["anna@example.org"])
            graph.calendars.put("Lunch", datetime(2026, 9, 1 + number, 10, tzinfo=UTC))
        yield home
        assert graph.sends == []


def tried(place: Home, read: Callable[[Home], Iterator[Any]], method: str, fault: Callable[[int], Fault]) -> None:
    """Read with a fault for each call of a method, by its number; hold what must hold."""
    graph, number = place.graph, 0

    def plan(call: Call) -> Fault | None:
        nonlocal number
        if not (call.method.endswith(method) if method != "batch" else call.method == "batch"):
            return None
        number += 1
        return fault(number)

    graph.plan = None
    if method == "oauth.token":
        place.sign_in()
        graph.login.expire_access()
    graph.log.clear()
    graph.plan = plan
    told: list[object] = []
    try:
        with nullcontext() if read is check else suppress(ConnectorError):  # a check never raises
            told.extend(islice(read(place), 500))
    finally:
        graph.plan = None
    assert len(told) < 500, "it goes on for ever"
    assert len(graph.log) < 3000


@pytest.mark.parametrize(("read", "method"), READS, ids=[f"{read.__name__} {method}" for read, method in READS])
@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_garbage_in_an_answer_gives_errors_of_the_contract_and_no_others(
    place: Home, read: Callable[[Home], Iterator[Any]], method: str, data: st.DataObject
) -> None:
    several = data.draw(st.lists(replies(), min_size=1, max_size=3))
    tried(place, read, method, lambda number: Fault("garbage", "before", several[number % len(several)]))


JUNK = st.sampled_from(WORDS) | LEAVES | DOCUMENTS


def mutated(document: Any, seed: int, junk: Any) -> Any:
    """Return a document with one place in it, at any depth, left out, given twice, or put another value in."""
    rng, places = random.Random(seed), list[tuple[Any, Any]]()

    def walk(node: Any) -> None:
        for key in list(node) if isinstance(node, dict) else range(len(node)) if isinstance(node, list) else ():
            places.append((node, key))
            walk(node[key])

    walk(document)
    if not places:
        return deepcopy(junk)
    node, key = rng.choice(places)
    what = rng.randrange(4)
    if what == 0 and isinstance(node, dict):
        del node[key]
    elif what == 1 and isinstance(node, list):
        node.append(deepcopy(node[key]))
    elif what == 2 and isinstance(node, dict):
        node[rng.choice(KEYS)] = deepcopy(node[key])
    else:
        node[key] = deepcopy(junk)  # or a document could come to hold itself
    return document


MAIL_READS = [one for one in READS if one[0] in {mail, news}]


@pytest.mark.parametrize(
    ("read", "method"), MAIL_READS, ids=[f"{read.__name__} {method}" for read, method in MAIL_READS]
)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 2**32), JUNK), min_size=1, max_size=4))
def test_answers_that_are_nearly_right_give_errors_of_the_contract_and_no_others(
    place: Home, read: Callable[[Home], Iterator[Any]], method: str, changes: list[tuple[int, Any]]
) -> None:
    def fault(number: int) -> Fault:
        def spoil(true: Reply) -> Reply:
            document = orjson.loads(true.body or b"{}")
            for seed, junk in changes:
                document = mutated(document, seed + number, junk)
            return Reply(true.status, orjson.dumps(document), true.kind, true.headers)

        return Fault("nearly right", "after", spoil=spoil)

    tried(place, read, method, fault)


@pytest.mark.parametrize("read", [mail, news])
@pytest.mark.parametrize("method", ["messages.delta", "messages.list"])
@pytest.mark.parametrize("kind", ["nextLink", "deltaLink"])
@pytest.mark.parametrize("rows", [[], [{"id": "a", "receivedDateTime": "2026-09-01T10:00:00Z"}]], ids=["empty", "one"])
@pytest.mark.parametrize("ring", [1, 2, 3])
def test_pages_that_lead_in_a_ring_end(
    place: Home, read: Callable[[Home], Iterator[Any]], method: str, kind: str, rows: list[object], ring: int
) -> None:
    if kind == "deltaLink":
        method = "messages.delta"

    def fault(number: int) -> Fault:
        folder = "mailFolders('sentitems')/messages/delta" if method == "messages.delta" else "messages"
        link = f"{place.graph.url}/v1.0/me/{folder}?$skiptoken={number % ring}"
        body = orjson.dumps({"value": rows, f"@odata.{kind}": link})
        return Fault("round and round", "before", Reply(200, body))

    tried(place, read, method, fault)
    assert len(place.graph.log) < 60


@pytest.mark.parametrize("cursor", ["", "x", "[]", "null", "{}", '{"outlook mail, 1": {}}', "[" * 100_000])
def test_a_cursor_that_is_none_lets_all_be_read_anew(place: Home, cursor: str) -> None:
    with pytest.raises(CursorExpired):
        place.read(cursor)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("since", "x"), ("since", "2026-09-01T10:00:00"), ("since", 7), ("sent", None), ("folders", {}), ("gaps", None),
        ("folders", {"sentitems": "a/b"}), ("gaps", [["x", None]]), ("gaps", [["2026-09-01T10:00:00Z"]]), ("done", -1),
        ("newest", "2026-09-01T10:00:00"), ("recent", "x"), ("waiting", ["a/b"]), ("waiting", [None]), ("known", "x"),
        ("moved_at", ""), ("total", True), ("waiting", ["send"]),
    ],
)  # fmt: skip
def test_a_cursor_with_one_thing_wrong_lets_all_be_read_anew(place: Home, key: str, value: object) -> None:
    place.graph.plan = None
    told = orjson.loads(place.read()[-1].cursor)
    told["outlook mail, 1"][key] = value
    with pytest.raises(CursorExpired):
        place.read(orjson.dumps(told).decode())


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(seed=st.integers(0, 2**32), junk=JUNK)
def test_a_damaged_cursor_gives_errors_of_the_contract_and_no_others(place: Home, seed: int, junk: Any) -> None:
    place.graph.plan = None
    first = next(iter(place.mail.changes(None, None))).cursor
    damaged = orjson.dumps(mutated(orjson.loads(first), seed, junk)).decode()
    with suppress(ConnectorError):
        place.read(damaged)


def test_a_list_without_an_end_and_without_order_is_told(place: Home) -> None:
    rows = [{"id": f"a{number}", "receivedDateTime": f"2026-09-0{number}T10:00:00Z"} for number in (3, 1, 2, 3)]
    body = orjson.dumps({"value": rows, "@odata.nextLink": f"{place.graph.url}/v1.0/me/messages?$skip=1"})
    place.graph.plan = lambda call: (
        Fault("no order", "before", Reply(200, body)) if call.method.endswith("messages.list") else None
    )
    with pytest.raises(BadReply):
        list(islice(mail(place), 500))
    place.graph.plan = None
