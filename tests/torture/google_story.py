"""What happens around auld at Google: a story of steps, each with what the world does before auld's next rounds.

Days end with a round that went well, in every life; after a night auld may not have got through. So what Robin does to
auld's drafts happens only after a day, and what is put away, moved or deleted was read before by every auld. A story
that is `fresh` has mails that are put away before auld saw them: only Gmail's history tells of those, so there it must
not expire.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from tests.torture.archive import ROBIN, START
from tests.torture.google_world import PERSONAL, PROMOTIONS, ROBINS_WORK, SPAM, World

_DAYS = 11
_AT_LEAST = 8  # days between the last steps: a new calendar is found within a week


@dataclass(frozen=True, slots=True)
class Act:
    """Something that happens: a method of `World`, and what it is given."""

    name: str
    given: tuple[Any, ...]
    more: tuple[tuple[str, Any], ...] = ()

    def play(self, world: World) -> None:
        getattr(world, self.name)(*self.given, **dict(self.more))


@dataclass(frozen=True, slots=True)
class Step:
    """What happens before rounds at `now`. `late` may also happen while auld reads. `night`: no drafts are written."""

    now: datetime
    acts: Sequence[Act]
    late: Sequence[Act]
    night: bool


@dataclass(frozen=True, slots=True)
class Story:
    """How it begins and goes on."""

    seed: int
    fresh: bool
    deep: bool
    steps: Sequence[Step]

    def begin(self, world: World) -> None:
        """Let the world be as it is at first."""
        dice = random.Random(self.seed)
        google = world.google
        google.mailbox.headers = dice.choice(("decoded", "raw"))
        google.mailbox.history_labels = dice.choice(("then", "now"))
        google.calendars.page_limit = dice.choice((None, 3))
        google.calendars.fresh_tokens = dice.random() < 0.3
        google.oauth.rotation = dice.choice((None, "on use", "at once"))
        google.quota.limit = google.quota.calendar_limit = 10**9  # pauses take no time here
        google.quota.reset()
        world.build(dice, deep=self.deep)
        world.write_config()


class Teller:
    """Makes up a story."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(f"story {seed}")
        self._seed = seed
        self._count = 0
        self._met: dict[str, str] = {}  # event -> calendar
        self._calendars = [ROBIN, ROBINS_WORK]
        self._now = START

    def tell(self) -> Story:
        dice = self._dice
        fresh, deep = self._seed % 2 == 0, self._seed % 5 == 3
        steps = [Step(START, (), (), night=False)]
        days = sorted(dice.sample(range(1, _DAYS), 3))
        days.append(days[-1] + _AT_LEAST)
        night = True  # before the first step nobody was there
        for number, day in enumerate(days):
            before, night = night, dice.random() < 0.5 and day != days[-1]
            acts = self._several(day, 0, fresh=fresh, own=not before, seen=not night)
            if number == 1:
                acts = [*acts, Act("add_calendar", ("garden@group.example.com",)), *self._garden()]
            steps.append(self._step(day, 0, acts, night=False))
            if night:
                acts = self._several(day, 12, fresh=fresh, own=False, seen=False)
                steps.append(self._step(day, 12, acts, night=True))
        return Story(self._seed, fresh, deep, steps)

    def _step(self, day: int, hours: int, acts: Sequence[Act], *, night: bool) -> Step:
        late = [Act("visit", (self._key(),)) for _ in range(self._dice.randrange(3))]
        return Step(START + timedelta(days=day, hours=hours), acts, late, night)

    def _key(self) -> str:
        self._count += 1
        return f"s{self._count:04}@mail.example.com"

    def _several(self, day: int, hours: int, *, fresh: bool, own: bool, seen: bool) -> list[Act]:
        """Return what happens; `own`: to auld's drafts too; `seen`: auld's next look at them will not fail."""
        self._now = START + timedelta(days=day, hours=hours)
        dice, acts = self._dice, list[Act]()
        for _ in range(dice.randrange(2, 5)):
            acts += self._arrive(fresh=fresh)
        chosen: list[Callable[[], list[Act]]] = dice.choices(
            (self._write, self._move, self._delete, self._meet, self._change, self._cancel), k=4
        )
        if not hours:
            chosen += dice.choices(
                (self._begin, self._begin, self._begin, list[Act]), k=1
            )  # auld looks for these only when somebody is due
        if own:
            discard = self._discard if seen else self._edit  # a draft counts as deleted from the second look on
            chosen += dice.choices((self._edit, self._send, discard, self._answer), k=dice.randrange(3))
        for one in chosen:
            acts += one()
        return acts

    # -- mail ----------------------------------------------------------------------------------------------------------

    def _arrive(self, *, fresh: bool) -> list[Act]:
        dice, key = self._dice, self._key()
        labels = dice.choice((
            ("INBOX",), ("INBOX", "UNREAD"), ("INBOX", PERSONAL), ("INBOX", PROMOTIONS), ("INBOX", "CATEGORY_SOCIAL"),
            ("INBOX", "CATEGORY_UPDATES"), (SPAM,), ("Label_7",),
        ))  # fmt: skip
        if dice.random() < 0.2:
            return [Act("newsletter", (key, labels))]
        acts = [self._mail(key, labels)]
        if fresh and dice.random() < 0.5:
            acts.append(Act("relabel", (key, *dice.choice((
                ((), ("INBOX",)), (("TRASH",), ("INBOX",)), ((SPAM,), ("INBOX",)), ((PROMOTIONS,), (PERSONAL,)),
                (("INBOX",), (SPAM,)), ((), ("UNREAD",)),
            )))))  # fmt: skip
        return acts

    def _mail(self, key: str, labels: Sequence[str]) -> Act:
        given = (key, self._dice.randrange(14), f"Topic {self._dice.randrange(9)}", labels)
        return Act("mail", given, (("answers", self._dice.random() < 0.5),))

    def _write(self) -> list[Act]:
        return [self._mail(self._key(), ("SENT",))]

    def _move(self) -> list[Act]:
        add, remove, having = self._dice.choice((
            ((), ("INBOX",), ("INBOX",)),
            (("TRASH",), ("INBOX",), ()),
            ((SPAM,), ("INBOX",), ("INBOX",)),
            ((PROMOTIONS,), (PERSONAL,), ("INBOX",)),
            ((PERSONAL,), (PROMOTIONS,), (PROMOTIONS,)),
            (("INBOX",), (SPAM,), (SPAM,)),
            (("INBOX",), ("TRASH",), ("TRASH",)),
            (("Label_9",), (), ()),
        ))  # fmt: skip
        return [Act("relabel_old", (self._dice.random(), add, remove, having))]

    def _delete(self) -> list[Act]:
        return [Act("delete", (self._dice.random(),))]

    # -- drafts --------------------------------------------------------------------------------------------------------

    def _begin(self) -> list[Act]:
        return [Act("write_own", (self._key().replace("s", "own", 1), self._dice.randrange(8)))]

    def _edit(self) -> list[Act]:
        subject = self._dice.choice((None, None, "Something else"))
        return [self._touch("edit", body="In other words.\r\n", subject=subject)]

    def _send(self) -> list[Act]:
        dice = self._dice
        return [self._touch("send", rewrite_message_id=dice.random() < 0.3, keep_id=dice.random() < 0.2)]

    def _discard(self) -> list[Act]:
        return [self._touch("delete")]

    def _touch(self, how: str, **more: Any) -> Act:
        return Act("touch_draft", (self._dice.random(), how), tuple(more.items()))

    def _answer(self) -> list[Act]:
        return [Act("answer", (self._key(),))]

    # -- meetings ------------------------------------------------------------------------------------------------------

    def _garden(self) -> list[Act]:
        """Meet those in the new calendar that no draft waits for: when it is found is chance."""
        at = START - timedelta(days=2)
        return [self._put("garden@group.example.com", f"garden{number}", -1, at) for number in range(3)]

    def _put(self, calendar: str, key: str, place: int, at: datetime, **more: Any) -> Act:
        answer = self._dice.choice(("accepted", "accepted", "tentative", "declined", "needsAction"))
        return Act("meet", (calendar, key, place, at, answer), tuple(more.items()))

    def _when(self) -> datetime:
        return self._now + timedelta(hours=self._dice.randrange(-72, 24 * 20))

    def _meet(self) -> list[Act]:
        dice, calendar = self._dice, self._dice.choice(self._calendars)
        self._count += 1
        key, place, at = f"event{self._count:04}", dice.randrange(14), self._when()
        if dice.random() < 0.7:
            self._met[key] = calendar
            return [self._put(calendar, key, place, at)]
        acts = []
        for week in range(4):
            one = at + timedelta(weeks=week)
            name = f"{key}_{one:%Y%m%dT%H%M%SZ}"
            self._met[name] = calendar
            more = {"recurringEventId": key, "originalStartTime": {"dateTime": one.isoformat()}}
            acts.append(self._put(calendar, name, place, one, **more))
        return acts

    def _change(self) -> list[Act]:
        if not self._met:
            return []
        key = self._dice.choice(list(self._met))
        return [Act("move", (self._met[key], key, self._dice.randrange(-30, 200)))]

    def _cancel(self) -> list[Act]:
        if not self._met:
            return []
        key = self._dice.choice(list(self._met))
        return [Act("cancel", (self._met.pop(key), key), (("only_id", self._dice.random() < 0.5),))]
