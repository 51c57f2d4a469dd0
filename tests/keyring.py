"""A desktop's keyring that is real: gnome-keyring, on a bus and in a home of its own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from jeepney.bus_messages import MatchRule, message_bus
from jeepney.io.blocking import Proxy, open_dbus_connection
from secretstorage import Collection

from tests.test_desktop import bus_in
from tests.tools import need

_NAME = "org.freedesktop.secrets"


class Desktop:
    """Somebody's desktop session with a keyring."""

    def __init__(self, address: str) -> None:
        self.address = address

    def lock(self) -> None:
        """Lock the keyring."""
        with closing(open_dbus_connection(self.address)) as bus:
            Collection(bus).lock()

    def lose(self) -> None:
        """Delete all that is in the keyring."""
        with closing(open_dbus_connection(self.address)) as bus:
            for item in Collection(bus).get_all_items():
                item.delete()

    def labels(self) -> list[str]:
        """Return what the keyring shows to who opens it."""
        with closing(open_dbus_connection(self.address)) as bus:
            return [item.get_label() for item in Collection(bus).get_all_items()]


@contextmanager
def desktop(folder: Path, *, unlocked: bool = True) -> Iterator[Desktop]:
    """Run a session in `folder`; without `unlocked`, nobody has made a keyring yet."""
    program = need("gnome-keyring-daemon")
    home = folder / "desktop"
    (home / "run").mkdir(parents=True, mode=0o700)
    with bus_in(home) as address, closing(open_dbus_connection(address)) as bus:
        rule = MatchRule(type="signal", interface="org.freedesktop.DBus", member="NameOwnerChanged")
        rule.add_arg_condition(0, _NAME)
        Proxy(message_bus, bus).AddMatch(rule)
        words = [program, "--foreground", "--components=secrets", *(["--unlock"] if unlocked else [])]
        environ = os.environ | {
            "HOME": str(home), "XDG_RUNTIME_DIR": str(home / "run"), "XDG_DATA_HOME": str(home / "data"),
            "DBUS_SESSION_BUS_ADDRESS": address,
        }  # fmt: skip
        quiet = subprocess.DEVNULL
        with subprocess.Popen(words, env=environ, stdin=subprocess.PIPE, stdout=quiet, stderr=quiet) as daemon:
            try:
                assert daemon.stdin is not None
                daemon.stdin.write(b"password of the session")
                daemon.stdin.close()
                with bus.filter(rule) as changes:
                    bus.recv_until_filtered(changes, timeout=60)
                yield Desktop(address)
            finally:
                daemon.terminate()
