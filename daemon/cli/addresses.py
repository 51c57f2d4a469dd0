"""Where drafts to a person go, by the user's word: `auld people --write-to`."""

from dataclasses import replace

from daemon.cli.choices import decide, handle, named
from daemon.cli.options import DONE, UsageError
from daemon.cli.output import plain, print_json, say
from daemon.cli.people import person_json
from daemon.cli.session import Session, pick

_AUTO = "auto"


def write_to(session: Session, who: str, email: str, *, as_json: bool = False) -> int:
    """Keep which of a person's addresses drafts go to; "auto" leaves it to auld again. As JSON, print the person."""
    address = email.strip().lower()
    with session.state(write=True) as state:
        row = pick(session.overview(state), who)
        standing, person = row.standing, row.standing.person
        if address == _AUTO:
            decide(state, row, session.now, lambda one: replace(one, address=""))
            row = session.overview(state).rows[row.number]
            where = row.standing.usable_email or "nowhere: no address works"
            say(f"{named(person)}: auld chooses where drafts go, now {plain(where)}.")
            if as_json:
                print_json([person_json(row)])
            return DONE
        if address not in person.emails:
            known = ", ".join(map(plain, person.emails)) or "none"
            raise UsageError(
                f'{named(person)} has no address "{plain(email)}"; known are {known}. '
                "Add a new one to their entry in [[people]]: emails = [...]"
            )
        if address in standing.dead:
            raise UsageError(f"mail to {plain(address)} comes back; drafts go to an address that works")
        decide(state, row, session.now, lambda one: replace(one, address=address))
        row = session.overview(state).rows[row.number]
    say(f"Drafts to {named(person)} go to {plain(address)}. Undo: auld people --write-to {handle(row)} {_AUTO}")
    if as_json:
        print_json([person_json(row)])
    return DONE
