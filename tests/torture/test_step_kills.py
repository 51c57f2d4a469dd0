"""Every command that writes, killed before each single thing it writes, and typed again: nothing is lost or doubled.

The kill is an exception that nothing may catch, after which nothing more reaches the disk. What a state hides now shows
later: the life goes on for some weeks, and must go on as if nothing had happened.
"""

import os
import random
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.torture.killer import dying
from tests.torture.life import Life, Step, auld, begin

_SAMPLE = 7


@dataclass(frozen=True, slots=True)
class Scene:
    """A command under the knife, and what happened before it. `gone` must be in no file of the state after it."""

    name: str
    step: Step
    before: Sequence[Step] = ()
    gone: bytes = b""


def _hours(count: float) -> timedelta:
    return timedelta(hours=count)


def _typed(hours: float, *words: str, **how: Any) -> Step:
    return Step(_hours(hours), words, **how)


def _friend_writes(life: Life, now: datetime) -> None:
    life.archive.put(life.friend(life.lying()[0].to), now, mine=False, topic="By the way")


def _robin_writes_otherwise(life: Life, now: datetime) -> None:
    life.archive.put(life.friend(life.lying()[0].to), now, mine=True, topic="Without the draft")


def _robin_edits_sends_deletes(life: Life, now: datetime) -> None:
    first, second, third, *_ = life.lying()
    life.edit(first)
    life.send(second, now)
    third.path.unlink()


def _robin_rewrites(life: Life, now: datetime) -> None:
    del now
    life.rewrite(life.lying()[0])


SYNC, DRAFT = _typed(0, "sync"), _typed(1, "draft")
SCENES = (
    Scene("first sync", SYNC),
    Scene("second sync", _typed(9, "sync"), (SYNC, DRAFT, Step(_hours(8), act=_robin_edits_sends_deletes))),
    Scene("full sync", _typed(9, "sync", "--full"), (SYNC,)),
    Scene("first round", _typed(0, "once")),
    Scene("round", _typed(24, "once"), (SYNC,)),
    Scene("draft", DRAFT, (SYNC,)),
    Scene("draft with a note", DRAFT, (SYNC, _typed(0.5, "note", "Carl", "Her book came out in May."))),
    Scene("draft by name", _typed(1, "draft", "Dora", fine=(0, 1), done="waits in"), (SYNC,)),
    Scene("contact withdraws", _typed(9, "once"), (SYNC, DRAFT, Step(_hours(8), act=_friend_writes))),
    Scene("own mail withdraws", _typed(9, "once"), (SYNC, DRAFT, Step(_hours(8), act=_robin_writes_otherwise))),
    Scene("mute withdraws", _typed(9, "once"), (SYNC, DRAFT, _typed(8, "mute", "Carl"))),
    Scene("age withdraws", _typed(24 * 64, "once"), (SYNC, DRAFT)),
    Scene("withdraw by hand", _typed(9, "drafts", "--withdraw", "--all"), (SYNC, DRAFT)),
    Scene("what became of them", _typed(9, "once"), (SYNC, DRAFT, Step(_hours(8), act=_robin_edits_sends_deletes))),
    Scene(
        "second look",
        _typed(9, "once"),
        (SYNC, DRAFT, Step(_hours(8), act=_robin_edits_sends_deletes), _typed(8.5, "once")),
    ),
    Scene("rewritten", _typed(9, "once"), (SYNC, DRAFT, Step(_hours(8), act=_robin_rewrites))),
    Scene("forget", _typed(9, "forget", "Carl", "--yes"), (SYNC, DRAFT), gone=b"carl"),
    Scene("forget one in no list", _typed(9, "forget", "Jose", "--yes", done="nobody is known"), (SYNC,), gone=b"jose"),
    Scene("met", _typed(9, "met", "Carl", "yesterday", "coffee", once=True), (SYNC, DRAFT)),
    Scene("met undone", _typed(9.5, "met", "Carl", "--undo", once=True), (SYNC, _typed(9, "met", "Carl"))),
    Scene("note", _typed(9, "note", "Carl", "Her book came out in May.", once=True), (SYNC,)),
    Scene("note removed", _typed(9.5, "note", "--remove", "1", done="no note 1"), (SYNC, _typed(9, "note", "Carl", "A"))),
    Scene("mute", _typed(9, "mute", "Carl"), (SYNC, DRAFT)),
    Scene("snooze", _typed(9, "snooze", "Carl", "2 weeks"), (SYNC,)),
    Scene("pause", _typed(9, "pause", "2 weeks"), (SYNC,)),
    Scene("merge", _typed(9, "people", "--merge", "Jose", "Kira", done="one person already"), (SYNC,)),
)


def _after(step: Step) -> Sequence[Step]:
    """Return the rounds that bring to light what a state hides."""
    return [Step(step.after + later, ("once",)) for later in (timedelta(minutes=15), timedelta(days=13))]


class Theatre:
    """One scene played again and again, from the same moment on, in the same place."""

    def __init__(self, folder: Path, scene: Scene) -> None:
        self.scene = scene
        self._home, self._kept = folder / "home", folder / "kept"
        self.life = begin(self._home, 150, 1, people=12)
        for step in scene.before:
            if step.act is not None:
                step.act(self.life, step.now)
            else:
                self._run(step)
        shutil.copytree(self._home, self._kept)
        self._made = {key: set(keys) for key, keys in self.life.made.items()}

    def _run(self, step: Step) -> None:
        code, _, said = auld(self._home, step.now, *step.words)
        assert code in step.fine or (step.done and step.done in said), (step.words, code, said)
        self.life.watch()
        self.life.assert_tidy()

    def _assert_gone(self, text: bytes) -> None:
        holding = [path.name for path in (self._home / "state").rglob("*") if path.is_file()
                   if text in path.read_bytes().lower() and path.name != "lock"]
        assert holding == [], f"{text!r} is kept in {holding}"

    def play(self, at: int | None, undisturbed: Sequence[dict[str, Any]] = ()) -> tuple[list[dict[str, Any]], int]:
        """Play the scene, with a kill at call `at`; return what can be seen after it and later, and how many calls."""
        step = self.scene.step
        shutil.rmtree(self._home)
        shutil.copytree(self._kept, self._home)
        self.life.made = {key: set(keys) for key, keys in self._made.items()}
        with dying(at) as tap:
            code, _, said = auld(self._home, step.now, *step.words)
            assert at is not None or code in step.fine, (code, said)
        self.life.watch()
        # Whoever was cut off types it again; where that would do the work again they look first.
        if at is not None and not (step.once and self.life.sight(step.now) == undisturbed[0]):
            self._run(step)
        if self.scene.gone:
            self._assert_gone(self.scene.gone)
        seen = [self.life.sight(step.now)]
        for later in _after(step):
            self._run(later)
            seen.append(self.life.sight(later.now))
        return seen, len(tap.calls)


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_command_killed_anywhere_and_typed_again_leaves_the_same(
    tmp_path: Path, scene: Scene, points: Callable[[int], Sequence[int]]
) -> None:
    theatre = Theatre(tmp_path, scene)
    undisturbed, calls = theatre.play(None)
    assert calls > 0
    for at in points(calls):
        seen, _ = theatre.play(at, undisturbed)
        for rounds, (sight, should) in enumerate(zip(seen, undisturbed, strict=True)):
            assert sight.keys() == should.keys()
            for name, told in should.items():
                assert sight[name] == told, f"{name}, {rounds} rounds after a kill at call {at} of {calls}"
