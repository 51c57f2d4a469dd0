"""What a mail counts for, and for whom (rules: "What counts as contact"), given who is a person."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple, Protocol

from connectors.types import Mark
from daemon.contact.copies import TRUNCATED_MARK
from daemon.model import Kind

MARK_RULES: Mapping[int, str] = {
    Mark.RETURN_PATH_EMPTY: "automatic mail (its Return-Path is empty)",
    Mark.FAILED_RECIPIENTS: "a delivery failure (X-Failed-Recipients)",
    Mark.AUTO_SUBMITTED: "automatic mail (Auto-Submitted)",
    Mark.PRECEDENCE: "bulk mail (Precedence)",
    Mark.LIST_ID: "mailing-list mail (List-Id)",
    Mark.LIST_UNSUBSCRIBE: "bulk mail (List-Unsubscribe)",
    Mark.LIST_POST: "mailing-list mail (List-Post)",
    Mark.REPORT: "a report (multipart/report)",
    Mark.RECEIPT: "a read receipt",
    Mark.CALENDAR: "calendar mail (text/calendar)",
    Mark.AUTOREPLY: "an automatic reply",
    Mark.MACHINE: "a notification that a program wrote",
    TRUNCATED_MARK: "far too many recipients to be personal",
}

_TELLING = (Mark.RECEIPT, Mark.CALENDAR, Mark.AUTOREPLY, Mark.FAILED_RECIPIENTS, Mark.MACHINE)


def mark_rule(marks: int) -> str:
    """Return why mail with these marks is no contact; the most telling mark is named."""
    for mark in (*_TELLING, *MARK_RULES):
        if marks & mark:
            return MARK_RULES[mark]
    return ""


class Verdict(NamedTuple):
    """What a personal mail from one sender to one group counts for; a tuple, because there are nearly as many as mails.

    `people` are the persons it counts for, each with their address on it; `others` how many people but me it was
    shared with, the sender included; `rule` why it counts for nobody, "" if it does.
    """

    kind: Kind
    people: Mapping[int, int]
    others: int
    rule: str = ""


_NONE: Final[Mapping[int, int]] = {}


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

    def people_in(self, numbers: Sequence[int]) -> dict[int, int]:
        """Return the persons behind `numbers`, each with one address of theirs among them."""
        ...


class MailRules:
    """Judges mails by sender and recipients; each pair once. What comes out the same is one object."""

    def __init__(self, groups: Sequence[tuple[int, ...]], people: People, max_people: int) -> None:
        self._groups = groups
        self._people = people
        self._max = max_people
        self._verdicts: dict[tuple[int, int], Verdict] = {}
        self._in_group: dict[int, dict[int, int]] = {}
        self._received: dict[tuple[int, int], Verdict] = {}  # by sender and how many others

    def in_group(self, group: int) -> dict[int, int]:
        """Return the persons among the recipients, each with their address there."""
        people = self._in_group.get(group)
        if people is None:
            people = self._in_group[group] = self._people.people_in(self._groups[group])
        return people

    def judge(self, sender: int, group: int) -> Verdict:
        """Return what a mail without marks counts for."""
        verdict = self._verdicts.get((sender, group))
        if verdict is None:
            verdict = self._verdicts[sender, group] = self._judge(sender, group)
        return verdict

    def _judge(self, sender: int, group: int) -> Verdict:
        people = self.in_group(group)
        count = len(people)
        if sender in self._people.mine:
            if count > self._max:
                return Verdict(Kind.SENT, _NONE, count, self._crowd(count))
            return Verdict(Kind.SENT, people, count)
        person = self._people.person_of[sender] if sender >= 0 else -1
        if person in people:
            count -= 1  # the sender is not counted
        if person < 0:
            return Verdict(Kind.RECEIVED, _NONE, count, "there is no person behind the sender")
        if self._people.mine.isdisjoint(self._groups[group]):
            return Verdict(Kind.RECEIVED, _NONE, count + 1, "you are not on To or Cc")
        if count > self._max:
            return Verdict(Kind.RECEIVED, _NONE, count + 1, self._crowd(count))
        verdict = self._received.get((sender, count))
        if verdict is None:
            verdict = self._received[sender, count] = Verdict(Kind.RECEIVED, {person: sender}, count + 1)
        return verdict

    def _crowd(self, count: int) -> str:
        return f"{count} other people were on it; more than {self._max} is no personal contact"
