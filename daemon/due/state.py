"""Where a person stands: muted, snoozed, drafted, listed, suggested or quiet; the first that fits."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from daemon.due.history import deleted_in_a_row, find_unsent
from daemon.due.selection import is_listed, is_muted, is_suggested
from daemon.model import Decision, DraftRecord, Standing, State
from daemon.settings import Settings

DELETED_LIMIT: Final = 2  # so many drafts deleted in a row, and auld leaves the person alone


def state(
    standing: Standing,
    settings: Settings,
    now: datetime,
    zone: ZoneInfo,
    decision: Decision | None,
    records: Sequence[DraftRecord],
) -> State:
    """Return where a person stands; `records` are the drafts to them.

    Two drafts deleted in a row make anybody quiet, listed or not, until the user says otherwise: unmutes, keeps,
    snoozes (a `Decision` made after).
    """
    if is_muted(standing.person, decision):
        return State.MUTED
    if is_snoozed(decision, now):
        return State.SNOOZED
    if find_unsent(records) is not None:
        return State.DRAFTED
    if is_left_alone(records, decision):
        return State.QUIET
    if is_listed(standing.person, decision):
        return State.LISTED
    return State.SUGGESTED if is_suggested(standing, settings, now, zone) else State.QUIET


def is_snoozed(decision: Decision | None, now: datetime) -> bool:
    """Say whether the user said "not now" and that time is not over."""
    return decision is not None and decision.snoozed_until is not None and decision.snoozed_until > now


def is_unwanted(standing: Standing, decision: Decision | None, now: datetime) -> bool:
    """Say whether the user wants no draft to them now (muted, snoozed), so that an untouched one is withdrawn."""
    return is_muted(standing.person, decision) or is_snoozed(decision, now)


def is_left_alone(records: Sequence[DraftRecord], decision: Decision | None) -> bool:
    """Say whether the user deleted so many drafts in a row that it is a no, and said nothing since."""
    return deleted_in_a_row(records, decision) >= DELETED_LIMIT
