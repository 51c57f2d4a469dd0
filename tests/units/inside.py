"""What happens under a real manager: each function is the body of a test in test_booted.py, and returns what it saw."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from daemon.units import Form, Paths, find_places
from daemon.units.text import files
from tests.cli.archive import Home, listed
from tests.keyring import desktop
from tests.test_desktop import Screen, bus_in
from tests.units.booted import HOME, ROOT, systemctl, uid, until

AULD: Final = Path(sys.executable).parent / "auld"
CONFIG: Final = HOME / ".config" / "auld" / "config.toml"
STATE: Final = HOME / ".local" / "state" / "auld"
UNITS: Final = HOME / ".config" / "systemd" / "user"
ACCOUNT: Final = """\
[[accounts]]
name = "archive"
kind = "files"
sent = "~/Mail/Sent"
received = "~/Mail/INBOX"
drafts = "~/Mail/Drafts"
"""
ALWAYS: Final = (
    '[rhythm]\ndays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]\nhours = "00:00-23:59"\ngoal = 200\n'
)


def auld(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([AULD, *words], capture_output=True, text=True, check=False)


def asked(*words: str) -> Any:
    return json.loads(auld(*words, "--json").stdout)


def move_in() -> Home:
    """Let somebody live at HOME who has mail, a config, and a first sync that is long ago."""
    home = Home(HOME).build()
    home.friend()
    home.config.unlink()
    CONFIG.parent.mkdir(parents=True)
    CONFIG.write_text(f'[me]\nemails = ["robin@example.com"]\n{ACCOUNT}{ALWAYS}{listed("Ana Lima")}', "utf-8")
    ran = auld("sync", "--now", (datetime.now(UTC) - timedelta(days=62)).isoformat())
    assert ran.returncode == 0, ran.stderr
    return home


def rounds() -> int:
    try:
        return int(json.loads((STATE / "status.json").read_text("utf-8"))["rounds"])
    except (OSError, ValueError):
        return 0


def whole_way() -> dict[str, Any]:
    """Install, let it write a draft and tell it on the desktop, reload it, look at it, take it away."""
    with bus_in(Path("/run/user/0")) as address:
        screen = Screen(address, ["body"])
        systemctl("set-environment", f"DBUS_SESSION_BUS_ADDRESS={address}")
        saw = _whole_way(screen)
        screen.close()
    return saw


def _whole_way(screen: Screen) -> dict[str, Any]:
    home = move_in()
    before = {path for path in HOME.rglob("*") if path.is_file()}
    installed = auld("service", "install")
    assert installed.returncode == 0, installed.stderr
    until(lambda: rounds() >= 1, "a round")
    until(lambda: "runs" in auld("service", "status").stdout, "it runs")
    saw: dict[str, Any] = {"status": asked("service", "status"), "drafts": len(home.lying()), "told": installed.stderr}
    saw["check"] = [one for one in asked("check") if one["name"] in {"service", "rounds"}]
    saw["again"] = auld("service", "install").stderr
    until(lambda: bool(screen.shown), "a notification")
    saw["shown"] = [(title, text) for _, _, _, title, text, *_ in screen.shown]
    systemctl("kill", "--signal=USR1", "--kill-who=main", "auld.service")
    until(lambda: rounds() >= 2, "a round for SIGUSR1")
    saw["reload"] = systemctl("reload", "auld.service")
    saw["second"] = auld("run").returncode
    saw["restarts"] = systemctl("show", "--value", "--property=NRestarts", "auld.service").strip()
    saw["uninstall"] = auld("service", "uninstall").returncode
    saw["left"] = systemctl("show", "--value", "--property=ActiveState,LoadState", "auld.service").split()
    kept = {HOME / "Mail", STATE, HOME / ".local"}
    after = {path for path in HOME.rglob("*") if path.is_file()} - before
    saw["new"] = [str(path) for path in after if not any(path.is_relative_to(one) for one in kept)]
    return saw


def broken_config() -> dict[str, Any]:
    """A config that breaks: the service ends for good, and says why."""
    move_in()
    assert auld("service", "install").returncode == 0
    until(lambda: rounds() >= 1, "a round")
    systemctl("stop", "auld.service")
    CONFIG.write_text("[rhythm]\ngaol = 8\n", "utf-8")
    systemctl("start", "auld.service")
    until(lambda: systemctl("is-active", "auld.service").strip() == "failed", "it fails")
    restarts = systemctl("show", "--value", "--property=NRestarts", "auld.service").strip()
    return {"status": asked("service", "status"), "restarts": restarts}


def timer() -> dict[str, Any]:
    """The pair: the timer waits, and its service does a round."""
    home = move_in()
    installed = auld("service", "install", "--timer")
    assert installed.returncode == 0, installed.stderr
    saw: dict[str, Any] = {"status": asked("service", "status")}
    saw["next"] = systemctl("show", "--value", "--property=NextElapseUSecRealtime", "auld-once.timer").strip()
    saw["start"] = systemctl("start", "auld-once.service")
    saw |= {"rounds": rounds(), "drafts": len(home.lying())}
    saw["uninstall"] = auld("service", "uninstall").returncode
    saw["left"] = systemctl("show", "--value", "--property=ActiveState", "auld-once.timer").strip()
    return saw


_PROBE: Final = """
import ctypes, json, mmap, os, resource, socket, sys
from pathlib import Path
saw = {}
def tried(name, doing):
    try:
        doing()
        saw[name] = True
    except Exception as err:
        saw[name] = False
