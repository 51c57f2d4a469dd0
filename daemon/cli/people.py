"""Looking: people, why, due, export."""

import csv
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Final

from daemon.cli.choices import named
from daemon.cli.options import DONE, UsageError
from daemon.cli.output import count, day, plain, print_json, print_table, say
from daemon.cli.session import Session, pick
from daemon.contact import Evidence, gather, gather_nobody
from daemon.model import Contact, Due, Kind, State
from daemon.overview import Overview, Row

_HELD = 5  # of those due but held back that `due` names
_SHOWN = 5  # contacts and non-contacts that `why` prints for people; --json and --limit show more
_WHAT = {Kind.SENT: "your mail", Kind.RECEIVED: "their mail", Kind.MEETING: "a meeting"}
_HOW = {Kind.SENT: "you wrote", Kind.RECEIVED: "they wrote", Kind.MEETING: "you met", Kind.MET: "told by hand"}


# What `why` says of an address with no person behind it: the keys of `person_json`.
_NOBODY: Final[Mapping[str, Any]] = MappingProxyType({
    "name": "", "emails": [], "last_contact": None, "contact_days": 0, "first_contact": None, "rhythm_days": None,
    "overdue_probability": None, "next_meeting": None, "circle": None, "due": False, "due_at": None,
    "state": str(State.QUIET), "hold": None,
})  # fmt: skip


def contact_json(contact: Contact | None) -> dict[str, Any] | None:
    """Return a contact as interface keys."""
    if contact is None:
        return None
    return {
        "at": contact.at,
        "kind": str(contact.kind),
        "account": contact.account,
        "email": contact.email,
        "title": contact.title,
    }


def person_json(row: Row) -> dict[str, Any]:
    """Return a person as interface keys."""
    standing, rate = row.standing, row.rate
    circle = row.circle
    return {
        "name": standing.person.name,
        "emails": list(standing.person.emails),
        "last_contact": contact_json(standing.last),
        "contact_days": len(standing.days),
        "first_contact": standing.first_at,
        "rhythm_days": round(rate.days, 2) if rate.days is not None else None,
        "overdue_probability": round(rate.overdue_probability, 6) if rate.overdue_probability is not None else None,
        "next_meeting": standing.next_meeting_at,
        "circle": circle or None,
        "due": rate.due,
        "due_at": rate.due_at,
        "state": str(row.state),
        "hold": row.hold,
    }


def show_people(session: Session, word: str | None, *, everybody: bool, as_json: bool) -> int:
    """Print the people table."""
    with session.state() as state:
        view = session.overview(state)
        rows = view.table(everybody=everybody, word=word)
        if as_json:
            print_json([person_json(row) for row in rows])
            return DONE
        zone = session.zone
        print_table(
            ["person", "last contact", "how", "rhythm", "due", "next meeting", "state", "held back"],
            [
                [
                    named(row.standing.person),
                    day(row.standing.last.at if row.standing.last else None, zone),
                    _HOW[row.standing.last.kind] if row.standing.last else "",
                    f"{row.rate.days:.0f} days" if row.rate.days is not None else "",
                    day(row.rate.due_at, zone, none=""),
                    day(row.standing.next_meeting_at, zone, none=""),
                    str(row.state),
                    row.hold or "" if row.state in {State.LISTED, State.SUGGESTED} else "",
                ]
                for row in rows
            ],
            wide={0: 16, 7: 30},
            spare=[7, 4, 2],
        )
        hidden = view.hidden(rows, word)
    if not len(state.accounts):
        say("Nothing is read yet: auld sync")
    else:
        more = f"; {hidden} more with --all" if hidden and not everybody else ""
        say((count(len(rows), "person", "people") if rows else "Nobody") + more)
    return DONE


def why_json(view: Overview, row: Row, evidence: Evidence) -> dict[str, Any]:
    """Return the evidence about a person as interface keys."""
    return {
        "person": person_json(row),
        "counted": [{**(contact_json(one) or {}), "people": one.people} for one in evidence.counted],
        "not_counted": [
            {"at": one.at, "kind": str(one.kind), "account": one.account, "rule": one.rule, "title": None}
            for one in evidence.uncounted
        ],
        "rule": row.rate.rule,
        "due_at": row.rate.due_at,
        "hold": row.hold,
        "holds": [{"rule": hold.rule, "text": hold.text} for hold in row.holds],
        "state": str(row.state),
        "suggested_because": view.suggestion(row),
        "learned": view.learned(row),
    }


def show_why(session: Session, who: str, *, limit: int, as_json: bool) -> int:
    """Print the evidence about a person."""
    with session.state() as state:
        view = session.overview(state)
        nobody = view.nobody(who)
        if nobody is not None:
            return _show_nobody(session, view, who.strip().lower(), nobody, limit, as_json=as_json)
        row = pick(view, who)
        evidence = gather(view.world, row.number, limit)
        if as_json:
            print_json(why_json(view, row, evidence))
        else:
            _print_why(session, view, row, evidence, min(limit, _SHOWN) if limit == 50 else limit)  # noqa: PLR2004
    return DONE


