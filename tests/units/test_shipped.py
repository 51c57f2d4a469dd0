"""The units as they are shipped, judged by systemd's own `systemd-analyze`, and with what an installation adds."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from daemon.units import Form, Paths, find_places
from daemon.units.text import files
from tests.tools import need

ROOT = Path(__file__).parent.parent.parent
SHIPPED = ROOT / "systemd"
SERVICES = ("auld.service", "auld-once.service", "auld@.service")
MOST = {Form.USER: 1.8, Form.TIMER: 1.8, Form.SYSTEM: 1.1}


def analyze(*words: str, runtime: Path) -> "subprocess.CompletedProcess[str]":
    """Run systemd-analyze; a manager of the user wants to know where its sockets would lie."""
    environ = os.environ | {"XDG_RUNTIME_DIR": str(runtime), "LC_ALL": "C", "SYSTEMD_PAGER": ""}
    return subprocess.run(
        [need("systemd-analyze"), *words], env=environ, capture_output=True, text=True, check=False, timeout=60
    )


def settings(name: str) -> Mapping[str, list[str]]:
    """Return the settings of a unit as it is shipped, by their keys."""
    lines = (SHIPPED / name).read_text("utf-8").splitlines()
    pairs = [line.partition("=") for line in lines if "=" in line and not line.startswith("#")]
    return {key: [value for other, _, value in pairs if other == key] for key, _, _ in pairs}


def written(tmp_path: Path, form: Form) -> tuple[Path, str]:
    """Write the files of an installation whose paths are as odd as a unit can take; return where and the service."""
    folder = tmp_path / "units"
    place = find_places({"XDG_CONFIG_HOME": str(tmp_path)}, tmp_path, "robin")[form]
    (tmp_path / "a b%i$HOME;cd").mkdir()
    program = tmp_path / "a b%i$HOME;cd" / "auld"
    program.symlink_to(sys.executable)
    paths = Paths(program, tmp_path / "co:nf.toml", tmp_path / "st ate", [tmp_path / "Dr%afts"], Path("/home/ro bin"))
    for path, text in files(place, paths).items():
        lies = folder / path.relative_to(place.folder)
        lies.parent.mkdir(parents=True, exist_ok=True)
        lies.write_text(text, "utf-8")
    return folder, place.service


@pytest.mark.parametrize("form", list(Form))
def test_the_sandbox_is_as_tight_as_promised(tmp_path: Path, form: Form) -> None:
    scope = ["--user"] if form is not Form.SYSTEM else []
    name = {Form.USER: "auld.service", Form.TIMER: "auld-once.service", Form.SYSTEM: "auld@.service"}[form]
    most = str(round(MOST[form] * 10))  # in tenths
    judged = ["security", "--offline=true", *scope, str(SHIPPED / name)]
    ran = analyze(*judged, f"--threshold={most}", runtime=tmp_path)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Overall exposure level" in ran.stdout
    assert analyze(*judged, "--threshold=9", runtime=tmp_path).returncode != 0, "it does look"


@pytest.mark.parametrize("form", list(Form))
def test_systemd_finds_nothing_wrong_with_what_an_installation_writes(tmp_path: Path, form: Form) -> None:
    folder, service = written(tmp_path, form)
    units = [service, *(["auld-once.timer"] if form is Form.TIMER else [])]
    scope = ["--user"] if form is not Form.SYSTEM else []
    paths = [str(folder / unit) for unit in units]
    ran = analyze("verify", "--recursive-errors=no", *scope, *paths, runtime=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, ""), ran.stdout


@pytest.mark.parametrize("name", SERVICES)
def test_each_unit_is_in_the_same_sandbox(name: str) -> None:
    own = {"ProtectHome", "ReadWritePaths", "BindReadOnlyPaths"}  # how they come by the user's files
    about = {
        key: value
        for key, value in settings(name).items()
        if key.startswith(("Protect", "Private", "Restrict", "SystemCall", "Lock", "Memory", "Cap")) and key not in own
    }
    alike = {key: value for key, value in settings("auld.service").items() if key in about}
    alike.pop("RestartPreventExitStatus", None)
    assert about == alike
    assert len(about) > 20
    assert settings(name)["UMask"] == ["0077"]
    assert settings(name)["LimitCORE"] == ["0"], "no token in a core dump"


@pytest.mark.parametrize("name", ["auld.service", "auld@.service"])
def test_a_service_tells_systemd_how_it_is_and_is_started_again_where_that_helps(name: str) -> None:
    told = settings(name)
    assert told["Type"] == ["notify"]
    assert told["Restart"] == ["on-failure"]
    assert told["RestartPreventExitStatus"] == ["77 78"]
    assert told["StartLimitIntervalSec"] == ["0"], "a disk that was full for an hour is no reason to give up"
    assert "WatchdogSec" in told


def test_units_of_a_user_mind_the_traps() -> None:
    for name in ("auld.service", "auld-once.service"):
        told = settings(name)
        assert told["PrivateUsers"] == ["yes"], "systemd 252 leaves out the rest without"
        assert told["ProtectHome"] == ["read-only"], "tmpfs would hide /run/user, where systemd listens"
        assert "StateDirectory" not in told, "systemd 252 takes the folder of the config for it"


def test_the_timer_catches_up_and_does_not_strike_with_all_others() -> None:
    told = settings("auld-once.timer")
    assert told["Persistent"] == ["true"]
    assert told["RandomizedDelaySec"] == ["2min"]
    assert settings("auld-once.service")["SuccessExitStatus"] == ["1 69 75"]


def test_system_calls_that_are_refused_are_an_error_and_no_death() -> None:
    """Python tries some calls and does without: the sandbox must answer, not kill."""
    for name in SERVICES:
        assert settings(name)["SystemCallErrorNumber"] == ["EPERM"]


def test_exposure_is_told_as_a_number_that_does_not_hide(tmp_path: Path) -> None:
    ran = analyze("security", "--offline=true", "--json=short", str(SHIPPED / "auld@.service"), runtime=tmp_path)
    left = {one["json_field"] for one in json.loads(ran.stdout) if one["exposure"] not in {None, "0", "0.0"}}
    assert left <= {
        "RootDirectoryOrRootImage", "RestrictAddressFamilies_AF_UNIX", "RestrictAddressFamilies_AF_INET_INET6",
        "PrivateNetwork", "ProtectHome", "DeviceAllow", "IPAddressDeny",
    }  # fmt: skip
