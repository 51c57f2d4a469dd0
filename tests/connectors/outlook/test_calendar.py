"""Calendars of an account: which are read, what of them in each round, and what is told anew."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connectors.errors import CursorExpired
from connectors.types import Batch, Meeting
from tests.cli.archive import ANA, NOW, listed
from tests.connectors.outlook.home import Home
from tests.connectors.outlook.place import opened
from tests.graph import START, Call

ANNA = "Anna Adler <anna@example.org>"


@pytest.fixture(autouse=True)
def _trusted(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the sign-in be renewed, however long it takes."""
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(home.graph.ca))
    home.graph.login.refresh_lifetime = None


def at(days: float) -> datetime:
    return START + timedelta(days=days)


def lunch(home: Home, days: float = -10, subject: str = "Lunch", **more: Any) -> str:
    return home.graph.calendars.put(subject, at(days), attendees={ANNA: "accepted"}, **more)


def read(home: Home, cursor: str | None = None, since: datetime | None = None) -> list[Batch[Meeting]]:
    return list(home.calendar.changes(cursor, since))


def first(home: Home, since: datetime | None = None) -> str:
    """Read all there is; return the cursor. What was asked until then is forgotten."""
    cursor = read(home, None, since)[-1].cursor
    home.graph.log.clear()
    return cursor


def meetings(batches: Iterable[Batch[Meeting]]) -> list[Meeting]:
    return sorted((one for batch in batches for one in batch.items), key=lambda one: one.title)


def titles(batches: Iterable[Batch[Meeting]]) -> list[str]:
    return [one.title for one in meetings(batches)]


def gone(batches: Iterable[Batch[Meeting]]) -> list[str]:
    return sorted(key for batch in batches for key in batch.removed)


def asked(home: Home) -> list[str]:
    return [call.method.removeprefix("me.") for call in home.graph.log]


def spans(calls: Sequence[Call]) -> list[tuple[datetime, datetime]]:
    """Return the times that were asked for."""
    views = [call.query for call in calls if call.method.endswith("calendarView")]
    return [tuple(datetime.fromisoformat(query[f"{end}DateTime"][0]) for end in ("start", "end")) for query in views]  # type: ignore[misc]


def test_every_calendar_of_the_users_own_is_read_and_no_other(home: Home) -> None:
    calendars = home.graph.calendars
    lunch(home, subject="Main")
    lunch(home, subject="Second", calendar=calendars.add("Second"))
    lunch(home, subject="Read only", calendar=calendars.add("Holidays", can_edit=False))
    lunch(home, subject="Theirs", calendar=calendars.add("Boss", owner="Bo Ross <bo@example.com>"))
    assert titles(read(home)) == ["Main", "Read only", "Second"]


def test_the_main_calendar_is_read_though_its_owner_is_told_by_an_address_that_nothing_else_tells(home: Home) -> None:
    # So it is at personal accounts that have their address elsewhere.
    for calendar in home.graph.calendars.calendars:
        calendar.owner = ("Robin Park", "outlook_3F0A@outlook.example.com")
    home.graph.calendars.add("Second", owner="Robin Park <outlook_3F0A@outlook.example.com>")
    own = {"outlook_3F0A@outlook.example.com": "accepted"}
    home.graph.calendars.put("Lunch", at(-1), attendees=own, organizer=ANNA, response="accepted")  # type: ignore[arg-type]
    (told,) = meetings(read(home))
    assert [(one.address.email, one.answer.value) for one in told.attendees] == [("robin@example.com", "accepted")]


def test_what_is_ahead_is_told_for_a_year_and_what_is_past_from_the_beginning(home: Home) -> None:
    for days in (-6000, -4000, -1825, -40, -1, 1, 100, 364):
        lunch(home, days, f"{days}")
    lunch(home, 700, "too far")
    assert sorted(titles(read(home)), key=int) == ["-6000", "-4000", "-1825", "-40", "-1", "1", "100", "364"]


def test_no_question_spans_more_than_graph_allows_and_together_they_leave_nothing_out(home: Home) -> None:
    lunch(home, -9000)
    read(home)
    asked_for = sorted(spans(home.graph.log))
    assert all(end - start <= timedelta(days=1825) for start, end in asked_for)
    assert [end for _, end in asked_for[:-1]] == [start for start, _ in asked_for[1:]]
    assert asked_for[0][0] <= at(-9000) <= at(365) <= asked_for[-1][1]


