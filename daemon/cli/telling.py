"""One person in sentences: the last contact, the rhythm and when they are due, and why auld looks after them or not.

All that comes from mail and calendar is made plain here; nothing is printed.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from daemon import due
from daemon.cli.choices import handle
from daemon.cli.output import count, plain
from daemon.due import Hold, HoldRule
from daemon.due.days import local_date, write_date, write_silence
from daemon.due.holds import MEETING_NOW
from daemon.due.rhythm import LEAST_DAYS, SHORTEST_GAP, UNUSUAL, fit_rhythm, gaps
from daemon.due.selection import Every, every_of
from daemon.model import Contact, Kind
from daemon.overview import Overview, Row

_TITLE: Final = 60
_MOST: Final = round(100 * UNUSUAL)  # of a hundred silences last as long as one that makes somebody due
_NUMBERS: Final = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
# From how many days on a span is told in a unit: nobody counts in days what takes weeks.
_UNITS: Final = ((700, 365.2425, "year"), (56, 365.2425 / 12, "month"), (14, 7.0, "week"), (0, 1.0, "day"))


def contact_words(contact: Contact, *, address: bool) -> str:
    """Return how a contact happened, as in "you wrote "Your talk" from home"; `address`: also by which of theirs."""
    title = f' "{plain(contact.title, _TITLE)}"' if contact.title else ""
    where = plain(contact.account)
    email = plain(contact.email) if address else ""
    if contact.kind is Kind.MET:
        return met_words(contact.title or "") + ", as you noted"
    if contact.kind is Kind.SENT:
        words = f"you wrote{title} from {where}" + (f" to {email}" if email else "")
    elif contact.kind is Kind.RECEIVED:
        words = f"they wrote{title} to {where}" + (f" from {email}" if email else "")
    else:
        words = f"you met{title} ({where})" + (f", as {email}" if email else "")
    return words + (f", with {count(contact.people - 1, 'other')}" if contact.people > 1 else "")


def met_words(how: str) -> str:
    """Return a contact told by hand in words, as in "you met (coffee)"."""
    return f"you met ({plain(how, _TITLE)})" if how else "you met"


def silence(view: Overview, row: Row) -> int | None:
    """Return the whole local days since the last contact day, None if there was none."""
    days = row.standing.days
    return max(0, local_date(view.now, view.zone).toordinal() - days[-1]) if days else None


def last_contact(view: Overview, row: Row) -> str:
    """Return the sentence on the last contact."""
    last, days = row.standing.last, silence(view, row)
    if last is None or days is None:
        return "You were never in touch, as far as auld knows."
    ago = {0: "today", 1: "yesterday"}.get(days, f"{days:,} days ago")
    away = f", {row.rate.away:,} of them away" if row.rate.away else ""
    words = contact_words(last, address=len(row.standing.person.emails) > 1)
    return f"You were last in touch on {write_date(last.at, view.zone)} ({ago}{away}): {words}."


def rhythm(view: Overview, row: Row) -> list[str]:
    """Return the sentences on how often you are in touch, or want to be, and when they are due."""
    rate = row.rate
    if rate.due_at is None:
        return ["No contact with them counts, and you did not list them: they are never due."]
    every = set_rhythm(view, row)
    if not row.standing.days:
        wish = f"{_wish(every)}, and never were" if every is not None else "You want to be in touch, and never were"
        return [f"{wish}: they are due now."]
    when, known = _due(view, row), bool(found_gaps(view, row))
    if every is not None:
        usual = [f"Left to itself, it is about every {own_rhythm(view, row)}."] if known else []
        return [f"{_wish(every)}: {when}.", *usual]
    if known:
        usually = f"You are usually in touch about every {own_rhythm(view, row)}"
    else:
        taken = f"auld takes about every {rough(rate.days or 0.0)}, as with others"
        usually = f"Too few contacts for a rhythm of their own: {taken}"
    rare = _rarity(view, row, known=known)
    told = [f"{rare}, so {when}"] if rate.due else [*([rare] if rare else []), f"{when}: {_until(row, known=known)}"]
    return [f"{one[0].upper()}{one[1:]}." for one in (usually, *told)]


def set_rhythm(view: Overview, row: Row) -> Every | None:
    """Return the rhythm that the user set for a person, None if they go by their own."""
    return every_of(row.standing.person, view.settings, row.decision)


def typical_days(view: Overview, row: Row) -> float | None:
    """Return their own rhythm in days, also where the user set another; None where there is no gap yet."""
    found = found_gaps(view, row)
    return fit_rhythm(found, view.prior).typical if found else None


def found_gaps(view: Overview, row: Row) -> Sequence[int]:
    """Return the gaps between their contact days that a rhythm is learned from, newest first."""
    return gaps(view.presence.days(row.standing.days))


def own_rhythm(view: Overview, row: Row) -> str:
    """Return a person's own rhythm, as in "five weeks (23 gaps since 2022)"."""
    gap = count(len(found_gaps(view, row)), "gap")
    return f"{rough(typical_days(view, row) or 0.0)} ({gap} since {date.fromordinal(row.standing.days[0]).year})"


def rough(days: float) -> str:
    """Return a span as one would say it: "five weeks", "week", "two years"."""
    size, unit = next((size, unit) for least, size, unit in _UNITS if days >= least)
    number = max(1, round(days / size))
    if number == 1:
        return unit
    return f"{_NUMBERS[number] if number < len(_NUMBERS) else f'{number:,}'} {unit}s"


