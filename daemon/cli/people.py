"""Looking: people, due, export."""

import csv
import sys
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from daemon.cli.choices import named
from daemon.cli.options import DONE, UsageError
from daemon.cli.output import count, day, plain, print_json, print_table, say
from daemon.cli.session import Session
from daemon.cli.telling import set_rhythm
from daemon.model import Contact, Due, Kind, Person, State
from daemon.overview import Overview, Row

_HELD = 5  # of those due but held back that `due` names
_HOW = {Kind.SENT: "you wrote", Kind.RECEIVED: "they wrote", Kind.MEETING: "you met", Kind.MET: "told by hand"}


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
    return {
        "name": standing.person.name,
        "emails": list(standing.person.emails),
        "last_contact": contact_json(standing.last),
        "contact_days": len(standing.days),
        "first_contact": standing.first_at,
        "rhythm_days": round(rate.days, 2) if rate.days is not None else None,
        "away_days": rate.away,
        "overdue_probability": round(rate.overdue_probability, 6) if rate.overdue_probability is not None else None,
        "next_meeting": standing.next_meeting_at,
        "circle": row.circle.name if row.circle is not None else None,
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
                    name,
                    day(row.standing.last.at if row.standing.last else None, zone),
                    _HOW[row.standing.last.kind] if row.standing.last else "",
                    _rhythm(view, row),
                    day(row.rate.due_at, zone, none=""),
                    day(row.standing.next_meeting_at, zone, none=""),
                    str(row.state),
                    row.hold or "" if row.state in {State.LISTED, State.SUGGESTED} else "",
                ]
                for name, row in zip(_names([row.standing.person for row in rows]), rows, strict=True)
            ],
            wide={0: 16, 7: 30},
            spare=[7, 5, 2, 3],
            uncut=[0],
        )
        hidden = view.hidden(rows, word)
    if not len(state.accounts):
        say("Nothing is read yet: auld sync")
    else:
        more = f"; {hidden} more with --all" if hidden and not everybody else ""
        say((count(len(rows), "person", "people") if rows else "Nobody") + more)
    return DONE


def _names(people: Sequence[Person]) -> list[str]:
    """Return what people are called in one table: with an address, where several bear one name."""
    names = [named(person) for person in people]
    often = Counter(names)
    return [
        f"{name} <{plain(person.emails[0])}>" if often[name] > 1 and person.emails and person.name else name
        for name, person in zip(names, people, strict=True)
    ]


def _rhythm(view: Overview, row: Row) -> str:
    """Return a person's rhythm for the table; "" for one never in contact, unless the user set it."""
    known = row.standing.days or set_rhythm(view, row) is not None
    return f"{row.rate.days:,.0f} days" if row.rate.days is not None and known else ""


def due_json(due: Due) -> dict[str, Any]:
    """Return a person who is due as interface keys."""
    return {
        "name": due.standing.person.name,
        "emails": list(due.standing.person.emails),
        "last_contact": contact_json(due.standing.last),
        "due_at": due.rate.due_at,
        "reason": due.reason,
        "away_days": due.rate.away,
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
        if due:
            say(f"{count(len(due), 'person is', 'people are')} due.")
        if not due and (len(state.accounts) or not view.warnings()):
            say("Nobody is due." if not view.held() else "Nobody is due and free to write to.")
        _say_held(view.held(), apart=bool(due))
    return DONE


def _say_held(held: Sequence[Row], *, apart: bool) -> None:
    """Tell who is due but held back, and by what; `apart` from what stands above."""
    if held:
        blank = "\n" if apart else ""
        say(f"{blank}{count(len(held), 'person is', 'people are')} due but held back:")
    for name, row in zip(_names([row.standing.person for row in held]), held[:_HELD], strict=False):
        say(f"  {name}: {plain(row.hold)}")
    if len(held) > _HELD:
        say(f"  and {len(held) - _HELD} more; auld why PERSON says by what")


def print_due(session: Session, due: Sequence[Due]) -> None:
    """Print the table of those due."""
    if due:
        print_table(
            ["person", "last contact", "occasion", "account", "why now"],
            [
                [
                    name,
                    day(one.standing.last.at if one.standing.last else None, session.zone),
                    one.occasion,
                    one.account or "none takes drafts",
                    one.reason,
                ]
                for name, one in zip(_names([one.standing.person for one in due]), due, strict=True)
            ],
            wide={0: 18, 4: 40},
            spare=[3, 2],
            uncut=[0],
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
