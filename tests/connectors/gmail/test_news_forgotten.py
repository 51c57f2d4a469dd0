"""A history that Gmail, or the cursor, does not know any more."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.errors import BadReply, CursorExpired
from connectors.packing import squeeze
from tests.connectors.gmail.home import Home, signed_in
from tests.connectors.gmail.scene import SENT, calls, got, ids, wrote
from tests.google.faults import once, status
from tests.google.history import History


@pytest.fixture
def cursor(home: Home) -> str:
    """Where the reading of a mailbox stands."""
    wrote(home.google, "mine", 50, subject="Mine")
    return home.read()[-1].cursor


def test_a_history_that_expired_says_so_and_costs_one_request(home: Home, cursor: str) -> None:
    home.google.mailbox.expire_history()
    requests = home.google.requests
    with pytest.raises(CursorExpired, match="anew"):
        home.read(cursor)
    assert home.google.requests == requests + 1


def test_a_history_that_expires_between_two_pages_says_so_too(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("connectors.gmail.api.PAGE", 10)
    cursor = home.read()[-1].cursor
    for number in range(30):
        got(home.google, number, 0)
    home.google.plan = once(None, status(404), method="history.list")
    with pytest.raises(CursorExpired):
        home.read(cursor)


@pytest.mark.parametrize("place", [1, 2])
def test_a_page_token_that_is_refused_lets_the_history_start_over(
    home: Home, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    google = home.google
    monkeypatch.setattr("connectors.gmail.api.PAGE", 10)
    cursor = home.read()[-1].cursor
    for number in range(30):
        got(google, number, 0, subject=f"Letter {number}")
    google.plan = once(*[None] * place, status(400, "invalidArgument"), method="history.list")
    start = len(google.log)
    assert sorted(ids(home.read(cursor))) == sorted(map(str, range(30))), "and each once"
    assert len(calls(google, "history.list", start)) == place + 1 + 3
    assert "pageToken" not in calls(google, "history.list", start)[place + 1].query


def test_page_tokens_of_the_history_that_are_always_refused_end_in_an_error_and_not_in_a_new_read(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("connectors.gmail.api.PAGE", 10)
    cursor = home.read()[-1].cursor
    for number in range(30):
        got(home.google, number, 0)
    home.google.plan = lambda call: status(400, "invalidArgument") if "pageToken" in call.query else None
    with pytest.raises(BadReply):
        home.read(cursor)
    home.google.plan = once(status(400, "invalidArgument"), method="history.list")
    with pytest.raises(CursorExpired):  # the start itself is refused
        home.read(cursor)


OTHERS: list[Callable[[str], str]] = [
    lambda cursor: cursor.replace("gmail, 1", "gmail, 0"),
    lambda cursor: cursor[:-9],
    lambda cursor: cursor.replace('"stage":"', '"stage":"x'),
    lambda cursor: cursor.replace('"known":"', '"known":"*'),
    lambda _: '{"gmail, 1": {"history": 5, "stage": "through"}}',
    lambda _: '{"gmail, 1": {"history": "", "stage": "through"}}',
    lambda _: '{"gmail, 1": {"history": "no number", "stage": "through"}}',
    lambda _: '{"gmail, 1": {"history": "10000", "stage": "threads", "threads": "eJwDAAAAAAE=", "mails": "!"}}',
    lambda _: '{"gmail, 1": {"history": "10000", "stage": "threads", "done": -1}}',
    lambda _: '{"gmail, 1": []}',
    lambda _: '{"gmail, 1": {"history": "\\ud800", "stage": "through"}}',
    lambda _: '{"gmail, 1": {"history": "10000", "stage": "SENT", "page": "\\ud800"}}',
    lambda _: '{"gmail, 1": {"history": "10000", "stage": "through", "reach": "2026-10-01T00:00:00"}}',
    lambda _: '{"gmail, 1": {"history": "10000", "stage": "through", "reach": 7}}',
    lambda _: json.dumps({"gmail, 1": {"history": "10000", "stage": "mails", "mails": squeeze(["send"])}}),
    lambda _: json.dumps({"gmail, 1": {"history": "10000", "stage": "threads", "threads": squeeze(["..\t1"])}}),
    lambda _: '{"google calendars, 1": {"tokens": {}}}',
    lambda _: "[" * 100_000,
]


@pytest.mark.parametrize("change", OTHERS, ids=range(len(OTHERS)))
def test_a_cursor_of_another_version_or_shape_has_expired(home: Home, change: Callable[[str], str]) -> None:
    wrote(home.google, 1, 5)
    cursor = home.read()[-1].cursor
    assert ids(home.read()) == ["1"]
    with pytest.raises(CursorExpired):
        home.read(change(cursor))


def test_the_history_of_before_the_first_read_is_not_asked_for(tmp_path: Path) -> None:
    with signed_in(tmp_path) as home:
        google = home.google
        for number in range(5):
            google.mailbox.relabel(wrote(google, number, 20, SENT, subject=f"Letter {number}"), add=["STARRED"])
        history: History = google.mailbox.history
        at = history.now
        cursor = home.read()[-1].cursor
        assert home.read(cursor) == []
        assert calls(google, "history.list")[0].query["startHistoryId"] == [str(at)]
