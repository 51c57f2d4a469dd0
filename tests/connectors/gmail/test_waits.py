"""How long auld waits because Google told it to, and that it says so."""

import logging
from datetime import timedelta

import pytest

from connectors.errors import Unavailable
from tests.connectors.contract import DraftsContract
from tests.connectors.gmail.home import Home
from tests.connectors.gmail.scene import got, ids
from tests.google import Call, Fault
from tests.google.faults import always, once, status

TOO_LONG = [status(code, retry_after=301) for code in (500, 503, 429)]


@pytest.mark.parametrize("fault", TOO_LONG, ids=lambda fault: fault.name)
@pytest.mark.parametrize("part", [False, True], ids=["alone", "part"])
def test_a_wish_for_more_than_five_minutes_ends_the_round_and_is_passed_on(
    home: Home, fault: Fault, part: bool
) -> None:
    for number in range(30):
        got(home.google, number, 1 + number)

    def plan(call: Call) -> Fault | None:
        return fault if call.method.endswith("messages.get") and (call.part is not None) is part else None

    home.google.plan = plan if part else always(fault, "messages.list")
    with pytest.raises(Unavailable) as caught:
        home.read()
    assert caught.value.retry_after == timedelta(seconds=301)
    assert home.google.clock.tick() < 60


def test_a_draft_that_was_lost_passes_the_wish_on_too(home: Home) -> None:
    home.google.plan = always(status(503, retry_after=77), "drafts.create")
    with pytest.raises(Unavailable) as caught:
        home.drafts.create(DraftsContract.draft())
    assert caught.value.retry_after == timedelta(seconds=77)


@pytest.mark.parametrize(
    "fault", [status(503, retry_after=300), status(429, retry_after=300)], ids=lambda one: one.name
)
def test_five_minutes_are_waited_for_and_told_once(home: Home, fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "connectors")
    got(home.google, 1, 1)
    home.google.plan = once(fault, method="messages.list")
    assert ids(home.read()) == ["1"]
    assert [one.getMessage() for one in caplog.records] == ["account home: Google asks to wait for 300 seconds"]


@pytest.mark.parametrize("fault", [status(503, retry_after=20), status(429, retry_after=20), status(503), status(429)],
                         ids=lambda one: one.name)  # fmt: skip
def test_a_short_wait_is_no_news(home: Home, fault: Fault, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "connectors")
    got(home.google, 1, 1)
    home.google.plan = once(fault, method="messages.list")
    home.read()
    assert caplog.records == []
