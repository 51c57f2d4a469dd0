"""The loop under clocks that are turned: how often there is a round, and what is made of how it went."""

import gc
import logging
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from daemon.service.child import Ended
from daemon.service.loop import NotStarted
from daemon.service.orders import Answer, Order
from daemon.service.standing import Standing, holder, take_post
from daemon.store import Busy
from tests.service.sky import Rounds, Sky, serve, utc

START = utc("2026-11-24T10:00:00")
EVERY = 900.0
LEAST, MOST = 0.95 * EVERY, 1.05 * EVERY + 5  # and what a round takes

Diary = list[tuple[str, str]]


@pytest.fixture
def sky() -> Sky:
    return Sky(START)


@pytest.fixture
def rounds(sky: Sky, tmp_path: Path) -> Rounds:
    return Rounds(sky, tmp_path / "state")


def test_rounds_come_every_so_often_give_or_take(sky: Sky, rounds: Rounds) -> None:
    assert serve(sky, rounds, 24) == 0
    assert rounds.at[0] == 0, "there never was one: at once"
    assert 90 <= len(rounds.at) <= 100
    assert all(LEAST <= pause <= MOST for pause in rounds.pauses)
    assert len({round(pause) for pause in rounds.pauses}) > 10, "not on the stroke of the hour"


def test_a_day_of_idling_and_rounds_wakes_up_less_than_2000_times(sky: Sky, rounds: Rounds) -> None:
    serve(sky, rounds, 24)
    assert sky.wakes < 1300, "and a round adds a handful: its start, its end, its signs of life"


def test_a_month_of_rounds_does_not_grow(sky: Sky, rounds: Rounds) -> None:
    marks: list[tuple[int, int]] = []
    done = 0

    def carry_out(order: Order) -> Ended:
        nonlocal done
        done += not order.look
        if done in {500, 3000}:
            gc.collect()
            marks.append((sys.getallocatedblocks(), len(gc.get_objects())))
        rounds.orders.clear()
        rounds.at.clear()
        return rounds(order)

    serve(sky, carry_out, 33 * 24)
    assert done >= 3000
    (blocks, objects), (later, more) = marks[0], marks[-1]
    assert later - blocks < 200, "blocks of memory, in 2,500 rounds"
    assert more - objects < 50


@pytest.mark.parametrize(
    ("ago", "first"),
    [(None, 0.0), (timedelta(hours=10), 0.0), (timedelta(minutes=5), 600.0), (timedelta(days=-1), 0.0)],
    ids=["never", "missed many", "not yet due", "in the future"],
)
def test_what_was_missed_while_it_was_off_is_made_up_for_once(
    sky: Sky, rounds: Rounds, ago: timedelta | None, first: float
) -> None:
    rounds.last = None if ago is None else START - ago
    serve(sky, rounds, 2)
    assert rounds.at[0] == pytest.approx(first, abs=1)
    assert all(LEAST <= pause <= MOST for pause in rounds.pauses)


@pytest.mark.parametrize("hours", [0.5, 8, 24 * 9])
@pytest.mark.parametrize("seconds", [0, 20, 40, 60, 80])
def test_a_suspend_is_followed_by_one_round_when_the_network_had_a_moment(
    sky: Sky, rounds: Rounds, hours: float, seconds: float
) -> None:
    begun = 3.1 * 3600 + seconds  # wherever in its sleep that finds the service
    sky.at(begun / 3600, lambda: sky.suspend(hours))
    serve(sky, rounds, hours + 6)
    after = [at for at in rounds.at if at > begun]
    assert 30 <= after[0] - begun - hours * 3600 <= 125
    pauses = [later - earlier for earlier, later in pairwise(after)]
    assert all(LEAST <= pause <= MOST for pause in pauses), "the others that were missed are not made up for"


def test_a_suspend_within_a_round_does_not_bring_the_next_one_nearer(sky: Sky, rounds: Rounds) -> None:
    rounds.takes = 60
    sky.at(30 / 3600, lambda: sky.suspend(8))
    serve(sky, rounds, 12)
    assert rounds.pauses[0] == pytest.approx(8 * 3600 + 60 + EVERY, rel=0.01)
    assert all(LEAST <= pause <= MOST + 60 for pause in rounds.pauses[1:])


