"""What happens in a life: two months with every turn that a draft can take, and an archive that changes under it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from tests.torture.life import Life, Step


def _first_evening(life: Life, now: datetime) -> None:
    edited, sent, deleted, answered, *_ = life.lying()
    life.edit(edited)
    life.send(sent, now)
    deleted.path.unlink()
    life.archive.put(life.friend(answered.to), now, mine=False, topic="By the way")


def _mail_moves(life: Life, now: datetime) -> None:
    """Flags change, mail is thrown away, more comes, the mbox grows, and the calendar is exported again."""
    archive = life.archive
    inbox = sorted((archive.inbox / "cur").iterdir())
    inbox[0].rename(inbox[0].with_name(f"{inbox[0].name}R"))
    for path in inbox[5:8]:
        path.unlink()
    archive.put(life.people[9], now - timedelta(hours=2), mine=False, topic="Hello there")
    archive.put(life.people[11], now - timedelta(days=1), mine=True, topic="Hello from me", old=True)
    archive.put_newsletter(now)
    meetings = [(life.people[13], now - timedelta(days=20)), (life.people[2], now + timedelta(days=3))]
    archive.write_calendar(meetings, weekly_until=now + timedelta(days=40))


def _second_evening(life: Life, now: datetime) -> None:
    ours = [one for one in life.lying() if one.key not in life.own]
    life.rewrite(ours[-1])
    life.write_own(life.people[15], now)
    life.archive.put(life.friend(ours[1].to), now, mine=True, topic="Without the draft")


def _third_evening(life: Life, now: datetime) -> None:
    first, *_, last = (one for one in life.lying() if one.key not in life.own)
    first.path.unlink()
    life.send(last, now)


def _mbox_shrinks(life: Life, now: datetime) -> None:
    """The mbox is compacted: what stood first in it is gone."""
    del now
    raw = life.archive.mbox.read_bytes()
    life.archive.mbox.write_bytes(raw[raw.index(b"\nFrom ", len(raw) // 3) + 1 :])


def _at(days: int, hours: float = 0) -> timedelta:
    return timedelta(days=days, hours=hours)


STORY: Sequence[Step] = (
    Step(_at(0), ("sync",)),
    Step(_at(0, 0.1), ("note", "Carl Castellano", "Her book on rivers came out in May."), once=True),
    Step(_at(0, 0.2), ("draft",)),
    Step(_at(0, 9), act=_first_evening),
    Step(_at(1), ("once",)),
    Step(_at(1, 0.5), ("once",)),
    Step(_at(1, 0.6), ("mute", "Fred Fitzgerald")),
    Step(_at(1, 0.7), ("snooze", "Gina Grunwald", "3 weeks")),
    Step(_at(1, 9), act=_mail_moves),
    Step(_at(2), ("once",)),
    Step(_at(2, 1), ("met", "Hugo Halvorsen", "yesterday", "coffee"), once=True),
    Step(_at(2, 2), ("draft",)),
    Step(_at(2, 9), act=_second_evening),
    Step(_at(3), ("draft", "Kira Kristensen"), fine=(0, 1), done="waits in"),
    Step(_at(3, 1), ("once",)),
    Step(_at(4), ("forget", "Pavel Petrovic", "--yes"), done="nobody is known"),
    Step(_at(7), ("once",)),
    Step(_at(7, 9), act=_mbox_shrinks),
    Step(_at(8), ("sync", "--full")),
    Step(_at(9), ("draft",)),
    Step(_at(9, 1), ("drafts", "--withdraw", "--all"), fine=(0, 1)),
    Step(_at(25), ("once",)),
    Step(_at(25, 9), act=_third_evening),
    Step(_at(26), ("once",)),
    Step(_at(29), ("once",)),
    Step(_at(64), ("once",)),
    Step(_at(92), ("once",)),
)
