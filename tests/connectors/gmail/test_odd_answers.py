"""Answers of Google's that are wrong as a whole: an error, never an empty mailbox, a crash, or a read without end."""

from collections.abc import Callable
from typing import Any

import pytest

from connectors.errors import BadReply
from connectors.gmail.facts import is_name
from connectors.gmail.wire import check_call
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import UNUSABLE, changed, got, ids, wrote
from tests.google import Call, Fault
from tests.google.answers import Reply

Change = Callable[[dict[str, Any]], object]

SHAPES: list[tuple[str, Change]] = [
    ("messages.list", lambda one: one.update(messages={"id": "1"})),
    ("threads.get", lambda one: one.update(messages="none")),
    ("history.list", lambda one: one.update(history=7)),
    ("history.list", lambda one: one.update(historyId="\ud800")),
    ("history.list", lambda one: one.pop("historyId")),
    ("messages.list", lambda one: one.update(nextPageToken="\ud800")),
    ("history.list", lambda one: one.update(nextPageToken="\ud800")),
    ("calendarList.list", lambda one: one.update(items=7)),
    ("calendarList.list", lambda one: one.update(items=[7])),
    ("calendarList.list", lambda one: one.update(nextPageToken="\ud800")),
    ("events.list", lambda one: one.update(items={})),
    ("events.list", lambda one: one.update(nextPageToken="\ud800")),
    ("events.list", lambda one: one.update(nextSyncToken="\ud800")),
    ("events.list", lambda one: one.update(nextSyncToken=7)),
]  # fmt: skip


def read(home: Home, method: str, cursor: str) -> None:
    """Read so that `method` is asked."""
    if method in {"calendarList.list", "events.list"}:
        list(home.calendar.changes(None, None))
    else:
        home.read(cursor if method == "history.list" else None)


@pytest.mark.parametrize(
    ("method", "change"), SHAPES, ids=[f"{number} {one}" for number, (one, _) in enumerate(SHAPES)]
)
def test_an_answer_that_is_wrong_as_a_whole_is_an_error(home: Home, method: str, change: Change) -> None:
    google = home.google
    wrote(google, 1, 5)
    got(google, 2, 4, answers=1)
    cursor = home.read()[-1].cursor

    def spoil(document: Any) -> Any:
        change(document)
        return document

    google.plan = lambda call: changed(spoil) if call.method.endswith(method) else None
    with pytest.raises(BadReply):
        read(home, method, cursor)


def test_ten_odd_messages_in_a_row_are_no_odd_messages_but_an_odd_gmail(home: Home) -> None:
    google = home.google
    for number in range(30):
        wrote(google, number, 5 + number, subject=f"Letter {number}")
    google.plan = lambda call: changed(lambda _: {}) if call.method.endswith("messages.get") else None
    with pytest.raises(BadReply):
        home.read()
    google.plan = None
    assert len(ids(home.read())) == 30


@pytest.mark.parametrize("loop", [["a", "b"], ["a", "b", "c"]])
@pytest.mark.parametrize("method", ["messages.list", "history.list", "calendarList.list", "events.list"])
def test_pages_that_lead_in_circles_end(home: Home, method: str, loop: list[str]) -> None:
    cursor = home.read()[-1].cursor
    turns = 0

    def plan(call: Call) -> Fault | None:
        nonlocal turns
        if not call.method.endswith(method):
            return None
        turns += 1
        token = loop[turns % len(loop)]
        return Fault("round and round", "before", Reply(200, b'{"nextPageToken": "%s"}' % token.encode()))

    home.google.plan = plan
    with pytest.raises(BadReply):
        read(home, method, cursor)
    assert turns < 10


@pytest.mark.parametrize("number", ["18c0", "r-7", "t-boat", "a=b", "\u00e4", "x" * 64, *map(str, UNUSABLE)])
def test_whatever_passes_for_a_name_passes_the_door(number: str) -> None:
    if is_name(number, 64):
        check_call("GET", f"/gmail/v1/users/me/messages/{number}")
        check_call("GET", f"/calendar/v3/calendars/{number}/events")
