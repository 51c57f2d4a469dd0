"""One VEVENT as facts (RFC 5545, 3.6.1): who, when, and what it says of itself.

Decides which property gives which fact. Must not decide what a meeting counts for, nor find the occurrences of one that
recurs (``series``).
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from hashlib import blake2b
from typing import Final
from urllib.parse import unquote

from connectors.ical.lines import Property, read_lines
from connectors.ical.moments import Moment, fit, read_duration, read_moment, read_moments
from connectors.ical.stream import Block
from connectors.ical.zones import Zones
from connectors.text import clean
from connectors.types import Address, Answer, Attendee

ATTENDEES_KEPT: Final = 200
"""How many attendees of one entry are told: far above any number of people that makes a personal meeting, so that it
still shows that it is none."""

_ANSWERS: Final = {
    "ACCEPTED": Answer.ACCEPTED,
    "DECLINED": Answer.DECLINED,
    "TENTATIVE": Answer.TENTATIVE,
}
_RESOURCES: Final = frozenset({"ROOM", "RESOURCE", "GROUP"})
# Of X-MICROSOFT-CDO-BUSYSTATUS ([MS-OXCICAL]). X-MICROSOFT-CDO-INTENDEDSTATUS says how a meeting stood in the calendar
# of whoever organises it, and nothing of whose calendar this is.
_AWAY: Final = "OOF"
_EXTRAORDINARY: Final = frozenset({_AWAY, "WORKINGELSEWHERE"})
_EMAIL: Final = re.compile(r"[^\s@<>\"\x00-\x20\x7f]+@[^\s@<>\"\x00-\x20\x7f]+")
_BARE: Final = Property("", "")
_NO_ZONES: Final = Zones({}, iter(()))
_RULES: Final = 10
_DATES: Final = 20_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One VEVENT. `instance` is its RECURRENCE-ID, None for the entry itself; `onwards` RANGE=THISANDFUTURE.

    `rules` are RRULEs as written, `extra` the moments of RDATE and `dropped` those of EXDATE. `origin` is what the
    caller said of where it came from.
    """

    uid: str
    instance: Moment | None
    onwards: bool
    start: Moment
    end: Moment
    rules: tuple[str, ...]
    extra: tuple[Moment, ...]
    dropped: tuple[Moment, ...]
    cancelled: bool
    ordinary: bool
    away: bool
    organizer: Address | None
    attendees: tuple[Attendee, ...]
    title: str
    sequence: int
    updated_at: datetime | None
    origin: str = ""

    @property
    def recurs(self) -> bool:
        """Whether it has occurrences beside its own start."""
        return self.instance is None and bool(self.rules or self.extra)


def read_entry(block: Block, zones: Zones, origin: str = "") -> Entry:
    """Return what `block`, a VEVENT, says.

    Raises:
        ValueError: it has no start that can be read; the message says what is wrong.
    """
    if block.fault:
        raise ValueError(block.fault)
    single: dict[str, Property] = {}
    people: list[Property] = []
    rules: list[str] = []
    extra: list[Moment] = []
    dropped: list[Moment] = []
    for line in read_lines(block.text):
        if line.name == "ATTENDEE":
            people.append(line)
        elif line.name == "RRULE":
            rules.append(line.value.strip())
        elif line.name == "RDATE":
            extra += read_moments(line, zones)
        elif line.name == "EXDATE":
            dropped += read_moments(line, zones)
        else:
            single.setdefault(line.name, line)
    start, end = _span(single, zones)
    instance = _moment(single.get("RECURRENCE-ID"), zones)
    status, busy = _word(single.get("STATUS")), _word(single.get("X-MICROSOFT-CDO-BUSYSTATUS"))
    return Entry(
        uid=_uid(single),
        instance=instance,
        onwards=instance is not None and single["RECURRENCE-ID"].parameter("RANGE").upper() == "THISANDFUTURE",
        start=start,
        end=end,
        rules=tuple(rules[:_RULES]),
        extra=tuple(extra[:_DATES]),
        dropped=tuple(dropped[:_DATES]),
        cancelled=block.method == "CANCEL" or status in {"CANCELLED", "CANCELED"},
        ordinary=busy not in _EXTRAORDINARY,
        away=busy == _AWAY,
        organizer=_address(single["ORGANIZER"]) if "ORGANIZER" in single else None,
        attendees=_attendees(people),
        title=clean(single["SUMMARY"].text) if "SUMMARY" in single else "",
        sequence=_sequence(single.get("SEQUENCE")),
        updated_at=_instant(single.get("LAST-MODIFIED")) or _instant(single.get("DTSTAMP")),
        origin=origin,
    )


