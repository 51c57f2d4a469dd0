"""Every command that writes, killed before each single thing it writes, and typed again: nothing is lost or doubled.

The kill is an exception that nothing may catch, after which nothing more reaches the disk. What a state hides now shows
later: the life goes on for some weeks, and must go on as if nothing had happened.
"""

import random
import shutil
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.torture.killer import dying
from tests.torture.life import Life, Step, ask, auld, begin


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
    Scene("draft with a note", DRAFT, (SYNC, _typed(0.5, "note", "Fred", "His book came out in May."))),
    Scene("draft by name", _typed(1, "draft", "Dora", fine=(0, 1), done="waits in"), (SYNC,)),
    Scene("contact withdraws", _typed(9, "once"), (SYNC, DRAFT, Step(_hours(8), act=_friend_writes))),
    Scene("own mail withdraws", _typed(9, "once"), (SYNC, DRAFT, Step(_hours(8), act=_robin_writes_otherwise))),
    Scene("mute withdraws", _typed(9, "once"), (SYNC, DRAFT, _typed(8, "mute", "Fred"))),
    Scene("age withdraws", _typed(24 * 64, "once"), (SYNC, DRAFT)),
    Scene("withdraw by hand", _typed(9, "drafts", "--withdraw", "--all"), (SYNC, DRAFT)),
    Scene("what became of them", _typed(9, "once"), (SYNC, DRAFT, Step(_hours(8), act=_robin_edits_sends_deletes))),
    Scene(
        "second look",
        _typed(9, "once"),
        (SYNC, DRAFT, Step(_hours(8), act=_robin_edits_sends_deletes), _typed(8.5, "once")),
    ),
    Scene("rewritten", _typed(9, "once"), (SYNC, DRAFT, Step(_hours(8), act=_robin_rewrites))),
    Scene("forget", _typed(9, "forget", "Fred", "--yes"), (SYNC, DRAFT), gone=b"fred"),
    Scene("forget one in no list", _typed(9, "forget", "Jose", "--yes", done="nobody is known"), (SYNC,), gone=b"jose"),
    Scene("met", _typed(9, "met", "Fred", "yesterday", "coffee", once=True), (SYNC, DRAFT)),
    Scene("met undone", _typed(9.5, "met", "Fred", "--undo", once=True), (SYNC, _typed(9, "met", "Fred"))),
    Scene("note", _typed(9, "note", "Fred", "His book came out in May.", once=True), (SYNC,)),
    Scene(
        "note removed", _typed(9.5, "note", "--remove", "1", done="no note 1"), (SYNC, _typed(9, "note", "Fred", "A"))
    ),
    Scene("mute", _typed(9, "mute", "Fred"), (SYNC, DRAFT)),
    Scene("snooze", _typed(9, "snooze", "Fred", "2 weeks"), (SYNC,)),
    Scene("pause", _typed(9, "pause", "2 weeks"), (SYNC,)),
    Scene("merge", _typed(9, "people", "--merge", "Jose", "Kira", done="one person already"), (SYNC,)),
)


def _after(step: Step) -> Sequence[Step]:
    """Return the rounds that bring to light what a state hides."""
    return [Step(step.after + later, ("once",)) for later in (timedelta(minutes=15), timedelta(days=13))]


class Stage:
    """A home that is put back to where a scene begins, as often as is wanted. What led there is played only once."""

    def __init__(self, folder: Path) -> None:
        self.home, self._folder = folder / "home", folder
        life = begin(self.home, 150, 1, people=12, waiting=3)
        self._kept: dict[Sequence[Step], Life] = {}
        self._keep((), life)

    def _keep(self, before: Sequence[Step], life: Life) -> None:
        shutil.copytree(self.home, self._folder / f"kept {len(self._kept)}")
        self._kept[before] = deepcopy(life)

    def set(self, before: Sequence[Step]) -> Life:
        """Return the life as it is after these steps; one made earlier is over."""
        if before not in self._kept:
            life, step = self.set(before[:-1]), before[-1]
            if step.act is not None:
                step.act(life, step.now)
            else:
                go(life, step)
            self._keep(before, life)
        shutil.rmtree(self.home)
        shutil.copytree(self._folder / f"kept {list(self._kept).index(before)}", self.home)
        return deepcopy(self._kept[before])


def go(life: Life, step: Step) -> None:
    """Type a command that must come to its end."""
    code, _, said = auld(life.home, step.now, *step.words)
    assert code in step.fine or (step.done and step.done in said), (step.words, code, said)
    life.watch()
    life.assert_tidy()