def _wish(every: Every) -> str:
    span = str(every.span)
    place = f"circle {plain(every.circle)}" if every.circle else "their entry in [[people]]"
    return f"You want to be in touch every {span.removeprefix('1 ')} ({place})"


def _due(view: Overview, row: Row) -> str:
    """Return when they are due, as the rest of a sentence; in the conditional for whom auld leaves alone."""
    at = row.rate.due_at
    assert at is not None
    on = write_date(at, view.zone)
    if row.rate.due:
        return f"they {'have been' if row.chosen else 'would have been'} due since {on}"
    return f"they {'are' if row.chosen else 'would be'} due on {on}, if nothing happens before"


def _rarity(view: Overview, row: Row, *, known: bool) -> str:
    """Return how unusual this silence is, as a part of a sentence; "" where there hardly is one."""
    share, days = row.rate.overdue_probability, silence(view, row)
    if share is None or days is None or (days < SHORTEST_GAP and not row.rate.due):
        return ""
    number, whose = round(100 * share), "your silences with them" if known else "silences with others"
    if row.rate.due:
        few = f"only {number}" if 0 < number < _MOST else f"fewer than {_MOST if number else 1}"
        return f"{few} in 100 of {whose} last this long"
    if share < UNUSUAL:
        return ""
    return (
        f"a silence of {write_silence(days, row.rate.away)} is nothing unusual ({number} in 100 of {whose} last longer)"
    )


def _until(row: Row, *, known: bool) -> str:
    """Return for what auld waits with one who goes by their own rhythm and is not due."""
    share = row.rate.overdue_probability
    if share is not None and share < UNUSUAL:
        return f"nobody is due before {LEAST_DAYS} days of silence"
    whose = "your silences with them" if known else "such silences"
    return f"auld waits until fewer than 1 in {round(1 / UNUSUAL)} of {whose} last longer"


# -- why auld looks after them -----------------------------------------------------------------------------------------


def lacking(view: Overview, row: Row) -> list[str]:
    """Return what keeps a person from being suggested; nothing for whom auld looks after."""
    if row.chosen:
        return []
    standing, settings = row.standing, view.settings
    days = len(standing.days)
    reasons = [
        (not settings.rhythm.learn, "rhythm.learn is off"),
        (standing.sent == 0, "you never wrote to them personally"),
        (days < due.CONTACT_DAYS, f"fewer than {due.CONTACT_DAYS} contact days ({days})"),
        (not standing.sign_of_life, "no answer from them yet"),
        (due.is_ignored(standing.person, settings), "contact.ignore names them"),
    ]
    found = [text for applies, text in reasons if applies]
    return found or [f"no contact for longer than {settings.rhythm.dormant}"]


def because(view: Overview, row: Row) -> str:
    """Return why a person is listed, suggested or quiet, in a few words."""
    if row.standing.person.listed is not None:
        return "you listed them in the config"
    if row.listed:
        return "you kept them in review"
    if row.chosen:
        return "by their own rhythm; you did not name them yourself"
    return f"not suggested: {lacking(view, row)[0]}"


def shelf(view: Overview, row: Row) -> str:
    """Return the sentence on why auld looks after a person, or what that would take."""
    if row.listed:
        place = f", in the circle {plain(row.circle.name)}" if row.circle is not None else ""
        listed = row.standing.person.listed is not None
        return f"{'You listed them in the config' if listed else 'You kept them in review'}{place}: {exchange(row)}."
    if row.chosen:
        return f"auld suggests them, though you did not name them: {exchange(row)}."
    missing = "; ".join(lacking(view, row))
    return f"auld leaves them alone: {missing}. If you want drafts to them all the same, list them in [[people]]."


def exchange(row: Row) -> str:
    """Return what went both ways, as in "3 mails of yours, 2 of theirs, 5 contact days since Mar 2025"."""
    standing = row.standing
    since = f" since {date.fromordinal(standing.days[0]).year}" if standing.days else ""
    days = count(len(standing.days), "contact day")
    return f"{count(standing.sent, 'mail')} of yours, {standing.received:,} of theirs, {days}{since}"


# -- what holds a draft back -------------------------------------------------------------------------------------------


def ending(row: Row, hold: Hold) -> str:
    """Return what ends a hold, "" where its own sentence says so or nothing does."""
    listed = row.standing.person.listed
    if hold.rule is HoldRule.MUTED and listed is not None and listed.never:
        return "until you take that out there"
    if hold.text == MEETING_NOW:
        return "until that is over"
    return _ENDINGS.get(hold.rule, "").replace("{who}", handle(row))


_ENDINGS: Final[Mapping[HoldRule, str]] = MappingProxyType({
    HoldRule.MUTED: "until you say: auld unmute {who}",
    HoldRule.SNOOZED: "or until you say: auld unmute {who}",
    HoldRule.PAUSED: "or until you say: auld resume",
    HoldRule.DRAFT_OPEN: "until you send or delete it",
    HoldRule.OWN_DRAFT: "until you send or delete it",
    HoldRule.MEETING_AHEAD: "until then",
    HoldRule.NO_ADDRESS: "until one stands in [[people]]",
    HoldRule.DEAD: "until another one stands in [[people]]",
    HoldRule.UNREAD: "until all accounts are read",
})  # fmt: skip
