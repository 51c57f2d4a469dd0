"""What of the ledger and the config is told."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.compose.facts import Silence, gather, signed, silence, untold, year_wished
from daemon.compose.when import when_words
from daemon.model import Contact, Kind, Person, Standing
from daemon.settings import Listed, Me, News

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Amsterdam")
ME = Me(name="Robin Park", emails=("robin@example.com",), signature="Robin")


def standing(last: Contact | None, listed: Listed | None = None) -> Standing:
    return Standing(
        person=Person("Priya Raman", ("priya@example.com",), listed),
        days=(),
        last=last,
        first_at=None,
        sent=1,
        received=1,
        sign_of_life=True,
        unanswered_at=None,
        answered_at=None,
        next_meeting_at=None,
        dead=frozenset(),
        usable_email="priya@example.com",
    )


def contact(title: str | None, kind: Kind = Kind.SENT, days: int = 250) -> Contact:
    return Contact(NOW - timedelta(days=days), kind, "home", "priya@example.com", title, 1)


def gathered(last: Contact | None, listed: Listed | None = None, **more: object) -> object:
    known = {"me": ME, "occasion": "catch-up", "language": "en", "news": None, "note": "", "salutation": ""} | more
    return gather(standing(last, listed), now=NOW, zone=ZONE, **known)  # type: ignore[arg-type]


def test_the_last_mail_gives_the_shared_thing() -> None:
    """Rule "one concrete thing shared": what the last mail or meeting was about."""
    facts = gather(
        standing(contact("Re: [EXT] Q3 budget")),
        me=ME,
        occasion="catch-up",
        language="en",
        news=News(text="I moved"),
        note="you were right",
        salutation="Dear",
        now=NOW,
        zone=ZONE,
    )
    assert (facts.topic, facts.about, facts.when) == ("the Q3 budget", "mail", "in March")
    assert (facts.greeting, facts.signed, facts.signature) == ("Dear Priya,", "Robin", "Robin")
    assert (facts.news, facts.note) == ("I moved.", "You were right.")
    assert (facts.silence, facts.year) == (Silence.MONTHS, None)


@pytest.mark.parametrize(
    ("last", "about"),
    [
        (contact("Website relaunch", Kind.MEETING), "meeting"),
        (contact("Website relaunch", Kind.RECEIVED), "mail"),
        (contact("Website relaunch", Kind.MET), None),
        (contact("Lunch", Kind.MEETING), None),
        (contact(None), None),
        (None, None),
    ],
)
def test_a_missing_fact_is_left_out(last: Contact | None, about: str | None) -> None:
    facts = gathered(last)
    assert facts.about == about  # type: ignore[attr-defined]
    assert (facts.topic is None) == (facts.when is None) == (about is None)  # type: ignore[attr-defined]


def test_the_subject_of_an_earlier_draft_of_ours_is_no_topic() -> None:
    last = contact("Re: Website relaunch")
    assert gathered(last, ours=("Website relaunch",)).topic is None  # type: ignore[attr-defined]
    assert gathered(last, ours=("A hello from Robin",)).topic is not None  # type: ignore[attr-defined]


def test_a_listed_person_is_greeted_as_the_config_says() -> None:
    listed = Listed(name="Priya Raman", greeting="Dear Professor Raman", relation="mentor")
    facts = gathered(None, listed)
    assert facts.greeting == "Dear Professor Raman,"  # type: ignore[attr-defined]
    assert facts.relation == "mentor"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("days", "bucket"),
    [(0, Silence.WEEKS), (89, Silence.WEEKS), (90, Silence.MONTHS), (364, Silence.MONTHS), (365, Silence.YEARS)],
)
def test_the_silence_falls_into_a_bucket(days: int, bucket: Silence) -> None:
    assert silence(NOW - timedelta(days=days), NOW) is bucket


def test_no_contact_known_claims_nothing_of_the_silence() -> None:
    assert silence(None, NOW) is Silence.WEEKS


def test_news_are_current_newest_and_not_yet_told() -> None:
    """Rule "one update of the user's own (current, and not yet told to this person)"."""
    old = News(text="old", **{"from": date(2025, 1, 1)}, until=date(2026, 1, 1))
    first = News(text="first", **{"from": date(2026, 3, 1)}, until=date(2026, 11, 23))
    second = News(text="second", **{"from": date(2026, 6, 1)})
    ahead = News(text="ahead", **{"from": date(2026, 12, 1)})
    every = (old, first, second, ahead, News(text="always"))
    today = date(2026, 11, 23)
    assert untold(every, frozenset(), today) == second
    assert untold(every, frozenset({"second"}), today) == first
    assert untold(every, frozenset({"second", "first"}), today) == News(text="always")
    assert untold((old, ahead), frozenset(), today) is None


@pytest.mark.parametrize(
    ("today", "year"),
    [(date(2026, 12, 27), 2027), (date(2026, 12, 31), 2027), (date(2027, 1, 1), 2027), (date(2027, 1, 10), 2027)],
)
def test_the_year_wished_is_the_coming_one_until_new_year(today: date, year: int) -> None:
    assert year_wished(today) == year


def test_a_new_year_draft_knows_its_year() -> None:
    assert gathered(None, occasion="new-year").year == 2027  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("month", "year"), [(11, 2027), (12, 2027), (1, 2026), (2, 2026), (3, None), (6, None), (10, None)]
)
def test_a_year_is_wished_for_from_november_to_february(month: int, year: int | None) -> None:
    assert year_wished(date(2026, month, 15)) == year


@pytest.mark.parametrize(
    ("name", "expected"), [("Robin Park", "Robin"), ("R Park", "R Park"), ("", ""), ("R\nPark", "R Park")]
)
def test_the_user_signs_with_the_first_name(name: str, expected: str) -> None:
    assert signed(name) == expected


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 2, tzinfo=UTC), "earlier this month"),
        (datetime(2026, 10, 2, tzinfo=UTC), "last month"),
        (datetime(2026, 3, 2, tzinfo=UTC), "in March"),
        (datetime(2026, 10, 31, 23, 30, tzinfo=UTC), "earlier this month"),
        (datetime(2025, 12, 2, tzinfo=UTC), "last December"),
        (datetime(2025, 11, 2, tzinfo=UTC), "a year ago"),
        (datetime(2025, 3, 2, tzinfo=UTC), "in March last year"),
        (datetime(2023, 3, 2, tzinfo=UTC), "in 2023"),
        (datetime(2027, 3, 2, tzinfo=UTC), "earlier this month"),
    ],
)
def test_when_is_told_in_the_words_people_use(at: datetime, words: str) -> None:
    assert when_words(at, NOW, ZONE) == words


@given(st.datetimes(datetime(1995, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))
def test_when_never_counts_days(at: datetime) -> None:
    assert "day" not in when_words(at, NOW, ZONE)
