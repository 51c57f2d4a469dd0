"""`auld why`: all that bears on one person, in sentences and as JSON, with the evidence."""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from daemon.cli.byhand import Said, said_of
from daemon.cli.choices import named
from daemon.cli.identity import identity
from daemon.cli.nobody import advise
from daemon.cli.options import DONE
from daemon.cli.output import day, fold, plain, print_json
from daemon.cli.people import contact_json, person_json
from daemon.cli.session import Session, pick
from daemon.cli.telling import (
    because,
    contact_words,
    ending,
    found_gaps,
    last_contact,
    rhythm,
    set_rhythm,
    shelf,
    silence,
    typical_days,
)
from daemon.cli.turns import Place, find_place, tell_place
from daemon.cli.uncounted import sort_out
from daemon.contact import Evidence, Uncounted, gather, gather_nobody
from daemon.model import Kind, State
from daemon.overview import Overview, Row
from daemon.state import State as Store

_SHOWN: Final = 5  # contacts and non-contacts that are printed for people, if nothing else is asked for
_JSON: Final = 50
_ALL: Final = sys.maxsize
_DATED: Final = " " * 15  # what stands beside a date
_WHAT: Final = {Kind.SENT: "your mail", Kind.RECEIVED: "their mail", Kind.MEETING: "a meeting"}

