"""What a draft is about: New Year, birthdays, notes, what is owed, lunch, news, or nothing but a catch-up."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from daemon.due import Around, choose_occasion, file_decisions, file_records, new_year_candidates, write_new_year_reason
from daemon.due.occasions import is_birthday_turn, is_new_year_turn, new_year_at, next_birthday
from daemon.model import Decision, DraftRecord, Person, Standing, Status, Wish
from daemon.settings import Circle, Greetings, Occasion, Settings
from tests.due.given import MAYA, ZONE, draft, listed, said, settings, standing

WINTER = datetime(2026, 12, 29, 9, tzinfo=UTC)


def known(*ages: float, person: Person = MAYA, now: datetime = WINTER) -> Standing:
    return standing(*(ages or (400, 200, 100)), person=person, now=now)


def is_turn(
    one: Standing,
    *records: DraftRecord,
    now: datetime = WINTER,
    config: Settings | None = None,
    decision: Decision | None = None,
) -> bool:
    return is_new_year_turn(one, Around(config or settings(), now, ZONE), decision, records)


def greeting(age: float, status: Status = Status.SENT, now: datetime = WINTER) -> DraftRecord:
    return draft(status, age, now=now, occasion="new-year")


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2026, 12, 26), None),
        (date(2026, 12, 27), 2027),
        (date(2026, 12, 31), 2027),
        (date(2027, 1, 1), 2027),
        (date(2027, 1, 10), 2027),
        (date(2027, 1, 11), None),
        (date(2026, 6, 15), None),
    ],
)
def test_new_year_is_greeted_from_27_december_to_10_january(day: date, year: int | None) -> None:
    assert new_year_at(day) == year


def test_the_window_is_of_local_days() -> None:
    """23:30 UTC on 26 December is the 27th in Amsterdam."""
    night = datetime(2026, 12, 26, 23, 30, tzinfo=UTC)
    assert is_turn(known(now=night), now=night)
    assert not is_turn(known(now=night), now=night - timedelta(hours=1))


def test_with_new_year_off_nobody_is_greeted() -> None:
    assert not is_turn(known(), config=settings(new_year=False))


def test_the_listed_are_greeted_however_long_ago_the_last_contact_was() -> None:
    assert is_turn(known(4000, person=listed()))
    assert is_turn(standing(person=listed(), now=WINTER))
    assert is_turn(known(4000), decision=said(kept=True))


def test_the_suggested_are_greeted_with_contact_in_three_years() -> None:
    assert is_turn(known(2000, 1500, 1090))
    assert not is_turn(known(2000, 1500, 1100))


def test_the_quiet_are_never_drafted_to_at_new_year_either() -> None:
    assert not is_turn(known(100))


@pytest.mark.parametrize("status", list(Status))
def test_a_person_is_greeted_once_each_winter_whatever_became_of_the_draft(status: Status) -> None:
    assert not is_turn(known(), greeting(2, status))
    january = WINTER + timedelta(days=8)
    assert not is_turn(known(now=january), greeting(8, status, now=january), now=january)


def test_last_winters_greeting_is_no_bar() -> None:
    assert is_turn(known(), greeting(360), draft(Status.SENT, 1, now=WINTER))


def test_who_i_was_in_contact_with_since_27_december_gets_no_greeting() -> None:
    assert not is_turn(known(400, 200, 1))
    assert is_turn(known(400, 200, 3))


def test_candidates_are_listed_first_then_the_deepest() -> None:
    def someone(name: str, *ages: float) -> Standing:
        return known(*ages, person=Person(name, (f"{name.lower()}@example.org",)))

    people = [
        someone("Ada", 400, 300, 200),
        someone("Bo", 500, 400, 300, 200, 100),
        someone("Cy", 900),
        someone("Di", 9),
    ]
    decisions = file_decisions([Decision(("cy@example.org",), "Cy", kept=True)])
    found = new_year_candidates(people, Around(settings(), WINTER, ZONE), decisions, file_records([]))
    assert [one.person.name for one in found] == ["Cy", "Bo", "Ada"]
    summer = WINTER - timedelta(days=180)
    assert new_year_candidates(people, Around(settings(), summer, ZONE), decisions, file_records([])) == []


def test_candidates_were_not_greeted_this_winter() -> None:
    records = file_records([greeting(1)])
    assert new_year_candidates([known()], Around(settings(), WINTER, ZONE), file_decisions([]), records) == []


def occasion(
    one: Standing, *circles: Circle, now: datetime = WINTER, records: tuple[DraftRecord, ...] = (), **more: Any
) -> Occasion:
    return choose_occasion(one, Around(settings(circles=circles), now, ZONE, **more), None, records)


def test_a_draft_to_someone_due_is_a_catch_up_but_in_their_turn_for_new_year() -> None:
    assert occasion(known(), now=WINTER - timedelta(days=30)) == "catch-up"
    assert occasion(known()) == "new-year"
    assert occasion(known(), records=(greeting(2),)) == "catch-up"


def test_a_circle_that_leaves_new_year_out_keeps_to_a_catch_up() -> None:
    mentor = known(person=listed(circle="mentors"))
    assert occasion(mentor, Circle(name="mentors", occasions=("catch-up", "lunch"))) == "catch-up"
    assert occasion(mentor, Circle(name="mentors", occasions=("catch-up", "new-year"))) == "new-year"
    assert occasion(mentor, Circle(name="mentors")) == "new-year"


def test_the_reason_of_a_greeting_is_a_sentence() -> None:
    one = replace(known(), person=listed())
    assert write_new_year_reason(one, ZONE) == "a new-year greeting, once each winter: last contact 20 Sep 2026"
    assert write_new_year_reason(standing(now=WINTER), ZONE).endswith("no contact yet")


SUMMER = datetime(2026, 6, 17, 10, tzinfo=UTC)  # a Wednesday


def test_what_the_user_noted_comes_before_all_else() -> None:
    noted: dict[str, Any] = {"wishes": lambda _: frozenset({Wish.PROMOTED, Wish.NOTE})}
    assert occasion(known(), **noted) == "congratulations"
    assert occasion(known(), wishes=lambda _: frozenset({Wish.PROMOTED, Wish.REFERENCE})) == "reference"
    assert occasion(known(now=SUMMER), now=SUMMER, wishes=lambda _: frozenset({Wish.NOTE})) == "catch-up"


def test_what_is_owed_to_them_is_an_apology() -> None:
    one = replace(known(now=SUMMER), owed=True)
    assert occasion(one, now=SUMMER, near=lambda _: True) == "sorry-for-the-silence"
    assert occasion(known(now=SUMMER), now=SUMMER) == "catch-up"


def test_who_lives_near_is_asked_to_lunch_but_not_twice_in_a_row() -> None:
    near: dict[str, Any] = {"now": SUMMER, "near": lambda _: True}
    lunch = draft(Status.SENT, 100, now=SUMMER, occasion="lunch")
    assert occasion(known(now=SUMMER), **near) == "lunch"
    assert occasion(known(now=SUMMER), records=(lunch,), **near) == "catch-up"
    withdrawn = replace(lunch, status=Status.WITHDRAWN)
    assert occasion(known(now=SUMMER), records=(withdrawn,), **near) == "lunch"


def test_a_circle_says_what_is_preferred() -> None:
    def chosen(*occasions: Occasion, **more: Any) -> Occasion:
        one = known(person=listed(circle="c"), now=SUMMER)
        return occasion(one, Circle(name="c", occasions=occasions), now=SUMMER, **more)

    assert chosen("news", "lunch", has_news=lambda _: True, near=lambda _: True) == "news"
    assert chosen("news", "lunch", near=lambda _: True) == "lunch"
    assert chosen("catch-up", "lunch", near=lambda _: True) == "catch-up"
    assert chosen("lunch") == "catch-up"


def birthday(born: date, now: datetime, *records: DraftRecord, config: Settings | None = None) -> bool:
    one = standing(100, person=listed(birthday=born), now=now)
    return is_birthday_turn(one, Around(config or settings(), now, ZONE), records)


def test_a_birthday_is_wished_on_the_day_or_on_the_last_working_day_before() -> None:
    assert birthday(date(1980, 6, 17), SUMMER)
    assert not birthday(date(1980, 6, 18), SUMMER)
    assert not birthday(date(1980, 6, 16), SUMMER)
    friday = SUMMER + timedelta(days=2)
    assert birthday(date(1980, 6, 20), friday), "a Saturday"
    assert birthday(date(1980, 6, 21), friday), "a Sunday"
    assert not birthday(date(1980, 6, 22), friday)
    assert not birthday(date(1980, 6, 20), SUMMER)


def test_a_birthday_is_wished_once_whatever_became_of_the_draft() -> None:
    early = draft(Status.DELETED, 1, now=SUMMER, occasion="birthday")
    assert not birthday(date(1980, 6, 17), SUMMER, early)
    assert birthday(date(1980, 6, 17), SUMMER, draft(Status.SENT, 365, now=SUMMER, occasion="birthday"))


def test_birthdays_can_be_left_out() -> None:
    off = replace(settings(), greetings=Greetings(birthdays=False))
    assert not birthday(date(1980, 6, 17), SUMMER, config=off)
    assert not is_birthday_turn(known(now=SUMMER), Around(settings(), SUMMER, ZONE), ())


@pytest.mark.parametrize(
    ("born", "today", "then"),
    [
        (date(1980, 6, 17), date(2026, 6, 17), date(2026, 6, 17)),
        (date(1980, 1, 1), date(2026, 12, 31), date(2027, 1, 1)),
        (date(2000, 2, 29), date(2026, 2, 1), date(2026, 2, 28)),
        (date(2000, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
    ],
)
def test_the_next_birthday(born: date, today: date, then: date) -> None:
    assert next_birthday(born, today) == then
