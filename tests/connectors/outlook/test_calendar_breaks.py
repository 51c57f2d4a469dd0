"""Calendars that break: one that is refused, entries that make no sense, odd answers, faults on the way."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.errors import BadReply, ConnectorError, CursorExpired, LoginNeeded, Refused, Unavailable
from tests.connectors.gmail.scene import changed
from tests.connectors.gmail.test_mutations import VALUES, check_storable, mutate
from tests.connectors.outlook.home import Home, signed_in
from tests.connectors.outlook.test_calendar import at, first, gone, lunch, meetings, read, titles
from tests.graph import Call, Fault
from tests.graph.faults import PASSING, WRONG, always, once, random_plan, reset, revoked, status


@pytest.fixture(autouse=True)
def _trusted(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(home.graph.ca))
    home.graph.login.refresh_lifetime = None


def refuse(calendar: str, fault: Fault) -> Callable[[Call], Fault | None]:
    """Return a plan by which one calendar cannot be read."""
    return lambda call: fault if f"/{calendar}/" in call.path.replace("%3D", "=") else None


REFUSALS = [status(403), status(403, "ErrorSomething"), status(404)]


@pytest.mark.parametrize("fault", REFUSALS, ids=lambda one: one.name)
def test_a_calendar_that_is_refused_is_told_and_keeps_none_of_the_others_from_being_read(
    home: Home, fault: Fault
) -> None:
    second = home.graph.calendars.add("Second")
    lunch(home, subject="second", calendar=second)
    lunch(home, subject="main")
    lunch(home, subject="third", calendar=home.graph.calendars.add("Third"))
    home.graph.plan = refuse(second, fault)
    batches = read(home)
    assert titles(batches) == ["main", "third"]
    told = [problem for batch in batches for problem in batch.problems]
    assert told == ['The calendar "Second" is listed but cannot be read.']
    # It is left alone for a day, then tried again.
    cursor = batches[-1].cursor
    home.graph.log.clear()
    assert read(home, cursor) == []
    assert len(home.graph.log) == 2
    home.graph.plan = None
    home.graph.clock.wait(86_400)
    assert titles(read(home, cursor)) == ["second"]


@pytest.mark.parametrize("fault", REFUSALS, ids=lambda one: one.name)
def test_one_that_is_refused_from_now_on_loses_nothing_and_is_read_on_when_it_opens(home: Home, fault: Fault) -> None:
    second = home.graph.calendars.add("Second")
    name = lunch(home, 20, "second", calendar=second)
    cursor = first(home)
    home.graph.plan = refuse(second, fault)
    lunch(home, subject="main")
    batches = read(home, cursor)
    assert titles(batches) == ["main"]
    assert gone(batches) == []
    assert any(batch.problems for batch in batches)
    home.graph.plan = None
    home.graph.calendars.drop(name)
    lunch(home, 3, "new", calendar=second)
    home.graph.clock.wait(86_400)
    later = read(home, batches[-1].cursor)
    assert titles(later) == ["new"]
    assert len(gone(later)) == 1


@pytest.mark.parametrize("fault", REFUSALS, ids=lambda one: one.name)
def test_one_that_was_refused_by_a_passing_fault_is_read_on_in_the_next_round(home: Home, fault: Fault) -> None:
    second = home.graph.calendars.add("Second")
    lunch(home, 20, "second", calendar=second)
    cursor = first(home)
    home.graph.plan = refuse(second, fault)
    cursor = read(home, cursor)[-1].cursor
    assert read(home, cursor) == [], "nor is it told each time"
    home.graph.plan = None
    lunch(home, 3, "soon", calendar=second)
    batches = read(home, cursor)
    assert (titles(batches), gone(batches)) == (["soon"], [])
    assert read(home, batches[-1].cursor) == []


@pytest.mark.parametrize(("fault", "error"), [(status(403), LoginNeeded), (status(403, "ErrorSomething"), Refused)])
def test_if_all_are_refused_it_is_no_matter_of_a_calendar(home: Home, fault: Fault, error: type[Exception]) -> None:
    home.graph.calendars.add("Second")
    lunch(home)
    cursor = first(home)
    home.graph.plan = always(fault, method="calendarView")
    for place in (None, cursor):
        with pytest.raises(error):
            read(home, place)


def test_a_sign_in_that_ends_on_the_way_ends_the_read_and_takes_no_calendar_for_closed(home: Home) -> None:
    for name in ("Second", "Third"):
        lunch(home, subject=name, calendar=home.graph.calendars.add(name))
    home.graph.plan = once(None, revoked(), method="calendarView")
    with pytest.raises(LoginNeeded):
        read(home)


@pytest.mark.parametrize("method", ["me.get", "calendars.list", "calendarView", "events.list"])
@pytest.mark.parametrize("fault", [reset("before"), reset("after"), status(503), status(429, retry_after=3)])
def test_what_passes_is_waited_for(home: Home, method: str, fault: Fault) -> None:
    lunch(home)
    home.graph.plan = once(fault, fault, method=method)
    assert titles(read(home)) == ["Lunch"]


def test_a_server_that_stays_away_is_unavailable(home: Home) -> None:
    cursor = first(home)
    home.graph.plan = always(status(503))
    with pytest.raises(Unavailable):
        read(home, cursor)


@pytest.mark.parametrize("days", [500, 40])
def test_a_time_that_is_too_long_for_the_server_is_asked_for_in_parts(home: Home, days: int) -> None:
    for number in range(-60, 10, 7):
        lunch(home, number, f"{number}")
    lunch(home, -3000, "old")

    def plan(call: Call) -> Fault | None:
        if not call.method.endswith("calendarView"):
            return None
        start, end = (call.query[f"{name}DateTime"][0] for name in ("start", "end"))
        span = (at(0).fromisoformat(end) - at(0).fromisoformat(start)) > timedelta(days=days)
        return status(504) if span else None

    home.graph.plan = plan
    assert set(titles(read(home))) == {"old", *(f"{number}" for number in range(-60, 10, 7))}


def test_a_server_that_is_too_slow_for_anything_is_unavailable(home: Home) -> None:
    home.graph.plan = always(status(504), method="calendarView")
    with pytest.raises(Unavailable):
        read(home)


def spoil(home: Home, change: Callable[[dict[str, Any]], Any], subject: str = "odd") -> None:
    """Have the entry of that subject told otherwise: as what `change` returns."""

    def all_of(told: Any) -> Any:
        several = told.get("value", [])
        told["value"] = [change(one) if one.get("subject") == subject else one for one in several]
        return told

    home.graph.plan = always(changed(all_of), method="calendarView")


STRANGE: list[Callable[[dict[str, Any]], Any]] = [
    lambda _: None,
    lambda _: "text",
    lambda _: [],
    lambda _: {},
    lambda told: told | {"id": 7},
    lambda told: told | {"start": None},
    lambda told: told | {"end": {"dateTime": "yesterday"}},
    lambda told: told | {"end": {"dateTime": "0001-01-01T00:00:00", "timeZone": "UTC"}},
    lambda told: told | {"start": told["start"] | {"timeZone": "tzone://Microsoft/Custom"}},
]


@pytest.mark.parametrize("change", STRANGE)
def test_an_entry_that_makes_no_sense_is_told_once_a_day_and_costs_no_other(
    home: Home, change: Callable[[dict[str, Any]], Any]
) -> None:
    for name in ("a", "odd", "z"):
        lunch(home, 3, name)
    spoil(home, change)
    batches = read(home)
    assert titles(batches) == ["a", "z"]
    (problem,) = [problem for batch in batches for problem in batch.problems]
    assert problem.startswith("A calendar entry was left out: ")
    assert read(home, batches[-1].cursor) == []
    home.graph.clock.wait(86_400)
    assert [one.problems for one in read(home, batches[-1].cursor)] == [(problem,)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("showAs", []), ("type", {}), ("attendees", 7), ("attendees", [None, 7, {"emailAddress": 7}, {}]),
        ("organizer", []), ("responseStatus", "x"), ("subject", ["x"]), ("iCalUId", None), ("isAllDay", "true"),
        ("lastModifiedDateTime", "x"), ("isCancelled", 1), ("originalStart", "x"), ("type", "seriesMaster"),
    ],
)  # fmt: skip
def test_one_odd_word_costs_no_other_fact_of_an_entry(home: Home, field: str, value: Any) -> None:
    lunch(home, 3, "odd")
    spoil(home, lambda told: told | {field: value})
    (told,) = meetings(read(home))
    assert told.start == at(3)


def test_many_odd_entries_are_told_in_few_sentences(home: Home) -> None:
    for number in range(200):
        lunch(home, number / 50, "odd")
    numbers = iter(range(10_000))
    spoil(home, lambda told: told | {"start": told["start"] | {"timeZone": f"Zone {next(numbers)}"}})
    assert len([problem for batch in read(home) for problem in batch.problems]) <= 20


def test_an_odd_calendar_is_left_out_and_a_list_of_nothing_else_is_not_believed(home: Home) -> None:
    lunch(home, subject="second", calendar=home.graph.calendars.add("Second"))
    lunch(home, 5, "main")
    cursor = first(home)

    def name_none(told: Any, count: int) -> Any:
        for one in told["value"][:count]:
            one["id"] = ".."
        return told

    home.graph.plan = always(changed(lambda told: name_none(told, 1)), method="calendars.list")
    assert titles(read(home)) == ["second"]
    home.graph.plan = always(changed(lambda told: name_none(told, 9)), method="calendars.list")
    home.graph.clock.wait(8 * 86_400)
    with pytest.raises(BadReply):
        read(home, cursor)


def test_links_that_lead_round_and_round_end(home: Home) -> None:
    home.graph.agenda.page_limit = 1
    for number in range(3):
        lunch(home, number)
    pages: dict[str, str] = {}

    def turn(told: Any) -> Any:
        # After the second page comes the first one again.
        onward = told.get("@odata.nextLink", "")
        pages.setdefault(onward.rpartition("=")[2], onward)
        return told | {"@odata.nextLink": pages["1"]} if "2" in pages and "1" in pages else told

    home.graph.plan = always(changed(turn), method="calendarView")
    with pytest.raises(BadReply):
        list(islice(home.calendar.changes(None, None), 100))


Mutation = tuple[str, list[int], object]
MUTATIONS: st.SearchStrategy[Mutation] = st.tuples(
    st.sampled_from(["me.get", "calendars.list", "calendarView", "events.list"]),
    st.lists(st.integers(0, 30), min_size=1, max_size=7),
    st.sampled_from([*VALUES, "UTC", "occurrence", "oof", "W. Europe Standard Time", ..., ...]),
)


@pytest.fixture(scope="module")
def changing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, str]]:
    """A home, and a cursor from before there was news."""
    folder: Path = tmp_path_factory.mktemp("mutations")
    with signed_in(folder) as home:
        home.graph.calendars.add("Second")
        for days in (-4, 2, 9):
            lunch(home, days)
        home.graph.calendars.put_series("Weekly", [at(7 * one) for one in range(-3, 3)], {"a@example.org": "none"})
        cursor = read(home)[-1].cursor
        lunch(home, 3, "new", organizer="Bo <bo@example.net>", response="accepted")
        home.graph.calendars.drop(lunch(home, 4))
        yield home, cursor
        assert home.graph.sends == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(mutations=st.lists(MUTATIONS, min_size=1, max_size=4), anew=st.booleans())
def test_whatever_is_changed_in_graphs_answers_only_errors_of_the_contract_leave(
    changing: tuple[Home, str], mutations: list[Mutation], anew: bool
) -> None:
    home, cursor = changing

    def plan(call: Call) -> Fault | None:
        chosen = [(way, value) for name, way, value in mutations if call.method.endswith(name)]

        def change(document: Any) -> Any:
            for way, value in chosen:
                mutate(document, way, value)
            return document

        return changed(change) if chosen else None

    home.graph.plan = plan
    told = []
    try:
        for batch in islice(home.calendar.changes(None if anew else cursor, None), 200):
            check_storable(batch)
            told.append(batch)
    except ConnectorError as err:
        check_storable(str(err))
    assert len(told) < 200, "it goes on for ever"
    home.graph.plan = None
    with suppress(CursorExpired):
        read(home, told[-1].cursor if told else cursor)


@pytest.mark.parametrize("seed", range(4))
def test_after_any_faults_the_same_is_known(home: Home, seed: int) -> None:
    second = home.graph.calendars.add("Second")
    home.graph.agenda.page_limit = 3
    names = [lunch(home, number, f"{number}", calendar=second if number % 3 else "") for number in range(-20, 20, 2)]
    known: dict[str, str] = {}
    cursor: str | None = None
    home.graph.plan = random_plan(seed, 0.2, (*PASSING, *WRONG))
    for step in range(40):
        if step == 10:
            home.graph.calendars.drop(names[-1])
            home.graph.calendars.change(names[-2], subject="other")
            lunch(home, 4, "new")
        if step == 30:
            home.graph.plan = None
        home.graph.clock.wait(3600)
        with suppress(Unavailable, BadReply, LoginNeeded, Refused):
            for batch in home.calendar.changes(cursor, None):
                for key in batch.removed:
                    known.pop(key, None)
                known |= {one.key: one.title for one in batch.items}
                cursor = batch.cursor
    expected = [one.subject for one in home.graph.calendars.events.values()]
    assert sorted(known.values()) == sorted(expected)
