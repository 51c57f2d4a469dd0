"""Reading calendars: the list, a view over a span, events one by one."""

import itertools
from datetime import timedelta
from typing import Final

import orjson

from tests.google.answers import Json, Reply, json
from tests.graph import events, names
from tests.graph.answers import bad, missing, unknown
from tests.graph.asking import Ask
from tests.graph.calendars import Calendar, Calendars
from tests.graph.events import Event

SPAN: Final = timedelta(days=1825)
FIELDS: Final = ("name", "color", "hexColor", "isDefaultCalendar", "changeKey", "canShare", "canViewPrivateItems",
                 "canEdit", "allowedOnlineMeetingProviders", "defaultOnlineMeetingProvider", "isTallyingResponses",
                 "isRemovable", "owner")  # fmt: skip


class AgendaApi:
    """Endpoints that read calendars. `page_limit`: a page holds at most so many events."""

    def __init__(self, calendars: Calendars) -> None:
        self.calendars = calendars
        self.page_limit: int | None = None

    def _calendar(self, ask: Ask) -> Calendar:
        try:
            return self.calendars.calendar(ask.named.get("calendar", ""))
        except KeyError:
            raise missing() from None

    def _tell_calendar(self, ask: Ask, one: Calendar) -> Json:
        select = ask.select({"id", *FIELDS}, "calendar")
        values: Json = {
            "id": one.id,
            "name": one.name,
            "color": "auto",
            "hexColor": "",
            "isDefaultCalendar": one.default,
            "changeKey": names.change_key(one.number),
            "canShare": one.can_edit,
            "canViewPrivateItems": one.can_edit,
            "canEdit": one.can_edit,
            "allowedOnlineMeetingProviders": ["teamsForBusiness"],
            "defaultOnlineMeetingProvider": "teamsForBusiness",
            "isTallyingResponses": one.default,
            "isRemovable": not one.default,
            "owner": {"name": one.owner[0], "address": one.owner[1]},
        }
        return {name: values[name] for name in dict.fromkeys(("id", *select))} if select else values

    def list_calendars(self, ask: Ask) -> Reply:
        skip, size, several = ask.number("$skip", 0, 0, 10**9), ask.size(), self.calendars.calendars
        told: Json = {"value": [self._tell_calendar(ask, one) for one in several[skip : skip + size]]}
        if skip + size < len(several):
            told["@odata.nextLink"] = ask.next_link(skip=str(skip + size))
        return json(told)

    def get_calendar(self, ask: Ask) -> Reply:
        return json(self._tell_calendar(ask, self._calendar(ask)))

    def view(self, ask: Ask) -> Reply:
        calendar = self._calendar(ask)
        if "startDateTime" not in ask.params or "endDateTime" not in ask.params:
            text = "This request requires a time window specified by the query string parameters"
            raise bad(f"{text} StartDateTime and EndDateTime.", "ErrorInvalidParameter")
        start, end = events.moment(ask.params["startDateTime"]), events.moment(ask.params["endDateTime"])
        if end < start:
            raise bad("The end of the time window is before its start.", "ErrorInvalidParameter")
        if end - start > SPAN:
            text = "The range between the start and end dates is greater than the allowed range."
            raise bad(f"Your request can't be completed. {text} Maximum number of days: 1825", "ErrorInvalidRequest")
        order = ask.params.get("$orderby", "start/dateTime")
        return self._page(ask, self.calendars.view(calendar, start, end), order)

    def list_events(self, ask: Ask) -> Reply:
        calendar = self._calendar(ask)
        several = [one for one in self.calendars.events.values() if one.calendar == calendar.number]
        return self._page(ask, several, ask.params.get("$orderby"))

    def get_event(self, ask: Ask) -> Reply:
        serial = names.serial_of(ask.named["event"])
        every = itertools.chain(self.calendars.events.values(), *self.calendars.series.values())
        for one in every:
            if one.serial == serial and ask.named["event"] in {one.id(immutable=True), one.id(immutable=False)}:
                return json(self._tell(ask, [one])[0])
        raise missing()

    def _tell(self, ask: Ask, several: list[Event]) -> list[Json]:
        select = ask.select(events.KNOWN, "event")
        where = ask.prefer.take("outlook.timezone") or "UTC"
        events.zone(where)
        basic = ask.scopes.isdisjoint({"Calendars.Read", "Calendars.ReadWrite"})
        immutable = ask.immutable
        return [events.tell(one, select, immutable=immutable, where=where, basic=basic) for one in several]

    def _page(self, ask: Ask, several: list[Event], order: str | None) -> Reply:
        if order is not None:
            name, _, direction = order.strip().partition(" ")
            if name != "start/dateTime" or direction not in {"", "asc", "desc"}:
                raise unknown(f"'{order}' in $orderby")
            several = sorted(several, key=lambda one: (one.start, one.serial), reverse=direction == "desc")
        skip, size = ask.number("$skip", 0, 0, 10**9), ask.size()
        size = min(size, self.page_limit or size)
        told: Json = {"value": self._tell(ask, several[skip : skip + size])}
        if skip + size < len(several):
            told["@odata.nextLink"] = ask.next_link(skip=str(skip + size))
        return Reply(200, orjson.dumps(told))
