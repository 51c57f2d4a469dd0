"""What a meeting counts for, and for whom (rules: "What counts as contact")."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from connectors.types import Answer
from daemon.ledger import MeetingFact
from daemon.ledger.meetings import ALL_DAY, CANCELLED, EXTRAORDINARY, FLOATING, WITHHELD

GROUP_CALENDAR = "@group.calendar.google.com"


class People(Protocol):
    """What is asked of the census."""

    @property
    def mine(self) -> frozenset[int]: ...
    @property
    def person_of(self) -> Sequence[int]: ...
    @property
    def emails(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Attendance:
    """One meeting as the rules see it.

    `rule` is "" when the meeting as a whole may count, else why it does not. `counts` are the persons it counts for,
    each with the address they were invited by; `refused` those it does not, with the reason. `others` is n. `ahead` are
    the persons it would be a meeting with, were it still to come.
    """

    rule: str
    counts: Mapping[int, int]
    refused: Mapping[int, str]
    others: int
    ahead: Mapping[int, int]
    signs: Collection[int] = ()  # persons who accepted or organised


def attend(fact: MeetingFact, people: People, max_people: int) -> Attendance:
    """Judge a meeting, whenever it is: the caller looks at the clock."""
    organizer = fact.organizer
    if organizer >= 0 and people.emails[organizer].endswith(GROUP_CALENDAR):
        organizer = fact.creator
    answers: dict[int, Answer] = {}
    through: dict[int, int] = {}
    mine = Answer.ACCEPTED if organizer in people.mine else None
    if fact.invited and organizer >= 0 and (person := _person(people, organizer)) >= 0:
        answers[person], through[person] = Answer.ACCEPTED, organizer
    for one in fact.invited:
        if one.resource:
            continue
        if one.address in people.mine:
            mine = one.answer if mine is None or one.answer is Answer.ACCEPTED else mine
            continue
        person = _person(people, one.address)
        if person < 0:
            continue
        if person not in answers or (answers[person] is Answer.NONE and one.answer is not Answer.NONE):
            answers[person], through[person] = one.answer, one.address
    others = sum(answer is not Answer.DECLINED for answer in answers.values())
    rule = _whole(fact, mine, others, max_people)
    coming = {person: through[person] for person, answer in answers.items() if answer is not Answer.DECLINED}
    counts = {}
    refused = {}
    for person, answer in answers.items():
        if answer is Answer.ACCEPTED or (answer is not Answer.DECLINED and others == 1):
            counts[person] = through[person]
        elif answer is Answer.DECLINED:
            refused[person] = "they declined"
        else:
            refused[person] = f"they did not accept, and {others} others were invited"
    signs = [person for person, answer in answers.items() if answer is Answer.ACCEPTED]
    if rule not in {"", NOT_ACCEPTED}:
        return Attendance(rule, {}, dict.fromkeys(answers, rule), others, {})
    if rule:
        ahead = {} if mine in {None, Answer.DECLINED} else coming
        return Attendance(rule, {}, dict.fromkeys(answers, rule), others, ahead)
    return Attendance("", counts, refused, others, coming, signs)


NOT_ACCEPTED = "I neither organised nor accepted it"


def _person(people: People, address: int) -> int:
    return -1 if address < 0 or address in people.mine else people.person_of[address]


def _whole(fact: MeetingFact, mine: Answer | None, others: int, max_people: int) -> str:
    if fact.flags & CANCELLED:
        return "it was cancelled"
    if fact.flags & ALL_DAY:
        return "it is all-day"
    if fact.flags & EXTRAORDINARY:
        return "it is no ordinary meeting (out-of-office, focus time and the like)"
    if fact.flags & WITHHELD:
        return "the calendar does not tell who was invited"
    if others > max_people:
        return f"{others} other people were invited; more than {max_people} is no personal contact"
    if mine is not Answer.ACCEPTED:
        return NOT_ACCEPTED
    return ""


def meeting_times(fact: MeetingFact, localize: Callable[[int], int]) -> tuple[int, int]:
    """Return start and end in seconds since 1970 UTC; `localize` turns a floating moment into the user's zone."""
    if fact.flags & FLOATING:
        return localize(fact.start), localize(fact.end)
    return fact.start, fact.end
