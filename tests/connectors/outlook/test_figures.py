"""What reading Outlook costs, counted at the fake: the figures of tests/bench/outlook.py, the larger ones smaller."""

from pathlib import Path

import pytest

from tests.bench.outlook import first_read, give_headers
from tests.cli.archive import ANA
from tests.connectors.outlook.home import Home
from tests.connectors.outlook.place import opened
from tests.graph.plenty import fill


@pytest.mark.parametrize("headers", [True, False])
def test_a_first_read_costs_what_it_must(headers: bool) -> None:
    reading = first_read(5_000, 10_000, headers=headers)
    assert reading.told == 15_000
    assert reading.pages <= 30 + 4, "two ends that meet, the folders, and a message a page told twice: no more"
    assert reading.batches <= (0 if headers else reading.fewest_batches)
    assert reading.refused == 0


def test_a_large_mailbox_costs_at_most_a_twentieth_more_than_the_least() -> None:
    reading = first_read(15_000, 30_000)
    assert reading.told == 45_000
    assert reading.made.pages() == 90
    assert reading.dearer <= 1.05
    assert reading.batches == 0
    assert reading.refused == 0


def test_a_server_that_cannot_leave_sent_out_costs_the_pages_of_sent_once_more() -> None:
    reading = first_read(5_000, 10_000, filters=False)
    assert reading.told == 15_000
    assert reading.pages <= 30 + 10 + 6
    assert reading.refused == 0


def test_a_round_with_nothing_new_is_two_requests_for_mail_and_one_a_calendar(home: Home) -> None:
    graph = home.graph
    graph.calendars.add("Team")
    fill(graph, 60, 20)
    give_headers(graph)
    account = home.account()
    assert account.mail is not None
    assert account.calendar is not None
    mail = list(account.mail.changes(None, None))[-1].cursor
    calendar = list(account.calendar.changes(None, None))[-1].cursor
    before = graph.requests
    again = home.account()
    assert again.mail is not None
    assert again.calendar is not None
    assert list(again.mail.changes(mail, None)) == []
    assert graph.requests - before == 2
    assert list(again.calendar.changes(calendar, None)) == []
    assert graph.requests - before == 2 + 2
    assert again.addresses() == ("robin@example.com",)
    assert graph.requests - before == 4


def test_a_whole_round_with_nothing_new_asks_three_times_and_writes_nothing_to_the_ledger(tmp_path: Path) -> None:
    with opened(tmp_path) as place:
        place.friend(ANA, silent=3)  # nobody is due
        place.run("once", code=(0, 1))
        place.later(minutes=15)
        kept = (place.state / "ledger.json").read_bytes()
        before, log = place.graph.requests, len(place.graph.log)
        place.run("once", code=(0, 1))
        asked = [one.method for one in place.graph.log[log:]]
        assert place.graph.requests - before == 3, asked
        assert (place.state / "ledger.json").read_bytes() == kept
        assert not (place.state / "journal.jsonl").exists()
