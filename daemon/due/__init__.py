"""Who is due, in which order, what holds a draft back, and how many may be written.

Pure: standings, config, earlier drafts and a clock in, answers out. Reads and writes nothing.
"""

from daemon.due.budget import Asker, Budget, is_within_goal
from daemon.due.filing import Filing, file_decisions, file_notes, file_records, latest_decision
from daemon.due.holds import Hold, HoldRule, Round, has_never_answered, holds
from daemon.due.occasions import (
    MATTERS,
    Around,
    choose_occasion,
    is_birthday_turn,
    new_year_candidates,
    wished_occasion,
    write_birthday_reason,
    write_new_year_reason,
)
from daemon.due.order import rank_due
from daemon.due.presence import Presence
from daemon.due.rate import rate
from daemon.due.rhythm import CONTACT_DAYS, Prior, learn_prior
from daemon.due.selection import circle_of, is_ignored, is_listed, is_suggested
from daemon.due.state import is_left_alone, is_unwanted, state

__all__ = [
    "CONTACT_DAYS",
    "MATTERS",
    "Around",
    "Asker",
    "Budget",
    "Filing",
    "Hold",
    "HoldRule",
    "Presence",
    "Prior",
    "Round",
    "choose_occasion",
    "circle_of",
    "file_decisions",
    "file_notes",
    "file_records",
    "has_never_answered",
    "holds",
    "is_birthday_turn",
    "is_ignored",
    "is_left_alone",
    "is_listed",
    "is_suggested",
    "is_unwanted",
    "is_within_goal",
    "latest_decision",
    "learn_prior",
    "new_year_candidates",
    "rank_due",
    "rate",
    "state",
    "wished_occasion",
    "write_birthday_reason",
    "write_new_year_reason",
]