@pytest.mark.parametrize("start", ["2026-03-28T12:00:00", "2026-10-24T12:00:00"], ids=["spring", "autumn"])
@pytest.mark.parametrize("takes", [2.0, 1200.0])
def test_summer_time_neither_brings_a_round_nearer_nor_puts_it_off(tmp_path: Path, start: str, takes: float) -> None:
    sky = Sky(utc(start))
    rounds = Rounds(sky, tmp_path / "state", takes=takes)
    serve(sky, rounds, 24)
    assert all(LEAST + takes <= pause <= MOST + takes for pause in rounds.pauses)


@pytest.mark.parametrize("days", [-1, 1, -400, 20000], ids=["back a day", "ahead a day", "back a year", "far ahead"])
@pytest.mark.parametrize("takes", [2.0, 1200.0])
def test_a_clock_that_is_set_changes_nothing(sky: Sky, rounds: Rounds, days: int, takes: float) -> None:
    rounds.takes = takes
    sky.at(3.3, lambda: sky.set_clock(timedelta(days=days)))
    sky.at(3.31, lambda: sky.set_clock(timedelta(minutes=-5)))
    sky.at(7.77, lambda: sky.set_clock(timedelta(days=-days, minutes=5)))
    serve(sky, rounds, 12)
    assert len(rounds.at) >= 18
    assert all(LEAST + takes <= pause <= MOST + takes for pause in rounds.pauses)


def test_a_round_now_is_one_round_and_asks_every_account(sky: Sky, rounds: Rounds) -> None:
    def ask() -> None:
        sky.heard.round = True

    sky.at(1.05, ask)
    serve(sky, rounds, 2)
    at = next(number for number, one in enumerate(rounds.at) if one == 1.05 * 3600)
    asked = [order for order in rounds.orders if not order.look]
    assert [order.everyone for order in asked] == [number in {0, at} for number in range(len(asked))]
    assert LEAST <= rounds.pauses[at] <= MOST


def test_a_round_wanted_while_one_is_under_way_follows_it(sky: Sky, rounds: Rounds) -> None:
    def ask() -> None:
        sky.heard.round = True

    rounds.takes = 100
    sky.at(50 / 3600, ask)
    serve(sky, rounds, 1)
    assert rounds.at[:2] == [0, 100]


def test_reading_the_config_again_takes_the_new_pace(sky: Sky, rounds: Rounds) -> None:
    def change() -> None:
        rounds.every, sky.heard.reload = 3600.0, True

    sky.at(1, change)
    serve(sky, rounds, 10)
    assert 12 <= len(rounds.at) <= 16


def test_a_config_that_is_broken_is_refused_and_the_service_goes_on_with_the_one_before(
    sky: Sky, rounds: Rounds, diary: Diary
) -> None:
    def carry_out(order: Order) -> Ended | None:
        if order.kept is None or sky.now() < START + timedelta(hours=1):
            return None
        words = () if order.refused else ((logging.ERROR, "The config has a fault now and is refused."),)
        answer = rounds.answer(done=not order.look, words=words, refused="x")
        return Ended(0, answer)

    def reload() -> None:
        sky.heard.reload = True

    rounds.how = carry_out
    sky.at(1, reload)
    serve(sky, rounds, 4)
    assert [order.kept for order in rounds.orders if not order.look] == ["good"] * len(rounds.at)
    assert [text for level, text in diary if level == "ERROR"] == ["The config has a fault now and is refused."]
    assert len(rounds.at) > 14


def test_a_round_that_finds_the_state_held_is_tried_again_soon_and_then_less_soon(
    sky: Sky, rounds: Rounds, diary: Diary
) -> None:
    held = "Another auld is writing there (process 12: auld sync). Wait until it is done, or stop it."

    def carry_out(order: Order) -> Ended | None:
        if order.look or timedelta(minutes=40) < sky.now() - START < timedelta(minutes=80):
            return None
        return Ended(75, rounds.answer(trouble=held))

    rounds.how = carry_out
    serve(sky, rounds, 3)
    pauses = [round(pause / 60) for pause in rounds.pauses]
    assert pauses[:5] == [1, 2, 4, 8, 15]
    assert [pauses[at : at + 4] for at in range(5, len(pauses)) if pauses[at] == 1] == [[1, 2, 4, 8]], "another time"
    assert [text for _, text in diary if "Another auld" in text] == [f"This round has to wait: {held}"] * 2
    assert Standing.read(rounds.folder).trouble == ""


FULL = "Cannot write to /state: the disk is full. Make room and try again. What was kept before is untouched."


