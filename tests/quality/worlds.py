"""Whole worlds: a mailbox of five years, or a small one with a handful of messes."""

from collections.abc import Iterable
from typing import Final

from tests.quality.kinds import TIMES, Kind, lists, robots
from tests.quality.names import SAME_NAME
from tests.quality.world import World

_FRIENDS: Final = 130
_ACQUAINTANCES: Final = 110
_MAILS: Final = 20_000


def large_world(seed: int) -> World:
    """Return a world of about 500 people and 20,000 mails."""
    w = World(seed)
    dice = w.dice
    _add_friends(w, _FRIENDS)
    for one in w.friends:
        w.exchange(one, int(4 + 110 * dice.random() ** 3))
    for _ in range(_ACQUAINTANCES):
        one = w.newcomer("acquaintance", dice.choice(SAME_NAME))
        w.got(one, w.past())
        w.exchange(one, dice.choice((0, 0, 1, 2, 5)))
    kinds = [kind for kind, times in TIMES.items() for _ in range(times)]
    dice.shuffle(kinds)
    for kind in kinds:
        kind(w)
    for _ in range(6):
        lists.mailing_list(w, 350)
        lists.unsaid_list(w, 150)
    for _ in range(20):
        robots.tool(w, 160)
    while w.post.count < _MAILS:
        lists.newsletter(w, min(90, _MAILS - w.post.count))
    return w


def small_world(seed: int, friends: int, kinds: Iterable[Kind]) -> World:
    """Return a world of so many friends (ten or more), and one of each of these kinds."""
    w = World(seed)
    _add_friends(w, friends)
    for kind in kinds:
        kind(w)
    return w


def _add_friends(w: World, count: int) -> None:
    for _ in range(count):
        one = w.newcomer("friend", w.dice.choice(("usual", w.dice.choice(SAME_NAME))))
        w.befriend(one)
        w.friends.append(one)
