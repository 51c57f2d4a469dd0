"""A real systemd, as the manager of a user, in namespaces of its own: nothing of this machine is seen or touched by it.

`go` starts `python -m tests.units.booted MODULE:FUNCTION` in them, which starts the manager and then calls the
function: that is a test's body. It can be had where root, or somebody who may become it in a namespace, may mount.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from time import monotonic
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parent.parent.parent
HOME: Final = Path("/home/robin")
_MANAGER: Final = Path("/lib/systemd/systemd")
_NAMESPACES: Final = (
    "unshare",
    "--mount",
    "--pid",
    "--fork",
    "--kill-child",
    "--mount-proc",
    "--ipc",
    "--uts",
    "--net",
)
_GROUP: Final = f"auld-test-{os.getpid()}"
_HIERARCHIES: Final = ("/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified", "/sys/fs/cgroup")

_NO_MANAGER: Final = 77
_JOIN: Final = 'for group in $GROUPS_TO_JOIN; do echo $$ >"$group/cgroup.procs" || exit; done; exec "$@"'


def go(body: str, tmp_path: Path, uid: int = 0) -> Any:
    """Run a body beside a manager of its own, which runs as user `uid`; return what it returned, as JSON.

    The body itself runs as root. The test is skipped where there can be no such manager.
    """
    if not _MANAGER.exists() or os.getuid() != 0:
        pytest.skip("a manager of its own needs systemd, and root")
    groups = _own_groups(uid)
    result = tmp_path / "result.json"
    try:
        if subprocess.run([*_NAMESPACES, "true"], capture_output=True, check=False).returncode:
            pytest.skip("this machine lets nobody have namespaces")
        ran = subprocess.run(
            ["sh", "-c", _JOIN, "sh", *_NAMESPACES, sys.executable, "-m", "tests.units.booted", body, str(result)],
            cwd=ROOT, env=os.environ | {"GROUPS_TO_JOIN": " ".join(map(str, groups)), "MANAGER_UID": str(uid)},
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip
    finally:
        for group in [*Path("/sys/fs/cgroup").glob(f"*/{_GROUP}"), Path("/sys/fs/cgroup") / _GROUP]:
            for folder in sorted(group.rglob("*/"), key=lambda one: -len(one.parts)):
                folder.rmdir()
            if group.exists():
                group.rmdir()
    if ran.returncode == _NO_MANAGER:
        pytest.skip(ran.stdout)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return json.loads(result.read_text("utf-8"))


def _own_groups(uid: int) -> list[Path]:
    """Make control groups for it to be the root of, below ours: a manager keeps to the group it was started in."""
    made = []
    for place in map(Path, _HIERARCHIES):
        if (place / "cgroup.procs").exists():
            group = place / _GROUP
            try:
                group.mkdir()
                for path in (group, *group.iterdir()):
                    os.chown(path, uid, uid)
            except OSError as err:
                pytest.skip(f"no control group can be made here: {err}")
            made.append(group)
    return made


# -- inside --------------------------------------------------------------------------------------------------------


def until(holds: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait till something holds."""
    end = monotonic() + seconds
    while not holds():
        assert monotonic() < end, f"in vain: {what}\n{systemctl('status', '--lines=50')}"


def systemctl(*words: str) -> str:
    """Ask the manager; return what it says."""
    ran = subprocess.run(_as_user("systemctl", "--user", *words), capture_output=True, text=True, check=False)
    return ran.stdout + ran.stderr


def uid() -> int:
    """Return as whom the manager runs."""
    return int(os.environ["MANAGER_UID"])


def _as_user(*words: str) -> list[str]:
    who = ("setpriv", f"--reuid={uid()}", f"--regid={uid()}", "--clear-groups") if uid() else ()
    return [*who, *words]


def _boot() -> "subprocess.Popen[bytes]":
    """Start the manager, for a home and a /run that nobody else sees."""
    for place in ("/run", "/home"):
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", place], check=True)
    runtime = Path(f"/run/user/{uid()}")
    # The last one is made by a system's manager, and needed by a user's for its sandboxes.
    for folder in (HOME, Path("/run/systemd/system"), runtime, Path("/run/systemd/unit-root")):
        folder.mkdir(parents=True)
    for folder in (HOME, runtime):
        folder.chmod(0o700)
        os.chown(folder, uid(), uid())
    for name in [name for name in os.environ if name.startswith(("XDG_", "DBUS_", "AULD_", "STATE_"))]:
        del os.environ[name]
    os.environ |= {"HOME": str(HOME), "XDG_RUNTIME_DIR": str(runtime)}
    manager = subprocess.Popen(_as_user(str(_MANAGER), "--user", "--unit=basic.target"), stdin=subprocess.DEVNULL)
    end = monotonic() + 20
    while "running" not in systemctl("is-system-running"):
        if monotonic() > end or manager.poll() is not None:
            print("systemd does not run as a user's manager here")
            sys.exit(_NO_MANAGER)
    return manager


def _main(body: str, result: str) -> None:
    manager = _boot()
    module, _, name = body.partition(":")
    told = getattr(import_module(module), name)()
    Path(result).write_text(json.dumps(told), "utf-8")
    manager.terminate()
    manager.wait(30)


if __name__ == "__main__":
    _main(sys.argv[1], sys.argv[2])
