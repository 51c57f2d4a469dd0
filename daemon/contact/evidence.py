"""Why a person's last contact is what it is: what was counted, what was not, and for which rule."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from daemon.contact.attendance import attend, meeting_times
from daemon.contact.counting import DAY
from daemon.contact.mailrules import mark_rule
from daemon.contact.world import World
from daemon.ledger.moment import from_epoch
from daemon.model import Contact, Kind

_GOING_ON: Final = "it is going on"
_STILL_AHEAD: Final = "it is still ahead"
AHEAD_RULES: Final = frozenset({_GOING_ON, _STILL_AHEAD})  # of what may yet count


@dataclass(frozen=True, slots=True)
class Uncounted:
    """A mail or meeting with a person that is no contact, and the rule that says so."""

    at: datetime
    kind: Kind
    account: str
    rule: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Newest first, at most as many of each as were asked for; the totals are of all."""

    counted: Sequence[Contact]
    uncounted: Sequence[Uncounted]
    counted_total: int
    uncounted_total: int


def gather(world: World, person: int, limit: int) -> Evidence:
    """Return the evidence about a person."""
    touches = world.touches(person).all
    counted = [world.contact(touch, titled=place < 5) for place, touch in enumerate(reversed(touches[-limit:]))]  # noqa: PLR2004
    members = set(world.members(person))
    uncounted = [*_mails(world, person, members), *_meetings(world, person, members)]
    uncounted.sort(key=lambda one: one.at, reverse=True)
    return Evidence(counted, uncounted[:limit], len(touches), len(uncounted))


def gather_nobody(world: World, email: str, limit: int) -> Evidence:
    """Return the evidence about an address with no person behind it: nothing counts."""
    number = world.ledger.number(email)
    uncounted = _mails(world, -1, {number} if number is not None else set())
    uncounted.sort(key=lambda one: one.at, reverse=True)
    return Evidence([], uncounted[:limit], 0, len(uncounted))


def _mails(world: World, person: int, members: set[int]) -> list[Uncounted]:
    mails, mine = world.mails, world.census.mine
    theirs = {number for number, group in enumerate(world.ledger.groups) if not members.isdisjoint(group)}
    found = []
    for place, (at, sender, group, marks) in enumerate(
        zip(mails.at, mails.sender, mails.group, mails.marks, strict=True)
    ):
        if sender in members:
            kind = Kind.RECEIVED
        elif sender in mine and group in theirs:
            kind = Kind.SENT
        else:
            continue
        if marks:
            rule = mark_rule(marks)
        elif at > world.now + DAY:
            rule = "its date lies in the future"
        else:
            verdict = world.rules.judge(sender, group)
            if person in verdict.people:
                continue
            rule = verdict.rule or world.census.nobody.get(next(iter(members)), "there is no person behind it")
        account = world.ledger.accounts[mails.account[place]]
        found.append(Uncounted(from_epoch(at), kind, account, rule))
    return found


def _meetings(world: World, person: int, members: set[int]) -> list[Uncounted]:
    found = []
    for fact in world.meetings:
        if members.isdisjoint({fact.organizer, *(one.address for one in fact.invited)}):
            continue
        start, end = meeting_times(fact, world.days.localize)
        attendance = attend(fact, world.census, world.settings.contact.max_people)
        if end > world.now:
            rule = attendance.rule or (_GOING_ON if start <= world.now else _STILL_AHEAD)
        elif person in attendance.counts:
            continue
        else:
            rule = attendance.rule or attendance.refused.get(person, "they were not invited")
        found.append(Uncounted(from_epoch(end), Kind.MEETING, fact.account, rule))
    return found