def _show_nobody(session: Session, view: Overview, email: str, reason: str, limit: int, *, as_json: bool) -> int:
    evidence = gather_nobody(view.world, email, limit)
    if as_json:
        print_json({
            "person": {**_NOBODY, "emails": [email]},
            "counted": [],
            "not_counted": [
                {"at": one.at, "kind": str(one.kind), "account": one.account, "rule": one.rule, "title": None}
                for one in evidence.uncounted
            ],
            "rule": f"there is no person behind this address: {reason}",
            "due_at": None,
            "hold": None,
        })  # fmt: skip
        return DONE
    print(f"{plain(email)}: there is no person behind this address ({reason}).")
    for one in evidence.uncounted[:_SHOWN]:
        print(f"  {day(one.at, session.zone)}  {_WHAT[one.kind]}: not counted, {plain(one.rule)}")
    return DONE


def _print_why(session: Session, view: Overview, row: Row, evidence: Evidence, shown: int) -> None:
    standing, zone, rate = row.standing, session.zone, row.rate
    person = standing.person
    print(named(person))
    if person.emails:
        print(f"  addresses: {plain(', '.join(person.emails))}")
    for sentence in view.learned(row):
        print(f"  {plain(sentence)}")
    print(f"  state: {row.state} ({plain(view.suggestion(row))})")
    print(f"  rule: {plain(rate.rule)}")
    if rate.due_at is not None:
        print(f"  due: {'since' if rate.due else 'on'} {day(rate.due_at, zone)}")
    for hold in row.holds:
        print(f"  held back: {plain(hold.text)}")
    if rate.due and not row.holds and row.state in {State.LISTED, State.SUGGESTED}:
        print("  nothing holds a draft back: auld draft")
    print(f"\nCounted as contact ({evidence.counted_total:,}):")
    for one in evidence.counted[:shown]:
        title = f' "{plain(one.title, 60)}"' if one.title else ""
        others = one.people - 1
        beside = f", with {count(others, 'other', 'others')}" if others > 0 else ""
        print(f"  {day(one.at, zone):>11}  {_HOW[one.kind]}{title}{beside} ({plain(one.account) or 'by hand'})")
    _more(evidence.counted_total, min(shown, len(evidence.counted)))
    print(f"\nNot counted ({evidence.uncounted_total:,}):")
    for uncounted in evidence.uncounted[:shown]:
        print(f"  {day(uncounted.at, zone):>11}  {_WHAT[uncounted.kind]}: {plain(uncounted.rule)}")
    _more(evidence.uncounted_total, min(shown, len(evidence.uncounted)))


def _more(total: int, shown: int) -> None:
    if total > shown:
        print(f"  … and {total - shown:,} older (--limit {total} shows all)")


def due_json(due: Due) -> dict[str, Any]:
    """Return a person who is due as interface keys."""
    return {
        "name": due.standing.person.name,
        "emails": list(due.standing.person.emails),
        "last_contact": contact_json(due.standing.last),
        "due_at": due.rate.due_at,
        "reason": due.reason,
        "occasion": due.occasion,
        "account": due.account,
    }


def show_due(session: Session, *, as_json: bool) -> int:
    """Print who is due now and not held."""
    with session.state() as state:
        view = session.overview(state)
        due = view.due()
        if as_json:
            print_json([due_json(one) for one in due])
            return DONE
        for sentence in view.warnings():
            say(sentence)
        print_due(session, due)
        if not due and (len(state.accounts) or not view.warnings()):
            say("Nobody is due." if not view.held() else "Nobody is due and free to write to.")
        _say_held(view.held(), apart=bool(due))
    return DONE


def _say_held(held: Sequence[Row], *, apart: bool) -> None:
    """Tell who is due but held back, and by what; `apart` from what stands above."""
    if held:
        blank = "\n" if apart else ""
        say(f"{blank}{count(len(held), 'person is', 'people are')} due but held back:")
    for row in held[:_HELD]:
        say(f"  {named(row.standing.person)}: {plain(row.hold)}")
    if len(held) > _HELD:
        say(f"  and {len(held) - _HELD} more; auld why PERSON says by what")


def print_due(session: Session, due: Sequence[Due]) -> None:
    """Print the table of those due."""
    if due:
        print_table(
            ["person", "last contact", "occasion", "account", "why now"],
            [
                [
                    named(one.standing.person),
                    day(one.standing.last.at if one.standing.last else None, session.zone),
                    one.occasion,
                    one.account or "none takes drafts",
                    one.reason,
                ]
                for one in due
            ],
            wide={0: 18, 4: 40},
            spare=[3, 2],
        )


def export(session: Session, form: str) -> int:
    """Print people and last contacts as CSV or JSON."""
    if form not in {"csv", "json"}:
        raise UsageError(f'--format is csv or json, not "{plain(form)}"')
    with session.state() as state:
        rows = session.overview(state).table(everybody=True, word=None)
        people = [person_json(row) for row in rows]
    if form == "json":
        print_json(people)
        return DONE
    writer = csv.writer(sys.stdout)
    writer.writerow(["name", "emails", "last_contact", "how", "contact_days", "state", "circle"])
    for one in people:
        last: Mapping[str, Any] = one["last_contact"] or {}
        at = last["at"].strftime("%Y-%m-%dT%H:%M:%SZ") if last else ""
        cells = [one["name"], " ".join(one["emails"]), at, last.get("kind", ""), one["contact_days"], one["state"]]
        writer.writerow([_cell(cell) for cell in [*cells, one["circle"] or ""]])
    return DONE


def _cell(value: object) -> str:
    """Return a CSV cell that no spreadsheet takes for a formula (names come from strangers)."""
    text = plain(str(value))
    first = unicodedata.normalize("NFKC", text[:1])  # some take full-width signs for the plain ones
    return f"'{text}" if first in {"=", "+", "-", "@"} else text
