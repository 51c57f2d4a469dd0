"""The fake counts units and refuses as Google does."""

from typing import Any

import pytest
import requests

from tests.google.client import SCOPES, batch
from tests.google.letters import letter, refused
from tests.google.quota import Bucket, Fixed, Sliding
from tests.google.server import Google


@pytest.fixture
def ask(google: Google) -> Any:
    """Return what asks for the profile (1 unit) and answers the status."""
    headers = {"Authorization": f"Bearer {google.oauth.sign_in(SCOPES)['access_token']}"}
    with requests.Session() as session:
        session.headers.update(headers)
        yield lambda: session.get(f"{google.url}/gmail/v1/users/me/profile", timeout=5)


def test_each_method_costs_what_the_table_says(google: Google, gmail: Any) -> None:
    name = google.mailbox.deliver(letter(1))
    gmail.threads().get(userId="me", id=name, format="minimal").execute()
    gmail.messages().get(userId="me", id=name, format="minimal").execute()
    gmail.messages().list(userId="me").execute()
    assert google.quota.units == 65
    assert google.quota.cost("gmail.users.drafts.update") == 15
    assert [call.units for call in google.log] == [40, 20, 5]
    with Google(costs="old") as older:
        assert older.quota.cost("gmail.users.threads.get") == 10


def test_a_refused_call_is_not_charged(google: Google, ask: Any) -> None:
    google.quota.limit = 2
    google.quota.reset()
    assert [ask().status_code for _ in range(6)] == [200, 200, 403, 429, 403, 429]
    assert (google.quota.units, google.quota.refused, google.requests) == (2, 4, 6)
    google.clock.wait(60)
    assert ask().status_code == 200


def test_refusals_are_worded_as_google_words_them(google: Google, ask: Any) -> None:
    google.quota.limit = 0
    google.quota.reset()
    first, second = ask(), ask()
    assert first.json()["error"]["errors"][0]["reason"] == "userRateLimitExceeded"
    assert second.json()["error"]["status"] == "RESOURCE_EXHAUSTED"
    assert "Retry-After" not in first.headers
    google.quota.retry_after = 7
    assert ask().headers["Retry-After"] == "7"


def test_an_exact_retry_after_is_enough(google: Google, ask: Any) -> None:
    for window in ("sliding", "fixed", "bucket"):
        google.quota.limit, google.quota.window, google.quota.retry_after = 60, window, "exact"
        google.quota.reset()
        while (answer := ask()).ok:
            google.clock.wait(0.25)
        google.clock.wait(float(answer.headers["Retry-After"]))
        assert ask().ok, window


def test_a_sliding_window_counts_the_last_sixty_seconds() -> None:
    meter = Sliding(10)
    meter.spend(0, 6)
    meter.spend(30, 4)
    assert meter.room(59.9) == 0
    assert [meter.wait(40, units) for units in (1, 6, 8)] == [20, 20, 50]
    assert meter.room(60) == 6


def test_a_fixed_window_begins_anew_with_the_minute() -> None:
    meter = Fixed(10, offset=50)
    meter.spend(0, 10)
    assert meter.room(9) == 0
    assert meter.room(10) == 10


def test_a_bucket_fills_steadily() -> None:
    meter = Bucket(60)
    meter.spend(0, 60)
    assert round(meter.room(10)) == 10
    assert round(meter.room(300)) == 60


def test_parts_of_a_batch_are_charged_and_refused_alone(google: Google, gmail: Any) -> None:
    google.quota.limit = 3
    google.quota.reset()
    told: list[int] = []
    several = batch(google)
    for _ in range(5):
        several.add(gmail.getProfile(userId="me"), callback=lambda _key, _answer, error: told.append(bool(error)))
    several.execute()
    assert sorted(told) == [0, 0, 0, 1, 1]
    assert google.quota.units == 3


def test_the_calendar_has_a_quota_of_its_own(google: Google, gmail: Any, calendar: Any) -> None:
    google.quota.calendar_limit = 1
    google.quota.reset()
    calendar.calendarList().list().execute()
    assert refused(calendar.calendarList().list())[0] == 403
    assert gmail.getProfile(userId="me").execute()
    assert google.quota.units == 1


def test_a_request_takes_its_time_of_the_virtual_clock(google: Google, ask: Any) -> None:
    google.latency = 0.5
    before = google.clock.now()
    ask()
    assert (google.clock.now() - before).total_seconds() == 0.5
    with pytest.raises(ValueError, match="back"):
        google.clock.wait(-1)
