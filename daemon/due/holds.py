"""What holds a draft back although someone is due, each rule with a sentence the user reads in ``auld why``.

Holds never change when someone is due. All that apply are told, in the order of `HoldRule`; the first is what is shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from daemon.due.days import write_date
from daemon.due.history import find_refused, find_unsent, unanswered
from daemon.due.selection import is_muted
from daemon.due.state import is_left_alone, is_snoozed
from daemon.model import Decision, DraftRecord, Rate, Standing, Status
from daemon.settings import Settings

UNANSWERED_LIMIT: Final = 3  # so many sent drafts without an answer, and auld writes no more
MEETING_NOW: Final = "you are meeting now"
_THEIR_TURN: Final = timedelta(days=30)  # for so long an unanswered mail of theirs is the user's to answer
_LEAST_BACK_OFF: Final = 30.0  # days


class HoldRule(StrEnum):
    """What holds a draft back, in the order in which it is told."""

    MUTED = "muted"
    SNOOZED = "snoozed"
    PAUSED = "paused"
    FORGOTTEN = "forgotten"
    DRAFT_OPEN = "draft-open"
    OWN_DRAFT = "own-draft"
    MEETING_AHEAD = "meeting-ahead"
    THEY_WROTE_LAST = "they-wrote-last"
    NO_ADDRESS = "no-address"
    DEAD = "dead"
    DELETED_TWICE = "deleted-twice"
    DELETED = "deleted"
    NEVER_ANSWERED = "never-answered"
    UNANSWERED = "unanswered"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Hold:
    """One rule that holds a draft back, and the sentence that says so."""

    rule: HoldRule
    text: str


@dataclass(frozen=True, slots=True)
class Round:
    """What bears on everybody at one time.

    `own_drafts` are the addresses that the user's own drafts are to, without auld's; `unread` has one sentence for each
    enabled account that could not be read or whose first sync is not through; `forgets` tells a forgotten address.
    """

    settings: Settings
    now: datetime
    zone: ZoneInfo
    paused_until: datetime | None = None
    own_drafts: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()
    forgets: Callable[[str], bool] = lambda _: False


@dataclass(frozen=True, slots=True)
class _Case:
    standing: Standing
    rated: Rate
    decision: Decision | None
    records: Sequence[DraftRecord]
    round: Round

    def date(self, at: datetime) -> str:
        return write_date(at, self.round.zone)

    @property
    def rhythm(self) -> float:
        return self.rated.days if self.rated.days is not None else _LEAST_BACK_OFF


def holds(
    standing: Standing, rated: Rate, decision: Decision | None, records: Sequence[DraftRecord], around: Round
) -> tuple[Hold, ...]:
    """Return every hold on a person, in fixed order; `records` are the drafts to them, in any order."""
    case = _Case(standing, rated, decision, records, around)
    told = [Hold(rule, text) for rule, tell in _RULES.items() if (text := tell(case))]
    return (*told, *(Hold(HoldRule.UNREAD, text) for text in around.unread))


def has_never_answered(standing: Standing, records: Sequence[DraftRecord]) -> bool:
    """Say whether three drafts in a row were sent and not answered: no more are written, and ``auld check`` says so."""
    return len(unanswered(standing, records)) >= UNANSWERED_LIMIT


def _muted(case: _Case) -> str:
    if not is_muted(case.standing.person, case.decision):
        return ""
    return "muted" if case.decision is not None and case.decision.muted else "never = true in the config"


def _snoozed(case: _Case) -> str:
    if case.decision is None or case.decision.snoozed_until is None or not is_snoozed(case.decision, case.round.now):
        return ""
    return f"snoozed until {case.date(case.decision.snoozed_until)}"


def _paused(case: _Case) -> str:
    until = case.round.paused_until
    return f"all drafts are paused until {case.date(until)}" if until is not None and until > case.round.now else ""


def _forgotten(case: _Case) -> str:
    return "forgotten, as you asked" if any(map(case.round.forgets, case.standing.person.emails)) else ""


def _draft_open(case: _Case) -> str:
    record = find_unsent(case.records)
    return f"a draft of {case.date(record.created_at)} waits in {record.account}" if record is not None else ""


def _own_draft(case: _Case) -> str:
    if case.round.own_drafts.isdisjoint(case.standing.person.emails):
        return ""
    return "a draft of your own to them lies in Drafts"


def _meeting_ahead(case: _Case) -> str:
    at, horizon = case.standing.next_meeting_at, case.round.settings.rhythm.horizon
    if at is None or at > horizon.after(case.round.now, case.round.zone):
        return ""
    return MEETING_NOW if at <= case.round.now else f"you meet on {case.date(at)}, within {horizon}"


def _they_wrote_last(case: _Case) -> str:
    at = case.standing.unanswered_at
    if at is None or case.round.now - at >= _THEIR_TURN:
        return ""
    return f"they wrote last, on {case.date(at)}; it is yours to answer until {case.date(at + _THEIR_TURN)}"


def _no_address(case: _Case) -> str:
    return "" if case.standing.person.emails else "no address of theirs is known"


def _dead(case: _Case) -> str:
    emails = case.standing.person.emails
    if not emails or not case.standing.dead.issuperset(emails):
        return ""
    return "their address bounces" if len(emails) == 1 else f"all {len(emails)} known addresses bounce"


def _deleted_twice(case: _Case) -> str:
    if not is_left_alone(case.records, case.decision):
        return ""
    return "you deleted two drafts in a row: left alone until you unmute, keep or snooze them"


def _deleted(case: _Case) -> str:
    record = find_refused(case.records)
    if record is None:
        return ""
    until = _later(record.changed_at, max(case.rhythm / 2, _LEAST_BACK_OFF))
    if case.round.now >= until:
        return ""
    what = "you deleted a draft" if record.status is Status.DELETED else "a draft lay untouched until it was withdrawn"
    return f"{what} on {case.date(record.changed_at)}: not before {case.date(until)}"


def _never_answered(case: _Case) -> str:
    if not has_never_answered(case.standing, case.records):
        return ""
    return f"{UNANSWERED_LIMIT} drafts in a row were sent and not answered: no more until they answer or you meet"


def _unanswered(case: _Case) -> str:
    waiting = unanswered(case.standing, case.records)
    if not waiting:
        return ""
    until = _later(waiting[0].changed_at, 2 * case.rhythm)
    if case.round.now >= until:
        return ""
    return f"the draft sent on {case.date(waiting[0].changed_at)} is not answered: not before {case.date(until)}"


def _later(at: datetime, days: float) -> datetime:
    try:
        return at + timedelta(days=days)
    except OverflowError:
        return datetime.max.replace(tzinfo=at.tzinfo)


_RULES: Final[Mapping[HoldRule, Callable[[_Case], str]]] = MappingProxyType(
    {
        HoldRule.MUTED: _muted,
        HoldRule.SNOOZED: _snoozed,
        HoldRule.PAUSED: _paused,
        HoldRule.FORGOTTEN: _forgotten,
        HoldRule.DRAFT_OPEN: _draft_open,
        HoldRule.OWN_DRAFT: _own_draft,
        HoldRule.MEETING_AHEAD: _meeting_ahead,
        HoldRule.THEY_WROTE_LAST: _they_wrote_last,
        HoldRule.NO_ADDRESS: _no_address,
        HoldRule.DEAD: _dead,
        HoldRule.DELETED_TWICE: _deleted_twice,
        HoldRule.DELETED: _deleted,
        HoldRule.NEVER_ANSWERED: _never_answered,
        HoldRule.UNANSWERED: _unanswered,
    }
)
