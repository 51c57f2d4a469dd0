"""What the user is told without asking: once, and not every round."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from daemon import desktop
from daemon.accounts import Accounts
from daemon.model import DraftRecord, Status
from daemon.notices import Notice, tell
from daemon.settings import AccountSettings, Service, Settings
from daemon.state import State
from daemon.store import AccountHealth, Health, SideStatus, read_side
from daemon.turn import Turn

START = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


class World:
    """A state in which drafts and healths are laid, rounds are over, and a screen."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = START
        self.screen = True
        self.shown: list[tuple[str, str]] = []
        self.settings = Settings(
            accounts=tuple(AccountSettings(name=name, kind="files", options={}) for name in ("home", "my work"))
        )
        self.state = State.open(folder, write=True, clock=lambda: self.now)

    def draft(self, person: str, account: str = "home", status: Status = Status.OPEN) -> None:
        record = DraftRecord(
            key=f"{person}@mail.example.com", person=person, emails=(f"{person}@example.org",),
            email=f"{person}@example.org", account=account, occasion="catch-up", language="en", subject="The sea",
            status=status, created_at=self.now, changed_at=self.now,
        )  # fmt: skip
        with self.state.commit() as change:
            self.state.put_draft(change, record)

    def health(self, **of: Health) -> None:
        known = {"home": "home", "work": "my work"}
        accounts = tuple(AccountHealth(known[name], health, "robin@example.com is gone") for name, health in of.items())
        self.state.store.write_side(replace(self.state.side(), accounts=accounts))

    def round(self, after: timedelta = HOUR) -> Sequence[Notice]:
        """Let time pass; tell what there is to tell."""
        self.now += after
        self.shown.clear()
        return tell(Turn(self.state, self.settings, Accounts([]), self.now, ZoneInfo("UTC")), self._show)

    def _show(self, title: str, text: str) -> bool:
        if self.screen:
            self.shown.append((title, text))
        return self.screen


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path / "state")


def test_drafts_are_told_once_with_numbers_and_accounts_and_without_people(world: World) -> None:
    assert world.round() == []
    world.draft("ana")
    world.draft("bela", "my work")
    world.round()
    assert world.shown == [
        ("2 drafts wait for you", "In Drafts: 1 in home, 1 in my work. Change what you like, and send what you like.")
    ]
    for _ in range(3):
        assert world.round() == []
    world.draft("carl")
    world.round()
    assert [title for title, _ in world.shown] == ["A draft waits for you"]


def test_a_draft_that_waits_no_more_is_not_told(world: World) -> None:
    for status in (Status.PLANNED, Status.SENT, Status.EDITED, Status.WITHDRAWN, Status.DELETED):
        world.draft(str(status), status=status)
    assert world.round() == []


def test_what_nobody_could_see_is_told_when_somebody_can(world: World) -> None:
    world.screen = False
    world.draft("ana")
    world.health(home="needs-login")
    assert world.round() == []
    world.screen = True
    world.round()
    assert [title for title, _ in world.shown] == ["A draft waits for you", "An account needs you"]


@pytest.mark.parametrize("health", ["needs-login", "refused"])
def test_an_account_that_needs_the_user_is_told_once_then_daily(world: World, health: Health) -> None:
    world.health(home=health)
    told = [bool(world.round(timedelta(minutes=15))) for _ in range(4 * 24 * 3)]
    assert [number for number, one in enumerate(told) if one] == [0, 96, 192]


def test_how_to_sign_in_is_said_as_a_shell_takes_it_and_the_providers_words_are_not(world: World) -> None:
    world.health(home="refused", work="needs-login")
    world.round()
    assert world.shown == [
        (
            "2 accounts need you",
            "home: cannot be read; auld status says why\nmy work: sign in again with auld login 'my work'",
        )
    ]


def test_a_network_that_is_away_is_not_told(world: World) -> None:
    world.health(home="unavailable")
    assert world.round() == []


def test_well_again_is_a_new_beginning_and_an_outage_between_is_none(world: World) -> None:
    world.health(home="needs-login")
    assert world.round()
    world.health(home="unavailable")
    world.round()
    world.health(home="needs-login")
    assert not world.round(), "it was never well"
    world.health(home="ok")
    world.round()
    world.health(home="needs-login")
    assert world.round()


def test_a_second_account_does_not_wait_for_the_first_ones_day(world: World) -> None:
    world.health(home="needs-login")
    assert world.round()
    world.health(home="needs-login", work="needs-login")
    world.round()
    assert len(world.shown) == 1
    assert "home" not in world.shown[0][1]


def test_an_account_that_is_off_or_gone_is_neither_told_nor_remembered(world: World) -> None:
    world.health(home="needs-login")
    world.round()
    first, second = world.settings.accounts
    world.settings = replace(world.settings, accounts=(replace(first, enabled=False), second))
    assert not world.round(timedelta(days=2))
    assert world.state.side().told == ()


def test_a_clock_that_was_set_back_makes_it_neither_silent_nor_noisy(world: World) -> None:
    world.health(home="needs-login")
    world.draft("ana")
    assert len(world.round()) == 2
    world.round(timedelta(days=-30))
    assert [title for title, _ in world.shown] == ["An account needs you"], "else it would be silent for a month"
    assert not world.round()
    world.draft("bela")
    assert len(world.round()) == 1


def test_notify_false_is_silence_and_takes_no_note(world: World) -> None:
    world.settings = replace(world.settings, service=Service(notify=False))
    world.draft("ana")
    world.health(home="needs-login")
    assert world.round() == ()
    assert world.state.side().told == ()


def test_what_was_told_outlives_the_process_and_a_side_file_of_an_older_version_is_read(world: World) -> None:
    world.draft("ana")
    world.round()
    kept = read_side(world.folder)
    assert kept is not None
    assert kept.told == (("draft ana@mail.example.com", world.now),)
    text = (world.folder / "status.json").read_text("utf-8")
    start = text.index(',"told"')
    (world.folder / "status.json").write_text(text[:start] + "}", "utf-8")
    older = read_side(world.folder)
    assert older is not None
    assert older.told == SideStatus().told


def test_headless_there_is_nobody_to_show_to() -> None:
    assert desktop.show("A draft waits", "In Drafts: 1 in home.", {}) is False
