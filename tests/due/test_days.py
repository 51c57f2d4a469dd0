from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.due.days import local_date, midnight, write_date

ZONES = st.sampled_from(
    ["Europe/Amsterdam", "America/Sao_Paulo", "Asia/Beirut", "Pacific/Apia", "Asia/Kathmandu", "UTC"]
)


def begins(zone: str, *day: int) -> str:
    return midnight(date(*day).toordinal(), ZoneInfo(zone)).isoformat()


def test_a_day_begins_at_local_midnight() -> None:
    assert begins("Europe/Amsterdam", 2026, 3, 29) == "2026-03-28T23:00:00+00:00"
    assert begins("Europe/Amsterdam", 2026, 3, 30) == "2026-03-29T22:00:00+00:00"


@pytest.mark.parametrize(
    ("zone", "day", "expected"),
    [
        ("America/Sao_Paulo", (2018, 11, 4), "2018-11-04T03:00:00+00:00"),  # 00:00 -> 01:00
        ("Africa/Cairo", (2026, 4, 24), "2026-04-23T22:00:00+00:00"),  # 00:00 -> 01:00
        ("America/Toronto", (1919, 3, 31), "1919-03-31T04:30:00+00:00"),  # 23:30 -> 00:30
        ("Pacific/Apia", (2011, 12, 30), "2011-12-30T10:00:00+00:00"),  # the whole day was skipped
        ("America/Havana", (2026, 11, 1), "2026-11-01T04:00:00+00:00"),  # 01:00 -> 00:00, midnight twice
    ],
)
def test_a_day_whose_midnight_is_skipped_or_repeated_begins_with_its_first_instant(
    zone: str, day: tuple[int, int, int], expected: str
) -> None:
    assert begins(zone, *day) == expected


@given(st.dates(date(1970, 1, 1), date(2037, 12, 31)), ZONES)
def test_midnight_is_the_first_instant_of_its_day(day: date, zone: str) -> None:
    here = ZoneInfo(zone)
    start = midnight(day.toordinal(), here)
    assert local_date(start, here) >= day
    assert local_date(start - timedelta(seconds=1), here) < day


def test_a_day_past_the_end_of_the_calendar_is_its_end() -> None:
    assert midnight(10**7, ZoneInfo("Pacific/Kiritimati")).year == 9999
    assert midnight(10**7, ZoneInfo("Pacific/Niue")).year == 9999


def test_a_date_is_written_as_people_do_in_their_own_zone() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert write_date(late, ZoneInfo("Europe/Amsterdam")) == "2 Mar 2026"
    assert write_date(datetime.max.replace(tzinfo=UTC), ZoneInfo("Asia/Tokyo")) == "31 Dec 9999"
