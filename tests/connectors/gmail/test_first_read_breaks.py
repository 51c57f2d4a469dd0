"""A first read of Gmail that is broken off, goes on, and sees the mailbox change meanwhile."""

from collections.abc import Callable
from pathlib import Path

import pytest

from connectors.errors import BadReply, ConnectorError, Unavailable
from connectors.types import Batch, Mail
from tests.connectors.gmail.home import Home, signed_in
from tests.connectors.gmail.scene import (
    ARCHIVED,
    INBOX,
    SENT,
    before,
    calls,
    entry,
    got,
    ids,
    upto,
    wrote,
)  # fmt: skip
from tests.google import Call, Fault, Google
from tests.google.faults import FORBIDDEN, status

LABELS = [("SENT",), (), ("INBOX",), ("CATEGORY_PROMOTIONS", "INBOX")]


def fill(google: Google) -> set[str]:
    """Lay a mailbox of several pages in every stage that lists; return the numbers of the letters to be told."""
    many = [entry(f"s{number}", 100 + number / 10, SENT, f"chain {number % 4}") for number in range(520)]
    many += [entry(f"a{number}", 50 + number / 10, SENT, f"alone {number}") for number in range(30)]
    many += [entry(f"i{number}", 5 + number / 40, INBOX) for number in range(45)]
    many += [entry(f"o{number}", 5 + number / 40, (*INBOX, "CATEGORY_PROMOTIONS")) for number in range(600)]
    many += [entry(f"x{number}", 300 + number, ARCHIVED) for number in range(20)]
    google.mailbox.bulk(many)
    return {f"s{one}" for one in range(520)} | {f"a{one}" for one in range(30)} | {f"i{one}" for one in range(45)}


def small(google: Google) -> set[str]:
    """Lay a mailbox of one page a stage; return the numbers of the letters to be told."""
    for number in range(25):
        wrote(google, f"s{number}", 20 + number, subject=f"Sent {number}")
    got(google, "answer", 15, ARCHIVED, answers="s0", subject="Sent 0")
    for number in range(25):
        got(google, f"r{number}", 3 + number / 10, subject=f"Got {number}")
    got(google, "offer", 2, (*INBOX, "CATEGORY_SOCIAL"), subject="Offer")
    return {*(f"{kind}{number}" for number in range(25) for kind in "sr"), "answer"}


def test_a_read_stopped_after_any_batch_goes_on_and_costs_one_look_at_the_news(tmp_path: Path) -> None:
    with signed_in(tmp_path) as home:
        everything = fill(home.google)
        batches = home.read()
        assert sorted(ids(batches)) == sorted(everything), "and each once"
        whole, count = home.google.quota.units, len(batches)
        assert count > 15
        for stop in (*range(1, 8), *range(8, count, 9)):
            before_it = home.google.quota.units
            first = upto(home.mail, stop)
            rest = home.read(first[-1].cursor)
            assert sorted(ids(first) + ids(rest)) == sorted(everything)
            assert home.google.quota.units - before_it == whole + 2


def test_a_read_that_fails_at_any_call_has_wasted_at_most_a_page(tmp_path: Path) -> None:
    with signed_in(tmp_path) as home:
        google = home.google
        everything = fill(google)
        home.read()
        whole, count = google.quota.units, len(calls(google))
        page = 20 * 40
        for stop in range(0, count, 17):
            units, left = google.quota.units, stop
            told: list[Batch[Mail]] = []

            def plan(call: Call) -> Fault | None:
                nonlocal left
                left -= call.method != "batch"
                return FORBIDDEN["dailyLimitExceeded"] if left < 0 and call.method != "batch" else None

            google.plan = plan
            with pytest.raises(Unavailable, match="daily limit"):
                told.extend(home.mail.changes(None, None))
            google.plan = None
            told += home.read(told[-1].cursor if told else None)
            assert set(ids(told)) == everything
            assert google.quota.units - units <= whole + page + 2


