"""Where the pages of docs/ lie that a sentence names: beside the packages, or in an installed one within this one."""

from pathlib import Path
from typing import Final

_HERE: Final = Path(__file__).parent
_ROOT: Final = _HERE if (_HERE / "docs").is_dir() else _HERE.parent


def page(place: str) -> str:
    """Return the whole path of a page, given like "docs/google.md, step 5"."""
    return str(_ROOT / place)