def kill(life: Life, step: Step, at: int | None) -> int:
    """Type a command that is killed at call `at`; return how many calls there were."""
    with dying(at) as tap:
        code, _, said = auld(life.home, step.now, *step.words)
        assert at is not None or code in step.fine, (code, said)
    life.watch()
    return len(tap.calls)


def play(stage: Stage, scene: Scene, at: int | None, sights: Sequence[dict[str, Any]] = ()) -> Sequence[Any]:
    """Play the scene with a kill at call `at`; return how many calls there were, and what is seen after it and later.

    `sights` are those of the undisturbed scene.
    """
    life, step = stage.set(scene.before), scene.step
    calls = kill(life, step, at)
    # Whoever was cut off types it again; where that would do the work again they look first.
    if at is not None and not (step.once and life.sight(step.now) == sights[0]):
        go(life, step)
    life.assert_tidy()
    if scene.gone:
        files = [path for path in life.state.rglob("*") if path.is_file() and path.name != "lock"]
        assert [path.name for path in files if scene.gone in path.read_bytes().lower()] == []
    seen = [life.sight(step.now)]
    for later in _after(step):
        go(life, later)
        seen.append(life.sight(later.now))
    return calls, seen


def play_all(stage: Stage, scene: Scene, choose: Callable[[int], Sequence[int]]) -> None:
    """Play the scene undisturbed, and then with a kill at each of the calls that `choose` takes of so many."""
    calls, sights = play(stage, scene, None)
    assert calls > 0
    for at in choose(calls):
        where = f"after a kill at call {at} of {calls}"
        try:
            _, seen = play(stage, scene, at, sights)
        except BaseException:
            print(where)
            raise
        for rounds, (sight, should) in enumerate(zip(seen, sights, strict=True)):
            assert sight.keys() == should.keys()
            for name, told in should.items():
                assert sight[name] == told, f"{name}, {where} and {rounds} rounds"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    return Stage(tmp_path_factory.mktemp("stage"))


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_command_killed_here_and_there_and_typed_again_leaves_the_same(stage: Stage, scene: Scene) -> None:
    dice = random.Random(scene.name)
    play_all(stage, scene, lambda calls: dice.sample(range(1, calls + 1), 1 + calls // 100))


@pytest.mark.torture
@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_command_killed_anywhere_and_typed_again_leaves_the_same(stage: Stage, scene: Scene) -> None:
    play_all(stage, scene, lambda calls: range(1, calls + 1))


# -- what the user does before auld comes back ---------------------------------------------------------------------

_NAMED = _typed(1, "draft", "Fred")
_NOTE = _typed(0.5, "note", "Fred", "His book came out in May.")


def _calls(stage: Stage, before: Sequence[Step], step: Step) -> int:
    return kill(stage.set(before), step, None)


def test_a_draft_sent_before_auld_knew_that_it_was_made_is_sent(stage: Stage) -> None:
    """rules.md, "Drafts": a draft is found again by a key, so that a crash never makes two."""
    last = _calls(stage, (SYNC,), _NAMED)
    for at in range(last - 14, last + 1, 3):
        life = stage.set((SYNC,))
        kill(life, _NAMED, at)
        was_made = bool(life.lying())
        for one in life.lying():
            life.send(one, _NAMED.now + _hours(1))
        go(life, _typed(4, "once"))
        ours = [one for one in ask(life.home, _NAMED.now, "drafts", "--json") if one["person"] == "Fred Fitzgerald"]
        assert [one["status"] for one in ours] == ["sent"] * was_made
        assert life.lying() == []


def test_a_note_for_a_draft_that_was_never_made_waits_for_the_next(stage: Stage) -> None:
    before = (SYNC, _NOTE)
    life = stage.set(before)
    for at in range(1, _calls(stage, before, _NAMED) + 1):
        life = stage.set(before)
        kill(life, _NAMED, at)
        if not life.lying() and ask(life.home, _NAMED.now, "drafts", "--json"):
            break
    else:
        pytest.fail("it was never planned and not made")
    assert [one["used"] for one in ask(life.home, _NAMED.now, "note", "--list", "--json")] == [True]
    life.archive.put(
        life.friend("fred.fitzgerald@example.net"), _NAMED.now + _hours(1), mine=True, topic="Without the draft"
    )
    go(life, _typed(4, "once"))
    assert ask(life.home, _NAMED.now, "drafts", "--json") == []
    assert [one["used"] for one in ask(life.home, _NAMED.now, "note", "--list", "--json")] == [False]
