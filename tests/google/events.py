"""The endpoints of the Calendar API."""

from datetime import datetime
from typing import Any

from tests.google.answers import Json, bad, missing
from tests.google.asking import Ask, Handler, unknown
from tests.google.calendar import ROLES, Calendars, Entry, Shelf, Span
from tests.google.paging import Keyed, paged, place_of, sync_of, sync_token

LACKING = ("q", "privateExtendedProperty", "sharedExtendedProperty", "timeZone")
NO_TOKEN = ("iCalUID", "orderBy", "updatedMin")
NEVER_WITH_SYNC = (*NO_TOKEN, "timeMin", "timeMax", "q", "privateExtendedProperty", "sharedExtendedProperty")
SAME = ("calendarId", "alwaysIncludeEmail", "eventTypes", "maxAttendees", "showHiddenInvitations", "singleEvents")
LIST_SAME = ("showHidden", "showOwnOrganizationOnly")
NEVER = "2020-01-01T00:00:00.000Z"
BUSY = ("kind", "etag", "id", "status", "start", "end", "recurringEventId", "originalStartTime", "iCalUID")


class CalendarApi:
    """Answers by method id."""

    def __init__(self, calendars: Calendars) -> None:
        self.calendars = calendars
        self.handlers: dict[str, Handler] = {
            "calendarList.list": self._list,
            "calendarList.get": self._entry,
            "calendars.get": self._calendar,
            "events.list": self._events,
            "events.get": self._event,
        }

    def answer(self, method: str, ask: Ask) -> Json | None:
        """Return the resource."""
        handler = self.handlers.get(method.removeprefix("calendar."))
        if handler is None:
            raise unknown(method)
        return handler(ask)

    def _shelf(self, ask: Ask) -> Shelf:
        name = str(ask.params["calendarId"])
        shelf = self.calendars.shelves.get(self.calendars.address if name == "primary" else name)
        if shelf is None or shelf.entry["accessRole"] == "none":
            raise missing("Not Found")
        return shelf

    # The list of calendars.

    def _list(self, ask: Ask) -> Json:
        state, params = self.calendars, ask.params
        if "syncToken" in params and "minAccessRole" in params:
            raise bad("Sync token cannot be used with minAccessRole.", "invalid", "minAccessRole")
        bound = ask.bound(*LIST_SAME)
        sync = sync_of(ask, "calendars", bound, state.list_expired)
        bound_page = ask.bound(*LIST_SAME, "minAccessRole", "syncToken")
        place = place_of(ask, "calendars page", bound_page, state.step)
        least = max(1, ROLES.index(params.get("minAccessRole", "none")))
        found: Keyed = [
            ([shelf.changed, name], shelf.entry | {"etag": f'"{shelf.changed}"'})
            for name, shelf in state.shelves.items()
            if ROLES.index(shelf.entry["accessRole"]) >= least
            if params.get("showHidden") or not shelf.entry.get("hidden")
        ]
        if sync is not None or params.get("showDeleted"):
            gone = {"kind": "calendar#calendarListEntry", "deleted": True}
            found += [([step, name], gone | {"id": name}) for name, step in state.gone.items()]
        found = sorted((one for one in found if sync is None or sync.step < one[0][0] <= place.step), key=_key)
        answer = {"kind": "calendar#calendarList", "etag": f'"p{place.step}"'}
        answer |= paged(state, ask, "calendars page", bound_page, place, found, 100)
        if "nextPageToken" not in answer:
            answer["nextSyncToken"] = sync_token(state, "calendars", bound, place.step, [])
        return answer

    def _entry(self, ask: Ask) -> Json:
        return self._shelf(ask).entry

    def _calendar(self, ask: Ask) -> Json:
        entry = self._shelf(ask).entry
        return {"kind": "calendar#calendar", "etag": '"1"'} | {key: entry[key] for key in ("id", "summary", "timeZone")}

    # Events.

    def _events(self, ask: Ask) -> Json:
        shelf, state, params = self._shelf(ask), self.calendars, ask.params
        bound = ask.bound(*SAME)
        sync = sync_of(ask, "events", bound, shelf.expired)
        _refuse(ask)
        bound_page = ask.bound(*SAME, *NEVER_WITH_SYNC, "showDeleted", "syncToken")
        place = place_of(ask, "events page", bound_page, state.step)
        window = sync.kept if sync else [params.get("timeMin"), params.get("timeMax")]
        if sync is None:
            chosen = [one for one in shelf.entries.values() if _listed(one, params) and _inside(one.span(), window)]
        else:
            changed = [one for one in shelf.entries.values() if sync.step < one.changed <= place.step]
            chosen = [one for one in changed if _fits(one, params) and _inside(one.reach, window)]
        role = shelf.entry["accessRole"]
        found = sorted(((_order(one, params), _seen(one.event, role, params)) for one in chosen), key=_key)
        answer = {
            "kind": "calendar#events",
            "etag": f'"p{place.step}"',
            "summary": shelf.entry["summary"],
            "updated": max((one.event["updated"] for one in chosen if "updated" in one.event), default=NEVER),
            "timeZone": shelf.entry["timeZone"],
            "accessRole": role,
            "defaultReminders": [],
        }
        answer |= paged(state, ask, "events page", bound_page, place, found, 250)
        if "nextPageToken" not in answer and not any(name in params for name in NO_TOKEN):
            step = place.step if found or sync is None else sync.step
            answer["nextSyncToken"] = sync_token(state, "events", bound, step, window)
        return answer

    def _event(self, ask: Ask) -> Json:
        shelf = self._shelf(ask)
        entry = shelf.entries.get(str(ask.params["eventId"]))
        if entry is None:
            raise missing("Not Found")
        return _seen(entry.event, shelf.entry["accessRole"], ask.params)


