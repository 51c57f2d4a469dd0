"""From facts to standings: who there is, and when I was last in contact with each, as of one instant.

Derived anew each time; nothing of it is stored. The clock, the config and what the user said by hand are arguments.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from daemon.contact.absences import find_absences
from daemon.contact.census import Census, Rules, address_facts, take_census
from daemon.contact.copies import Mails, unite_mails, unite_meetings
from daemon.contact.counting import RANKS, Touch, Touches, count_mails, count_meetings
from daemon.contact.days import LocalDays
from daemon.contact.dead import find_dead
from daemon.contact.mailrules import MailRules
from daemon.contact.mine import find_mine
from daemon.contact.moves import find_last_words, find_move
from daemon.contact.nobody import find_lists
from daemon.ledger import Ledger, MeetingFact, TitleKey
from daemon.ledger.moment import from_epoch, to_epoch
from daemon.model import Contact, Join, Kind, Met, Person, Standing
from daemon.people import Tie, display_name, find_suspects, find_ties
from daemon.settings import Listed, Settings

_TITLES: Final = 5


@dataclass(frozen=True, slots=True)
class ByHand:
    """What the user told by hand that bears on who and when.

    `own` are each account's own addresses, `chosen` the addresses that the user wants drafts to go to.
    """

    joins: Sequence[Join] = ()
    mets: Sequence[Met] = ()
    own: Mapping[str, Collection[str]] = field(default_factory=dict)
    chosen: frozenset[str] = frozenset()


class World:
    """Everybody, as of `now`. Persons are numbered as in `census`; further ones are listed without any address."""

    def __init__(self, ledger: Ledger, settings: Settings, by_hand: ByHand, now: datetime, zone: ZoneInfo) -> None:
        self.ledger = ledger
        self.settings = settings
        self.by_hand = by_hand
        self.now = to_epoch(now)
        self.days = LocalDays(zone)
        lists = find_lists(ledger)
        self.mails: Mails = unite_mails(ledger, lists)
        listed = {email for entry in settings.people for email in entry.emails}
        given = {*settings.me.emails, *(email for emails in by_hand.own.values() for email in emails)}
        found = find_mine(ledger, self.mails, given, listed, (settings.me.name,))
        mine, self.learned, self.doubted = found.all, found.learned, found.doubted
        self.meetings: list[MeetingFact] = unite_meetings(ledger, mine, by_hand.own)
        rules = Rules(settings.people, settings.contact.max_people, by_hand.joins, settings.me.name)
        self.census: Census = take_census(ledger, self.mails, self.meetings, mine, lists, rules, self.now)
        self.rules = MailRules(ledger.groups, self.census, settings.contact.max_people)
        self._touches = count_mails(self.mails, self.rules, self.census, self.now)
        count_meetings(
            self.meetings, self.census, settings.contact.max_people, self.now, self.days.localize, self._touches
        )
        self._numbers = {email: number for number, email in enumerate(self.census.emails)}
        self._nameless: dict[int, int] = self._add_nameless()
        self._add_mets()
        for touches in self._touches.values():
            touches.all.sort()
        written = {number for group in self._sent_groups() for number in ledger.groups[group]}
        self.dead = find_dead(ledger, self.mails, written, self.now)

    def _add_nameless(self) -> dict[int, int]:
        """Number the ``[[people]]`` entries that no address is known of."""
        found = set(self.census.entries.values())
        first = len(self.census.members)
        missing = [index for index in range(len(self.settings.people)) if index not in found]
        return {first + place: index for place, index in enumerate(missing)}

    def _add_mets(self) -> None:
        for place, met in enumerate(self.by_hand.mets):
            at = to_epoch(met.at)
            person = self.find(met.emails, met.name)
            if person is None or at > self.now:
                continue
            touches = self._touches.setdefault(person, Touches())
            address = next((self._numbers[email] for email in met.emails if email in self._numbers), -1)
            touches.all.append(Touch(at, RANKS[Kind.MET], place, address, 1, Kind.MET))
            touches.met_at = max(touches.met_at, at)

    def _sent_groups(self) -> set[int]:
        mine = self.census.mine
        return {group for sender, group in zip(self.mails.sender, self.mails.group, strict=True) if sender in mine}

    @cached_property
    def away(self) -> tuple[int, ...]:
        """The local days (ordinals) on which I was, or will be, away."""
        return find_absences(self.mails, self.meetings, self.census.mine, self.days, self.settings.rhythm)

    # -- persons ---------------------------------------------------------------------------------------------------

    def find(self, emails: Collection[str], name: str = "") -> int | None:
        """Return the person who has any of `emails`, else the listed one without address of this name."""
        for email in emails:
            number = self._numbers.get(email)
            if number is not None and self.census.person_of[number] >= 0:
                return self.census.person_of[number]
        if not emails and name:
            for person, index in self._nameless.items():
                if self.settings.people[index].name.casefold() == name.casefold():
                    return person
        return None

    @cached_property
    def standings(self) -> Sequence[Standing]:
        """Everybody, by number."""
        return tuple(self._standing(person) for person in range(len(self.census.members) + len(self._nameless)))

    def touches(self, person: int) -> Touches:
        """Return what is counted for a person, oldest first."""
        return self._touches.get(person) or Touches()

    def written_at(self, person: int) -> datetime | None:
        """Return the moment of my newest mail to a person, counted or not."""
        return _moment(self.touches(person).written_at)

    def salutation(self, person: int) -> str:
        """Return the word that the user last greeted a person with, ``""`` if none is known."""
        greeted, mine = self.ledger.greeted, self.census.mine
        known = [greeted[one] for one in self.members(person) if one in greeted and greeted[one][2] in mine]
        return max(known, key=lambda told: told[1])[0] if known else ""

    def reached_since(self, person: int, start: datetime) -> bool:
        """Say whether I reached a person since `start`: a mail of mine, a meeting, a contact told by hand."""
        first = to_epoch(start)
        return any(touch.at >= first and touch.kind is not Kind.RECEIVED for touch in self.touches(person).all)

    def members(self, person: int) -> tuple[int, ...]:
        """Return the person's address numbers, none for those listed without address."""
        return self.census.members[person] if person < len(self.census.members) else ()

    @cached_property
    def _words(self) -> Mapping[int, int]:
        """When each address of those who have several last wrote."""
        several = {number for members in self.census.members if len(members) > 1 for number in members}
        return find_last_words(self.mails, several)

    def _standing(self, person: int) -> Standing:
        touches = self.touches(person)
        all_ = touches.all
        members = self.members(person)
        entry = self.census.entries.get(person, self._nameless.get(person))
        listed = self.settings.people[entry] if entry is not None else None
        used = {touch.address: touch.at for touch in all_} if len(members) > 1 else {}
        order = sorted(members, key=lambda number: (-used.get(number, -1), self.census.emails[number]))
        emails = tuple(self.census.emails[number] for number in order)
        moved = find_move(all_, members, self._words, self.census.emails, self.now) if len(members) > 1 else None
        chosen = next((email for email in emails if email in self.by_hand.chosen), "")
        first = chosen or (moved.new if moved is not None else "")
        usable = sorted(
            (self.census.emails[number] for number in order if number not in self.dead), key=lambda one: one != first
        )
        dead = frozenset(self.census.emails[number] for number in members if number in self.dead)
        name = listed.name if listed is not None and listed.name else self._name(members)
        last = max(touches.written_at, touches.met_at)
        return Standing(
            person=Person(name, emails, listed),
            days=sorted(self.days.days(touch.at for touch in all_)),
            last=self.contact(all_[-1], titled=True) if all_ else None,
            first_at=from_epoch(all_[0].at) if all_ else None,
            sent=touches.sent,
            received=touches.received,
            sign_of_life=bool(touches.received) or touches.signed,
            unanswered_at=from_epoch(touches.heard_at) if touches.heard_at > last else None,
            answered_at=_moment(max(touches.heard_at, touches.met_at)),
            next_meeting_at=_moment(touches.next_at),
            dead=dead,
            usable_email=usable[0] if usable else None,
            moved=moved,
            chosen_email=chosen,
            owed=touches.heard_at > last and self._is_owed(touches, last),
            last_sent_at=_moment(next((touch.at for touch in reversed(all_) if touch.kind is Kind.SENT), 0)),
        )

    def _is_owed(self, touches: Touches, last: int) -> bool:
        """Say whether what a person wrote since `last` asks for an answer: two mails, or one that opened its thread."""
        heard = [touch for touch in touches.all if touch.kind is Kind.RECEIVED and touch.at > last]
        if len(heard) > 1:
            return True
        if not heard:
            return False
        detail = self.ledger.details.get(("mail", self.mails.key[heard[0].place]))
        if detail is None or detail.references:
            return False
        # A thread is named by the Message-ID that opened it, or by the provider, which tells references as well.
        return detail.thread in {"", detail.message_id} or "@" not in detail.thread

    def _name(self, members: Sequence[int]) -> str:
        own, given = self.ledger.own_names, self.ledger.given_names
        return display_name(
            [(name, at) for number in members for name, at in own.get(number, {}).items()],
            [(name, at) for number in members for name, at in given.get(number, {}).items()],
            [self.census.emails[number] for number in members],
        )

    def ties(self, person: int) -> tuple[Tie, ...]:
        """Return why a person's addresses were taken for one person's, from the one last in use."""
        facts = {email: self._numbers[email] for email in self.standings[person].person.emails}
        entry = self.census.entries.get(person)
        listed = self.settings.people[entry] if entry is not None else Listed()
        return find_ties(
            [address_facts(self.ledger, self.census.emails, number) for number in facts.values()],
            listed=listed.emails,
            name=listed.name,
            joins=self.by_hand.joins,
        )

    def suspects(self) -> tuple[tuple[str, str], ...]:
        """Return all pairs of addresses that may be one person and are not merged."""
        census = self.census
        living = [number for number, person in enumerate(census.person_of) if person >= 0]
        return find_suspects(
            [address_facts(self.ledger, census.emails, number) for number in living],
            [census.person_of[number] for number in living],
            entries=census.entries.keys(),
            joins=self.by_hand.joins,
            most=len(living) ** 2,
        )

    # -- contacts --------------------------------------------------------------------------------------------------

    def title_key(self, touch: Touch) -> TitleKey | None:
        """Return under which key the title of a contact is kept."""
        if touch.kind is Kind.MEETING:
            return "meeting", self.meetings[touch.place].identity
        if touch.kind is Kind.MET:
            return None
        return "mail", self.mails.key[touch.place]

    def contact(self, touch: Touch, *, titled: bool) -> Contact:
        """Return a counted contact in full; `titled` for a person's newest five."""
        email = self.census.emails[touch.address] if touch.address >= 0 else ""
        if touch.kind is Kind.MET:
            met = self.by_hand.mets[touch.place]
            return Contact(from_epoch(touch.at), touch.kind, "", email, met.how or None, touch.others)
        if touch.kind is Kind.MEETING:
            account = self.meetings[touch.place].account
        else:
            account = self.ledger.accounts[self.mails.account[touch.place]]
        key = self.title_key(touch) if titled else None
        detail = self.ledger.details.get(key) if key is not None else None
        return Contact(from_epoch(touch.at), touch.kind, account, email, detail.title if detail else None, touch.others)

    def wanted_titles(self) -> set[TitleKey]:
        """Return whose titles are to be kept: each person's newest five contacts, and meetings still ahead.

        So are those of mails still ahead: they are no contacts as long as the clock is set back, but will be again.
        """
        wanted: set[TitleKey] = set()
        for touches in self._touches.values():
            wanted.update(key for touch in touches.all[-_TITLES:] if (key := self.title_key(touch)) is not None)
        wanted.update(("meeting", fact.identity) for fact in self.meetings if fact.end > self.now)
        wanted.update(("mail", key) for key, at in zip(self.mails.key, self.mails.at, strict=True) if at > self.now)
        return wanted


def _moment(at: int) -> datetime | None:
    return from_epoch(at) if at else None
