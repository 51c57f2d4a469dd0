from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.due import Asker, Budget
from daemon.model import DraftRecord, Status
from daemon.settings import Occasion, Rhythm
from tests.due.given import NOW, ZONE, draft

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
LAST_DAY = datetime(2026, 6, 30, 10, tzinfo=UTC)  # a Tuesday: the whole month's spread is open


def budget(
    *records: DraftRecord,
    now: datetime = LAST_DAY,
    first_synced_at: datetime | None = LONG_AGO,
    zone: ZoneInfo = ZONE,
    country: str = "",
    **rhythm: Any,
) -> Budget:
    return Budget.count(records, Rhythm(**rhythm), now, zone, first_synced_at, country)


def sent(age: float, now: datetime = LAST_DAY, **fields: Any) -> DraftRecord:
    return draft(fields.pop("status", Status.SENT), age, now=now, **fields)


def test_the_service_writes_two_a_day_at_most() -> None:
    assert budget().may_write_today() == 2
    once = budget(sent(0.1))
    assert once.may_write_today() == 1
    twice = budget(sent(0.1), sent(0.05))
    assert twice.may_write_today() == 0
    assert twice.stops("catch-up", Asker.SERVICE) == "2 drafts a day at most"


def test_a_day_is_a_local_day() -> None:
    """23:30 UTC on the 29th is the 30th in Amsterdam."""
    night = sent(0, created_at=datetime(2026, 6, 29, 23, 30, tzinfo=UTC))
    assert budget(night).may_write_today() == 1
    assert budget(night, zone=ZoneInfo("UTC")).may_write_today() == 2


def test_the_months_goal_is_a_limit_for_the_service_and_for_auld_draft() -> None:
    full = budget(*(sent(age) for age in range(1, 9)))
    for asker in (Asker.SERVICE, Asker.TYPED):
        assert full.stops("catch-up", asker) == "this month's goal of 8 is reached"
        assert full.may_write_today(asker) == 0


def test_a_month_is_a_local_month() -> None:
    in_may, in_june = (sent(0, created_at=datetime(2026, 5, 31, hour, 30, tzinfo=UTC)) for hour in (21, 23))
    assert budget(in_may, goal=1).may_write_today() == 1
    assert budget(in_june, goal=1).may_write_today() == 0


def test_drafts_are_spread_over_the_months_working_days() -> None:
    """June 2026 has 22 working days; on the 17th, the 13th of them, ceil(8 x 13 / 22) = 5 may be written."""
    assert budget(*(sent(age, NOW) for age in range(1, 5)), now=NOW).may_write_today() == 1
    five = budget(*(sent(age, NOW) for age in range(1, 6)), now=NOW)
    assert five.may_write_today() == 0
    sentence = "this month's 8 are spread over its working days: 5 by today, and 5 are written"
    assert five.stops("catch-up", Asker.SERVICE) == sentence


def test_working_days_are_those_of_the_config() -> None:
    """Wednesdays of June 2026: 3, 10, 17, 24; the 17th is the third of four."""
    assert budget(now=NOW, days=("wed",), goal=4).by_today == 3


def test_a_public_holiday_is_no_working_day() -> None:
    """Christmas 2026 is a Friday; Saint Stephen's is a holiday in Austria and falls on a Saturday."""
    christmas = datetime(2026, 12, 25, 10, tzinfo=UTC)
    assert budget(now=christmas, country="at").stops("catch-up", Asker.SERVICE) == "a public holiday: Christmas Day"
    assert budget(now=christmas).may_write_today() == 2
    fridays: dict[str, Any] = {"now": datetime(2026, 12, 18, 10, tzinfo=UTC), "days": ("fri",), "goal": 12}
    assert budget(**fridays, country="AT").by_today == 12  # the third of three
    assert budget(**fridays).by_today == 9  # the third of four


def test_in_the_first_month_both_counts_start_the_day_after_the_first_sync() -> None:
    """First sync on Monday 15 June: k counts 16 and 17, K 16 to 30 (11 days): ceil(8 x 2 / 11) = 2."""
    assert budget(now=NOW, first_synced_at=datetime(2026, 6, 15, 8, tzinfo=UTC)).by_today == 2
    assert budget(now=NOW, first_synced_at=datetime(2026, 5, 31, 8, tzinfo=UTC)).by_today == 5


