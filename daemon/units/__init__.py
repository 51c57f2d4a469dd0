"""The systemd units of auld: what they say, where they lie, and how they are put in place and taken away again.

Decides nothing about rounds. It knows systemd only by its command `systemctl`, and writes units and nothing else.
"""

from daemon.units.installing import Step, install, uninstall
from daemon.units.looking import Look, look
from daemon.units.places import Form, Place, find_places
from daemon.units.systemctl import NoSystemdError, Systemd
from daemon.units.text import Paths

__all__ = [
    "Form",
    "Look",
    "NoSystemdError",
    "Paths",
    "Place",
    "Step",
    "Systemd",
    "find_places",
    "install",
    "look",
    "uninstall",
]
