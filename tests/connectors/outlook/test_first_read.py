"""A first read of an Outlook mailbox: all of it, each mail once, in any state of the list, broken off anywhere."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from urllib.parse import unquote

import pytest

from connectors.errors import BadReply, ConnectorError, CursorExpired, Unavailable
from connectors.types import Batch, Mail
from tests.connectors.outlook.home import Home
from tests.connectors.outlook.scene import before, calls, changed, got, ids, upto, wrote
from tests.graph import Call, Fault, Graph
from tests.graph.faults import always, status


@pytest.fixture(autouse=True, params=[20_000, 6], ids=["in one", "in parts"])
def pages(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages hold five messages, so that a small mailbox has many, and much may be what is little."""
    monkeypatch.setattr("connectors.outlook.api.PAGE", 5)
    monkeypatch.setattr("connectors.outlook.arrivals._MUCH", request.param)


def fill(graph: Graph, some: int = 23) -> set[str]:
    for number in range(some):
        wrote(graph, f"s{number}", 20 + number)
        got(graph, f"r{number}", 3 + number / 3)
    return {f"{kind}{number}" for number in range(some) for kind in "sr"}


# -- all of it, each once ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("filters", [True, False])
@pytest.mark.parametrize("headers", [True, False])
def test_all_is_told_and_each_mail_once(home: Home, headers: bool, filters: bool) -> None:
    everything = fill(home.graph)
    home.graph.mail.headers_in_lists = headers
    home.graph.mail.refuses_folder_filter = not filters
    assert sorted(ids(home.read())) == sorted(everything)


def test_sent_is_told_first_and_then_the_newest_of_what_was_received(home: Home) -> None:
    fill(home.graph)
    told = ids(home.read())
    assert {one[0] for one in told[:23]} == {"s"}
    assert "r0" in told[23:33]


@pytest.mark.parametrize("some", range(13))
def test_mailboxes_of_any_size_around_a_page_are_told(home: Home, some: int) -> None:
    everything = fill(home.graph, some)
    batches = home.read()
    assert sorted(ids(batches)) == sorted(everything)
    assert batches[-1].done == batches[-1].total == len(everything)
    assert home.read(batches[-1].cursor) == []


def test_what_lies_in_drafts_junk_and_deleted_is_left_out_and_all_other_folders_are_read(home: Home) -> None:
    graph = home.graph
    for folder in ("junkemail", "deleteditems"):
        got(graph, folder, folder=folder)
    graph.mailbox.write_draft(["anna@example.org"])
    got(graph, "filed", folder=graph.mailbox.add_folder("Projects"))
    got(graph, "archived", folder="archive")
    assert sorted(ids(home.read())) == ["archived", "filed"]


def test_mails_of_one_second_that_fill_more_than_a_page_are_all_told(home: Home) -> None:
    everything = set()
    for number in range(37):
        at = before(5) + timedelta(microseconds=20_000 * number)
        got(home.graph, f"one{number}", at=at)
        everything.add(f"one{number}")
    everything |= fill(home.graph, 8)
    assert sorted(ids(home.read())) == sorted(everything)


