"""auld killed while it writes or takes back a draft, before or after Graph did what was asked: never two, none lost."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.archive import ANA, ROBIN, listed
from tests.connectors.outlook.place import Place, opened
from tests.google.answers import Reply
from tests.graph import Call, Fault

BELA = "Bela Kovacs <bela@example.org>"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """A home where Bela is due, and a draft to her answers the last thread."""
    with opened(tmp_path) as made:
        made.configure(listed("Bela Kovacs"))
        number = made.mail(BELA, ROBIN, 100, "The hut")
        made.mail(ROBIN, BELA, 90, "Re: The hut", answers=[number])
        made.run("sync")
        made.later(days=1)
        yield made


def die(place: Place, method: str, *, done: bool) -> None:
    """Run a round in a process of its own, and kill that at the first call of `method`: once it is done, or before."""
    now = place.graph.clock.now().isoformat()
    words = ["--config", str(place.config), "--now", now, "once"]
    code = f"from daemon.cli import main; main({words!r})"
    environment = {**os.environ, "REQUESTS_CA_BUNDLE": str(place.graph.ca)}
    child = subprocess.Popen([sys.executable, "-c", code], env=environment, stderr=subprocess.DEVNULL)

    def kill(true: Reply | None) -> Reply:
        os.kill(child.pid, signal.SIGKILL)
        child.wait(10)
        return true or Reply(503, b"")

    def plan(call: Call) -> Fault | None:
        if not call.method.endswith(method) or child.poll() is not None:
            return None
        if done:
            return Fault("killed after", "after", spoil=kill)
        return Fault("killed before", "before", reply=kill(None))

    place.graph.plan = plan
    try:
        assert child.wait(30) == -signal.SIGKILL, "it never came to that call"
    finally:
        child.kill()
        place.graph.plan = None


def rounds(place: Place) -> None:
    for _ in range(3):
        place.later(minutes=15)
        place.run("once")


@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("method", ["messages.createReply", "messages.update"])
def test_a_kill_while_an_answer_is_made_makes_no_second_one_and_loses_none(
    place: Place, method: str, done: bool
) -> None:
    die(place, method, done=done)
    assert len(place.drafts) == (done or method == "messages.update")
    rounds(place)
    assert place.statuses() == ["open"]
    assert [to for _, to in place.draft.to] == ["bela@example.org"]


@pytest.mark.parametrize("done", [False, True])
def test_a_kill_while_a_draft_is_made_makes_no_second_one_and_loses_none(place: Place, done: bool) -> None:
    place.configure(listed("Ana Lima"))
    place.friend(ANA)
    die(place, "messages.create", done=done)
    assert len(place.drafts) == done
    rounds(place)
    assert place.statuses() == ["open"]
    assert [to for _, to in place.draft.to] == ["ana@example.org"]


@pytest.mark.parametrize("done", [False, True])
def test_a_kill_while_a_draft_is_taken_back_leaves_it_taken_back(place: Place, done: bool) -> None:
    place.run("once")
    place.later(minutes=15)
    place.mail(BELA, ROBIN, place.graph.clock.now(), "Hello you")
    die(place, "messages.delete", done=done)
    assert len(place.drafts) == (not done)
    rounds(place)
    assert place.statuses() == ["withdrawn"]
    assert place.drafts == []
