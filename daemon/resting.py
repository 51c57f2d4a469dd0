"""Which accounts a round of the service leaves alone for now: asking them again would be in vain, or is not wanted.

Whoever types a command gets what was asked for: only the service, which asks all by itself, lets an account rest.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from daemon.store import AccountHealth

_PATIENCE: Final = 3
"""Failures in a row after which the next round still asks: a network is mostly back soon."""
_PAUSE: Final = timedelta(minutes=15)
_LONGEST: Final = timedelta(hours=1)
_SIGN_IN: Final = timedelta(hours=6)
"""Between two tries with a sign-in that is dead; a new one is taken at once."""
_FARTHEST: Final = timedelta(days=1)
"""No account is left alone for longer, whatever its provider says."""


def rests(last: AccountHealth | None, now: datetime, folder: Path) -> bool:
    """Say whether an account is to be left alone at `now`; `folder` is the state folder."""
    if last is None or last.again_at is None or last.read_at is None:
        return False
    if now < last.read_at:
        return False  # the clock was set back: what it said then means nothing now
    return now < last.again_at and not signed_in_since(last, folder)


def after_failure(
    health: AccountHealth, old: AccountHealth | None, retry_after: timedelta | None, folder: Path
) -> AccountHealth:
    """Return `health`, as it was just found, with how long that has been so and when to ask again.

    Args:
        health: how the account is as of its `read_at`.
        old: how it was before, None if that is not known.
        retry_after: how long the provider wants to be left alone, None if it told nothing.
        folder: the state folder.
    """
    now = health.read_at
    if health.health == "ok" or now is None:
        return health
    failing = old is not None and old.health != "ok"
    failures = (old.failures if failing and old is not None else 0) + 1
    since = old.failing_since if failing and old is not None and old.failing_since is not None else now
    pause = _SIGN_IN if health.health == "needs-login" else max(_pause(failures), retry_after or timedelta())
    return replace(
        health,
        failing_since=min(since, now),
        failures=failures,
        again_at=now + min(pause, _FARTHEST) if pause else None,
        stamp=_stamp(folder, health.name),
    )


def signed_in_since(last: AccountHealth, folder: Path) -> bool:
    """Say whether the sign-in of an account is another one than when it was found as it is."""
    return last.stamp != _stamp(folder, last.name)


def _pause(failures: int) -> timedelta:
    if failures <= _PATIENCE:
        return timedelta()
    return min(_LONGEST, _PAUSE * (1 << min(failures - _PATIENCE, 8)))


def _stamp(folder: Path, name: str) -> int:
    """Return a number that changes when the account's sign-in does; 0 if there is none."""
    try:
        return max((one.stat().st_mtime_ns for one in (folder / "secrets" / name).iterdir()), default=0)
    except OSError:
        return 0
