"""How a Microsoft Graph for torture is at first: what it does where that is left open, and what lies there."""

import random
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from tests.graph import Graph
from tests.torture.archive import START, Friend
from tests.torture.provider_world import TOPICS

if TYPE_CHECKING:
    from tests.torture.graph_world import World

SENT, INBOX, JUNK, DELETED, ARCHIVE, OWN = "sentitems", "inbox", "junkemail", "deleteditems", "archive", "Projects"
NEWS = Friend("News", "news@example.net", 0, 0)


def turn_switches(graph: Graph, dice: random.Random) -> int:
    """Turn the switches of a Graph; return how many mails auld is to ask for at once."""
    graph.mail.headers_in_lists = dice.choice((True, False, "some"))
    graph.mail.refuses_folder_filter = dice.random() < 0.3
    graph.mailbox.deletes = dice.choice(("deleteditems", "deleteditems", "gone"))
    graph.mailbox.moved_reason = dice.choice(("deleted", "changed"))
    graph.writing.keeps_message_ids = dice.random() < 0.7
    graph.writing.reply_extended = dice.choice(("taken", "ignored", "refused"))
    delta = graph.delta
    delta.shuffle, delta.repeats = dice.choice((0, 20)), dice.choice((0.0, 0.3))
    delta.short_pages, delta.empty_end, delta.late_changes = (dice.random() < 0.4 for _ in range(3))
    graph.agenda.page_limit = dice.choice((None, 3))
    graph.batch_order = dice.choice(("asked", "reversed", "shuffled"))
    graph.throttle.limit = 10**9  # pauses take no time here
    graph.throttle.mixed_batches, graph.throttle.batch_queues = dice.random() < 0.5, dice.random() < 0.5
    graph.login.rotation = dice.choice(("kept", "at once", "at once"))
    graph.login.long_scopes = dice.random() < 0.3
    graph.login.account = dice.choice(("work", "personal"))
    graph.mail.slow_above = dice.choice((None, None, 60))
    return 500 if graph.mail.slow_above else dice.choice((7, 7, 20, 500))


def fill(world: "World", dice: random.Random, *, deep: bool) -> None:
    """Let old mail and meetings with `world.people` lie there. `deep`: and more of strangers than one round reads."""
    for who in world.people:
        ago = float(who.silent)
        topics = ("",) if dice.random() < 0.4 else TOPICS  # what has no subject is not answered
        for number in range(dice.randrange(2, 5)):
            at, topic = START - timedelta(days=ago, minutes=dice.randrange(200)), dice.choice(topics)
            mine = dice.random() < 0.5 or number == 0 or deep
            answers = ""
            if dice.random() < 0.6:
                answers = _put(world, who, at - timedelta(hours=5), topic, mine=not mine)
            listed = not mine and dice.random() < 0.2
            _put(world, who, at, topic, mine=mine, answers=answers, listed=listed)
            ago += max(3.0, who.rhythm * dice.uniform(0.7, 1.3))
    for number in range(130 if deep else 20):
        # Several in one second: where a page ends there, the next one must begin there.
        at = START - timedelta(days=70 + number // 4) + timedelta(milliseconds=number % 4 * 200)
        _put(world, stranger(number), at, "Hello", mine=False)
    for number in range(6):
        _put(world, NEWS, START - timedelta(days=3 + number), "News", mine=False, listed=True)
    for number in range(12):
        who = dice.choice(world.people)
        at = START - timedelta(days=who.silent + dice.randrange(1, 200), hours=number)
        world.meet(dice.choice(("main", "work")), f"old{number}", number % len(world.people), at, "accepted")
    world.agenda.put("theirs", "theirs0", "Board", START - timedelta(days=9), {"Boss <boss@example.org>": "none"})


def stranger(number: int) -> Friend:
    """Return somebody whom nobody waits for.

    Each is a person of their own, by a name without digits: of one with two mails in a second either may be the last.
    """
    name = "".join("aeiouklmns"[int(digit)] for digit in f"{number:03}").title()
    return Friend(name, f"{name.lower()}@example.net", 0, 0)


def _put(
    world: "World", who: Friend, at: datetime, topic: str, *, mine: bool, answers: str = "", listed: bool = False
) -> str:
    key = f"m{len(world.names)}@mail.example.com"
    world.put(who, key, topic, SENT if mine else INBOX, at=at, answers=answers, listed=listed)
    return key
