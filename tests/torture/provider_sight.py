"""What became of a life at a provider: all that auld knows at its end, and what must hold at any instant.

Chance is named away: ids, draft keys, the order of reading. What is not compared whole, and why that is fair:

- A cancelled meeting is told as cancelled by news and left out by a new read; it means the same, so none is compared.
- When a draft was withdrawn or last looked at hangs on which round got through to it. No rule asks for it here.
- The wording of a draft avoids that of others of its day, so it hangs on which of two was written first after a fault.
- Of when a draft was made the hour is compared, which tells the step: one whose creation was cut off is made again in
  the second round of its step. So it is with what follows for its person from when it was sent.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from daemon.cli.options import Options
from daemon.cli.people import due_json, person_json
from daemon.cli.session import Session
from daemon.ledger import Ledger
from daemon.ledger.facts import hash_text
from daemon.ledger.meetings import CANCELLED
from daemon.model import UNSENT, Status
from daemon.state import State
from tests.torture.provider_world import World

_A_DAY = 2
_AN_HOUR = 3600
_BY_THE_MINUTE = {"rhythm_days", "overdue_probability", "due_at"}
_DATE = len("Mon, 05 Oct 2026")

Sight = dict[str, Any]


@dataclass(slots=True)
class Watch:
    """Holds what must hold at any instant. `complaints` tell what did not; `owed` are mails that auld has to know."""

    world: World
    complaints: list[str] = field(default_factory=list)
    owed: set[str] = field(default_factory=set)
    _made: dict[str, str] = field(default_factory=dict)  # key -> name of the draft made under it
    _plans: dict[tuple[str, str], str] = field(default_factory=dict)  # recipient and date -> name of the draft

    def look(self) -> None:
        """Look at the drafts: nobody has two, and nothing planned was made twice."""
        lying = list[str]()
        for one in self.world.lying():
            lying.append(one.to)
            again = bool(one.key) and self._made.setdefault(one.key, one.name) != one.name
            if again or self._plans.setdefault((one.to, one.made), one.name) != one.name:
                self._complain(f"a second draft to {one.to} of {one.made}")
        for to in {to for to in lying if lying.count(to) > 1}:
            self._complain(f"two drafts wait for {to}")
        for day in {made[:_DATE] for _, made in self._plans}:
            if sum(made[:_DATE] == day for _, made in self._plans) > _A_DAY:
                self._complain(f"more than {_A_DAY} drafts on {day}")

    def _complain(self, what: str) -> None:
        if what not in self.complaints:
            self.complaints.append(what)

    def note_owed(self) -> None:
        """Note what auld must know after a round that went well."""
        self.owed.update(self.world.owed())

    def hold(self) -> None:
        """Hold that nothing was amiss, and that nothing was ever sent."""
        self.look()
        assert self.complaints == []
        assert self.world.fake.sends == []


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
        begun, ours = world.begun_to(), {one.email for one in state.drafts if one.status is Status.SENT}
        return {
            "mails": sorted(_mails(world, ledger, names)),
            "threads": _threads(ledger, names),
            "meetings": sorted(_meetings(ledger)),
            "names": _known_names(ledger),
            "people": [
                _by_step(_less_hold(person_json(row), begun), ours) for row in view.table(everybody=True, word=None)
            ],
            "due": [_by_step(told, ours) for one in view.due() if begun.isdisjoint((told := due_json(one))["emails"])],
            "drafts": sorted(_drafts(state)),
            "lying": [(to, _step(made), answers) for to, made, answers in world.describe_drafts()],
        }


def open_session(world: World, now: datetime) -> Session:
    """Return what a command that looks would work with."""
    return Session(Options(config=str(world.home / "config.toml"), now=now))


def _less_hold(person: dict[str, Any], begun: set[str]) -> dict[str, Any]:
    """Leave out what holds those to whom Robin began a draft: auld sees it only when it looks for somebody's sake."""
    return person if begun.isdisjoint(person["emails"]) else person | {"hold": None}


def _by_step(told: dict[str, Any], ours: set[str]) -> dict[str, Any]:
    """Tell of somebody to whom a draft of auld's was sent the hour of that, and nothing that hangs on the minute."""
    last = told["last_contact"]
    if ours.isdisjoint(told["emails"]) or last is None:
        return told
    kept = {name: value for name, value in told.items() if name not in _BY_THE_MINUTE}
    return kept | {"last_contact": last | {"at": _step(last["at"])}}


def _names(world: World) -> dict[int, str]:
    """Return by hash what every mail is called in any life."""
    names = {hash_text(key): key for key in world.names}
    for key, name in world.auld_wrote().items():
        names.setdefault(hash_text(key), name)
    return names


def _mails(world: World, ledger: Ledger, names: dict[int, str]) -> Iterator[tuple[Any, ...]]:
    table, who, ours = ledger.mails, [*ledger.addresses, ""], set(world.auld_wrote().values())
    for row in range(len(table)):
        sender, to = who[table.sender[row]], sorted(who[one] for one in ledger.groups[table.group[row]])
        marks = table.marks[row] if world.tells_marks(sender) else 0
        name = names[table.key[row]]
        at = table.at[row] // _AN_HOUR if name in ours else table.at[row]
        yield name, at, sender, to, marks, table.flags[row], ledger.accounts[table.account[row]]


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
    there = world.meetings()
    assert told == there, sorted(told.items() ^ there.items())


def _hold_drafts(world: World, state: State) -> None:
    open_ones = [one for one in state.drafts if one.status in UNSENT and one.missing_at is None]
    # One that Robin threw away for a mail of their own is followed there.
    kept = sorted(one.ref_id for one in open_ones if one.ref_key not in world.names)
    assert kept == sorted(one.name for one in world.lying())
    sent = {(to, _step(made)) for to, made in world.sent()}
    assert sent <= {(one.email, _step(one.created_at)) for one in state.drafts if one.status is Status.SENT}
