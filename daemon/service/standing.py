"""How the service stands, for `auld status`: a small file beside the state that only the service writes.

Losing it is harmless. Whether the service runs at all is told by its lock, which the kernel drops when it ends.
"""

import json
import logging
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, Self

from daemon.store import Lock, disk
from daemon.store.errors import explain

log = logging.getLogger(__name__)

_NAME: Final = "service.json"
_LOCK: Final = "service.lock"
_LONGEST: Final = 600  # characters of trouble


@dataclass(frozen=True, slots=True)
class Standing:
    """How the service stands.

    `next_round_at` is when it plans the next round, `round_since` when the one under way began. `trouble` is why no
    round was done lately, as a sentence, `trouble_since` since when, `rounds_failed` how many in a row.
    """

    next_round_at: datetime | None = None
    round_since: datetime | None = None
    trouble: str = ""
    trouble_since: datetime | None = None
    rounds_failed: int = 0

    def write(self, folder: Path) -> None:
        """Keep it in the state folder; a failure is only logged, at DEBUG: a full disk is told elsewhere."""
        fields = {name: getattr(self, name) for name in self.__slots__} | {"trouble": self.trouble[:_LONGEST]}
        try:
            disk.put_lightly(folder / _NAME, json.dumps(fields, default=datetime.isoformat).encode())
        except OSError as err:
            log.debug("cannot write %s: %s", folder / _NAME, err.strerror)

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Return what is kept in the state folder; nothing, if that is broken."""
        try:
            fields = json.loads(disk.read(folder / _NAME) or b"{}")
            return cls(
                _instant(fields.get("next_round_at")),
                _instant(fields.get("round_since")),
                str(fields.get("trouble", "")),
                _instant(fields.get("trouble_since")),
                int(fields.get("rounds_failed", 0)),
            )
        except (OSError, ValueError, TypeError, AttributeError):
            return cls()


def take_post(folder: Path) -> Lock:
    """Be the one service over a state folder, until the lock is released or the process ends.

    Raises:
        Busy: there is one already.
        StateError: the folder cannot be written to.
    """
    try:
        disk.make_folder(folder)
    except OSError as err:
        raise explain(err, "create the state folder", folder) from err
    return Lock.take(folder / _LOCK, "serves")


def holder(folder: Path) -> str:
    """Return who is the service over a state folder ("process 12: auld run"), "" if nobody is."""
    return Lock.holder(folder / _LOCK)


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return at
