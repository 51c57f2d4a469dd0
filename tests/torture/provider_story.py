"""What happens around auld at a provider: a story of steps, each with what the world does before auld's next rounds.

Days end with a round that went well, in every life; after a night auld may not have got through. So what Robin does to
auld's drafts happens only after a day, and what is put away, moved or deleted was read before by every auld.
"""

import random
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final

from tests.torture.archive import START
from tests.torture.provider_world import World

_DAYS: Final = 11
_AT_LEAST: Final = 8  # days between the last steps: a new calendar is found within a week


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
    """How it begins and goes on. `fresh` is as the `Teller` has it; `deep`: more is old than one round reads."""

    seed: int
    fresh: bool
    deep: bool
    steps: Sequence[Step]


class Teller(ABC):
    """Makes up a story. `calendar` is one that comes later; in a day fewer than `touches` drafts are touched."""

    calendar: ClassVar[str]
    touches: ClassVar[int] = 3

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(f"story {seed}")
        self._seed = seed
        self._count = 0
        self._met: dict[str, str] = {}  # event -> calendar
        self._seen: list[str] = []  # those of them that every auld has read
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
                acts = [*acts, Act("add_calendar", (self.calendar,)), *self._garden()]
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
        if hours or own:  # the step before was a day
            self._seen = list(self._met)
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
            chosen += dice.choices((self._edit, self._send, discard, self._answer), k=dice.randrange(self.touches))
        for one in chosen:
            acts += one()
        return acts

    # -- mail ----------------------------------------------------------------------------------------------------------

    @abstractmethod
    def _arrive(self, *, fresh: bool) -> list[Act]:
        """Let mail come."""

    @abstractmethod
    def _write(self) -> list[Act]:
        """Let Robin write to a friend, without auld."""

    @abstractmethod
    def _move(self) -> list[Act]:
        """Let Robin put a mail elsewhere."""

    def _delete(self) -> list[Act]:
        return [Act("delete", (self._dice.random(),))]

    def _mail(self, key: str, place: Any) -> Act:
        given = (key, self._dice.randrange(14), f"Topic {self._dice.randrange(9)}", place)
        return Act("mail", given, (("answers", self._dice.random() < 0.5),))

    # -- drafts --------------------------------------------------------------------------------------------------------

    def _begin(self) -> list[Act]:
        return [Act("write_own", (self._key().replace("s", "own", 1), self._dice.randrange(8)))]

    def _edit(self) -> list[Act]:
        subject = self._dice.choice((None, None, "Something else"))
        return [self._touch("edit", body="In other words.\r\n", subject=subject)]

    @abstractmethod
    def _send(self) -> list[Act]:
        """Let Robin send a draft of auld's."""

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
        return [self._put(self.calendar, f"garden{number}", -1, at) for number in range(3)]

    @abstractmethod
    def _put(self, calendar: str, key: str, place: int, at: datetime) -> Act:
        """Put a meeting."""

    def _when(self) -> datetime:
        return self._now + timedelta(hours=self._dice.randrange(-72, 24 * 20))

    @abstractmethod
    def _meet(self) -> list[Act]:
        """Put one meeting or several."""

    def _change(self) -> list[Act]:
        if not self._met:
            return []
        key = self._dice.choice(list(self._met))
        return [Act("move", (self._met[key], key, self._dice.randrange(-30, 200)))]

    def _cancel(self) -> list[Act]:
        """Let a meeting not take place. Who never saw it does not know who asked for it."""
        known = [key for key in self._seen if key in self._met]
        return [self._call_off(self._dice.choice(known))] if known else []

    @abstractmethod
    def _call_off(self, key: str) -> Act:
        """Let that meeting not take place."""