def test_an_empty_calendar_is_asked_for_its_past_once(home: Home) -> None:
    read(home)
    assert asked(home) == ["get", "calendars.list", "calendars.calendarView", "calendars.events.list"]


def test_entries_of_the_world_before_calendars_are_not_looked_for(home: Home) -> None:
    lunch(home, -9 * 36525, "Waterloo")
    lunch(home, -1)
    assert titles(read(home)) == ["Lunch"]
    assert len(asked(home)) < 15


def test_more_entries_than_fit_one_answer_are_all_read(home: Home) -> None:
    home.graph.agenda.page_limit = 7
    for number in range(40):
        lunch(home, -number - 0.5, f"{number}")
    batches = read(home)
    assert len(titles(batches)) == len(set(titles(batches))) == 40
    assert batches[-1].done == batches[-1].total == 40


def test_every_question_says_what_it_wants_in_utc_and_by_immutable_ids(home: Home) -> None:
    home.graph.agenda.page_limit = 1
    lunch(home, 1)
    lunch(home, 2)
    read(home)
    for call in home.graph.log:
        assert "$select" in call.query, call
        assert not {"body", "bodyPreview", "location"} & set(call.query["$select"][0].split(","))


def test_a_round_with_nothing_new_is_one_request_a_calendar_and_no_batch(home: Home) -> None:
    lunch(home)
    lunch(home, 5, calendar=home.graph.calendars.add("Second"))
    cursor = first(home)
    for _ in range(3):
        home.graph.clock.wait(900)
        assert read(home, cursor) == []
    assert asked(home) == ["calendars.calendarView"] * 6


def test_what_is_new_changed_moved_cancelled_or_deleted_is_told(home: Home) -> None:
    calendars = home.graph.calendars
    kept, moved, called_off, dropped = (lunch(home, 3, name) for name in ("kept", "moved", "called off", "dropped"))
    before = {one.title: one.key for batch in read(home) for one in batch.items}
    cursor = first(home)
    calendars.change(moved, start=at(9), end=at(9.1))
    calendars.cancel(called_off)
    calendars.drop(dropped)
    lunch(home, 4, "new")
    batches = read(home, cursor)
    told = {one.title: one for one in meetings(batches)}
    assert sorted(told) == ["Canceled: called off", "moved", "new"]
    assert told["moved"].start == at(9)
    assert told["moved"].key == before["moved"]
    assert told["Canceled: called off"].cancelled
    assert gone(batches) == [before["dropped"]]
    assert read(home, batches[-1].cursor) == []
    assert kept


@pytest.mark.parametrize("response", ["accepted", "declined", "tentativelyAccepted"])
def test_an_answer_given_meanwhile_is_told(home: Home, response: str) -> None:
    robin: Any = {"Robin Park <robin@example.com>": "none"}
    name = home.graph.calendars.put("Lunch", at(2), attendees=robin, organizer=ANNA, response="notResponded")
    cursor = first(home)
    home.graph.calendars.change(name, response=response)
    (told,) = meetings(read(home, cursor))
    assert told.attendees[0].answer.value == {"tentativelyAccepted": "tentative"}.get(response, response)


def test_what_is_put_off_until_months_from_now_is_told_there_at_once(home: Home) -> None:
    name = lunch(home, 3)
    cursor = first(home)
    home.graph.calendars.change(name, start=at(200), end=at(200.1))
    batches = read(home, cursor)
    assert [one.start for one in meetings(batches)] == [at(200)]
    assert gone(batches) == []


def test_what_is_new_far_ahead_is_found_within_a_day(home: Home) -> None:
    cursor = first(home)
    lunch(home, 200)
    assert read(home, cursor) == []
    home.graph.clock.wait(86_400)
    assert titles(read(home, cursor)) == ["Lunch"]


def test_what_is_called_off_far_ahead_is_found_within_a_day(home: Home) -> None:
    name = lunch(home, 200)
    cursor = first(home)
    home.graph.calendars.drop(name)
    assert read(home, cursor) == []
    home.graph.clock.wait(86_400)
    assert len(gone(read(home, cursor))) == 1


