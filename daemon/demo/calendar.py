"""Robin's calendar: what took place and counts, and around it what does not (iCalendar, RFC 5545)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from daemon.demo.cast import CAST, CLUB, ROBIN, STAFF, Ending, Mailbox, named
from daemon.demo.wire import roll

_ZONE: Final = """BEGIN:VTIMEZONE
TZID:Europe/Amsterdam
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
TZNAME:CEST
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
TZNAME:CET
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE"""
_LINE: Final = 74
_THURSDAY: Final = 3
_LUNCHES: Final = 24
_ROOM: Final = 'ATTENDEE;CUTYPE=ROOM;PARTSTAT=ACCEPTED;CN="Room Zuid":mailto:room.zuid@team.example.org'

Guest = tuple[Mailbox, str]
"""Someone invited and their PARTSTAT."""


@dataclass(frozen=True, slots=True)
class Event:
    """One calendar entry; `start` is local wall time, or a date for one of a whole day. `extra` are further lines."""

    title: str
    start: date  # a datetime is a date
    hours: float = 1.0
    organizer: Mailbox | None = None
    guests: tuple[Guest, ...] = ()
    extra: tuple[str, ...] = ()
    uid: str = ""


def write_calendar(today: date, clock: datetime) -> bytes:
    """Return the calendar as of `today`; `clock` (UTC) stamps its entries."""
    stamp = f"DTSTAMP:{clock:%Y%m%dT%H%M%SZ}"
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Example//Sample calendar//EN", *_ZONE.splitlines()]
    for event in (*_meetings(today), *_traps(today), *_ahead(today), *_lunches(today), *_work(today)):
        lines += _entry(event, stamp)
    lines.append("END:VCALENDAR")
    return "".join(f"{folded}\r\n" for line in lines for folded in _fold(line)).encode()


def _meetings(today: date) -> Iterator[Event]:
    """Yield single meetings that count."""
    for who in CAST:
        if who.ending is Ending.MET:
            yield Event(who.topic, _wall(today, who.silent, 11), 6, ROBIN, _both(who.mailbox(who.silent)))
    ben, noor = named("Ben Castellanos").mailbox(0), named("Noor van den Berg").mailbox(0)
    for ago in (55, 190, 330):
        yield Event("Climbing with Ben", _wall(today, ago, 18), 2, ben, _both(ben))
    yield Event("Coffee with Noor", _wall(today, 36, 16), 1, ROBIN, _both(noor, "TENTATIVE"))
    yield Event("Walk with Noor", _wall(today, 64, 15), 1, ROBIN, _both(noor, "NEEDS-ACTION"))


def _traps(today: date) -> Iterator[Event]:
    """Yield what does not count, though each is with someone who is due."""
    greta, amara, lakshmi, rene = (
        named(name).mailbox(0) for name in ("Greta Lindqvist", "Amara Okafor", "Lakshmi Hutchinson", "René Dubois")
    )
    chloe = named("Chloe Bennett").mailbox(0)
    declined: tuple[Guest, ...] = ((greta, "ACCEPTED"), (ROBIN, "DECLINED"))
    yield Event("Yearly review", _wall(today, 40, 14), 1, greta, declined)
    games: tuple[Guest, ...] = ((ROBIN, "ACCEPTED"), (amara, "DECLINED"), (chloe, "ACCEPTED"))
    yield Event("Board games", _wall(today, 34, 19), 3, ROBIN, games)
    yield Event("Build systems conference", _day(today, 45), 48, lakshmi, _both(lakshmi))
    yield Event("Birthday of René", _day(today, 690), 24, extra=("RRULE:FREQ=YEARLY",))
    yield Event("Away", _wall(today, 80, 9), 8, extra=("X-MICROSOFT-CDO-BUSYSTATUS:OOF",))
    yield Event("Dentist", _wall(today, 28, 9), 0.5)
    dinner: tuple[Guest, ...] = tuple((one, "ACCEPTED") for one in (ROBIN, amara, rene, *CLUB))
    yield Event("Sailing club dinner", _wall(today, 22, 19), 3, CLUB[0], dinner)


def _ahead(today: date) -> Iterator[Event]:
    """Yield what lies ahead: one true meeting, and others that must hold nobody back."""
    mateo, lakshmi, amara, rene = (
        named(name).mailbox(0) for name in ("Mateo Rossi", "Lakshmi Hutchinson", "Amara Okafor", "René Dubois")
    )
    yield Event("Coffee and piano", _wall(today, -7, 14), 1.5, mateo, _both(mateo))
    yield Event("Coffee", _wall(today, -3, 16), 1, ROBIN, _both(lakshmi), ("STATUS:CANCELLED", "SEQUENCE:1"))
    crew: tuple[Guest, ...] = tuple((one, "ACCEPTED") for one in (ROBIN, amara, rene, *CLUB))
    yield Event("Spring cleaning of the boats", _wall(today, -5, 10), 4, CLUB[0], crew)


def _lunches(today: date) -> Iterator[Event]:
    """Yield the monthly lunch with Tomás: a series with one date left out, one moved and one cancelled."""
    tomas, uid = named("Tomás Ferreira").mailbox(0), "monthly-lunch@example.com"
    first = [_first_thursday(today, back) for back in range(_LUNCHES + 1)]
    rule = ("RRULE:FREQ=MONTHLY;BYDAY=1TH", f"EXDATE;TZID=Europe/Amsterdam:{first[5]:%Y%m%dT%H%M%S}")
    title, guests = "Lunch with Tomás", _both(tomas)
    yield Event(title, first[_LUNCHES], 1, ROBIN, guests, rule, uid)
    moved = (f"RECURRENCE-ID;TZID=Europe/Amsterdam:{first[9]:%Y%m%dT%H%M%S}", "SEQUENCE:1")
    yield Event(title, first[9] + timedelta(days=5), 1, ROBIN, guests, moved, uid)
    off = (f"RECURRENCE-ID;TZID=Europe/Amsterdam:{first[14]:%Y%m%dT%H%M%S}", "STATUS:CANCELLED", "SEQUENCE:1")
    yield Event(title, first[14], 1, ROBIN, guests, off, uid)


def _work(today: date) -> Iterator[Event]:
    """Yield the meetings of Robin's day at work."""
    jonas = named("Jonas Meyer").mailbox(0)
    yield Event("Jonas / Robin", _wall(today, 210, 13), 0.5, jonas, _both(jonas), ("RRULE:FREQ=WEEKLY;COUNT=29", _ROOM))
    everyone: tuple[Guest, ...] = ((ROBIN, "ACCEPTED"), *((one, "ACCEPTED") for one in STAFF))
    yield Event("All hands", _wall(today, 250, 15), 1, STAFF[0], everyone, ("RRULE:FREQ=WEEKLY;INTERVAL=4",))


