"""Every way a draft can go, as a table: what comes before, what happens, and what became of the draft and its text.

planned → open; open → edited | sent | deleted | withdrawn; edited → sent | deleted, and nothing else, whatever happens.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from tests.cli.archive import ANA, listed
from tests.connectors.stage import NEWS, NOTE, Stage

AWAY: Final = "as the kind has it"
"""The status of a draft that lies in a folder of the user's: `Stage.put_away_is`."""


@dataclass(frozen=True)
class Move:
    """A command, or what somebody does, `wait` after what was before.

    `sees` are the statuses after it, newest first, where nothing goes wrong, and `due` whether anybody is due then;
    None: whatever it is.
    """

    words: tuple[str, ...] = ()
    act: Callable[[Stage], object] | None = None
    wait: timedelta = timedelta(minutes=5)
    sees: tuple[str, ...] | None = None
    due: bool | None = None


@dataclass(frozen=True)
class Path:
    """One way: `before` leads to where it begins.

    `end` are the statuses at its end, newest first. `ours` drafts lie there then as auld wrote them, or one with the
    user's words if `mine`. `state` is where Ana stands then, None: wherever she does.
    """

    name: str
    before: tuple[Move, ...]
    moves: tuple[Move, ...]
    end: tuple[str, ...]
    ours: int = 0
    mine: bool = False
    state: str | None = "listed"


def typed(*words: str) -> Move:
    return Move(words)


def user(act: Callable[[Stage], object]) -> Move:
    return Move(act=act)


def once(*sees: str, due: bool | None = None, **wait: float) -> Move:
    """Return a round that sees this, a quarter of an hour later if nothing else is said."""
    return Move(("once",), None, timedelta(**wait or {"minutes": 15}), sees or None, due)


def _list(name: str, every: str = "1 month") -> Move:
    people = listed(name, every=every)
    news = f'[[me.news]]\ntext = "{NEWS}"\nfrom = 2026-11-01\nuntil = 2029-11-01\n'
    return user(lambda stage: stage.configure(f"{people}\n{news}"))


EDIT: Final = user(lambda stage: stage.edit())
REWRITE: Final = user(lambda stage: stage.rewrite())
PUT_AWAY: Final = user(lambda stage: stage.put_away())
SENDS: Final[Mapping[str, Move]] = {
    "its key": user(lambda stage: stage.send(keep=True)),
    "another key": user(lambda stage: stage.send(keep=False)),
}
DELETE: Final = user(lambda stage: stage.delete(bin_=False))
DELETE_INTO_BIN: Final = user(lambda stage: stage.delete(bin_=True))


def _seen_gone(status: str) -> tuple[Move, ...]:
    """Return two looks ten minutes apart, and a round on another day that makes it not again."""
    return once(status), once(status, minutes=9), once("deleted", minutes=2), once("deleted", days=1)


READ: Final = (_list("Ana Lima"), typed("sync"))
OPEN: Final = (*READ, once("open", days=1))  # nothing is written on the day of the first sync
EDITED: Final = (*OPEN, EDIT, once("edited"))
REWRITTEN: Final = (*OPEN, REWRITE, once("edited"))

HAPPENS: Final[Mapping[str, tuple[Move, ...]]] = {
    "they write": (user(lambda stage: stage.receive(ANA)), once()),
    "I write otherwise": (user(lambda stage: stage.write(ANA)), once()),
    "we meet": (user(lambda stage: stage.run("met", "ana", stage.now.isoformat())), once()),
    "mute": (typed("mute", "ana"), once()),
    "snooze": (typed("snooze", "ana", "2 months"), once()),
    "forget": (typed("forget", "ana", "--yes"), once()),
    "sixty days": (once(days=61),),
    "the user's word": (typed("drafts", "--withdraw", "--all"), once()),
}
"""What takes an untouched draft out of Drafts, and leaves alone one that the user touched."""

