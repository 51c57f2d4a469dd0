"""Notifications on a real bus, with a small stand-in for the desktop that takes them."""

import io
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread
from typing import Any

import pytest
from jeepney import HeaderFields, MessageType, new_error, new_method_return
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, Proxy, open_dbus_connection

from daemon import desktop
from tests.cli.archive import Home, before, listed
from tests.tools import need

CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=%s</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"""


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """A bus of its own; its address."""
    with bus_in(tmp_path) as address:
        yield address


@contextmanager
def bus_in(folder: Path) -> Iterator[str]:
    """Run a bus set up in `folder`; lend its address. Its socket lies where its path is short: 107 bytes, unix(7)."""
    config = folder / "bus.conf"
    words = [need("dbus-daemon"), f"--config-file={config}", "--nofork", "--print-address=1"]
    with TemporaryDirectory() as short:
        config.write_text(CONFIG % short, "utf-8")
        with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as daemon:
            try:
                assert daemon.stdout is not None
                yield daemon.stdout.readline().strip()
            finally:
                daemon.terminate()


class Screen:
    """The desktop: owns the name, takes notifications, and notes what came and how it was typed."""

    def __init__(self, address: str, capabilities: list[str], *, refuses: bool = False, mute: bool = False) -> None:
        self.shown: list[tuple[Any, ...]] = []
        self.signatures: list[str] = []
        self._capabilities, self._refuses, self._mute = capabilities, refuses, mute
        self._bus: DBusConnection = open_dbus_connection(address)
        (took,) = Proxy(message_bus, self._bus).RequestName("org.freedesktop.Notifications")
        assert took == 1
        self._over = Event()
        self._thread = Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._over.set()
        self._thread.join()
        self._bus.close()

    def _serve(self) -> None:
        while not self._over.is_set():
            with suppress(TimeoutError):
                message = self._bus.receive(timeout=0.05)
                if message.header.message_type is MessageType.method_call and not self._mute:
                    self._bus.send(self._answer(message))

    def _answer(self, message: Any) -> Any:
        fields = message.header.fields
        assert fields[HeaderFields.path] == "/org/freedesktop/Notifications"
        assert fields[HeaderFields.interface] == "org.freedesktop.Notifications"
        if fields[HeaderFields.member] == "GetCapabilities":
            return new_method_return(message, "as", (self._capabilities,))
        assert fields[HeaderFields.member] == "Notify"
        if self._refuses:
            return new_error(message, "org.freedesktop.DBus.Error.LimitsExceeded", "s", ("too many",))
        self.signatures.append(fields[HeaderFields.signature])
        self.shown.append(message.body)
        return new_method_return(message, "u", (7,))


@pytest.fixture
def screens(bus: str) -> Iterator[Any]:
    """Make a screen on the bus; it is gone at the end."""
    made = []

    def make(*capabilities: str, **how: bool) -> Screen:
        made.append(Screen(bus, list(capabilities), **how))
        return made[-1]

    yield make
    for screen in made:
        screen.close()


def show(bus: str, title: str = "A draft waits for you", body: str = "In Drafts: 1 in home.") -> bool:
    return desktop.show(title, body, {"DBUS_SESSION_BUS_ADDRESS": bus})


def test_a_notification_is_as_the_specification_says(bus: str, screens: Any) -> None:
    screen = screens("body")
    assert show(bus) is True
    assert screen.signatures == ["susssasa{sv}i"]
    ((app, replaces, icon, title, body, actions, hints, timeout),) = screen.shown
    assert (app, replaces, icon, actions, timeout) == ("auld", 0, "mail-drafts", [], -1)
    assert (title, body) == ("A draft waits for you", "In Drafts: 1 in home.")
    assert hints["urgency"] == ("y", 1)


@pytest.mark.parametrize(
    ("capabilities", "seen"), [((), "1 in <b>A&B</b>"), (("body-markup",), "1 in &lt;b&gt;A&amp;B&lt;/b&gt;")]
)
def test_a_name_is_no_markup(bus: str, screens: Any, capabilities: tuple[str, ...], seen: str) -> None:
    screen = screens(*capabilities)
    assert show(bus, body="1 in <b>A&B</b>")
    assert screen.shown[0][4] == seen


def test_a_bus_without_a_desktop_is_headless(bus: str) -> None:
    assert show(bus) is False


def test_a_desktop_that_refuses_or_says_nothing_costs_no_round(
    bus: str, screens: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = screens(refuses=True)
    assert show(bus) is False
    screen.close()
    screens(mute=True)
    monkeypatch.setattr(desktop, "_PATIENCE", 0.1)
    assert show(bus) is False


@pytest.mark.parametrize("address", ["unix:path=/nowhere/bus", "nonsense", "tcp:host=127.0.0.1,port=1"])
def test_an_address_that_leads_nowhere_costs_no_round(address: str) -> None:
    assert show(address) is False


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_round_that_a_timer_started_tells_too_and_one_on_a_terminal_was_read(
    bus: str, screens: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen = screens("body")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    home = Home(tmp_path).build()
    for who in ("Ana Lima <ana@example.org>", "Bela Kovacs <bela@example.org>"):
        home.friend(who)
    home.configure(listed("Ana Lima", "Bela Kovacs") + "[rhythm]\ngoal = 40")
    home.run("sync", now=before(40))
    with monkeypatch.context() as terminal:
        terminal.setattr(io, "StringIO", Terminal)
        terminal.setattr("daemon.cli.reading.progress_shown", lambda: nullcontext(lambda *_: None))
        home.run("once", now=before(1))
    assert len(home.lying()) == 2
    home.run("once")
    assert screen.shown == [], "they were read on the terminal"
    home.friend("Carl Weber <carl@example.org>")
    home.configure(listed("Carl Weber") + "[rhythm]\ngoal = 40")
    home.run("once")
    assert [shown[3] for shown in screen.shown] == ["A draft waits for you"]


def test_what_it_takes_is_loaded_only_when_there_is_something_to_show() -> None:
    text = Path(desktop.__file__).read_text("utf-8")
    assert not re.search(r"^(?:from|import) jeepney", text, re.MULTILINE)
