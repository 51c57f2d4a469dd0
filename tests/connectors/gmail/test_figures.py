"""What a first read costs and how fast it is, counted at the fake: the figures of tests/bench/google.py, smaller."""

from pathlib import Path

import pytest

from tests.bench.google import first_read, plain_way
from tests.connectors.gmail.home import Home, signed_in
from tests.google.plenty import fill
from tests.google.quota import Window

QUOTAS = [6_000, 15_000]
LATENCIES = [0.0, 0.15]


# Sliding minutes are the hardest; of the others `make torture` has all.
@pytest.mark.parametrize(
    ("limit", "latency", "window"),
    [
        pytest.param(limit, latency, window, marks=() if window == "sliding" else pytest.mark.torture)
        for limit in QUOTAS
        for latency in LATENCIES
        for window in ("sliding", "fixed", "bucket")
    ],
)
def test_a_first_read_costs_what_it_must_and_keeps_the_rate(limit: int, latency: float, window: Window) -> None:
    # Long enough that the rate counts, and not the first burst.
    mails = 3_000 if limit == 6_000 else 6_000
    reading = first_read(mails, mails // 3, limit=limit, latency=latency, window=window, besides=150)
    assert reading.units <= 1.02 * reading.made.units
    assert reading.kept >= 0.95
    assert reading.refused_share < 0.01


@pytest.mark.parametrize("limit", QUOTAS)
@pytest.mark.parametrize("latency", [pytest.param(0.0, marks=pytest.mark.torture), 0.15])
def test_after_a_minute_the_newest_threads_of_a_large_mailbox_are_told(limit: int, latency: float) -> None:
    reading = first_read(50_000, 15_000, limit=limit, latency=latency, window="sliding", minutes=1)
    assert reading.threads_in_a_minute >= (100 if limit == 6_000 else 300)


def test_the_plain_way_costs_more_for_each_mail_it_tells(tmp_path: Path) -> None:
    with signed_in(tmp_path, limit=10**9) as home:
        made = fill(home.google, 900, 250)
        told = sum(len(batch.items) for batch in home.mail.changes(None, None))
        ours = home.google.quota.units / told
    units, sent = plain_way(900, 250)
    assert told == made.mails
    assert units == made.plain_units
    assert units / sent > 1.2 * ours


def test_a_round_with_nothing_new_is_one_request_for_mail_and_one_a_calendar(home: Home) -> None:
    google = home.google
    google.calendars.add("team@group.calendar.example.com", role="writer")
    fill(google, 60, 20)
    account = home.account()
    assert account.mail is not None
    assert account.calendar is not None
    mail = list(account.mail.changes(None, None))[-1].cursor
    calendar = list(account.calendar.changes(None, None))[-1].cursor
    before = google.requests
    again = home.account()
    assert again.mail is not None
    assert again.calendar is not None
    assert list(again.mail.changes(mail, None)) == []
    assert google.requests - before == 1
    assert list(again.calendar.changes(calendar, None)) == []
    assert google.requests - before == 1 + 2
    assert again.addresses() == ("robin@example.com",)
    assert google.requests - before == 3
