"""What a meeting counts for, and for whom (rules: "What counts as contact")."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from connectors.types import Answer
from daemon.ledger import MeetingFact
from daemon.ledger.meetings import ALL_DAY, CANCELLED, EXTRAORDINARY, FLOATING, WITHHELD

GROUP_CALENDAR = "@group.calendar.google.com"


class People(Protocol):
    """What is asked of the census: who I am, and who is behind an address."""

    @property
    def mine(self) -> frozenset[int]:
        """Address numbers of mine."""
        ...

    @property
    def person_of(self) -> Sequence[int]:
        """The person behind each address, -1 for nobody."""
        ...

    @property
    def emails(self) -> Sequence[str]:
        """Every address, by number."""
        ...


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
    answers, through, mine = _answers(fact, people)
    others = sum(answer is not Answer.DECLINED for answer in answers.values())
    rule = _whole(fact, mine, others, max_people)
    coming = {person: through[person] for person, answer in answers.items() if answer is not Answer.DECLINED}
    if rule:
        mine_open = rule == NOT_ACCEPTED and mine not in {None, Answer.DECLINED}
        return Attendance(rule, {}, dict.fromkeys(answers, rule), others, coming if mine_open else {})
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
    return Attendance("", counts, refused, others, coming, signs)


def _answers(fact: MeetingFact, people: People) -> tuple[dict[int, Answer], dict[int, int], Answer | None]:
    """Return each person's answer, the address they were invited by, and my own answer (None: not invited)."""
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
        elif (person := _person(people, one.address)) >= 0:
            known = answers.get(person)
            if known is None or (known is Answer.NONE and one.answer is not Answer.NONE):
                answers[person], through[person] = one.answer, one.address
    return answers, through, mine


NOT_ACCEPTED = "you neither organised nor accepted it"


def _person(people: People, address: int) -> int:
    return -1 if address < 0 or address in people.mine else people.person_of[address]


def _whole(fact: MeetingFact, mine: Answer | None, others: int, max_people: int) -> str:
    """Return why the meeting as a whole does not count, "" if it may."""
    rules = (
        (fact.flags & CANCELLED, "it was cancelled"),
        (fact.flags & ALL_DAY, "it is all-day"),
        (fact.flags & EXTRAORDINARY, "it is no ordinary meeting (out-of-office, focus time and the like)"),
        (fact.flags & WITHHELD, "the calendar does not tell who was invited"),
        (others > max_people, f"{others} other people were invited; more than {max_people} is no personal contact"),
        (mine is not Answer.ACCEPTED, NOT_ACCEPTED),
    )
    return next((text for applies, text in rules if applies), "")


def meeting_times(fact: MeetingFact, localize: Callable[[int], int]) -> tuple[int, int]:
    """Return start and end in seconds since 1970 UTC; `localize` turns a floating moment into the user's zone."""
    if fact.flags & FLOATING:
        return localize(fact.start), localize(fact.end)
    return fact.start, fact.end
