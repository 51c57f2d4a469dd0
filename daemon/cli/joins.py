"""Who is one person and who is not, by the user's word: merge, split, what was said so far, and taking it back.

What a word would do is worked out before it is kept: one that would change nothing is refused, with the reason.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from daemon.cli.byhand import force_of, force_words, is_in_force, join_words, undo_join, undone_by
from daemon.cli.choices import named
from daemon.cli.options import DONE, UsageError, read_number
from daemon.cli.output import count, day, plain, print_json, print_table, say
from daemon.cli.people import person_json
from daemon.cli.session import Session, pick
from daemon.contact import World
from daemon.model import Join
from daemon.overview import Overview, Row
from daemon.state import State


def merge(session: Session, wanted: Sequence[str], *, as_json: bool = False) -> int:
    """Say that two people or more are one; as JSON, print that one."""
    with session.state(write=True) as state:
        view = session.overview(state)
        rows = _distinct([pick(view, one) for one in wanted])
        join, after = try_merge(session, state, view, rows)
        keep_join(state, join)
    one = _row_of(after, join.emails[0])
    say(f"{_enumerate([named(row.standing.person) for row in rows])} are one person now, {named(one.standing.person)}:")
    _tell(session, rows)
    say(f"Together: {_last(session, one)}, {count(len(one.standing.days), 'contact day')}.")
    say(f"Undo: {undo_join(join)}")
    if as_json:
        print_json([person_json(one)])
    return DONE


def try_merge(session: Session, state: State, view: Overview, rows: Sequence[Row]) -> tuple[Join, Overview]:
    """Return the merge of these people, not kept yet, and everybody as they are after it.

    Raises:
        UsageError: it is not to be, or would change nothing; the message says why.
    """
    people = [row.standing.person for row in rows]
    if len(people) == 1:
        raise UsageError(f"{named(people[0])} is one person already: {_emails(people[0].emails)}")
    for person in people:
        if not person.emails:
            raise UsageError(
                f"no address of {named(person)} is known, so there is nothing to merge; give their entry in "
                "[[people]] the address: emails = [...]"
            )
    listed = [named(person) for person in people if person.listed is not None]
    if len(listed) > 1:
        raise UsageError(
            f"{_enumerate(listed)} each have an entry of their own in [[people]] of the config, and two entries are "
            "never one person; make them one entry there, with all its emails"
        )
    join = _word(state, session, [email for person in people for email in person.emails], apart=False)
    after = _foresee(session, state, view, [*state.joins, join])
    if not is_in_force(after, join):
        raise UsageError(f"it would not make them one: {_reasons(after, join)}")
    return join, after


def split(session: Session, who: str, email: str, *, as_json: bool = False) -> int:
    """Say that an address is not this person's; as JSON, print who they are without it."""
    with session.state(write=True) as state:
        view = session.overview(state)
        before = pick(view, who)
        person = before.standing.person
        address = email.strip().lower()
        rest = tuple(one for one in person.emails if one != address)
        _check_split(view, before, address, rest)
        join = _word(state, session, (address, *rest), apart=True)
        after = _foresee(session, state, view, [*state.joins, join])
        if not is_in_force(after, join):
            raise UsageError(f"{plain(address)} would stay with {named(person)}: {_reasons(after, join)}")
        keep_join(state, join)
    say(f"{plain(address)} is somebody else's now:")
    _tell(session, [_row_of(after, rest[0]), _row_of(after, address)])
    say(f"Undo: {undo_join(join)}")
    if as_json:
        print_json([person_json(_row_of(after, rest[0]))])
    return DONE


def _check_split(view: Overview, row: Row, address: str, rest: Sequence[str]) -> None:
    person = row.standing.person
    if address not in person.emails:
        known = _emails(person.emails) or "none"
        other = view.world.find((address,))
        whose = f"; it is of {named(view.rows[other].standing.person)}" if other is not None else ""
        raise UsageError(f'{named(person)} has no address "{plain(address)}"{whose}; known are {known}')
    if not rest:
        raise UsageError(f"{plain(address)} is the only address of {named(person)}: there is nothing to split")
    entry = set(person.listed.emails) if person.listed is not None else set()
    if address in entry and not entry.isdisjoint(rest):
        raise UsageError(
            f"[[people]] of the config says that {plain(address)} is of {named(person)}, and the config has the last "
            "word; take it out of emails there, or give it an entry of its own"
        )


