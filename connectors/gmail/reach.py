"""How far back a read went, as its cursor keeps it: a moment (ISO 8601), ``""`` for no limit, None if not known."""

from datetime import datetime, timedelta
from typing import Final

_SLACK: Final = timedelta(days=2)
"""A month before the 31st is no later than one before the 30th, and the user's zone may change: no reason to read."""


def write_reach(since: datetime | None) -> str:
    """Return how far back a read goes."""
    return "" if since is None else since.isoformat()


def check_reach(kept: object) -> str | None:
    """Return what a cursor keeps.

    Raises:
        ValueError, TypeError: it is nothing that `write_reach` wrote.
    """
    if kept is None:
        return None
    if not isinstance(kept, str) or (kept and datetime.fromisoformat(kept).tzinfo is None):
        raise ValueError("no moment")
    return kept


def reaches_further(kept: str | None, since: datetime | None) -> bool:
    """Say whether `since` lies further back than a read went."""
    if not kept:
        return False
    return since is None or datetime.fromisoformat(kept) - since > _SLACK
