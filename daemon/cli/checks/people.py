"""What `auld check` says of people: who is in the config and was never seen, who stands there twice, who may be one."""

from collections.abc import Iterator, Sequence

from connectors.base import Finding
from daemon.cli.choices import named
from daemon.cli.identity import bounced_words, move_words, undo_move
from daemon.cli.output import count, plain
from daemon.model import Standing
from daemon.overview import Overview, Row
from daemon.people import match_key
from daemon.people.likeness import Likeness
from daemon.settings import Settings
from daemon.state import State

_FEW = 5
_NEAREST = 3


def people_found(view: Overview, state: State) -> Iterator[Finding]:
    """Yield what is found about people."""
    for conflict in view.world.census.conflicts:
        yield Finding("people", "warn", conflict.text)
    if view.world.learned:
        emails = ", ".join(sorted(view.world.census.emails[number] for number in view.world.learned))
        yield Finding("me", "ok", f"learned from Sent as yours: {emails}", "")
    for number in sorted(view.world.doubted):
        email = view.world.census.emails[number]
        yield Finding(
            "me",
            "warn",
            f"mail from {email} lies in a Sent folder, but it looks like somebody else's; it was not taken for yours",
            f'if it is yours, add "{email}" to me.emails',
        )
    yield from _listed_twice(view.settings)
    yield from _empty_circles(view)
    yield from _without_contact(view, state)
    yield from _bouncing(view)
    yield from _moved(view)
    for row in view.never_answered():
        yield Finding(
            "people",
            "warn",
            f"{named(row.standing.person)} did not answer three drafts in a row",
            "auld writes no more to them; mute them, or meet them",
        )
    pairs = view.suspects()
    for one, other in pairs[:_FEW]:
        yield Finding(
            "people", "warn", f"{one} and {other} may be one person", f"if so: auld people --merge {one} {other}"
        )
    if len(pairs) > _FEW:
        more = count(len(pairs) - _FEW, "more pair")
        yield Finding("people", "warn", f"and {more} of addresses may be one person", "auld review asks about each")


def _bouncing(view: Overview) -> Iterator[Finding]:
    """Yield whose addresses bounce; it needs the user only where none of theirs works."""
    for row in view.rows:
        standing = row.standing
        if not standing.dead or not row.chosen:
            continue
        bounces = f"{named(standing.person)}: {' and '.join(bounced_words(view, one) for one in sorted(standing.dead))}"
        if standing.usable_email is not None:
            yield Finding("people", "ok", f"{bounces}; drafts go to {standing.usable_email}", "")
        else:
            yield Finding("people", "warn", bounces, "add an address that works to [[people]], or mute them")


def _moved(view: Overview) -> Iterator[Finding]:
    """Yield who is at a new organisation, the newest first."""
    rows = [row for row in view.rows if row.chosen and _goes_to_new(row.standing)]
    moves = [(row, row.standing.moved) for row in rows if row.standing.moved is not None]
    moves.sort(key=lambda one: one[1].since, reverse=True)
    for row, move in moves[:_FEW]:
        text = f"{named(row.standing.person)} {move_words(move, view)}; drafts go there"
        yield Finding("people", "ok", text, f"if that is wrong: {undo_move(row, move)}")
    if len(moves) > _FEW:
        yield Finding("people", "ok", f"{len(moves) - _FEW} more moved: auld why PERSON tells", "")


def _goes_to_new(standing: Standing) -> bool:
    move = standing.moved
    return move is not None and standing.usable_email == move.new and not standing.chosen_email


def _listed_twice(settings: Settings) -> Iterator[Finding]:
    entries: dict[object, list[int]] = {}
    for number, one in enumerate(settings.people, 1):
        if one.name:
            entries.setdefault(match_key(one.name) or " ".join(one.name.casefold().split()), []).append(number)
    for numbers in entries.values():
        if len(numbers) > 1:
            name = plain(settings.people[numbers[0] - 1].name)
            yield Finding(
                "people",
                "warn",
                f"{name} stands in the config {len(numbers)} times: [[people]] {', '.join(map(str, numbers))}",
                "if it is one person, make it one entry with all their emails; auld never merges two entries",
            )


def _empty_circles(view: Overview) -> Iterator[Finding]:
    used = {row.circle.name for row in view.rows if row.circle is not None}
    for circle in view.settings.circles:
        if circle.name not in used:
            yield Finding(
                "circles",
                "warn",
                f'nobody is in the circle "{plain(circle.name)}"',
                "name it in [[people]] (circle = …), put somebody into it with auld review, or take it out",
            )


def _without_contact(view: Overview, state: State) -> Iterator[Finding]:
    """Yield who is listed and has no contact, once all is read: a slip in an address is the usual reason."""
    reads = [state.account(one.name) for one in view.settings.accounts if one.enabled]
    if not all(one.mail_through and one.calendar_through for one in reads):
        return
    rows = [row for row in view.rows if _is_awaited(row)]
    unseen = [row for row in rows if not _is_seen(view, row)]
    for row in rows:
        if row not in unseen:
            yield Finding(
                "people",
                "warn",
                f"{named(row.standing.person)} is listed and was seen, but nothing of it counts as contact",
                f"auld why {row.standing.person.emails[0]}",
            )
    if not unseen:
        return
    others = [row for row in view.rows if row.standing.person.listed is None]
    texts = (
        (number, text)
        for number, row in enumerate(others)
        for text in (row.standing.person.name, *row.standing.person.emails)
    )
    likeness = Likeness(texts)
    for row in unseen:
        person = row.standing.person
        near = [others[number] for number in likeness.nearest((person.name, *person.emails), _NEAREST)]
        yield _never_seen(row, near)


def _is_awaited(row: Row) -> bool:
    listed = row.standing.person.listed
    return listed is not None and not listed.never and not row.standing.days


def _is_seen(view: Overview, row: Row) -> bool:
    numbers = (view.world.ledger.number(email) for email in row.standing.person.emails)
    return any(number is not None and number >= 0 for number in numbers)


def _never_seen(row: Row, near: Sequence[Row]) -> Finding:
    told = f"{named(row.standing.person)} is listed but was never seen in mail or calendar"
    if not near:
        return Finding(
            "people", "warn", told, "look whether emails in [[people]] are right; an older one may be missing"
        )
    shown = ", ".join(_shown(one) for one in near)
    return Finding(
        "people",
        "warn",
        f"{told}; nearest: {shown}",
        f'if that is them: emails = ["{near[0].standing.person.emails[0]}"]',
    )


def _shown(row: Row) -> str:
    person = row.standing.person
    return plain(f"{person.name} <{person.emails[0]}>" if person.name else person.emails[0])
