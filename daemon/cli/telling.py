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
from daemon.due.days import local_date, write_date
from daemon.due.rhythm import LEAST_DAYS, UNUSUAL, fit_rhythm, gaps
from daemon.due.selection import Every, every_of
from daemon.model import Contact, Kind
from daemon.overview import Overview, Row

_TITLE: Final = 60
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
        return f"you told: {plain(contact.title, _TITLE)}" if contact.title else "told by hand"
    if contact.kind is Kind.SENT:
        words = f"you wrote{title} from {where}" + (f" to {email}" if email else "")
    elif contact.kind is Kind.RECEIVED:
        words = f"they wrote{title} to {where}" + (f" from {email}" if email else "")
    else:
        words = f"you met{title} ({where})" + (f", as {email}" if email else "")
    return words + (f", with {count(contact.people - 1, 'other')}" if contact.people > 1 else "")


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
    words = contact_words(last, address=len(row.standing.person.emails) > 1)
    away = f" You were away for {count(row.rate.away, 'day')} of them." if row.rate.away else ""
    return f"You were last in touch on {write_date(last.at, view.zone)} ({ago}): {words}.{away}"


def rhythm(view: Overview, row: Row) -> list[str]:
    """Return the sentences on how often you are in touch, or want to be, and when they are due."""
    rate = row.rate
    if rate.due_at is None:
        return ["No contact with them counts, and you did not list them: they are never due."]
    every = set_rhythm(view, row)
    if not row.standing.days:
        wish = f"{_wish(every)}, and never were" if every is not None else "You want to be in touch, and never were"
        return [f"{wish}: they are due now."]
    when = _due(view, row)
    if every is not None:
        usual = [f"Left to itself, it is about every {own_rhythm(view, row)}."] if found_gaps(view, row) else []
        return [f"{_wish(every)}: {when}.", *usual]
    if not found_gaps(view, row):
        taken = f"about every {rough(rate.days or 0.0)} is taken for it"
        return [f"You have no rhythm of your own yet; as with others, {taken}: {when}."]
    return [f"You are usually in touch about every {own_rhythm(view, row)}; {_rarity(view, row)}{when}."]


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
        return f"they {'are' if row.chosen else 'would be'} due since {on}"
    return f"they {'are' if row.chosen else 'would be'} due on {on}, if nothing happens before"


def _rarity(view: Overview, row: Row) -> str:
    """Return how unusual this silence is, as a part of a sentence that goes on with when they are due."""
    share, days = row.rate.overdue_probability, silence(view, row)
    if share is None or days is None:
        return ""
    number = round(100 * share)
    of = f"{number} in 100" if number else "fewer than 1 in 100"
    if row.rate.due:
        return f"{'only ' if number else ''}{of} of your silences with them last this long, so "
    if share < UNUSUAL:  # only the least days keep them from being due
        return f"nobody is due before {LEAST_DAYS} days: "
    return f"a silence of {count(days, 'day')} is nothing unusual ({of} last longer): "


# -- why auld looks after them -----------------------------------------------------------------------------------------


def lacking(view: Overview, row: Row) -> list[str]:
    """Return what keeps a person from being suggested; nothing for whom auld looks after."""
    if row.chosen:
        return []
    standing, settings = row.standing, view.settings
    days = len(standing.days)
    reasons = [
        (not settings.rhythm.learn, "rhythm.learn is off"),
        (standing.sent == 0, "no counted mail of yours to them"),
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
        place = f", in the circle {plain(row.circle)}" if row.circle else ""
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
    return _ENDINGS.get(hold.rule, "").replace("{who}", handle(row))


_ENDINGS: Final[Mapping[HoldRule, str]] = MappingProxyType({
    HoldRule.MUTED: "until you say: auld unmute {who}",
    HoldRule.SNOOZED: "or until you say: auld unmute {who}",
    HoldRule.PAUSED: "or until you say: auld resume",
    HoldRule.DRAFT_OPEN: "until you send or delete it",
    HoldRule.OWN_DRAFT: "until you send or delete it",
    HoldRule.MEETING_AHEAD: "until then",
    HoldRule.THEY_WROTE_LAST: "until you answer",
    HoldRule.NO_ADDRESS: "until one stands in [[people]]",
    HoldRule.DEAD: "until another one stands in [[people]]",
    HoldRule.UNREAD: "until all accounts are read",
})  # fmt: skip