@pytest.mark.parametrize("ends", ["all", "newest", "oldest"])
def test_a_page_that_ends_within_a_second_loses_nothing_of_it(home: Home, ends: str) -> None:
    everything = set()
    for number in range(40):
        together = {"all": 4, "newest": 7 if number < 7 else 1, "oldest": 7 if number > 32 else 1}[ends]
        at = before(5) - timedelta(seconds=number // together, microseconds=-10_000 * (number % together))
        got(home.graph, number, at=at)
        everything.add(str(number))
    assert sorted(ids(home.read())) == sorted(everything)


def test_two_ends_that_meet_in_one_second_tell_all_of_it(home: Home) -> None:
    for some in range(1, 30):
        with Graph() as graph:
            other = Home(graph, home.host.folder)
            other.sign_in()
            for number in range(some):
                got(graph, number, at=before(5) + timedelta(seconds=number // 6))
            assert sorted(ids(other.read())) == sorted(str(number) for number in range(some))


@pytest.mark.parametrize("repeats", [0.0, 0.4])
@pytest.mark.parametrize("short", [True, False])
@pytest.mark.parametrize("empty", [True, False])
def test_replays_short_pages_and_an_end_of_its_own_change_nothing(
    home: Home, repeats: float, short: bool, empty: bool
) -> None:
    delta = home.graph.delta
    delta.repeats, delta.short_pages, delta.empty_end, delta.shuffle = repeats, short, empty, 40
    everything = fill(home.graph)
    assert set(ids(home.read())) == everything


def test_a_page_of_what_the_other_end_has_told_meanwhile_is_nothing_to_stumble_over(home: Home) -> None:
    everything = fill(home.graph, 40)
    true, ended = home.graph.handle, Event()

    def handle(request: Any, root: str, **more: Any) -> Any:
        """Let a page from the newest down come only once one from the other end was the last of the same time."""
        reply, asked = true(request, root, **more), unquote(request.query)
        newest = " lt " in asked and asked.partition(" lt ")[2] > before(5).isoformat()
        if " lt " in asked and not (newest and "asc" in asked):
            ended.wait(0.5)
        if newest and "asc" in asked and b"nextLink" not in reply.body:
            ended.set()
        return reply

    home.graph.handle = handle  # type: ignore[method-assign]
    assert sorted(ids(home.read())) == sorted(everything)


# -- how far back ------------------------------------------------------------------------------------------------------


def test_nothing_older_than_since_is_told(home: Home) -> None:
    fill(home.graph)
    since = before(24.5)
    batches = list(home.mail.changes(None, since))
    assert set(ids(batches)) == {f"s{number}" for number in range(5)} | {f"r{number}" for number in range(23)}
    assert {mail.received_at >= since for batch in batches for mail in batch.items if mail.received_at} == {True}
    later = list(home.mail.changes(None, before(5.1)))
    assert sorted(ids(later)) == [f"r{number}" for number in range(7)]


def test_a_since_that_goes_further_back_than_was_read_lets_all_be_read_anew(home: Home) -> None:
    fill(home.graph)
    cursor = list(home.mail.changes(None, before(10)))[-1].cursor
    assert list(home.mail.changes(cursor, before(9))) == []
    for further in (before(11), None):
        with pytest.raises(CursorExpired):
            list(home.mail.changes(cursor, further))


# -- broken off --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("headers", [True, False])
def test_a_read_stopped_after_any_batch_goes_on_from_there(home: Home, headers: bool) -> None:
    home.graph.mail.headers_in_lists = headers
    everything = fill(home.graph)
    count = len(home.read())
    assert count > 8
    for stop in range(1, count + 1):
        first = upto(home.mail, stop)
        rest = home.read(first[-1].cursor)
        assert set(ids(first) + ids(rest)) == everything
        # But for the seconds where it was broken off, one at each end of a gap.
        assert len(ids(first) + ids(rest)) <= len(everything) + 4


def test_a_read_that_fails_at_any_call_tells_what_it_had_and_goes_on(home: Home) -> None:
    home.graph.mail.headers_in_lists = False
    everything = fill(home.graph)
    home.read()
    count, failures = len(calls(home.graph)), 0
    for stop in range(count):
        left = stop

        def plan(call: Call) -> Fault | None:
            nonlocal left
            left -= call.method != "batch"
            return status(403, "ErrorAccountSuspend") if left < 0 and call.method != "batch" else None

        home.graph.plan = plan
        told: list[Batch[Mail]] = []
        try:
            told.extend(home.mail.changes(None, None))
        except ConnectorError:
            failures += 1
            home.graph.plan = None
            told += home.read(told[-1].cursor if told else None)
        assert set(ids(told)) == everything
    # Two ends that meet sooner need fewer calls than they had begun.
    assert failures > count // 2


def test_what_one_end_brought_is_told_before_the_error_of_the_other(home: Home) -> None:
    fill(home.graph)
    fault, failed, true = status(403, "ErrorAccountSuspend"), Event(), home.graph.handle

    def handle(request: Any, root: str, **more: Any) -> Any:
        reply = true(request, root, **more)
        if reply.status == 403:
            failed.set()
        elif "desc" in request.query:
            failed.wait(10)
        return reply

    home.graph.handle = handle  # type: ignore[method-assign]
    home.graph.plan = lambda call: fault if "asc" in str(call.query.get("$orderby")) else None
    told: list[Batch[Mail]] = []
    with pytest.raises(ConnectorError):
        told.extend(home.mail.changes(None, None))
    assert {"r0", "r1", "r2", "r3"} <= set(ids(told))


# -- meanwhile ---------------------------------------------------------------------------------------------------------


def read_with(home: Home, event: Callable[[Graph], None], after: int) -> list[Batch[Mail]]:
    """Read all, with something that happens after a batch."""
    batches = []
    for batch in home.mail.changes(None, None):
        batches.append(batch)
        if len(batches) == after:
            event(home.graph)
    assert len(batches) >= after
    return batches


@pytest.mark.parametrize("after", range(1, 10))
def test_mail_that_comes_in_mid_read_is_told_then_or_by_the_next_read(home: Home, after: int) -> None:
    everything = fill(home.graph)

    def arrive(graph: Graph) -> None:
        graph.clock.wait(1)
        got(graph, "new", at=graph.clock.now())
        got(graph, "late", at=graph.clock.now() - timedelta(minutes=5))
        wrote(graph, "mine", at=graph.clock.now())

    got(home.graph, "newest", at=home.graph.clock.now())
    batches = read_with(home, arrive, after)
    home.graph.clock.wait(1200)
    told = ids(batches) + ids(home.read(batches[-1].cursor))
    assert set(told) == everything | {"new", "late", "mine", "newest"}


@pytest.mark.parametrize("after", range(1, 10))
def test_mail_that_goes_or_moves_in_mid_read_costs_no_other(home: Home, after: int) -> None:
    home.graph.mail.headers_in_lists = False
    everything = fill(home.graph)
    gone = {"s0", "s9", "s20", "r4", "r11", "r21"}

    def vanish(graph: Graph) -> None:
        named = {one.message_id[2:].partition("@")[0]: one for one in graph.mailbox.messages.values()}
        for number in gone:
            graph.mailbox.delete(named[number].id(immutable=True))
        for number in ("r5", "r15"):
            graph.mailbox.move(named[number].id(immutable=True), "archive")

    batches = read_with(home, vanish, after)
    told = ids(batches) + ids(home.read(batches[-1].cursor))
    assert set(told) >= everything - gone
    assert len(told) == len(set(told))


# -- what servers do ---------------------------------------------------------------------------------------------------


def test_pages_shrink_where_a_server_does_not_get_them_done(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.outlook.api.PAGE", 200)
    home.graph.mail.slow_above = 60
    everything = fill(home.graph, 130)
    assert sorted(ids(home.read())) == sorted(everything)
    sizes = [int(one.query["$top"][0]) for one in calls(home.graph, "messages.list")]
    assert max(sizes) == 50, "what Sent taught holds for the rest"
    assert [one.status for one in home.graph.log].count(504) == 4, "each size twice: once may be by chance"


def test_pages_that_are_too_slow_even_when_small_end_in_a_sentence(home: Home) -> None:
    fill(home.graph)
    home.graph.plan = always(status(504), "messages.list")
    with pytest.raises(Unavailable, match="in time"):
        home.read()
    assert len(calls(home.graph, "messages.list")) < 20


def test_a_filter_that_is_refused_is_left_out_from_then_on(home: Home) -> None:
    fill(home.graph)
    home.graph.mail.refuses_folder_filter = True
    home.read()
    assert [one.status for one in calls(home.graph, "messages.list")].count(400) <= 2, "one for each end"


@pytest.mark.parametrize(("code", "name"), [(410, "SyncStateNotFound"), (400, "syncStateNotFound"),
                                            (410, "resyncRequired"), (404, "ErrorItemNotFound"),
                                            (400, "ErrorInvalidUrlQuery")])  # fmt: skip
@pytest.mark.parametrize("stop", [1, 3, 6, 99])
def test_where_sent_is_forgotten_it_alone_is_listed_anew(home: Home, code: int, name: str, stop: int) -> None:
    everything = fill(home.graph)
    first = upto(home.mail, stop)
    home.graph.delta.expire(code, name)
    wrote(home.graph, "new", at=home.graph.clock.now())
    home.graph.log.clear()
    rest = home.read(first[-1].cursor)
    assert set(ids(first) + ids(rest)) == everything | {"new"}
    if stop == 99:
        listed = [str(one.query["$filter"]) for one in calls(home.graph, "messages.list")]
        assert len([one for one in listed if " lt " not in one]) == 1, "what was received is not"
    assert home.read(rest[-1].cursor) == []


def test_a_read_is_broken_off_and_gone_on_with_while_sent_is_listed_anew(home: Home) -> None:
    everything = fill(home.graph)
    cursor = home.read()[-1].cursor
    home.graph.delta.expire()
    wrote(home.graph, "new", at=home.graph.clock.now())
    first = upto(home.mail, 2, cursor)
    rest = home.read(first[-1].cursor)
    assert set(ids(first) + ids(rest)) == {one for one in everything if one[0] == "s"} | {"new"}


def test_a_server_that_forgets_every_time_ends_in_an_error(home: Home) -> None:
    fill(home.graph)
    home.graph.plan = lambda call: status(410) if "$skiptoken" in call.query else None
    with pytest.raises(CursorExpired):
        home.read()
    assert len(calls(home.graph)) < 20


def test_a_link_to_elsewhere_is_not_followed(home: Home) -> None:
    fill(home.graph)

    def astray(document: dict[str, object]) -> dict[str, object]:
        return document | {"@odata.nextLink": "https://graph.example.net/v1.0/me/messages?$skip=5"}

    home.graph.plan = always(changed(astray), "messages.delta")
    with pytest.raises(BadReply, match="led elsewhere"):
        home.read()
    assert len(calls(home.graph, "messages.delta")) == 2


def test_another_address_of_the_api_lets_sent_be_listed_anew(home: Home) -> None:
    fill(home.graph)
    cursor = home.read()[-1].cursor
    cursor = cursor.replace(home.graph.url, "http://127.0.0.1:1")
    assert {one[0] for one in ids(home.read(cursor))} == {"s"}


def test_a_list_that_is_not_in_order_ends_in_an_error_and_not_never(home: Home) -> None:
    fill(home.graph)
    home.graph.plan = always(changed(lambda document: document | {"value": document["value"][::-1]}), "messages.list")
    with pytest.raises(BadReply):
        home.read()
    assert len(calls(home.graph, "messages.list")) < 40


# -- odd mails ---------------------------------------------------------------------------------------------------------


def test_mail_from_the_future_keeps_nothing_from_being_read(home: Home) -> None:
    fill(home.graph, 3)
    got(home.graph, "future", at=datetime(2040, 1, 1, tzinfo=UTC))
    cursor = home.read()[-1].cursor
    assert home.read(cursor) == []
    home.graph.clock.wait(1200)
    got(home.graph, "today", at=home.graph.clock.now())
    assert ids(home.read(cursor)) == ["today"]


@pytest.mark.parametrize("field", ["id", "receivedDateTime"])
@pytest.mark.parametrize("value", [None, 7, "", "a/b", ".."])
def test_a_message_that_cannot_be_understood_is_left_out_and_told(home: Home, field: str, value: object) -> None:
    everything = fill(home.graph, 4)

    def spoil(document: dict[str, list[dict[str, object]]]) -> dict[str, list[dict[str, object]]]:
        for row in document["value"]:
            if row.get("internetMessageId") in {"<ms1@example.org>", "<mr2@example.org>"}:
                row[field] = value
        return document

    home.graph.plan = lambda call: changed(spoil) if call.method.endswith(("delta", "messages.list")) else None
    batches = home.read()
    assert set(ids(batches)) == everything - {"s1", "r2"}
    assert {problem[:25] for batch in batches for problem in batch.problems} == {"A message was left out: a"}