def test_occurrences_exceptions_and_dropped_ones_of_a_series_are_told_each_by_itself(home: Home) -> None:
    days = [at(7 * number) for number in range(-2, 4)]
    moved = days[2] + timedelta(days=1)
    home.graph.calendars.put_series(
        "Weekly", days, {ANNA: "accepted"}, dropped=[1],
        exceptions={2: {"start": moved, "end": moved + timedelta(hours=1)}, 3: {"cancelled": True}},
    )  # fmt: skip
    told = sorted(meetings(read(home)), key=lambda one: one.original_start)
    assert [one.original_start for one in told] == [f"{day:%Y-%m-%dT%H:%M:%SZ}" for day in days if day != days[1]]
    assert [one.start for one in told] == [days[0], moved, *days[3:]]
    assert [one.cancelled for one in told] == [False, False, True, False, False]
    assert len({one.uid for one in told}) == 1
    assert len({one.key for one in told}) == 5


def test_a_series_goes_on_to_be_told_as_time_goes_by_and_ends_where_it_ends(home: Home) -> None:
    days = [at(7 * number) for number in range(80)]
    home.graph.calendars.put_series("Weekly", days, {ANNA: "accepted"})
    batches = read(home)
    told = {one.original_start for one in meetings(batches)}
    assert 50 < len(told) < 60
    for _ in range(30):
        home.graph.clock.wait(7 * 86_400)
        batches = read(home, batches[-1].cursor) or batches
        assert gone(batches) == []
        told |= {one.original_start for one in meetings(batches)}
    assert len(told) == 80


def test_a_series_that_is_ended_early_loses_what_was_ahead(home: Home) -> None:
    calendars = home.graph.calendars
    name = calendars.put_series("Weekly", [at(7 * number) for number in range(-3, 4)], {ANNA: "accepted"})
    batches = read(home)
    ahead = sorted(one.key for one in meetings(batches) if one.start >= START)
    series = calendars.series[calendars.get(name).serial]
    series[:] = [one for one in series if one.start < START]
    assert gone(read(home, batches[-1].cursor)) == ahead


def test_what_took_place_stays_told_however_long_ago_it_is(home: Home) -> None:
    for days in range(-60, 60, 3):
        lunch(home, days, f"{days}")
    cursor = first(home)
    for _ in range(40):
        home.graph.clock.wait(5.5 * 86_400)
        for batch in read(home, cursor):
            assert not batch.removed
            cursor = batch.cursor


def test_a_calendar_that_is_deleted_loses_what_is_ahead_and_keeps_what_took_place(home: Home) -> None:
    calendars = home.graph.calendars
    second = calendars.add("Second")
    lunch(home, -3, "past", calendar=second)
    lunch(home, 3, "ahead", calendar=second)
    lunch(home, 3, "main")
    batches = read(home)
    keys = {one.title: one.key for one in meetings(batches)}
    calendars.calendars.pop()
    batches = read(home, batches[-1].cursor)
    assert gone(batches) == [keys["ahead"]]
    # Nor does it go when all is told again.
    home.graph.clock.wait(91 * 86_400)
    again = read(home, batches[-1].cursor)
    assert gone(again) == []


def test_a_calendar_that_comes_is_read_whole_within_a_week_and_the_others_are_not_read_again(home: Home) -> None:
    lunch(home, -400, "main")
    cursor = first(home)
    second = home.graph.calendars.add("Second")
    for days in (-4000, -3, 3):
        lunch(home, days, f"{days}", calendar=second)
    home.graph.clock.wait(7 * 86_400)
    assert titles(read(home, cursor)) == ["-3", "-4000", "3"]


def test_a_calendar_that_comes_is_found_within_a_day_if_there_is_other_news(home: Home) -> None:
    cursor = first(home)
    lunch(home, -3, "second", calendar=home.graph.calendars.add("Second"))
    home.graph.clock.wait(86_400)
    lunch(home, 1, "main")
    assert titles(read(home, cursor)) == ["main", "second"]


def test_what_changed_long_ago_is_told_within_three_months(home: Home) -> None:
    name = lunch(home, -300)
    cursor = first(home)
    home.graph.calendars.change(name, cancelled=True)
    assert read(home, cursor) == []
    home.graph.clock.wait(90 * 86_400)
    batches = read(home, cursor)
    assert [one.cancelled for one in meetings(batches)] == [True]
    home.graph.clock.wait(900)
    assert read(home, batches[-1].cursor) == []


def test_nothing_that_was_over_at_since_is_told_and_nothing_is_asked_before_it(home: Home) -> None:
    for days in (-900, -401, -399, -3):
        lunch(home, days, f"{days}")
    assert titles(read(home, None, at(-400))) == ["-3", "-399"]
    assert min(start for start, _ in spans(home.graph.log)) == at(-400).replace(microsecond=0)


