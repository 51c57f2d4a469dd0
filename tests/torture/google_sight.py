"""What became of a life at Google: all that auld knows at its end, and what must hold at any instant.

Chance is named away: ids, draft keys, the order of reading. What is not compared whole, and why that is fair:

- A cancelled meeting is told as cancelled by news and left out by a new read; it means the same, so none is compared.
- When a draft was withdrawn or last looked at hangs on which round got through to it. No rule asks for it here.
- The wording of a draft avoids that of others of its day, so it hangs on which of two was written first after a fault.
- Of when a draft was made the hour is compared, which tells the step: one whose creation was cut off is made again in
  the second round of its step.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from daemon.cli.options import Options
from daemon.cli.people import due_json, person_json
from daemon.cli.session import Session
from daemon.ledger import Ledger
from daemon.ledger.facts import hash_text
from daemon.ledger.meetings import CANCELLED
from daemon.model import UNSENT, Status
from daemon.state import State
from tests.google.messages import Message
from tests.torture.google_world import World

_A_DAY = 2
_LEFT_OUT = {"DRAFT", "SPAM", "TRASH"}
_TABS = {"CATEGORY_PROMOTIONS", "CATEGORY_SOCIAL", "CATEGORY_FORUMS"}

Sight = dict[str, Any]


@dataclass(slots=True)
class Watch:
    """Holds what must hold at any instant. `complaints` tell what did not; `owed` are mails that auld has to know."""

    world: World
    complaints: list[str] = field(default_factory=list)
    owed: set[str] = field(default_factory=set)
    _seen: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    _made: dict[str, str] = field(default_factory=dict)  # key -> id of the draft made under it
    _plans: dict[tuple[str, str], str] = field(default_factory=dict)  # recipient and date -> key

    def look(self) -> None:
        """Look at the drafts: nobody has two, and nothing planned was made twice."""
        box, lying = self.world.google.mailbox, list[str]()
        for draft, number in list(box.drafts.items()):
            seen = self._seen.get(number)
            if seen is None:
                one = box.messages[number]
                seen = self._seen[number] = one.message_id.strip("<>"), one.header("to"), one.header("date")
            key, to, date = seen
            if key in self.world.names:
                continue
            lying.append(to)
            if self._made.setdefault(key, draft) != draft or self._plans.setdefault((to, date), key) != key:
                self._complain(f"a second draft to {to} of {date}")
        for to in {to for to in lying if lying.count(to) > 1}:
            self._complain(f"two drafts wait for {to}")
        for day in {date[:16] for _, date in self._plans}:
            if sum(date[:16] == day for _, date in self._plans) > _A_DAY:
                self._complain(f"more than {_A_DAY} drafts on {day}")

    def _complain(self, what: str) -> None:
        if what not in self.complaints:
            self.complaints.append(what)

    def note_owed(self) -> None:
        """Note what auld must know after a round that went well: sent mail, its threads, the inbox less its tabs."""
        several = [one for one in self.world.google.mailbox.messages.values() if _LEFT_OUT.isdisjoint(one.labels)]
        mine = {one.thread for one in several if "SENT" in one.labels}
        for one in several:
            if one.thread in mine or ("INBOX" in one.labels and _TABS.isdisjoint(one.labels)):
                self.owed.add(one.message_id.strip("<>"))

    def hold(self) -> None:
        """Hold that nothing was amiss, and that nothing was ever sent."""
        self.look()
        assert self.complaints == []
        assert self.world.google.sends == []


def look(world: World, watch: Watch, session: Session) -> Sight:
    """Return what auld knows; hold that it is what the world tells."""
    with session.state() as state:
        names = _names(world)
        ledger = state.ledger
        missing = sorted(key for key in watch.owed if not ledger.holds_mail(key))
        assert missing == [], f"auld does not know mail that it has to: {missing}"
        _hold_meetings(world, ledger)
        _hold_drafts(world, state)
        view = session.overview(state)
        assert view.warnings() == ()
        begun = world.begun_to()
        return {
            "mails": sorted(_mails(ledger, names)),
            "threads": _threads(ledger, names),
            "meetings": sorted(_meetings(ledger)),
            "names": _known_names(ledger),
            "people": [_less_hold(person_json(row), begun) for row in view.table(everybody=True, word=None)],
            "due": [told for one in view.due() if begun.isdisjoint((told := due_json(one))["emails"])],
            "drafts": sorted(_drafts(state)),
            "lying": [
                (one.header("to"), _step(parsedate_to_datetime(one.header("date"))), bool(one.header("in-reply-to")))
                for _, one in world.drafts()
            ],
        }


def open_session(world: World, now: datetime) -> Session:
    """Return what a command that looks would work with."""
    return Session(Options(config=str(world.home / "config.toml"), now=now))


def _less_hold(person: dict[str, Any], begun: set[str]) -> dict[str, Any]:
    """Leave out what holds those to whom Robin began a draft: auld sees it only when it looks for somebody's sake."""
    return person if begun.isdisjoint(person["emails"]) else person | {"hold": None}


