"""For whom and from where a service of auld runs: the user, the program, the folders."""

import os
import pwd
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from connectors.errors import SettingsError
from daemon.cli.options import UsageError
from daemon.cli.session import Session
from daemon.config import ConfigError
from daemon.units import Form, Look, Paths, Place, find_places, look


@dataclass(frozen=True, slots=True)
class User:
    """Whose service it is."""

    name: str
    uid: int
    gid: int
    home: Path


def whoami() -> User:
    """Return who runs this; in a container that need not be anybody the system knows."""
    home = Path(os.environ.get("HOME", "/"))
    try:
        entry = pwd.getpwuid(os.getuid())
    except KeyError:
        return User(str(os.getuid()), os.getuid(), os.getgid(), home)
    return User(entry.pw_name, entry.pw_uid, entry.pw_gid, Path(os.environ.get("HOME") or entry.pw_dir))


def become_user() -> User:
    """Return for whom a service of the system is: under sudo, who typed it; config and home are theirs from then on."""
    name = os.environ.get("SUDO_USER", "")
    if name and os.getuid() == 0:
        with suppress(KeyError):
            entry = pwd.getpwnam(name)
            os.environ["HOME"] = entry.pw_dir
            for variable in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
                os.environ.pop(variable, None)
            return User(entry.pw_name, entry.pw_uid, entry.pw_gid, Path(entry.pw_dir))
    return whoami()


def places_of(user: User) -> Mapping[Form, Place]:
    """Return where each form of a user's service lies."""
    return find_places(os.environ, user.home, user.name)


def installed(forms: Mapping[Form, Place]) -> Place:
    """Return the place of the form that is installed: the user's service first; it, too, if there is none."""
    return next((place for place in forms.values() if place.installed), forms[Form.USER])


def installed_look(session: Session) -> Look:
    """Return how the units of whoever runs this stand, in the form that is installed."""
    user = whoami()
    return look(installed(places_of(user)), known_paths(session), user.name)


def paths_of(session: Session) -> Paths:
    """Return what a service of this installation works with.

    Raises:
        ConfigError, SettingsError: the config cannot work.
        UsageError: the program is not where a service could start it.
    """
    writes = [folder for one in session.accounts.all for folder in one.account.writes]
    whole = [Path(os.path.abspath(path)) for path in (session.config_path, session.folder, *writes)]  # noqa: PTH100
    return Paths(_program(), whole[0], whole[1], tuple(whole[2:]), whoami().home)


def known_paths(session: Session) -> Paths | None:
    """Return the same, None where the config does not tell."""
    with suppress(ConfigError, SettingsError, UsageError):
        return paths_of(session)
    return None


def _program() -> Path:
    """Return the whole path of the command `auld`: the one that runs, else the one beside this Python."""
    typed = which(sys.argv[0]) if Path(sys.argv[0]).name == "auld" else None
    found = typed or which("auld", path=str(Path(sys.executable).parent)) or which("auld")
    if found is None:
        raise UsageError(
            "the command auld is not found beside its Python: install auld again, then auld service install"
        )
    return Path(os.path.abspath(found))  # noqa: PTH100 -- a link to it outlives an upgrade, what it leads to may not
