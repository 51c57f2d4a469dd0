"""What auld knows, kept on disk such that no kill, no power cut and no full disk can lose or mix it.

A folder holds `ledger.json` (the newest snapshot of all tables), `ledger.1.json` to `ledger.3.json` (the ones before),
`journal.jsonl` (the commits of a first read since the newest snapshot), `lock` (who writes), `status.json` (how the
last round went) and, if anything was ever damaged, `quarantine/`. Documents are plain JSON here; what they mean is
decided above. This room alone imports TinyDB.
"""

from daemon.store.change import Change
from daemon.store.errors import Busy, StateError
from daemon.store.lock import Lock
from daemon.store.recovery import quarantined
from daemon.store.side import AccountHealth, Health, Prospect, SideStatus, read_side, write_side
from daemon.store.state import Store

__all__ = [
    "AccountHealth",
    "Busy",
    "Change",
    "Health",
    "Lock",
    "Prospect",
    "SideStatus",
    "StateError",
    "Store",
    "quarantined",
    "read_side",
    "write_side",
]
