"""The command `auld service`: units installed, taken away, looked at."""

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from connectors.pages import page
from daemon.cli.installation import User, become_user, installed, known_paths, paths_of, places_of, whoami
from daemon.cli.options import DONE, NEEDS_USER, UsageError
from daemon.cli.output import moment, plain, print_json, say
from daemon.cli.session import Session
from daemon.config import ConfigError
from daemon.units import Form, Look, NoSystemdError, Place, Systemd, install, look, uninstall

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

BY_HAND: Final = f"Let cron or another timer run `auld once`: {page('systemd/README.md')} shows how."
FLAG: Final = {Form.USER: "", Form.TIMER: " --timer", Form.SYSTEM: " --system"}


def service(session: Session, what: str, form: Form, *, as_json: bool) -> int:
    """Do what was asked with the units of one form; for `status`, of the one that is installed."""
    if what not in {"install", "uninstall", "status"}:
        raise UsageError(f'auld service install, uninstall or status; not "{plain(what)}"')
    user = become_user() if form is Form.SYSTEM else whoami()
    forms = places_of(user)
    if what == "status":
        place = installed(forms) if form is Form.USER else forms[form]
        return _status(session, look(place, known_paths(session), user.name), as_json=as_json)
    if what == "uninstall":
        return _uninstall(forms, form)
    return _install(session, forms, forms[form], user)


def _install(session: Session, forms: Mapping[Form, Place], place: Place, user: User) -> int:
    from daemon.cli.reading import check_names  # noqa: PLC0415

    check_names(session, ())
    for form, other in forms.items():
        if other.installed and form is not place.form:
            raise UsageError(f"{other.unit} is installed, and one is enough. First: {_removal(other)}")
    paths = paths_of(session)
    systemd, reason = _reach(place)
    if systemd is None and reason is not None and reason.absent:
        say(f"Nothing was installed: {reason}. {BY_HAND}")
        return NEEDS_USER
    owner = (user.uid, user.gid) if os.getuid() != user.uid else None
    try:
        done = install(place, paths, systemd, owner, _tell)
    except PermissionError as err:
        if not place.system:
            raise
        raise UsageError(f"{err.filename} may not be written: sudo auld service install --system") from err
    if systemd is None:
        say(f"The units are not started: {reason}. Sign in at the desktop or by ssh, not by su or sudo; then:")
        for words in ("daemon-reload", f"enable --now {place.unit}"):
            say(f"  {place.systemctl} {words}")
        return NEEDS_USER
    if done and not place.system:
        _tell_linger(user.name)
    if done:
        say(f"How it goes: auld service status, auld status. To take it away: {_removal(place)}")
    return DONE if done else NEEDS_USER


def what_to_do(found: Look) -> str:
    """Return what to do where nothing is installed."""
    _, reason = _reach(found.place)
    return BY_HAND if reason is not None and reason.absent else found.fix


def _tell_linger(user: str) -> None:
    from daemon.units.systemctl import lingers  # noqa: PLC0415

    if lingers(user) is False:
        say(f"It runs while you are signed in. To let it run always: loginctl enable-linger {user}")


def _uninstall(forms: Mapping[Form, Place], form: Form) -> int:
    wished = [forms[Form.SYSTEM]] if form is Form.SYSTEM else [forms[Form.USER], forms[Form.TIMER]]
    found = [place for place in wished if place.installed]
    if not found:
        other = forms[Form.USER if form is Form.SYSTEM else Form.SYSTEM]
        hint = f"; {other.unit} is: {_removal(other)}" if other.installed else ""
        say(f"Nothing of it is installed{hint}.")
        return DONE
    done = True
    for place in found:
        systemd, reason = _reach(place)
        if reason is not None:
            say(f"{reason}: only the files are deleted.".capitalize())
        try:
            done &= uninstall(place, systemd, _tell)
        except PermissionError as err:
            if not place.system:
                raise
            raise UsageError(f"{err.filename} may not be deleted: sudo auld service uninstall --system") from err
    say("Config and state are left as they are.")
    return DONE if done else NEEDS_USER


def _removal(place: Place) -> str:
    return "sudo auld service uninstall --system" if place.system else "auld service uninstall"


def _reach(place: Place) -> tuple[Systemd | None, NoSystemdError | None]:
    systemd = Systemd(system=place.system)
    try:
        systemd.reach()
    except NoSystemdError as err:
        return None, err
    return systemd, None


def _tell(sentence: str) -> None:
    say(sentence)


# -- status --------------------------------------------------------------------------------------------------------


def _status(session: Session, found: Look, *, as_json: bool) -> int:
    well = found.installed and found.runs and not (found.trouble or found.outdated)
    if as_json:
        print_json({"healthy": well, **_document(found)})
        return DONE if well else NEEDS_USER
    zone = None
    with suppress(ConfigError):
        zone = session.zone
    for line in sentences(found, zone):
        print(plain(line, 600))
    if found.installed:
        print(f"what it said: {found.place.journal}")
    return DONE if well else NEEDS_USER


def _document(found: Look) -> dict[str, Any]:
    place = found.place
    return {
        "unit": place.unit,
        "form": str(place.form),
        "installed": found.installed,
        "enabled": found.enabled == "enabled",
        "running": found.runs,
        "active": found.active or None,
        "status": found.words or None,
        "since": found.since,
        "restarts": found.restarts,
        "outdated": found.outdated,
        "edited": list(found.edited),
        "lingers": found.lingers,
        "files": [str(path) for path in place.files if path.exists()],
        "detail": found.trouble,
        "fix": found.fix,
    }


def sentences(found: Look, zone: "ZoneInfo | None") -> Sequence[str]:
    """Return how the units stand, a line each."""
    place = found.place
    if not found.installed:
        return [f"not installed: {what_to_do(found)}"]
    since = f" since {moment(found.since, zone)}" if found.since is not None else ""
    restarts = f", started again {found.restarts} times after failures" if found.restarts else ""
    lines = [f"{place.unit}: {'runs' if found.runs else found.active or 'unknown'}{since}{restarts}"]
    lines += [f"  {found.words}"] if found.words else []
    lines += [f"  {found.trouble}: {found.fix}"] if found.trouble else []
    lines += [f"  edited by hand: {path}" for path in found.edited]
    if found.outdated:
        lines += [f"  the units are of another config or version: auld service install{FLAG[place.form]}"]
    if found.lingers is False:
        lines += ["  it runs only while you are signed in; always: loginctl enable-linger"]
    return lines