def _names(world: World) -> dict[int, str]:
    """Return by hash what every mail is called in any life."""
    names = {hash_text(key): key for key in world.names}
    for one in world.google.mailbox.messages.values():
        names.setdefault(hash_text(one.message_id.strip("<>")), _call_draft(one))
    return names


def _call_draft(one: Message) -> str:
    return f"a draft {one.header('to')} of {one.header('date')}"


def _mails(ledger: Ledger, names: dict[int, str]) -> Iterator[tuple[Any, ...]]:
    table, who = ledger.mails, [*ledger.addresses, ""]
    for row in range(len(table)):
        to = sorted(who[one] for one in ledger.groups[table.group[row]])
        yield (
            names[table.key[row]], table.at[row], who[table.sender[row]], to, table.marks[row], table.flags[row],
            ledger.accounts[table.account[row]],
        )  # fmt: skip


def _threads(ledger: Ledger, names: dict[int, str]) -> list[list[str]]:
    threads: dict[int, set[str]] = {}
    for key, thread in zip(ledger.mails.key, ledger.mails.thread, strict=True):
        threads.setdefault(thread, set()).add(names[key])
    return sorted(sorted(one) for one in threads.values())


def _meetings(ledger: Ledger) -> Iterator[tuple[Any, ...]]:
    who = [*ledger.addresses, ""]
    for one in ledger.meetings.values():
        if not one.flags & CANCELLED:
            invited = sorted((who[guest.address], guest.answer, guest.resource) for guest in one.invited)
            yield (
                one.key, one.identity, one.start, one.end, one.flags, who[one.organizer], who[one.creator], invited,
                one.sequence, one.updated,
            )  # fmt: skip


def _known_names(ledger: Ledger) -> list[tuple[str, list[str]]]:
    own = {number: sorted(names) for number, names in ledger.own_names.items()}
    return sorted((email, own.get(number, [])) for number, email in enumerate(ledger.addresses))


def _drafts(state: State) -> Iterator[tuple[Any, ...]]:
    for one in state.drafts:
        when = "" if one.status is Status.WITHDRAWN else _step(one.changed_at)
        yield (
            one.person, one.email, one.account, one.occasion, one.language, str(one.status), _step(one.created_at),
            when, bool(one.in_reply_to), one.typed,
        )  # fmt: skip


def _step(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H}"


# -- what the world tells ------------------------------------------------------------------------------------------


def _hold_meetings(world: World, ledger: Ledger) -> None:
    told = {one.key: one.start for one in ledger.meetings.values() if not one.flags & CANCELLED}
    there = {
        f"{calendar}/{key}": int(entry.span()[0].timestamp())
        for calendar, shelf in world.google.calendars.shelves.items()
        for key, entry in shelf.entries.items()
        if not entry.cancelled
    }
    assert told == there, sorted(told.items() ^ there.items())


def _hold_drafts(world: World, state: State) -> None:
    open_ones = [one for one in state.drafts if one.status in UNSENT and one.missing_at is None]
    # One that Robin threw away for a mail of their own is followed there.
    kept = sorted(one.ref_id for one in open_ones if one.ref_key not in world.names)
    lying = sorted(draft for draft, _ in world.drafts())
    assert kept == lying
