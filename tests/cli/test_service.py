"""`auld service`: units written, enabled, started, looked at, taken away, each thing told; edits by hand are kept."""

import os
import pwd
import re
import stat
import sys
from pathlib import Path

import pytest

from tests.cli.archive import MAIN_ACCOUNT, Home, after
from tests.cli.systemctl import Manager, on_path

ME = pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture
def manager(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Manager:
    return on_path(tmp_path_factory.mktemp("manager"), monkeypatch)


@pytest.fixture
def units() -> Path:
    """Where the user's units lie."""
    return Path(os.environ["HOME"]) / ".config" / "systemd" / "user"


def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the system's units lie somewhere else."""
    folder = tmp_path / "etc"
    monkeypatch.setattr("daemon.units.places.SYSTEM_FOLDER", folder)
    return folder


def test_install_writes_enables_starts_and_says_each_thing(home: Home, manager: Manager, units: Path) -> None:
    ran = home.run("service", "install")
    assert ran.out == ""
    for told in (f"written: {units / 'auld.service'}", "auld.service.d/auld.conf", "enabled and started: auld.service"):
        assert told in ran.err
    assert manager.calls("daemon-reload", "enable", "start", "restart") == [
        "systemctl --user daemon-reload",
        "systemctl --user enable auld.service",
        "systemctl --user restart auld.service",
    ]
    assert (units / "auld.service").stat().st_mode & 0o777 == 0o644
    assert not list(units.rglob(".*"))


def test_the_drop_in_names_this_installation(home: Home, manager: Manager, units: Path) -> None:
    home.run("service", "install")
    lines = (units / "auld.service.d" / "auld.conf").read_text(encoding="utf-8").splitlines()
    program = Path(sys.executable).parent / "auld"
    assert f"ExecStart=:{program} --config {home.config} --state {home.state} run" in lines
    assert lines.index("ExecStart=") < lines.index(
        f"ExecStart=:{program} --config {home.config} --state {home.state} run"
    )
    assert f"ReadWritePaths=-{home.state}" in lines
    assert f"ReadWritePaths=-{home.drafts}" in lines
    assert not any(str(folder) in line for line in lines for folder in (home.sent, home.inbox)), "read, never written"


def test_folders_that_a_service_writes_to_are_there_before_it_starts(home: Home, manager: Manager, units: Path) -> None:
    assert not home.state.exists()
    assert not home.drafts.exists()
    assert str(home.drafts) in home.run("service", "install").err
    for folder in (home.state, home.drafts):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    home.friend()
    home.configure('[[people]]\nname = "Ana Lima"\nemails = ["ana@example.org"]\nevery = "1 month"\n')
    home.run("sync")
    home.run("draft")
    assert len(home.lying()) == 1, "an empty folder is a good Drafts folder"


def test_install_may_be_repeated_and_then_changes_nothing(home: Home, manager: Manager, units: Path) -> None:
    home.run("service", "install")
    was = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in units.rglob("*.*") if path.is_file()}
    manager.calls()
    ran = home.run("service", "install")
    assert "written" not in ran.err
    assert "enabled and running" in ran.err
    assert manager.calls("restart") == [], "a round under way is not cut off for nothing"
    assert {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in was} == was


def test_another_drafts_folder_is_told_by_status_and_check_and_mended_by_install(
    home: Home, manager: Manager, units: Path
) -> None:
    home.run("service", "install")
    assert home.ask("service", "status")["outdated"] is False
    home.configure(accounts=MAIN_ACCOUNT.replace("Mail/Drafts", "Mail/Other"))
    assert home.ask("service", "status", code=1)["outdated"] is True
    (line,) = [one for one in home.ask("check") if one["name"] == "service"]
    assert (line["result"], line["fix"]) == ("warn", "auld service install")
    manager.calls()
    assert "enabled and started again" in home.run("service", "install").err
    assert manager.calls("restart") == ["systemctl --user restart auld.service"]
    assert "Mail/Other" in (units / "auld.service.d" / "auld.conf").read_text(encoding="utf-8")
    assert home.ask("service", "status")["outdated"] is False


def test_a_unit_of_an_older_version_is_replaced(home: Home, manager: Manager, units: Path) -> None:
    from daemon.units.text import marked

    units.mkdir(parents=True)
    (units / "auld.service").write_text(marked("[Service]\nExecStart=/old/auld run\n"), encoding="utf-8")
    home.run("service", "install")
    assert "/old/" not in (units / "auld.service").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ["auld.service", "auld.service.d/auld.conf"])