@pytest.mark.parametrize("labels", LABELS, ids=["sent", "all", "inbox", "tabs"])
def test_a_page_token_that_is_refused_lets_that_stage_start_over(home: Home, labels: tuple[str, ...]) -> None:
    google = home.google
    everything = fill(google)
    refused = 0

    def plan(call: Call) -> Fault | None:
        nonlocal refused
        listed = tuple(sorted(call.query.get("labelIds", [])))
        if call.method.endswith("messages.list") and listed == labels and "pageToken" in call.query and not refused:
            refused += 1
            return status(400, "invalidArgument")
        return None

    google.plan = plan
    assert sorted(ids(home.read())) == sorted(everything), "and each once"
    assert refused == 1


def test_page_tokens_that_are_always_refused_end_in_an_error_and_not_never(home: Home) -> None:
    fill(home.google)
    home.google.plan = lambda call: status(400, "invalidArgument") if "pageToken" in call.query else None
    with pytest.raises(BadReply):
        home.read()
    assert len(calls(home.google, "messages.list")) < 20


def read_with(home: Home, event: Callable[[Google], None], after: int) -> tuple[list[Batch[Mail]], int]:
    """Read all, with something that happens after a batch; return what was told, and how many batches there were."""
    batches = []
    for batch in home.mail.changes(None, None):
        batches.append(batch)
        if len(batches) == after:
            event(home.google)
    return batches, len(batches)


def stages() -> range:
    """Return after which batches something may happen in a read of `small`: 8 lists, 2 pages each of threads, mails."""
    return range(1, 11)


@pytest.mark.parametrize("after", stages())
def test_mail_that_arrives_in_mid_read_is_told_then_or_by_the_next_read(home: Home, after: int) -> None:
    everything = small(home.google)

    def arrive(google: Google) -> None:
        got(google, "new", 0, subject="New")
        got(google, "reply", 0, ARCHIVED, answers="s3", subject="Sent 3")
        got(google, "old", 30, subject="Dated long ago")
        wrote(google, "mine", 0, subject="From me")
        wrote(google, "back", 0, answers="r7", subject="Got 7")

    batches, count = read_with(home, arrive, after)
    assert count >= after
    told = ids(batches) + ids(home.read(batches[-1].cursor))
    assert set(told) == everything | {"new", "reply", "old", "mine", "back"}


@pytest.mark.parametrize("after", stages())
def test_what_is_deleted_in_mid_read_costs_nothing_else(home: Home, after: int) -> None:
    everything = small(home.google)
    named = {ids_of: number for number, ids_of in enumerate(sorted(everything))}
    assert named

    def vanish(google: Google) -> None:
        ids_by_name = {one.message_id: one.id for one in google.mailbox.messages.values()}
        for number in ("s0", "s9", "s20", "r4", "r21"):
            google.mailbox.delete(ids_by_name[f"<m{number}@example.org>"])
        google.mailbox.trash(ids_by_name["<mr5@example.org>"])

    batches, _ = read_with(home, vanish, after)
    told = ids(batches) + ids(home.read(batches[-1].cursor))
    assert set(told) >= everything - {"s0", "s9", "s20", "r4", "r21", "r5"}
    assert len(told) == len(set(told))


def test_a_mail_that_goes_between_the_list_and_its_getting_is_left_out(home: Home) -> None:
    google = home.google
    small(google)
    gone = calls(google)

    def plan(call: Call) -> Fault | None:
        if call.method.endswith(("messages.get", "threads.get")) and len(gone) < 2:
            gone.append(call)
            return status(404)
        return None

    google.plan = plan
    assert len(ids(home.read())) >= 51 - 1 - 2


def test_a_read_that_goes_on_under_another_since_or_a_late_error_keeps_what_was_told(home: Home) -> None:
    google = home.google
    everything = small(google)
    cursor = upto(home.mail, 4)[-1].cursor
    google.plan = lambda call: status(403, "forbidden") if call.method.endswith("messages.get") else None
    told: list[Batch[Mail]] = []
    with pytest.raises(ConnectorError):
        told.extend(home.mail.changes(cursor, before(9000)))
    google.plan = None
    told = upto(home.mail, 4) + list(home.mail.changes(cursor, before(9000)))
    assert set(ids(told)) == everything