def _both(other: Mailbox, answer: str = "ACCEPTED") -> tuple[Guest, ...]:
    return ((ROBIN, "ACCEPTED"), (other, answer))


def _day(today: date, ago: int) -> date:
    return today - timedelta(days=ago)


def _wall(today: date, ago: int, hour: int) -> datetime:
    day = _day(today, ago)
    return datetime(day.year, day.month, day.day, hour)


def _first_thursday(today: date, months_back: int) -> datetime:
    """Return half past twelve on the first Thursday of the month so many months before that of `today`."""
    year, month = divmod(today.year * 12 + today.month - 1 - months_back, 12)
    first = date(year, month + 1, 1)
    day = 1 + (_THURSDAY - first.weekday()) % 7
    return datetime(year, month + 1, day, 12, 30)


def _entry(event: Event, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{event.uid or roll(event.title, event.start.toordinal()).hex() + '@example.com'}"
    yield stamp
    yield from _span(event)
    yield f"SUMMARY:{event.title}"
    if event.organizer is not None:
        yield f'ORGANIZER;CN="{event.organizer.name}":mailto:{event.organizer.email}'
    yield from _attendees(event.guests)
    yield from event.extra
    yield "END:VEVENT"


def _span(event: Event) -> Sequence[str]:
    end = event.start + timedelta(hours=event.hours)
    if isinstance(event.start, datetime):
        return (
            f"DTSTART;TZID=Europe/Amsterdam:{event.start:%Y%m%dT%H%M%S}",
            f"DTEND;TZID=Europe/Amsterdam:{end:%Y%m%dT%H%M%S}",
        )
    return f"DTSTART;VALUE=DATE:{event.start:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}"


def _attendees(guests: Iterable[Guest]) -> Iterator[str]:
    for mailbox, answer in guests:
        yield f'ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT={answer};CN="{mailbox.name}":mailto:{mailbox.email}'


def _fold(line: str) -> Iterator[str]:
    """Yield `line` in pieces of at most 75 octets (RFC 5545, 3.1), never cutting a character."""
    piece = ""
    for char in line:
        if len((piece + char).encode()) > _LINE:
            yield piece
            piece = " "
        piece += char
    yield piece
