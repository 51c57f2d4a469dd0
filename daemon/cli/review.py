"""`auld review`: once through the suggested people, so that the first drafts are for the right ones.

Every answer is kept at once and can be taken back: with `b` as long as it is asked, with `auld review --undo` later.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final, Generic, TypeVar

from daemon.cli.answers import Back, Quit, change_for, read_key, tell
from daemon.cli.byhand import decided
from daemon.cli.choices import decide, named, restore
from daemon.cli.joins import describe, find_row, keep_apart, keep_join, take_back, try_merge
from daemon.cli.options import DONE, EndedError, UsageError
from daemon.cli.output import count, plain, say
from daemon.cli.session import Session
from daemon.cli.telling import last_contact, rhythm, shelf
from daemon.cli.told import look_at
from daemon.cli.why import why_lines
from daemon.model import Join, State
from daemon.overview import Overview, Row
from daemon.state import State as Store

T = TypeVar("T")
Undo = Callable[[], None]

_KEYS: Final = "k keep · c circle · m never write · l later · s skip · b back · w why · q quit · ? help"
_HELP: Final = (
    "k  keep: listed from now on, by their own rhythm; drafts to them come first",
    "c  circle: keep, and be in touch as often as that circle says",
    "m  never write: no drafts to them any more",
    "l  later: no draft for a time, which is asked for",
    "s  skip: nothing is decided, and they are asked for the next time",
    "b  back: the last answer is taken back and asked again",
    "w  why: all that auld tells of them",
    "q  quit: what was answered is kept, and auld review goes on with the rest",
)
_PAIR_KEYS: Final = "y they are one · n they are two, never ask again · s skip · b back · q quit"
_WHY_SHOWN: Final = 5
_PAIRS: Final = 20  # in one sitting: people are waiting, too


def review(session: Session, *, again: bool = False) -> int:
    """Ask about pairs that may be one person, then about each suggested person; `again`: those reviewed before, too."""
    with session.state(write=True) as state:
        sitting = _Sitting(session, state, again=again)
        try:
            sitting.run()
        except KeyboardInterrupt:
            tell("")  # the line of the question ends
            raise EndedError(f"stopped. {sitting.summary()}") from None
        say(sitting.summary())
    return DONE


def unreviewed(session: Session, state: Store) -> list[Row]:
    """Return the suggested people who were not reviewed yet."""
    return _to_review(session.overview(state), again=False)


def _to_review(view: Overview, *, again: bool) -> list[Row]:
    rows = view.table(everybody=again, word=None)
    if again:
        return [row for row in rows if row.standing.person.listed is None and (row.chosen or _is_reviewed(row))]
    return [row for row in rows if row.state is State.SUGGESTED and not _is_reviewed(row)]


def _is_reviewed(row: Row) -> bool:
    return row.decision is not None and row.decision.reviewed


class _Questions(Generic[T]):
    """Questions in order, each with what takes its answer back; None for one that no longer needed to be asked."""

    def __init__(self, all_: Sequence[T], needed: Callable[[T], bool] = lambda _: True) -> None:
        self._all, self._needed = all_, needed
        self._undo: list[Undo | None] = []

    @property
    def asked(self) -> int:
        """How many were asked, skipped ones too."""
        return sum(undo is not None for undo in self._undo)

    @property
    def skipped(self) -> int:
        """How many were asked and not answered."""
        return self._undo.count(_nothing)

    @property
    def left(self) -> int:
        """How many are still to be asked."""
        return sum(map(self._needed, self._all[len(self._undo) :]))

    @property
    def all(self) -> int:
        """How many there are to ask, asked or not."""
        return self.asked + self.left

    def ask(self, ask: Callable[[T, str], Undo]) -> None:
        """Ask all that are left; a step back before the first one is a `Back`."""
        while len(self._undo) < len(self._all):
            one = self._all[len(self._undo)]
            if not self._needed(one):
                self._undo.append(None)
                continue
            try:
                self._undo.append(ask(one, f"{self.asked + 1} of {self.all}"))
            except Back:
                self.step_back()

    def step_back(self) -> None:
        """Take the last answer back."""
        while self._undo:
            undo = self._undo.pop()
            if undo is not None:
                return undo()
        raise Back


class _Sitting:
    """One sitting: the pairs first, then the people, as they are once it is known who is one."""

    def __init__(self, session: Session, state: Store, *, again: bool) -> None:
        self._session, self._state, self._again = session, state, again
        self._view = session.overview(state)
        self._pairs = _Questions(self._view.suspects()[:_PAIRS], self._are_two)
        self._people: _Questions[Row] = _Questions(())

    def summary(self) -> str:
        """Return what was done, as sentences."""
        pairs, people = self._pairs, self._people
        if not pairs.all and not people.all:
            return "Nobody is left to review." if len(self._state.accounts) else "Nothing is read yet: auld sync"
        told = [f"{pairs.asked} of {count(pairs.all, 'pair')} looked at."] if pairs.all else []
        if people.all:
            skipped = f", {people.skipped} skipped" if people.skipped else ""
            told.append(f"{people.asked - people.skipped} of {people.all} reviewed{skipped}.")
        if pairs.left or people.left or people.skipped:
            told.append(f"The rest waits: auld review{' --again' if self._again else ''}")
        return " ".join(told)

    def run(self) -> None:
        """Ask until all is answered, or the user has enough."""
        while True:
            try:
                self._pairs.ask(self._ask_pair)
                self._people = _Questions(_to_review(self._view, again=self._again))
                if self._people.all:
                    kind = "" if self._again else "suggested "
                    tell(f"{count(self._people.all, f'{kind}person', f'{kind}people')} to look at. {_KEYS}")
                return self._people.ask(self._ask_person)
            except Back:
                self._begin_before()
            except Quit:
                return None

    def _begin_before(self) -> None:
        """Go back from the first person to the last pair."""
        try:
            self._pairs.step_back()
        except Back:
            tell("  There is nothing before this one.")

    # -- two that may be one ---------------------------------------------------------------------------------------

    def _are_two(self, pair: tuple[str, str]) -> bool:
        """Say whether a pair is still to be asked: not after answers to others have made it one."""
        return len({self._view.world.find((email,)) for email in pair} - {None}) == len(pair)

    def _ask_pair(self, pair: tuple[str, str], place: str) -> Undo:
        rows = [row for email in pair if (row := find_row(self._view, email)) is not None]
        tell(f"\npair {place}: may these be one person?")
        for row in rows:
            tell(f"  {describe(self._session, row)}")
        while True:
            answer = read_key("  [y/n/s/b/q] ")
            if answer == "s":
                return _nothing
            if answer == "n":
                return partial(self._part, keep_apart(self._session, self._state, *pair))
            if answer != "y":
                tell(f"  {_PAIR_KEYS}")
                continue
            try:
                join, self._view = try_merge(self._session, self._state, self._view, rows)
            except UsageError as err:
                tell(f"  {err}")
                continue
            keep_join(self._state, join)
            return partial(self._part, join)

    def _part(self, join: Join) -> None:
        take_back(self._state, join)
        self._view = self._session.overview(self._state)

    # -- people ----------------------------------------------------------------------------------------------------

    def _ask_person(self, row: Row, place: str) -> Undo:
        self._show(row, place)
        while True:
            answer = read_key("  [k/c/m/l/s/b/w/q/?] ")
            if answer == "s":
                return _nothing
            if answer == "w":
                for line in why_lines(look_at(self._state, self._view, row), _WHY_SHOWN):
                    tell(f"  {line}")
            elif answer == "?":
                for line in _HELP:
                    tell(f"  {line}")
            elif answer in {"k", "c", "m", "l"}:
                change = change_for(answer, self._session)
                if change is not None:
                    after = decide(self._state, row, self._session.now, change)
                    return partial(restore, self._state, after, row.decision)
            else:
                tell(f"  {_KEYS}")

    def _show(self, row: Row, place: str) -> None:
        person = row.standing.person
        tell(f"\n{place}: {named(person)} <{plain(', '.join(person.emails), 400)}>")
        for sentence in (last_contact(self._view, row), *rhythm(self._view, row), shelf(self._view, row)):
            tell(f"  {sentence}")
        for said in decided(self._view, row):
            tell(f"  By now: {said.text}.")


def _nothing() -> None:
    """Take back a question that was skipped."""
