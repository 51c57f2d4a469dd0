"""`auld why`: all that bears on one person, in sentences or as JSON, with the evidence."""

from collections.abc import Iterator, Sequence
from typing import Final

from daemon.cli.ahead import Ahead
from daemon.cli.choices import named
from daemon.cli.identity import conflict_words, identity
from daemon.cli.nobody import advise
from daemon.cli.options import DONE
from daemon.cli.output import count, day, fold, hanging, plain, print_json
from daemon.cli.session import Session, pick
from daemon.cli.telling import contact_words
from daemon.cli.told import ALL, Told, look_at, sentences, sorts
from daemon.cli.whyjson import SHOWN, nobody_json, why_json
from daemon.contact import Evidence, gather_nobody
from daemon.model import Kind
from daemon.overview import Overview

_SHOWN: Final = 5  # contacts and non-contacts that are printed for people, if nothing else is asked for
_WHAT: Final = {Kind.SENT: "your mail", Kind.RECEIVED: "their mail", Kind.MEETING: "a meeting"}


def show_why(session: Session, who: str, *, limit: int | None, as_json: bool) -> int:
    """Print all that bears on a person, or why there is none behind an address; `limit` items of each sort."""
    with session.state() as state:
        view = session.overview(state)
        reason = view.nobody(who)
        if reason is not None:
            email = who.strip().lower()
            evidence = gather_nobody(view.world, email, ALL)
            if as_json:
                print_json(nobody_json(view, email, reason, evidence, limit or SHOWN))
            else:
                _print(nobody_lines(view, email, reason, evidence, limit or _SHOWN))
            return DONE
        told = look_at(state, view, pick(view, who))
    if as_json:
        print_json(why_json(told, limit or SHOWN))
    else:
        _print(why_lines(told, limit or _SHOWN))
    return DONE


def _print(lines: Iterator[str]) -> None:
    for line in lines:
        print(fold(line, hanging(line)))


# -- sentences ---------------------------------------------------------------------------------------------------------


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
    yield from _ahead_lines(view, told.ahead, shown)
    if evidence.counted:
        yield ""
        yield f"Counted as contact ({evidence.counted_total:,}):"
    several = len(person.emails) > 1
    for one in evidence.counted[:shown]:
        yield f"  {day(one.at, zone):>11}  {contact_words(one, address=several)}"
    yield from _more(evidence.counted_total, shown)
    yield from _uncounted_lines(view, evidence, shown)


def _ahead_lines(view: Overview, ahead: Sequence[Ahead], shown: int) -> Iterator[str]:
    if len(ahead) > 1:  # of a single one all is said
        yield ""
        yield f"{count(len(ahead), 'meeting')} ahead:"
        for one in ahead[:shown]:
            yield f"  {day(one.at, view.zone):>11}  {plain(one.title) or 'without a title'}"
        yield from _more(len(ahead), shown, "later")


def _uncounted_lines(view: Overview, evidence: Evidence, shown: int) -> Iterator[str]:
    total = evidence.uncounted_total
    if not total:
        return
    by_rule = ", ".join(plain(sort.text) for sort in sorts(view, evidence))
    yield ""
    yield f"Not counted ({total:,}):" + (f" {by_rule}." if total > shown else "")
    for one in evidence.uncounted[:shown]:
        yield f"  {day(one.at, view.zone):>11}  {_WHAT[one.kind]}: {plain(one.rule)}"
    yield from _more(total, shown)


def _more(total: int, shown: int, what: str = "older") -> Iterator[str]:
    if total > shown:
        yield f"  … and {total - shown:,} {what} (--limit {total} shows all)"


def nobody_lines(view: Overview, email: str, reason: str, evidence: Evidence, shown: int) -> Iterator[str]:
    """Yield what is said of an address with no person behind it."""
    yield f"{plain(email)}: there is no person behind this address ({plain(reason)})."
    yield from conflict_words(view, [email])
    yield from advise(view, email, reason)
    number = view.world.ledger.number(email)
    if evidence.uncounted and number not in view.world.census.mine:  # of my own, that would be all I wrote
        yield from _uncounted_lines(view, evidence, shown)
