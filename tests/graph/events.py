"""One event of a calendar, and how it is told."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from tests.google.answers import Json
from tests.graph import names
from tests.graph.answers import bad
from tests.graph.messages import Person

Response = Literal["none", "organizer", "accepted", "tentativelyAccepted", "declined", "notResponded"]
Kind = Literal["singleInstance", "occurrence", "exception", "seriesMaster"]
NEVER: Final = "0001-01-01T00:00:00Z"
WINDOWS: Final = {
    "UTC": "UTC",
    "GMT Standard Time": "Europe/London",
    "W. Europe Standard Time": "Europe/Berlin",
    "Eastern Standard Time": "America/New_York",
    "Pacific Standard Time": "America/Los_Angeles",
    "Tokyo Standard Time": "Asia/Tokyo",
}
GLOBAL_ID: Final = "040000008200E00074C5B7101A82E008"


@dataclass(frozen=True, slots=True)
class Event:
    """An event: a single one, a series (`kind` "seriesMaster"), or what a series is expanded into.

    `attendees` are told with their answers: who, "required", "optional" or "resource", and the answer as it really is.
    `response` is the user's own answer, "organizer" if they are that. `original` is when an occurrence was to begin.
    `uid`: the UID of one that came from elsewhere; else there is Exchange's GlobalObjectId.
    """

    serial: int
    calendar: int
    subject: str
    start: datetime
    end: datetime
    organizer: Person
    attendees: tuple[tuple[Person, str, Response], ...] = ()
    response: Response = "organizer"
    all_day: bool = False
    show_as: str = "busy"
    cancelled: bool = False
    online: bool = False
    sensitivity: str = "normal"
    uid: str = ""
    kind: Kind = "singleInstance"
    master: int | None = None
    original: datetime | None = None
    version: int = 0

    def id(self, *, immutable: bool) -> str:
        if immutable:
            return names.immutable(self.serial)
        return names.ordinary(self.calendar, self.serial, 0)

    @property
    def i_cal_uid(self) -> str:
        """Return the UID: in a GlobalObjectId bytes 16 to 19 are the day of an occurrence, all zeros of a series."""
        serial = self.serial if self.master is None else self.master
        if self.uid:
            return self.uid
        day = (
            f"{self.original.year:04X}{self.original.month:02X}{self.original.day:02X}" if self.original else "00000000"
        )
        return f"{GLOBAL_ID}{day}F06B5C7B2A00D901{'0' * 16}10000000{serial:032X}"


FIELDS: Final = (
    "createdDateTime", "lastModifiedDateTime", "changeKey", "categories", "transactionId", "originalStartTimeZone",
    "originalEndTimeZone", "iCalUId", "reminderMinutesBeforeStart", "isReminderOn", "hasAttachments", "subject",
    "bodyPreview", "importance", "sensitivity", "isAllDay", "isCancelled", "isOrganizer", "responseRequested",
    "seriesMasterId", "showAs", "type", "webLink", "onlineMeetingUrl", "isOnlineMeeting", "onlineMeetingProvider",
    "allowNewTimeProposals", "hideAttendees", "isDraft", "responseStatus", "body", "start", "end", "location",
    "locations", "recurrence", "attendees", "organizer", "onlineMeeting",
)  # fmt: skip
KNOWN: Final = frozenset({"id", "originalStart", *FIELDS})
OF_BODY: Final = frozenset({"body", "bodyPreview"})


def zone(name: str) -> ZoneInfo:
    """Return the time zone of a preference; one Exchange does not know is refused."""
    try:
        return ZoneInfo(WINDOWS.get(name, name))
    except (ZoneInfoNotFoundError, ValueError):
        raise bad(f"The TimeZone value '{name}' is not supported.", "TimeZoneNotSupportedException") from None


def moment(text: str) -> datetime:
    """Return the moment of startDateTime: without an offset it is UTC."""
    match = re.fullmatch(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,7})?)?(?:Z|[+-]\d\d:\d\d)?)?", text)
    try:
        found = datetime.fromisoformat(re.sub(r"(\.\d{6})\d", r"\1", text))
    except ValueError:
        match = None
    if match is None:
        raise bad(f"The value '{text}' is not a valid DateTimeOffset.", "ErrorInvalidParameter")
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def _at(when: datetime, where: str, *, floating: bool) -> Json:
    shown = when if floating else when.astimezone(zone(where))
    return {"dateTime": shown.replace(tzinfo=None).isoformat(timespec="microseconds") + "0", "timeZone": where}


def _person(who: Person) -> Json:
    return {"emailAddress": {"name": who[0], "address": who[1]}}


def _attendee(event: Event, who: Person, kind: str, response: Response) -> Json:
    mine = event.response == "organizer"
    known = response if mine else "none"
    time = event.start - timedelta(days=1)
    when = NEVER if known in {"none", "notResponded"} else time.replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    return {"type": kind, "status": {"response": known, "time": when}} | _person(who)


def tell(event: Event, select: tuple[str, ...] | None, *, immutable: bool, where: str, basic: bool) -> Json:
    """Return an event with the properties selected (None: the usual ones), in the time zone `where`."""
    told: Json = {"@odata.etag": names.etag(event.version), "id": event.id(immutable=immutable)}
    for name in FIELDS if select is None else select:
        if name != "id" and not (basic and name in OF_BODY):
            told[name] = _value(event, name, where, immutable=immutable)
    if event.original is None:
        told.pop("originalStart", None)
    elif select is None:
        told["originalStart"] = _value(event, "originalStart", where, immutable=immutable)
    return told


def _value(event: Event, name: str, where: str, *, immutable: bool) -> Any:
    stamp = (event.start - timedelta(days=7)).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"
    if name == "seriesMasterId":
        if event.master is None:
            return None
        return names.immutable(event.master) if immutable else names.ordinary(event.calendar, event.master, 0)
    if name == "originalStart":
        return event.original.replace(tzinfo=None).isoformat(timespec="seconds") + "Z" if event.original else None
    if name in {"start", "end"}:
        return _at(event.start if name == "start" else event.end, where, floating=event.all_day)
    answered = event.response not in {"none", "organizer", "notResponded"}
    values: Json = {
        "createdDateTime": stamp,
        "lastModifiedDateTime": stamp,
        "changeKey": names.change_key(event.version),
        "categories": [],
        "originalStartTimeZone": "UTC",
        "originalEndTimeZone": "UTC",
        "iCalUId": event.i_cal_uid,
        "reminderMinutesBeforeStart": 15,
        "isReminderOn": True,
        "hasAttachments": False,
        "subject": event.subject,
        "bodyPreview": "",
        "importance": "normal",
        "sensitivity": event.sensitivity,
        "isAllDay": event.all_day,
        "isCancelled": event.cancelled,
        "isOrganizer": event.response == "organizer",
        "responseRequested": True,
        "showAs": event.show_as,
        "type": event.kind,
        "webLink": f"https://outlook.office365.com/owa/?itemid={event.serial}&exvsurl=1&path=/calendar/item",
        "isOnlineMeeting": event.online,
        "onlineMeetingProvider": "teamsForBusiness" if event.online else "unknown",
        "allowNewTimeProposals": True,
        "hideAttendees": False,
        "isDraft": False,
        "responseStatus": {"response": event.response, "time": stamp if answered else NEVER},
        "body": {"contentType": "html", "content": ""},
        "location": {"displayName": "", "locationType": "default", "uniqueIdType": "unknown", "address": {}},
        "locations": [],
        "attendees": [_attendee(event, *one) for one in event.attendees],
        "organizer": _person(event.organizer),
        "onlineMeeting": {"joinUrl": "https://teams.example.com/l/meetup-join/19"} if event.online else None,
        "recurrence": {"pattern": {}, "range": {}} if event.kind == "seriesMaster" else None,
    }
    return values.get(name)