def test_what_was_edited_by_hand_is_told_and_neither_overwritten_nor_deleted(
    home: Home, manager: Manager, units: Path, name: str
) -> None:
    home.run("service", "install")
    path = units / name
    edited = path.read_text(encoding="utf-8") + "Nice=10\n"
    path.write_text(edited, encoding="utf-8")
    ran = home.run("service", "install", code=1)
    assert f"left as it is: {path} was edited by hand" in ran.err
    assert "enabled and running" in ran.err
    assert path.read_text(encoding="utf-8") == edited
    assert home.ask("service", "status")["edited"] == [str(path)]
    ran = home.run("service", "uninstall", code=1)
    assert f"left where it is: {path}" in ran.err
    assert path.read_text(encoding="utf-8") == edited


def test_a_unit_of_ones_own_is_kept_too(home: Home, manager: Manager, units: Path) -> None:
    units.mkdir(parents=True)
    (units / "auld.service").write_text("[Service]\nExecStart=/my/own\n", encoding="utf-8")
    assert "edited by hand" in home.run("service", "install", code=1).err
    assert "/my/own" in (units / "auld.service").read_text(encoding="utf-8")


def test_uninstall_undoes_exactly_that(home: Home, manager: Manager, units: Path) -> None:
    units.mkdir(parents=True)
    (units / "other.service").write_text("[Service]\n", encoding="utf-8")
    home.run("service", "install")
    mine = units / "auld.service.d" / "override.conf"
    mine.write_text("[Service]\nNice=10\n", encoding="utf-8")
    manager.calls()
    ran = home.run("service", "uninstall")
    assert manager.calls("disable", "daemon-reload") == [
        "systemctl --user disable --now auld.service", "systemctl --user daemon-reload",
    ]  # fmt: skip
    assert ran.err.count("deleted: ") == 2
    assert "Config and state are left" in ran.err
    assert sorted(path for path in units.rglob("*") if path.is_file()) == sorted([mine, units / "other.service"])
    mine.unlink()
    assert home.state.is_dir()
    assert "Nothing of it is installed" in home.run("service", "uninstall").err


def test_uninstall_after_install_leaves_the_folders_as_they_were(home: Home, manager: Manager, units: Path) -> None:
    units.mkdir(parents=True)
    home.run("service", "install")
    home.run("service", "uninstall")
    assert list(units.iterdir()) == []


def test_the_timer_comes_with_its_service(home: Home, manager: Manager, units: Path) -> None:
    home.run("service", "install", "--timer")
    assert {path.name for path in units.iterdir()} == {"auld-once.service", "auld-once.timer", "auld-once.service.d"}
    assert "systemctl --user enable auld-once.timer" in manager.calls()
    assert (units / "auld-once.service.d" / "auld.conf").read_text(encoding="utf-8").count(" once\n") == 1
    assert home.ask("service", "status")["unit"] == "auld-once.timer"
    home.run("service", "uninstall")
    assert list(units.iterdir()) == []


def test_one_form_is_enough(home: Home, manager: Manager, units: Path) -> None:
    home.run("service", "install", "--timer")
    ran = home.run("service", "install", code=2)
    assert "auld-once.timer is installed, and one is enough. First: auld service uninstall" in ran.err
    assert not (units / "auld.service").exists()


