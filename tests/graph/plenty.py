"""A large mailbox with truth by construction: what a first read has to cost, and whom it has to know."""

import math
import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.graph.mailbox import Mailbox
from tests.graph.messages import Headers, Person
from tests.graph.server import Graph

LIST: Headers = (("List-Id", "<news.example.net>"), ("Precedence", "bulk"))


@dataclass(slots=True)
class Plenty:
    """What was put into a mailbox. `last` maps each friend's address to the moment of the newest mail with them, either
    way, in whole seconds; `candidates` is how many received mails are from somebody I wrote to."""

    sent: int = 0
    received: int = 0
    candidates: int = 0
    last: dict[str, datetime] = field(default_factory=dict)

    def pages(self, size: int = 500) -> int:
        """Return the least number of requests that tell all of it, at so many a page."""
        return math.ceil(self.sent / size) + math.ceil(self.received / size)


def fill(
    graph: Graph, sent: int, received: int, *, friends: int = 2_000, strangers: float = 0.5, seed: int = 7
) -> Plenty:
    """Put mails into Sent Items and the Inbox, spread over ten years, in random order of both.

    Every friend was written to. `strangers` is the share of received mails that are from others: every other of those
    from a list.
    """
    rng, made, box = random.Random(seed), Plenty(sent, received), graph.mailbox
    known: list[Person] = [(f"Friend {number}", f"friend{number}@example.org") for number in range(friends)]
    me, inbox, outbox = box.owner, box.folder("inbox"), box.folder("sentitems")
    count = sent + received
    step = timedelta(days=3650) / max(1, count)
    at = graph.clock.now() - step * (count + 1)
    mine = _places(rng, sent, count)
    done = 0
    for number in range(count):
        at += step
        if number in mine:
            who = known[done % friends]
            done += 1
            _put(box, at, number, me, who, folder=outbox.id, mine=True, headers=None)
        elif rng.random() < strangers:
            listed = number % 2 == 0
            whose = (f"Stranger {number % 5000}", f"stranger{number % 5000}@example.net")
            _put(box, at, number, whose, me, folder=inbox.id, mine=False, headers=LIST if listed else ())
            continue
        else:
            who = known[rng.randrange(min(friends, max(1, sent)))]
            made.candidates += 1
            _put(box, at, number, who, me, folder=inbox.id, mine=False, headers=())
        made.last[who[1]] = at.replace(microsecond=0)
    return made


def _places(rng: random.Random, some: int, count: int) -> set[int]:
    return set(rng.sample(range(count), some))


def _put(
    box: Mailbox,
    at: datetime,
    number: int,
    sender: Person,
    to: Person,
    *,
    folder: str,
    mine: bool,
    headers: Headers | None,
) -> None:
    message = box.make(box.folder(folder), at, "Some mail or other", f"<p{number}@mail.example.com>")
    message.sender, message.to, message.read = sender, (to,), mine
    message.headers = headers
    box.add(message, note=False)
