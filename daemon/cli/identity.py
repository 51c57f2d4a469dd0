"""Why several addresses are one person, and where a draft would go: what auld concluded of who somebody is."""

from collections.abc import Collection, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Final

from daemon.cli.choices import handle
from daemon.cli.output import plain
from daemon.due.days import write_date
from daemon.ledger.moment import from_epoch
from daemon.model import Move
from daemon.overview import Overview, Row
from daemon.people import Tie, TieRule, joined_names, local_letters
from daemon.people.names import read

_TIES: Final[Mapping[TieRule, str]] = MappingProxyType({
    TieRule.LISTED: "as [[people]] of the config says",
    TieRule.BY_HAND: "merged by hand",
    TieRule.ADDRESS: "the same address as {other}, but for case, plus-tag or Gmail's dots (rule A)",
    TieRule.NAME: "the same name as {other}{name} (rule B)",
    TieRule.LOCAL_PART: "{part} (rule D)",
})  # fmt: skip


def identity(view: Overview, row: Row) -> list[str]:
    """Return what auld concluded about who a person is, a sentence each, harmless on a terminal."""
    standing = row.standing
    found = [_tie(tie, view, row) for tie in view.world.ties(row.number)] if len(standing.person.emails) > 1 else []
    found += conflict_words(view, standing.person.emails)
    found += [bounced_words(view, email) for email in sorted(standing.dead)]
    if standing.moved is not None:
        found.append(move_words(standing.moved, view))
    if len(standing.person.emails) > 1 and standing.usable_email is not None:
        chosen = ", as you chose" if standing.chosen_email == standing.usable_email else ""
        moved = standing.moved if standing.moved is not None and standing.moved.new == standing.usable_email else None
        wrong = f"; if that is wrong: {undo_move(row, moved)}" if moved is not None and not chosen else ""
        found.append(f"a draft would go to {plain(standing.usable_email)}{chosen}{wrong}")
    return found


def conflict_words(view: Overview, emails: Collection[str]) -> list[str]:
    """Return what kept any of these addresses from being merged, as `auld check` tells it."""
    return [plain(one.text, 400) for one in view.world.census.conflicts if not set(one.emails).isdisjoint(emails)]


def bounced_at(view: Overview, email: str) -> datetime | None:
    """Return when mail to an address came back last; None for one that is not known to bounce."""
    number = view.world.ledger.number(email)
    at = view.world.dead.get(number) if number is not None else None
    return from_epoch(at) if at is not None else None


def bounced_words(view: Overview, email: str) -> str:
    """Return that an address bounces, and from what that is known."""
    at = bounced_at(view, email)
    when = f": mail to it came back on {write_date(at, view.zone)}, and it wrote nothing since" if at else ""
    return f"{plain(email)} bounces{when}"


def move_words(move: Move, view: Overview) -> str:
    """Return what was concluded of a move, and from what."""
    return (
        f"moved, it seems: {plain(move.old)} has been silent since {write_date(move.silent_since, view.zone)}, and "
        f"from {plain(move.new)} came {move.uses} mails or meetings since {write_date(move.since, view.zone)}"
    )


def undo_move(row: Row, move: Move) -> str:
    """Return the command by which drafts go to the old address again."""
    return f"auld people --write-to {handle(row)} {plain(move.old)}"


def _tie(tie: Tie, view: Overview, row: Row) -> str:
    name = f', "{plain(tie.name, 60)}"' if tie.name else ""
    told = {"{other}": plain(tie.other), "{name}": name, "{part}": ""}
    if tie.rule is TieRule.LOCAL_PART:
        told["{part}"] = _part(tie, view, row)
    reason = _TIES[tie.rule]
    for place, text in told.items():
        reason = reason.replace(place, text)
    return f"{plain(tie.email)}: {reason}"


def _part(tie: Tie, view: Overview, row: Row) -> str:
    """Return which part of the two addresses is their name: of either what is before the @, or a name of one word."""
    own, given = view.world.ledger.own_names, view.world.ledger.given_names
    names = {
        view.world.census.emails[one]: [name for kept in (own, given) for name in kept.get(one, ())]
        for one in view.world.members(row.number)
    }
    joined = joined_names([row.standing.person.name, *(name for some in names.values() for name in some)])
    if local_letters(tie.email) in joined:
        return "its part before the @ is their name"
    if local_letters(tie.other) in joined:
        return f"the part before the @ of {plain(tie.other)} is their name"
    words = (
        f'"{plain(name, 60)}"' for one in (tie.email, tie.other) for name in names[one] if read(name).word in joined
    )
    return f"{next(words, 'its name')} is their name in one word, as {plain(tie.other)} tells"