def _span(single: dict[str, Property], zones: Zones) -> tuple[Moment, Moment]:
    """Return start and end; an end before the start is taken for none.

    Raises:
        ValueError: there is no start that can be read.
    """
    if "DTSTART" not in single:
        raise ValueError("it has no start")
    start = read_moment(single["DTSTART"].value, single["DTSTART"], zones)
    least: Moment = start if isinstance(start, datetime) else start + timedelta(days=1)  # RFC 5545, 3.6.1
    end = least
    try:
        if "DTEND" in single:
            end = fit(read_moment(single["DTEND"].value, single["DTEND"], zones), start)
        elif "DURATION" in single:
            end = _later(start, read_duration(single["DURATION"].value))
    except ValueError:
        end = least
    if _word(single.get("X-MICROSOFT-CDO-ALLDAYEVENT")) == "TRUE" and _midnight(start) and _midnight(end):
        start, end = fit(start, date.min), fit(end, date.min)
        least = start + timedelta(days=1)
    return start, max(end, least)


def _later(start: Moment, duration: timedelta) -> Moment:
    """Return the end: a duration's days are days on the clock, its hours are hours that pass (RFC 5545, 3.3.6)."""
    if not isinstance(start, datetime):
        return start + timedelta(days=duration.days)
    if start.tzinfo is None or not duration.seconds:
        return start + duration
    day = start + timedelta(days=duration.days)
    return day.astimezone(UTC) + timedelta(seconds=duration.seconds)


def _midnight(moment: Moment) -> bool:
    return isinstance(moment, datetime) and moment.hour == moment.minute == moment.second == 0


def _moment(line: Property | None, zones: Zones) -> Moment | None:
    return None if line is None else read_moment(line.value, line, zones)


def _instant(line: Property | None) -> datetime | None:
    """Return a DTSTAMP or LAST-MODIFIED, which are in UTC whatever they say."""
    try:
        moment = None if line is None else read_moment(line.value.replace("Z", ""), _BARE, _NO_ZONES)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if isinstance(moment, datetime) else None


def _word(line: Property | None) -> str:
    return "" if line is None else line.value.strip().upper()


def _sequence(line: Property | None) -> int:
    value = _word(line)
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0  # noqa: PLR2004 - fits 32 bits


def _uid(single: dict[str, Property]) -> str:
    uid = clean(single["UID"].text, 1000) if "UID" in single else ""
    if uid:
        return uid
    told = "\0".join(single[name].value for name in ("DTSTART", "SUMMARY") if name in single)
    return "no-uid-" + blake2b(told.encode("utf-8", "replace"), digest_size=8).hexdigest()


def _attendees(lines: list[Property]) -> tuple[Attendee, ...]:
    """Return each address once, a known answer before none; of too many those who may come."""
    found: dict[str, Attendee] = {}
    for line in lines:
        address = _address(line)
        if address is None:
            continue
        answer = _ANSWERS.get(line.parameter("PARTSTAT").upper(), Answer.NONE)
        one = Attendee(address, answer, line.parameter("CUTYPE").upper() in _RESOURCES)
        known = found.get(address.email.casefold())
        if known is None or (known.answer is Answer.NONE and answer is not Answer.NONE):
            found[address.email.casefold()] = one
    people = list(found.values())
    if len(people) > ATTENDEES_KEPT:
        people.sort(key=lambda one: one.resource or one.answer is Answer.DECLINED)
    return tuple(people[:ATTENDEES_KEPT])


def _address(line: Property) -> Address | None:
    """Return the mailbox of a CAL-ADDRESS; None where it is no mailbox (``urn:uuid:…``, a path of a server)."""
    value = line.value.strip()
    mailto = value.lower().rfind("mailto:")
    if mailto >= 0:
        value = unquote(value[mailto + 7 :].partition("?")[0])
    for email in (value, line.parameter("EMAIL")):  # RFC 7986; Apple puts a path first
        email = email.strip().strip("<>").strip()  # noqa: PLW2901 - the same thing, bare
        if len(email) <= 320 and _EMAIL.fullmatch(email) and not email.lower().startswith("invalid:"):  # noqa: PLR2004 - RFC 5321: 64 + @ + 255
            return Address(clean(email, 320), clean(line.parameter("CN"), 200))
    return None
