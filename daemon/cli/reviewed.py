"""What was decided in `auld review`: listed, and taken back."""

from daemon.cli.answers import cleared
from daemon.cli.byhand import decided
from daemon.cli.choices import handle, named, restore
from daemon.cli.options import DONE, NEEDS_USER
from daemon.cli.output import day, plain, print_json, print_table, say
from daemon.cli.session import Session, pick
from daemon.model import Decision
from daemon.overview import Overview, Row


def list_reviewed(session: Session, *, as_json: bool) -> int:
    """Show who was reviewed, and what was decided."""
    with session.state() as state:
        view = session.overview(state)
        rows = [
            row for row in view.table(everybody=True, word=None) if row.decision is not None and row.decision.reviewed
        ]
    if as_json:
        print_json([_json(view, row) for row in rows])
    elif rows:
        print_table(
            ["person", "decided", "on"],
            [[named(row.standing.person), _words(view, row), _on(session, row)] for row in rows],
            wide={0: 16, 1: 24},
        )
        say("Take one back: auld review --undo PERSON. Go through all once more: auld review --again")
    else:
        say("Nobody was reviewed yet: auld review")
    return DONE


def _json(view: Overview, row: Row) -> dict[str, object]:
    decision, person = row.decision, row.standing.person
    assert decision is not None
    return {
        "person": person.name,
        "emails": list(person.emails),
        "kept": decision.kept,
        "circle": decision.circle or None,
        "muted": decision.muted,
        "snoozed_until": decision.snoozed_until,
        "at": decision.at,
        "text": _words(view, row),
        "undo": f"auld review --undo {handle(row)}",
    }


def _words(view: Overview, row: Row) -> str:
    return "; ".join(one.text for one in decided(view, row)) or "nothing that still holds"


def _on(session: Session, row: Row) -> str:
    return day(row.decision.at if row.decision is not None else None, session.zone, none="")


def undo(session: Session, who: str) -> int:
    """Take back what was decided of a person in review; they will be asked for again."""
    with session.state(write=True) as state:
        view = session.overview(state)
        row = pick(view, who)
        decision = row.decision
        if decision is None or not decision.reviewed:
            say(f"{named(row.standing.person)}: nothing was decided in review.")
            return NEEDS_USER
        words = _words(view, row)
        left = cleared(decision)
        empty = Decision(left.emails, left.name, at=left.at)
        restore(state, decision, None if left == empty else left)
    say(f"{named(row.standing.person)}: taken back ({plain(words)}). auld review asks for them again.")
    return DONE