def test_on_the_day_of_the_first_sync_the_service_writes_nothing() -> None:
    fresh = budget(now=NOW, first_synced_at=NOW - timedelta(hours=2))
    assert fresh.may_write_today() == 0
    assert "none falls before tomorrow" in fresh.stops("catch-up", Asker.SERVICE)


def test_a_month_without_a_working_day_left_has_nothing() -> None:
    """K = 0: synced first on the last day of the month."""
    fresh = budget(first_synced_at=LAST_DAY - timedelta(hours=2))
    assert (fresh.by_today, fresh.may_write_today()) == (0, 0)


def test_before_the_first_sync_is_through_the_service_writes_nothing() -> None:
    assert budget(first_synced_at=None).stops("catch-up", Asker.SERVICE) == "the first sync is not through"


def test_the_service_writes_on_its_days_only() -> None:
    saturday = budget(now=datetime(2026, 6, 27, 10, tzinfo=UTC))
    assert saturday.stops("catch-up", Asker.SERVICE) == "outside your days mon, tue, wed, thu, fri"
    assert budget(days=()).stops("catch-up", Asker.SERVICE) == "rhythm.days names no day"


@pytest.mark.parametrize(
    ("hour", "minute", "inside"), [(7, 59, False), (8, 0, True), (17, 59, True), (18, 0, False), (3, 0, False)]
)
def test_the_service_writes_in_its_local_hours_only(hour: int, minute: int, inside: bool) -> None:
    now = datetime(2026, 6, 30, hour, minute, tzinfo=ZONE).astimezone(UTC)
    stopped = budget(now=now).stops("catch-up", Asker.SERVICE)
    assert stopped == ("" if inside else "outside your hours 08:00-18:00")


def test_unsent_drafts_are_a_limit_for_all() -> None:
    """Unsent is open or edited; a planned one counts as open. Age does not matter, nor who asked for it."""
    waiting = [sent(age, status=Status.OPEN) for age in (100, 200)]
    waiting += [
        sent(40, status=Status.EDITED),
        sent(0.1, status=Status.PLANNED),
        sent(50, status=Status.OPEN, typed=True),
    ]
    full = budget(*waiting)
    kinds: tuple[Occasion, ...] = ("catch-up", "birthday", "new-year")
    assert {full.stops(kind, asker) for kind in kinds for asker in Asker} == {"5 drafts wait unsent"}
    assert budget(*waiting[:1], open=1).stops("catch-up", Asker.NAMED) == "1 draft waits unsent"
    assert budget(open=0).stops("catch-up", Asker.NAMED) == "rhythm.open is 0: no drafts at all"


def test_withdrawn_drafts_are_not_counted_and_deleted_ones_are() -> None:
    assert budget(sent(0.1, status=Status.WITHDRAWN), sent(0.2, status=Status.WITHDRAWN)).may_write_today() == 2
    assert budget(sent(0.1, status=Status.DELETED)).may_write_today() == 1


def test_a_typed_auld_draft_ignores_days_hours_spread_and_two_a_day() -> None:
    """On Saturday 6 June at midnight, with two of the day written, what is left is goal and open."""
    now = datetime(2026, 6, 6, 22, tzinfo=UTC)
    busy = budget(sent(0.01, now), sent(0.02, now), now=now, first_synced_at=None)
    assert busy.may_write_today(Asker.SERVICE) == 0
    assert busy.may_write_today(Asker.TYPED) == 5
    assert budget(sent(0.01, now), sent(0.02, now), now=now, open=50).may_write_today(Asker.TYPED) == 6


def test_auld_draft_for_a_person_is_outside_goal_and_spread_but_not_outside_open() -> None:
    full = budget(*(sent(age) for age in range(1, 9)))
    assert full.stops("catch-up", Asker.NAMED) == ""
    assert full.may_write_today(Asker.NAMED) == 5


@pytest.mark.parametrize("occasion", ["birthday", "new-year"])
def test_birthday_and_new_year_are_outside_goal_and_spread(occasion: Occasion) -> None:
    full = budget(*(sent(age) for age in range(1, 9)), sent(0.1), sent(0.2))
    assert full.stops(occasion, Asker.SERVICE) == ""
    assert full.stops(occasion, Asker.TYPED) == ""