home, state = Path(sys.argv[1]), Path(sys.argv[2])
for name, place in {"state": state, "drafts": home / "Mail/Drafts", "sent": home / "Mail/Sent/cur",
                    "home": home, "config": home / ".config/auld", "etc": Path("/etc")}.items():
    tried(f"write {name}", (place / "probe").touch)
tried("read mail", lambda: list((home / "Mail/Sent/cur").iterdir())[0].read_bytes())
tried("read another home", lambda: (home.parent / "somebody/letter").read_text())
tried("read /proc/meminfo", lambda: Path("/proc/meminfo").read_text())
tried("netlink", lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW))
tried("internet", lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM))
tried("code that was data", lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC))
saw["new namespace"] = ctypes.CDLL(None).unshare(0x10000000) == 0
saw["mount"] = ctypes.CDLL(None).mount(b"t", b"/mnt", b"tmpfs", 0, 0) == 0
tried("raw device", lambda: open("/dev/mem", "rb"))
tried("all libraries", lambda: [__import__(name) for name in
      ("googleapiclient.discovery", "msal", "icalendar", "pydantic", "rich", "jinja2", "tinydb", "jeepney",
       "cryptography.hazmat.primitives.ciphers.aead", "keyring.backends.SecretService", "secretstorage",
       "daemon.service.work")])