def test_a_since_within_the_time_around_now_holds_too(home: Home) -> None:
    for days in (-20, -9, 3):
        lunch(home, days, f"{days}")
    batches = read(home, None, at(-10))
    assert titles(batches) == ["-9", "3"]
    assert read(home, batches[-1].cursor, at(-10)) == []


def test_a_since_that_goes_further_back_has_that_told_too(home: Home) -> None:
    for days in (-900, -500, -3):
        lunch(home, days, f"{days}")
    batches = read(home, None, at(-400))
    batches = read(home, batches[-1].cursor, at(-600))
    assert titles(batches) == ["-500"]
    batches = read(home, batches[-1].cursor, None)
    assert titles(batches) == ["-500", "-900"]
    assert read(home, batches[-1].cursor, None) == []


@pytest.mark.parametrize("later", [-399, -100])
def test_a_since_that_moves_on_or_is_narrowed_asks_nothing(home: Home, later: float) -> None:
    lunch(home, -300)
    cursor = first(home, at(-400))
    assert read(home, cursor, at(later)) == []
    assert asked(home) == ["calendars.calendarView"]


def test_a_clock_that_is_set_back_makes_nothing_go(home: Home) -> None:
    for days in range(-20, 300, 20):
        lunch(home, days, f"{days}")
    cursor = first(home)
    source = home.calendar
    source._now = lambda: at(-200)  # type: ignore[attr-defined]
    for batch in source.changes(cursor, None):
        assert not batch.removed
        cursor = batch.cursor
    for batch in read(home, cursor):
        assert not batch.removed


def test_every_batch_can_be_gone_on_from(home: Home) -> None:
    home.graph.agenda.page_limit = 3
    second = home.graph.calendars.add("Second")
    for number in range(20):
        lunch(home, 30 - 7 * number, f"{number}", calendar=second if number % 3 else "")
    count = len(read(home))
    for stop in range(1, count + 1):
        told: list[Batch[Meeting]] = []
        for batch in home.calendar.changes(None, None):
            told.append(batch)
            if len(told) == stop:
                break
        told += read(home, told[-1].cursor)
        assert set(titles(told)) == {f"{number}" for number in range(20)}
        assert gone(told) == []


@pytest.mark.parametrize(
    "cursor",
    ["", "nonsense", "{}", "[1]", "null", '{"outlook calendars, 1": {}}', '{"outlook mail, 1": {"sent": "x"}}'],
)
def test_a_cursor_of_something_else_has_expired(home: Home, cursor: str) -> None:
    with pytest.raises(CursorExpired):
        read(home, cursor)


def test_a_damaged_cursor_has_expired(home: Home) -> None:
    lunch(home)
    cursor = first(home)
    for place in range(0, len(cursor), 7):
        try:
            read(home, cursor[:place] + "!" + cursor[place + 1 :])
        except CursorExpired:
            continue


def test_what_a_clock_that_was_ahead_wrote_down_keeps_no_new_calendar_from_being_found(home: Home) -> None:
    cursor, right = first(home), home.host
    home.host = replace(right, now=lambda: START + timedelta(days=150))
    cursor = read(home, cursor)[-1].cursor
    home.host = right
    lunch(home, -3, "There", calendar=home.graph.calendars.add("Second"))
    assert "There" in titles(read(home, cursor))


def test_nothing_is_asked_before_it_is_needed(home: Home) -> None:
    home.calendar.changes(None, None)
    assert home.graph.log == []


def test_a_calendar_that_is_not_read_any_more_is_forgotten_ahead_and_told_again_when_it_is(tmp_path: Path) -> None:
    with opened(tmp_path) as place:
        meet = place.graph.calendars.put
        meet("past", NOW - timedelta(days=40), attendees={ANA: "accepted"})
        meet("ahead", NOW + timedelta(days=4), attendees={ANA: "accepted"})
        place.run("sync")

        def known() -> tuple[str | None, bool]:
            (ana,) = place.ask("people", "ana")
            return ana["last_contact"]["kind"], ana["next_meeting"] is not None

        assert known() == ("meeting", True)
        place.configure(listed("Ana Lima"), work="calendar = false")
        place.run("sync")
        assert known() == ("meeting", False)
        place.configure(listed("Ana Lima"))
        place.run("sync")
        assert known() == ("meeting", True)
