"""A provider that is not reached at all: what a command asks of it, how it ends, what a terminal shows meanwhile."""

import io
import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from connectors.outlook import tokens
from daemon.cli.reading import progress_shown
from daemon.secrets import FileSecrets
from daemon.sync import Part
from tests.connectors.gmail.town import Town, town
from tests.connectors.outlook.place import Place, opened
from tests.google.calls import Call
from tests.graph.faults import Fault, always, hang, portal, reset, status

UNAVAILABLE = 69
CUT_OFF = [hang(), reset(), reset("before", "close"), portal()]
GOOGLE, GRAPH = "messages.list", "messages.delta"


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give an answer half a second instead of a minute."""
    for kind in ("gmail", "outlook"):
        monkeypatch.setattr(f"connectors.{kind}.wire.TIMEOUT", (10.0, 0.5))


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Town]:
    with town(tmp_path) as place:
        yield place


@pytest.fixture
def work(tmp_path: Path) -> Iterator[Place]:
    with opened(tmp_path) as place:
        place.friend()
        yield place


def asked(log: Iterable[Call]) -> int:
    """Return how many calls were about calendars."""
    return sum("calendar" in one.method.lower() for one in log)


@pytest.mark.parametrize("fault", CUT_OFF, ids=lambda fault: fault.name)
def test_where_microsoft_is_not_reached_for_mail_its_calendars_are_not_waited_for(work: Place, fault: Fault) -> None:
    work.graph.plan = always(fault, GRAPH)
    ran = work.run("sync", code=UNAVAILABLE)
    assert asked(work.graph.log) == 0
    assert ran.err.count("then try again" if fault.name == portal().name else "look at the network") == 1
    work.graph.release()
    work.graph.plan = None
    assert "new mails" in work.run("sync").err
    assert asked(work.graph.log) > 0


@pytest.mark.parametrize("fault", CUT_OFF, ids=lambda fault: fault.name)
def test_where_google_is_not_reached_for_mail_its_calendars_are_not_waited_for(home: Town, fault: Fault) -> None:
    home.google.plan = always(fault, GOOGLE)
    ran = home.run("sync", code=UNAVAILABLE)
    assert asked(home.google.log) == 0
    assert ran.err.count("then try again" if fault.name == portal().name else "look at the network") == 1
    home.google.release()
    home.google.plan = None
    home.run("sync")
    assert asked(home.google.log) > 0


@pytest.mark.parametrize("code", [500, 403], ids=["mail is down", "no permission for mail"])
def test_where_mail_alone_cannot_be_read_the_calendars_are(work: Place, code: int) -> None:
    work.graph.plan = always(status(code), GRAPH)
    work.run("sync", code=(UNAVAILABLE, 77, 1))
    assert asked(work.graph.log) > 0


def test_where_the_sign_in_is_not_reached_it_is_asked_once(work: Place) -> None:
    work.graph.login.expire_access()
    work.graph.plan = always(reset(), "oauth.token")
    assert "sign-in cannot be reached" in work.run("sync", code=UNAVAILABLE).err
    assert [one.method for one in work.graph.log].count("oauth.token") == 1


def test_where_nothing_is_reached_nobody_is_asked_whose_account_it_is(work: Place) -> None:
    secrets = FileSecrets(work.state / "secrets" / "work")
    kept = json.loads(secrets.get(tokens.NAME) or "")
    secrets.put(tokens.NAME, json.dumps(kept | {"addresses": []}))
    work.graph.plan = always(reset(), GRAPH)
    work.run("sync", code=UNAVAILABLE)
    assert "me.get" not in {one.method for one in work.graph.log}
    work.graph.plan = always(status(500), GRAPH)
    work.run("sync", code=UNAVAILABLE)
    assert "me.get" in {one.method for one in work.graph.log}


@pytest.mark.parametrize("calendar", [True, False])
def test_a_part_is_shown_from_when_it_is_asked_for(
    work: Place, monkeypatch: pytest.MonkeyPatch, calendar: bool
) -> None:
    told: list[tuple[object, ...]] = []
    monkeypatch.setattr("daemon.cli.reading.progress_shown", lambda: nullcontext(lambda *how: told.append(how)))
    if not calendar:
        work.configure(work="calendar = false")
    work.graph.plan = always(status(500))
    work.run("sync", code=UNAVAILABLE)
    assert told == [("work", "mail", 0, 0), *([("work", "calendar", 0, 0)] if calendar else [])]


class Screen(io.StringIO):
    """What a terminal was sent."""

    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, *steps: tuple[Part, int, int] | float) -> str:
    """Return all that a terminal shows of a read that is told these `steps`; a number is seconds that pass."""
    screen, now = Screen(), 1000.0
    with monkeypatch.context() as terminal:
        terminal.setattr(sys, "stderr", screen)
        terminal.setenv("TERM", "xterm")
        terminal.setenv("COLUMNS", "100")
        terminal.setattr("daemon.cli.reading.monotonic", lambda: now)
        with progress_shown() as progress:
            for step in steps:
                if isinstance(step, tuple):
                    progress("work", *step)
                else:
                    now += step
    return screen.getvalue()


def test_a_terminal_shows_for_how_long_an_account_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown(monkeypatch, ("mail", 0, 0), 42)
    assert "work mail" in screen
    assert "waiting for 42 s" in screen


def test_a_wait_begins_anew_with_each_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "waiting for 7 s" in shown(monkeypatch, ("mail", 0, 0), 42, ("mail", 10, 100), 7)


def test_nothing_is_waited_for_once_a_part_is_read_or_another_one_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = shown(monkeypatch, ("mail", 0, 0), 3, ("calendar", 0, 0), 3, ("calendar", 10, 10), 42)
    assert "work calendar" in screen
    assert "waiting for" not in screen
