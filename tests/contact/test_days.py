"""Local days: what a calendar on the wall of that zone shows."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from daemon.contact.days import LocalDays

# A minute past midnight, half an hour of summer time, a day left out, three hours at once, and ordinary ones.
ZONES = st.sampled_from([
    "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia", "Antarctica/Casey", "Europe/Amsterdam", "Asia/Kathmandu",
    "America/New_York", "UTC",
]).map(ZoneInfo)  # fmt: skip
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2037, 12, 31)).map(
    lambda at: int(at.replace(tzinfo=UTC).timestamp())
)


@given(zone=ZONES, moments=st.lists(MOMENTS))
def test_the_local_day_is_the_one_a_clock_of_the_zone_shows(zone: ZoneInfo, moments: list[int]) -> None:
    assert LocalDays(zone).days(moments) == {datetime.fromtimestamp(at, zone).toordinal() for at in moments}


def test_on_a_day_with_a_change_each_instant_is_looked_up() -> None:
    # Newfoundland's clocks went from 00:01 back to 23:01 of the day before on 2 November 2008 (02:31 UTC).
    zone = ZoneInfo("America/St_Johns")
    change = int(datetime(2008, 11, 2, 2, 31, tzinfo=UTC).timestamp())
    days = LocalDays(zone)
    for at in range(change - 90 * 60, change + 90 * 60, 20):
        assert days.day(at) == datetime.fromtimestamp(at, zone).toordinal()
    assert days.day(change - 1) > days.day(change)
