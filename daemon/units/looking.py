"""How the units stand: installed, as auld would write them now, enabled, running."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from daemon.units.places import Form, Place
from daemon.units.systemctl import NoSystemdError, Systemd, lingers
from daemon.units.text import Paths, files, is_unedited

_NO_SANDBOX: Final = {
    "217",
    "218",
    "226",
}  # EXIT_USER, EXIT_CAPABILITIES, EXIT_NAMESPACE: systemd.exec(5), "Process Exit Codes"
_UP: Final = {"active", "reloading"}


@dataclass(frozen=True, slots=True)
class Look:
    """How one form stands.

    `edited` are files that were edited by hand; `outdated` says that the others differ from what would be written now.
    `active`, `enabled` and `words` are systemd's own, "" where it could not be asked, which `trouble` then tells.
    `lingers`: whether a user's service runs without the user being signed in; None if that is unknown or no matter.
    """

    place: Place
    installed: bool
    edited: tuple[str, ...] = ()
    outdated: bool = False
    active: str = ""
    enabled: str = ""
    words: str = ""
    since: datetime | None = None
    restarts: int = 0
    trouble: str = ""
    fix: str = ""
    lingers: bool | None = None

    @property
    def runs(self) -> bool:
        """Whether it is at work, or waits for its time."""
        return self.active in _UP


def look(place: Place, paths: Paths | None, user: str) -> Look:
    """Return how a form stands; `paths` None: what it would say now is not known."""
    if not place.installed:
        return Look(place, installed=False, fix="auld service install" + (" --system" if place.system else ""))
    texts = {path: path.read_text("utf-8", "surrogateescape") for path in place.files if path.exists()}
    edited = tuple(str(path) for path, text in texts.items() if not is_unedited(text))
    wished = files(place, paths) if paths is not None else texts
    outdated = any(str(path) not in edited and texts.get(path) != text for path, text in wished.items())
    systemd = Systemd(system=place.system)
    try:
        systemd.reach()
    except NoSystemdError as err:
        return Look(place, True, edited, outdated, trouble=str(err), fix="look from where systemd can be reached")
    told = systemd.show(
        place.unit, "ActiveState", "UnitFileState", "StatusText", "ActiveEnterTimestamp", "NRestarts", "Result"
    )
    ran = systemd.show(place.service, "ExecMainStatus", "Result")
    active = told.get("ActiveState", "")
    trouble, fix = _trouble(place, active, ran.get("ExecMainStatus", ""), ran.get("Result", ""))
    if not trouble and told.get("UnitFileState") != "enabled":
        trouble, fix = "it is not enabled: it will not start by itself", _command(place)
    return Look(
        place, True, edited, outdated, active, told.get("UnitFileState", ""), told.get("StatusText", ""),
        _moment(told.get("ActiveEnterTimestamp", "")) if active in _UP else None,
        int(told.get("NRestarts") or 0), trouble, fix, None if place.system else lingers(user),
    )  # fmt: skip


def _trouble(place: Place, active: str, status: str, result: str) -> tuple[str, str]:
    """Return what is wrong and what to do, both "" if all is well."""
    if status in _NO_SANDBOX and result != "success":
        return (
            f"this system does not let it have its sandbox (exit status {status})",
            'systemd/README.md, "Where the sandbox cannot be had"',
        )
    if active in _UP and (place.unit == place.service or result in {"", "success"}):
        return "", ""
    restart = f"{place.systemctl} restart {place.unit}"
    known = {
        "77": ("every account needs you to sign in", f"auld status, then auld login ACCOUNT, then {restart}"),
        "78": ("the config is wrong", f"auld check, then {restart}"),
    }
    if active == "activating":
        return "it is about to start, or to start again after a failure", place.journal
    if active == "failed" or active in _UP:  # a timer waits on, whatever became of its last round
        return known.get(status, (f"it failed ({result}, exit status {status})", place.journal))
    return "it does not run", restart


def _command(place: Place) -> str:
    extra = {Form.USER: "", Form.TIMER: " --timer", Form.SYSTEM: " --system"}[place.form]
    return f"{'sudo ' if place.system else ''}auld service install{extra}"


def _moment(told: str) -> datetime | None:
    """Read systemd's time, like "@1790000000"; it is empty, or 0, for never."""
    with suppress(ValueError):
        return datetime.fromtimestamp(int(told.removeprefix("@")), UTC) if told.strip("@0") else None
    return None
