"""Where the config file and the state lie. Looks at names only; whether anything is there is asked elsewhere."""

from collections.abc import Mapping
from pathlib import Path

from daemon.settings import Settings


def find_config(given: str | None, environ: Mapping[str, str]) -> Path:
    """Return the config file: `given` (from --config), else $AULD_CONFIG, else $XDG_CONFIG_HOME/auld/config.toml."""
    named = given or environ.get("AULD_CONFIG")
    if named:
        return at_home(named, environ)
    return _base("XDG_CONFIG_HOME", ".config", environ) / "auld" / "config.toml"


def find_state(given: str | None, settings: Settings, environ: Mapping[str, str]) -> Path:
    """Return the state folder.

    It is `given` (from --state), else `state` of the config, relative to the file, else $STATE_DIRECTORY (which systemd
    sets; the first of several), else $XDG_STATE_HOME/auld.
    """
    if given:
        return at_home(given, environ)
    if settings.state:
        return settings.folder / at_home(settings.state, environ)
    if directory := environ.get("STATE_DIRECTORY", "").partition(":")[0]:
        return Path(directory)
    return _base("XDG_STATE_HOME", ".local/state", environ) / "auld"


def at_home(written: str, environ: Mapping[str, str]) -> Path:
    """Return the path `written`, with ``~`` as the user's home."""
    if written == "~" or written.startswith("~/"):
        return home(environ) / written[2:]
    return Path(written)


def home(environ: Mapping[str, str]) -> Path:
    """Return the user's home folder: $HOME, else that of the user database, else where we are."""
    if named := environ.get("HOME"):
        return Path(named)
    try:
        return Path.home()
    except RuntimeError:
        return Path()


def _base(variable: str, usual: str, environ: Mapping[str, str]) -> Path:
    # The XDG Base Directory Specification: a relative path in these variables is invalid and ignored.
    named = Path(environ.get(variable, ""))
    return named if named.is_absolute() else home(environ) / usual
