"""What one turn works with: the state, the config, the opened accounts and the clock."""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.accounts import Accounts
from daemon.overview import Overview, survey
from daemon.settings import Settings
from daemon.state import State


@dataclass(frozen=True, slots=True)
class Turn:
    """What a round works with. `resting` are the names of accounts that it leaves alone, `views` is for `overview`."""

    state: State
    settings: Settings
    accounts: Accounts
    now: datetime
    zone: ZoneInfo
    resting: frozenset[str] = frozenset()
    views: dict[int, Overview] = field(default_factory=dict, compare=False, repr=False)


def overview(turn: Turn) -> Overview:
    """Derive everybody, anew if the state is another one than the last time."""
    generation, views = turn.state.store.generation, turn.views
    if generation not in views:
        views.clear()
        views[generation] = survey(turn.state, turn.settings, turn.accounts.taking_drafts(), turn.now, turn.zone)
    return views[generation]
