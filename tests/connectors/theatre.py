"""Plays the ways of a draft on a stage: undisturbed, or with auld dying before a step and coming back."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path as Folder
from typing import Final

from tests.connectors.dying import Steps
from tests.connectors.paths import Move, Path
from tests.connectors.stage import Sight, Stage

PAUSE: Final = timedelta(minutes=15)
_FINE: Final = {0, 1}  # 1: something needs the user, as a draft does that they touched
_AGAIN: Final = {0, 1, 2}  # typed again, there may be nothing left of it to do
_MOST_ROUNDS: Final = 6  # that it may take until all is quiet


class Theatre:
    """A stage that is put back to where a path begins, as often as is wanted. What led there is played only once."""

    def __init__(self, stage: Stage, folder: Folder) -> None:
        self.stage = stage
        self._folder = folder
        self._kept: dict[tuple[Move, ...], Callable[[], None]] = {(): stage.keep(folder / "kept 0")}
        self._ends: dict[str, tuple[Sequence[str], Sight]] = {}

    def begin(self, before: tuple[Move, ...]) -> None:
        """Let all be as it is after these moves."""
        if before in self._kept:
            self._kept[before]()
            return
        self.begin(before[:-1])
        self._move(before[-1])
        self._kept[before] = self.stage.keep(self._folder / f"kept {len(self._kept)}")

    def _move(self, move: Move) -> None:
        """Make a move that comes to its end, and hold what it has to see."""
        stage = self.stage
        stage.later(move.wait)
        if move.act is not None:
            move.act(stage)
            return
        stage.run(*move.words, code=_FINE)
        stage.watch()
        assert move.sees is None or tuple(stage.sight().statuses) == move.sees
        assert move.due is None or bool(stage.run("due", "--json").json) is move.due

    def play(self, path: Path) -> Sight:
        """Play a path undisturbed; return what is seen at its end."""
        self.begin(path.before)
        taken: list[str] = []
        for move in path.moves:
            steps = Steps()
            with steps.counted(self.stage.doings):
                self._move(move)
            taken += steps.taken if move.act is None else ()
        sight = self.stage.sight()
        self._ends[path.name] = taken, sight
        return sight

    def end(self, path: Path) -> tuple[Sequence[str], Sight]:
        """Return the steps that auld takes on a path undisturbed, and what is seen at its end."""
        if path.name not in self._ends:
            self.play(path)
        return self._ends[path.name]

    def die(self, path: Path, deaths: Sequence[int], meanwhile: Callable[[], object] = lambda: None) -> Sight:
        """Play a path with deaths; return what is seen once all is quiet.

        Each is the number of the step before which it comes, counted from the beginning or from the death before it.
        `meanwhile` is what happens between a death and the next try.
        """
        self.begin(path.before)
        left = list(deaths)
        for move in path.moves:
            if move.act is None:
                self.stage.later(move.wait)
                self._run(move, left, meanwhile)
                continue
            if len(left) < len(deaths):
                self._rest()  # what the user does next, they do to what auld did in the end
            self._move(move)
        assert len(left) < len(deaths), "it never died"
        return self._rest()

    def _run(self, move: Move, deaths: list[int], meanwhile: Callable[[], object]) -> None:
        """Run a command until it comes to its end."""
        fine = _FINE
        while True:
            steps = Steps(deaths[0] if deaths else 0)
            with steps.counted(self.stage.doings):
                self.stage.run(*move.words, code=fine)
            self.stage.watch()
            if not steps.died:
                deaths[:1] = [deaths[0] - len(steps.taken)] if deaths else []
                return
            del deaths[0]
            meanwhile()
            self.stage.later(PAUSE)
            fine = _AGAIN

    def _rest(self) -> Sight:
        """Do rounds until nothing changes any more; return what is seen then."""
        seen = self.stage.sight()
        for _ in range(_MOST_ROUNDS):
            before = seen
            self.stage.later(PAUSE)
            self.stage.run("once", code=_FINE)
            self.stage.watch()
            seen = self.stage.sight()
            if seen == before:
                return seen
        raise AssertionError("it never comes to rest")
