"""Why several addresses are one person, and where a draft would go: what auld concluded of who somebody is."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from daemon.cli.choices import handle
from daemon.cli.output import plain
from daemon.due.days import write_date
from daemon.model import Move
from daemon.overview import Overview, Row
from daemon.people import Tie, TieRule

_TIES: Final[Mapping[TieRule, str]] = MappingProxyType({
    TieRule.LISTED: "as [[people]] of the config says",
    TieRule.BY_HAND: "merged by hand",
    TieRule.ADDRESS: "the same address as {other}, but for case, plus-tag or Gmail's dots (rule A)",
    TieRule.NAME: "the same name as {other}{name} (rule B)",
    TieRule.LOCAL_PART: "its part before the @ and the name of {other} are alike, or the other way round (rule D)",
})  # fmt: skip


def identity(view: Overview, row: Row) -> list[str]:
    """Return what auld concluded about who a person is, a sentence each, harmless on a terminal."""
    standing = row.standing
    found = [_tie(tie) for tie in view.world.ties(row.number)] if len(standing.person.emails) > 1 else []
    if standing.dead:
        found.append(f"known to bounce: {', '.join(sorted(map(plain, standing.dead)))}")
    if standing.moved is not None:
        found.append(move_words(standing.moved, view))
    if len(standing.person.emails) > 1 and standing.usable_email is not None:
        chosen = ", as you chose" if standing.chosen_email == standing.usable_email else ""
        moved = standing.moved if standing.moved is not None and standing.moved.new == standing.usable_email else None
        wrong = f"; if that is wrong: {undo_move(row, moved)}" if moved is not None and not chosen else ""
        found.append(f"a draft would go to {plain(standing.usable_email)}{chosen}{wrong}")
    return found


def move_words(move: Move, view: Overview) -> str:
    """Return what was concluded of a move, and from what."""
    return (
        f"moved, it seems: {plain(move.old)} is silent since {write_date(move.silent_since, view.zone)}, and from "
        f"{plain(move.new)} came {move.uses} mails or meetings since {write_date(move.since, view.zone)}"
    )


def undo_move(row: Row, move: Move) -> str:
    """Return the command by which drafts go to the old address again."""
    return f"auld people --write-to {handle(row)} {plain(move.old)}"


def _tie(tie: Tie) -> str:
    name = f', "{plain(tie.name, 60)}"' if tie.name else ""
    reason = _TIES[tie.rule].replace("{other}", plain(tie.other)).replace("{name}", name)
    return f"{plain(tie.email)}: {reason}"
