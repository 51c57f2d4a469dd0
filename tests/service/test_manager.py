"""What the service manager hears, at a real datagram socket."""

import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from daemon.service.manager import Manager
from tests.cli.archive import MAIN_ACCOUNT, Home, listed
from tests.cli.test_interrupt import connected
from tests.service.running import running


class Heard:
    """The socket that the service manager listens at."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.wire = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.wire.bind("\0" + address[1:] if address.startswith("@") else address)
        self.wire.settimeout(60)

    def next(self) -> str:
        return self.wire.recv(4096).decode()

    def several(self, number: int) -> None:
        for _ in range(number):
            self.next()

    def until(self, text: str) -> list[str]:
        """Return what comes until something that begins with `text` does."""
        told = [self.next()]
        while not told[-1].startswith(text):
            told.append(self.next())
        return told


@pytest.fixture
def heard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Heard]:
    found = Heard(str(tmp_path_factory.mktemp("run") / "notify"))
    yield found
    found.wire.close()


def test_it_hears_when_all_is_ready_how_it_stands_and_when_it_ends(home: Home, heard: Heard) -> None:
    with running(home, NOTIFY_SOCKET=heard.address) as auld:
        assert heard.next() == "READY=1\nSTATUS=Waiting for the first round."
        assert heard.next() == "STATUS=Reading what is new."
        assert re.fullmatch(r"STATUS=All is well\. Next round at \d\d:\d\d\.", heard.next())
        auld.tell(signal.SIGHUP)
        begun = heard.next()
        assert re.fullmatch(r"RELOADING=1\nMONOTONIC_USEC=\d{6,}", begun)
        assert heard.next() == "READY=1\nSTATUS=All is well."
        auld.end()
        assert heard.until("STOPPING=1")


def test_a_state_that_is_held_by_another_is_not_ready(home: Home, heard: Heard) -> None:
    with running(home) as first:
        first.until("auld is here")
        with running(home, NOTIFY_SOCKET=heard.address) as second:
            assert second.process.wait(timeout=60) == 75
        first.end()
    heard.wire.settimeout(0.1)
    with pytest.raises(TimeoutError):
        heard.next()


def test_signs_of_life_come_at_half_of_the_time_wanted_idle_and_in_a_round(home: Home, heard: Heard) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        silent.settimeout(60)
        home.configure(listed("Ana Lima"), accounts=MAIN_ACCOUNT + connected(home, silent, ["home"]))
        with running(home, NOTIFY_SOCKET=heard.address, WATCHDOG_USEC="400000") as auld:
            waiting = silent.accept()[0]
            heard.until("STATUS=Reading")
            for _ in range(3):
                heard.until("WATCHDOG=1")
            waiting.close()
            auld.end()
    home.configure()
    with running(home, NOTIFY_SOCKET=heard.address, WATCHDOG_USEC="400000") as auld:
        heard.until("STATUS=All is well")
        for _ in range(3):
            heard.until("WATCHDOG=1")


def test_one_that_hangs_gives_no_sign_of_life(home: Home, heard: Heard) -> None:
    with running(home, NOTIFY_SOCKET=heard.address, WATCHDOG_USEC="400000") as auld:
        heard.until("STATUS=All is well")
        heard.until("WATCHDOG=1")
        auld.tell(signal.SIGSTOP)
        heard.wire.settimeout(1)
        with pytest.raises(TimeoutError):
            heard.several(20)


@pytest.mark.parametrize("name", ["a file", "@an abstract name"])
def test_both_kinds_of_address_are_reached(tmp_path: Path, name: str) -> None:
    found = Heard(str(tmp_path / name) if name == "a file" else f"{name} {tmp_path}")
    Manager({"NOTIFY_SOCKET": found.address}).status("two\nlines")
    assert found.next() == "STATUS=two lines"
    found.wire.close()


def test_without_a_service_manager_nothing_is_told_and_nothing_fails(tmp_path: Path) -> None:
    for environ in ({}, {"NOTIFY_SOCKET": str(tmp_path / "nobody")}, {"WATCHDOG_USEC": "1000000"}):
        manager = Manager(environ)
        manager.ready("here")
        manager.alive()
        assert manager.pause is None


@pytest.mark.parametrize(
    ("told", "pause"),
    [({"WATCHDOG_USEC": "600000000"}, 300), ({"WATCHDOG_USEC": "0"}, None), ({"WATCHDOG_USEC": "x"}, None),
     ({"WATCHDOG_USEC": "600000000", "WATCHDOG_PID": "1"}, None)],
)  # fmt: skip
def test_how_often_a_sign_of_life_is_wanted(told: dict[str, str], pause: float | None) -> None:
    assert Manager({"NOTIFY_SOCKET": "/nowhere", **told}).pause == pause
