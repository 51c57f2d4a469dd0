"""A round as the service wants it done: which accounts it asks, which config counts, and what it says."""

import logging
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from daemon.service.orders import Order
from daemon.service.work import Worker
from daemon.store import Lock
from tests.cli.archive import MAIN_ACCOUNT, NOW, Home, before, listed
from tests.cli.conftest import _no_waiting_for_the_disk
from tests.google import Google
from tests.google.faults import status
from tests.service.sky import Sky
from tests.service.weekend import Weekend, hurried

__all__ = ["_no_waiting_for_the_disk"]


def work(home: Home, order: Order, now: datetime = NOW) -> Worker:
    fields = {name: getattr(order, name) for name in Order.__slots__}
    worker = Worker(Order(**fields | {"config": str(home.config), "now": now}))
    with hurried():
        code = worker.carry_out()
    assert bool(code) is bool(worker.answer.trouble)
    return worker


def said(worker: Worker) -> list[str]:
    return [text for _, text in worker.answer.words]


@pytest.fixture
def friendly(home: Home) -> Home:
    home.friend()
    home.configure(listed("Ana Lima"))
    home.run("sync", now=before(20))
    return home


@pytest.fixture
def away(home: Home, tmp_path: Path) -> Iterator[Weekend]:
    """A home with a second account, at a Google."""
    with Google(start=NOW, limit=10**9) as google:
        found = Weekend(home, google, Sky(NOW), random.Random(1))
        found.begin()
        yield found


def test_a_look_changes_nothing_and_tells_how_things_are(friendly: Home) -> None:
    kept = friendly.kept()
    answer = work(friendly, Order(look=True)).answer
    assert (answer.done, answer.every, answer.folder) == (False, 900.0, str(friendly.state))
    assert answer.last_round_at is None
    assert answer.kept == friendly.config.read_text("utf-8")
    assert friendly.kept() == kept


def test_a_round_says_in_a_line_what_was_read_and_written_and_names_nobody(friendly: Home) -> None:
    friendly.got("Visitor <visitor@example.net>", at=1)
    first = work(friendly, Order(everyone=True))
    assert said(first) == ["Read 1 new mail. Wrote 1 draft, in Drafts of archive."]
    assert (first.answer.done, first.answer.last_round_at, first.answer.status) == (True, NOW, "All is well.")
    (draft,) = friendly.lying()
    friendly.send(draft, NOW + timedelta(minutes=5))
    second = work(friendly, Order(), NOW + timedelta(minutes=20))
    assert said(second) == ["Read 1 new mail. 1 draft was sent."]


def test_an_account_in_trouble_is_told_whole_at_first_then_shortly_and_then_that_it_is_well(away: Weekend) -> None:
    home = away.home
    away.offline(yes=True)
    order = Order(kept=home.config.read_text("utf-8"))
    lines = [said(work(home, order, NOW + timedelta(minutes=15 * number))) for number in range(3)]
    away.offline(yes=False)
    lines.append(said(work(home, order, NOW + timedelta(minutes=45))))
    assert lines[0][0].startswith("Nothing new") or lines[0][0].startswith("Read")
    assert lines[0][1].startswith("web cannot be read (unavailable): Google answers with an error of its own (503)")
    assert lines[1] == lines[2] == ["Nothing new. web cannot be reached since 24 Nov 11:00."]
    assert "web can be read again, after 45 minutes." in lines[3]


def test_an_account_that_rests_is_not_asked_unless_everyone_is(away: Weekend) -> None:
    home, kept = away.home, away.home.config.read_text("utf-8")
    work(home, Order(kept=kept))
    home.run("draft", "emil@example.org")  # of which there would be something to see
    away.google.oauth.revoke_all()
    calls: list[object] = []
    away.google.plan = calls.append
    assert (
        "web needs you to sign in (auld login web)."
        in work(home, Order(kept=kept), NOW + timedelta(minutes=15)).answer.status
    )
    assert calls
    calls.clear()
    resting = work(home, Order(kept=kept), NOW + timedelta(minutes=30))
    assert not calls
    assert said(resting) == ["Nothing new. web needs you to sign in (auld login web) since 24 Nov 11:15."]
    assert home.ask("status", now=NOW + timedelta(minutes=30), code=1)["accounts"][1]["health"] == "needs-login"
    work(home, Order(kept=kept, everyone=True), NOW + timedelta(minutes=45))
    assert calls
    calls.clear()
    away.configure("[greetings]\nnew_year = false\n")
    work(home, Order(kept=kept), NOW + timedelta(minutes=60))
    assert calls, "the config changed, and may have mended it"
    away.sign_in()
    kept = home.config.read_text("utf-8")
    assert "web can be read again" in str(said(work(home, Order(kept=kept), NOW + timedelta(minutes=75))))


def test_a_draft_in_an_account_that_rests_is_neither_looked_at_nor_lost(away: Weekend) -> None:
    home, kept = away.home, away.home.config.read_text("utf-8")
    work(home, Order(kept=kept))
    home.run("draft", "emil@example.org")
    away.google.plan = lambda _: status(503)
    for number in range(1, 6):
        work(home, Order(kept=kept), NOW + timedelta(minutes=15 * number))
    assert next(one["status"] for one in home.ask("drafts") if one["account"] == "web") == "open"
    away.google.plan = None
    work(home, Order(kept=kept, everyone=True), NOW + timedelta(minutes=120))
    assert {one["status"] for one in home.ask("drafts")} == {"open"}


def test_a_config_that_cannot_work_is_refused_as_one_that_cannot_be_read(friendly: Home) -> None:
    kept = friendly.config.read_text("utf-8")
    friendly.configure(accounts="")
    first = work(friendly, Order(kept=kept))
    level, text = first.answer.words[0]
    assert level == logging.ERROR
    assert text.startswith("The config has a fault now and is refused; the one before stays.\n")
    assert "has no [[accounts]] yet" in text
    assert first.answer.done
    assert first.answer.kept == kept
    again = work(friendly, Order(kept=kept, refused=first.answer.refused))
    assert not any("refused" in one for one in said(again)), "told once"
    friendly.config.unlink()
    assert "no such file" in said(work(friendly, Order(kept=kept, refused=first.answer.refused)))[0], "another one"
    friendly.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT)
    mended = work(friendly, Order(kept=kept, refused=first.answer.refused))
    assert mended.answer.refused == ""
    assert said(mended)[0] == "The config is in order again."


def test_a_held_state_is_told_with_75(friendly: Home) -> None:
    lock = Lock.take(friendly.state / "lock")
    worker = Worker(Order(config=str(friendly.config), now=NOW))
    assert worker.carry_out() == 75
    assert "Another auld is writing in" in worker.answer.trouble
    lock.release()
