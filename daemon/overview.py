"""Everybody and how they stand: standings, rhythm, state and holds put together, in the order drafts would be written.

It joins what the pure rooms say; it decides nothing itself but which account a draft goes to.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from daemon import due
from daemon.contact import World
from daemon.due import Hold, HoldRule, Prior
from daemon.model import Decision, DraftRecord, Due, Rate, Standing, State, Status, Wish
from daemon.people.finding import Called, Finder
from daemon.reconcile import is_lost, is_told
from daemon.settings import Circle, Formality, Language, Settings
from daemon.state import State as Store
from daemon.unread import unread

_ORDER = (State.LISTED, State.SUGGESTED, State.QUIET)
_FORMAL = {"client", "supervisor"}  # relations
_UNTOLD = {Status.DELETED, Status.WITHDRAWN}
_NEAREST = 3  # who is offered instead of one who is not known


class Row:
    """One person and how they stand; worked out when first asked for."""

    def __init__(self, overview: "Overview", number: int, standing: Standing) -> None:
        self._overview = overview
        self.number = number
        self.standing = standing

    @cached_property
    def decision(self) -> Decision | None:
        """What the user said of them."""
        return due.latest_decision(self._overview.decisions.of(self.standing.person))

    @cached_property
    def records(self) -> Sequence[DraftRecord]:
        """Our drafts to them, oldest first."""
        return self._overview.records.of(self.standing.person)

    @cached_property
    def told(self) -> frozenset[str]:
        """The news that our drafts told them; one that was deleted or withdrawn told nothing."""
        return frozenset(text for record in self.records if record.status not in _UNTOLD for text in record.news)

    @cached_property
    def rate(self) -> Rate:
        """Their rhythm and when they are due."""
        view = self._overview
        return due.rate(self.standing, view.settings, view.prior, view.now, view.zone, self.decision, view.presence)

    @cached_property
    def holds(self) -> Sequence[Hold]:
        """What holds a draft back, most telling first."""
        return due.holds(self.standing, self.rate, self.decision, self.records, self._overview.around)

    @property
    def hold(self) -> str | None:
        """The first hold as a sentence."""
        return self.holds[0].text if self.holds else None

    @cached_property
    def state(self) -> State:
        """Where they stand."""
        view = self._overview
        return due.state(self.standing, view.settings, view.now, view.zone, self.decision, self.records)

    @cached_property
    def chosen(self) -> bool:
        """Whether auld looks after them at all: listed or suggested, whatever holds."""
        view = self._overview
        return self.listed or due.is_suggested(self.standing, view.settings, view.now, view.zone)

    @property
    def shelf(self) -> State:
        """Where `auld people` shows them: listed, suggested or quiet, the last also when they are left alone."""
        if not self.chosen or self.state is State.QUIET:
            return State.QUIET
        return State.LISTED if self.listed else State.SUGGESTED

    @property
    def listed(self) -> bool:
        """Whether the user named them, in the config or in review."""
        return due.is_listed(self.standing.person, self.decision)

    @cached_property
    def circle(self) -> Circle | None:
        """Their circle."""
        return due.circle_of(self.standing.person, self._overview.settings, self.decision)

    @property
    def language(self) -> Language:
        """The language to write to them in: theirs, their circle's, the user's."""
        listed, circle = self.standing.person.listed, self.circle
        return (listed and listed.language) or (circle and circle.language) or self._overview.settings.me.language

    @property
    def formality(self) -> Formality:
        """How formal to be with them: as the config says of them or their circle, else by their relation."""
        listed, circle = self.standing.person.listed, self.circle
        told = (listed and listed.formality) or (circle and circle.formality)
        return told or ("formal" if listed is not None and listed.relation in _FORMAL else "informal")


class Overview:
    """Everybody, as of `now`.

    `taking` are the accounts that take drafts. `around` is what bears on everybody: pause, the user's own drafts,
    accounts that could not be read.
    """

    def __init__(
        self, world: World, store: Store, settings: Settings, taking: Sequence[str], now: datetime, zone: ZoneInfo
    ) -> None:
        self.world = world
        self.settings = settings
        self.taking = taking
        self.now = now
        self.zone = zone
        self.decisions = due.file_decisions(store.decisions)
        self.records = due.file_records(one for one in store.drafts if not is_lost(one))
        drafts = {record.key: record for record in store.drafts}
        self.notes = due.file_notes(one for one in store.notes if not is_told(one, drafts))
        self.occasions = due.Around(settings, now, zone, self._wishes, self._has_news, self._is_near)
        self.presence = due.Presence(world.away)
        self.prior: Prior = due.learn_prior(world.standings, self.presence)
        own = frozenset(email for account in store.accounts for email in account.own_drafts)
        self.around = due.Round(
            settings, now, zone, store.meta.paused_until, own, unread(store, settings), store.forgets
        )

    @cached_property
    def rows(self) -> Sequence[Row]:
        """Everybody."""
        return tuple(Row(self, number, standing) for number, standing in enumerate(self.world.standings))

    @cached_property
    def _by_standing(self) -> dict[int, Row]:
        return {id(row.standing): row for row in self.rows}

    def table(self, *, everybody: bool, word: str | None) -> list[Row]:
        """Return the rows of `auld people`: listed, suggested, quiet; newest contact first, then by name."""
        rows = [row for row in self.rows if everybody or row.shelf is not State.QUIET]
        if word:
            fitting = set(self._finder.fitting(word))
            rows = [row for row in rows if row.number in fitting]

        def rank(row: Row) -> tuple[int, float, str, str]:
            last = row.standing.last
            person = row.standing.person
            return _ORDER.index(row.shelf), -(last.at.timestamp() if last else 0), person.name.casefold(), person.key

        return sorted(rows, key=rank)

    def hidden(self, shown: Sequence[Row], word: str | None) -> int:
        """Return how many more `--all` would show."""
        return len(self.table(everybody=True, word=word)) - len(shown)

    # -- due -------------------------------------------------------------------------------------------------------

    @cached_property
    def ripe(self) -> Sequence[Row]:
        """Those who are due, held or not, in order."""
        rows = [row for row in self.rows if row.chosen and row.rate.due and row.state is not State.QUIET]
        return sorted(rows, key=self._rank)

    def due(self) -> list[Due]:
        """Return whom drafts are for now, in the order in which they would be written, without those held.

        Birthdays come first, then what the user noted, due or not; then those who are due; New Year's greetings last.
        """
        ready: dict[int, Due] = {}
        for row in sorted(self._wished(), key=lambda row: (not self._has_birthday(row), self._rank(row))):
            ready[row.number] = self.plan(row)
        for row in self.ripe:
            if not row.holds and row.number not in ready:
                ready[row.number] = self.plan(row)
        for standing in due.new_year_candidates(
            (row.standing for row in self.rows), self.occasions, self.decisions, self.records
        ):
            row = self._by_standing[id(standing)]
            if row.number not in ready and not row.holds and row.state is not State.QUIET:
                reason = due.write_new_year_reason(standing, self.zone)
                ready[row.number] = Due(standing, row.rate, "new-year", self.account(row), reason)
        return list(ready.values())

    def _wished(self) -> list[Row]:
        """Return those with a birthday or a note that asks for a draft of its own."""
        return [
            row
            for row in self.rows
            if (self._has_birthday(row) or due.wished_occasion(row.standing, self.occasions) is not None)
            and not row.holds
            and not due.is_left_alone(row.records, row.decision)
        ]

    def _has_birthday(self, row: Row) -> bool:
        return due.is_birthday_turn(row.standing, self.occasions, row.records)

    def _rank(self, row: Row) -> tuple[bool, float, str, str]:
        return due.rank_due(row.standing, row.rate, row.decision, self.now, self.zone)

    def plan(self, row: Row) -> Due:
        """Return what a draft to a person would be, due or not."""
        occasion = due.choose_occasion(row.standing, self.occasions, row.decision, row.records)
        reason = row.rate.rule
        if occasion == "birthday":
            reason = due.write_birthday_reason(row.standing, self.occasions)
        elif occasion in due.MATTERS:
            reason = f"you noted it: {occasion}"
        return Due(row.standing, row.rate, occasion, self.account(row), reason)

    def _wishes(self, standing: Standing) -> frozenset[Wish]:
        return frozenset(note.wish for note in self.notes.of(standing.person))

    def _has_news(self, standing: Standing) -> bool:
        from daemon.compose import untold  # noqa: PLC0415 -- loads all that writes; most commands write nothing

        if Wish.NEWS in self._wishes(standing):
            return True
        row = self._by_standing[id(standing)]
        if row.language != self.settings.me.language:
            return False
        today = self.now.astimezone(self.zone).date()
        return untold(self.settings.me.news, row.told, today) is not None

    def _is_near(self, standing: Standing) -> bool:
        mine, listed = self.settings.me.city, standing.person.listed
        if not mine or listed is None or not listed.city:
            return False
        from daemon.compose import shared_city  # noqa: PLC0415 -- as above

        return shared_city(mine, listed.city) is not None

    def account(self, row: Row) -> str:
        """Return the account a draft goes to: of the last contact, else the configured one, else one that takes drafts.

        "" when no account takes drafts.
        """
        last = row.standing.last
        for name in (last.account if last is not None else "", self.settings.writing.account):
            if name in self.taking:
                return name
        return self.taking[0] if self.taking else ""

    def held(self) -> list[Row]:
        """Return those who are due but held back, in order."""
        return [row for row in self.ripe if row.holds]

    def warnings(self) -> Sequence[str]:
        """Return what the user should know before trusting the list."""
        return self.around.unread

    # -- asking for one person -------------------------------------------------------------------------------------

    @cached_property
    def _finder(self) -> Finder:
        own, given = self.world.ledger.own_names, self.world.ledger.given_names
        return Finder([
            Called(
                (
                    row.standing.person.name,
                    *(name for number in self.world.members(row.number) for name in own.get(number, ())),
                    *(name for number in self.world.members(row.number) for name in given.get(number, ())),
                ),
                row.standing.person.emails,
            )
            for row in self.rows
        ])  # fmt: skip

    def meant(self, wanted: str) -> list[Row]:
        """Return those whom `wanted` (an address, or words of a name) may mean."""
        return [self.rows[number] for number in self._finder.meant(wanted)]

    def also_called(self, row: Row, wanted: str) -> str:
        """Return the name by which `wanted` means somebody, "" if it is the one shown."""
        return self._finder.also_called(row.number, wanted)

    def nearest(self, wanted: str) -> list[Row]:
        """Return those whose names or addresses are most like `wanted`."""
        return [self.rows[number] for number in self._finder.nearest(wanted, _NEAREST)]

    def nobody(self, wanted: str) -> str | None:
        """Return why there is no person behind the address `wanted`; None if there is one, or it is unknown."""
        number = self.world.ledger.number(wanted.strip())
        if number is None or number < 0:
            return None
        if number in self.world.census.mine:
            learned = number in self.world.learned
            return "it is yours" + (", learned from your Sent folder" if learned else "")
        return self.world.census.nobody.get(number)

    def suspects(self) -> Sequence[tuple[str, str]]:
        """Return pairs of addresses that may be one person and are not merged."""
        return self.world.suspects()

    def never_answered(self) -> list[Row]:
        """Return those to whom three drafts in a row were sent without an answer."""
        return [row for row in self.rows if row.records and due.has_never_answered(row.standing, row.records)]


def survey(store: Store, settings: Settings, taking: Sequence[str], now: datetime, zone: ZoneInfo) -> Overview:
    """Derive everybody anew from what is kept."""
    return Overview(World(store.ledger, settings, store.by_hand(), now, zone), store, settings, taking, now, zone)


__all__ = ["HoldRule", "Overview", "Row", "survey"]