@pytest.mark.parametrize("fields", [{"typed": True}, {"occasion": "birthday"}, {"occasion": "new-year"}])
def test_what_is_outside_the_goal_takes_nothing_from_it(fields: dict[str, Any]) -> None:
    assert budget(*(sent(0.01 * age, **fields) for age in range(1, 10))).may_write_today() == 2
    spent = budget().spend(fields.get("occasion", "catch-up"), Asker.NAMED if "typed" in fields else Asker.SERVICE)
    assert (spent.today, spent.month, spent.unsent) == (0, 0, 1)


def test_new_year_is_greeted_three_times_a_day_at_most() -> None:
    allotted = budget().allot(["new-year"] * 5, Asker.SERVICE)
    assert allotted == ("", "", "", *["3 new-year greetings a day at most"] * 2)
    assert budget(*(sent(0.01 * age, occasion="new-year") for age in (1, 2, 3))).stops("new-year", Asker.TYPED)
    yesterday = (sent(1 + 0.01 * age, occasion="new-year") for age in (1, 2, 3))
    assert budget(*yesterday, sent(0.1), sent(0.2)).allot(["new-year"] * 3, Asker.SERVICE) == ("", "", "")


def test_greetings_are_on_the_services_days_and_in_its_hours_too() -> None:
    night = datetime(2026, 12, 29, 2, tzinfo=UTC)
    assert budget(now=night).stops("new-year", Asker.SERVICE) == "outside your hours 08:00-18:00"


def test_drafts_are_allotted_in_order_and_each_that_is_stopped_says_why() -> None:
    occasions: list[Occasion] = ["catch-up", "catch-up", "catch-up", "new-year", "new-year", "new-year", "catch-up"]
    waits = "5 drafts wait unsent"
    assert budget().allot(occasions, Asker.SERVICE) == ("", "", "2 drafts a day at most", "", "", "", waits)


STATUSES = st.sampled_from(list(Status))
OCCASIONS: st.SearchStrategy[Occasion] = st.sampled_from(["catch-up", "new-year", "birthday"])
RECORDS = st.lists(
    st.builds(
        lambda status, age, occasion, typed: sent(age, NOW, status=status, occasion=occasion, typed=typed),
        STATUSES,
        st.floats(0, 40),
        OCCASIONS,
        st.booleans(),
    ),
    max_size=12,
)


@given(
    RECORDS,
    st.integers(0, 12),
    st.integers(0, 12),
    st.lists(OCCASIONS, max_size=20),
    st.sampled_from(list(Asker)),
    st.integers(0, 27 * 24),
)
def test_what_is_allotted_never_exceeds_a_cap(
    records: list[DraftRecord], goal: int, open_: int, occasions: list[Occasion], asker: Asker, hours: int
) -> None:
    now = datetime(2026, 6, 2, tzinfo=UTC) + timedelta(hours=hours)
    left = budget(*records, now=now, goal=goal, open=open_)
    allotted = left.allot(occasions, asker)
    written = [one for one, stopped in zip(occasions, allotted, strict=True) if not stopped]
    catch_ups = written.count("catch-up")
    local = now.astimezone(ZONE)
    assert len(written) <= max(0, open_ - left.unsent)
    if asker is not Asker.NAMED:
        assert catch_ups <= max(0, goal - left.month)
        assert written.count("new-year") <= max(0, 3 - left.greetings)
    if asker is Asker.SERVICE:
        assert catch_ups <= max(0, min(2 - left.today, left.by_today - left.month))
        assert not written or (local.weekday() < 5 and time(8) <= local.time() < time(18))


@given(RECORDS, st.integers(0, 12), st.integers(0, 12), st.integers(0, 20))
def test_the_service_may_write_exactly_the_least_of_its_three_limits(
    records: list[DraftRecord], goal: int, open_: int, day: int
) -> None:
    """Rules: min(2 - today's, ceil(goal k / K) - this month's, open - unsent)."""
    now = datetime(2026, 6, 1, 10, tzinfo=UTC) + timedelta(days=day)
    left = budget(*records, now=now, goal=goal, open=open_)
    working = [date for date in range(1, 31) if datetime(2026, 6, date, tzinfo=UTC).weekday() < 5]
    so_far = sum(date <= now.day for date in working)
    expected = min(2 - left.today, -(-goal * so_far // len(working)) - left.month, open_ - left.unsent)
    assert left.may_write_today() == (max(0, expected) if now.weekday() < 5 else 0)
