"""`auld why --json`: a person, or an address with nobody behind it, as interface keys."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from daemon.cli.identity import bounced_at, conflict_words, identity
from daemon.cli.nobody import advise
from daemon.cli.people import contact_json, person_json
from daemon.cli.telling import because, ending, found_gaps, set_rhythm, silence, typical_days
from daemon.cli.told import Told, sentences, sorts
from daemon.cli.turns import Place
from daemon.contact import Evidence, Uncounted
from daemon.model import State
from daemon.overview import Overview, Row

SHOWN: Final = 50  # contacts and non-contacts, if nothing else is asked for

# What is said of an address with no person behind it: the keys of `person_json`.
_NOBODY: Final[Mapping[str, Any]] = MappingProxyType({
    "name": "", "emails": [], "last_contact": None, "contact_days": 0, "first_contact": None, "rhythm_days": None,
    "away_days": 0, "overdue_probability": None, "next_meeting": None, "circle": None, "due": False, "due_at": None,
    "state": str(State.QUIET), "hold": None,
})  # fmt: skip


def why_json(told: Told, limit: int = SHOWN) -> dict[str, Any]:
    """Return all that bears on a person as interface keys, at most `limit` contacts and non-contacts."""
    view, row, evidence = told.view, told.row, told.evidence
    every, typical = set_rhythm(view, row), typical_days(view, row)
    return {
        "person": person_json(row),
        "counted": [{**(contact_json(one) or {}), "people": one.people} for one in evidence.counted[:limit]],
        **_uncounted_json(view, evidence, limit),
        "ahead": [{"at": one.at, "title": one.title or None} for one in told.ahead[:limit]],
        "ahead_total": len(told.ahead),
        "rule": row.rate.rule,
        "due_at": row.rate.due_at,
        "hold": row.hold,
        "holds": [{"rule": hold.rule, "text": hold.text, "ends": ending(row, hold)} for hold in row.holds],
        "state": str(row.state),
        "suggested_because": because(view, row),
        "learned": [*identity(view, row), *(one.text for one in told.said if one.kind in {"merged", "split"})],
        "counted_total": evidence.counted_total,
        "moves": _moves_json(row),
        "bounces": [{"email": one, "at": bounced_at(view, one)} for one in sorted(row.standing.dead)],
        "write_to": {"email": row.standing.usable_email, "chosen": bool(row.standing.chosen_email)},
        "silent_days": silence(view, row),
        "away_days": row.rate.away,
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


def _moves_json(row: Row) -> list[dict[str, Any]]:
    """Return the move that was concluded, if any; `followed`: drafts go to the new address."""
    move = row.standing.moved
    if move is None:
        return []
    return [
        {
            "from": move.old, "to": move.new, "silent_since": move.silent_since, "since": move.since, "uses": move.uses,
            "followed": row.standing.usable_email == move.new,
        }
    ]  # fmt: skip


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


def _uncounted_json(view: Overview, evidence: Evidence, limit: int) -> dict[str, Any]:
    return {
        "not_counted": [_one_uncounted(one) for one in evidence.uncounted[:limit]],
        "not_counted_total": evidence.uncounted_total,
        "not_counted_by_rule": [
            {"what": one.what, "rule": one.rule, "count": one.number, "text": one.text} for one in sorts(view, evidence)
        ],
    }


def _one_uncounted(one: Uncounted) -> dict[str, Any]:
    return {"at": one.at, "kind": str(one.kind), "account": one.account, "rule": one.rule, "title": None}


def nobody_json(view: Overview, email: str, reason: str, evidence: Evidence, limit: int) -> dict[str, Any]:
    """Return what is said of an address with no person behind it: the keys of `why_json`."""
    return {
        "person": {**_NOBODY, "emails": [email]},
        "counted": [],
        **_uncounted_json(view, evidence, limit),
        "ahead": [],
        "ahead_total": 0,
        "rule": f"there is no person behind this address: {reason}",
        "due_at": None,
        "hold": None,
        "holds": [],
        "state": str(State.QUIET),
        "suggested_because": f"not suggested: there is no person behind this address ({reason})",
        "learned": conflict_words(view, [email]),
        "counted_total": 0,
        "moves": [],
        "bounces": [],
        "write_to": {"email": None, "chosen": False},
        "silent_days": None,
        "away_days": 0,
        "sent": 0,
        "received": 0,
        "every": None,
        "own_rhythm": {"days": None, "gaps": 0},
        "by_hand": [],
        "draft": None,
        "sentences": list(advise(view, email, reason)),
    }
