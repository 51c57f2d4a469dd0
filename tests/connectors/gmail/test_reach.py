"""`since` changed in the config: further back means anew, a shorter one needs nothing."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from connectors.errors import CursorExpired
from connectors.types import Batch, Mail, Meeting
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import before, entry, got, ids, upto, wrote
from tests.connectors.gmail.test_calendar import keys, lunch
from tests.connectors.gmail.town import town
from tests.google.mailbox import Bulk

ROBIN = "robin@example.com"
WIDER = [before(1000), None]


def mail(home: Home, cursor: str | None, since: datetime | None) -> list[Batch[Mail]]:
    return list(home.mail.changes(cursor, since))


def calendar(home: Home, cursor: str | None, since: datetime | None) -> list[Batch[Meeting]]:
    return list(home.calendar.changes(cursor, since))


@pytest.fixture
def filled(home: Home) -> Home:
    for days in (50, 500):
        wrote(home.google, days, days, subject=f"Letter {days}")
        home.google.calendars.put(ROBIN, lunch(-days, id=f"at{days}"))
    return home


@pytest.mark.parametrize("wider", WIDER, ids=["further back", "no limit"])
def test_a_since_that_reaches_further_back_means_anew(filled: Home, wider: datetime | None) -> None:
    first, second = mail(filled, None, before(100)), calendar(filled, None, before(100))
    assert (ids(first), keys(second)) == (["50"], [f"{ROBIN}/at50"])
    with pytest.raises(CursorExpired, match="since"):
        mail(filled, first[-1].cursor, wider)
    with pytest.raises(CursorExpired, match="since"):
        calendar(filled, second[-1].cursor, wider)
    third, fourth = mail(filled, None, wider), calendar(filled, None, wider)
    assert (ids(third), len(keys(fourth))) == (["50", "500"], 2)
    assert mail(filled, third[-1].cursor, wider) == []
    assert calendar(filled, fourth[-1].cursor, wider) == []


@pytest.mark.parametrize("first", [None, before(100)], ids=["no limit", "some"])
@pytest.mark.parametrize("then", [before(99), before(5), before(101)], ids=["as time goes", "shorter", "a month's end"])
def test_a_since_that_is_shorter_or_moves_on_needs_nothing(
    filled: Home, first: datetime | None, then: datetime
) -> None:
    for read in (mail, calendar):
        cursor = read(filled, None, first)[-1].cursor
        assert read(filled, cursor, then) == []
        assert read(filled, cursor, first) == []


def test_a_limit_that_was_there_while_the_first_read_went_on_is_the_one_it_went_by(home: Home) -> None:
    google = home.google
    many: list[Bulk] = [entry(number, 10 + 10 * number, ("SENT",), str(number)) for number in range(60)]
    google.mailbox.bulk(many)
    cursor = upto(home.mail, 4)[-1].cursor
    told = mail(home, cursor, before(300))
    assert "59" not in ids(told)
    assert mail(home, told[-1].cursor, before(200)) == []
    with pytest.raises(CursorExpired):
        mail(home, told[-1].cursor, None)


@pytest.mark.parametrize("since", [None, before(100)], ids=["no limit", "some"])
def test_a_cursor_from_before_that_was_kept_stays_valid_and_learns_it(filled: Home, since: datetime | None) -> None:
    google = filled.google
    old = []
    for version, batches in (
        ("gmail, 1", mail(filled, None, since)), ("google calendars, 1", calendar(filled, None, since))
    ):  # fmt: skip
        fields = json.loads(batches[-1].cursor)[version]
        del fields["reach"]
        fields.pop("closed", None)
        old.append(json.dumps({version: fields}))
    for wider in (since, *WIDER):
        assert mail(filled, old[0], wider) == []
        assert calendar(filled, old[1], wider) == []
    got(google, "new", 0)
    google.calendars.put(ROBIN, lunch(-1, id="new1"))
    first, second = mail(filled, old[0], before(100)), calendar(filled, old[1], before(100))
    assert (ids(first), keys(second)) == (["new"], [f"{ROBIN}/new1"])
    with pytest.raises(CursorExpired):
        mail(filled, first[-1].cursor, None)
    with pytest.raises(CursorExpired):
        calendar(filled, second[-1].cursor, None)


def test_a_since_of_thousands_of_years_is_one_as_well(filled: Home) -> None:
    start = datetime(1, 1, 1, tzinfo=before(0).tzinfo)
    for read in (mail, calendar):
        cursor = read(filled, None, start)[-1].cursor
        assert read(filled, cursor, start + timedelta(days=1)) == []


def test_a_user_who_takes_since_away_has_the_older_mail_in_the_next_round(tmp_path: Path) -> None:
    with town(tmp_path) as place:
        place.configure(account='since = "250 days"')
        place.run("sync")
        (ana,) = place.ask("people", "ana")
        place.later(minutes=15)
        place.configure()
        place.run("sync")
        (more,) = place.ask("people", "ana")
        assert 0 < ana["contact_days"] < more["contact_days"] == 6
        place.later(minutes=15)
        before = place.google.requests
        place.run("sync")
        assert place.google.requests - before == 2
