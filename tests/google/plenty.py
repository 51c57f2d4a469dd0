"""A large mailbox with truth by construction: what a first read has to cost, and whom it has to know.

Threads with mail of Robin's of one to many messages, in both directions; and what has to be left alone or comes
afterwards: the inbox outside those threads, its tabs, what was put away unread, drafts.
"""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime

from tests.google.server import Google

ROBIN = "Robin Park <robin@example.com>"
Row = tuple[Mapping[str, str], Sequence[str], datetime, str | None]


@dataclass(slots=True)
class Plenty:
    """What was put into a mailbox. `sizes` are the messages of each thread with mail of Robin's, newest sent first.

    `newest` maps each friend to the Message-ID of the newest mail with them, over the newest threads first; `friends`
    are the addresses of the people of each thread, in the order of `sizes`.
    """

    mails: int = 0
    sent: int = 0
    inbox: int = 0
    besides: int = 0  # inbox mails outside the threads and the tabs
    tabs: dict[str, int] = field(default_factory=dict)  # inbox mails in each
    sizes: list[int] = field(default_factory=list)
    friends: list[str] = field(default_factory=list)
    last: dict[str, datetime] = field(default_factory=dict)

    @property
    def units(self) -> int:
        """What a first read costs by the cheapest exact way, to the end of the inbox."""
        pages = [self.sent, self.mails, self.inbox, *(self.tabs.values() if self.inbox else ())]
        listed: int = sum(5 * max(1, math.ceil(count / 500)) for count in pages)
        return 1 + listed + sum(min(20 * size, 40) for size in self.sizes) + 20 * self.besides

    @property
    def plain_units(self) -> int:
        """What the plain way costs: listing what was sent, and getting each of it."""
        return 5 * math.ceil(self.sent / 500) + 20 * self.sent


def fill(google: Google, mails: int, threads: int, *, besides: int = 0, seed: int = 7) -> Plenty:
    """Put about `mails` messages into the mailbox, most of them in `threads` threads of Robin's."""
    rng = random.Random(seed)
    made = Plenty()
    sizes = _sizes(rng, mails - 4 * besides, threads)
    now = google.clock.now()
    rows: list[Row] = []
    at = now - timedelta(minutes=5)
    for number, size in enumerate(sizes):
        friend = f"friend{number % max(50, threads // 5)}@example.org"
        thread = _thread(rng, number, size, friend, at)
        rows += thread
        made.friends.append(friend)
        made.last[friend] = max(made.last.get(friend, thread[0][2]), *(row[2] for row in thread))
        at -= timedelta(minutes=rng.randint(60, 240))
    made.sizes = sizes
    rows += _besides(rng, made, besides, now, at)
    rows.sort(key=lambda row: row[2])
    google.mailbox.bulk(rows)
    made.mails = len(rows)
    made.sent = sum("SENT" in row[1] for row in rows)
    made.inbox = sum("INBOX" in row[1] for row in rows)
    return made


def _sizes(rng: random.Random, mails: int, threads: int) -> list[int]:
    sizes = [1] * threads
    for _ in range(max(0, mails - threads)):
        sizes[min(rng.randrange(threads), rng.randrange(threads))] += 1
    rng.shuffle(sizes)
    return sizes


def _thread(rng: random.Random, number: int, size: int, friend: str, newest: datetime) -> list[Row]:
    rows: list[Row] = []
    for place in range(size):
        # The newest is mine, so that the order of threads is that of their newest sent mail, and no doubt about it.
        mine = place == 0 or rng.random() < 0.5
        at = newest - timedelta(minutes=2 * place)
        labels = ["SENT"] if mine else ["INBOX"] if rng.random() < 0.7 else []
        sender, to = (ROBIN, friend) if mine else (friend, ROBIN)
        rows.append((_header(sender, to, f"Thread {number}", at, f"{number}.{place}"), labels, at, f"t{number}"))
    return rows


def _besides(rng: random.Random, made: Plenty, count: int, now: datetime, oldest: datetime) -> list[Row]:
    rows: list[Row] = []
    span = (now - oldest) / max(1, count)
    kinds = ((), ("CATEGORY_PROMOTIONS",), ("CATEGORY_SOCIAL",), ("CATEGORY_FORUMS",))
    for number in range(count):
        for kind in kinds:
            at = now - span * number - timedelta(seconds=rng.randint(1, 59))
            sender = f"someone{number}@example.net"
            header = _header(sender, ROBIN, f"Other {number}", at, f"other.{number}.{len(kind)}.{kind[:1]}")
            rows.append((header, ["INBOX", *kind], at, None))
    made.besides = count
    made.tabs = {kind[0]: count for kind in kinds if kind}
    return rows


def _header(sender: str, to: str, subject: str, at: datetime, name: str) -> Mapping[str, str]:
    return {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": format_datetime(at),
        "Message-ID": f"<{name}@mail.example.com>",
    }
