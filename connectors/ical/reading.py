"""Calendars put together: the entries of one UID, from however many streams, and the meetings they come to.

Decides which of several versions of an entry holds (RFC 5546: the higher SEQUENCE, then the later change) and how far a
series is followed. Must not know where the streams come from: each has an `origin`, a text that names it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import BinaryIO, Final

from connectors.ical.entry import Entry, read_entry
from connectors.ical.moments import fit, settle, write_original
from connectors.ical.rules import OCCURRENCES_KEPT
from connectors.ical.series import Expansion, Slot, expand, order
from connectors.ical.stream import Block, Splitter
from connectors.ical.zones import ZONES_READ, Zones
from connectors.types import Meeting

AHEAD: Final = timedelta(days=730)
"""How far into the future a series is followed."""

_MOST: Final = 300_000
"""How many occurrences of all series together, and below how many rules that never fit: a file could hold thousands."""
_ENDLESS_MOST: Final = 30
_PROVES_NOTHING: Final = frozenset({"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"})  # RFC 5546: no calendar's state
_UID: Final = re.compile(r"^UID\s*(?:;[^:\n]*)?:\s*(\S.*)$", re.MULTILINE | re.IGNORECASE)
_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Contents:
    """What one stream held: how many VEVENTs, and whether it ended where a calendar ends."""

    events: int
    whole: bool


@dataclass(frozen=True, slots=True)
class Told:
    """The meetings of one UID, each with the origin it comes from.

    `events` of the VEVENTs were dealt with. `endless` are the origins that hold a rule, so that more is to be told as
    time goes on. `problems` are sentences for the user.
    """

    meetings: tuple[tuple[str, Meeting], ...] = ()
    events: int = 0
    endless: frozenset[str] = frozenset()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    block: Block
    zones: Zones
    origin: str


class Reading:
    """Some streams that are read as one calendar. Add them all, then ask for the meetings once."""

    def __init__(self) -> None:
        self._pieces: dict[str, list[_Piece]] = {}
        self._zones: dict[tuple[str, int], tuple[Zones, dict[str, str]]] = {}
        self._zones_left = iter(range(ZONES_READ))
        self._left = _MOST
        self._endless_left = _ENDLESS_MOST
        self._full = False

    @property
    def uids(self) -> int:
        """How many entries there are, the versions and instances of one counted once."""
        return len(self._pieces)

    def add(self, stream: BinaryIO, origin: str) -> Contents:
        """Take in the components of `stream`.

        Raises:
            NotCalendarError: it is none (nothing is taken in).
            OSError: the stream's own (what was read before stays taken in).
        """
        splitter = Splitter(stream)
        events = 0
        for block in splitter:
            zones, definitions = self._calendar(origin, block.calendar)
            if block.kind == "VTIMEZONE":
                if (name := _tzid(block.text)) and not block.fault:
                    definitions.setdefault(name, block.text)
                continue
            events += 1
            if block.method in _PROVES_NOTHING:
                continue
            found = _UID.search(block.text)
            # entries without UID are told apart by all they say
            uid = found[1].strip() if found else "\0" + block.text
            self._pieces.setdefault(uid, []).append(_Piece(block, zones, origin))
        return Contents(events, splitter.whole)

    def _calendar(self, origin: str, number: int) -> tuple[Zones, dict[str, str]]:
        if (origin, number) not in self._zones:
            definitions: dict[str, str] = {}
            self._zones[origin, number] = Zones(definitions, self._zones_left), definitions
        return self._zones[origin, number]

    def meetings(self, since: datetime | None, now: datetime) -> Iterator[Told]:
        """Yield the meetings that end at `since` (None: no limit) or later, UID by UID in the order of the streams."""
        while self._pieces:
            pieces = self._pieces.pop(next(iter(self._pieces)))
            yield self._tell(pieces, since, now)
        unknown = sorted({(origin, name) for (origin, _), (zones, _) in self._zones.items() for name in zones.unknown})
        yield Told(
            problems=tuple(
                f"{origin}: the time zone {name!r} is unknown; its times are taken for your own zone's"
                for origin, name in unknown[:20]
            )
        )

    def _tell(self, pieces: Sequence[_Piece], since: datetime | None, now: datetime) -> Told:
        problems: list[str] = []
        entries: list[Entry] = []
        for piece in pieces:
            try:
                entries.append(read_entry(piece.block, piece.zones, piece.origin))
            except (ValueError, OverflowError) as err:
                problems.append(f"{piece.origin}: an event was left out: {err}")
        found: dict[str, tuple[str, Meeting]] = {}
        try:
            for slot, original in self._slots(entries, since, now, problems):
                meeting = _meeting(slot, original)
                if since is None or order(meeting.end) >= since:
                    found[meeting.key] = (slot.entry.origin, meeting)
        except (ValueError, OverflowError) as err:
            problems.append(f"{pieces[0].origin}: an event was left out: {err}")
        endless = frozenset(entry.origin for entry in entries) if any(entry.rules for entry in entries) else frozenset()
        return Told(tuple(found.values()), len(pieces), endless, tuple(problems))

    def _slots(
        self, entries: Sequence[Entry], since: datetime | None, now: datetime, problems: list[str]
    ) -> Iterator[tuple[Slot, str]]:
        """Yield the occurrences that the versions of one UID come to, each with its original start."""
        master, changed = _newest(entries)
        if master is None:
            for entry in changed:
                assert entry.instance is not None
                yield Slot(entry.instance, entry.start, entry.end, entry), write_original(entry.instance)
            return
        if not master.recurs and not changed:
            yield Slot(master.start, master.start, master.end, master), ""
            return
        for slot in self._expand(master, changed, since, now, problems).slots:
            if master.cancelled and not slot.entry.cancelled and _rank(master) >= _rank(slot.entry):
                yield replace(slot, entry=replace(slot.entry, cancelled=True)), write_original(slot.original)
            else:
                yield slot, write_original(slot.original)

    def _expand(
        self, master: Entry, changed: Sequence[Entry], since: datetime | None, now: datetime, problems: list[str]
    ) -> Expansion:
        if self._left <= 0 or self._endless_left <= 0:
            if not self._full:
                problems.append(f"{master.origin}: it holds too many recurring events; the rest of them was left out")
            self._full = True
            return Expansion((), cut=True)
        try:
            expansion = expand(master, changed, since, now + AHEAD)
        except ValueError as err:
            problems.append(f"{master.origin}: of a recurring event only the first day was read: {err}")
            return Expansion((Slot(master.start, master.start, master.end, master),), cut=True)
        self._left -= len(expansion.slots)
        self._endless_left -= expansion.exhausted
        if expansion.cut:
            problems.append(
                f"{master.origin}: a recurring event repeats too often; at most its newest {OCCURRENCES_KEPT} are read"
            )
        return expansion


def _tzid(text: str) -> str:
    found = re.search(r"^TZID[^:\n]*:(.*)$", text, re.MULTILINE | re.IGNORECASE)
    return found[1].strip() if found else ""


def _rank(entry: Entry) -> tuple[int, datetime, bool]:
    return entry.sequence, entry.updated_at or _LONG_AGO, entry.cancelled


def _newest(entries: Sequence[Entry]) -> tuple[Entry | None, list[Entry]]:
    """Return the version of the entry that holds, and that of each instance."""
    masters = sorted((entry for entry in entries if entry.instance is None), key=_rank)
    master = masters[-1] if masters else None
    series = [entry for entry in masters if entry.recurs]
    if master is not None and master.cancelled and not master.recurs and series:
        # a cancellation need not repeat the rule of what it cancels
        told = series[-1]
        master = replace(told, cancelled=True, sequence=master.sequence, updated_at=master.updated_at)
    newest: dict[str, Entry] = {}
    for entry in sorted((entry for entry in entries if entry.instance is not None), key=_rank):
        assert entry.instance is not None
        newest[write_original(entry.instance if master is None else fit(entry.instance, master.start))] = entry
    return master, list(newest.values())


def _meeting(slot: Slot, original: str) -> Meeting:
    entry = slot.entry
    name = f"{entry.origin}\0{entry.uid}\0{original}".encode("utf-8", "surrogateescape")
    return Meeting(
        key=blake2b(name, digest_size=8).hexdigest(),
        uid=entry.uid,
        original_start=original,
        start=settle(slot.start),
        end=settle(slot.end),
        all_day=not isinstance(slot.start, datetime),
        cancelled=entry.cancelled,
        ordinary=entry.ordinary,
        away=entry.away,
        organizer=entry.organizer,
        attendees=entry.attendees,
        title=entry.title,
        sequence=entry.sequence,
        updated_at=entry.updated_at,
    )