tried("systemd's socket", lambda: os.stat(f"/run/user/{os.getuid()}/systemd/notify"))
from daemon.secrets import FileSecrets
FileSecrets(state / "secrets" / "home").put("token", "mine")
saw["secret"] = (state / "secrets" / "home" / "token").read_bytes().decode("latin-1")[1:13].strip()
saw["cores"] = resource.getrlimit(resource.RLIMIT_CORE)[0]
saw["umask"] = os.umask(0)
saw["capabilities"] = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff"))
saw["no new privileges"] = next(line.split()[1] for line in open("/proc/self/status") if line.startswith("NoNewPriv"))
(state / "saw.json").write_text(json.dumps(saw))
"""


def sandbox() -> dict[str, Any]:
    """What a program may do in the sandbox of auld.service."""
    move_in()
    return _probe(Form.USER)


def sandbox_with_a_keyring() -> str:
    """What encrypts the tokens in the sandbox of auld.service, in a session whose keyring is unlocked."""
    move_in()
    with desktop(Path("/run/user/0")) as session:
        systemctl("set-environment", f"DBUS_SESSION_BUS_ADDRESS={session.address}")
        return str(_probe(Form.USER)["secret"])


def sandbox_of_the_system() -> dict[str, Any]:
    """What a program may do in the sandbox of auld@.service, which is root's own manager's here."""
    move_in()
    (HOME.parent / "somebody").mkdir()
    (HOME.parent / "somebody" / "letter").write_text("letter", "utf-8")
    return _probe(Form.SYSTEM)


def credential_of_the_system() -> str:
    """What encrypts the tokens in the sandbox of auld@.service, where the credential lies in its place."""
    move_in()
    # As it is outside of namespaces: systemd mounts the credential from another one.
    subprocess.run(["mount", "--make-rshared", "/"], check=True)
    store = Path("/run/credstore.encrypted")  # searched as /etc/credstore.encrypted is
    store.mkdir(mode=0o700)
    # With a key that every machine without a TPM has: no key of this machine is made or used.
    words = ["systemd-creds", "encrypt", "--with-key=tpm2-absent", "--name=auld-key", "-", str(store / "auld-key.")]
    subprocess.run(words, input=b"random bytes", check=True)  # of a unit that is no instance, so that %i is empty
    return str(_probe(Form.SYSTEM)["secret"])


def _probe(form: Form) -> dict[str, Any]:
    """Start another program in the unit of a form, with the drop-in that an installation writes."""
    place = find_places({}, HOME, "robin")[form]
    for folder in (STATE, HOME / "Mail" / "Drafts", UNITS / "probe.service.d"):
        folder.mkdir(parents=True, exist_ok=True)
    probe = HOME / "probe.py"
    probe.write_text(_PROBE, "utf-8")
    unit, dropin = files(place, Paths(AULD, CONFIG, STATE, [HOME / "Mail" / "Drafts"], HOME)).values()
    for told, other in (
        ("Type=notify", "Type=oneshot"),
        ("Restart=on-failure", "Restart=no"),
        ("User=%i", ""),
        ("StateDirectory=auld/%i", ""),
    ):
        unit = unit.replace(told, other)
    lines = [line for line in dropin.splitlines() if not line.startswith("ExecStart=:")]
    place_in_unit = lines.index("ExecStart=") + 1
    lines.insert(place_in_unit, f"ExecStart={sys.executable} {probe} {HOME} {STATE}")
    (UNITS / "probe.service").write_text(unit, "utf-8")
    (UNITS / "probe.service.d" / "auld.conf").write_text("\n".join(lines) + "\n", "utf-8")
    systemctl("daemon-reload")
    told = systemctl("start", "probe.service")
    assert (STATE / "saw.json").exists(), told
    return dict(json.loads((STATE / "saw.json").read_text("utf-8")))


_SHELL: Final = """\
for place in $1/.local/state/auld $1/Mail $1 $1/.config /etc; do
  touch $place/probe 2>/dev/null && echo "wrote $place"
done
cat $1/Mail/letter
[ -S /run/user/$2/systemd/notify ] && echo notify
[ -e /dev/kmsg ] && echo devices
umask
sed -n 's/^\\(CapEff\\|CapBnd\\|NoNewPrivs\\|Seccomp\\):\\s*/\\1 /p' /proc/self/status
"""


def unprivileged() -> list[str]:
    """What a shell may do in the sandbox of auld.service under the manager of a user who is not root."""
    state, units = STATE, UNITS
    for folder in (state, units, HOME / "Mail"):
        folder.mkdir(parents=True)
    (HOME / "Mail" / "letter").write_text("letter\n", "utf-8")
    (HOME / "probe.sh").write_text(_SHELL, "utf-8")
    for path in [HOME, *HOME.rglob("*")]:
        os.chown(path, uid(), uid())
    lines = (ROOT / "systemd" / "auld.service").read_text("utf-8").replace("Type=notify", "Type=oneshot").splitlines()
    lines = [line for line in lines if not line.startswith(("ExecStart=", "Restart="))]
    start = f"ExecStart=/bin/sh -c '/bin/sh {HOME}/probe.sh {HOME} {uid()} >{state}/saw'"
    lines.insert(lines.index("[Service]") + 1, start)
    (units / "probe.service").write_text("\n".join(lines) + "\n", "utf-8")
    systemctl("daemon-reload")
    told = systemctl("start", "probe.service")
    assert (state / "saw").exists(), told
    return (state / "saw").read_text("utf-8").splitlines()
