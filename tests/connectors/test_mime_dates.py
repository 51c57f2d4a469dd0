"""Dates are told exactly as written; what cannot be read is None."""

from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime, parsedate_to_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mime.dates import parse_date, parse_unix_date, to_datetime

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))


@given(st.datetimes(datetime(1000, 1, 2), datetime(9998, 12, 30), timezones=ZONES))
def test_a_written_date_is_read_back(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    assert to_datetime(parse_date(format_datetime(moment))) == moment
    assert to_datetime(parse_date(format_datetime(moment))) == parsedate_to_datetime(format_datetime(moment))


@given(st.text("MonTueJan 0123456789:+-,()GMTEST\xe9", max_size=60))
def test_no_text_makes_it_raise(value: str) -> None:
    told = to_datetime(parse_date(value))
    assert told is None or told.utcoffset() == timedelta(0)
    parse_unix_date(f"From {value}")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Thu, 01 Jan 1970 00:00:00 +0000", datetime(1970, 1, 1, tzinfo=UTC)),
        ("Tue, 1 Dec 2099 10:00:00 -0500", datetime(2099, 12, 1, 15, tzinfo=UTC)),
        ("1 Mar 99 10:00:00 GMT", datetime(1999, 3, 1, 10, tzinfo=UTC)),
        ("1 Mar 22 10:00 GMT", datetime(2022, 3, 1, 10, tzinfo=UTC)),
        ("Tue, 1 Mar 2022 10:00:00", datetime(2022, 3, 1, 10, tzinfo=UTC)),
        ("Tue, 1 Mar 2022 10:00:00 -0000", datetime(2022, 3, 1, 10, tzinfo=UTC)),
        ("Tue, 1 Mar 2022 10:00:00 EST", datetime(2022, 3, 1, 15, tzinfo=UTC)),
        ("Tue, 1 Mar 2022 10:00:00 +0200 (CEST)", datetime(2022, 3, 1, 8, tzinfo=UTC)),
        ("Tue, 1 Mar 2022 23:59:60 +0000", datetime(2022, 3, 2, tzinfo=UTC)),
        ("Tue Mar  1 10:00:00 2022", datetime(2022, 3, 1, 10, tzinfo=UTC)),
        ("Fri, 31 Dec 9999 23:59:59 -0500", None),
        ("Mon, 1 Jan 0001 00:00:00 +0500", None),
        ("Tue, 1 Mar 2022 10:00:00 +9999", None),
        ("Tue, 31 Feb 2022 10:00:00 +0000", None),
        ("soon", None),
        ("", None),
    ],
)
def test_odd_dates(value: str, expected: datetime | None) -> None:
    assert to_datetime(parse_date(value)) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("From anna@example.org Tue Mar  1 10:00:00 2022", datetime(2022, 3, 1, 10, tzinfo=UTC)),
        ("From 1729@xxx Tue Mar 01 10:00:00 +0000 2022", datetime(2022, 3, 1, 10, tzinfo=UTC)),
        ("From - Tue Mar 01 10:00:00 2022", datetime(2022, 3, 1, 10, tzinfo=UTC)),
        ("From a@example.org Tue Mar  1 10:00:00 2022 +0200", datetime(2022, 3, 1, 8, tzinfo=UTC)),
        ("From a@example.org Tue, 01 Mar 2022 10:00:00 +0200", datetime(2022, 3, 1, 8, tzinfo=UTC)),
        ("From a@example.org Tue, 31 Feb 2022 10:00:00 +0200", None),
        ("From -", None),
    ],
)
def test_the_times_of_mboxes(line: str, expected: datetime | None) -> None:
    assert to_datetime(parse_unix_date(line)) == expected