def _key(pair: tuple[Any, Json]) -> Any:
    return pair[0]


def _refuse(ask: Ask) -> None:
    """Refuse what does not go together."""
    params = ask.params
    if "syncToken" in params:
        for name in NEVER_WITH_SYNC:
            if name in params:
                raise bad(f"Sync token cannot be used with {name}.", "invalid", name)
        if params.get("showDeleted") is False:
            raise bad("Sync token cannot be used with showDeleted=false.", "invalid", "showDeleted")
    for name in LACKING:
        if name in params:
            raise unknown(f"The parameter {name}")
    if params.get("orderBy") == "startTime" and not params.get("singleEvents"):
        raise bad("The requested ordering is not available for the particular query.", "invalid", "orderBy")
    early, late = params.get("timeMin"), params.get("timeMax")
    if early and late and datetime.fromisoformat(early) >= datetime.fromisoformat(late):
        raise bad("The specified time range is empty.", "timeRangeEmpty", "timeMax")


def _inside(span: Span, window: list[str | None]) -> bool:
    """Say whether something ends after the window's beginning and begins before its end."""
    early, late = window
    ends = early is None or span[1] > datetime.fromisoformat(early)
    return ends and (late is None or span[0] < datetime.fromisoformat(late))


def _fits(entry: Entry, params: dict[str, Any]) -> bool:
    """Say whether an event is of the kinds asked for."""
    single, kinds = params.get("singleEvents", False), params.get("eventTypes")
    kind = entry.event.get("eventType")
    return not (single and entry.series) and (not kinds or kind is None or kind in kinds)


def _listed(entry: Entry, params: dict[str, Any]) -> bool:
    """Say whether a full listing tells an event."""
    single, deleted = params.get("singleEvents", False), params.get("showDeleted", False)
    exception = "recurringEventId" in entry.event and not single
    if entry.cancelled and not (deleted or exception or "updatedMin" in params):
        return False
    if "iCalUID" in params and entry.event.get("iCalUID") != params["iCalUID"]:
        return False
    late = datetime.fromisoformat(params["updatedMin"]) if "updatedMin" in params else None
    if late is not None and datetime.fromisoformat(entry.event.get("updated", "9999-12-31T00:00:00Z")) < late:
        return False
    return _fits(entry, params)


def _order(entry: Entry, params: dict[str, Any]) -> list[Any]:
    """Return the place of an event in a listing."""
    if "syncToken" in params:
        return [entry.changed]
    if params.get("orderBy") == "startTime":
        return [entry.span()[0].timestamp(), entry.number]
    if params.get("orderBy") == "updated":
        return [entry.event.get("updated", ""), entry.number]
    return [entry.number]


def _seen(event: Json, role: str, params: dict[str, Any]) -> Json:
    """Return what the user may see of an event."""
    hidden = event.get("visibility") in {"private", "confidential"} and role in {"reader", "writerWithoutPrivateAccess"}
    if role == "freeBusyReader" or hidden:
        return {key: event[key] for key in BUSY if key in event} | {"visibility": "private"}
    guests, most = event.get("attendees", []), params.get("maxAttendees")
    if most is not None and len(guests) > most:
        return event | {"attendees": [one for one in guests if one.get("self")], "attendeesOmitted": True}
    return event
