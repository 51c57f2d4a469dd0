"""A world written to disk, as the two accounts of a config."""

from pathlib import Path
from typing import Final

from tests.quality.world import MAILDIR, MIXED, World

_CONFIG: Final = f"""\
state = "state"

[me]
name = "Robin Park"
emails = ["robin@example.com", "robin.park@work.example"]
timezone = "Europe/Amsterdam"

[[accounts]]
name = "home"
kind = "files"
sent = "home/Sent"
received = ["home/Inbox", "home/Folders"]
mail = "{MIXED}"
calendar = "home.ics"

[[accounts]]
name = "work"
kind = "files"
sent = "work/Sent"
received = ["work/Received", "work/INBOX"]
calendar = "work.ics"

[contact]
ignore = ["*@clinic.example"]

"""


def write_world(w: World, root: Path) -> Path:
    """Write mail, calendars and config below `root`; return the config. Boxes without mail are there, too."""
    w.post.write(root)
    w.agenda.write(root)
    for box in ("home/Folders/Friends", "home/Sent", "home/Inbox", "work/Sent", "work/Received", MIXED):
        (root / box).parent.mkdir(parents=True, exist_ok=True)
        (root / box).touch()
    for part in ("cur", "new", "tmp"):
        (root / MAILDIR / part).mkdir(parents=True, exist_ok=True)
    config = root / "config.toml"
    config.write_text(_CONFIG + "\n".join(w.entries), encoding="utf-8")
    return config
