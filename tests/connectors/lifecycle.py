"""The life of a draft, for every kind to inherit: each way of `paths`, undisturbed and with a death at each step.

Auld may die before any step that changes something outside it (`dying`). It comes back a quarter of an hour later, and
when all is quiet it must look as if nothing had happened. `make test` dies where drafts are written and taken back, and
here and there; `make torture` everywhere. A failure names the steps, and where they are drawn by chance the seed:
``AULD_TORTURE_SEED=…`` draws them again.
"""

import os
import random
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

import pytest

from daemon.model import Status
from tests.connectors import paths
from tests.connectors.dying import is_in_drafts
from tests.connectors.paths import Path
from tests.connectors.stage import MINE, Sight, Stage
from tests.connectors.theatre import Theatre

DRAWN: Final = 4
SEVERAL: Final = 30
_A_MOMENT: Final = timedelta(minutes=1)
"""After which the user has seen a draft, at the soonest."""


def assert_goes_its_way(theatre: Theatre, path: Path) -> None:
    """Play a path undisturbed and hold its end."""
    sight, stage = theatre.play(path), theatre.stage
    end = (stage.put_away_is,) if path.end == (paths.AWAY,) else path.end
    assert tuple(sight.statuses) == end
    mine = sum(text == MINE for _, _, _, text in sight.lying)
    assert (mine, len(sight.lying) - mine) == (int(path.mine), path.ours)
    if path.state is not None:
        assert [one["state"] for one in sight.people if "ana@example.org" in one["emails"]] == [path.state]
    note, news = sight.told
    assert note == sum(used for _, used in sight.notes)
    assert news <= 1 + sum(status in {Status.DELETED, Status.WITHDRAWN} for status in end)
    words = stage.run("drafts").out.split()
    assert sorted(word for word in words if word in set(Status)) == sorted(end)


def _assert_same(seen: Sight, end: Sight, when: str) -> None:
    for name, value in vars(end).items():
        assert getattr(seen, name) == value, f"{name}, {when}"


def _told(steps: Sequence[str], at: int) -> str:
    return f"after a death before step {at} of {len(steps)}, {steps[at - 1]}"


def name_of(path: Path) -> str:
    return path.name


_WITHDRAWING: Final = [
    Path(f"open, {name}", paths.OPEN, moves, ()) for name, moves in paths.HAPPENS.items() if name != "the user's word"
]
_AT_A_WORD: Final = Path(
    "open, the user's word alone", paths.OPEN, paths.HAPPENS["the user's word"][:1], ("withdrawn",)
)
"""Without the round after it, which writes another draft."""
_WRITTEN, *_LATER = (*paths.WRITTEN, *_WITHDRAWING)
_UNKNOWN: Final = {"open, forget", "written as an answer"}
"""Where auld may know nothing of a draft in the end: forgotten, or, at Outlook, without its key when it was sent."""


class Lifecycle:
    """The tests. A kind gives `theatre`, a fixture of its class."""

    @pytest.mark.parametrize("path", [*paths.PATHS, paths.LEFT_ALONE_AT_ONCE], ids=name_of)
    def test_a_draft_goes_its_way_and_is_told_of(self, theatre: Theatre, path: Path) -> None:
        assert_goes_its_way(theatre, path)

    @pytest.mark.torture
    @pytest.mark.parametrize("path", [*paths.LEFT_ALONE, paths.LEFT_ALONE_REWRITTEN, *paths.LONG], ids=name_of)
    def test_a_draft_goes_its_longer_way_too(self, theatre: Theatre, path: Path) -> None:
        assert_goes_its_way(theatre, path)

    @pytest.mark.parametrize("path", [*paths.WRITTEN, paths.TAKEN_BACK], ids=name_of)
    def test_a_death_around_what_changes_the_drafts_folder_changes_nothing_about_the_end(
        self, theatre: Theatre, path: Path
    ) -> None:
        steps, end = theatre.end(path)
        doing = {number for number, step in enumerate(steps, 1) if is_in_drafts(step)}
        assert doing
        for at in sorted(doing | {number + 1 for number in doing}):
            _assert_same(theatre.die(path, [at]), end, _told(steps, at))

    @pytest.mark.parametrize("turn", range(DRAWN))
    def test_a_death_here_and_there_changes_nothing_about_the_end(self, theatre: Theatre, turn: int) -> None:
        dice = random.Random(f"{theatre.stage.kind} {turn}")
        path = dice.choice([*paths.PATHS, *paths.LEFT_ALONE])
        steps, end = theatre.end(path)
        at = dice.randint(1, len(steps))
        _assert_same(theatre.die(path, [at]), end, f"{path.name}, {_told(steps, at)}")

    @pytest.mark.torture
    @pytest.mark.parametrize("path", [*paths.PATHS, *paths.LEFT_ALONE, *paths.LONG], ids=name_of)
    def test_a_death_at_any_step_changes_nothing_about_the_end(self, theatre: Theatre, path: Path) -> None:
        steps, end = theatre.end(path)
        for at in range(1, len(steps) + 1):
            _assert_same(theatre.die(path, [at]), end, _told(steps, at))

    @pytest.mark.torture
    @pytest.mark.parametrize("turn", range(SEVERAL))
    def test_several_deaths_in_a_row_change_nothing_about_the_end(self, theatre: Theatre, turn: int) -> None:
        seed = int(os.environ.get("AULD_TORTURE_SEED", random.randrange(10**9)))
        dice = random.Random(seed + turn)
        path = dice.choice([*paths.PATHS, *paths.LEFT_ALONE])
        steps, end = theatre.end(path)
        deaths = [dice.randint(1, len(steps)), *(dice.randint(1, 8) for _ in range(3))]
        _assert_same(theatre.die(path, deaths), end, f"{path.name}, deaths {deaths}: AULD_TORTURE_SEED={seed}")

    @pytest.mark.parametrize(
        "path",
        [_AT_A_WORD, _WRITTEN, *(pytest.param(one, marks=pytest.mark.torture) for one in _LATER)],
        ids=name_of,
    )
    def test_an_edit_between_a_death_and_the_next_try_is_the_last_word(self, theatre: Theatre, path: Path) -> None:
        self._do_meanwhile(theatre, path, lambda stage: stage.edit(), ["edited"], [MINE])

    @pytest.mark.parametrize(
        "path",
        [_AT_A_WORD, *(pytest.param(one, marks=pytest.mark.torture) for one in (_WRITTEN, *_LATER))],
        ids=name_of,
    )
    def test_a_draft_sent_between_a_death_and_the_next_try_is_sent(self, theatre: Theatre, path: Path) -> None:
        self._do_meanwhile(theatre, path, lambda stage: stage.send(keep=True), ["sent"], [])

    @staticmethod
    def _do_meanwhile(
        theatre: Theatre, path: Path, act: Callable[[Stage], object], end: list[str], texts: list[str]
    ) -> None:
        """Let the user do something with the draft, where it still lies there, after a death at each step."""
        steps, _ = theatre.end(path)
        acted: list[int] = []

        def meanwhile() -> None:
            if theatre.stage.look():
                theatre.stage.later(_A_MOMENT)
                act(theatre.stage)
                acted.append(1)

        for at in range(1, len(steps) + 1):
            before = len(acted)
            seen = theatre.die(path, [at], meanwhile)
            if len(acted) > before:
                assert list(seen.statuses) in ([end, []] if path.name in _UNKNOWN else [end]), _told(steps, at)
                assert [text for _, _, _, text in seen.lying] == texts, _told(steps, at)
        assert acted
