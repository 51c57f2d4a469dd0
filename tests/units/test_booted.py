"""The units under a real systemd, run as a user's manager: installed, at work in their sandbox, taken away."""

from pathlib import Path
from typing import Any

import pytest

from tests.tools import need
from tests.units.booted import go

# It needs root and namespaces, and takes its time.
pytestmark = pytest.mark.torture


def test_a_service_is_installed_writes_a_draft_hears_signals_and_is_taken_away(tmp_path: Path) -> None:
    saw = go("tests.units.inside:whole_way", tmp_path)
    assert "enabled and started: auld.service" in saw["told"]
    assert saw["drafts"] == 1, "the sandbox lets it write where drafts go"
    assert [title for title, _ in saw["shown"]] == ["A draft waits for you"], "the sandbox lets it reach the desktop"
    status = saw["status"]
    assert (status["healthy"], status["enabled"], status["running"]) == (True, True, True)
    assert status["status"], "it says in words how it stands"
    assert [(one["name"], one["result"]) for one in saw["check"]] == [("service", "ok"), ("rounds", "ok")]
    assert "enabled and running" in saw["again"]
    assert saw["reload"] == ""
    assert saw["second"] == 75
    assert saw["restarts"] == "0"
    assert saw["uninstall"] == 0
    assert sorted(saw["left"]) == ["inactive", "not-found"]
    assert saw["new"] == [], "nothing is left of it but state and drafts"


def test_a_config_that_broke_ends_the_service_for_good_and_status_says_so(tmp_path: Path) -> None:
    saw = go("tests.units.inside:broken_config", tmp_path)
    assert saw["restarts"] == "0"
    assert saw["status"]["active"] == "failed"
    assert saw["status"]["detail"] == "the config is wrong"
    assert "auld check" in saw["status"]["fix"]


def test_the_timer_waits_and_its_service_does_a_round(tmp_path: Path) -> None:
    saw = go("tests.units.inside:timer", tmp_path)
    assert saw["status"]["healthy"] is True
    assert saw["next"]
    assert (saw["start"], saw["rounds"], saw["drafts"]) == ("", 1, 1)
    assert (saw["uninstall"], saw["left"]) == (0, "inactive")


def test_the_sandbox_of_a_users_unit_holds(tmp_path: Path) -> None:
    """systemd 252 leaves most of it out without a word where PrivateUsers=yes is missing."""
    saw = go("tests.units.inside:sandbox", tmp_path)
    assert saw.pop("systemd's socket") is True, "and it still can tell systemd how it stands"
    held(saw)


def test_the_sandbox_of_the_systems_unit_holds_and_hides_other_homes(tmp_path: Path) -> None:
    saw = go("tests.units.inside:sandbox_of_the_system", tmp_path)
    saw.pop("systemd's socket")  # where a user's manager listens; the system's does so in /run/systemd
    assert saw["read another home"] is False
    held(saw)


def test_a_service_of_a_user_encrypts_with_the_key_in_the_sessions_keyring(tmp_path: Path) -> None:
    need("gnome-keyring-daemon")
    assert go("tests.units.inside:sandbox_with_a_keyring", tmp_path) == "auld 1 keyri"


def test_a_service_of_the_system_encrypts_with_the_credential_where_there_is_one(tmp_path: Path) -> None:
    assert go("tests.units.inside:credential_of_the_system", tmp_path) == "auld 1 crede"


def held(saw: dict[str, Any]) -> None:
    """Hold what every sandbox of auld is to hold."""
    assert {name for name, could in saw.items() if could is True} == {
        "write state", "write drafts", "read mail", "internet", "all libraries",
    }  # fmt: skip
    assert {name for name, could in saw.items() if could is False} >= {
        "write sent", "write home", "write config", "write etc", "netlink", "mount", "new namespace", "raw device",
        "code that was data", "read /proc/meminfo",
    }  # fmt: skip
    assert (saw["cores"], saw["umask"]) == (0, 0o077)
    assert saw["secret"] == "ine", "without a keyring and a credential it starts all the same"
    assert int(saw["capabilities"], 16) == 0
    assert saw["no new privileges"] == "1"


def test_it_holds_for_a_user_without_privileges_too(tmp_path: Path) -> None:
    saw = go("tests.units.inside:unprivileged", tmp_path, uid=65534)
    assert saw == [
        "wrote /home/robin/.local/state/auld", "letter", "notify", "0077",
        "CapEff 0000000000000000", "CapBnd 0000000000000000", "NoNewPrivs 1", "Seccomp 2",
    ]  # fmt: skip
