"""Auld lives through a story at a provider, with faults or without: it comes out the same.

Both lives are told the same story by the same clock. The disturbed one does rounds that fail, at the same moment as the
round that goes well in the end, so that nothing in what is compared hangs on when.
"""

import os
import random
import signal
from abc import ABC, abstractmethod
from collections.abc import Iterator
from concurrent.futures import Future
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from daemon.store.side import read_side
from tests.google.calls import Call
from tests.google.faults import Fault
from tests.torture.provider_child import Driver
from tests.torture.provider_sight import Sight, Watch, look, open_session
from tests.torture.provider_story import Act, Step, Story
from tests.torture.provider_trouble import Mischief, Round
from tests.torture.provider_world import World

SAMPLE: Final = 6
WHOLE: Final = 300
BASE: Final = random.randrange(10**6)
_SCHEDULES = 5  # of one story
_LOOK_AGAIN = timedelta(minutes=11)
_PATIENCE, _IMPATIENCE = 30.0, 0.25  # seconds a child waits for an answer
_DONE, _NEEDS_USER, _UNAVAILABLE, _NEEDS_LOGIN = 0, 1, 69, 77
_HEALTH = {_DONE: {"ok"}, _UNAVAILABLE: {"unavailable"}, _NEEDS_LOGIN: {"needs-login"}, _NEEDS_USER: {"ok", "refused"}}


class Life:
    """Auld over one world."""

    def __init__(self, world: World, driver: Driver, story: Story) -> None:
        self.world = world
        self.watch = Watch(world)
        self.log: list[str] = []
        self._driver = driver
        self._story = story
        world.begin(story.seed, deep=story.deep)
        world.fake.plan = lambda _: self.watch.look()

    def live(self, mischief: Mischief | None = None) -> Sight:
        """Live through the story; return what is seen at its end."""
        for number, step in enumerate(self._story.steps):
            self.world.reach(step.now)
            for act in step.acts:
                act.play(self.world)
            late = list(step.late)
            if mischief is not None:
                self._suffer(mischief, step, late, number)
            for act in late:
                act.play(self.world)
            if mischief is None or not step.night:
                self._succeed(step, signed_out=mischief is not None)
            if not step.night:
                # A draft whose creation was cut off is made again when it was looked for twice, ten minutes apart.
                self.world.catch_up()
                self.world.reach(step.now + _LOOK_AGAIN)
                self._succeed(replace(step, now=step.now + _LOOK_AGAIN), signed_out=False)
                self.world.settle()
                self.watch.note_owed()
        return look(self.world, self.watch, open_session(self.world, step.now))

    def _suffer(self, mischief: Mischief, step: Step, late: list[Act], number: int) -> None:
        """Do rounds with troubles, until one goes well or no trouble is left."""
        fake = self.world.fake
        for _ in range(mischief.rounds()):
            born: Future[int] = Future()
            trouble = mischief.round(born, lambda: late.pop(0).play(self.world) if late else None, night=step.night)
            self.log.append(f"step {number}: {trouble}")

            def plan(call: Call, trouble: Round = trouble) -> Fault | None:
                self.watch.look()
                return trouble.plan(call)

            fake.plan = plan
            code = self._round(step, born, _IMPATIENCE, trouble)
            fake.plan = lambda _: self.watch.look()
            self.log[-1] += f" -> {code}"
            if code == _NEEDS_LOGIN:
                self.world.sign_in()
            if code == _DONE:
                break

    def _succeed(self, step: Step, *, signed_out: bool) -> None:
        """Do the round that ends a step; it goes well, after a sign-in if a trouble may have ended the last one."""
        code = self._round(step, Future(), _PATIENCE, None)
        if code == _NEEDS_LOGIN and signed_out:
            self.world.sign_in()
            code = self._round(step, Future(), _PATIENCE, None)
        assert code == _DONE

    def _round(self, step: Step, born: "Future[int]", patience: float, trouble: Round | None) -> int:
        home = self.world.home
        words = ("--config", str(home / "config.toml"), "--now", step.now.isoformat(), "-v", "once")
        how = trouble.how if trouble is not None else {}
        code, said = self._driver.run(born, home / "said", *words, patience=patience, page=self.world.page, **how)
        self.watch.hold()
        for word in ("quarantine", "damaged", "Traceback", "should not", "NotAllowed"):
            assert word not in said, said
        if code == -signal.SIGKILL:
            return code
        side = read_side(home / "state")
        assert side is not None
        (health,) = {one.health for one in side.accounts}
        assert health in _HEALTH[code], (code, said)
        return code


class Torture(ABC):
    """Lives of accounts of one kind. `driver` bears its processes."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._undisturbed: dict[int, Sight] = {}

    @abstractmethod
    def tell(self, seed: int) -> Story:
        """Make up a story."""

    @abstractmethod
    def world(self, start: datetime, home: Path) -> AbstractContextManager[World]:
        """Open a world."""

    @abstractmethod
    def mischief(self, world: World, dice: random.Random, *, fresh: bool) -> Mischief:
        """Make up what goes wrong."""

    def disturb(self, folder: Path, seed: int) -> None:
        """Live through a story with faults; hold that it comes out as without them."""
        seed = int(os.environ.get("AULD_TORTURE_SEED", seed))
        print(f"AULD_TORTURE_SEED={seed} plays this schedule again.")
        number = seed // _SCHEDULES
        story, should = self.tell(number), self._live_undisturbed(number)
        with self._life(story, folder) as life:
            try:
                sight = life.live(self.mischief(life.world, random.Random(seed), fresh=story.fresh))
                assert sight.keys() == should.keys()
                for name, seen in sight.items():
                    assert seen == should[name], name
            except BaseException:
                print("What went wrong:", *life.log, sep="\n  ")
                raise

    def _live_undisturbed(self, number: int) -> Sight:
        """Return what is seen at the end of a story by an auld that nothing happens to."""
        if number not in self._undisturbed:
            with TemporaryDirectory() as folder, self._life(self.tell(number), Path(folder)) as life:
                self._undisturbed[number] = life.live()
        return self._undisturbed[number]

    @contextmanager
    def _life(self, story: Story, home: Path) -> Iterator[Life]:
        with self.world(story.steps[0].now, home) as world:
            yield Life(world, self._driver, story)
