"""Random faults over a changing mailbox and calendar: the same ledger as undisturbed, and never a second draft.

A failure names its seed; ``AULD_TORTURE_SEED=…`` plays that very schedule again (but kills after a delay fall where the
machine happens to be). Both lives are told the same story by the same clock. The disturbed one does rounds
that fail, at the same moment as the round that goes well in the end, so that nothing in what is compared hangs on when.
"""

import os
import random
import signal
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.google import Call, Fault, Google
from tests.torture.google_child import Driver
from tests.torture.google_sight import Sight, Watch, look, open_session
from tests.torture.google_story import Act, Step, Story, Teller
from tests.torture.google_trouble import Mischief, Round
from tests.torture.google_world import World

SAMPLE = 20
WHOLE = 300
_SCHEDULES = 5  # of one story
_LOOK_AGAIN = timedelta(minutes=11)
_PATIENCE, _IMPATIENCE = 30.0, 0.25  # seconds a child waits for Google's answer
_DONE, _NEEDS_USER, _UNAVAILABLE, _NEEDS_LOGIN = 0, 1, 69, 77
_HEALTH = {_DONE: {"ok"}, _UNAVAILABLE: {"unavailable"}, _NEEDS_LOGIN: {"needs-login"}, _NEEDS_USER: {"ok", "refused"}}
_BASE = random.randrange(10**6)


class Life:
    """Auld over one world."""

    def __init__(self, google: Google, home: Path, driver: Driver, story: Story) -> None:
        self.world = World(google, home)
        self.watch = Watch(self.world)
        self.log: list[str] = []
        self._driver = driver
        self._story = story
        story.begin(self.world)
        google.plan = lambda _: self.watch.look()

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
                self.world.reach(step.now + _LOOK_AGAIN)
                self._succeed(replace(step, now=step.now + _LOOK_AGAIN), signed_out=False)
                self.world.settle()
                self.watch.note_owed()
        return look(self.world, self.watch, open_session(self.world, step.now))

    def _suffer(self, mischief: Mischief, step: Step, late: list[Act], number: int) -> None:
        """Do rounds with troubles, until one goes well or no trouble is left."""
        google = self.world.google
        for _ in range(mischief.rounds()):
            born: Future[int] = Future()
            trouble = mischief.round(born, lambda: late.pop(0).play(self.world) if late else None, night=step.night)
            self.log.append(f"step {number}: {trouble}")

            def plan(call: Call, trouble: Round = trouble) -> Fault | None:
                self.watch.look()
                return trouble.plan(call)

            google.plan = plan
            code = self._round(step, born, _IMPATIENCE, trouble)
            google.plan = lambda _: self.watch.look()
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
        code, said = self._driver.run(born, home / "said", *words, patience=patience, **how)
        self.watch.hold()
        for word in ("quarantine", "damaged", "Traceback", "should not", "NotAllowed"):
            assert word not in said, said
        if code == -signal.SIGKILL:
            return code
        with open_session(self.world, step.now).state() as state:
            (health,) = {one.health for one in state.side().accounts}
        assert health in _HEALTH[code], (code, said)
        return code


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    with Driver(_BASE) as driver:
        yield driver


_undisturbed: dict[int, Sight] = {}


def undisturbed(driver: Driver, number: int) -> tuple[Story, Sight]:
    """Return a story, and what is seen at its end by an auld that nothing happens to."""
    story = Teller(number).tell()
    if number not in _undisturbed:
        with TemporaryDirectory() as folder, Google(start=story.steps[0].now) as google:
            _undisturbed[number] = Life(google, Path(folder), driver, story).live()
    return story, _undisturbed[number]


def disturb(folder: Path, driver: Driver, seed: int) -> None:
    """Live through a story with faults; hold that it comes out as without them."""
    seed = int(os.environ.get("AULD_TORTURE_SEED", seed))
    print(f"AULD_TORTURE_SEED={seed} plays this schedule again.")
    story, should = undisturbed(driver, seed // _SCHEDULES)
    with Google(start=story.steps[0].now) as google:
        life = Life(google, folder, driver, story)
        try:
            sight = life.live(Mischief(google, random.Random(seed), fresh=story.fresh))
            assert sight.keys() == should.keys()
            for name, seen in sight.items():
                assert seen == should[name], name
        except BaseException:
            print("What went wrong:", *life.log, sep="\n  ")
            raise


@pytest.mark.parametrize("turn", range(SAMPLE))
def test_a_score_of_fault_schedules_end_in_the_same_ledger_as_none(tmp_path: Path, driver: Driver, turn: int) -> None:
    disturb(tmp_path, driver, turn)


@pytest.mark.torture
@pytest.mark.parametrize("turn", range(WHOLE))
def test_three_hundred_fault_schedules_end_in_the_same_ledger_as_none(
    tmp_path: Path, driver: Driver, turn: int
) -> None:
    disturb(tmp_path, driver, _BASE * WHOLE + turn)