# What is said of an address with no person behind it: the keys of `person_json`.
_NOBODY: Final[Mapping[str, Any]] = MappingProxyType({
    "name": "", "emails": [], "last_contact": None, "contact_days": 0, "first_contact": None, "rhythm_days": None,
    "overdue_probability": None, "next_meeting": None, "circle": None, "due": False, "due_at": None,
    "state": str(State.QUIET), "hold": None,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """All that is told of one person; `evidence` is whole."""

    view: Overview
    row: Row
    evidence: Evidence
    said: list[Said]
    place: Place | None


def look_at(state: Store, view: Overview, row: Row) -> Told:
    """Return all that bears on a person."""
    evidence = gather(view.world, row.number, _ALL)
    return Told(view, row, evidence, said_of(state, view, row), find_place(state, view, row))


def show_why(session: Session, who: str, *, limit: int | None, as_json: bool) -> int:
    """Print all that bears on a person, or why there is none behind an address; `limit` items of each sort."""
    with session.state() as state:
        view = session.overview(state)
        reason = view.nobody(who)
        if reason is not None:
            email = who.strip().lower()
            evidence = gather_nobody(view.world, email, _ALL)
            if as_json:
                print_json(nobody_json(view, email, reason, evidence, limit or _JSON))
            else:
                _print(nobody_lines(view, email, reason, evidence, limit or _SHOWN))
            return DONE
        told = look_at(state, view, pick(view, who))
    if as_json:
        print_json(why_json(told, limit or _JSON))
    else:
        _print(why_lines(told, limit or _SHOWN))
    return DONE


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        print(fold(line, _DATED if line.startswith("  ") else ""))


# -- sentences ---------------------------------------------------------------------------------------------------------


def sentences(told: Told) -> list[str]:
    """Return what is to be said of a person, the most telling first."""
    view, row = told.view, told.row
    found = [last_contact(view, row), *rhythm(view, row)]
    for hold in row.holds:
        end = ending(row, hold)
        found.append(f"Held back: {plain(hold.text, 400)}" + (f" ({end})." if end else "."))
    if told.place is not None:
        found += tell_place(view, row, told.place)
    return [*found, shelf(view, row)]


def why_lines(told: Told, shown: int) -> Iterator[str]:
    """Yield the lines of `auld why`, harmless on a terminal."""
    view, row, evidence = told.view, told.row, told.evidence
    person, zone = row.standing.person, view.zone
    yield named(person) + (f" <{plain(', '.join(person.emails), 400)}>" if person.emails and person.name else "")
    for sentence in identity(view, row):
        yield f"  {sentence}"
    yield ""
    yield from sentences(told)
    if told.said:
        yield ""
        yield "Said by hand:"
    for said in told.said:
        yield f"  {day(said.at, zone, none=''):>11}  {said.text} (undo: {said.undo})"
    yield ""
    yield f"Counted as contact ({evidence.counted_total:,}):"
    several = len(person.emails) > 1
    for one in evidence.counted[:shown]:
        yield f"  {day(one.at, zone):>11}  {contact_words(one, address=several)}"
    yield from _more(evidence.counted_total, shown)
    yield ""
    yield from _uncounted_lines(view, evidence, shown)


def _uncounted_lines(view: Overview, evidence: Evidence, shown: int) -> Iterator[str]:
    total = evidence.uncounted_total
    by_rule = ", ".join(plain(sort.text) for sort in sort_out(evidence.uncounted))
    yield f"Not counted ({total:,}):" + (f" {by_rule}." if total > shown else "")
    for one in evidence.uncounted[:shown]:
        yield f"  {day(one.at, view.zone):>11}  {_WHAT[one.kind]}: {plain(one.rule)}"
    yield from _more(total, shown)


def _more(total: int, shown: int) -> Iterator[str]:
    if total > shown:
        yield f"  … and {total - shown:,} older (--limit {total} shows all)"


def nobody_lines(view: Overview, email: str, reason: str, evidence: Evidence, shown: int) -> Iterator[str]:
    """Yield what is said of an address with no person behind it."""
    yield f"{plain(email)}: there is no person behind this address ({plain(reason)})."
    yield from advise(view, email, reason)
    number = view.world.ledger.number(email)
    if evidence.uncounted and number not in view.world.census.mine:  # of my own, that would be all I wrote
        yield ""
        yield from _uncounted_lines(view, evidence, shown)


# -- JSON --------------------------------------------------------------------------------------------------------------


def why_json(told: Told, limit: int = _JSON) -> dict[str, Any]:
    """Return all that bears on a person as interface keys, at most `limit` contacts and non-contacts."""
    view, row, evidence = told.view, told.row, told.evidence
    every, typical = set_rhythm(view, row), typical_days(view, row)
    return {
        "person": person_json(row),
        "counted": [{**(contact_json(one) or {}), "people": one.people} for one in evidence.counted[:limit]],
        **_uncounted_json(evidence, limit),
        "rule": row.rate.rule,
        "due_at": row.rate.due_at,
        "hold": row.hold,
        "holds": [{"rule": hold.rule, "text": hold.text, "ends": ending(row, hold)} for hold in row.holds],
        "state": str(row.state),
        "suggested_because": because(view, row),
        "learned": [*identity(view, row), *(one.text for one in told.said if one.kind in {"merged", "split"})],
        "counted_total": evidence.counted_total,
        "silent_days": silence(view, row),
        "sent": row.standing.sent,
        "received": row.standing.received,
        "every": {"span": str(every.span), "circle": every.circle or None} if every is not None else None,
        "own_rhythm": {
            "days": round(typical, 2) if typical is not None else None,
            "gaps": len(found_gaps(view, row)),
        },
        "by_hand": [{"kind": one.kind, "at": one.at, "text": one.text, "undo": one.undo} for one in told.said],
        "draft": _place_json(told.place),
        "sentences": sentences(told),
    }


def _place_json(place: Place | None) -> dict[str, Any] | None:
    """Return where one who is due and not held stands in line; the limits are null where nothing keeps a draft back."""
    if place is None:
        return None
    return {
        "occasion": place.occasion,
        "place": place.place,
        "of": place.of,
        "limit": place.limit or None,
        "limit_typed": place.typed or None,
        "limit_named": place.named or None,
        "next_at": place.next_at,
        "taking": place.taking,
    }


def _uncounted_json(evidence: Evidence, limit: int) -> dict[str, Any]:
    return {
        "not_counted": [_one_uncounted(one) for one in evidence.uncounted[:limit]],
        "not_counted_total": evidence.uncounted_total,
        "not_counted_by_rule": [
            {"what": one.what, "rule": one.rule, "count": one.number, "text": one.text}
            for one in sort_out(evidence.uncounted)
        ],
    }


def _one_uncounted(one: Uncounted) -> dict[str, Any]:
    return {"at": one.at, "kind": str(one.kind), "account": one.account, "rule": one.rule, "title": None}


def nobody_json(view: Overview, email: str, reason: str, evidence: Evidence, limit: int) -> dict[str, Any]:
    """Return what is said of an address with no person behind it, as interface keys."""
    return {
        "person": {**_NOBODY, "emails": [email]},
        "counted": [],
        **_uncounted_json(evidence, limit),
        "rule": f"there is no person behind this address: {reason}",
        "due_at": None,
        "hold": None,
        "counted_total": 0,
        "sentences": list(advise(view, email, reason)),
    }
