"""Google's own answers with anything in them changed: only errors of the contract leave, and facts that can be kept."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from copy import deepcopy
from dataclasses import fields, is_dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import ConnectorError, CursorExpired
from tests.connectors.gmail.home import Home, signed_in
from tests.connectors.gmail.scene import UNUSABLE, changed, got, wrote
from tests.google import Call, Fault

ROBIN = "robin@example.com"
HOUR = {"start": {"dateTime": "2026-09-01T10:00:00Z"}, "end": {"dateTime": "2026-09-01T11:00:00Z"}}
METHODS = [
    "getProfile", "messages.list", "messages.get", "threads.get", "history.list", "calendarList.list", "events.list",
]  # fmt: skip
VALUES: list[object] = [
    *UNUSABLE, True, 0, -1, 1.5, float("nan"), float("inf"), 10**400, "9" * 5000, [], {}, [[]], [None], [{}],
    {"": None}, "x\ud800", "\x00", "\u202e", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "2026-02-30",
    "cancelled", "SENT", "DRAFT", "owner", "2026-09-01",
]  # fmt: skip

Mutation = tuple[str, int, list[int], object]
"""Which method, at which of its calls, the way to a place in the answer, and what stands there then (...: nothing)."""

MUTATIONS: st.SearchStrategy[Mutation] = st.tuples(
    st.sampled_from(METHODS),
    st.integers(0, 4),
    st.lists(st.integers(0, 30), min_size=1, max_size=8),
    st.sampled_from([*VALUES, ..., ...]),
)


def mutate(document: Any, way: list[int], value: object) -> None:
    """Change what stands at the end of the way, or at its first dead end."""
    for step, pick in enumerate(way):
        keys = list(document) if isinstance(document, dict) else list(range(len(document)))
        if not keys:
            return
        key = keys[pick % len(keys)]
        below = document[key]
        if step + 1 < len(way) and isinstance(below, dict | list):
            document = below
        elif value is ...:
            del document[key]
            return
        else:
            document[key] = deepcopy(value)
            return


def plan_of(mutations: list[Mutation]) -> Callable[[Call], Fault | None]:
    counts = dict.fromkeys(METHODS, -1)

    def plan(call: Call) -> Fault | None:
        method = next((one for one in METHODS if call.method.endswith(one)), None)
        if method is None:
            return None
        counts[method] += 1
        chosen = [(way, value) for name, at, way, value in mutations if (name, at) == (method, counts[method])]

        def change(document: Any) -> Any:
            for way, value in chosen:
                mutate(document, way, value)
            return document

        return changed(change) if chosen else None

    return plan


def check_storable(told: Any) -> None:
    """Fail if some text in a batch cannot be written down."""
    if isinstance(told, str):
        told.encode()
    elif is_dataclass(told):
        for one in fields(told):
            check_storable(getattr(told, one.name))
    elif isinstance(told, list | tuple):
        for item in told:
            check_storable(item)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, str, str]]:
    """A home, and cursors of its mail and calendars from before there was news."""
    folder: Path = tmp_path_factory.mktemp("mutations")
    with signed_in(folder) as home:
        google = home.google
        for number in range(3):
            wrote(google, number, 10 + number, subject=f"Letter {number}")
            got(google, f"r{number}", 9 + number, answers=number, subject=f"Letter {number}")
            wrote(google, f"s{number}", 10 + number, subject=f"Alone {number}")
            got(google, f"i{number}", 10 + number, subject=f"Inbox {number}")
        people = {"attendees": [{"email": ROBIN, "responseStatus": "accepted"}, {"email": "anna@example.org"}]}
        google.calendars.add("team@example.com", role="writer")
        google.calendars.put(ROBIN, HOUR | people)
        google.calendars.put("team@example.com", HOUR | people | {"originalStartTime": HOUR["start"]})
        mail = home.read()[-1].cursor
        calendar = list(home.calendar.changes(None, None))[-1].cursor
        for number in range(3):
            google.mailbox.relabel(got(google, f"n{number}", 0, subject=f"News {number}"), remove=["INBOX"])
            wrote(google, f"m{number}", 0, answers=f"i{number}", subject=f"Inbox {number}")
        google.calendars.cancel(ROBIN, google.calendars.put(ROBIN, HOUR))
        google.calendars.put(ROBIN, HOUR | people)
        yield home, mail, calendar
        assert google.sends == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    mutations=st.lists(MUTATIONS, min_size=1, max_size=4), part=st.sampled_from(["mail", "news", "calendar", "changes"])
)
def test_whatever_is_changed_in_googles_answers_only_errors_of_the_contract_leave(
    place: tuple[Home, str, str], mutations: list[Mutation], part: str
) -> None:
    home, mail, calendar = place
    google = home.google
    google.plan = plan_of(mutations)
    source: Any = home.mail if part in {"mail", "news"} else home.calendar
    cursor: str | None = {"news": mail, "changes": calendar}.get(part)
    told = []
    try:
        for batch in islice(source.changes(cursor, None), 200):
            check_storable(batch)
            told.append(batch)
    except ConnectorError as err:
        check_storable(str(err))
    assert len(told) < 200, "it goes on for ever"
    # Wherever it got to, it goes on from there without stumbling.
    google.plan = None
    with suppress(CursorExpired):
        list(source.changes(told[-1].cursor if told else cursor, None))


def test_a_place_in_an_answer_is_changed_or_taken_away() -> None:
    document: dict[str, Any] = {"a": [{"b": 1}, 2]}
    mutate(document, [0, 0, 0], "x")
    mutate(document, [0, 3], ...)
    assert json.dumps(document) == '{"a": [{"b": "x"}]}'