_STATES: Final = {"mute": "muted", "snooze": "snoozed"}
WRITTEN: Final = (
    Path(
        "written",
        (*READ, typed("note", "ana", NOTE)),
        (once("open", days=1), once("open")),
        ("open",), ours=1, state="drafted",
    ),
    Path(
        "written as an answer",
        (_list("Bela Kovacs"), typed("sync")),
        (once("open", days=1), once("open")),
        ("open",), ours=1, state="suggested",
    ),
)  # fmt: skip
_TOUCHED = (
    Path("edited", (*OPEN, EDIT), (once("edited"),), ("edited",), mine=True, state="drafted"),
    Path("rewritten", (*OPEN, REWRITE), (once("edited"),), ("edited",), mine=True, state="drafted"),
    Path("put away", (*OPEN, PUT_AWAY), (once(), once()), (AWAY,), ours=1, state=None),
)
_SENT = tuple(
    Path(f"{begins}, sent under {key}", (*before, send), (once("sent"),), ("sent",))
    for begins, before in {"open": OPEN, "edited": EDITED, "rewritten": REWRITTEN}.items()
    for key, send in SENDS.items()
)
_DELETED = (
    Path("open, deleted", (*OPEN, DELETE), _seen_gone("open"), ("deleted",)),
    Path("open, deleted into the bin", (*OPEN, DELETE_INTO_BIN), _seen_gone("open"), ("deleted",)),
    Path("edited, deleted", (*EDITED, DELETE), _seen_gone("edited"), ("deleted",)),
    Path("rewritten, deleted", (*REWRITTEN, DELETE), _seen_gone("edited"), ("deleted",)),
)
TAKEN_BACK: Final = Path("open, they write", OPEN, HAPPENS["they write"], ("withdrawn",))
_WITHDRAWN = (
    TAKEN_BACK,
    *(
        Path(f"open, {name}", OPEN, moves, ("withdrawn",), state=_STATES.get(name, "listed"))
        for name, moves in HAPPENS.items()
        if name not in {"they write", "forget", "the user's word"}
    ),
    Path("open, forget", OPEN, HAPPENS["forget"], (), state=None),
    Path("open, the user's word", OPEN, HAPPENS["the user's word"], ("open", "withdrawn"), ours=1, state="drafted"),
)
PATHS: Final = (*WRITTEN, *_TOUCHED, *_SENT, *_DELETED, *_WITHDRAWN)

LEFT_ALONE: Final = (
    *(
        Path(f"edited, {name}", EDITED, moves, ("edited",), mine=True, state=_STATES.get(name, "drafted"))
        for name, moves in HAPPENS.items()
        if name != "forget"
    ),
    Path("edited, forget", EDITED, HAPPENS["forget"], (), mine=True, state=None),
)
_ALL_OF_IT = (
    *(move for name, moves in HAPPENS.items() if name != "forget" for move in moves),
    once("edited"),
    *HAPPENS["forget"],
)
LEFT_ALONE_AT_ONCE: Final = Path("edited, all of it", EDITED, _ALL_OF_IT, (), mine=True, state=None)
LEFT_ALONE_REWRITTEN: Final = Path("rewritten, all of it", REWRITTEN, _ALL_OF_IT, (), mine=True, state=None)

_SEE_GONE = (DELETE, once(), once())
LONG: Final = (
    Path(
        "deleted twice: a month, then for ever",
        OPEN,
        (
            *_SEE_GONE, once("deleted", due=False, days=29), once("open", "deleted", hours=25),
            *_SEE_GONE, once("deleted", "deleted", due=False, days=410),
        ),
        ("deleted", "deleted"), state="quiet",
    ),
    Path(
        "deleted: half of a long rhythm",
        (_list("Ana Lima", "6 months"), *OPEN[1:]),
        (*_SEE_GONE, once("deleted", due=False, days=90), once("open", "deleted", days=3)),
        ("open", "deleted"), ours=1, state="drafted",
    ),
    Path(
        "sent, never answered: twice the rhythm, and after three never",
        OPEN,
        (
            SENDS["its key"], once("sent"), once("sent", due=False, days=58), once("open", "sent", days=4),
            SENDS["another key"], once("sent", "sent"), once("sent", "sent", due=False, days=58),
            once("open", "sent", "sent", days=4),
            SENDS["its key"], once("sent", "sent", "sent"), once("sent", "sent", "sent", due=False, days=800),
        ),
        ("sent", "sent", "sent"),
    ),
)  # fmt: skip