@pytest.mark.parametrize(
    ("ended", "word"),
    [
        (lambda rounds: Ended(74, rounds.answer(trouble=FULL)), FULL),
        (lambda _: Ended(-9, None), "was killed (signal 9)"),
        (lambda _: Ended(-15, None, "silent"), "It hung"),
        (lambda _: Ended(130, None, "endless"), "took too long"),
        (lambda _: Ended(1, None), "code 1"),
        (lambda rounds: Ended(78, rounds.answer(trouble="The account cannot work.")), "cannot work"),
    ],
    ids=["full disk", "killed", "hung", "endless", "crashed", "account"],
)
def test_rounds_that_fail_are_told_once_and_tried_again_at_their_usual_time(
    sky: Sky, rounds: Rounds, diary: Diary, ended: Callable[[Rounds], Ended], word: str
) -> None:
    seen: list[Standing] = []

    def carry_out(order: Order) -> Ended | None:
        if order.look or sky.now() < START + timedelta(hours=2):
            return None
        if sky.now() > START + timedelta(hours=5):
            seen.append(Standing.read(rounds.folder))
            return None
        return ended(rounds)

    rounds.how = carry_out
    assert serve(sky, rounds, 7) == 0
    assert all(LEAST <= pause <= MOST for pause in rounds.pauses), "no busy loop, and none is left out"
    errors = [text for level, text in diary if level == "ERROR"]
    assert len(errors) == 1
    assert word in errors[0]
    assert word in seen[0].trouble
    assert seen[0].trouble_since is not None
    assert abs(seen[0].trouble_since - START - timedelta(hours=2)) < timedelta(minutes=16)
    assert 10 <= seen[0].rounds_failed <= 14
    assert any(text.startswith("Rounds work again; ") for _, text in diary)
    assert Standing.read(rounds.folder).trouble == ""


def test_accounts_that_need_the_user_do_not_end_the_service(sky: Sky, rounds: Rounds) -> None:
    rounds.how = lambda order: None if order.look else Ended(0, rounds.answer(done=True, status="home needs you."))
    assert serve(sky, rounds, 5) == 0
    assert len(rounds.at) > 15


@pytest.mark.parametrize("code", [74, 78])
def test_what_is_wrong_at_the_start_ends_it_with_the_reason(sky: Sky, rounds: Rounds, code: int) -> None:
    rounds.how = lambda _: Ended(code, Answer(trouble="Nothing there."))
    with pytest.raises(NotStarted, match="Nothing there") as told:
        serve(sky, rounds, 1)
    assert told.value.exit_code == code
    assert rounds.at == []


def test_there_is_one_service_over_a_state_and_a_second_one_hears_who_it_is(sky: Sky, rounds: Rounds) -> None:
    assert holder(rounds.folder) == ""
    post = take_post(rounds.folder)
    with pytest.raises(Busy, match=r"Another auld serves .* \(process \d+: "):
        serve(sky, rounds, 1)
    assert rounds.at == []
    assert holder(rounds.folder).startswith("process ")
    post.release()
    serve(sky, rounds, 1)
    assert holder(rounds.folder) == ""


def test_it_says_when_the_next_round_is_and_when_one_is_under_way(sky: Sky, rounds: Rounds) -> None:
    seen: list[tuple[datetime, Standing]] = []

    def look(_: Order | None = None) -> None:
        seen.append((sky.now(), Standing.read(rounds.folder)))

    rounds.how = look
    sky.at(1.02, look)
    serve(sky, rounds, 1.1)
    under_way = seen[2][1]
    assert under_way.round_since is not None
    between = next(one for at, one in seen if at == START + timedelta(hours=1.02))
    following = [at for at in rounds.at if at > 1.02 * 3600]
    assert between.round_since is None
    assert between.next_round_at is not None
    assert not following or abs(between.next_round_at - START - timedelta(seconds=following[0])) < timedelta(seconds=6)
    assert Standing.read(rounds.folder) == Standing(), "it ended: there is no next round"


def test_told_to_stop_in_a_round_it_ends_and_no_failure_is_noted(sky: Sky, rounds: Rounds, diary: Diary) -> None:
    rounds.takes = 3600
    assert serve(sky, rounds, 0.5) == 0
    assert len(rounds.at) == 1
    assert [level for level, _ in diary if level != "INFO"] == []
    assert Standing.read(rounds.folder) == Standing()
