"""Where files of docs/ and systemd/ lie, which sentences name: beside the packages, or within this one if installed."""

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_ROOT: Final = _HERE if (_HERE / "docs").is_dir() else _HERE.parent


def page(place: str) -> str:
    """Return the whole path of a page, given like "docs/google.md, step 5"."""
    return str(_ROOT / place)
