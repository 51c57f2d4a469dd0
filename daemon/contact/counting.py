"""Every counted contact of every person, out of all mails and meetings. The one place that reads the whole ledger."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from daemon.contact.attendance import Attendance, attend, meeting_times
from daemon.contact.census import Census
from daemon.contact.copies import Mails
from daemon.contact.mailrules import MailRules
from daemon.ledger import MeetingFact
from daemon.model import Kind

DAY: Final = 86_400
_AHEAD: Final = 365 * DAY

# At one and the same moment sent wins over meeting, meeting over received.
RANKS: Final[Mapping[Kind, int]] = {Kind.RECEIVED: 0, Kind.MEETING: 1, Kind.MET: 1, Kind.SENT: 2}


class Touch(NamedTuple):
    """One counted contact, sortable by time; a tuple, because there are as many as mails.

    `place` is its position among mails, meetings or the contacts told by hand.
    """

    at: int
    rank: int
    place: int
    address: int
    others: int
    kind: Kind


@dataclass(slots=True)
class Touches:
    """What is counted for one person. Moments in seconds, 0 for never."""

    all: list[Touch] = field(default_factory=list)
    sent: int = 0
    received: int = 0
    written_at: int = 0  # my newest mail to them, counted or not
    met_at: int = 0
    heard_at: int = 0  # their newest counted mail
    signed: bool = False  # they accepted or organised a meeting
    next_at: int = 0


def count_mails(mails: Mails, rules: MailRules, census: Census, now: int) -> dict[int, Touches]:
    """Return the touches of each person that mail brought; up to 24 h ahead is taken as now, later does not count."""
    found: defaultdict[int, Touches] = defaultdict(Touches)
    judge, mine, latest = rules.judge, census.mine, now + DAY
    sent_rank, received_rank = RANKS[Kind.SENT], RANKS[Kind.RECEIVED]
    columns = zip(mails.at, mails.sender, mails.group, mails.marks, strict=True)
    for place, (moment, sender, group, marks) in enumerate(columns):
        if marks or moment > latest:
            continue
        at = min(moment, now)
        verdict = judge(sender, group)
        if sender in mine:
            for person in rules.in_group(group):
                touches = found[person]
                touches.written_at = max(touches.written_at, at)
            for person, address in verdict.people.items():
                touches = found[person]
                touches.sent += 1
                touches.all.append(Touch(at, sent_rank, place, address, verdict.others, Kind.SENT))
        else:
            for person, address in verdict.people.items():
                touches = found[person]
                touches.received += 1
                touches.heard_at = max(touches.heard_at, at)
                touches.all.append(Touch(at, received_rank, place, address, verdict.others, Kind.RECEIVED))
    return dict(found)


def count_meetings(
    meetings: Sequence[MeetingFact],
    census: Census,
    max_people: int,
    now: int,
    localize: Callable[[int], int],
    found: dict[int, Touches],
) -> None:
    """Add to `found` what meetings brought, and when each person is met next."""
    for place, fact in enumerate(meetings):
        start, end = meeting_times(fact, localize)
        if start > now + _AHEAD:
            continue
        attendance: Attendance = attend(fact, census, max_people)
        if end > now:
            for person in attendance.ahead:
                touches = found.setdefault(person, Touches())
                if not touches.next_at or start < touches.next_at:
                    touches.next_at = start
            continue
        for person, address in attendance.counts.items():
            touches = found.setdefault(person, Touches())
            touches.all.append(Touch(end, RANKS[Kind.MEETING], place, address, attendance.others, Kind.MEETING))
            touches.met_at = max(touches.met_at, end)
            touches.signed = touches.signed or person in attendance.signs