def test_the_systems_unit_is_an_instance_for_the_user(
    home: Home, manager: Manager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = system(tmp_path, monkeypatch)
    home.run("service", "install", "--system")
    unit = f"auld@{ME}.service"
    assert manager.calls("enable", "restart") == [f"systemctl enable {unit}", f"systemctl restart {unit}"]
    told = (folder / f"{unit}.d" / "auld.conf").read_text(encoding="utf-8")
    assert f"--config {home.config} --state {home.state} run" in told
    assert home.ask("service", "status", "--system")["running"] is True
    assert home.ask("service", "status")["unit"] == unit, "it is found without being named"
    other = folder / "auld@other.service.d" / "auld.conf"
    other.parent.mkdir()
    other.write_text("[Service]\n", encoding="utf-8")
    home.run("service", "uninstall", "--system")
    assert not (folder / f"{unit}.d").exists()
    assert (folder / "auld@.service").exists(), "the template serves another user"
    other.unlink()
    home.run("service", "install", "--system")
    home.run("service", "uninstall", "--system")
    assert not (folder / "auld@.service").exists()


def test_the_systems_unit_shows_one_home_and_what_python_needs(
    home: Home, manager: Manager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = system(tmp_path, monkeypatch)
    monkeypatch.setenv("HOME", "/home/robin")
    monkeypatch.setattr(sys, "base_prefix", "/home/shared/python")
    home.run("service", "install", "--system")
    told = (folder / f"auld@{ME}.service.d" / "auld.conf").read_text(encoding="utf-8")
    assert "BindReadOnlyPaths=-/home/robin\n" in told
    assert "BindReadOnlyPaths=-/home/shared/python\n" in told


@pytest.mark.skipif(os.getuid() != 0, reason="only root can act for another user")
def test_under_sudo_it_is_for_whoever_typed_it(
    home: Home, manager: Manager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = system(tmp_path, monkeypatch)
    user = pwd.getpwnam("daemon")
    monkeypatch.setenv("SUDO_USER", "daemon")
    monkeypatch.setattr(pwd, "getpwnam", {"daemon": user}.__getitem__)
    home.run("service", "install", "--system")
    assert (folder / "auld@daemon.service.d" / "auld.conf").exists()
    for made in (home.state, home.drafts):
        assert (made.stat().st_uid, made.stat().st_gid) == (user.pw_uid, user.pw_gid)


def test_what_may_not_be_written_names_the_way(
    home: Home, manager: Manager, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    system(tmp_path, monkeypatch)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/etc/systemd/system/auld@.service")

    monkeypatch.setattr("daemon.units.installing._write", refuse)
    assert "sudo auld service install --system" in home.run("service", "install", "--system", code=2).err


@pytest.mark.parametrize(
    ("home_says", "told"), [("", "systemctl is missing"), ("offline", "another program started this system")]
)
def test_where_there_is_no_systemd_nothing_is_written_and_cron_is_named(
    home: Home, manager: Manager, units: Path, home_says: str, told: str
) -> None:
    if home_says:
        manager.put("running", home_says)
    else:
        manager.vanish()
    ran = home.run("service", "install", code=1)
    assert told in ran.err
    assert "auld once" in ran.err
    assert not units.exists()
    assert not home.state.exists()


def test_where_the_users_systemd_is_out_of_reach_the_files_are_written_and_the_rest_is_told(
    home: Home, manager: Manager, units: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("daemon.units.systemctl._BOOTED", tmp_path)
    manager.put("fail-is-system-running", "Failed to connect to bus: No medium found")
    ran = home.run("service", "install", code=1)
    assert "cannot be reached from here (Failed to connect to bus: No medium found)" in ran.err
    for line in ("systemctl --user daemon-reload", "systemctl --user enable --now auld.service"):
        assert f"  {line}\n" in ran.err
    assert (units / "auld.service").exists()
    assert manager.calls("enable", "restart") == []
    found = home.ask("service", "status", code=1)
    assert (found["installed"], found["running"]) == (True, False)
    assert "cannot be reached" in found["detail"]
    link = units / "default.target.wants" / "auld.service"
    link.parent.mkdir()
    link.symlink_to(units / "auld.service")
    home.run("service", "uninstall")
    assert not link.is_symlink()
    assert not (units / "auld.service").exists()


def test_a_start_that_fails_is_told_with_systemds_words_and_where_to_look(home: Home, manager: Manager) -> None:
    manager.put("fail-restart", "Job for auld.service failed because the control process exited with error code.")
    ran = home.run("service", "install", code=1)
    assert "systemctl --user restart auld.service failed: Job for auld.service failed" in ran.err
    assert "journalctl --user -e -u auld.service" in ran.err


@pytest.mark.parametrize(("linger", "hint"), [("no", True), ("yes", False)])
def test_a_hint_says_how_it_runs_without_a_sign_in(home: Home, manager: Manager, linger: str, hint: bool) -> None:
    manager.put("linger", linger)
    assert (f"loginctl enable-linger {ME}" in home.run("service", "install").err) is hint
    assert home.ask("service", "status")["lingers"] is not hint


def test_status_tells_what_the_service_says_of_itself(home: Home, manager: Manager) -> None:
    assert home.ask("service", "status", code=1)["installed"] is False
    assert "not installed: auld service install" in home.run("service", "status", code=1).out
    home.run("service", "install")
    manager.put("show", "StatusText=All read; next round at 10:15\nNRestarts=2")
    found = home.ask("service", "status")
    assert found["healthy"] is True
    assert (found["unit"], found["enabled"], found["running"]) == ("auld.service", True, True)
    assert (found["status"], found["restarts"]) == ("All read; next round at 10:15", 2)
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", found["since"])
    shown = home.run("service", "status").out
    assert "auld.service: runs since" in shown
    assert "All read; next round at 10:15" in shown


@pytest.mark.parametrize(
    ("show", "fix"),
    [
        ("ActiveState=failed\nResult=exit-code\nExecMainStatus=77", "auld login ACCOUNT"),
        ("ActiveState=failed\nResult=exit-code\nExecMainStatus=78", "auld check"),
        ("ActiveState=failed\nResult=exit-code\nExecMainStatus=74", "journalctl"),
        ("ActiveState=inactive\nResult=success\nExecMainStatus=0", "systemctl --user restart auld.service"),
        ("ActiveState=activating\nResult=exit-code\nExecMainStatus=226", "Where the sandbox cannot be had"),
        ("UnitFileState=disabled", "auld service install"),
    ],
)
def test_what_is_wrong_with_a_service_is_told_with_its_fix(home: Home, manager: Manager, show: str, fix: str) -> None:
    home.run("service", "install")
    manager.put("show", show)
    found = home.ask("service", "status", code=1)
    assert found["detail"]
    assert fix in found["fix"]
    (line,) = [one for one in home.run("check", "--json", code={0, 1}).json if one["name"] == "service"]
    assert line["result"] == ("fail" if "226" in show or "failed" in show else "warn")
    assert fix in line["fix"]


def test_a_timer_that_waits_does_not_hide_a_round_that_failed(home: Home, manager: Manager) -> None:
    home.run("service", "install", "--timer")
    manager.put("show", "ActiveState=active\nResult=exit-code\nExecMainStatus=74")
    found = home.ask("service", "status", code=1)
    assert found["running"] is True
    assert found["detail"] == "it failed (exit-code, exit status 74)"


def test_a_user_whom_the_system_does_not_know_can_be_served(
    home: Home, manager: Manager, units: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    home.run("service", "install")
    assert (units / "auld.service").exists()
    home.run("check")


def test_check_says_whether_it_is_installed_and_runs(home: Home, manager: Manager) -> None:
    def line() -> dict[str, str]:
        (found,) = [one for one in home.ask("check") if one["name"] == "service"]
        return dict(found)

    assert (line()["result"], line()["fix"]) == ("warn", "auld service install")
    home.run("service", "install")
    assert line()["result"] == "ok"
    assert "auld.service: runs since" in line()["detail"]


def test_check_tells_when_the_last_round_was_and_when_that_is_long_ago(home: Home, manager: Manager) -> None:
    def line(days: float) -> dict[str, str]:
        (found,) = [one for one in home.ask("check", now=after(days=days)) if one["name"] == "rounds"]
        return dict(found)

    assert "none yet" in line(0)["detail"]
    home.run("once")
    assert line(0.5) == {
        "name": "rounds",
        "result": "ok",
        "detail": "1 round, the last on 24 Nov 2026 11:00",
        "fix": "",
    }
    assert (line(3)["result"], line(3)["detail"]) == ("warn", "1 round, the last on 24 Nov 2026 11:00, 3 days ago")
    home.configure('[service]\nevery = "2 days"')
    assert line(3)["result"] == "ok"


def test_paths_with_spaces_and_signs_are_one_word_each(manager: Manager, tmp_path: Path) -> None:
    odd = Home(tmp_path / "a b%i$HOME").build()
    odd.run("service", "install")
    told = (Path(os.environ["HOME"]) / ".config/systemd/user/auld.service.d/auld.conf").read_text(encoding="utf-8")
    doubled = str(odd.path).replace("%", "%%")
    assert f'--config "{doubled}/config.toml"' in told
    assert f'ReadWritePaths="-{doubled}/state"' in told


def test_a_path_that_no_unit_can_name_is_refused(manager: Manager, tmp_path: Path, units: Path) -> None:
    odd = Home(tmp_path / "a\nb").build()
    assert "control character" in odd.run("service", "install", code=2).err
    assert not units.exists()


def test_a_wrong_config_or_none_installs_nothing(home: Home, manager: Manager, units: Path) -> None:
    home.configure("[rhythm]\ngaol = 8\n")
    home.run("service", "install", code=78)
    home.configure(accounts="")
    assert "no [[accounts]]" in home.run("service", "install", code=2).err
    assert not units.exists()
    home.config.unlink()
    home.run("service", "uninstall")
    home.run("service", "status", code=1)


def test_what_it_cannot_do_is_refused(home: Home, manager: Manager) -> None:
    assert 'not "start"' in home.run("service", "start", code=2).err
    assert "not with --system" in home.run("service", "install", "--system", "--timer", code=2).err


def test_help_has_examples(home: Home) -> None:
    out = home.run("service", "--help").out
    for line in ("auld service install --timer", "sudo auld service install --system", "auld service status --json"):
        assert line in out
