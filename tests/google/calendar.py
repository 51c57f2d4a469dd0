"""A user's calendars and what lies in them."""

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from zlib import crc32

from tests.google.answers import Json
from tests.google.clock import Clock

ROLES = ("none", "freeBusyReader", "reader", "writerWithoutPrivateAccess", "writer", "owner")
Span = tuple[datetime, datetime]
EVER: Span = (datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC))


@dataclass(slots=True)
class Entry:
    """An event. `number` is its place in a listing, `changed` the step of its last change.

    `reach` is the earliest start and latest end it ever had: what moves out of a time window is told once more.
    """

    event: Json
    number: int
    changed: int
    reach: Span = EVER
    series: bool = False

    @property
    def cancelled(self) -> bool:
        """Say whether it is cancelled."""
        return bool(self.event["status"] == "cancelled")

    def span(self) -> Span:
        """Return its start and end, those it had where it tells none."""
        if "start" not in self.event:
            return self.reach
        return moment(self.event["start"]), moment(self.event["end"])


@dataclass(slots=True)
class Shelf:
    """One calendar: its entry in the user's list, and its events by id."""

    entry: Json
    changed: int
    entries: dict[str, Entry] = field(default_factory=dict)
    expired: int = 0  # sync tokens from before this step are dead


def moment(told: Json) -> datetime:
    """Return the instant of a start or end; a day begins at midnight UTC."""
    if "dateTime" in told:
        when = datetime.fromisoformat(told["dateTime"])
        return when if when.tzinfo else when.replace(tzinfo=UTC)
    return datetime.combine(date.fromisoformat(told["date"]), time(), UTC)


def rfc3339(when: datetime) -> str:
    """Return an instant as Google writes it."""
    return f"{when.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{when.microsecond // 1000:03}Z"


class Calendars:
    """The state of all calendars of one user.

    `page_limit` makes pages at most that short, `empty_every` every so many pages empty; `fresh_tokens` gives a new
    sync token even where nothing changed.
    """

    def __init__(self, clock: Clock, address: str, lock: AbstractContextManager[object]) -> None:
        self.clock = clock
        self.address = address
        self.lock = lock
        self.shelves: dict[str, Shelf] = {}
        self.page_limit: int | None = None
        self.empty_every: int | None = None
        self.fresh_tokens = False
        self.step = 0
        self.list_expired = 0
        self.gone: dict[str, int] = {}  # forgotten calendars -> step
        self._numbers = 0
        self.add(address, role="owner", primary=True)

    def _next(self) -> int:
        self.step += 1
        return self.step

    # Calendars.

    def add(self, calendar: str, *, role: str = "owner", summary: str = "", **more: object) -> str:
        """Put a calendar on the user's list; `more` are other fields of its entry (primary, hidden, selected …)."""
        if role not in ROLES:
            raise ValueError(f"no such role: {role}")
        with self.lock:
            entry: Json = {
                "kind": "calendar#calendarListEntry",
                "id": calendar,
                "summary": summary or calendar,
                "timeZone": "Europe/Berlin",
                "colorId": "14",
                "selected": True,
                "accessRole": role,
                "defaultReminders": [],
            }
            self.shelves[calendar] = Shelf(entry | more, self._next())
            return calendar

    def share(self, calendar: str, role: str) -> None:
        """Change what the user may do with a calendar."""
        with self.lock:
            shelf = self.shelves[calendar]
            shelf.entry["accessRole"] = role
            shelf.changed = self._next()

    def forget(self, calendar: str) -> None:
        """Take a calendar away: it is unknown from now on."""
        with self.lock:
            del self.shelves[calendar]
            self.gone[calendar] = self._next()

    # Events.

    def put(self, calendar: str, event: Json) -> str:
        """Put an event, or change the one of that id; return its id.

        What the event leaves out is filled in as Google does. Instances of a series are put as such, with
        recurringEventId and originalStartTime; the event with `recurrence` itself is told where singleEvents is false.
        """
        with self.lock:
            self._numbers += 1
            name = str(event.get("id") or f"event{self._numbers:08}")
            shelf = self.shelves[calendar]
            before = shelf.entries.get(name)
            now = rfc3339(self.clock.now())
            owner = {"email": calendar, "self": True} if calendar == self.address else {"email": calendar}
            told: Json = {
                "kind": "calendar#event",
                "id": name,
                "status": "confirmed",
                "htmlLink": f"https://calendar.example.com/event?eid={name}",
                "created": before.event.get("created", now) if before else now,
                "updated": now,
                "creator": owner,
                "organizer": owner,
                "iCalUID": f"{str(event.get('recurringEventId', name)).partition('_')[0]}@calendar.example.com",
                "sequence": 0,
                "eventType": "default",
            } | event
            told["id"] = name
            if "attendees" in told:
                told["attendees"] = [self._guest(one) for one in told["attendees"]]
            reach = before.reach if before else EVER
            if "start" in told:
                reach = (min(reach[0], moment(told["start"])), max(reach[1], moment(told["end"])))
            self._keep(shelf, name, told, reach)
            return name

    def _guest(self, guest: Json) -> Json:
        own = {"self": True} if guest.get("email") == self.address else {}
        return {"responseStatus": "needsAction"} | own | guest

    def _keep(self, shelf: Shelf, name: str, told: Json, reach: Span) -> None:
        step = self._next()
        told["etag"] = f'"{crc32(name.encode()):010}{step:06}"'
        before = shelf.entries.get(name)
        series = "recurrence" in told or (before is not None and before.series)
        shelf.entries[name] = Entry(told, before.number if before else self._numbers, step, reach, series)

    def fill(self, calendar: str, events: Iterable[Json]) -> list[str]:
        """Put many events."""
        return [self.put(calendar, event) for event in events]

    def change(self, calendar: str, name: str, **changes: object) -> None:
        """Change fields of an event."""
        with self.lock:
            changes["updated"] = rfc3339(self.clock.now())
            self.put(calendar, self.shelves[calendar].entries[name].event | changes)

    def cancel(self, calendar: str, name: str, only_id: bool = True) -> None:
        """Cancel an event; `only_id` leaves hardly more of it than its id."""
        with self.lock:
            shelf = self.shelves[calendar]
            entry = shelf.entries[name]
            kept = ("kind", "id", "recurringEventId", "originalStartTime") if only_id else tuple(entry.event)
            told = {key: entry.event[key] for key in kept if key in entry.event} | {"status": "cancelled"}
            self._keep(shelf, name, told, entry.reach)

    def drop(self, calendar: str, name: str) -> None:
        """Let an event vanish without a trace, as a cancelled one does after a while."""
        with self.lock:
            del self.shelves[calendar].entries[name]

    def expire_sync(self, calendar: str | None = None) -> None:
        """Let the sync tokens given so far expire: of one calendar, or of all and of the list."""
        with self.lock:
            step = self._next()
            for shelf in self.shelves.values() if calendar is None else [self.shelves[calendar]]:
                shelf.expired = step
            if calendar is None:
                self.list_expired = step
