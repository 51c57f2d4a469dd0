"""One round: peek at drafts -> sync -> people -> reconcile -> due -> draft. What the service does at each turn.

A crash at any instant, at any step, then another round: no lost contact, no second draft, no lost cursor.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from daemon import due as rules
from daemon.drafting import Drafted, write_due
from daemon.drafts import peek, settle
from daemon.lookback import keep_look_back
from daemon.model import DraftRecord
from daemon.overview import Overview
from daemon.reading import keep_reached, look_around, read
from daemon.sync import Outcome, Progress
from daemon.turn import Turn, overview


@dataclass(frozen=True, slots=True)
class Report:
    """What a round did. `look_back` is the line about the month before, in the first round of a month; else ``""``."""

    outcomes: Sequence[Outcome]
    changed: Sequence[DraftRecord]
    drafted: Drafted
    faults: Sequence[str]
    look_back: str = ""


def run_round(turn: Turn, progress: Progress) -> Report:
    """Do one whole round, as the service does.

    Raises:
        StateError: the state cannot be written.
    """
    seen = peek(turn)
    outcomes = read(turn, (), progress)
    view = look_around(turn)
    changed = settle(turn, seen, view, [one.account for one in outcomes if not one.mail_read])
    drafted = write_due(turn, rules.Asker.SERVICE, unseen=seen.unseen)
    before = turn.state.meta.looked_back
    told = keep_look_back(turn, overview(turn)) if all(one.mail_read for one in outcomes) else ""
    keep_round(turn, overview(turn))
    meta = turn.state.meta
    line = meta.look_back if meta.looked_back != before else ""
    return Report(outcomes, changed, drafted, [*seen.faults, told] if told else seen.faults, line)


def keep_round(turn: Turn, view: Overview) -> None:
    """Note in the side file that a round is over, and whom it saw reached this month."""
    keep_reached(turn, view)
    side = turn.state.side()
    turn.state.store.write_side(
        replace(
            side,
            last_round_at=turn.now,
            next_round_at=turn.settings.service.every.after(turn.now, turn.zone),
            rounds=side.rounds + 1,
        )
    )
