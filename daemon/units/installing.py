"""Putting units in place, and taking them away again. Both may be repeated; each thing that is done is told.

A file that was edited by hand is never overwritten and never deleted: it is told, and left to the user.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from daemon.units.places import Place
from daemon.units.systemctl import Systemd
from daemon.units.text import Paths, files, is_unedited

Step = Callable[[str], None]
"""Is told each thing that is done, as a sentence."""


def install(place: Place, paths: Paths, systemd: Systemd | None, owner: tuple[int, int] | None, step: Step) -> bool:
    """Write the units, let systemd read them, enable and start; return whether all of it could be done.

    `systemd` None: it cannot be asked, so that only files are written. `owner`: whose folders that are made are to be,
    as user and group id; None: of whom runs this.

    Raises:
        UnfitPathError: a path cannot stand in a unit.
        OSError: a file cannot be written.
    """
    told = files(place, paths)
    for folder in (paths.state, *paths.writes):
        _make_folder(folder, owner, step)
    done, changed = True, False
    for path, text in told.items():
        was = _read(path)
        if was == text:
            continue
        if was is not None and not is_unedited(was):
            step(f"left as it is: {path} was edited by hand. Move it away and install again to get the one of auld")
            done = False
            continue
        _write(path, text)
        changed = True
        step(f"written: {path}")
    if not changed and done:
        step(f"the units lie in {place.folder} as they are to be")
    return _start(place, systemd, step, changed=changed) and done if systemd is not None else done


def _start(place: Place, systemd: Systemd, step: Step, *, changed: bool) -> bool:
    runs = systemd.show(place.unit, "ActiveState").get("ActiveState") == "active"
    verbs = [("daemon-reload",), ("enable", place.unit)]
    verbs.append(("restart" if changed or not runs else "start", place.unit))
    for words in verbs:
        answer = systemd.ask(*words)
        if answer.code:
            step(f"{place.systemctl} {' '.join(words)} failed: {answer.reason}")
            step(f"what it said: {place.journal}")
            return False
    again = " again, as it is now" if changed and runs else ""
    step(f"enabled and started{again}: {place.unit}" if changed or not runs else f"enabled and running: {place.unit}")
    return True


def uninstall(place: Place, systemd: Systemd | None, step: Step) -> bool:
    """Stop, disable and delete the units; return whether all of it could be done. State and config stay.

    Raises:
        OSError: a file cannot be deleted.
    """
    done = True
    if systemd is not None:
        answer = systemd.ask("disable", "--now", place.unit)
        if answer.code:
            step(f"{place.systemctl} disable --now {place.unit} failed: {answer.reason}")
        else:
            step(f"stopped and disabled: {place.unit}")
    for path in place.files:
        was = _read(path)
        if was is None or (path in place.units and _serves_others(place)):
            continue
        if is_unedited(was):
            path.unlink()
            step(f"deleted: {path}")
        else:
            step(f"left where it is: {path} was edited by hand. Delete it if you want it gone")
            done = False
    for wanting in place.folder.glob("*.wants"):  # where systemd could not be asked
        if (link := wanting / place.unit).is_symlink():
            link.unlink()
            step(f"deleted: {link}")
    with suppress(OSError):  # something of the user's may lie in it
        place.dropin.parent.rmdir()
    if systemd is not None:
        systemd.ask("daemon-reload")
        systemd.ask("reset-failed", place.service)
    return done


def _serves_others(place: Place) -> bool:
    """Tell whether the template of the system's units runs auld for somebody else too."""
    return place.system and any(other != place.dropin for other in place.folder.glob("auld@*.service.d/auld.conf"))


def _read(path: Path) -> str | None:
    try:
        return path.read_text("utf-8", "surrogateescape")
    except FileNotFoundError:
        return None


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with _beside(path) as temporary:
        temporary.write_text(text, "utf-8", "surrogateescape")
        temporary.chmod(0o644)
        temporary.replace(path)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """Lend a file in the same folder, so that a kill leaves no half unit."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
    try:
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


def _make_folder(folder: Path, owner: tuple[int, int] | None, step: Step) -> None:
    # ReadWritePaths= lets a service write only where a folder is there when it starts.
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    for path in reversed(missing):
        path.mkdir(mode=0o700)
        if owner is not None:
            os.chown(path, *owner)
    if missing:
        step(f"made: {folder}")
