"""Real commands, really killed, and typed again: the state comes out as if nothing had happened.

A failure names its seed; ``AULD_TORTURE_SEED=…`` plays that very life again. Kills at a system call fall on the same
call again; those after a delay (every fourth) fall where the machine happens to be.
"""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Self

import pytest

from tests.torture.life import Life, Step, begin
from tests.torture.story import STORY

ROOT = Path(__file__).parents[2]
KILLS = 20
LIVES = 10
_LEAST_CALLS = 5  # a round that has nothing to do writes so much at least
_ARCHIVE = 1  # the dice of the archive: one undisturbed life serves many disturbed ones


@dataclass(frozen=True, slots=True)
class Course:
    """How a command went undisturbed: its writing calls, its seconds, and what could be seen after it."""

    calls: int
    seconds: float
    sight: dict[str, Any]


class Driver:
    """A process that bears auld's, ready to kill them."""

    def __init__(self, seed: int) -> None:
        # With other dice for the hashing of text: no outcome may hang on the order of a set.
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": str(seed % 2**32)}
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("killer.py"))],
            cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=60)

    def run(self, life: Life, step: Step, **how: object) -> tuple[int, str, float]:
        """Type a command; return its exit code, what it said on stderr and how many seconds it took."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        said = life.home / "said"
        words = ["--config", str(life.home / "config.toml"), "--now", step.now.isoformat(), *step.words]
        self._process.stdin.write(json.dumps({"words": words, "said": str(said), **how}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        return answer["code"], said.read_text(encoding="utf-8"), answer["seconds"]


@dataclass(slots=True)
class Torturer:
    """Runs the commands of a life and kills them, `kills` times in all; `log` tells of each."""

    life: Life
    driver: Driver
    dice: random.Random
    kills: int
    log: list[str] = field(default_factory=list)

    def torture(self, courses: Sequence[Course | None]) -> None:
        """Live through the story; hold after each command that it looks as in the undisturbed life."""
        commands = [number for number, step in enumerate(STORY) if step.words]
        weights = [course.calls**0.5 for course in courses if course is not None]
        plan = self.dice.choices(commands, weights, k=self.kills)
        for number, (step, course) in enumerate(zip(STORY, courses, strict=True)):
            if step.act is not None:
                step.act(self.life, step.now)
            if course is None:
                continue
            aim = sum(planned <= number for planned in plan)  # kills that found nothing left to kill are made up for
            while not self._end(step, course, kill=len(self.log) < aim):
                continue
            while number == commands[-1] and len(self.log) < self.kills:
                while not self._end(step, replace(course, calls=_LEAST_CALLS), kill=len(self.log) < self.kills):
                    continue
            self.life.assert_tidy()
            _assert_same(look(self.life, step), course.sight)

    def _end(self, step: Step, course: Course, *, kill: bool) -> bool:
        """Run a command, and kill it if there is a kill left; say whether it came to its end."""
        at = self.dice.randint(1, course.calls)
        delay = self.dice.uniform(0, 1.1) * course.seconds
        late = self.dice.random() < 0.25
        how = {"delay": delay} if late else {"at": at}
        code, said, _ = self.driver.run(self.life, step, **(how if kill else {}))
        if code == -signal.SIGKILL:
            self.log.append(f"{' '.join(step.words)} killed {f'after {delay:.3f} s' if late else f'at call {at}'}")
        self.life.watch()
        if code == -signal.SIGKILL:
            return step.once and self.life.sight(step.now) == course.sight
        assert code in step.fine or (step.done and step.done in said), (code, said)
        for word in ("quarantine", "loaded", "damaged", "Traceback", "should not"):
            assert word not in said
        return True


def live(life: Life, driver: Driver) -> list[Course | None]:
    """Live through the story undisturbed; return how each command went."""
    courses: list[Course | None] = []
    for step in STORY:
        if step.act is not None:
            step.act(life, step.now)
            courses.append(None)
            continue
        tally = life.home / "tally"
        code, said, seconds = driver.run(life, step, tally=str(tally))
        assert code in step.fine, (step.words, code, said)
        life.watch()
        life.assert_tidy()
        courses.append(Course(int(tally.read_text()), seconds, look(life, step)))
    return courses


def look(life: Life, step: Step) -> dict[str, Any]:
    """Return what is seen after a command; at the end of the story also what the commands themselves answer."""
    seen = life.sight(step.now)
    return {**seen, "answers": life.answers(step.now)} if step is STORY[-1] else seen


def _assert_same(sight: dict[str, Any], undisturbed: dict[str, Any]) -> None:
    assert sight.keys() == undisturbed.keys()
    for name, seen in sight.items():
        assert seen == undisturbed[name], name


def disturb(folder: Path, mails: int, seed: int, courses: Sequence[Course | None], old_after: int) -> int:
    """Live through the story with kills; return how many there were."""
    life = begin(folder, mails, _ARCHIVE, old_after=old_after)
    with Driver(seed) as driver:
        torturer = Torturer(life, driver, random.Random(seed), KILLS)
        try:
            torturer.torture(courses)
        except BaseException:
            print(f"AULD_TORTURE_SEED={seed} plays this life again. Its kills:", *torturer.log, sep="\n  ")
            raise
    return len(torturer.log)


def _seed(otherwise: int) -> int:
    return int(os.environ.get("AULD_TORTURE_SEED", otherwise))


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> list[Course | None]:
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    with Driver(0) as driver:
        return live(begin(home, 400, _ARCHIVE), driver)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> list[Course | None]:
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    with Driver(0) as driver:
        return live(begin(home, 4000, _ARCHIVE, old_after=3000), driver)


def test_a_life_with_a_score_of_kills_comes_out_like_one_without(tmp_path: Path, small: list[Course | None]) -> None:
    assert disturb(tmp_path / "home", 400, _seed(1), small, 400) == KILLS


@pytest.mark.torture
@pytest.mark.parametrize("turn", range(LIVES))
def test_ten_lives_with_a_score_of_kills_each_come_out_like_one_without(
    tmp_path: Path, large: list[Course | None], turn: int
) -> None:
    seed = _seed(random.randrange(10**9))
    assert disturb(tmp_path / "home", 4000, seed, large, 3000) == KILLS
