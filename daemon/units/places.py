"""The three forms in which auld runs under systemd, and where the files of each lie."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

SYSTEM_FOLDER: Final = Path("/etc/systemd/system")


class Form(StrEnum):
    """How auld runs: as a service of the user, by a timer of the user, or as a service of the system."""

    USER = "user"
    TIMER = "timer"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Place:
    """Where the files of one form lie, for one user.

    `unit` is what systemd is asked to enable and start; `service` the unit that runs auld; `shipped` the names of the
    files as they are in `systemd/`.
    """

    form: Form
    folder: Path
    unit: str
    service: str
    shipped: tuple[str, ...]

    @property
    def system(self) -> bool:
        """Whether the units are the system's."""
        return self.form is Form.SYSTEM

    @property
    def units(self) -> tuple[Path, ...]:
        """The unit files."""
        return tuple(self.folder / name for name in self.shipped)

    @property
    def dropin(self) -> Path:
        """The file that says what is particular to this installation."""
        return self.folder / f"{self.service}.d" / "auld.conf"

    @property
    def files(self) -> tuple[Path, ...]:
        """All files of this form."""
        return (*self.units, self.dropin)

    @property
    def installed(self) -> bool:
        """Whether it is there. The template of the system's units serves others too."""
        return self.dropin.exists() or (not self.system and any(unit.exists() for unit in self.units))

    @property
    def systemctl(self) -> str:
        """The beginning of a command that the user may type about these units."""
        return "sudo systemctl" if self.system else "systemctl --user"

    @property
    def journal(self) -> str:
        """The command that shows what the service said."""
        return f"{'sudo journalctl' if self.system else 'journalctl --user'} -e -u {self.service}"


def find_places(environ: Mapping[str, str], home: Path, user: str) -> dict[Form, Place]:
    """Return where each form lies."""
    # The XDG Base Directory Specification: a relative path in this variable is invalid and ignored.
    named = Path(environ.get("XDG_CONFIG_HOME", ""))
    own = (named if named.is_absolute() else home / ".config") / "systemd" / "user"
    instance = f"auld@{user}.service"
    return {
        Form.USER: Place(Form.USER, own, "auld.service", "auld.service", ("auld.service",)),
        Form.TIMER: Place(
            Form.TIMER, own, "auld-once.timer", "auld-once.service", ("auld-once.service", "auld-once.timer")
        ),
        Form.SYSTEM: Place(Form.SYSTEM, SYSTEM_FOLDER, instance, instance, ("auld@.service",)),
    }