def list_joins(session: Session, *, as_json: bool) -> int:
    """Show what was merged and split by hand."""
    with session.state() as state:
        view = session.overview(state)
        joins = sorted(state.joins, key=lambda one: one.id)
    if as_json:
        print_json([
            {
                "id": one.id, "kind": "split" if one.apart else "merge", "emails": list(one.emails), "at": one.at,
                "in_force": is_in_force(view, one), "holds": force_of(view, one),
                "undone_by": [later.id for later in undone_by(view, one)], "undo": undo_join(one),
            }
            for one in joins
        ])  # fmt: skip
    elif joins:
        print_table(
            ["#", "what", "who", "said", "holds"],
            [
                [
                    str(one.id),
                    "split" if one.apart else "merge",
                    _who(one),
                    day(one.at, session.zone),
                    force_words(view, one),
                ]
                for one in joins
            ],
            wide={2: 24, 4: 10},
            uncut=[2],
        )
        say("Undo one: auld people --undo-join NUMBER")
    else:
        say("Nothing was merged or split by hand.")
    return DONE


def _who(join: Join) -> str:
    first, *others = join.emails
    return f"{first} from {', '.join(others)}" if join.apart else ", ".join(join.emails)


def undo(session: Session, typed: str) -> int:
    """Take a merge or split back; an earlier word about the same addresses holds again."""
    number = read_number(typed, "auld people --joins")
    with session.state(write=True) as state:
        view = session.overview(state)
        join = state.joins.first(lambda one: one.id == number)
        if join is None:
            raise UsageError(f"there is no merge or split {number}; see auld people --joins")
        after = _foresee(session, state, view, [one for one in state.joins if one.id != number])
        take_back(state, join)
    say(f"Taken back: {join_words(join)}. As it is now:")
    _tell(session, _distinct([row for email in join.emails if (row := find_row(after, email)) is not None]))
    return DONE


def keep_join(state: State, join: Join) -> None:
    """Keep a merge or split; where it contradicts an earlier one, the later word holds."""
    with state.commit() as change:
        state.joins.add(change, join)


def keep_apart(session: Session, state: State, one: str, other: str) -> Join:
    """Keep that two addresses are of two persons, which they are now; return that word."""
    join = _word(state, session, (one, other), apart=True)
    keep_join(state, join)
    return join


def take_back(state: State, join: Join) -> None:
    """Take a merge or split back."""
    with state.commit() as change:
        state.joins.remove(change, lambda one: one == join)


def _word(state: State, session: Session, emails: Iterable[str], *, apart: bool) -> Join:
    return Join(state.next_number(state.joins), tuple(emails), apart, session.now)


def _foresee(session: Session, state: State, view: Overview, joins: Sequence[Join]) -> Overview:
    """Return everybody as they would be with these merges and splits."""
    world = World(state.ledger, view.settings, replace(state.by_hand(), joins=tuple(joins)), session.now, view.zone)
    return Overview(world, state, view.settings, view.taking, view.now, view.zone)


def _reasons(after: Overview, join: Join) -> str:
    """Return why a merge or split has no effect."""
    told = [one.text for one in after.world.census.conflicts if not set(one.emails).isdisjoint(join.emails)]
    return plain("; ".join(told), 600) or "a later word of yours says otherwise (auld people --joins)"


# -- telling -----------------------------------------------------------------------------------------------------------


def _tell(session: Session, rows: Iterable[Row]) -> None:
    for row in rows:
        say(f"  {describe(session, row)}")


def describe(session: Session, row: Row) -> str:
    """Return a person in a line: name, addresses, last contact."""
    person = row.standing.person
    return f"{plain(person.name) or '(no name)'} <{_emails(person.emails)}>: {_last(session, row)}"


def _last(session: Session, row: Row) -> str:
    last = row.standing.last
    return f"last contact {day(last.at, session.zone)}" if last is not None else "no contact"


def _emails(emails: Iterable[str]) -> str:
    return ", ".join(map(plain, emails))


def _enumerate(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)


def _distinct(rows: Iterable[Row]) -> list[Row]:
    return list({row.number: row for row in rows}.values())


def find_row(view: Overview, email: str) -> Row | None:
    """Return the person an address is of, None if there is none."""
    number = view.world.find((email,))
    return view.rows[number] if number is not None else None


def _row_of(view: Overview, email: str) -> Row:
    row = find_row(view, email)
    assert row is not None
    return row
